import type { Tier } from '../../config/model.ts';
import { type LocalText, sayWith } from '../../lib/local-text.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../../lib/time.ts';
import { SEVERITY_VALUES } from '../alert-labels.ts';
import type { Deciding } from '../deciding.ts';
import { faultKeyOf } from '../fault-key.ts';
import { clearFault } from '../faults.ts';
import { subjectOf } from '../graph.ts';
import { raiseServiceFault, type ServiceFault } from '../service-faults.ts';
import { silenceOver } from '../silence.ts';
import type { Fault, Incident } from '../state.ts';
import { ALERT_SUBJECT, siteSubject } from '../subjects.ts';
import { stormComponent } from './storm-component.ts';

/**
 * Alerts that come in a storm are one incident. Of one site and one tier the first twenty within ten
 * minutes have each their own; from then on, until it is calm again, the others are members of the
 * storm, which lasts as long as one of them does:
 *
 *   alert about to open an incident ──few came lately──▶ its own
 *                                   ──a storm──▶ member of it (`storm`), which pages for all of them
 *   storm without active members ──▶ cleared
 *
 * Tiers apart: what is critical is never lost among warnings. What a silence hides has a storm of its
 * own that the same silence hides, so that it makes nothing else quiet and is told once it ends.
 */

/** Alerts of one site and tier that have incidents of their own within the time of a storm. */
export const MOST_OWN_INCIDENTS = 20;
export const STORM_WITHIN_MS: DurationMs = 10 * MINUTE;

/** How many there are is told this often. */
const COUNT_EVERY_MS: DurationMs = 15 * SECOND;
/** Alerts told by name and number. */
const MOST_NAMES = 3;

/** Whether the alert belongs to a storm instead of an incident of its own. `openStorm` opens that of the storm. */
export function joinsAlertStorm(
  deciding: Deciding,
  fault: Fault,
  tier: Tier,
  openStorm: (storm: Fault) => void,
): boolean {
  if (fault.kind !== 'alert') return false;
  const storm = stormOf(deciding, fault, tier);
  const faultKey = faultKeyOf(storm.subjectId, storm.component, storm.kind);
  const { state, now } = deciding;
  if (!isPouring(deciding, faultKey)) return false;
  if (!state.faults.has(faultKey)) raiseServiceFault(deciding, storm);
  const known = openIncidentOf(deciding, faultKey);
  const root = state.faults.get(faultKey)!;
  if (root.incidentId === null && known === null) openStorm(root);
  const incident = known ?? openIncidentOf(deciding, faultKey);
  if (incident === null) return false;
  const add = { type: 'member-added', at: now, incidentId: incident.id } as const;
  if (root.incidentId === null) deciding.emit({ ...add, faultKey, relation: 'root' });
  deciding.emit({ ...add, faultKey: fault.key, relation: 'storm' });
  return true;
}

/** Storms that were under way when somebody else decided go on: whoever decides from now on counts as they did. */
export function carryStormsOn({
  state,
  soft,
  now,
}: Pick<Deciding, 'state' | 'soft' | 'now'>): void {
  for (const { key, kind, factsAt } of state.faults.values()) {
    if (kind !== 'alert-storm' || Math.abs(now - factsAt) > STORM_WITHIN_MS) continue;
    soft.alertTimes.set(key, Array<EpochMs>(MOST_OWN_INCIDENTS).fill(now));
  }
}

/** Tells how many alerts a storm has, and ends those that have none. */
export function decideAlertStorms(deciding: Deciding): void {
  for (const [key, times] of deciding.soft.alertTimes) {
    if (times.every((at) => Math.abs(deciding.now - at) > STORM_WITHIN_MS))
      deciding.soft.alertTimes.delete(key);
  }
  for (const id of deciding.state.openIncidentIds) {
    const incident = deciding.state.incidents.get(id)!;
    const storm = deciding.state.faults.get(incident.rootFaultKey);
    if (storm?.kind !== 'alert-storm') continue;
    const alerts = alertsOf(deciding, incident);
    if (alerts.length === 0) {
      clearFault(deciding, storm.key, Math.max(storm.since, incident.restoredAt ?? deciding.now));
      continue;
    }
    const { deviceId: subjectId, component, kind, level, since, factsAt, raisedAt } = storm;
    if (factsAt > raisedAt && Math.abs(deciding.now - factsAt) < COUNT_EVERY_MS) continue;
    raiseServiceFault(deciding, { subjectId, component, kind, level, since, text: told(alerts) });
  }
}

function stormOf(deciding: Deciding, fault: Fault, tier: Tier): ServiceFault {
  const graph = deciding.requireGraph();
  const siteId = subjectOf(graph, fault.deviceId)?.siteId ?? '';
  const asIncident = {
    ...{ id: '', tier, rootDeviceId: fault.deviceId, rootComponent: fault.component },
    ...{ rootKind: fault.kind, rootFaultKey: fault.key },
  };
  const silence = silenceOver(deciding.state, graph, asIncident, deciding.now);
  return {
    subjectId: siteId === '' ? ALERT_SUBJECT : siteSubject(siteId),
    component: stormComponent(SEVERITY_VALUES[tier - 1]!, silence?.id ?? null),
    kind: 'alert-storm',
    level: 'critical',
    since: deciding.now,
    text: sayWith(
      { most: String(MOST_OWN_INCIDENTS), minutes: String(STORM_WITHIN_MS / MINUTE) },
      'more than {most} alerts within {minutes} minutes; the others are told as one',
      '{minutes} 分钟内告警超过 {most} 条；其余合并通知',
    ),
  };
}

/** Counts the alert in. Whether as many as may have incidents of their own came before it lately. */
function isPouring({ soft, now }: Deciding, stormKey: string): boolean {
  const times = soft.alertTimes.get(stormKey) ?? [];
  soft.alertTimes.set(stormKey, times);
  const first: EpochMs | undefined = times[0];
  times.push(now);
  if (times.length <= MOST_OWN_INCIDENTS) return false;
  times.shift();
  return Math.abs(now - first!) <= STORM_WITHIN_MS;
}

function openIncidentOf({ state }: Deciding, rootFaultKey: string): Incident | null {
  const incident = state.incidents.get(state.incidentByRoot.get(rootFaultKey) ?? '');
  return incident?.resolvedAt === null ? incident : null;
}

function alertsOf({ state }: Deciding, { members }: Incident): readonly Fault[] {
  return [...members].flatMap(([key, relation]) =>
    relation === 'storm' ? (state.faults.get(key) ?? []) : [],
  );
}

/** `312 alerts: HighLatency (300), DiskFull (12)`: those of which there are most. */
function told(alerts: readonly Fault[]): LocalText {
  const counts = new Map<string, number>();
  for (const { alert } of alerts) {
    const name = alert?.name ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST_NAMES);
  const names = most.map(([name, count]) => `${name} (${count})`).join(', ');
  const more = counts.size - most.length;
  const parts = { count: String(alerts.length), names, more: String(more) };
  return more > 0
    ? sayWith(
        parts,
        '{count} alerts: {names} and {more} other kinds',
        '{count} 条告警：{names} 及其他 {more} 种',
      )
    : sayWith(parts, '{count} alerts: {names}', '{count} 条告警：{names}');
}
