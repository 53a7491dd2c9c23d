import { SECOND } from '../lib/time.ts';

/** A counter as one poll saw it, with what tells whether it still counts from the same beginning. */
export interface CounterReading {
  readonly value: bigint;
  readonly bits: 32 | 64;
  /** Monotonic clock of the collector when it was read. */
  readonly readAtMs: number;
  /** RFC 3418 sysUpTime read in the same poll; null when the agent does not tell. */
  readonly sysUpTimeTicks: number | null;
  /** RFC 2863 ifCounterDiscontinuityTime; null when the agent does not tell. */
  readonly discontinuityTicks: number | null;
}

export type NoRateReason =
  | 'first'
  | 'other-counter'
  | 'agent-restarted'
  | 'discontinuity'
  | 'decreased'
  | 'ambiguous'
  | 'implausible'
  | 'too-soon';

export type Rate =
  | { readonly perSecond: number; readonly reason: null }
  | { readonly perSecond: null; readonly reason: NoRateReason };

const TICKS_MODULUS = 2 ** 32;
const TICK_MS = 10;
const COUNTER32_MODULUS = 1n << 32n;
/** Two polls closer than this say nothing: agents refresh their counters every few seconds. */
const SHORTEST_INTERVAL_MS = 500;
/** A device's clock may be this far from ours before it counts as another uptime. */
const UPTIME_TOLERANCE_RATIO = 0.1;
const UPTIME_TOLERANCE_MS = 10 * SECOND;
/** Agents refresh counters in steps, so a true rate may seem a little above the speed of the line. */
const SPEED_TOLERANCE = 1.1;

/**
 * The rate between two readings of one counter, or the reason why there is none. Wrap, reset,
 * restart and late poll are told apart; the result is never negative and never above 1.1 × the
 * largest possible rate. `mostPerSecond` null: the speed is not known.
 */
export function rateBetween(
  before: CounterReading | null,
  now: CounterReading,
  mostPerSecond: number | null,
): Rate {
  if (before === null) return none('first');
  if (before.bits !== now.bits) return none('other-counter');
  const elapsedMs = now.readAtMs - before.readAtMs;
  if (elapsedMs < SHORTEST_INTERVAL_MS) return none('too-soon');
  if (hasRestarted(before.sysUpTimeTicks, now.sysUpTimeTicks, elapsedMs)) {
    return none('agent-restarted');
  }
  if (before.discontinuityTicks !== now.discontinuityTicks) return none('discontinuity');
  const most = mostPerSecond === null ? null : mostPerSecond * SPEED_TOLERANCE;
  let delta = now.value - before.value;
  if (now.bits === 32) {
    const mostDelta = most === null ? null : most * (elapsedMs / SECOND);
    // A line that can count past 2^32 between two polls may have wrapped any number of times.
    if (mostDelta !== null && mostDelta >= Number(COUNTER32_MODULUS)) return none('ambiguous');
    if (delta < 0n) {
      if (mostDelta === null) return none('decreased');
      delta += COUNTER32_MODULUS;
      if (Number(delta) > mostDelta) return none('decreased');
    }
  }
  // RFC 2578 §7.1.10: a Counter64 does not wrap within the life of a device.
  if (delta < 0n) return none('decreased');
  const perSecond = Number(delta) / (elapsedMs / SECOND);
  return most !== null && perSecond > most ? none('implausible') : { perSecond, reason: null };
}

/**
 * Whether the agent has started anew between two readings of sysUpTime. A wrap after 497 days is no
 * restart; an uptime that grew, but by far less than the time that passed, is one.
 */
export function hasRestarted(
  beforeTicks: number | null,
  nowTicks: number | null,
  elapsedMs: number,
): boolean {
  // An uptime that stands still is a broken clock, not a restart.
  if (beforeTicks === null || nowTicks === null || beforeTicks === nowTicks) return false;
  const grown = (nowTicks - beforeTicks + TICKS_MODULUS) % TICKS_MODULUS;
  const toleranceMs = UPTIME_TOLERANCE_MS + elapsedMs * UPTIME_TOLERANCE_RATIO;
  if (nowTicks >= beforeTicks) return grown * TICK_MS < elapsedMs - toleranceMs;
  return Math.abs(grown * TICK_MS - elapsedMs) > toleranceMs;
}

function none(reason: NoRateReason): Rate {
  return { perSecond: null, reason };
}
