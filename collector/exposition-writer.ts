import { escapeLabelValue, renderValue } from '../lib/metric-def.ts';
import type { DeviceExposition } from './device-exposition.ts';
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
const LINE_FEED = 0x0a;
const DIGIT_0 = 0x30;
const MINUS = 0x2d;
const END_OF_LABELS = Buffer.from('} ');
/** The longest number: a double or a 64-bit integer. */
const LONGEST_NUMBER = 32;
const TEN_TO_9 = 1_000_000_000;
/** Integers below are written digit by digit; above, and fractions, as JavaScript writes them. */
const LARGEST_PLAIN = Number.MAX_SAFE_INTEGER;

/**
 * Writes the lines of one device after the other into octets that grow, metric after metric in the
 * order of DEVICE_METRICS, each line from behind its base labels. One at a time: all share one memory.
 */
export class ExpositionWriter {
  #octets = Buffer.allocUnsafe(FIRST_CAPACITY);
  #at = 0;
  #starts = new Uint32Array(DEVICE_METRICS.length + 1);
  #place = 0;
  seriesCount = 0;

  /** Begins another device. */
  begin(): void {
    this.#at = 0;
    this.#place = 0;
    this.#starts = new Uint32Array(DEVICE_METRICS.length + 1);
    this.seriesCount = 0;
  }

  /** The lines that follow are of that metric; places only rise. */
  beginMetric(place: number): void {
    while (this.#place < place) {
      this.#place += 1;
      this.#starts[this.#place] = this.#at;
    }
  }

  /** A line whose labels are `octets[from, to)`, without the brace behind them. */
  line(octets: Uint8Array, from: number, to: number, value: number): void {
    this.#makeRoom(to - from + LONGEST_NUMBER);
    this.#put(octets, from, to);
    this.#put(END_OF_LABELS, 0, END_OF_LABELS.length);
    this.#number(value);
    this.#octets[this.#at++] = LINE_FEED;
    this.seriesCount += 1;
  }

  /** A line with one more label behind the first ones. */
  labelledLine(
    octets: Uint8Array,
    from: number,
    to: number,
    more: Uint8Array,
    value: number,
  ): void {
    this.#makeRoom(to - from + more.length + LONGEST_NUMBER);
    this.#put(octets, from, to);
    this.#put(more, 0, more.length);
    this.#put(END_OF_LABELS, 0, END_OF_LABELS.length);
    this.#number(value);
    this.#octets[this.#at++] = LINE_FEED;
    this.seriesCount += 1;
  }

  /** A line as text, from behind the base labels to its line feed. */
  text(line: string): void {
    this.#makeRoom(3 * line.length);
    this.#at += this.#octets.write(line, this.#at);
    this.seriesCount += 1;
  }

  /** What was written. */
  end(baseLabels: string): DeviceExposition {
    this.beginMetric(DEVICE_METRICS.length);
    const octets = new Uint8Array(this.#at);
    octets.set(this.#octets.subarray(0, this.#at));
    return { baseLabels, octets, starts: this.#starts, seriesCount: this.seriesCount };
  }

  #makeRoom(count: number): void {
    const needed = this.#at + count + END_OF_LABELS.length + 1;
    if (needed <= this.#octets.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#octets.length * 2));
    larger.set(this.#octets.subarray(0, this.#at));
    this.#octets = larger;
  }

  /** Labels are short: a loop is sooner done than a call. */
  #put(octets: Uint8Array, from: number, to: number): void {
    const target = this.#octets;
    let at = this.#at;
    for (let source = from; source < to; source += 1) target[at++] = octets[source]!;
    this.#at = at;
  }

  #number(value: number): void {
    if (!Number.isInteger(value) || value > LARGEST_PLAIN || value < -LARGEST_PLAIN) {
      this.#at += this.#octets.write(renderValue(value), this.#at, 'latin1');
      return;
    }
    let rest = value;
    if (rest < 0) {
      this.#octets[this.#at++] = MINUS;
      rest = -rest;
    }
    if (rest < TEN_TO_9) {
      this.#digits(rest, digitsOf(rest));
      return;
    }
    const high = Math.floor(rest / TEN_TO_9);
    this.#digits(high, digitsOf(high));
    this.#digits(rest - high * TEN_TO_9, 9);
  }

  #digits(number: number, count: number): void {
    const target = this.#octets;
    let rest = number;
    if (rest >= TEN_TO_9) {
      const high = Math.floor(rest / TEN_TO_9);
      this.#digits(high, count - 9);
      rest -= high * TEN_TO_9;
      this.#digits(rest, 9);
      return;
    }
    for (let at = this.#at + count - 1; at >= this.#at; at -= 1) {
      const tenth = (rest / 10) | 0;
      target[at] = DIGIT_0 + rest - tenth * 10;
      rest = tenth;
    }
    this.#at += count;
  }
}

function digitsOf(number: number): number {
  let count = 1;
  for (let limit = 10; number >= limit; limit *= 10) count += 1;
  return count;
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
