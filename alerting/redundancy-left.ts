import type { FaultKind, Redundancy, RedundancyGroup } from '../config/model.ts';
import type { GradingInputs } from './events.ts';
import type { Graph } from './graph.ts';
import { type GroupStanding, groupsOfFault, standingOf } from './groups.ts';
import { hasPath, isSilent } from './paths.ts';
import type { EngineState, Fault } from './state.ts';
import type { TopologyDevice } from './topology.ts';

/** What a device itself tells of its standby. */
const LOST_PARTS: ReadonlySet<FaultKind> = new Set(['redundancy-lost', 'switched-over']);

/** Groups that these faults have taken members from, as they stand. `members`: the root first. */
export function lostGroups(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
): readonly GroupStanding[] {
  const concerned = members.filter(
    (fault, index) => index === 0 || graph.groupSubjects.has(fault.deviceId),
  );
  const groups = new Set(concerned.flatMap((fault) => groupsOfFault(graph, fault)));
  const standings = [...groups].map((group) => standing(state, graph, group));
  return standings.filter(({ lostIds }) => lostIds.length > 0);
}

/** What rules may ask of these groups; nothing where there are none. */
export function groupInputs(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
): Pick<GradingInputs, 'membersLeft' | 'switchedOver'> {
  const groups = lostGroups(state, graph, members);
  const isTold = members.some(({ kind }) => kind === 'switched-over');
  const switchedOver = isTold || groups.some(({ servingIds }) => servingIds.length > 0);
  return {
    ...(groups.length === 0
      ? {}
      : { membersLeft: Math.min(...groups.map(({ leftCount }) => leftCount)) }),
    ...(switchedOver ? { switchedOver } : {}),
  };
}

/** The group that the root is about, as it stands; null when it is about something else. */
export function standingOfRoot(
  state: EngineState,
  graph: Graph,
  root: Fault,
): GroupStanding | null {
  const node = graph.groupSubjects.get(root.deviceId);
  return node === undefined ? null : standing(state, graph, node.group);
}

/** How much redundancy is left for what the root serves. */
export function redundancyLeft(
  state: EngineState,
  graph: Graph,
  root: Fault,
  subject: TopologyDevice,
  affected: ReadonlySet<string>,
): Redundancy {
  const ofGroup = standingOfRoot(state, graph, root);
  if (ofGroup !== null) return isEnough(ofGroup) ? 'degraded' : 'none';
  if (affected.has(subject.id)) return groupOrPathLeft(state, graph, subject, affected);
  if (LOST_PARTS.has(root.kind)) return 'degraded';
  if (root.kind !== 'port-down') return 'full';
  if (!groupsOfFault(graph, root).every((group) => isEnough(standing(state, graph, group))))
    return 'none';
  // A device that is down has an incident of its own; this port alone has not cut it off.
  if (subject.id !== root.deviceId && state.devices.get(subject.id)?.health === 'down') {
    return 'degraded';
  }
  const isOnlyPath = subject.id !== root.deviceId && !hasPath(state, graph, subject.id);
  return isOnlyPath ? 'none' : 'degraded';
}

function groupOrPathLeft(
  state: EngineState,
  graph: Graph,
  subject: TopologyDevice,
  affected: ReadonlySet<string>,
): Redundancy {
  const groups = graph.groupsOf.get(subject.id) ?? [];
  const working = (deviceId: string) => !isSilent(state, deviceId);
  if (groups.length > 0) {
    const kept = groups.every((group) => group.deviceIds.filter(working).length >= group.need);
    return kept ? 'degraded' : 'none';
  }
  const children = graph.children.get(subject.id) ?? [];
  if (children.length === 0) return 'none';
  return children.some((child) => affected.has(child)) ? 'none' : 'degraded';
}

function standing(state: EngineState, graph: Graph, group: RedundancyGroup): GroupStanding {
  return standingOf(state, graph, group, true);
}

function isEnough({ leftCount, group }: GroupStanding): boolean {
  return leftCount >= group.need;
}
