import {
  fitsPattern,
  type LabelPattern,
  namesSomething,
  type PatternProblem,
  parseLabelPattern,
} from '../lib/label-pattern.ts';
import type { EpochMs } from '../lib/time.ts';
import { alertLabels, ownLabels, SEVERITY_VALUES, TIER_VALUES } from './alert-labels.ts';
import { silenceOfStorm } from './alerts/storm-component.ts';
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
  /** `tag`, `fault`, or a label of an alert (`alert-labels.ts`). */
  readonly name: string;
  /** A blank one stands for a label that is not there. */
  readonly values: readonly string[];
  /** false: matches what has none of the values. */
  readonly isEqual: boolean;
  /** The values are patterns (`lib/label-pattern.ts`). */
  readonly isPattern?: true;
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

type Root = Pick<
  Incident,
  'id' | 'tier' | 'rootDeviceId' | 'rootComponent' | 'rootKind' | 'rootFaultKey'
>;

/**
 * What a silence can match an incident by: the labels of its cause as an alert, and what else we know
 * of it. An alert that came in has its own and ours; of a name, a severity and an instance only its own.
 */
export function labelsOf(
  graph: Graph,
  incident: Root,
  faults: ReadonlyMap<string, Fault>,
): ReadonlyMap<string, readonly string[]> {
  const { rootDeviceId: deviceId, rootComponent: component, rootKind: kind } = incident;
  const alert = faults.get(incident.rootFaultKey)?.alert;
  const cause = { deviceId, component, kind };
  const labels = new Map<string, readonly string[]>([
    ['tag', subjectOf(graph, deviceId)?.tags ?? []],
    ['fault', [kind]],
  ]);
  const add = ([name, value]: readonly [string, string]) => {
    const known = labels.get(name) ?? [];
    if (!known.includes(value)) labels.set(name, [...known, value]);
  };
  if (alert === undefined) Object.entries(alertLabels(graph, incident, cause)).forEach(add);
  else {
    for (const entry of Object.entries(ownLabels(graph, incident, cause))) {
      const [name] = entry;
      const isTheirs = name === 'alertname' || name === 'severity';
      if (!isTheirs || (name === 'severity' && alert.labels.severity === undefined)) add(entry);
    }
    Object.entries(alert.labels).forEach(add);
  }
  return labels;
}

/** Whether every matcher fits; a label that is not there is a blank one. */
export function matches(
  matchers: readonly Matcher[],
  labels: ReadonlyMap<string, readonly string[]>,
): boolean {
  return matchers.every((matcher) => {
    const held = labels.get(matcher.name) ?? [];
    const has = (held.length === 0 ? [''] : held).some((value) => isOneOf(matcher, value));
    return has === matcher.isEqual;
  });
}

const patternsOf = new WeakMap<Matcher, readonly (LabelPattern | PatternProblem)[]>();

function compiled(matcher: Matcher): readonly (LabelPattern | PatternProblem)[] {
  const known = patternsOf.get(matcher);
  if (known !== undefined) return known;
  const patterns = matcher.values.map(parseLabelPattern);
  patternsOf.set(matcher, patterns);
  return patterns;
}

function isOneOf(matcher: Matcher, value: string): boolean {
  if (matcher.isPattern !== true) return matcher.values.includes(value);
  return compiled(matcher).some((each) => !('problem' in each) && fitsPattern(each, value));
}

/** Labels of which every incident has one of few values. */
const CLOSED: ReadonlyMap<string, readonly string[]> = new Map([
  ['tier', TIER_VALUES],
  ['severity', SEVERITY_VALUES],
]);

/** Whether a matcher says what is meant: one that fits whatever there is, or all that lacks something, does not. */
export function isNaming(matcher: Matcher): boolean {
  const { name, values, isEqual, isPattern } = matcher;
  if (!isEqual) return false;
  const closed = CLOSED.get(name);
  if (closed?.every((value) => isOneOf(matcher, value))) return false;
  if (isPattern !== true) return values.every((value) => value !== '');
  // All incidents have ids that begin alike.
  if (name === 'incident') return false;
  return compiled(matcher).every((each) => !('problem' in each) && namesSomething(each));
}

/** Whether a matcher that says what is meant can never fit: no tier is called that, no incident has that id. */
export function canNeverMatch(
  matcher: Matcher,
  incidents: ReadonlyMap<string, unknown>,
  alerts: Iterable<Pick<Fault, 'alert'>>,
): boolean {
  if (!matcher.isEqual || !['tier', 'incident'].includes(matcher.name)) return false;
  const known = matcher.name === 'tier' ? [...TIER_VALUES] : [...incidents.keys()];
  if (known.some((value) => isOneOf(matcher, value))) return false;
  for (const { alert } of alerts) {
    const theirs = alert?.labels[matcher.name];
    if (theirs !== undefined && isOneOf(matcher, theirs)) return false;
  }
  return true;
}

/** The silence that hides the incident at `now`; null when none does. Tier 1 is hidden only by two people together. */
export function silenceOver(
  state: Pick<EngineState, 'silences' | 'faults'>,
  graph: Graph,
  incident: Root,
  now: EpochMs,
): Silence | null {
  if (state.silences.size === 0) return null;
  const ofStorm = silenceOfStorm(incident);
  if (ofStorm !== null) {
    const silence = state.silences.get(ofStorm);
    return silence !== undefined && isOver(silence, incident, now) ? silence : null;
  }
  const labels = labelsOf(graph, incident, state.faults);
  for (const silence of state.silences.values()) {
    if (isOver(silence, incident, now) && matches(silence.matchers, labels)) return silence;
  }
  return null;
}

function isOver(silence: Silence, { tier }: Root, now: EpochMs): boolean {
  return silenceStatus(silence, now) === 'active' && (tier > 1 || silence.confirmedBy !== null);
}
