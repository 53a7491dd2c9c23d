import type { EpochMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { isObserved, isSilent } from './paths.ts';

/** Whether a device has answered since then; an answer that cannot be read is one, too. */
export function hasAnswered({ state, soft }: Deciding, deviceId: string, since: EpochMs): boolean {
  if (isSilent(state, deviceId)) return false;
  const told = soft.devices.get(deviceId);
  const outcome = told?.lastFailure?.outcome;
  if (outcome === 'auth-failed' || outcome === 'bad-response') return true;
  // Where polls are not known, confirmed states are.
  if (told === undefined || told.lastOkAt === null) return isObserved(state, deviceId);
  return told.lastOkAt >= since;
}

/** Whether it has not answered lately: judged to be silent, or about to be. */
export function isFailing({ state, soft }: Deciding, deviceId: string): boolean {
  return isSilent(state, deviceId) || (soft.devices.get(deviceId)?.failures ?? 0) > 0;
}

/** Whether it has not answered lately, and is not judged yet. */
export function isFallingSilent(deciding: Deciding, deviceId: string): boolean {
  return isObserved(deciding.state, deviceId) && isFailing(deciding, deviceId);
}
