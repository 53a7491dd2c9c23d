import { assert } from '../lib/assert.ts';
import type { EpochMs } from '../lib/time.ts';
import { applyClockStep } from './apply-clock-step.ts';
import { applyDutyEvent } from './apply-duty.ts';
import { applyIncidentEvent } from './apply-incident.ts';
import { applyOverrideEvent } from './apply-override.ts';
import { applyPageEvent } from './apply-page.ts';
import { applyProcedureEvent } from './apply-procedure.ts';
import { applySilenceEvent } from './apply-silence.ts';
import { applyTierEvent } from './apply-tier.ts';
import { endCause } from './causes.ts';
import type { DomainEvent } from './events.ts';
import { flapRate, LONGEST_FLAP_HISTORY } from './flaps.ts';
import { doubtUnreportedPages } from './page-doubt.ts';
import {
  type EngineState,
  emptyState,
  type Fault,
  type Flap,
  MOST_TAKEN_CALLBACKS,
} from './state.ts';

/** Names of devices that left which are kept: those of a network that was exchanged as a whole. */
const MOST_FORMER_NAMES = 10_000;

/**
 * Folds one event into the state and returns it. The state is owned by the caller and changed in
 * place: copying ten thousand devices per event would make a replay of a year take hours. Nothing
 * but the event decides the result, so replaying a journal gives the same state every time.
 */
export function apply(state: EngineState, event: DomainEvent): EngineState {
  const lastEventAt = state.lastEventAt ?? event.at;
  state.lastEventAt = event.at;
  switch (event.type) {
    case 'clock-stepped':
      return applyClockStep(state, event);
    case 'service-started':
      return startService(state, event, lastEventAt);
    case 'service-stopped':
      return stopService(state, event);
    case 'incident-clock-moved':
    case 'notification-received':
    case 'snmp-engine-changed':
    case 'series-left-out':
    case 'report-archive-noted':
      return state;
    case 'callback-taken':
      rememberCallback(state, event.callbackId);
      return state;
    case 'topology-loaded':
      return loadTopology(state, event);
    case 'lease-renewed':
      state.leaseAt = event.at;
      forgetOldFlaps(state, event.at);
      return state;
    case 'health-changed':
      return changeHealth(state, event);
    case 'fault-raised':
    case 'fault-updated':
    case 'fault-cleared':
      applyFaultEvent(state, event);
      return state;
    case 'flapping-started':
      flapOf(state, event.faultKey).flappingSince = event.at;
      return state;
    case 'flapping-ended':
      endFlapping(state, event.faultKey);
      return state;
    default:
      return applyWhatFollows(state, event);
  }
}

type Rest = Exclude<
  DomainEvent,
  | { type: `service-${string}` | `fault-${string}` | `flapping-${string}` }
  | {
      type:
        | 'clock-stepped'
        | 'incident-clock-moved'
        | 'notification-received'
        | 'snmp-engine-changed'
        | 'series-left-out'
        | 'report-archive-noted'
        | 'callback-taken'
        | 'topology-loaded'
        | 'lease-renewed'
        | 'health-changed';
    }
>;

/** What people do, what is owed, pages, and incidents themselves. */
function applyWhatFollows(state: EngineState, event: Rest): EngineState {
  switch (event.type) {
    case 'override-added':
    case 'override-removed':
      return applyOverrideEvent(state, event);
    case 'stage-reached':
    case 'notice-drafted':
    case 'notice-published':
    case 'review-written':
    case 'incident-closed':
    case 'customer-report-received':
    case 'customer-report-joined':
    case 'customer-report-responded':
    case 'customer-report-answered':
    case 'customer-report-breached':
      return applyProcedureEvent(state, event);
    case 'review-required':
    case 'review-told':
    case 'review-overdue':
    case 'review-approved':
    case 'authority-clock-started':
    case 'authority-reminded':
    case 'authority-clock-breached':
    case 'authority-told':
      return applyDutyEvent(state, event);
    case 'tier-proposed':
    case 'tier-released':
      return applyTierEvent(state, event);
    case 'silence-added':
    case 'silence-confirmed':
    case 'silence-extended':
    case 'silence-ended':
      return applySilenceEvent(state, event);
    case 'page-queued':
    case 'page-attempt-failed':
    case 'page-sent':
    case 'page-abandoned':
    case 'page-confirmed':
    case 'page-cancelled':
      return applyPageEvent(state, event);
    default:
      return applyIncidentEvent(state, event);
  }
}

function startService(
  state: EngineState,
  { at, runId }: Extract<DomainEvent, { type: 'service-started' }>,
  endedAt: EpochMs,
): EngineState {
  doubtUnreportedPages(state, endedAt, at);
  delete state.unreportedPageIds;
  state.startedAt = at;
  state.runId = runId ?? null;
  return state;
}

function stopService(
  state: EngineState,
  { unreportedPageIds }: Extract<DomainEvent, { type: 'service-stopped' }>,
): EngineState {
  if (unreportedPageIds !== undefined) state.unreportedPageIds = unreportedPageIds;
  return state;
}

function changeHealth(
  state: EngineState,
  event: Extract<DomainEvent, { type: 'health-changed' }>,
): EngineState {
  const device = state.devices.get(event.deviceId);
  assert(device, `health of a device that is not in the topology: ${event.deviceId}`);
  device.health = event.to;
  device.healthSince = event.since;
  if (event.to !== 'unknown') device.lastKnownHealth = event.to;
  if (event.uptime !== undefined) {
    device.uptime = { ...event.uptime, ranSince: event.ranSince ?? null };
  }
  return state;
}

type FaultEvent = Extract<DomainEvent, { type: `fault-${string}` }>;

function applyFaultEvent(state: EngineState, event: FaultEvent): void {
  switch (event.type) {
    case 'fault-raised':
      raiseFault(state, event);
      return;
    case 'fault-updated': {
      const fault = state.faults.get(event.faultKey);
      assert(fault, `update of a fault that is not active: ${event.faultKey}`);
      fault.level = event.level;
      fault.text = event.text;
      fault.facts = event.facts;
      fault.factsAt = event.at;
      Object.assign(fault, toldBattery(event));
      if (fault.alert && event.senders) fault.alert = { ...fault.alert, senders: event.senders };
      return;
    }
    case 'fault-cleared':
      clearFault(state, event);
  }
}

/** The state that a journal stands for. */
export function replay(events: Iterable<DomainEvent>): EngineState {
  let state = emptyState();
  for (const event of events) state = apply(state, event);
  return state;
}

function loadTopology(
  state: EngineState,
  { topology, hash, at }: Extract<DomainEvent, { type: 'topology-loaded' }>,
): EngineState {
  const present = new Set(topology.devices.map((device) => device.id));
  rememberNames(state, present);
  state.topologyHash = hash;
  state.topology = topology;
  for (const deviceId of state.devices.keys()) {
    if (!present.has(deviceId)) state.devices.delete(deviceId);
  }
  for (const { id } of topology.devices) {
    if (state.devices.has(id)) continue;
    state.devices.set(id, {
      deviceId: id,
      health: 'unknown',
      healthSince: at,
      lastKnownHealth: 'unknown',
      uptime: null,
      faultKeys: new Set(),
    });
  }
  return state;
}

/** What leaves is still told of, in incidents that are over and in the timeline. */
function rememberNames({ topology, formerNames }: EngineState, present: ReadonlySet<string>): void {
  for (const { id, name } of topology?.devices ?? [])
    if (!present.has(id)) formerNames.set(id, name);
  for (const id of [...formerNames.keys()]) {
    if (present.has(id) || formerNames.size > MOST_FORMER_NAMES) formerNames.delete(id);
  }
}

function raiseFault(
  state: EngineState,
  event: Extract<DomainEvent, { type: 'fault-raised' }>,
): void {
  state.faults.set(event.faultKey, {
    key: event.faultKey,
    deviceId: event.deviceId,
    component: event.component,
    kind: event.kind,
    level: event.level,
    since: event.since,
    raisedAt: event.at,
    text: event.text,
    facts: event.facts,
    factsAt: event.at,
    ...toldBattery(event),
    ...(event.alert === undefined ? {} : { alert: event.alert }),
    ...(event.inferred === undefined ? {} : { inferred: event.inferred }),
    incidentId: null,
  });
  state.devices.get(event.deviceId)?.faultKeys.add(event.faultKey);
  state.standaloneFaultKeys.add(event.faultKey);
  if (event.kind === 'on-generator') state.generatorFaultKeys.add(event.faultKey);
  rememberRaised(state, event.faultKey, event.at);
}

function toldBattery({
  facts: { batteryMinutes: minutes },
  at,
}: Pick<Extract<DomainEvent, { type: 'fault-raised' }>, 'facts' | 'at'>): Partial<
  Pick<Fault, 'toldBattery'>
> {
  return minutes === null ? {} : { toldBattery: { minutes, at } };
}

function clearFault(
  state: EngineState,
  { faultKey, since, isRemoved }: Extract<DomainEvent, { type: 'fault-cleared' }>,
): void {
  const fault = state.faults.get(faultKey);
  assert(fault, `clearing a fault that is not active: ${faultKey}`);
  const incident = fault.incidentId === null ? undefined : state.incidents.get(fault.incidentId);
  // That a group is whole again is seen after what it had lost is back.
  const isOfGroup = incident?.members.get(faultKey) === 'redundancy';
  if (incident !== undefined && incident.resolvedAt === null) {
    if (!isOfGroup) incident.restoredAt = Math.max(incident.restoredAt ?? since, since);
    // What is no longer watched has not recovered: it has no end.
    if (isRemoved !== true) endCause(incident.causes, faultKey, since);
  }
  state.faults.delete(faultKey);
  state.standaloneFaultKeys.delete(faultKey);
  state.generatorFaultKeys.delete(faultKey);
  state.devices.get(fault.deviceId)?.faultKeys.delete(faultKey);
}

function rememberRaised(state: EngineState, faultKey: string, at: EpochMs): void {
  const { raisedAt } = flapOf(state, faultKey);
  raisedAt.push(at);
  if (raisedAt.length > LONGEST_FLAP_HISTORY) raisedAt.shift();
}

/** The page that tells of the end says how often it came in all. */
function endFlapping(state: EngineState, faultKey: string): void {
  const incident = state.incidents.get(state.incidentByRoot.get(faultKey) ?? '');
  const rate = flapRate(state, faultKey);
  if (incident?.rootFaultKey === faultKey && incident.resolvedAt === null && rate !== null)
    incident.flapped = rate;
  state.flaps.delete(faultKey);
}

/** A fault that was not raised within the window no longer counts towards flapping. */
function forgetOldFlaps(state: EngineState, at: EpochMs): void {
  const windowMs = state.topology?.flapping.windowMs ?? 0;
  for (const [faultKey, flap] of state.flaps) {
    const lastAt = flap.raisedAt.at(-1) ?? at;
    if (flap.flappingSince === null && at - lastAt > windowMs) state.flaps.delete(faultKey);
  }
}

function flapOf(state: EngineState, faultKey: string): Flap {
  const known = state.flaps.get(faultKey);
  if (known !== undefined) return known;
  const flap: Flap = { raisedAt: [], flappingSince: null };
  state.flaps.set(faultKey, flap);
  return flap;
}

function rememberCallback(state: EngineState, callbackId: string): void {
  state.takenCallbacks ??= new Set();
  state.takenCallbacks.add(callbackId);
  const [oldest] = state.takenCallbacks;
  if (state.takenCallbacks.size > MOST_TAKEN_CALLBACKS) state.takenCallbacks.delete(oldest!);
}
