import type { EpochMs } from '../lib/time.ts';
import type { Graph } from './graph.ts';
import { subjectOf } from './graph.ts';
import type { EngineState, Fault, Incident } from './state.ts';

/**
 * A mute that a person makes: what it matches pages nobody until it ends. Monitoring, records,
 * response clocks and availability go on beneath it, and whoever was told "down" is told "up".
 * Whether it is in force is derived from its instants, never stored.
 */
export interface Silence {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly createdBy: string;
  readonly createdAt: EpochMs;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  /** All must match. */
  readonly matchers: readonly Matcher[];
  /** The second person, without whom it hides nothing of tier 1; null: nobody yet. */
  readonly confirmedBy: string | null;
}

/** One label of an incident: one of the values, or none of them. */
export interface Matcher {
  /** `device`, `site`, `role`, `tag`, `fault`, `component`, or a label of an alert. */
  readonly name: string;
  readonly values: readonly string[];
  /** false: matches what has none of the values. */
  readonly isEqual: boolean;
}

export type SilenceStatus = 'pending' | 'active' | 'expired';

/** Where a silence stands at `now`. */
export function silenceStatus(
  { startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>,
  now: EpochMs,
): SilenceStatus {
  if (now < startsAt) return 'pending';
  return now < endsAt ? 'active' : 'expired';
}

type Root = Pick<Incident, 'rootDeviceId' | 'rootComponent' | 'rootKind' | 'rootFaultKey'>;

/**
 * What a silence can match an incident by: its cause, and the labels of the alert that told of it.
 * `alertname` is the kind of the fault where no alert did, as the interface of Alertmanager names it.
 */
export function labelsOf(
  graph: Graph,
  incident: Root,
  faults: ReadonlyMap<string, Fault>,
): ReadonlyMap<string, readonly string[]> {
  const subject = subjectOf(graph, incident.rootDeviceId);
  const alertLabels = faults.get(incident.rootFaultKey)?.alert?.labels;
  const labels = new Map<string, readonly string[]>([
    ['device', [incident.rootDeviceId]],
    ['site', subject === null ? [] : [subject.siteId]],
    ['role', subject === null ? [] : [subject.role]],
    ['tag', subject?.tags ?? []],
    ['fault', [incident.rootKind]],
    ['component', incident.rootComponent === null ? [] : [incident.rootComponent]],
  ]);
  if (alertLabels === undefined) labels.set('alertname', [incident.rootKind]);
  for (const [name, value] of Object.entries(alertLabels ?? {})) {
    labels.set(name, [...(labels.get(name) ?? []), value]);
  }
  return labels;
}

/** Whether every matcher fits; a label that is not there has none of the values. */
export function matches(
  matchers: readonly Matcher[],
  labels: ReadonlyMap<string, readonly string[]>,
): boolean {
  return matchers.every(({ name, values, isEqual }) => {
    const has = (labels.get(name) ?? []).some((value) => values.includes(value));
    return has === isEqual;
  });
}

/** The silence that hides the incident at `now`; null when none does. Tier 1 is hidden only by two people together. */
export function silenceOver(
  state: Pick<EngineState, 'silences' | 'faults'>,
  graph: Graph,
  incident: Root & Pick<Incident, 'tier'>,
  now: EpochMs,
): Silence | null {
  if (state.silences.size === 0) return null;
  const labels = labelsOf(graph, incident, state.faults);
  for (const silence of state.silences.values()) {
    if (silenceStatus(silence, now) !== 'active') continue;
    if (incident.tier === 1 && silence.confirmedBy === null) continue;
    if (matches(silence.matchers, labels)) return silence;
  }
  return null;
}
