import type { FaultKind } from '../config/model.ts';
import { type EpochMs, MINUTE } from '../lib/time.ts';
import { isOnMainsAgain } from './battery.ts';
import { heldMs } from './causes.ts';
import type { Deciding } from './deciding.ts';
import { deviceOfFault, partNameOf } from './fault-key.ts';
import { isFlapping } from './flaps.ts';
import { isOfLostMember } from './folding.ts';
import { subjectOf } from './graph.ts';
import { farEnd, linkOf } from './link-faults.ts';
import { linkAt } from './links.ts';
import { activeMembers } from './members.ts';
import { isObserved } from './paths.ts';
import { BLIND_KEY } from './self-watch.ts';
import type { Fault, Incident } from './state.ts';

/**
 * What becomes of the faults of an incident when its root is over. One rule for all:
 *
 *   a fault of the same cause (of the same device and trouble, the other end of the same link, the
 *     same redundancy group) ──▶ stays, and the gravest of them is the root: the incident is about it now
 *   a fault that only came of the root ──▶ has its time to end with it, and then stands for itself
 *
 * The title follows at once, and so do evidence and tier; nobody is paged for that alone.
 */

/** Roots that cut off, or leave without power, what else is in their incident. */
const CUTS_OFF: ReadonlySet<FaultKind> = new Set([
  ...(['device-down', 'port-down', 'on-battery', 'battery-low'] as const),
  ...(['redundancy-lost', 'switched-over'] as const),
]);

/** Links come up, and are told as up, only after the device that lost them. */
const LINKS_SETTLE_MS = 2 * MINUTE;

/** A device whose power is back takes this long to start. */
const STARTS_WITHIN_MS = 5 * MINUTE;

/** Takes out of an incident what no longer belongs to it. */
export function dropLeavingMembers(deciding: Deciding, incident: Incident): void {
  for (const faultKey of incident.members.keys()) {
    if (deciding.state.faults.has(faultKey)) continue;
    const isGone =
      subjectOf(deciding.requireGraph(), deviceOfFault(faultKey)) === null ||
      isBlindForNobody(incident, faultKey);
    remove(deciding, incident, faultKey, isGone ? 'removed' : 'cleared');
  }
  const isCauseComing = isFlapping(deciding.state, incident.rootFaultKey);
  if (!deciding.state.faults.has(incident.rootFaultKey) && !isCauseComing)
    passRoot(deciding, incident);
  if (isCauseActive(deciding, incident) || isCauseComing) return;
  const graph = deciding.requireGraph();
  for (const [faultKey, relation] of incident.members) {
    const fault = deciding.state.faults.get(faultKey);
    if (fault === undefined || isOfLostMember(deciding.state, graph, fault, incident.id)) continue;
    const stands =
      relation === 'behind' ||
      (relation === 'fed-by' && hasHadTimeToStart(deciding, incident)) ||
      // What a group still lacks is known once all groups have been looked at.
      (relation === 'redundancy' && deciding.isLookedAtInFull(incident.id)) ||
      (relation === 'link' && isLinkOfItsOwn(deciding, incident, faultKey));
    if (stands) remove(deciding, incident, faultKey, 'split-off');
  }
}

/**
 * Whether a lost link has nothing behind it that failed, and nobody who says that it still is lost:
 * its device tells nothing, or no longer this, and the device at the other end answers.
 */
export function isUnprovenLink(deciding: Deciding, fault: Fault): boolean {
  const far = farEnd(deciding.requireGraph(), fault);
  if (far === null || !isObserved(deciding.state, far.deviceId)) return false;
  if (!isObserved(deciding.state, fault.deviceId)) return true;
  return deciding.soft.devices.get(fault.deviceId)?.conditions.has(fault.key) !== true;
}

/** Whether the fault is that monitoring was blind, for devices that have left the configuration since. */
export function isBlindForNobody({ causes }: Incident, faultKey: string): boolean {
  if (faultKey !== BLIND_KEY) return false;
  return causes.find((cause) => cause.faultKey === faultKey)?.until === null;
}

/** Each one that is back gives the others their time anew. */
function hasHadTimeToStart({ now }: Deciding, { restoredAt }: Incident): boolean {
  return restoredAt === null || now >= restoredAt + STARTS_WITHIN_MS;
}

function remove(
  deciding: Deciding,
  incident: Incident,
  faultKey: string,
  reason: 'cleared' | 'split-off' | 'removed',
): void {
  deciding.emit({
    type: 'member-removed',
    at: deciding.now,
    incidentId: incident.id,
    faultKey,
    reason,
  });
}

/** The gravest fault of the same cause takes the place of a root that is over. */
function passRoot(deciding: Deciding, incident: Incident): void {
  const { state, now: at } = deciding;
  const heir = activeMembers(state, incident).find((each) =>
    isOfSameCause(deciding, incident, each),
  );
  if (heir === undefined) return;
  const { id: incidentId, rootFaultKey, causes } = incident;
  const before = causes.find((cause) => cause.faultKey === rootFaultKey);
  const over = { faultKey: rootFaultKey, heldMs: before === undefined ? 0 : heldMs(before, at) };
  deciding.emit({ type: 'incident-root-passed', at, incidentId, faultKey: heir.key, over });
}

function isOfSameCause(deciding: Deciding, incident: Incident, fault: Fault): boolean {
  switch (incident.members.get(fault.key)) {
    case 'same-device':
      return true;
    case 'redundancy':
      // What a group still lacks is known once all groups have been looked at.
      return fault.deviceId === incident.rootDeviceId && deciding.isLookedAtInFull(incident.id);
    case 'link':
      return (
        isLinkOfRoot(deciding, incident, fault.key) && isToldSinceSettled(deciding, incident, fault)
      );
    default:
      return false;
  }
}

/**
 * Whether something that lasts explains what else is in the incident. A device that answers, though
 * unreadably, cuts nothing off; nor does what is left of a cause whose worst is over.
 */
function isCauseActive({ state }: Deciding, incident: Incident): boolean {
  const { rootFaultKey, rootKind, causes } = incident;
  if (rootKind === 'monitoring-blind' || !state.faults.has(rootFaultKey)) return false;
  if (causes.length <= 1) return true;
  return activeMembers(state, incident).some((fault) => {
    const relation = incident.members.get(fault.key);
    if (relation !== 'root' && relation !== 'same-device') return false;
    return CUTS_OFF.has(fault.kind) && !isOnMainsAgain(state, fault);
  });
}

/**
 * A link that its device tells as down long enough after the cause is gone stands for itself; so does
 * one whose device tells nothing any more, for nothing that is said of it is about this cause.
 */
function isLinkOfItsOwn(deciding: Deciding, incident: Incident, faultKey: string): boolean {
  if (incident.restoredAt === null) return false;
  const fault = deciding.state.faults.get(faultKey)!;
  if (!isObserved(deciding.state, fault.deviceId))
    return deciding.now >= incident.restoredAt + LINKS_SETTLE_MS;
  // A link that was itself the cause is lost for as long as one of its ends says so.
  if (isLinkOfRoot(deciding, incident, faultKey)) return false;
  return isToldSinceSettled(deciding, incident, fault);
}

/** Whether its device still tells the fault long enough after the cause is gone. */
function isToldSinceSettled({ soft }: Deciding, { restoredAt }: Incident, fault: Fault): boolean {
  if (restoredAt === null) return false;
  const settledAt: EpochMs = restoredAt + LINKS_SETTLE_MS;
  const told = soft.devices.get(fault.deviceId);
  if (told === undefined || told.lastFullAt === null) return false;
  return told.conditions.has(fault.key) && told.lastFullAt >= settledAt;
}

function isLinkOfRoot(deciding: Deciding, incident: Incident, faultKey: string): boolean {
  if (incident.rootKind !== 'port-down') return false;
  const graph = deciding.requireGraph();
  const root = linkAt(graph.links, incident.rootDeviceId, partNameOf(incident.rootComponent));
  return root !== null && linkOf(graph, deciding.state.faults.get(faultKey)!) === root;
}
