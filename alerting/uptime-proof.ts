import type { Observation } from '../collector/observation.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../lib/time.ts';
import type { UptimeReading } from './events.ts';
import type { DeviceState } from './state.ts';

/** RFC 2578 §7.1.8: hundredths of a second, modulo 2^32, which is 497 days. */
const TICK_MS = 10;
const MODULUS_MS = 2 ** 32 * TICK_MS;
/** An answer may be late, and a clock may be off by a twentieth of a percent, before two readings disagree. */
const LATEST_ANSWER_MS: DurationMs = 10 * SECOND;
const DRIFT_DIVISOR = 2_000;
/** By a hundredth where the number of starts says that the engine has run on. */
const DRIFT_DIVISOR_OF_SAME_BOOTS = 100;
/** A clock that tells the same after this has not run: it proves nothing. */
const STANDS_FROM_MS: DurationMs = MINUTE;

/** What a device that answers again tells of the time in which it was not heard. */
export interface RunProof {
  readonly uptime?: UptimeReading;
  readonly ranSince?: EpochMs;
}

/**
 * Since when a device is proven not to have restarted, by what it tells now and what it told before.
 * Three proofs, the one that reaches back furthest counts:
 *
 * - sysUpTime counts from the start of the agent or, after 497 days, from its last wrap. Either way
 *   the agent has run since then.
 * - sysUpTime stands where the reading before and the time since then put it, over its wrap as well:
 *   it has run since that reading, and since whatever that one had proven.
 * - snmpEngineBoots rises at every start (RFC 3414 §2.2): where it is the same as before, sysUpTime
 *   may stand further from there. By itself it proves nothing: there are agents that do not keep it
 *   over a restart, and after one of theirs only sysUpTime tells of it.
 *
 * A clock that stands still or another engine's number of boots proves nothing; without sysUpTime
 * there is no proof.
 */
export function proveRun(before: DeviceState['uptime'], observation: Observation): RunProof {
  const { sysUpTimeTicks: ticks, engineBoots: boots = null, startedAt: readAt } = observation;
  if (ticks === null) return {};
  const uptime: UptimeReading = { readAt, ticks, boots };
  if (before === null) return { uptime, ranSince: readAt - ticks * TICK_MS };
  const passedMs = readAt - before.readAt;
  if (ticks === before.ticks && passedMs >= STANDS_FROM_MS) return { uptime };
  if (boots !== null && before.boots !== null && boots !== before.boots) {
    return { uptime, ranSince: readAt - ticks * TICK_MS };
  }
  const proofs = [readAt - ticks * TICK_MS];
  const hasSameBoots = boots !== null && boots === before.boots;
  if (continues(before, uptime, hasSameBoots ? DRIFT_DIVISOR_OF_SAME_BOOTS : DRIFT_DIVISOR)) {
    proofs.push(before.readAt, before.ranSince ?? before.readAt);
  }
  return { uptime, ranSince: Math.min(...proofs) };
}

function continues(before: UptimeReading, now: UptimeReading, driftDivisor: number): boolean {
  const passedMs = now.readAt - before.readAt;
  if (passedMs < 0) return false;
  const expectedMs = (before.ticks * TICK_MS + passedMs) % MODULUS_MS;
  const apartMs = Math.abs(now.ticks * TICK_MS - expectedMs);
  const toleranceMs = LATEST_ANSWER_MS + passedMs / driftDivisor;
  return Math.min(apartMs, MODULUS_MS - apartMs) <= toleranceMs;
}
