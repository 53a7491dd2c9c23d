import { countPortSeries, mostSeriesOfPort, type PolledPorts } from './port-metrics.ts';

/** Series of one device; one that has more is cut, so that it cannot fill the memory of everything behind. */
export const SERIES_CAP = 50_000;

/**
 * How many more series a device may have in one poll: its ports and everything else together. `keptCount`
 * is always how many there are that are no port's.
 */
export class SeriesRoom {
  #ports: PolledPorts | null = null;
  /** No less than the series of its ports; exact once it matters. */
  #ofPorts = 0;
  #isExact = true;
  #leftOutCount = 0;
  readonly #cap: number;

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** Series that the device has beyond those that it may have. */
  get leftOutCount(): number {
    return this.#leftOutCount;
  }

  /** Takes the room of as many of the ports as there is room for, whole ports from the first on, and says how many. */
  takePorts(ports: PolledPorts, keptCount: number): number {
    const { shownRows: rows } = ports;
    const room = this.#cap - keptCount;
    const most = rows * mostSeriesOfPort(ports.known);
    this.#ports = ports;
    this.#ofPorts = most;
    this.#isExact = false;
    if (most <= room) return rows;
    this.#isExact = true;
    this.#ofPorts = 0;
    for (let row = 0; row < rows; row += 1) {
      const count = countPortSeries(ports, row, row + 1);
      if (this.#ofPorts + count > room) {
        this.#leftOutCount += countPortSeries(ports, row, rows);
        return row;
      }
      this.#ofPorts += count;
    }
    return rows;
  }

  /** Whether there is room for one more that is no port's; where there is none, it counts as left out. */
  hasRoom(keptCount: number): boolean {
    if (keptCount + this.#ofPorts < this.#cap) return true;
    this.#countPorts();
    if (keptCount + this.#ofPorts < this.#cap) return true;
    this.#leftOutCount += 1;
    return false;
  }

  #countPorts(): void {
    if (this.#isExact || this.#ports === null) return;
    this.#ofPorts = countPortSeries(this.#ports, 0, this.#ports.shownRows);
    this.#isExact = true;
  }
}
