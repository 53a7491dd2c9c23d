import { hasPortDown } from './port-faults.ts';
import type { EngineState } from './state.ts';
import type { TopologyDevice } from './topology.ts';

/** A link as the device below names it: the parent, and the port there when it is known. */
export type ParentLink = TopologyDevice['parents'][number];

/** Whether nothing comes through this link: the parent is silent, or its port to here is down. */
export function isPathLost(state: EngineState, { deviceId, port }: ParentLink): boolean {
  return isSilent(state, deviceId) || (port !== null && hasPortDown(state, deviceId, port));
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
