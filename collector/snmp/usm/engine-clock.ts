import type { DurationMs } from '../../../lib/time.ts';

/**
 * What we believe about an authoritative engine: the RFC 3414 §2.3 notion of its time. Three
 * conditions, entered in this order:
 *
 * - unknown: no engine id. Only discovery can be sent (RFC 3414 §4).
 * - heard of: an engine id from an answer that nothing proves. The boots and time that came with it
 *   are put into the next request, where a wrong value costs one more round trip; they are never
 *   taken for true.
 * - synchronised: boots and time from an authentic message; it alone judges later messages.
 *
 * It goes back to unknown when an authentic answer shows that the engine has lost its boots or
 * time, or when the engine says that it is another.
 */
export interface EngineClock {
  /** Empty while unknown. */
  readonly engineId: Uint8Array;
  readonly isSynchronised: boolean;
  readonly boots: number;
  readonly timeSeconds: number;
  /** RFC 3414 §2.3 latestReceivedEngineTime: the highest in an authentic message. */
  readonly latestTimeSeconds: number;
  /** Instant of the monotonic clock at which `timeSeconds` was true. */
  readonly receivedAtMs: number;
}

export interface EngineTime {
  readonly boots: number;
  readonly timeSeconds: number;
}

/** How the time in an authentic message compares with what we believe. */
export type TimeVerdict =
  | 'in-window'
  /** RFC 3414 §3.2 step 7b: more than 150 seconds old. */
  | 'time-went-back'
  /** RFC 3414 §3.2 step 7b: from before the last restart we know of, or the engine lost its boots. */
  | 'boots-went-back'
  /** RFC 3414 §2.2.2: boots at 2^31 − 1; the engine must be given a new id or new keys. */
  | 'boots-exhausted';

/** RFC 3414 §2.2.3. */
export const TIME_WINDOW_SECONDS = 150;
/** RFC 3414 §2.2.2: the boots of an engine stay at this value for ever. */
export const EXHAUSTED_BOOTS = 2_147_483_647;
const LARGEST_TIME_SECONDS = 2_147_483_647;
const SECOND: DurationMs = 1_000;

export const UNKNOWN_ENGINE: EngineClock = {
  engineId: new Uint8Array(0),
  isSynchronised: false,
  boots: 0,
  timeSeconds: 0,
  latestTimeSeconds: 0,
  receivedAtMs: 0,
};

/** An engine known from an answer that nothing proves. */
export function hearOfEngine(engineId: Uint8Array, time: EngineTime, nowMs: number): EngineClock {
  const { boots, timeSeconds } = time;
  const unproven = { isSynchronised: false, latestTimeSeconds: 0, receivedAtMs: nowMs };
  return { engineId: Uint8Array.from(engineId), boots, timeSeconds, ...unproven };
}

/** Boots and time for a message to the engine (RFC 3414 §3.1 step 6), as they must be at `nowMs`. */
export function engineTimeAt(engine: EngineClock, nowMs: number): EngineTime {
  const elapsedSeconds = Math.max(0, Math.floor((nowMs - engine.receivedAtMs) / SECOND));
  const timeSeconds = Math.min(LARGEST_TIME_SECONDS, engine.timeSeconds + elapsedSeconds);
  return { boots: engine.boots, timeSeconds };
}

/**
 * Judges the boots and time of an authentic message from the engine, and gives what is to be
 * believed afterwards (RFC 3414 §3.2 step 7b). What comes from outside the window changes nothing.
 */
export function judgeEngineTime(
  engine: EngineClock,
  received: EngineTime,
  nowMs: number,
): { readonly verdict: TimeVerdict; readonly engine: EngineClock } {
  if (received.boots === EXHAUSTED_BOOTS) return { verdict: 'boots-exhausted', engine };
  if (!engine.isSynchronised)
    return { verdict: 'in-window', engine: adopt(engine, received, nowMs) };
  if (received.boots > engine.boots) {
    return { verdict: 'in-window', engine: adopt(engine, received, nowMs) };
  }
  if (received.boots < engine.boots) return { verdict: 'boots-went-back', engine };
  const oldestSeconds = engineTimeAt(engine, nowMs).timeSeconds - TIME_WINDOW_SECONDS;
  if (received.timeSeconds < oldestSeconds) return { verdict: 'time-went-back', engine };
  const isNewest = received.timeSeconds > engine.latestTimeSeconds;
  return { verdict: 'in-window', engine: isNewest ? adopt(engine, received, nowMs) : engine };
}

function adopt(engine: EngineClock, received: EngineTime, nowMs: number): EngineClock {
  return {
    engineId: engine.engineId,
    isSynchronised: true,
    boots: received.boots,
    timeSeconds: received.timeSeconds,
    latestTimeSeconds: received.timeSeconds,
    receivedAtMs: nowMs,
  };
}

/**
 * RFC 3414 §3.2 step 7a, for messages to us as the authoritative engine (informs): whether boots are
 * ours and the time is within 150 seconds of ours.
 */
export function isWithinOwnWindow(own: EngineTime, received: EngineTime): boolean {
  return (
    own.boots !== EXHAUSTED_BOOTS &&
    received.boots === own.boots &&
    Math.abs(received.timeSeconds - own.timeSeconds) <= TIME_WINDOW_SECONDS
  );
}
