import type { RedundancyGroup } from '../config/model.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import {
  addDurations,
  noDurations,
  nothingProven,
  type ProvenRun,
  type StateDurations,
} from './availability.ts';
import { type AvailabilityPair, derivePair } from './figures.ts';
import { groupInstant, type MemberCounts } from './group-state.ts';
import type { Period } from './period.ts';
import type { Stretch } from './roster-history.ts';
import type { SegmentStore } from './segments.ts';

/** A redundancy group as one thing: it works while at least `need` of its members do. */
export interface RedundancyFigures extends AvailabilityPair {
  readonly id: string;
  readonly name: string;
  readonly deviceIds: readonly string[];
  readonly need: number;
  /** Working, but with fewer than all members that are neither planned nor out of service. */
  readonly redundancyLostMs: DurationMs;
  /** In the report of a site: the other sites at which members were; empty where all are at this one. */
  readonly sharedSiteIds: readonly string[];
}

/**
 * The figures of a group over `[period.from, countedTo)`, each part by what made the group in it; the
 * time in which there was none is out of service. Null when no member was ever in service. It is told
 * with the members and the need that it had last. `segments` is of all members, wherever they are.
 * Its device figure is that of its members: what they are proven to have carried unseen is good, and
 * what only those behind a dead parent could have carried is left out.
 */
export function deriveRedundancy(
  parts: readonly Stretch<RedundancyGroup>[],
  segments: SegmentStore,
  period: Period,
  countedTo: EpochMs,
  targetPpm: number,
  sharedSiteIds: readonly string[] = [],
): RedundancyFigures | null {
  const durations = noDurations();
  const proven = nothingProven();
  durations['out-of-service'] = Math.max(0, countedTo - period.from);
  for (const { value, from, to } of parts) {
    const deviceIds = value.deviceIds.filter((deviceId) => segments.has(deviceId));
    if (deviceIds.length === 0) continue;
    const swept = sweep(deviceIds, value, segments, from, to);
    addDurations(durations, swept.durations);
    proven.unknown += swept.proven.unknown;
    proven.unreachable += swept.proven.unreachable;
    durations['out-of-service'] -= to - from;
  }
  if (durations['out-of-service'] === countedTo - period.from) return null;
  const last = parts.at(-1)!;
  const futureMs = last.to === countedTo ? period.to - countedTo : 0;
  const pair = derivePair(durations, targetPpm, futureMs, proven);
  const { id, name, need, deviceIds } = last.value;
  const redundancyLostMs = durations.degraded;
  return { id, name, need, deviceIds, redundancyLostMs, sharedSiteIds, ...pair };
}

interface Step {
  readonly at: EpochMs;
  readonly count: keyof MemberCounts;
  readonly change: 1 | -1;
}

const RAN = { unknown: 'ranUnknown', unreachable: 'ranUnreachable' } as const;

function sweep(
  deviceIds: readonly string[],
  { need, deviceIds: all }: RedundancyGroup,
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): { readonly durations: StateDurations; readonly proven: ProvenRun } {
  const counts: MemberCounts = { ...noDurations(), ranUnknown: 0, ranUnreachable: 0 };
  counts.up = deviceIds.length;
  counts['out-of-service'] = all.length - deviceIds.length;
  const durations = noDurations();
  const proven = nothingProven();
  let since = from;
  const countTo = (at: EpochMs) => {
    const { state, ran } = groupInstant(counts, need);
    durations[state] += at - since;
    if (ran && (state === 'unknown' || state === 'unreachable')) proven[state] += at - since;
    since = at;
  };
  for (const { at, count, change } of stepsOf(deviceIds, segments, from, to)) {
    if (at > since) countTo(at);
    counts[count] += change;
    if (count !== 'ranUnknown' && count !== 'ranUnreachable') counts.up -= change;
  }
  countTo(to);
  return { durations, proven };
}

/** Where a member begins or ceases to be something other than up, in order. */
function stepsOf(
  deviceIds: readonly string[],
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): Step[] {
  const steps: Step[] = [];
  const put = (count: Step['count'], start: EpochMs, end: EpochMs) => {
    steps.push({ at: start, count, change: 1 }, { at: end, count, change: -1 });
  };
  for (const deviceId of deviceIds) {
    for (const { state, ...span } of segments.notUp(deviceId, from, to)) {
      put(state, span.from, span.to);
    }
    for (const { state, ...span } of segments.provenSpans(deviceId, from, to)) {
      put(RAN[state], span.from, span.to);
    }
  }
  return steps.sort((a, b) => a.at - b.at);
}
