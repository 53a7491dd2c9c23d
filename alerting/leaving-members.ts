import type { EpochMs } from '../lib/time.ts';
import { MINUTE } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { partNameOf } from './fault-key.ts';
import { isFlapping } from './flaps.ts';
import { farEnd, linkOf } from './link-faults.ts';
import { linkAt } from './links.ts';
import { isObserved } from './paths.ts';
import type { Fault, Incident } from './state.ts';

/**
 * Faults that leave an incident: those that are over, and those that stand for themselves once its
 * cause is gone.
 */

/** Links come up, and are told as up, only after the device that lost them. */
const LINKS_SETTLE_MS = 2 * MINUTE;

/** A device whose power is back takes this long to start. */
const STARTS_WITHIN_MS = 5 * MINUTE;

/** Takes out of an incident what no longer belongs to it. */
export function dropLeavingMembers(deciding: Deciding, incident: Incident): void {
  for (const faultKey of incident.members.keys()) {
    if (!deciding.state.faults.has(faultKey)) remove(deciding, incident, faultKey, 'cleared');
  }
  const isCauseComing = isFlapping(deciding.state, incident.rootFaultKey);
  if (isCauseActive(deciding, incident) || isCauseComing) return;
  for (const [faultKey, relation] of incident.members) {
    const stands =
      relation === 'behind' ||
      (relation === 'fed-by' && hasHadTimeToStart(deciding, incident)) ||
      // What a group still lacks is known once all groups have been looked at.
      (relation === 'redundancy' && deciding.isFullLook) ||
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

/** Each one that is back gives the others their time anew. */
function hasHadTimeToStart({ now }: Deciding, { restoredAt }: Incident): boolean {
  return restoredAt === null || now >= restoredAt + STARTS_WITHIN_MS;
}

function remove(
  deciding: Deciding,
  incident: Incident,
  faultKey: string,
  reason: 'cleared' | 'split-off',
): void {
  deciding.emit({
    type: 'member-removed',
    at: deciding.now,
    incidentId: incident.id,
    faultKey,
    reason,
  });
}

/** A device that answers, though unreadably, cuts nothing off. */
function isCauseActive(deciding: Deciding, { rootFaultKey, rootKind }: Incident): boolean {
  return rootKind !== 'monitoring-blind' && deciding.state.faults.has(rootFaultKey);
}

/**
 * A link that its device tells as down long enough after the cause is gone stands for itself; so does
 * one whose device tells nothing any more, for nothing that is said of it is about this cause.
 */
function isLinkOfItsOwn(deciding: Deciding, incident: Incident, faultKey: string): boolean {
  if (incident.restoredAt === null) return false;
  const settledAt: EpochMs = incident.restoredAt + LINKS_SETTLE_MS;
  const { deviceId } = deciding.state.faults.get(faultKey)!;
  if (!isObserved(deciding.state, deviceId)) return deciding.now >= settledAt;
  // A link that was itself the cause is lost for as long as one of its ends says so.
  if (isLinkOfRoot(deciding, incident, faultKey)) return false;
  const told = deciding.soft.devices.get(deviceId);
  if (told === undefined || told.lastFullAt === null) return false;
  return told.conditions.has(faultKey) && told.lastFullAt >= settledAt;
}

function isLinkOfRoot(deciding: Deciding, incident: Incident, faultKey: string): boolean {
  if (incident.rootKind !== 'port-down') return false;
  const graph = deciding.requireGraph();
  const root = linkAt(graph.links, incident.rootDeviceId, partNameOf(incident.rootComponent));
  return root !== null && linkOf(graph, deciding.state.faults.get(faultKey)!) === root;
}
