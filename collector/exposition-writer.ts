import { escapeLabelValue, renderValue } from '../lib/metric-def.ts';
import type { DeviceExposition, PortNumbers } from './device-exposition.ts';
import { BASE_LABELS, DEVICE_METRICS } from './metrics.ts';
import type { Sample } from './sample.ts';

const METRIC_PLACES: ReadonlyMap<string, number> = new Map(
  DEVICE_METRICS.map(({ name }, place) => [name, place]),
);

/** Number of a metric in DEVICE_METRICS. */
export function metricPlace(name: string): number {
  return METRIC_PLACES.get(name)!;
}

const FIRST_CAPACITY = 64 * 1024;
const MOST_OCTETS_OF_CHARACTER = 3;

/**
 * Writes the lines of one device after the other into octets that grow, metric after metric in the
 * order of DEVICE_METRICS, each line from behind its base labels. One at a time: all share one memory.
 */
export class ExpositionWriter {
  #octets = Buffer.allocUnsafe(FIRST_CAPACITY);
  #at = 0;
  #marks: number[] = [];
  #seriesCount = 0;

  /** Begins another device. */
  begin(): void {
    this.#at = 0;
    this.#marks = [];
    this.#seriesCount = 0;
  }

  /** A line as text, from behind the base labels to its line feed; metrics by their places, rising. */
  text(place: number, line: string): void {
    this.#makeRoom(MOST_OCTETS_OF_CHARACTER * line.length);
    this.#at += this.#octets.write(line, this.#at);
    this.#seriesCount += 1;
    if (this.#marks.at(-2) === place) this.#marks[this.#marks.length - 1] = this.#at;
    else this.#marks.push(place, this.#at);
  }

  /** What was written, with these numbers of ports. */
  end(baseLabels: string, ports: PortNumbers | null): DeviceExposition {
    const octets = new Uint8Array(this.#at);
    octets.set(this.#octets.subarray(0, this.#at));
    const seriesCount = this.#seriesCount + (ports?.count ?? 0);
    return { baseLabels, octets, marks: this.#marks.slice(), ports, seriesCount };
  }

  #makeRoom(count: number): void {
    const needed = this.#at + count;
    if (needed <= this.#octets.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#octets.length * 2));
    larger.set(this.#octets.subarray(0, this.#at));
    this.#octets = larger;
  }
}

/** Labels beyond the base ones as they stand in a line: `,if_name="Gi0/1"`. */
export function labelsText(names: readonly string[], values: readonly string[]): string {
  let text = '';
  names.forEach((name, place) => {
    text += `,${name}="${escapeLabelValue(values[place] ?? '')}"`;
  });
  return text;
}

/** The line of a sample, from behind its base labels to its line feed. */
export function sampleLine({ metric, labels, value }: Sample): string {
  const own = labelsText(metric.labels.slice(BASE_LABELS.length), labels);
  return `${own}} ${typeof value === 'bigint' ? value.toString() : renderValue(value)}\n`;
}
