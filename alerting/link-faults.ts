import type { Graph } from './graph.ts';
import {
  bundleOf,
  farEndOf,
  type GraphLink,
  type GraphLinkEnd,
  linkAt,
  nearEndOf,
} from './links.ts';
import { portDownFault } from './port-faults.ts';
import type { EngineState, Fault } from './state.ts';

/** The link that a lost port belongs to; null when none is known, or when the fault is another one. */
export function linkOf(graph: Graph, { kind, deviceId, facts }: Fault): GraphLink | null {
  return kind === 'port-down' ? linkAt(graph.links, deviceId, facts.port) : null;
}

/** The other end of the link that a lost port belongs to. */
export function farEnd(graph: Graph, fault: Fault): GraphLinkEnd | null {
  const link = linkOf(graph, fault);
  return link === null ? null : farEndOf(link, fault.deviceId);
}

/** The fault that the other end of the link tells. */
export function otherEndFault(state: EngineState, graph: Graph, fault: Fault): Fault | null {
  const far = farEnd(graph, fault);
  return far === null || far.port === null ? null : portDownFault(state, far.deviceId, far.port);
}

/** What both ends tell of a link that is down. */
export function faultsOfLink(state: EngineState, { ends }: GraphLink): readonly Fault[] {
  return ends.flatMap(({ deviceId, port }) => {
    const fault = port === null ? null : portDownFault(state, deviceId, port);
    return fault === null ? [] : [fault];
  });
}

/** The device that a lost link serves: the one that has the other as a parent, whichever end tells. */
export function linkedChild(graph: Graph, fault: Fault): string | null {
  const link = linkOf(graph, fault);
  if (link === null) return null;
  const far = farEndOf(link, fault.deviceId).deviceId;
  if (isParentBy(graph, fault.deviceId, far, link)) return far;
  return isParentBy(graph, far, fault.deviceId, link) ? fault.deviceId : null;
}

/** Whether the child reaches the parent by this link, or by one of its bundle. */
function isParentBy(graph: Graph, parentId: string, childId: string, link: GraphLink): boolean {
  const ports = bundleOf(graph.links, link).map((each) => nearEndOf(each, parentId).port);
  const parents = graph.devices.get(childId)?.parents ?? [];
  return parents.some(
    ({ deviceId, port }) => deviceId === parentId && (port === null || ports.includes(port)),
  );
}
