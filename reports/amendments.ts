import type { EpochMs } from '../lib/time.ts';
import type { IntervalSink, LedgerState, RanSink } from './ledger.ts';
import type { Period } from './period.ts';

/**
 * A correction of what the ledger says: these devices' time in `[from, to)` is booked as `state`. It
 * never replaces an observation; it stands beside it, numbered, with the person and the reason.
 */
export interface Amendment {
  /** From 1, in the order in which they were made. */
  readonly number: number;
  readonly at: EpochMs;
  readonly by: string;
  readonly reason: string;
  readonly deviceIds: readonly string[];
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly state: LedgerState;
}

/** Whether an amendment corrects any time of a period. */
export function touches(amendment: Amendment, { from, to }: Pick<Period, 'from' | 'to'>): boolean {
  return amendment.from < to && amendment.to > from;
}

/** Amendments by device, the latest first: where several cover an instant, the latest counts. */
export type AmendmentsByDevice = ReadonlyMap<string, readonly Amendment[]>;

/** Sorts amendments out by the devices they name. */
export function amendmentsByDevice(amendments: readonly Amendment[]): AmendmentsByDevice {
  const found = new Map<string, Amendment[]>();
  for (const amendment of amendments.toSorted((a, b) => b.number - a.number)) {
    for (const deviceId of amendment.deviceIds) {
      const own = found.get(deviceId);
      if (own === undefined) found.set(deviceId, [amendment]);
      else own.push(amendment);
    }
  }
  return found;
}

/** A sink that hands on every interval as amended, in order. */
export function amendedSink(byDevice: AmendmentsByDevice, sink: IntervalSink): IntervalSink {
  if (byDevice.size === 0) return sink;
  return (deviceId, state, from, to) => {
    const own = byDevice.get(deviceId);
    if (own === undefined) sink(deviceId, state, from, to);
    else
      for (const part of cut(own, from, to)) {
        sink(deviceId, part.amendment?.state ?? state, part.from, part.to);
      }
  };
}

/** A proof that a device ran says nothing about time that a person has judged. */
export function amendedRanSink(byDevice: AmendmentsByDevice, sink: RanSink): RanSink {
  if (byDevice.size === 0) return sink;
  return (deviceId, state, from, to) => {
    for (const part of cut(byDevice.get(deviceId) ?? [], from, to)) {
      if (part.amendment === null) sink(deviceId, state, part.from, part.to);
    }
  };
}

interface Part {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly amendment: Amendment | null;
}

function cut(amendments: readonly Amendment[], from: EpochMs, to: EpochMs): Part[] {
  const edges = [from, to];
  for (const amendment of amendments) {
    for (const edge of [amendment.from, amendment.to]) {
      if (edge > from && edge < to) edges.push(edge);
    }
  }
  edges.sort((a, b) => a - b);
  const parts: Part[] = [];
  for (let index = 1; index < edges.length; index += 1) {
    const [start, end] = [edges[index - 1]!, edges[index]!];
    if (start === end) continue;
    const amendment = amendments.find((each) => each.from <= start && each.to >= end) ?? null;
    parts.push({ from: start, to: end, amendment });
  }
  return parts;
}

/** `amendment 2`, `amendments 1, 3`: for a line of a terminal. */
export function sayAmendments(numbers: readonly number[]): string {
  return `${numbers.length === 1 ? 'amendment' : 'amendments'} ${numbers.join(', ')}`;
}
