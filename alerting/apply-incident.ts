import type { Tier } from '../config/model.ts';
import { assert, assertNever } from '../lib/assert.ts';
import { type EpochMs, MINUTE } from '../lib/time.ts';
import { passRoot, takeRoot } from './apply-root.ts';
import { holdTier } from './apply-tier.ts';
import { noteCause, restoredBy } from './causes.ts';
import { dueAfterMs } from './escalation-level.ts';
import type { DomainEvent } from './events.ts';
import { gravestEvidence } from './gravest-evidence.ts';
import { needsReview } from './procedure.ts';
import { keepResolved, keepUnresolved, resolvedInOrder } from './resolved-order.ts';
import type { EngineState, Fault, Incident } from './state.ts';

/** A fault that returns within this time after its incident was resolved re-opens it. */
export const REOPEN_WITHIN_MS = 30 * MINUTE;

/** The step that makes up for those that a silence has hidden begins with this. */
export const AFTER_SILENCE = 'after-silence:';

/** The step that asks whoever acknowledged how it stands begins with this. */
const ASKS_FOR_UPDATE = 'update:';

/** Well for less than this between two outages: how long the trouble lasts goes on counting. */
const PAUSE_THAT_COUNTS_MS = 10 * MINUTE;

/** As many again are kept while they wait for their review. */
const MOST_UNREVIEWED = 500;

/** Resolved incidents kept in memory; older ones are read from the journal. */
const LARGEST_RESOLVED_HISTORY = 500;

type IncidentEvent = Exclude<
  DomainEvent,
  | { type: `service-${string}` | 'topology-loaded' | 'lease-renewed' | 'health-changed' }
  | {
      type:
        | 'notification-received'
        | 'snmp-engine-changed'
        | 'series-left-out'
        | 'report-archive-noted'
        | 'callback-taken'
        | 'clock-stepped'
        | 'incident-clock-moved'
        | `override-${string}`
        | `silence-${string}`;
    }
  | {
      type:
        | 'stage-reached'
        | 'notice-drafted'
        | 'notice-published'
        | 'review-written'
        | 'incident-closed';
    }
  | { type: `customer-report-${string}` | `tier-${string}` }
  | { type: `review-${string}` | `authority-${string}` }
  | { type: `fault-${string}` | `flapping-${string}` | `page-${string}` }
>;

/** The part of the fold that concerns incidents. */
export function applyIncidentEvent(state: EngineState, event: IncidentEvent): EngineState {
  if (event.type === 'incident-opened') {
    openIncident(state, event);
    return state;
  }
  const incident = state.incidents.get(event.incidentId);
  assert(incident, `event about an incident that is not held: ${event.incidentId}`);
  switch (event.type) {
    case 'incident-reopened':
      keepUnresolved(state, incident);
      reopenIncident(incident, event, state.faults.get(incident.rootFaultKey));
      state.openIncidentIds.add(incident.id);
      return state;
    case 'incident-graded':
      gradeIncident(incident, event);
      return state;
    case 'member-added':
    case 'member-removed':
    case 'incident-root-passed':
      changeMembers(state, incident, event);
      return state;
    case 'incident-acknowledged':
      incident.acknowledgedAt = event.at;
      incident.acknowledgedBy = event.by;
      if (event.right === 'took-over') incident.joinedIds.add(event.by);
      noteUpdate(incident, event.at);
      return state;
    case 'acknowledgement-refused':
      incident.refusedIds.add(event.by);
      return state;
    case 'acknowledgement-lapsed':
      incident.episode = event.episode;
      restartClock(incident, event.at, event.acknowledgeBy);
      incident.stepsReason = 'lapsed';
      incident.fromSecondLevel = true;
      return state;
    case 'forecast-made':
      incident.forecastRuleIds.add(event.ruleId);
      return state;
    case 'incident-noted':
      noteUpdate(incident, event.at);
      return state;
    case 'incident-resolved':
      keepUnresolved(state, incident);
      incident.resolvedAt = event.at;
      incident.restoredAt = restoredBy(event);
      if (event.flapped !== undefined) incident.flapped = event.flapped;
      state.openIncidentIds.delete(incident.id);
      keepResolved(state, incident);
      forgetOldest(state);
      return state;
    case 'response-breached':
      incident.breachedAt = event.at;
      incident.wasBreached = true;
      return state;
    case 'clock-step-taken':
      takeStep(state, incident, event);
      return state;
    default:
      return assertNever(event, 'event');
  }
}

function changeMembers(
  state: EngineState,
  incident: Incident,
  event: Extract<DomainEvent, { type: 'member-added' | 'member-removed' | 'incident-root-passed' }>,
): void {
  const { type, faultKey } = event;
  if (type === 'incident-root-passed') {
    passRoot(state, incident, faultKey);
    return;
  }
  const isAdded = type === 'member-added';
  if (isAdded && event.relation === 'root') takeRoot(state, incident, faultKey);
  if (isAdded) incident.members.set(faultKey, event.relation);
  else incident.members.delete(faultKey);
  const fault = state.faults.get(faultKey);
  if (fault === undefined) return;
  fault.incidentId = isAdded ? incident.id : null;
  if (isAdded) state.standaloneFaultKeys.delete(faultKey);
  else state.standaloneFaultKeys.add(faultKey);
}

function openIncident(
  state: EngineState,
  event: Extract<DomainEvent, { type: 'incident-opened' }>,
): void {
  const root = state.faults.get(event.rootFaultKey);
  assert(root, `incident opened over a fault that is not active: ${event.rootFaultKey}`);
  const previous = state.incidents.get(state.incidentByRoot.get(root.key) ?? '');
  const incident: Incident = {
    id: event.incidentId,
    rootFaultKey: event.rootFaultKey,
    rootDeviceId: root.deviceId,
    rootComponent: root.component,
    rootKind: root.kind,
    rootText: root.text,
    causes: [],
    rootKeys: new Set([root.key]),
    startedAt: event.startedAt,
    troubleSince: event.startedAt,
    openedAt: event.at,
    reopenedAt: null,
    tier: event.tier,
    evidence: event.evidence,
    evidenceAt: event.at,
    gravest: event.evidence,
    tierHold: null,
    tierProposal: null,
    toldTier: null,
    tierReachedAt: new Map(),
    policyId: event.policyId,
    steps: event.steps,
    targets: event.targets,
    members: new Map([[event.rootFaultKey, 'root']]),
    episode: 1,
    clockStartedAt: event.at,
    stepsStartedAt: event.at,
    worstOfClock: event.tier,
    remindersFrom: event.at,
    upgradedAt: null,
    stepsReason: 'opened',
    fromSecondLevel: false,
    acknowledgeBy: event.acknowledgeBy,
    previousEndedAt: previous?.resolvedAt ?? null,
    ...nothingDone(),
  };
  noteCause(incident.causes, root);
  rememberTier(incident, event.tier, event.at);
  root.incidentId = incident.id;
  state.standaloneFaultKeys.delete(root.key);
  state.incidents.set(incident.id, incident);
  state.openIncidentIds.add(incident.id);
  state.incidentByRoot.set(root.key, incident.id);
  state.lastIncidentNumber += 1;
}

/** Of an incident that nobody has answered, and about which nothing was told or put on record. */
function nothingDone() {
  return {
    acknowledgedAt: null,
    acknowledgedBy: null,
    joinedIds: new Set(),
    refusedIds: new Set(),
    draftedEpisode: null,
    lastUpdateAt: null,
    updateAskedAt: null,
    breachedAt: null,
    resolvedAt: null,
    restoredAt: null,
    stepsTaken: new Set(),
    silencedSteps: new Set(),
    forecastRuleIds: new Set(),
    stages: new Set(),
    reviewedAt: null,
    reviewedBy: null,
    approvedAt: null,
    reviewDuty: null,
    wasBreached: false,
    authorityClocks: new Map(),
    closedAt: null,
    pageIds: [],
  } satisfies Partial<Incident>;
}

function reopenIncident(
  incident: Incident,
  event: Extract<DomainEvent, { type: 'incident-reopened' }>,
  root: Fault | undefined,
): void {
  incident.episode = event.episode;
  incident.startedAt = event.startedAt ?? root?.since ?? event.at;
  const pausedMs = incident.startedAt - (incident.restoredAt ?? incident.resolvedAt ?? 0);
  if (pausedMs >= PAUSE_THAT_COUNTS_MS) {
    incident.troubleSince = incident.startedAt;
    incident.tierReachedAt.clear();
  }
  incident.reopenedAt = event.at;
  incident.resolvedAt = null;
  incident.closedAt = null;
  incident.reviewDuty = null;
  incident.forecastRuleIds.clear();
  incident.tier = event.tier ?? incident.tier;
  if (event.evidence !== undefined) {
    incident.evidence = event.evidence;
    incident.evidenceAt = event.at;
  }
  incident.gravest = event.evidence ?? null;
  incident.tierHold = null;
  incident.tierProposal = null;
  incident.toldTier = null;
  incident.restoredAt = null;
  incident.causes.length = 0;
  delete incident.flapped;
  incident.stepsReason = 'reopened';
  rememberTier(incident, incident.tier, event.at);
  restartClock(incident, event.at, event.acknowledgeBy);
}

function gradeIncident(
  incident: Incident,
  event: Extract<DomainEvent, { type: 'incident-graded' }>,
): void {
  holdTier(incident, event);
  incident.tier = event.to;
  incident.evidence = event.evidence;
  incident.gravest = gravestEvidence(incident.gravest, event);
  incident.evidenceAt = event.at;
  rememberTier(incident, event.to, event.at);
  if (event.needsFreshAcknowledgement) {
    incident.episode += 1;
    restartClock(incident, event.at, event.acknowledgeBy);
  } else {
    incident.acknowledgeBy = event.acknowledgeBy;
    if (event.to < event.from) upgradeClock(incident, event.to, event.at);
  }
  if (event.to < event.from) incident.stepsReason = 'upgraded';
  if (event.setBy !== undefined) noteUpdate(incident, event.at);
  if (event.to > event.from) skipStepsAlreadyDue(incident, event.at);
}

/**
 * A tier that this clock has not had begins an escalation, and reminders, of its own; one that it has
 * had goes on with those that it began, and whatever fell due meanwhile is due now.
 */
function upgradeClock(incident: Incident, tier: Tier, at: EpochMs): void {
  incident.upgradedAt = at;
  if (tier >= incident.worstOfClock) return;
  incident.worstOfClock = tier;
  incident.stepsStartedAt = at;
  incident.remindersFrom = at;
  incident.fromSecondLevel = false;
}

/** A person has put something on record: whoever acknowledged has said how it stands. */
export function noteUpdate(incident: Incident, at: EpochMs): void {
  if (incident.acknowledgedAt === null) return;
  incident.lastUpdateAt = at;
  incident.updateAskedAt = null;
}

function restartClock(incident: Incident, at: EpochMs, acknowledgeBy: EpochMs): void {
  incident.clockStartedAt = at;
  incident.stepsStartedAt = at;
  incident.worstOfClock = incident.tier;
  incident.remindersFrom = at;
  incident.upgradedAt = null;
  incident.acknowledgeBy = acknowledgeBy;
  incident.acknowledgedAt = null;
  incident.acknowledgedBy = null;
  incident.lastUpdateAt = null;
  incident.updateAskedAt = null;
  incident.fromSecondLevel = false;
  incident.breachedAt = null;
  incident.refusedIds.clear();
  incident.stepsTaken.clear();
  incident.silencedSteps.clear();
}

function takeStep(
  state: EngineState,
  incident: Incident,
  { step, silencedBy, at }: Extract<DomainEvent, { type: 'clock-step-taken' }>,
): void {
  if (step.startsWith(ASKS_FOR_UPDATE)) incident.updateAskedAt = at;
  incident.stepsTaken.add(step);
  if (step.startsWith(AFTER_SILENCE)) incident.silencedSteps.clear();
  if (silencedBy === undefined) return;
  incident.silencedSteps.add(step);
  state.silences.get(silencedBy)?.hiddenIncidentIds.add(incident.id);
}

/** A milder tier pages on from where the worse one was: nobody is told twice because it got better. */
function skipStepsAlreadyDue(incident: Incident, at: EpochMs): void {
  incident.steps[incident.tier].forEach((step, index) => {
    if (incident.stepsStartedAt + dueAfterMs(incident, step.afterMs) > at) return;
    incident.stepsTaken.add(`step:${incident.tier}:${index}`);
  });
}

function rememberTier(incident: Incident, reached: Tier, at: EpochMs): void {
  for (const tier of [reached, 2, 3, 4] as const) {
    if (tier >= reached && !incident.tierReachedAt.has(tier)) incident.tierReachedAt.set(tier, at);
  }
}

/** Stays at hand beyond the others until it is closed, and authorities have been told. */
function awaitsReview(incident: Incident): boolean {
  const isToldTo = [...incident.authorityClocks.values()].every(({ toldAt }) => toldAt !== null);
  return (incident.closedAt === null && needsReview(incident)) || !isToldTo;
}

/** Drops the incidents that were resolved first, with their pages, once too many are held. */
function forgetOldest(state: EngineState): void {
  if (state.incidents.size - state.openIncidentIds.size <= LARGEST_RESOLVED_HISTORY) return;
  const resolved = resolvedInOrder(state);
  let unreviewed = 0;
  for (let place = resolved.length - LARGEST_RESOLVED_HISTORY - 1; place >= 0; place -= 1) {
    const incident = resolved[place]!;
    if (unreviewed < MOST_UNREVIEWED && awaitsReview(incident)) {
      unreviewed += 1;
      continue;
    }
    if (incident.pageIds.some((id) => state.pages.get(id)?.status === 'queued')) continue;
    for (const pageId of incident.pageIds) state.pages.delete(pageId);
    state.incidents.delete(incident.id);
    for (const key of incident.rootKeys) {
      if (state.incidentByRoot.get(key) === incident.id) state.incidentByRoot.delete(key);
    }
    resolved.splice(place, 1);
  }
}
