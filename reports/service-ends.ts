import type { EpochMs } from '../lib/time.ts';
import { byCodeUnits } from './figures.ts';
import { type LostDetails, type LostState, lostDetails, lostRuns } from './lost-runs.ts';
import type { SegmentStore } from './segments.ts';

/** A device that went out of service, removed or retired, while its users were without it. */
export interface ServiceEnd extends LostDetails {
  readonly deviceId: string;
  readonly state: LostState;
  /** When it was lost, and when it went out of service: from then on its time is in no figure. */
  readonly lostSince: EpochMs;
  readonly at: EpochMs;
  /** When it was back in service; null: not in the time that is counted. */
  readonly backAt: EpochMs | null;
}

/**
 * Devices that went out of service in `[from, to]` while lost, in order of time: their outage is before
 * it, so that of one that went at the very end of a period is in that period.
 */
export function findServiceEnds(
  deviceIds: Iterable<string>,
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): ServiceEnd[] {
  const found: ServiceEnd[] = [];
  for (const deviceId of deviceIds) {
    for (const { segment, before } of lostRuns(deviceId, segments, to + 1)) {
      if (before === null || segment.state !== 'out-of-service' || segment.from < from) continue;
      const backAt = segment.to < to ? segment.to : null;
      const { state, since: lostSince } = before;
      const details = lostDetails(before);
      found.push({ deviceId, state, lostSince, at: segment.from, backAt, ...details });
    }
  }
  return found.sort((a, b) => a.at - b.at || byCodeUnits(a.deviceId, b.deviceId));
}
