import { SECOND } from '../lib/time.ts';
import { hasFallen, type PortStep, stepCounter } from './counter-step.ts';
import {
  believedStep,
  type DeviceClock,
  tellsTime,
  type UptimeStep,
  uptimeGrownMs,
  uptimeStep,
} from './device-clock.ts';
import {
  codeOfReason,
  growRateMemory,
  type NoRateReason,
  type RateMemory,
  reasonOfCode,
} from './rate-memory.ts';

/**
 * What one poll read of a port, as plain numbers, so that one object serves every row of every
 * device. All of it comes out of one PDU. NaN stands for what the device did not tell; a counter of
 * 0 bits was not read. A Counter64 is two halves, a Counter32 has `high` 0.
 */
export interface PortReading {
  /** Our monotonic clock when the reply came. */
  readAtMs: number;
  /** RFC 3418 sysUpTime. */
  uptimeTicks: number;
  /** RFC 2863 ifCounterDiscontinuityTime. */
  discontinuityTicks: number;
  /** Speed of the port; NaN: not known. */
  octetsPerSecond: number;
  receiveBits: 0 | 32 | 64;
  receiveHigh: number;
  receiveLow: number;
  transmitBits: 0 | 32 | 64;
  transmitHigh: number;
  transmitLow: number;
}

/** A reading in which nothing was read. */
export function emptyPortReading(): PortReading {
  return {
    readAtMs: Number.NaN,
    uptimeTicks: Number.NaN,
    discontinuityTicks: Number.NaN,
    octetsPerSecond: Number.NaN,
    receiveBits: 0,
    receiveHigh: 0,
    receiveLow: 0,
    transmitBits: 0,
    transmitHigh: 0,
    transmitLow: 0,
  };
}

/** RFC 2578 §7.1.8: hundredths of a second. */
const TICK_MS = 10;
/** Two polls closer than this say nothing: agents refresh their counters every few seconds. */
const SHORTEST_INTERVAL_MS = 0.5 * SECOND;
/** ifCounterDiscontinuityTime within a second is the same one. */
const SAME_DISCONTINUITY_TICKS = 100;
/** Nearer to sysUpTime than this it is a copy of it; an agent that sends copies does not know the object. */
const COPY_OF_UPTIME_TICKS = 200;
/** Copies in a row after which they are no longer taken for discontinuities. */
const MOST_COPIES = 3;

/**
 * Takes in what a poll read of the port in `slot`; afterwards `rate`, `spanMs` and `reason` of its
 * two counters and `totalOf` say what came of it. Readings are compared in the device's own time
 * where `clock` says that it can be trusted, else in ours. A rate is never negative and never above
 * 1.1 × the speed of the port; after readings that were held back it is the average since the last
 * one that counted, so that nothing is lost.
 */
export function stepPort(
  memory: RateMemory,
  slot: number,
  now: PortReading,
  clock: DeviceClock,
): void {
  growRateMemory(memory, slot + 1);
  const beforeTicks = memory.uptimeTicks[slot]!;
  const wallMs = now.readAtMs - memory.readAtMs[slot]!;
  const step = stepOf(beforeTicks, now, wallMs, clock);
  const grownMs = uptimeGrownMs(beforeTicks, now.uptimeTicks);
  const isInDeviceTime = step === 'continues' && tellsTime(clock, grownMs, wallMs);
  const elapsedMs = isInDeviceTime ? grownMs : wallMs;
  const life = lifeBreak(memory, slot, step, now);
  if (life === null) {
    if (step === 'stands' && !hasCounted(memory, slot, now)) {
      withholdBoth(memory, slot, 'repeated', wallMs);
      return;
    }
    // The same instant, yet the counters have moved: this clock does not run.
    if (step === 'stands') clock.isFrozen = true;
    if (elapsedMs < SHORTEST_INTERVAL_MS) {
      withholdBoth(memory, slot, 'too-soon', wallMs);
      return;
    }
  }
  const most = speedBetween(memory, slot, now.octetsPerSecond);
  portStep.elapsedMs = elapsedMs;
  portStep.untoldMs = wallMs - memory.toldMs[slot]!;
  portStep.life = life;
  portStep.lifeMs = lifeMsOf(life, now);
  portStep.speed = most;
  stepBoth(memory, slot, now);
  memory.toldMs[slot] = 0;
  memory.broken[slot] = 0;
  memory.readAtMs[slot] = now.readAtMs;
  memory.uptimeTicks[slot] = now.uptimeTicks;
  // What was held back has been counted at the speed of its time.
  const isHeld = memory.sinceMs[slot * 2]! > 0 || memory.sinceMs[slot * 2 + 1]! > 0;
  memory.octetsPerSecond[slot] = isHeld ? most : now.octetsPerSecond;
}

/** One for every port of every device: nothing of it outlives the port. */
const portStep: PortStep = { elapsedMs: 0, untoldMs: 0, life: null, lifeMs: 0, speed: 0 };

/** How long ago counters can have begun at 0; infinite where nothing tells. */
function lifeMsOf(life: NoRateReason | null, now: PortReading): number {
  if (life !== 'discontinuity' && life !== 'agent-restarted') return Number.POSITIVE_INFINITY;
  const sinceTicks =
    life === 'discontinuity' ? now.uptimeTicks - now.discontinuityTicks : now.uptimeTicks;
  return sinceTicks >= 0 ? sinceTicks * TICK_MS : Number.POSITIVE_INFINITY;
}

function stepBoth(memory: RateMemory, slot: number, now: PortReading): void {
  const { receiveBits, receiveHigh, receiveLow, transmitBits, transmitHigh, transmitLow } = now;
  const receive = slot * 2;
  const transmit = receive + 1;
  if (!Object.is(now.octetsPerSecond, memory.octetsPerSecond[slot])) {
    memory.disproofs[receive] = 0;
    memory.disproofs[transmit] = 0;
  }
  note(
    memory,
    receive,
    stepCounter(memory, receive, receiveBits, receiveHigh, receiveLow, portStep),
  );
  note(
    memory,
    transmit,
    stepCounter(memory, transmit, transmitBits, transmitHigh, transmitLow, portStep),
  );
}

/**
 * Forgets that the counters of a port go on from what was read before: the next reading is the first
 * of a new life, and lacks a rate for this reason.
 */
export function breakPort(memory: RateMemory, slot: number, reason: NoRateReason): void {
  growRateMemory(memory, slot + 1);
  memory.broken[slot] = codeOfReason(reason);
}

/** `breakPort` for every port: another device answers, or the whole one has begun anew. */
export function breakAllPorts(memory: RateMemory, reason: NoRateReason): void {
  memory.broken.fill(codeOfReason(reason));
}

/**
 * Whether a counter of the port went back in a way that neither its uptime nor
 * ifCounterDiscontinuityTime explains. Where two ports changed places, one of them does: before a
 * rate is told, the names of the rows must be read again. Changes nothing.
 */
export function wentBackUnexplained(
  memory: RateMemory,
  slot: number,
  now: PortReading,
  clock: DeviceClock,
): boolean {
  if (slot >= memory.echoes.length || memory.broken[slot] !== 0) return false;
  const wallMs = now.readAtMs - memory.readAtMs[slot]!;
  const step = stepOf(memory.uptimeTicks[slot]!, now, wallMs, clock);
  if (step === 'restarted' || step === 'jumped') return false;
  const moved = Math.abs(now.discontinuityTicks - memory.discontinuityTicks[slot]!);
  if (moved > SAME_DISCONTINUITY_TICKS) return false;
  const { receiveBits, receiveHigh, receiveLow, transmitBits, transmitHigh, transmitLow } = now;
  const most = speedBetween(memory, slot, now.octetsPerSecond);
  const receive = slot * 2;
  return (
    hasFallen(memory, receive, receiveBits, receiveHigh, receiveLow, wallMs, most) ||
    hasFallen(memory, receive + 1, transmitBits, transmitHigh, transmitLow, wallMs, most)
  );
}

function stepOf(
  beforeTicks: number,
  now: PortReading,
  wallMs: number,
  clock: DeviceClock,
): UptimeStep {
  const raw = uptimeStep(beforeTicks, now.uptimeTicks, wallMs);
  return believedStep(clock, raw, now.uptimeTicks - beforeTicks);
}

/** Why the counters of a port do not go on from the reading before; null when they do. */
function lifeBreak(
  memory: RateMemory,
  slot: number,
  step: UptimeStep,
  now: PortReading,
): NoRateReason | null {
  const isDiscontinued = noteDiscontinuity(memory, slot, now);
  const broken = reasonOfCode(memory.broken[slot]!);
  if (broken !== null) return broken;
  if (step === 'restarted') return 'agent-restarted';
  if (step === 'jumped') return 'uptime-jumped';
  return isDiscontinued ? 'discontinuity' : null;
}

/** RFC 2863 §3.1.5: when ifCounterDiscontinuityTime is another one, counters may have begun anew. */
function noteDiscontinuity(memory: RateMemory, slot: number, now: PortReading): boolean {
  const ticks = now.discontinuityTicks;
  if (Number.isNaN(ticks)) return false;
  const before = memory.discontinuityTicks[slot]!;
  memory.discontinuityTicks[slot] = ticks;
  if (Number.isNaN(before) || Math.abs(ticks - before) <= SAME_DISCONTINUITY_TICKS) {
    memory.echoes[slot] = 0;
    return false;
  }
  const isEcho = Math.abs(ticks - now.uptimeTicks) <= COPY_OF_UPTIME_TICKS;
  memory.echoes[slot] = isEcho ? Math.min(memory.echoes[slot]! + 1, MOST_COPIES) : 0;
  return memory.echoes[slot]! < MOST_COPIES;
}

/** Whether a counter shows another value than when it was last read, held back or not. */
function hasCounted(memory: RateMemory, slot: number, now: PortReading): boolean {
  const { bits, seenLow } = memory;
  const receive = slot * 2;
  const transmit = receive + 1;
  return (
    (now.receiveBits !== 0 &&
      now.receiveBits === bits[receive] &&
      now.receiveLow !== seenLow[receive]) ||
    (now.transmitBits !== 0 &&
      now.transmitBits === bits[transmit] &&
      now.transmitLow !== seenLow[transmit])
  );
}

/** The larger speed of before and now: a link that came back slower has counted at the old speed. */
function speedBetween(memory: RateMemory, slot: number, speed: number): number {
  const before = memory.octetsPerSecond[slot]!;
  if (Number.isNaN(speed)) return before;
  return Number.isNaN(before) ? speed : Math.max(before, speed);
}

function withholdBoth(
  memory: RateMemory,
  slot: number,
  reason: NoRateReason,
  toldMs: number,
): void {
  memory.toldMs[slot] = toldMs;
  note(memory, slot * 2, reason);
  note(memory, slot * 2 + 1, reason);
}

function note(memory: RateMemory, counter: number, reason: NoRateReason | null): void {
  memory.reason[counter] = codeOfReason(reason);
  if (reason === null) return;
  memory.rate[counter] = Number.NaN;
  memory.spanMs[counter] = Number.NaN;
  memory.withheld[reason] += 1;
}
