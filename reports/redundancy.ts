import type { RedundancyGroup } from '../config/model.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import { addDurations, noDurations, type StateDurations } from './availability.ts';
import { type AvailabilityPair, derivePair } from './figures.ts';
import type { LedgerState } from './ledger.ts';
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

type Counts = Record<LedgerState, number>;

/**
 * What a group is at one instant, by the states of its members:
 *
 * - up when `need` members work (degraded when not all that could), whatever the others are;
 * - unknown when the members not observed could have made it so;
 * - maintenance when those in maintenance could have, out-of-service when those out of service could;
 * - else down.
 */
export function groupState(counts: Readonly<Counts>, need: number): LedgerState {
  const working = counts.up + counts.degraded;
  const lost = counts.down + counts.unreachable;
  if (working >= need) return lost > 0 ? 'degraded' : 'up';
  if (working + counts.unknown >= need) return 'unknown';
  if (working + counts.unknown + counts.maintenance >= need) return 'maintenance';
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return total - counts.down - counts.unreachable >= need ? 'out-of-service' : 'down';
}

/**
 * The figures of a group over `[period.from, countedTo)`, each part by what made the group in it; the
 * time in which there was none is out of service. Null when no member was ever in service. It is told
 * with the members and the need that it had last. `segments` is of all members, wherever they are.
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
  durations['out-of-service'] = Math.max(0, countedTo - period.from);
  for (const { value, from, to } of parts) {
    const deviceIds = value.deviceIds.filter((deviceId) => segments.has(deviceId));
    if (deviceIds.length === 0) continue;
    addDurations(durations, sweep(deviceIds, value, segments, from, to));
    durations['out-of-service'] -= to - from;
  }
  if (durations['out-of-service'] === countedTo - period.from) return null;
  const last = parts.at(-1)!;
  const futureMs = last.to === countedTo ? period.to - countedTo : 0;
  const pair = derivePair(durations, targetPpm, futureMs);
  const { id, name, need, deviceIds } = last.value;
  const redundancyLostMs = durations.degraded;
  return { id, name, need, deviceIds, redundancyLostMs, sharedSiteIds, ...pair };
}

interface Step {
  readonly at: EpochMs;
  readonly state: LedgerState;
  readonly change: 1 | -1;
}

function sweep(
  deviceIds: readonly string[],
  { need, deviceIds: all }: RedundancyGroup,
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): StateDurations {
  const steps: Step[] = [];
  for (const deviceId of deviceIds) {
    for (const segment of segments.notUp(deviceId, from, to)) {
      steps.push({ at: segment.from, state: segment.state, change: 1 });
      steps.push({ at: segment.to, state: segment.state, change: -1 });
    }
  }
  steps.sort((a, b) => a.at - b.at);
  const counts: Counts = noDurations();
  counts.up = deviceIds.length;
  counts['out-of-service'] = all.length - deviceIds.length;
  const durations = noDurations();
  let since = from;
  for (const { at, state, change } of steps) {
    durations[groupState(counts, need)] += at - since;
    since = at;
    counts[state] += change;
    counts.up -= change;
  }
  durations[groupState(counts, need)] += to - since;
  return durations;
}
