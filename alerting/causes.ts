import type { FaultKind } from '../config/model.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { DomainEvent, GradingEvidence } from './events.ts';
import { isFlapping } from './flaps.ts';
import type { EngineState, Fault, Incident } from './state.ts';

/**
 * What an incident has been about since it opened (again): each fault that was its root, with its own
 * time. An incident on battery whose mains are back and whose battery is low is about the battery now;
 * how long it ran on battery is another figure than how long the incident lasted.
 */
export interface Cause {
  readonly faultKey: string;
  readonly deviceId: string;
  readonly component: string | null;
  readonly kind: FaultKind;
  readonly text: LocalText;
  /** Its first sign, of the first time: the first poll that failed, or that told of it. */
  readonly firstAt: EpochMs;
  /** The same of the last time. */
  readonly since: EpochMs;
  /** First good poll after the last time; null while it lasts, and where it left the configuration before. */
  readonly until: EpochMs | null;
  /** How long it lasted in the times before the last one. */
  readonly heldBeforeMs: DurationMs;
  /** How often it came. */
  readonly count: number;
}

/** The fault is the root: another cause, or one that has come back. */
export function noteCause(causes: Cause[], fault: Fault): void {
  const place = causes.findIndex(({ faultKey }) => faultKey === fault.key);
  const before = causes[place];
  if (before === undefined) causes.push(causeOf(fault));
  else if (before.until !== null) {
    causes[place] = {
      ...before,
      text: fault.text,
      since: fault.since,
      until: null,
      heldBeforeMs: heldMs(before, before.until),
      count: before.count + 1,
    };
  }
}

/**
 * What was believed to be the cause was the first sign of this fault, which takes its place. It has
 * begun with its own first failed poll: until then it answered, however early the sign was.
 */
export function replaceCause(causes: Cause[], signKey: string, fault: Fault): void {
  const place = causes.findIndex(({ faultKey }) => faultKey === signKey);
  if (place === -1) noteCause(causes, fault);
  else causes[place] = causeOf(fault);
}

/** The fault has cleared: the first good poll was at `until`. */
export function endCause(causes: Cause[], faultKey: string, until: EpochMs): void {
  const place = causes.findIndex((cause) => cause.faultKey === faultKey);
  const cause = causes[place];
  if (cause?.until !== null) return;
  causes[place] = { ...cause, until: Math.max(cause.since, until) };
}

/** When what a resolved incident was about had recovered; null where it is no longer watched, and nobody knows. */
export function restoredBy({
  at,
  reason,
  restoredAt,
}: Extract<DomainEvent, { type: 'incident-resolved' }>): EpochMs | null {
  return reason === 'removed' ? null : (restoredAt ?? at);
}

/** The instants of a cause. */
export type CauseTimes = Pick<Cause, 'firstAt' | 'since' | 'until' | 'heldBeforeMs' | 'count'>;

/** The same after the wall clock was set. */
export function shiftCauses<Of extends CauseTimes>(
  causes: readonly Of[],
  byMs: DurationMs,
): readonly Of[] {
  return causes.map((cause) => ({
    ...cause,
    firstAt: cause.firstAt + byMs,
    since: cause.since + byMs,
    until: cause.until === null ? null : cause.until + byMs,
  }));
}

/** How long the cause has lasted until `now`, all its times together. */
export function heldMs({ heldBeforeMs, since, until }: CauseTimes, now: EpochMs): DurationMs {
  return heldBeforeMs + Math.max(0, (until ?? now) - since);
}

function causeOf(fault: Fault): Cause {
  const { key: faultKey, deviceId, component, kind, text, since } = fault;
  const times = { firstAt: since, since, until: null, heldBeforeMs: 0, count: 1 };
  return { faultKey, deviceId, component, kind, text, ...times };
}

/** What is told of an incident: its root while it is open; afterwards what it was about at its worst. */
type Told = Pick<Cause, 'faultKey' | 'deviceId' | 'component' | 'kind' | 'text'>;

type Tellable = Pick<
  Incident,
  'rootFaultKey' | 'rootDeviceId' | 'rootComponent' | 'rootKind' | 'rootText' | 'resolvedAt'
> & { readonly causes: readonly Cause[]; readonly gravest: GradingEvidence | null };

/** What the incident is told to be about; its title, reason and sites agree on it. */
export function toldCause(incident: Tellable): Told {
  const { causes, gravest, resolvedAt, rootFaultKey: faultKey, rootText: text } = incident;
  const { rootDeviceId: deviceId, rootComponent: component, rootKind: kind } = incident;
  const root = { faultKey, deviceId, component, kind, text };
  if (resolvedAt === null || gravest === null) return root;
  const { rootDeviceId, faultKind } = gravest.inputs;
  const worst = causes.findLast(
    (cause) => cause.deviceId === rootDeviceId && cause.kind === faultKind,
  );
  return worst ?? root;
}

/** Whether the cause is over while what came of it is not, and it is not one that comes and goes. */
export function isCauseOver(
  { rootFaultKey, members, resolvedAt }: Pick<Incident, 'rootFaultKey' | 'members' | 'resolvedAt'>,
  state: EngineState,
): boolean {
  if (resolvedAt !== null || members.size === 0 || state.faults.has(rootFaultKey)) return false;
  return !isFlapping(state, rootFaultKey);
}

/**
 * The causes of an incident that ended at `restoredAt`, for its record: nothing where there was one, and
 * it lasted as long as the incident.
 */
export function causesToKeep(
  { causes, startedAt }: Pick<Incident, 'causes' | 'startedAt'>,
  restoredAt: EpochMs,
): { readonly causes?: readonly Cause[] } {
  const [only, ...others] = causes;
  const isWhole = only !== undefined && others.length === 0;
  if (isWhole && heldMs(only, restoredAt) === restoredAt - startedAt) return {};
  return { causes: [...causes] };
}
