import type { EpochMs } from '../lib/time.ts';
import { noDurations, nothingProven, type ProvenRun, type StateDurations } from './availability.ts';
import { LEDGER_STATES, type LedgerState } from './ledger.ts';

/** One stretch of a device's time, `[from, to)`. */
export interface Segment {
  readonly state: LedgerState;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

type UnseenState = 'unknown' | 'unreachable';
type ProvenSegment = Segment & { readonly state: UnseenState };

/** Numbers per stretch in a device's column: state, from, to. */
const FIELDS = 3;
const UP = LEDGER_STATES.indexOf('up');

/**
 * The time of all devices in a stretch `[from, to)`: everything that is not `up`, from which any
 * part of it can be counted again, whatever the period. Kept as bare numbers, 24 octets a stretch: a
 * year of a large network has half a million.
 */
export class SegmentStore {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly #columns = new Map<string, number[]>();
  readonly #proven = new Map<string, number[]>();
  readonly #answers = new Map<string, number[]>();

  constructor(from: EpochMs, to: EpochMs) {
    this.from = from;
    this.to = to;
  }

  /** Takes the part of an interval that lies inside. A device's intervals come in order and without holes. */
  add(deviceId: string, state: LedgerState, from: EpochMs, to: EpochMs): void {
    this.#put(this.#columns, deviceId, LEDGER_STATES.indexOf(state), from, to);
  }

  /** Takes unseen time in which the device is proven to have run. */
  addProven(deviceId: string, state: UnseenState, from: EpochMs, to: EpochMs): void {
    this.#put(this.#proven, deviceId, LEDGER_STATES.indexOf(state), from, to);
  }

  /** A device answered again at `at`: in planned work that is in no interval. A device's come in order. */
  addAnswer(deviceId: string, at: EpochMs): void {
    if (at < this.from || at >= this.to) return;
    const own = this.#answers.get(deviceId);
    if (own === undefined) this.#answers.set(deviceId, [at]);
    else own.push(at);
  }

  /** When it first answered again in `[from, to)`; null: it did not. */
  answerIn(deviceId: string, from: EpochMs, to: EpochMs): EpochMs | null {
    return this.#answers.get(deviceId)?.find((at) => at >= from && at < to) ?? null;
  }

  /** Makes `[from, to)` of a device time out of service, whatever it was. */
  mask(deviceId: string, from: EpochMs, to: EpochMs): void {
    const code = LEDGER_STATES.indexOf('out-of-service');
    for (const columns of [this.#columns, this.#proven]) {
      const column = columns.get(deviceId);
      if (column === undefined) continue;
      const kept = cutOut(column, from, to);
      if (columns === this.#columns) kept.push([code, from, to]);
      kept.sort((a, b) => a[1]! - b[1]!);
      columns.set(deviceId, kept.flat());
    }
  }

  has(deviceId: string): boolean {
    return this.#columns.has(deviceId);
  }

  /** Whatever was not `up` in `[from, to)`, clipped to it, in order. */
  notUp(deviceId: string, from: EpochMs, to: EpochMs): Generator<Segment> {
    return spansIn(this.#columns.get(deviceId), from, to);
  }

  /** Unseen time in `[from, to)` in which it is proven to have run, clipped to it. */
  provenSpans(deviceId: string, from: EpochMs, to: EpochMs): Iterable<ProvenSegment> {
    // Nothing else is put there.
    return spansIn(this.#proven.get(deviceId), from, to) as Iterable<ProvenSegment>;
  }

  /** Time per state of a device in `[from, to)`. */
  durations(deviceId: string, from: EpochMs, to: EpochMs): StateDurations {
    const durations = noDurations();
    durations.up = to - from;
    sum(this.#columns.get(deviceId), from, to, (state, ms) => {
      durations[state] += ms;
      durations.up -= ms;
    });
    return durations;
  }

  /** Unseen time of a device in `[from, to)` in which it is proven to have run. */
  proven(deviceId: string, from: EpochMs, to: EpochMs): ProvenRun {
    const proven = nothingProven();
    sum(this.#proven.get(deviceId), from, to, (state, ms) => {
      proven[state as UnseenState] += ms;
    });
    return proven;
  }

  #put(columns: Map<string, number[]>, deviceId: string, code: number, from: EpochMs, to: EpochMs) {
    const start = Math.max(from, this.from);
    const end = Math.min(to, this.to);
    if (end <= start) return;
    let column = columns.get(deviceId);
    if (column === undefined) {
      column = [];
      columns.set(deviceId, column);
    }
    if (code === UP) return;
    const last = column.length - FIELDS;
    if (last >= 0 && column[last] === code && column[last + 2] === start) column[last + 2] = end;
    else column.push(code, start, end);
  }
}

function* spansIn(column: readonly number[] = [], from: EpochMs, to: EpochMs): Generator<Segment> {
  for (let index = 0; index < column.length; index += FIELDS) {
    const start = Math.max(from, column[index + 1]!);
    const end = Math.min(to, column[index + 2]!);
    if (end > start) yield { state: LEDGER_STATES[column[index]!]!, from: start, to: end };
  }
}

/** What a column has outside `[from, to)`. */
function cutOut(column: readonly number[], from: EpochMs, to: EpochMs): number[][] {
  const kept: number[][] = [];
  for (let index = 0; index < column.length; index += FIELDS) {
    const [code, start, end] = column.slice(index, index + FIELDS) as [number, number, number];
    if (start < from) kept.push([code, start, Math.min(end, from)]);
    if (end > to) kept.push([code, Math.max(start, to), end]);
  }
  return kept;
}

function sum(
  column: readonly number[] = [],
  from: EpochMs,
  to: EpochMs,
  add: (state: LedgerState, ms: number) => void,
): void {
  for (let index = 0; index < column.length; index += FIELDS) {
    const ms = Math.min(to, column[index + 2]!) - Math.max(from, column[index + 1]!);
    if (ms > 0) add(LEDGER_STATES[column[index]!]!, ms);
  }
}
