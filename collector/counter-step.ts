import { MINUTE, SECOND } from '../lib/time.ts';
import {
  codeOfReason,
  isSpeedDisproved,
  type NoRateReason,
  type RateMemory,
  reasonOfCode,
  totalOf,
} from './rate-memory.ts';

const COUNTER32_RANGE = 2 ** 32;
/** A true rate may seem a little above the speed of the line. */
const SPEED_TOLERANCE = 1.1;
/** ifCounterDiscontinuityTime and sysUpTime may be told in whole seconds. */
const COARSEST_TICK_MS = SECOND;
/** Agents copy counters from the hardware this seldom: a reading may hold that much more than its interval. */
const SLOWEST_REFRESH_MS = 30 * SECOND;
/** A port that does not tell its speed carries at most 400 Gb/s. */
const UNKNOWN_SPEED = 50_000_000_000;
/** A 32-bit counter of such a port, which is a small one, is believed for as long as 100 Mb/s need to wrap it. */
const LONGEST_UNKNOWN_32_MS = 5 * MINUTE;
/** A counter that went back by less than this share of itself has not been cleared. */
const JITTER_RATIO = 0.001;
/** Polls for which a counter that went back is waited for. */
const MOST_HELD_POLLS = 3;

/** What stands between a reading of a port and the one before, for both of its counters; all in ms. */
export interface PortStep {
  /** Since the last reading that was compared, in the time by which rates are told. */
  elapsedMs: number;
  /** Since totals were last told, by our own clock. */
  untoldMs: number;
  /** Why the port's counters do not go on, or null. */
  life: NoRateReason | null;
  /** How long ago the counters can have begun at 0, as far as `life` tells; else infinite. */
  lifeMs: number;
  /** The most octets per second; NaN: not known. */
  speed: number;
}

/**
 * Compares a counter, told as two halves, with the reading that `memory` keeps of it, and makes it
 * the next one to compare with unless the reason is one of those that hold. Returns null when a rate
 * is told, else why none is.
 */
export function stepCounter(
  memory: RateMemory,
  counter: number,
  bits: 0 | 32 | 64,
  high: number,
  low: number,
  step: PortStep,
): NoRateReason | null {
  if (bits === 0) return skipCounter(memory, counter, step);
  const reason = compare(memory, counter, bits, high, low, step);
  memory.seenLow[counter] = low;
  return reason;
}

function compare(
  memory: RateMemory,
  counter: number,
  bits: 32 | 64,
  high: number,
  low: number,
  step: PortStep,
): NoRateReason | null {
  const baseBits = memory.bits[counter]!;
  if (baseBits === 0) {
    memory.bits[counter] = bits;
    memory.offset[counter] = 0;
    memory.owed[counter] = 0;
    setBase(memory, counter, high, low);
    return step.life ?? 'first';
  }
  const spanMs = memory.sinceMs[counter]! + step.elapsedMs;
  const grown = grownBy(memory, counter, high, low);
  if (baseBits !== bits) {
    holdTotal(memory, counter, high, low);
    memory.bits[counter] = bits;
    setBase(memory, counter, high, low);
    return 'other-counter';
  }
  const most = isSpeedDisproved(memory, counter) ? Number.NaN : step.speed;
  const broken = reasonOfCode(memory.brokenCounter[counter]!) ?? step.life;
  if (broken !== null) {
    restartCounter(memory, counter, high, low, spanMs, most, broken, step);
    return broken;
  }
  if (bits === 32) return step32(memory, counter, low, grown, spanMs, most, step);
  return grown >= 0
    ? countUp(memory, counter, high, low, grown, grown, spanMs, most, step)
    : stepBack(memory, counter, high, low, grown, spanMs, most, step);
}

/**
 * Which of the two counters of a port to go by: the Counter64, unless the port has none or it stands
 * at 0 while the Counter32 counts. One that falls to 0 is first waited for. The values are told as
 * numbers (upper and lower half in any precision that tells 0 apart); null: not read.
 */
export function widthToUse(
  memory: RateMemory,
  counter: number,
  wide: number | null,
  narrow: number | null,
): 0 | 32 | 64 {
  if (wide === null) return narrow === null ? 0 : 32;
  if (wide !== 0 || narrow === null || narrow === 0) return 64;
  const isFallen = memory.bits[counter] === 64 && hasBase(memory, counter);
  return isFallen && memory.heldPolls[counter]! < MOST_HELD_POLLS ? 64 : 32;
}

function hasBase(memory: RateMemory, counter: number): boolean {
  return memory.high[counter] !== 0 || memory.low[counter] !== 0;
}

/** How far a counter has come since the reading that is kept of it. */
function grownBy(memory: RateMemory, counter: number, high: number, low: number): number {
  return (high - memory.high[counter]!) * COUNTER32_RANGE + (low - memory.low[counter]!);
}

/** A counter that was not read; the time is kept for the next reading. */
function skipCounter(
  memory: RateMemory,
  counter: number,
  { elapsedMs, life }: PortStep,
): NoRateReason {
  if (memory.bits[counter] !== 0) {
    memory.sinceMs[counter] = memory.sinceMs[counter]! + elapsedMs;
    if (memory.brokenCounter[counter] === 0) memory.brokenCounter[counter] = codeOfReason(life);
  }
  return 'unread';
}

function step32(
  memory: RateMemory,
  counter: number,
  low: number,
  grown: number,
  spanMs: number,
  most: number,
  step: PortStep,
): NoRateReason | null {
  const largest = (most * SPEED_TOLERANCE * spanMs) / SECOND;
  const isAmbiguous = Number.isNaN(most)
    ? spanMs > LONGEST_UNKNOWN_32_MS
    : largest >= COUNTER32_RANGE;
  if (isAmbiguous) {
    if (grown >= 0) letOut(memory, counter, grown, most, step);
    else if (isJitter(memory, counter, grown, most)) holdTotal(memory, counter, 0, low);
    else beginAnew(memory, counter, low, most, step);
    setBase(memory, counter, 0, low);
    return 'ambiguous';
  }
  if (grown >= 0) return countUp(memory, counter, 0, low, grown, grown, spanMs, most, step);
  if (isJitter(memory, counter, grown, most)) {
    return stepBack(memory, counter, 0, low, grown, spanMs, most, step);
  }
  const wrapped = grown + COUNTER32_RANGE;
  // Without a speed a wrap is not told from a counter that was cleared; one that stood at 0 has not wrapped.
  const wasZero = memory.heldPolls[counter]! > 0 && memory.seenLow[counter] === 0;
  if (wasZero || !(wrapped <= largest))
    return stepBack(memory, counter, 0, low, grown, spanMs, most, step);
  // What is exported begins anew with the counter: at our next start nobody would know how often it had wrapped.
  setOffset(memory, counter, 0);
  return countUp(memory, counter, 0, low, wrapped, low, spanMs, most, step);
}

/** `counted` since the reading before; `added`: what of it the total seems to grow by. */
function countUp(
  memory: RateMemory,
  counter: number,
  high: number,
  low: number,
  counted: number,
  added: number,
  spanMs: number,
  most: number,
  step: PortStep,
): NoRateReason | null {
  const perSecond = counted / (spanMs / SECOND);
  const isUnknown = Number.isNaN(most);
  if (perSecond <= (isUnknown ? UNKNOWN_SPEED : most) * SPEED_TOLERANCE) {
    letOut(memory, counter, added, most, step);
    setBase(memory, counter, high, low);
    if (!isUnknown) memory.disproofs[counter] = 0;
    memory.rate[counter] = perSecond;
    memory.spanMs[counter] = spanMs;
    return null;
  }
  if (counted <= mostCarried(most, spanMs + SLOWEST_REFRESH_MS) * SPEED_TOLERANCE) {
    memory.sinceMs[counter] = spanMs;
    return 'ahead';
  }
  if (!isUnknown && perSecond <= UNKNOWN_SPEED) memory.disproofs[counter]! += 1;
  holdTotal(memory, counter, high, low);
  setBase(memory, counter, high, low);
  return 'implausible';
}

/** RFC 2578 §7.1.10: a Counter64 does not wrap in a lifetime, so it went back or was cleared. */
function stepBack(
  memory: RateMemory,
  counter: number,
  high: number,
  low: number,
  grown: number,
  spanMs: number,
  most: number,
  step: PortStep,
): NoRateReason {
  memory.disproofs[counter] = 0;
  const isJittering = isJitter(memory, counter, grown, most);
  const isZero = high === 0 && low === 0;
  const heldPolls = memory.heldPolls[counter]!;
  if ((isJittering || isZero) && heldPolls < MOST_HELD_POLLS) {
    memory.heldPolls[counter] = heldPolls + 1;
    memory.sinceMs[counter] = spanMs;
    return isJittering ? 'stepped-back' : 'fell-to-zero';
  }
  if (isJittering) {
    holdTotal(memory, counter, high, low);
    setBase(memory, counter, high, low);
  } else {
    restartCounter(memory, counter, high, low, spanMs, most, 'decreased', step);
  }
  return 'decreased';
}

function isJitter(memory: RateMemory, counter: number, grown: number, most: number): boolean {
  const base = memory.high[counter]! * COUNTER32_RANGE + memory.low[counter]!;
  const perSecond = Number.isNaN(most) ? UNKNOWN_SPEED : most;
  return -grown <= base * JITTER_RATIO && -grown <= perSecond;
}

/** After these a counter that has fallen is known to have begun at 0. */
const FROM_ZERO: ReadonlySet<NoRateReason> = new Set([
  'agent-restarted',
  'uptime-jumped',
  'discontinuity',
  'decreased',
  'returned',
]);
/** After these a counter may have gone on all the same: those of an interface are not the agent's. */
const MAY_GO_ON: ReadonlySet<NoRateReason> = new Set(['agent-restarted', 'uptime-jumped']);

/**
 * Begins a new life of a counter. The total that is exported falls to what was counted since, as
 * Prometheus expects of a counter that began anew, but only when the line can have counted that in
 * the time; else it stays where it was and goes on from there: `rate()` sees no step that was not
 * traffic. What ifCounterDiscontinuityTime says not to go on is no growth (RFC 2863 §3.1.5).
 */
function restartCounter(
  memory: RateMemory,
  counter: number,
  high: number,
  low: number,
  spanMs: number,
  most: number,
  reason: NoRateReason,
  step: PortStep,
): void {
  const value = high * COUNTER32_RANGE + low;
  const grown = grownBy(memory, counter, high, low);
  const lifeMs = reason === step.life ? Math.min(step.lifeMs + COARSEST_TICK_MS, spanMs) : spanMs;
  if (grown < 0 && FROM_ZERO.has(reason) && value <= mostCarried(most, lifeMs)) {
    beginAnew(memory, counter, value, most, step);
  } else if (grown >= 0 && MAY_GO_ON.has(reason) && grown <= mostCarried(most, spanMs)) {
    letOut(memory, counter, grown, most, step);
  } else {
    holdTotal(memory, counter, high, low);
  }
  setBase(memory, counter, high, low);
}

/** The total is what the counter shows from now on; Prometheus takes that for counted since. */
function beginAnew(
  memory: RateMemory,
  counter: number,
  value: number,
  most: number,
  step: PortStep,
): void {
  setOffset(memory, counter, 0);
  letOut(memory, counter, value, most, step);
}

/**
 * Lets the total grow by no more than the line carries in the time since it was last told, whatever
 * time the counter needed for it: what a reading that was held back is followed by comes out over the
 * polls to come, and `rate()` sees no step above the line.
 */
function letOut(
  memory: RateMemory,
  counter: number,
  added: number,
  most: number,
  { untoldMs }: PortStep,
): void {
  const owed = memory.owed[counter]!;
  const room = mostCarried(most, untoldMs) * SPEED_TOLERANCE;
  if (owed === 0 && added <= room) return;
  const left = Math.max(0, added + owed - Math.floor(room));
  const offset = memory.offset[counter]! + owed - left;
  // Beyond it a number is not exact, and a total that falls by one is a new beginning.
  if (!Number.isSafeInteger(offset)) return;
  memory.owed[counter] = left;
  setOffset(memory, counter, offset);
}

/**
 * Lets the exported total stay where it is although the counter goes on from another value. Where a
 * number cannot hold the difference exactly it rounds up: a total that falls by one is a new beginning.
 */
function holdTotal(memory: RateMemory, counter: number, high: number, low: number): void {
  const exact = BigInt(totalOf(memory, counter) ?? 0) - ((BigInt(high) << 32n) + BigInt(low));
  const offset = Number(exact);
  const isBelow = BigInt(offset) < exact;
  setOffset(memory, counter, isBelow ? offset + Math.abs(offset) * 2 ** -52 : offset);
}

function setOffset(memory: RateMemory, counter: number, offset: number): void {
  if (memory.offset[counter] === offset) return;
  memory.offset[counter] = offset;
  memory.areOffsetsNew = true;
}

/** The most octets that a line carries in that time. */
function mostCarried(most: number, spanMs: number): number {
  return ((Number.isNaN(most) ? UNKNOWN_SPEED : most) * Math.max(0, spanMs)) / SECOND;
}

function setBase(memory: RateMemory, counter: number, high: number, low: number): void {
  memory.high[counter] = high;
  memory.low[counter] = low;
  memory.sinceMs[counter] = 0;
  memory.heldPolls[counter] = 0;
  memory.brokenCounter[counter] = 0;
}

/**
 * Whether the counter is behind the reading that is kept of it by more than it may jitter, and,
 * for a Counter32, by what no wrap explains. Changes nothing.
 */
export function hasFallen(
  memory: RateMemory,
  counter: number,
  bits: 0 | 32 | 64,
  high: number,
  low: number,
  elapsedMs: number,
  speed: number,
): boolean {
  if (bits === 0 || bits !== memory.bits[counter]) return false;
  const grown = grownBy(memory, counter, high, low);
  const most = isSpeedDisproved(memory, counter) ? Number.NaN : speed;
  if (grown >= 0 || isJitter(memory, counter, grown, most)) return false;
  const spanMs = memory.sinceMs[counter]! + elapsedMs;
  const largest = (most * SPEED_TOLERANCE * spanMs) / SECOND;
  return bits === 64 || !(grown + COUNTER32_RANGE <= largest);
}
