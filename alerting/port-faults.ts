import type { EngineState, Fault } from './state.ts';

/** The active fault of a port that is down, by the port's name; null when it is not known to be. */
export function portDownFault(state: EngineState, deviceId: string, port: string): Fault | null {
  for (const key of state.devices.get(deviceId)?.faultKeys ?? []) {
    const fault = state.faults.get(key)!;
    if (fault.kind === 'port-down' && fault.facts.port === port) return fault;
  }
  return null;
}

/** Whether the device has told that this port is down. */
export function hasPortDown(state: EngineState, deviceId: string, port: string): boolean {
  return portDownFault(state, deviceId, port) !== null;
}
