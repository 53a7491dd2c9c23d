import type { Observation } from '../../collector/observation.ts';

/** Full polls after which a device is known: the first walks it, the second goes along what was learned. */
const POLLS_TO_LEARN = 2;
/** Heartbeats after which a device that never answered is known to be silent. */
const HEARTBEATS_TO_BE_SILENT = 3;

/** Tells when a network has got over its start: no device is to be learned any more. */
export class StartUp {
  readonly #learned = new Map<string, number>();
  readonly #silent = new Map<string, number>();
  #left: number;

  constructor(devices: number) {
    this.#left = devices;
  }

  /** Devices that are neither learned nor known to be silent. */
  get left(): number {
    return this.#left;
  }

  note({ deviceId, kind, outcome }: Observation): void {
    if (kind === 'full' && outcome === 'ok') this.#count(this.#learned, deviceId, POLLS_TO_LEARN);
    if (outcome !== 'ok') this.#count(this.#silent, deviceId, HEARTBEATS_TO_BE_SILENT);
  }

  #count(counts: Map<string, number>, deviceId: string, needed: number): void {
    if (this.#left === 0) return;
    const count = (counts.get(deviceId) ?? 0) + 1;
    counts.set(deviceId, count);
    const other = counts === this.#learned ? this.#silent : this.#learned;
    const otherNeeded = other === this.#silent ? HEARTBEATS_TO_BE_SILENT : POLLS_TO_LEARN;
    if (count === needed && (other.get(deviceId) ?? 0) < otherNeeded) this.#left -= 1;
  }
}
