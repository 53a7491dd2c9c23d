import { type Graph, graphOf } from './graph.ts';
import { bundleOf, farEndOf, type GraphLinkEnd, linkAt, nearEndOf } from './links.ts';
import { hasPortDown } from './port-faults.ts';
import type { EngineState } from './state.ts';
import type { TopologyDevice } from './topology.ts';

/** A link as the device below names it: the parent, and the port there when it is known. */
export type ParentLink = TopologyDevice['parents'][number];

/**
 * Whether nothing comes through this link: the parent is silent, or its port to here is down, told
 * by it or by a living device at the other end, and so are the ports of the links beside it.
 */
export function isPathLost(state: EngineState, { deviceId, port }: ParentLink): boolean {
  if (isSilent(state, deviceId)) return true;
  if (port === null) return false;
  return bundleAt(state, deviceId, port).every(
    (ends) =>
      hasPortDown(state, deviceId, ends.port) ||
      (ends.far !== null &&
        ends.far.port !== null &&
        isObserved(state, ends.far.deviceId) &&
        hasPortDown(state, ends.far.deviceId, ends.far.port)),
  );
}

/** Whether a path to the device is left: a parent that is not down, through a port that is not. */
export function hasPath(state: EngineState, graph: Graph, deviceId: string): boolean {
  return graph.devices.get(deviceId)!.parents.some((parent) => !isPathLost(state, parent));
}

/** Whether the parent itself tells that its port to here is down, and so are those beside it. */
export function isPortPathDown(state: EngineState, deviceId: string, port: string): boolean {
  return bundleAt(state, deviceId, port).every((ends) => hasPortDown(state, deviceId, ends.port));
}

interface PortEnds {
  /** At the parent. */
  readonly port: string;
  /** null where no link is known at the port. */
  readonly far: GraphLinkEnd | null;
}

/** The port, and those of the parent that carry on to the same device when it is lost. */
function bundleAt(state: EngineState, deviceId: string, port: string): readonly PortEnds[] {
  const links = state.topology === null ? null : graphOf(state.topology).links;
  const link = links === null ? null : linkAt(links, deviceId, port);
  if (links === null || link === null) return [{ port, far: null }];
  return bundleOf(links, link).map((each) => ({
    port: nearEndOf(each, deviceId).port ?? port,
    far: farEndOf(each, deviceId),
  }));
}

/** Whether the device is down, or everything above it is. */
export function isSilent(state: EngineState, deviceId: string): boolean {
  const health = state.devices.get(deviceId)?.health;
  return health === 'down' || health === 'unreachable';
}

/** Whether the device answers us, so that what it last told holds. */
export function isObserved(state: EngineState, deviceId: string): boolean {
  const health = state.devices.get(deviceId)?.health;
  return health === 'up' || health === 'degraded';
}
