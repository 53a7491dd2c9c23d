import { type Static, Type } from 'typebox';
import type { EngineState } from '../alerting/state.ts';
import type { Device } from '../config/model.ts';

export const HealthCounts = Type.Object({
  up: Type.Integer(),
  degraded: Type.Integer(),
  down: Type.Integer(),
  unreachable: Type.Integer(),
  unknown: Type.Integer(),
});
export type HealthCounts = Static<typeof HealthCounts>;

/** Counts of no devices at all. */
export function noHealth(): HealthCounts {
  return { up: 0, degraded: 0, down: 0, unreachable: 0, unknown: 0 };
}

/** Devices by health; one that was never observed is unknown. */
export function countHealth(devices: readonly Device[], state: EngineState): HealthCounts {
  const counts = noHealth();
  for (const { id } of devices) counts[state.devices.get(id)?.health ?? 'unknown'] += 1;
  return counts;
}
