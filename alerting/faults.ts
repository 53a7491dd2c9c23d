import {
  type Condition,
  type ConditionFacts,
  NO_FACTS,
  type Observation,
  tellsStandby,
} from '../collector/observation.ts';
import type { FaultKind } from '../config/fault-kinds.ts';
import { type LocalText, sayWith } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { deviceOfFault, faultKeyOf } from './fault-key.ts';
import { raisedLately } from './flaps.ts';
import type { Graph } from './graph.ts';
import { refreshDegraded } from './health-change.ts';
import { linkAt, linkName } from './links.ts';
import { type SoftDevice, softDevice } from './soft-state.ts';
import type { EngineState, Fault } from './state.ts';

const OF_PORTS: ReadonlySet<FaultKind> = new Set(['port-errors', 'port-discards', 'port-full']);

/** A change of charge worth a record. */
const CHARGE_STEP = 0.05;

/**
 * Takes in what a full poll said about the parts of a device. A condition is believed at once, for
 * it is the device's own word; its absence is believed after `successesToClear` complete polls.
 */
export function decideConditions(deciding: Deciding, observation: Observation): void {
  if (observation.conditions === null || observation.outcome !== 'ok') return;
  const { deviceId, startedAt } = observation;
  const soft = softDevice(deciding.soft, deviceId);
  soft.lastFullAt = startedAt;
  const seen = new Map<string, Condition>();
  for (const condition of observation.conditions) {
    if (tellsStandby(condition) && !isPrimary(deciding.requireGraph(), deviceId)) continue;
    seen.set(faultKeyOf(deviceId, condition.component, condition.kind), condition);
  }
  soft.conditions = seen;
  for (const [key, condition] of seen) {
    soft.missing.delete(key);
    const fault = deciding.state.faults.get(key);
    if (fault === undefined) raiseCondition(deciding, key, deviceId, condition, startedAt);
    else updateFault(deciding, fault, condition);
  }
  for (const fault of partFaultsOf(deciding.state, deviceId)) {
    if (seen.has(fault.key)) continue;
    if (observation.unreadComponents.includes(fault.component!)) continue;
    if (isClearConfirmed(deciding, soft, fault, startedAt)) {
      const since = soft.missing.get(fault.key)!.firstAt;
      soft.missing.delete(fault.key);
      clearFault(deciding, fault.key, since);
      refreshDegraded(deciding, deviceId, since, 'faults-cleared');
    }
  }
}

/** Whether the device is to carry the service of a redundancy group while all is well. */
function isPrimary(graph: Graph, deviceId: string): boolean {
  const groups = graph.groupsOf.get(deviceId) ?? [];
  return groups.some(({ primaryIds = [] }) => primaryIds.includes(deviceId));
}

/** Raises a fault of the device as a whole unless it is active. */
export function raiseDeviceFault(
  deciding: Deciding,
  deviceId: string,
  kind: 'device-down' | 'monitoring-blind',
  level: 'warning' | 'critical',
  since: EpochMs,
  text: LocalText,
): void {
  const faultKey = faultKeyOf(deviceId, null, kind);
  if (deciding.state.faults.has(faultKey)) return;
  deciding.emit({
    type: 'fault-raised',
    at: deciding.now,
    faultKey,
    deviceId,
    component: null,
    kind,
    level,
    since,
    text,
    facts: NO_FACTS,
  });
  noticeFlapping(deciding, faultKey, deviceId);
}

/** Ends a fault of what nobody watches any more: it has not recovered. Nothing happens when it is not active. */
export function removeFault(deciding: Deciding, faultKey: string): void {
  if (!deciding.state.faults.has(faultKey)) return;
  const { now: at } = deciding;
  deciding.emit({ type: 'fault-cleared', at, faultKey, since: at, isRemoved: true });
}

/** Clears a fault; nothing happens when it is not active. */
export function clearFault(deciding: Deciding, faultKey: string, since: EpochMs): void {
  if (!deciding.state.faults.has(faultKey)) return;
  deciding.emit({ type: 'fault-cleared', at: deciding.now, faultKey, since });
}

/** Lets faults that have settled leave the flapping state. */
export function decideFlapping(deciding: Deciding): void {
  const { windowMs, leaveBelow } = deciding.requireGraph().topology.flapping;
  for (const [faultKey, flap] of deciding.state.flaps) {
    if (flap.flappingSince === null) continue;
    if (raisedLately(flap, windowMs, deciding.now) >= leaveBelow) continue;
    const deviceId = deviceOfFault(faultKey);
    deciding.emit({ type: 'flapping-ended', at: deciding.now, faultKey, deviceId });
  }
}

function raiseCondition(
  deciding: Deciding,
  faultKey: string,
  deviceId: string,
  condition: Condition,
  since: EpochMs,
): void {
  deciding.emit({
    type: 'fault-raised',
    at: deciding.now,
    faultKey,
    deviceId,
    component: condition.component,
    kind: condition.kind,
    level: condition.level,
    since,
    text: textOf(deciding, deviceId, condition),
    facts: condition.facts,
  });
  noticeFlapping(deciding, faultKey, deviceId);
  refreshDegraded(deciding, deviceId, since, 'fault-raised');
}

/** A lost port of a known link is told with both ends: whoever reads of one looks for the other. */
function textOf(deciding: Deciding, deviceId: string, { kind, text, facts }: Condition): LocalText {
  if (kind !== 'port-down') return text;
  const graph = deciding.requireGraph();
  const ends = linkAt(graph.links, deviceId, facts.port);
  const link = ends === null ? null : linkName(ends, (id) => graph.devices.get(id)?.name ?? id);
  return link === null
    ? text
    : sayWith({ text, link }, '{text} (link {link})', '{text}（链路 {link}）');
}

/** Only what changes a decision enters the journal: the level, whole minutes of battery, and how many parts are left. */
function updateFault(deciding: Deciding, fault: Fault, condition: Condition): void {
  const isSame =
    tellsSameBattery(fault.facts, condition.facts) &&
    tellsSameParts(fault, condition) &&
    tellsSamePorts(fault, condition) &&
    tellsSameMeasures(fault, condition);
  if (fault.level === condition.level && isSame) return;
  deciding.emit({
    type: 'fault-updated',
    at: deciding.now,
    faultKey: fault.key,
    level: condition.level,
    text: textOf(deciding, fault.deviceId, condition),
    facts: condition.facts,
  });
  const reason = condition.level === 'critical' ? 'fault-raised' : 'faults-cleared';
  refreshDegraded(deciding, fault.deviceId, deciding.now, reason);
}

/** Whole minutes of battery; where none are told, whole steps of charge. */
function tellsSameBattery(before: ConditionFacts, now: ConditionFacts): boolean {
  if (before.batteryMinutes !== null || now.batteryMinutes !== null) {
    return wholeSteps(before.batteryMinutes, 1) === wholeSteps(now.batteryMinutes, 1);
  }
  return wholeSteps(before.chargeRatio, CHARGE_STEP) === wholeSteps(now.chargeRatio, CHARGE_STEP);
}

function tellsSameParts({ facts: before }: Fault, { facts: now }: Condition): boolean {
  return before.parts?.lost === now.parts?.lost && before.parts?.of === now.parts?.of;
}

/** Of ports that lose packets or are full there is one fault: which they are is in its text. */
function tellsSamePorts(fault: Fault, { text }: Condition): boolean {
  return !OF_PORTS.has(fault.kind) || fault.text.en === text.en;
}

/** Of a path as well, and which of its measures are bad: their figures move with every round. */
function tellsSameMeasures(fault: Fault, { text }: Condition): boolean {
  if (fault.kind !== 'path-quality') return true;
  const words = (told: string) => told.replace(/[\d.]+/g, '');
  return words(fault.text.en) === words(text.en);
}

function wholeSteps(value: number | null, step: number): number | null {
  return value === null ? null : Math.floor(value / step);
}

function isClearConfirmed(
  deciding: Deciding,
  soft: SoftDevice,
  fault: Fault,
  startedAt: EpochMs,
): boolean {
  const missing = soft.missing.get(fault.key) ?? { polls: 0, firstAt: startedAt };
  missing.polls += 1;
  soft.missing.set(fault.key, missing);
  const device = deciding.requireGraph().devices.get(fault.deviceId)!;
  return missing.polls >= device.successesToClear;
}

function partFaultsOf(state: EngineState, deviceId: string): readonly Fault[] {
  const keys = state.devices.get(deviceId)?.faultKeys ?? [];
  return [...keys].map((key) => state.faults.get(key)!).filter(isOfPart);
}

/** What another program says of the device is none of its poll's business. */
function isOfPart({ component, kind }: Fault): boolean {
  return component !== null && kind !== 'alert';
}

/** Finds out whether the fault that was just raised comes and goes. */
export function noticeFlapping(deciding: Deciding, faultKey: string, deviceId: string): void {
  const { windowMs, enterAbove } = deciding.requireGraph().topology.flapping;
  const flap = deciding.state.flaps.get(faultKey)!;
  if (flap.flappingSince !== null) return;
  const count = raisedLately(flap, windowMs, deciding.now);
  if (count <= enterAbove) return;
  deciding.emit({ type: 'flapping-started', at: deciding.now, faultKey, deviceId, count });
}
