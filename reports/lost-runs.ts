import type { EpochMs } from '../lib/time.ts';
import type { Segment, SegmentStore } from './segments.ts';

export type LostState = 'down' | 'unreachable';

/** A stretch of a device's time as part of an outage, or what follows at once upon one. */
export interface RunPart {
  readonly segment: Segment;
  /** The outage up to the very start of the stretch; null: there was none. */
  readonly before: Lost | null;
  /** The outage with the stretch in it; null: it is over, or there is none. */
  readonly after: Lost | null;
}

export interface Lost {
  readonly state: LostState;
  /** Since when it is in that state. */
  readonly stateSince: EpochMs;
  /** Since when it was lost, in whichever state. */
  readonly since: EpochMs;
  /** Planned work began in it, through which it went on. */
  readonly hasMaintenance: boolean;
  readonly to: EpochMs;
}

/**
 * What a device was in up to `to`, but for `up`, with the outage that each stretch is part of. One that
 * nobody saw, as while a service was stopped to change its configuration, does not end an outage, and
 * planned work does when the device answers in it.
 */
export function* lostRuns(
  deviceId: string,
  segments: SegmentStore,
  to: EpochMs,
): Generator<RunPart> {
  let lost: Lost | null = null;
  for (const segment of segments.notUp(deviceId, segments.from, to)) {
    const before: Lost | null = lost?.to === segment.from ? lost : null;
    lost = lostAfter(before, segment, segments.answerIn(deviceId, segment.from, segment.to));
    yield { segment, before, after: lost };
  }
}

function lostAfter(
  before: Lost | null,
  { state, from, to }: Segment,
  answerAt: EpochMs | null,
): Lost | null {
  if (state === 'down' || state === 'unreachable') {
    const stateSince = before?.state === state ? before.stateSince : from;
    const { since = from, hasMaintenance = false } = before ?? {};
    return { state, stateSince, since, hasMaintenance, to };
  }
  if (before === null) return null;
  if (state === 'maintenance') return { ...before, hasMaintenance: true, to: answerAt ?? to };
  return state === 'unknown' ? { ...before, to } : null;
}

/** What is told of an outage only where there is something to tell. */
export interface LostDetails {
  /** Since when it was in its state, where it did not answer since before. */
  readonly stateSince?: EpochMs;
  /** Part of the outage was in planned work, which is in no figure. */
  readonly hasMaintenance?: true;
}

/** What there is to tell of an outage beside its state and beginning. */
export function lostDetails({ since, stateSince, hasMaintenance }: Lost): LostDetails {
  return {
    ...(stateSince === since ? {} : { stateSince }),
    ...(hasMaintenance ? { hasMaintenance } : {}),
  };
}
