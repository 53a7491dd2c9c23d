import { type DurationMs, type EpochMs, MINUTE } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { isObserved, isSilent } from './paths.ts';

/** After everything was silent, a device is judged anew within this, or the wait for it ends. */
const JUDGED_WITHIN_MS: DurationMs = MINUTE;

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
  if (isObserved(deciding.state, deviceId)) return isFailing(deciding, deviceId);
  return isAwaitedSinceBlind(deciding, deviceId);
}

/** Whether nothing was heard of it yet since somebody answers again: it is judged anew. */
function isAwaitedSinceBlind(deciding: Deciding, deviceId: string): boolean {
  const { state, soft, now } = deciding;
  const { backAt } = soft.ownSight;
  if (backAt === null || now - backAt >= JUDGED_WITHIN_MS) return false;
  const isUnknown = state.devices.get(deviceId)?.health === 'unknown';
  return isUnknown && !hasAnswered(deciding, deviceId, backAt);
}
