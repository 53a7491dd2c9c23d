import { DAY, MINUTE, SECOND } from '../lib/time.ts';

/**
 * What two readings of RFC 3418 sysUpTime say about the time between them:
 * `continues` the agent has run on, over the wrap after 497 days as well; `stands` the very same
 * instant again, so a reply out of a cache or a clock that does not run; `restarted` the agent began
 * anew; `jumped` the clock moved by far more or less than the time that passed, yet no start of the
 * agent can explain it: the host's clock was set, the system was suspended, or somebody else
 * answers; `untold` one of the readings is missing.
 */
export type UptimeStep = 'continues' | 'stands' | 'restarted' | 'jumped' | 'untold';

/** RFC 2578 §7.1.8: hundredths of a second, modulo 2^32. */
const TICK_MS = 10;
const TICKS_MODULUS = 2 ** 32;
const MODULUS_MS = TICKS_MODULUS * TICK_MS;
/** An agent may answer this long after it was asked, and clocks drift by less than one in a hundred. */
const LATEST_ANSWER_MS = 10 * SECOND;
const DRIFT_RATIO = 0.01;
/** Within this the same instant twice is a coarse clock and no cache. */
const COARSEST_CLOCK_MS = SECOND;
/** No agent answers out of a cache for longer: after this a clock that stands is broken. */
const LONGEST_CACHE_MS = 5 * MINUTE;

/**
 * Compares two readings of sysUpTime that were taken `wallMs` apart by our monotonic clock. NaN for
 * a reading that the agent did not give.
 */
export function uptimeStep(beforeTicks: number, nowTicks: number, wallMs: number): UptimeStep {
  if (Number.isNaN(beforeTicks) || Number.isNaN(nowTicks)) return 'untold';
  const toleranceMs = LATEST_ANSWER_MS + wallMs * DRIFT_RATIO;
  const grownMs = uptimeGrownMs(beforeTicks, nowTicks);
  if (grownMs === 0) return wallMs < COARSEST_CLOCK_MS ? 'continues' : 'stands';
  // Growth beyond half of the range is a step back.
  if (grownMs <= MODULUS_MS / 2 && Math.abs(grownMs - wallMs) <= toleranceMs) return 'continues';
  // An agent that began anew since the reading before has not been up for longer than that.
  return nowTicks * TICK_MS <= wallMs + toleranceMs ? 'restarted' : 'jumped';
}

/** Time between two readings of one run of sysUpTime, over its wrap as well. */
export function uptimeGrownMs(beforeTicks: number, nowTicks: number): number {
  return ((nowTicks - beforeTicks + TICKS_MODULUS) % TICKS_MODULUS) * TICK_MS;
}

/** Whether the agent has begun anew between two readings of sysUpTime; null: it does not tell. */
export function hasRestarted(
  beforeTicks: number | null,
  nowTicks: number | null,
  wallMs: number,
): boolean {
  return uptimeStep(beforeTicks ?? Number.NaN, nowTicks ?? Number.NaN, wallMs) === 'restarted';
}

/** What is remembered of one device's clock from poll to poll. */
export interface DeviceClock {
  ticks: number;
  /** When this uptime was first told, by our monotonic clock. */
  readAtMs: number;
  /** RFC 3414 snmpEngineBoots as last told; null where it is not known (v1, v2c). */
  boots: number | null;
  /** Rises with every jump, falls with every poll without one. */
  unsteadiness: number;
  /** From where it is seen whether it runs as fast as ours, by both clocks. */
  anchorTicks: number;
  anchorMs: number;
  /** It has run as fast as ours for long enough; one late answer says nothing against it. */
  isProven: boolean;
  /** It runs faster or slower than ours. */
  isWrong: boolean;
  /** The clock does not run although the device does: its counters move, or it has stood for long. */
  isFrozen: boolean;
}

/** After so long a clock that is off by a tenth shows, whatever time an answer took. */
const PROOF_MS = 110 * SECOND;
/** One that was found wrong has to run well for so long. */
const LONG_PROOF_MS = 20 * MINUTE;
/** What an interval may differ by our clock and by one that is not proven. */
const SAME_INTERVAL_RATIO = 0.15;

const JUMP_WEIGHT = 2;
/** Three jumps in a row, or nearly. */
const UNSTEADY_FROM = 6;
const MOST_UNSTEADY = 12;

/** Of a device that was never polled. */
export function newDeviceClock(): DeviceClock {
  return {
    ticks: Number.NaN,
    readAtMs: Number.NaN,
    boots: null,
    unsteadiness: 0,
    anchorTicks: Number.NaN,
    anchorMs: Number.NaN,
    isProven: false,
    isWrong: false,
    isFrozen: false,
  };
}

/**
 * Whether the uptime of this device tells how much time has passed. One whose clock jumps again and
 * again, or does not run, is measured by our own clock instead: a broken clock must not cost every
 * rate. A single jump costs one.
 */
export function isSteady(clock: DeviceClock): boolean {
  return clock.unsteadiness < UNSTEADY_FROM && !clock.isFrozen && !clock.isWrong;
}

/**
 * Whether `grownMs` of the device's time tell better than `wallMs` of ours how much time has passed
 * between two readings: they count without the way of the reply. Only where the clock has been seen
 * to run as fast as ours, or both say nearly the same.
 */
export function tellsTime(clock: DeviceClock, grownMs: number, wallMs: number): boolean {
  if (!isSteady(clock)) return false;
  return clock.isProven || Math.abs(grownMs - wallMs) <= wallMs * SAME_INTERVAL_RATIO;
}

/** Compares the clock with ours over a longer time than from poll to poll. */
function prove(clock: DeviceClock, ticks: number, readAtMs: number, goesOn: boolean): void {
  const anchoredMs = readAtMs - clock.anchorMs;
  const grownMs = uptimeGrownMs(clock.anchorTicks, ticks);
  const isOff = Math.abs(grownMs - anchoredMs) > LATEST_ANSWER_MS + anchoredMs * DRIFT_RATIO;
  if (!goesOn || isOff) {
    if (goesOn) clock.isWrong = true;
    clock.isProven = false;
    clock.anchorTicks = ticks;
    clock.anchorMs = readAtMs;
    return;
  }
  if (anchoredMs >= LONG_PROOF_MS) clock.isWrong = false;
  if (anchoredMs >= PROOF_MS) clock.isProven = true;
  if (anchoredMs < DAY) return;
  clock.anchorTicks = ticks;
  clock.anchorMs = readAtMs;
}

/**
 * Takes in the uptime of the first reply of a poll (and the engine's boots, where the version has
 * them) and says what it means for everything read before. A change of snmpEngineBoots, up or down,
 * is a restart whatever the uptime says (RFC 3414 §2.2); an unsteady clock restarts only when it
 * goes back.
 */
export function stepDeviceClock(
  clock: DeviceClock,
  ticks: number | null,
  readAtMs: number,
  boots: number | null,
): UptimeStep {
  const now = ticks ?? Number.NaN;
  const wallMs = readAtMs - clock.readAtMs;
  const raw = uptimeStep(clock.ticks, now, wallMs);
  if (ticks !== null && raw !== 'stands')
    prove(clock, now, readAtMs, raw === 'continues' && !clock.isFrozen);
  if (raw === 'stands') clock.isFrozen ||= wallMs >= LONGEST_CACHE_MS;
  else if (raw !== 'untold') clock.isFrozen = false;
  // A coarse clock, seen to restart while it only grew, counts as one that jumps.
  const isOdd = raw === 'jumped' || (raw === 'restarted' && now > clock.ticks);
  clock.unsteadiness = isOdd
    ? Math.min(clock.unsteadiness + JUMP_WEIGHT, MOST_UNSTEADY)
    : Math.max(clock.unsteadiness - 1, 0);
  const hasNewBoots = boots !== null && clock.boots !== null && boots !== clock.boots;
  const step = hasNewBoots ? 'restarted' : believedStep(clock, raw, now - clock.ticks);
  if (boots !== null) clock.boots = boots;
  if (ticks !== null && raw !== 'stands') {
    clock.ticks = ticks;
    clock.readAtMs = readAtMs;
  }
  return step;
}

/**
 * What a step means by what is known of the clock: of an unsteady one only going back is a restart,
 * and `untold` sends the reader to our own clock.
 */
export function believedStep(clock: DeviceClock, step: UptimeStep, ticksGrown: number): UptimeStep {
  if (step === 'stands') return clock.isFrozen ? 'untold' : 'stands';
  if (isSteady(clock)) return step;
  return step === 'restarted' && ticksGrown < 0 ? 'restarted' : 'untold';
}
