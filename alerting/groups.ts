import type { RedundancyGroup } from '../config/model.ts';
import { faultKeyOf } from './fault-key.ts';
import type { Graph } from './graph.ts';
import { memberIdsOf } from './group-subjects.ts';
import { faultsOfLink, linkOf } from './link-faults.ts';
import { linkName } from './links.ts';
import { isObserved, isSilent } from './paths.ts';
import type { EngineState, Fault } from './state.ts';

/**
 * Redundancy groups as they stand: which members are lost and how many are left. A member is lost
 * when it is down or cut off; a link, when one of its ends is or tells that its port is down. What is
 * not observed is not lost, but what was lost before stays so until it is seen again.
 */
export interface GroupStanding {
  readonly group: RedundancyGroup;
  readonly memberCount: number;
  readonly lostIds: readonly string[];
  readonly leftCount: number;
  /** Members that serve in place of a lost primary; empty when none is lost. */
  readonly servingIds: readonly string[];
}

/** What is left of a group. `wasLost`: whether it is known to have lost members before now. */
export function standingOf(
  state: EngineState,
  graph: Graph,
  group: RedundancyGroup,
  wasLost: boolean,
): GroupStanding {
  const memberIds = memberIdsOf(group);
  const isLost = (id: string) =>
    group.deviceIds.length > 0
      ? isDeviceLost(state, id, wasLost)
      : isMemberLinkLost(state, graph, id, wasLost);
  const lostIds = memberIds.filter(isLost);
  const lost = new Set(lostIds);
  const primaryIds = group.primaryIds ?? [];
  const isPrimaryLost = primaryIds.some((id) => lost.has(id));
  const standbys = memberIds.filter((id) => !lost.has(id) && !primaryIds.includes(id));
  return {
    group,
    memberCount: memberIds.length,
    lostIds,
    leftCount: memberIds.length - lostIds.length,
    servingIds: isPrimaryLost ? standbys : [],
  };
}

function isDeviceLost(state: EngineState, deviceId: string, wasLost: boolean): boolean {
  if (isSilent(state, deviceId)) return true;
  const device = state.devices.get(deviceId);
  if (!wasLost || device?.health !== 'unknown') return false;
  if (device.faultKeys.has(faultKeyOf(deviceId, null, 'monitoring-blind'))) return false;
  return device.lastKnownHealth === 'down' || device.lastKnownHealth === 'unreachable';
}

function isMemberLinkLost(
  state: EngineState,
  graph: Graph,
  linkId: string,
  wasLost: boolean,
): boolean {
  const link = graph.links.byId.get(linkId);
  if (link === undefined) return false;
  if (link.ends.some(({ deviceId }) => isDeviceLost(state, deviceId, wasLost))) return true;
  const told = faultsOfLink(state, link);
  return told.some(({ deviceId }) => wasLost || isObserved(state, deviceId));
}

/** The groups that a fault takes a member from, or is about. */
export function groupsOfFault(graph: Graph, fault: Fault): readonly RedundancyGroup[] {
  const own = graph.groupSubjects.get(fault.deviceId);
  if (own !== undefined) return [own.group];
  if (fault.kind === 'device-down') return graph.groupsOf.get(fault.deviceId) ?? [];
  const link = linkOf(graph, fault);
  return link === null || link.id === null ? [] : (graph.groupsOfLink.get(link.id) ?? []);
}

/** The name of a member for people: of a link, both of its ends. */
export function memberName(graph: Graph, memberId: string): string {
  const nameOf = (id: string) => graph.devices.get(id)?.name ?? id;
  const link = graph.links.byId.get(memberId);
  return graph.devices.get(memberId)?.name ?? (link && linkName(link, nameOf)) ?? memberId;
}
