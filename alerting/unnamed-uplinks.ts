import { MINUTE } from '../lib/time.ts';
import { faultKeyOf } from './fault-key.ts';
import type { Graph } from './graph.ts';
import { linkedChild, linkOf } from './link-faults.ts';
import { portDownFault } from './port-faults.ts';
import type { EngineState, Fault } from './state.ts';

/** Links of a device, and the device itself, that fail within this time fail together. */
export const ONE_EVENT_MS = 5 * MINUTE;

/**
 * The parents to which a lost port may be the way: those whose link ends at an unnamed port of the
 * device. Empty for a port of which it is known what it leads to.
 */
export function unnamedParents(graph: Graph, fault: Fault): readonly string[] {
  if (fault.kind !== 'port-down' || linkOf(graph, fault) !== null) return [];
  const { deviceId } = fault;
  const named = (graph.links.ofDevice.get(deviceId) ?? [])
    .filter(({ ends }) => ends.every(({ port }) => port !== null))
    .flatMap(({ ends }) => ends.map((end) => end.deviceId));
  const parents = graph.devices.get(deviceId)?.parents ?? [];
  return parents.map((parent) => parent.deviceId).filter((id) => !named.includes(id));
}

/**
 * What the other end tells of the same link, where the port of the child is named nowhere: for a lost
 * port of the child the one of a parent to it, and the other way round; lost together they are one
 * cable. Longest lost first.
 */
export function twinOfUnnamedUplink(
  state: EngineState,
  graph: Graph,
  fault: Fault,
): readonly Fault[] {
  return [...portsAbove(state, graph, fault), ...portsBelow(state, graph, fault)].filter(
    (other) => Math.abs(other.since - fault.since) <= ONE_EVENT_MS,
  );
}

function portsAbove(state: EngineState, graph: Graph, fault: Fault): readonly Fault[] {
  const unnamed = unnamedParents(graph, fault);
  const parents = graph.devices.get(fault.deviceId)?.parents ?? [];
  return parents.flatMap(({ deviceId, port }) => {
    if (port === null || !unnamed.includes(deviceId)) return [];
    const above = portDownFault(state, deviceId, port);
    return above === null ? [] : [above];
  });
}

function portsBelow(state: EngineState, graph: Graph, fault: Fault): readonly Fault[] {
  const childId = linkedChild(graph, fault);
  if (childId === null || childId === fault.deviceId) return [];
  return Array.from(state.devices.get(childId)?.faultKeys ?? [], (key) => state.faults.get(key)!)
    .filter((below) => unnamedParents(graph, below).includes(fault.deviceId))
    .toSorted((a, b) => a.since - b.since);
}

/**
 * That a parent of its device is down, where the port was lost with it: most likely it was the uplink
 * to it. null when no parent failed with it, or when the port is known to lead elsewhere.
 */
export function deadUnnamedParent(state: EngineState, graph: Graph, fault: Fault): Fault | null {
  for (const parentId of unnamedParents(graph, fault)) {
    const down = state.faults.get(faultKeyOf(parentId, null, 'device-down'));
    if (down !== undefined && Math.abs(down.since - fault.since) <= ONE_EVENT_MS) return down;
  }
  return null;
}
