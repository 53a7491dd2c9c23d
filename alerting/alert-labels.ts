import { type Graph, subjectOf } from './graph.ts';
import type { Fault, Incident } from './state.ts';

const SEVERITIES = { 1: 'critical', 2: 'major', 3: 'significant', 4: 'general' } as const;
/** By which alerts of our own say how bad they are. */
export const TIER_VALUES = ['1', '2', '3', '4'] as const;
export const SEVERITY_VALUES: readonly string[] = Object.values(SEVERITIES);

/**
 * The labels of a fault as an alert: those under which `/api/v2/alerts` shows it, and each of them is
 * one that a silence can match its incident by when it is the cause. Alerts that came in keep their own.
 */
export function alertLabels(
  graph: Graph,
  incident: Pick<Incident, 'id' | 'tier'>,
  fault: Pick<Fault, 'deviceId' | 'component' | 'kind' | 'alert'>,
): Readonly<Record<string, string>> {
  return fault.alert === undefined ? ownLabels(graph, incident, fault) : fault.alert.labels;
}

/** The same with what we know ourselves of an alert that came in: its device, site, tier. */
export function ownLabels(
  graph: Graph,
  incident: Pick<Incident, 'id' | 'tier'>,
  fault: Pick<Fault, 'deviceId' | 'component' | 'kind'>,
): Readonly<Record<string, string>> {
  const subject = subjectOf(graph, fault.deviceId);
  return {
    alertname: fault.kind,
    device: fault.deviceId,
    ...(subject === null ? {} : { site: subject.siteId, role: subject.role }),
    ...(fault.component === null ? {} : { component: fault.component }),
    incident: incident.id,
    tier: String(incident.tier),
    severity: SEVERITIES[incident.tier],
  };
}
