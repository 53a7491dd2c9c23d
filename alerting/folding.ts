import type { FaultKind } from '../config/model.ts';
import { BATTERY_KINDS } from './battery.ts';
import { darkFaultsAbove, faultsOfLoads, isDark } from './dark-feeds.ts';
import type { MemberRelation } from './events.ts';
import { faultKeyOf } from './fault-key.ts';
import type { Graph } from './graph.ts';
import { groupsOfFault, standingOf } from './groups.ts';
import { farEnd, faultsOfLink, linkedChild, linkOf, otherEndFault } from './link-faults.ts';
import { isSilent } from './paths.ts';
import { portDownFault } from './port-faults.ts';
import { pathFault, sitePathsPercent } from './site-impact.ts';
import type { EngineState, Fault } from './state.ts';
import { groupSubjectId } from './subjects.ts';
import { deadUnnamedParent, ONE_EVENT_MS, twinOfUnnamedUplink } from './unnamed-uplinks.ts';

/**
 * Root cause first: where a new fault is only a consequence of one that already has an incident, it
 * joins that incident instead of opening its own.
 */
export interface Fold {
  readonly incidentId: string;
  readonly relation: MemberRelation;
}

/** Kinds that are one trouble when they meet in one device. */
const FAMILIES: readonly ReadonlySet<FaultKind>[] = [
  new Set<FaultKind>(['on-battery', 'battery-low', 'power-input', 'output-overload']),
  new Set<FaultKind>(['temperature', 'fan']),
  new Set<FaultKind>(['power-supply']),
  new Set<FaultKind>(['port-errors', 'port-discards', 'port-full']),
];

/**
 * The open incident whose cause the fault turns out to be, or null. Links of a device that were lost
 * together with it were only its first signs; and a device that could not be read and now is silent
 * (or the other way round) has not recovered in between. A link that was lost long before is another
 * story, which may have been acknowledged as such: then the device has its own incident.
 */
export function findCaused(state: EngineState, graph: Graph, fault: Fault): string | null {
  return (
    findFirstSign(state, graph, fault) ??
    findLoadSign(state, graph, fault) ??
    findGroupSign(state, graph, fault)
  );
}

function findFirstSign(state: EngineState, graph: Graph, fault: Fault): string | null {
  const other = OTHER_FAILURE[fault.kind];
  if (other === undefined) return null;
  const before = state.incidentByRoot.get(faultKeyOf(fault.deviceId, null, other));
  if (before !== undefined && state.openIncidentIds.has(before)) return before;
  if (fault.kind !== 'device-down') return null;
  for (const link of lostLinks(state, graph, fault.deviceId)) {
    const root = state.faults.get(state.incidents.get(link.incidentId!)!.rootFaultKey);
    if (root === undefined || !isSignOfDeath(graph, root, fault.deviceId)) continue;
    if (isSignOfDeath(graph, link, fault.deviceId) && isOneEvent(link, fault))
      return link.incidentId;
  }
  return null;
}

/**
 * Whether the fault is a lost link of the device by which its death may show first: one that serves
 * it, whichever end tells, or any that the other end tells. What it tells itself of a link to
 * somebody below it, it tells because it lives.
 */
function isSignOfDeath(graph: Graph, fault: Fault, deviceId: string): boolean {
  if (linkedChild(graph, fault) === deviceId) return true;
  if (fault.deviceId === deviceId) return false;
  return linkOf(graph, fault)?.ends.some((end) => end.deviceId === deviceId) === true;
}

/** That a load is down was told before what it has its power from was, or told that its battery is empty. */
function findLoadSign(state: EngineState, graph: Graph, fault: Fault): string | null {
  const node = graph.feeds.get(fault.deviceId);
  const isOfPower = fault.kind === 'device-down' || BATTERY_KINDS.has(fault.kind);
  if (!isOfPower || node === undefined || !isDark(state, graph, fault)) return null;
  for (const sign of faultsOfLoads(state, graph, node.hangingIds)) {
    const incidentId = openIncidentOf(state, sign.key);
    if (incidentId === null || !isOneEvent(sign, fault)) continue;
    if (state.incidents.get(incidentId)!.rootFaultKey === sign.key) return incidentId;
  }
  return null;
}

/** That a redundancy group has lost a member was told before what it lost. */
function findGroupSign(state: EngineState, graph: Graph, fault: Fault): string | null {
  if (isOfGroup(graph, fault)) return null;
  for (const { id } of groupsOfFault(graph, fault)) {
    for (const kind of ['redundancy-lost', 'switched-over'] as const) {
      const sign = state.faults.get(faultKeyOf(groupSubjectId(id), null, kind));
      const incidentId = sign === undefined ? null : openIncidentOf(state, sign.key);
      if (incidentId === null || !isOneEvent(sign!, fault)) continue;
      if (state.incidents.get(incidentId)!.rootFaultKey === sign!.key) return incidentId;
    }
  }
  return null;
}

/** The other way in which a device as a whole fails to answer. */
const OTHER_FAILURE: Partial<Readonly<Record<FaultKind, FaultKind>>> = {
  'device-down': 'monitoring-blind',
  'monitoring-blind': 'device-down',
};

/** The incident that explains the fault, or null when it stands for itself. */
export function findFold(state: EngineState, graph: Graph, fault: Fault): Fold | null {
  if (isOfGroup(graph, fault)) return lostMember(state, graph, fault);
  if (fault.kind === 'device-down') {
    return (
      behindParents(state, graph, fault.deviceId) ??
      behindLink(state, graph, fault.deviceId) ??
      fedByDark(state, graph, fault.deviceId) ??
      onItsBattery(state, fault)
    );
  }
  return (
    alertOfDeadDevice(state, fault) ??
    otherEndOfLink(state, graph, fault) ??
    linkOfDeadEnd(state, graph, fault) ??
    uplinkOfDeadParent(state, graph, fault) ??
    otherEndOfUnnamed(state, graph, fault) ??
    linkBesideLost(state, graph, fault) ??
    badPathsOfSite(state, graph, fault) ??
    sameDevice(state, fault)
  );
}

/** Every parent is down or unreachable: the nearest one with an incident explains it. */
function behindParents(state: EngineState, graph: Graph, childId: string): Fold | null {
  const visited = new Set<string>([childId]);
  for (const deviceId of visited) {
    const parents = graph.devices.get(deviceId)?.parents ?? [];
    if (deviceId === childId && parents.length === 0) return null;
    const alive = parents.some((parent) => !isSilent(state, parent.deviceId));
    if (alive && deviceId === childId) return null;
    for (const parent of parents) {
      const incidentId = incidentOfDown(state, parent.deviceId);
      if (incidentId !== null) return { incidentId, relation: 'behind' };
      visited.add(parent.deviceId);
    }
  }
  return null;
}

/** The only link from above is down, and that has an incident. */
function behindLink(state: EngineState, graph: Graph, childId: string): Fold | null {
  const parents = graph.devices.get(childId)?.parents ?? [];
  if (parents.length > 1) return null;
  for (const parent of parents) {
    if (parent.port === null) continue;
    const above = portDownFault(state, parent.deviceId, parent.port);
    const incidentId = above === null ? null : openIncidentOf(state, above.key);
    if (incidentId !== null) return { incidentId, relation: 'behind' };
  }
  return null;
}

/** Every power feed is dark: the power incident explains it. */
function fedByDark(state: EngineState, graph: Graph, deviceId: string): Fold | null {
  const faults = darkFaultsAbove(state, graph, deviceId) ?? [];
  for (const { key } of faults) {
    const incidentId = openIncidentOf(state, key);
    if (incidentId !== null) return { incidentId, relation: 'fed-by' };
  }
  return null;
}

/**
 * A power system that falls silent while it runs on its battery: the battery is the trouble, whether it
 * has run out or its card has given up first. When it answers again it tells which.
 */
function onItsBattery(state: EngineState, down: Fault): Fold | null {
  return besideFault(state, down, ({ kind }) => kind === 'on-battery');
}

/** That a device is down is what another program means, whatever it calls it. */
function alertOfDeadDevice(state: EngineState, fault: Fault): Fold | null {
  if (fault.kind !== 'alert') return null;
  const incidentId = incidentOfDown(state, fault.deviceId);
  return incidentId === null ? null : { incidentId, relation: 'same-device' };
}

/** A link is one cause, whichever end tells of it first. */
function otherEndOfLink(state: EngineState, graph: Graph, fault: Fault): Fold | null {
  const other = otherEndFault(state, graph, fault);
  const incidentId = other === null ? null : openIncidentOf(state, other.key);
  return incidentId === null ? null : { incidentId, relation: 'link' };
}

/**
 * A lost link belongs to the incident of a device at its other end that is down, cut off or without
 * power. What a device told of its links before it fell silent belongs to what silenced it.
 */
function linkOfDeadEnd(state: EngineState, graph: Graph, fault: Fault): Fold | null {
  if (fault.kind !== 'port-down') return null;
  const far = farEnd(graph, fault);
  const farSilence = far === null ? null : silenceIncident(state, graph, far.deviceId);
  const incidentId = farSilence ?? silenceIncident(state, graph, fault.deviceId);
  return incidentId === null ? null : { incidentId, relation: 'link' };
}

/** A port that nobody has named, lost together with a parent of its device, was the way to it. */
function uplinkOfDeadParent(state: EngineState, graph: Graph, fault: Fault): Fold | null {
  const down = deadUnnamedParent(state, graph, fault);
  const incidentId = down === null ? null : openIncidentOf(state, down.key);
  return incidentId === null ? null : { incidentId, relation: 'link' };
}

/** A cable of which one end is named nowhere, lost at both ends together. */
function otherEndOfUnnamed(state: EngineState, graph: Graph, fault: Fault): Fold | null {
  for (const other of twinOfUnnamedUplink(state, graph, fault)) {
    const incidentId = openIncidentOf(state, other.key);
    if (incidentId !== null) return { incidentId, relation: 'link' };
  }
  return null;
}

/** The incident that explains why a device is silent. */
function silenceIncident(state: EngineState, graph: Graph, deviceId: string): string | null {
  if (!isSilent(state, deviceId)) return null;
  const own = incidentOfDown(state, deviceId);
  if (own !== null) return own;
  const above =
    behindParents(state, graph, deviceId) ??
    behindLink(state, graph, deviceId) ??
    fedByDark(state, graph, deviceId);
  return above?.incidentId ?? null;
}

/**
 * Another link that serves the same device, or joins it to a neighbour, was lost just before: one
 * trouble, whatever it turns out to be. One to a device below it is another story.
 */
function linkBesideLost(state: EngineState, graph: Graph, fault: Fault): Fold | null {
  const childId = linkedChild(graph, fault);
  if (childId === null) return null;
  const before = lostLinks(state, graph, childId).find(
    (other) =>
      other.key !== fault.key &&
      (linkedChild(graph, other) ?? childId) === childId &&
      isSignOfDeath(graph, other, childId) &&
      isOneEvent(other, fault) &&
      hasCause(state, other),
  );
  return before === undefined ? null : { incidentId: before.incidentId!, relation: 'link' };
}

/** Links of a device that are down and have an open incident, those to its parents first. */
function lostLinks(state: EngineState, graph: Graph, deviceId: string): readonly Fault[] {
  const above = graph.devices.get(deviceId)!.parents.flatMap((link) => {
    const fault = link.port === null ? null : portDownFault(state, link.deviceId, link.port);
    return fault === null ? [] : [fault];
  });
  const links = graph.links.ofDevice.get(deviceId) ?? [];
  const told = new Set([...above, ...links.flatMap((link) => faultsOfLink(state, link))]);
  return [...told].filter(({ key }) => openIncidentOf(state, key) !== null);
}

/** An incident that only waits for its links to be told as up takes in nothing more. */
function hasCause(state: EngineState, { incidentId }: Fault): boolean {
  return state.faults.has(state.incidents.get(incidentId!)!.rootFaultKey);
}

function isOneEvent(a: Fault, b: Fault): boolean {
  return Math.abs(a.since - b.since) <= ONE_EVENT_MS;
}

/** What a redundancy group has lost explains it: the incident of the first lost member that has one. */
function lostMember(state: EngineState, graph: Graph, fault: Fault): Fold | null {
  const other = otherFaultOfGroup(state, fault);
  const incidentId = lostMembersOf(state, graph, fault)[0] ?? other;
  return incidentId === null ? null : { incidentId, relation: 'redundancy' };
}

/** The incidents of what its group has lost, one for each that has one. */
function lostMembersOf(state: EngineState, graph: Graph, fault: Fault): readonly string[] {
  const { group } = graph.groupSubjects.get(fault.deviceId)!;
  const standing = standingOf(state, graph, group, true);
  const primaryIds = group.primaryIds ?? [];
  const isMeant = (id: string) => fault.kind !== 'switched-over' || primaryIds.includes(id);
  const incidentIds = standing.lostIds
    .filter(isMeant)
    .map((id) => incidentOfMember(state, graph, id));
  return incidentIds.filter((id) => id !== null);
}

/**
 * Whether the fault is one more word for a device that is down, and that is in the incident: of a group
 * the device is lost to, or of a link to it. Such a fault is in the incident for as long as the device is.
 */
export function isOfLostMember(
  state: EngineState,
  graph: Graph,
  fault: Fault,
  incidentId: string,
): boolean {
  if (isOfGroup(graph, fault)) return lostMembersOf(state, graph, fault)[0] === incidentId;
  if (fault.kind !== 'port-down') return false;
  const ends = [farEnd(graph, fault)?.deviceId, fault.deviceId];
  return ends.some((id) => id !== undefined && incidentOfDown(state, id) === incidentId);
}

/** That it is short of members and that it has switched over are one trouble. */
function otherFaultOfGroup(state: EngineState, { deviceId, kind }: Fault): string | null {
  const other = kind === 'switched-over' ? 'redundancy-lost' : 'switched-over';
  return openIncidentOf(state, faultKeyOf(deviceId, null, other));
}

function incidentOfMember(state: EngineState, graph: Graph, memberId: string): string | null {
  const link = graph.links.byId.get(memberId);
  if (link === undefined) return incidentOfSilent(state, graph, memberId);
  for (const { key } of faultsOfLink(state, link)) {
    const incidentId = openIncidentOf(state, key);
    if (incidentId !== null) return incidentId;
  }
  const ends = link.ends.map(({ deviceId }) => incidentOfSilent(state, graph, deviceId));
  return ends.find((id) => id !== null) ?? null;
}

/** The incident of a device that is down, also when it is not observed any more, or cut off. */
function incidentOfSilent(state: EngineState, graph: Graph, deviceId: string): string | null {
  return incidentOfDown(state, deviceId) ?? silenceIncident(state, graph, deviceId);
}

function incidentOfDown(state: EngineState, deviceId: string): string | null {
  return openIncidentOf(state, faultKeyOf(deviceId, null, 'device-down'));
}

function isOfGroup(graph: Graph, { deviceId }: Fault): boolean {
  return graph.groupSubjects.has(deviceId);
}

/** The paths to all of a site are bad: one trouble, on the way that they share. */
function badPathsOfSite(state: EngineState, graph: Graph, fault: Fault): Fold | null {
  if (fault.kind !== 'path-quality') return null;
  const siteId = graph.devices.get(fault.deviceId)?.siteId;
  if (siteId === undefined || sitePathsPercent(state, graph, siteId) < 100) return null;
  for (const deviceId of graph.siteDevices.get(siteId)!) {
    const other = pathFault(state, deviceId);
    const incidentId = other === null ? null : openIncidentOf(state, other.key);
    if (other?.key !== fault.key && incidentId !== null)
      return { incidentId, relation: 'same-site' };
  }
  return null;
}

/** Two signs of one trouble in one device. */
function sameDevice(state: EngineState, fault: Fault): Fold | null {
  const family = FAMILIES.find((kinds) => kinds.has(fault.kind));
  if (family === undefined) return null;
  return besideFault(state, fault, ({ kind }) => family.has(kind));
}

/** The incident of another fault of the same device that is meant. */
function besideFault(
  state: EngineState,
  fault: Fault,
  isMeant: (other: Fault) => boolean,
): Fold | null {
  for (const key of state.devices.get(fault.deviceId)?.faultKeys ?? []) {
    if (key === fault.key || !isMeant(state.faults.get(key)!)) continue;
    const incidentId = openIncidentOf(state, key);
    if (incidentId !== null) return { incidentId, relation: 'same-device' };
  }
  return null;
}

function openIncidentOf(state: EngineState, faultKey: string): string | null {
  const incidentId = state.faults.get(faultKey)?.incidentId ?? null;
  if (incidentId === null) return null;
  return state.incidents.get(incidentId)?.resolvedAt === null ? incidentId : null;
}
