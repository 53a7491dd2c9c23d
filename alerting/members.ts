import type { EpochMs } from '../lib/time.ts';
import type { EngineState, Fault, Incident } from './state.ts';

/**
 * Active faults of an incident: the root first, then the worst, then devices before their links, then
 * the oldest.
 */
export function activeMembers(state: EngineState, incident: Incident): readonly Fault[] {
  const root = state.faults.get(incident.rootFaultKey);
  // All of a storm is said by it; looking at each of its alerts at every look would cost their square.
  if (root?.kind === 'alert-storm') return [root];
  const members = [...incident.members.keys()].flatMap((key) => state.faults.get(key) ?? []);
  const rank = (fault: Fault) =>
    (fault.key === incident.rootFaultKey ? 0 : 2) + (fault.level === 'critical' ? 0 : 1);
  const isLink = ({ kind }: Fault) => (kind === 'port-down' ? 1 : 0);
  return members.sort((a, b) => rank(a) - rank(b) || isLink(a) - isLink(b) || a.since - b.since);
}

/** When an incident without active faults stopped failing: at the first good poll, not at its confirmation. */
export function endOfFailure({ startedAt, restoredAt }: Incident, now: EpochMs): EpochMs {
  return Math.min(now, Math.max(startedAt, restoredAt ?? now));
}
