import type { EpochMs } from '../lib/time.ts';
import { byCodeUnits } from './figures.ts';
import { type Lost, type LostDetails, type LostState, lostDetails, lostRuns } from './lost-runs.ts';
import type { RosterDevice } from './roster.ts';
import type { SegmentStore } from './segments.ts';

/** A device that came to another site by the configuration loaded at `at`. */
export interface SiteMove {
  readonly at: EpochMs;
  readonly before: RosterDevice;
  readonly after: RosterDevice;
}

/** One that was lost when it moved: its outage is in the figures of two sites, a part in each. */
export interface LostMove extends LostDetails {
  readonly deviceId: string;
  readonly state: LostState;
  readonly lostSince: EpochMs;
  readonly at: EpochMs;
  /** When it was lost no more; null: not in the time that is counted. */
  readonly until: EpochMs | null;
  readonly fromSiteId: string;
  readonly fromSiteName: string;
  readonly toSiteId: string;
  readonly toSiteName: string;
}

/** The moves whose device was lost at them, in order of time. `to`: the end of what is counted. */
export function findLostMoves(
  moves: readonly SiteMove[],
  segments: SegmentStore,
  to: EpochMs,
): LostMove[] {
  const found = moves.flatMap(({ at, before, after }): LostMove[] => {
    const outage = outageAt(after.id, at, segments, to);
    if (outage === null) return [];
    const { state, since: lostSince, until, details } = outage;
    return [
      {
        ...{ deviceId: after.id, state, lostSince, at, until },
        ...{ fromSiteId: before.siteId, fromSiteName: before.siteName },
        ...{ toSiteId: after.siteId, toSiteName: after.siteName },
        ...details,
      },
    ];
  });
  return found.sort((a, b) => a.at - b.at || byCodeUnits(a.deviceId, b.deviceId));
}

interface Outage {
  readonly state: LostState;
  readonly since: EpochMs;
  readonly until: EpochMs | null;
  readonly details: LostDetails;
}

/** The outage that had begun before `at` and was not over then; null where there was none. */
function outageAt(
  deviceId: string,
  at: EpochMs,
  segments: SegmentStore,
  to: EpochMs,
): Outage | null {
  let atMove: Lost | null = null;
  let last: Lost | null = null;
  for (const { after } of lostRuns(deviceId, segments, to)) {
    if (after !== null && after.since < at && after.to > at) {
      atMove ??= after;
      last = after;
    } else if (last !== null) break;
  }
  if (last === null || atMove === null) return null;
  const { state, since, stateSince } = atMove;
  const until = last.to < to ? last.to : null;
  return { state, since, until, details: lostDetails({ ...last, since, stateSince }) };
}
