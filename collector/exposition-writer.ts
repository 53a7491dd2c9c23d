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
const BRACE = 0x7d;
const SPACE = 0x20;
/** The longest number, with what stands around it in a line. */
const LONGEST_NUMBER = 32;
const TEN_TO_9 = 1_000_000_000;
const DIGITS_OF_9 = 9;

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

  /**
   * A line for each of the first `count` values that is a number, NaN being none. The labels of value
   * i are those of `rows`, and `more` behind them.
   */
  lines(
    rows: RowLabels,
    isLong: boolean,
    more: Uint8Array,
    values: Float64Array,
    count: number,
  ): void {
    const { labels, ends } = rows;
    const longest = labels.length + count * (more.length + LONGEST_NUMBER);
    this.#makeRoom(longest);
    const octets = this.#octets;
    let at = this.#at;
    for (let row = 0; row < count; row += 1) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      const to = ends[row * 2 + (isLong ? 1 : 0)]!;
      // Labels are short: a loop is sooner done than a call.
      for (let from = row === 0 ? 0 : ends[row * 2 - 1]!; from < to; from += 1) {
        octets[at++] = labels[from]!;
      }
      for (let from = 0; from < more.length; from += 1) octets[at++] = more[from]!;
      octets[at++] = BRACE;
      octets[at++] = SPACE;
      at = isPlain(value)
        ? putInteger(octets, at, value)
        : at + octets.write(renderValue(value), at);
      octets[at++] = LINE_FEED;
      this.seriesCount += 1;
    }
    this.#at = at;
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
    const needed = this.#at + count;
    if (needed <= this.#octets.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#octets.length * 2));
    larger.set(this.#octets.subarray(0, this.#at));
    this.#octets = larger;
  }
}

/** Labels of many rows, one after the other. */
export interface RowLabels {
  readonly labels: Uint8Array;
  /** Where those of row i end: at 2i the usual ones, at 2i + 1 with what belongs only to long lines. */
  readonly ends: Uint32Array;
}

/** Integers that are written digit by digit; all other numbers as JavaScript writes them. */
function isPlain(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

/** Puts a natural number below 2^53 into `octets`; gives the place behind it. */
function putInteger(octets: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    octets[at] = DIGIT_0 + value;
    return at + 1;
  }
  if (value < TEN_TO_9) return putDigits(octets, at, value, digitsOf(value));
  const high = Math.floor(value / TEN_TO_9);
  return putDigits(octets, putInteger(octets, at, high), value - high * TEN_TO_9, DIGITS_OF_9);
}

function putDigits(octets: Uint8Array, at: number, value: number, count: number): number {
  let rest = value | 0;
  for (let place = at + count - 1; place >= at; place -= 1) {
    const tenth = (rest / 10) | 0;
    octets[place] = DIGIT_0 + rest - tenth * 10;
    rest = tenth;
  }
  return at + count;
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
