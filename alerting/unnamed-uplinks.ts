import { MINUTE } from '../lib/time.ts';
import { faultKeyOf } from './fault-key.ts';
import type { Graph } from './graph.ts';
import { linkOf } from './link-faults.ts';
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
