import type { EpochMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import type { Health, HealthReason } from './events.ts';
import type { DeviceState, EngineState } from './state.ts';
import type { RunProof } from './uptime-proof.ts';

/** Records that a device is in another state from `since` on. */
export function changeHealth(
  deciding: Deciding,
  state: DeviceState,
  to: Health,
  since: EpochMs,
  reason: HealthReason,
  proof: RunProof = {},
): void {
  deciding.emit({
    type: 'health-changed',
    at: deciding.now,
    deviceId: state.deviceId,
    from: state.health,
    to,
    since,
    reason,
    ...proof,
  });
}

/** Moves between up and degraded as critical faults come and go. */
export function refreshDegraded(
  deciding: Deciding,
  deviceId: string,
  since: EpochMs,
  reason: 'fault-raised' | 'faults-cleared',
): void {
  const state = deciding.state.devices.get(deviceId);
  if (state === undefined || (state.health !== 'up' && state.health !== 'degraded')) return;
  const wanted = hasCriticalFault(deciding.state, deviceId) ? 'degraded' : 'up';
  if (state.health !== wanted) changeHealth(deciding, state, wanted, since, reason);
}

/** Whether a device has an active critical fault of a part: it works, but not as it should. */
export function hasCriticalFault(state: EngineState, deviceId: string): boolean {
  for (const faultKey of state.devices.get(deviceId)?.faultKeys ?? []) {
    const fault = state.faults.get(faultKey)!;
    if (fault.kind === 'alert') continue;
    if (fault.component !== null && fault.level === 'critical') return true;
  }
  return false;
}
