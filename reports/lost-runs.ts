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
  readonly since: EpochMs;
  readonly to: EpochMs;
}

/**
 * What a device was in up to `to`, but for `up`, with the outage that each stretch is part of. One that
 * nobody saw, as while a service was stopped to change its configuration, does not end an outage.
 */
export function* lostRuns(
  deviceId: string,
  segments: SegmentStore,
  to: EpochMs,
): Generator<RunPart> {
  let lost: Lost | null = null;
  for (const segment of segments.notUp(deviceId, segments.from, to)) {
    const before: Lost | null = lost?.to === segment.from ? lost : null;
    lost = lostAfter(before, segment);
    yield { segment, before, after: lost };
  }
}

function lostAfter(before: Lost | null, { state, from, to }: Segment): Lost | null {
  if (state === 'down' || state === 'unreachable') {
    return { state, since: before?.since ?? from, to };
  }
  return before !== null && state === 'unknown' ? { ...before, to } : null;
}
