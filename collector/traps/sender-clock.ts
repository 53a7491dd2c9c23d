import {
  type EngineClock,
  type EngineTime,
  engineTimeAt,
  TIME_WINDOW_SECONDS,
} from '../snmp/usm/engine-clock.ts';
import type { ProvenEngineTime } from '../snmp-client.ts';

/** What is believed of who sends notifications as an SNMPv3 engine. */
export interface SenderClock {
  readonly engine: EngineClock;
  /**
   * The most boots that the engine had before it lost boots or time; null: it never has. Up to there a
   * message can be an old one that somebody sends again, so only what a poll has proven counts.
   */
  readonly fallenFromBoots: number | null;
}

/** Both instants are taken in different threads, whose clocks are compared by messages. */
const CLOCKS_DIFFER_MS = 1_000;

/**
 * What is to be believed in the light of what a poll has proven since: an answer to a poll carries an
 * id that nobody can know before, so it is no repetition, which a notification may be (RFC 3414
 * §3.2 step 7b has only the time to tell them apart). An engine that has lost its boots or its time,
 * or whose boots were too high once, is believed again from there on.
 */
export function inLightOfPoll(
  sender: SenderClock,
  proven: ProvenEngineTime | null,
  nowMs: number,
): SenderClock {
  const { engine, fallenFromBoots } = sender;
  if (proven === null || !engine.isSynchronised) return sender;
  if (proven.provenAtMs < engine.receivedAtMs + CLOCKS_DIFFER_MS) return sender;
  const believed = engineTimeAt(engine, nowMs);
  const told = clockOf(engine.engineId, proven);
  const now = engineTimeAt(told, nowMs);
  const hasFallen =
    now.boots < believed.boots ||
    (now.boots === believed.boots && now.timeSeconds < believed.timeSeconds - TIME_WINDOW_SECONDS);
  if (hasFallen)
    return { engine: told, fallenFromBoots: Math.max(fallenFromBoots ?? 0, believed.boots) };
  return fallenFromBoots === null ? sender : { engine: told, fallenFromBoots };
}

/** Whether an authentic message with this boots and time may be an old one, of before the engine fell. */
export function mayBeOld(sender: SenderClock, received: EngineTime, nowMs: number): boolean {
  const { engine, fallenFromBoots } = sender;
  if (fallenFromBoots === null || received.boots > fallenFromBoots) return false;
  const now = engineTimeAt(engine, nowMs);
  const isNear = Math.abs(received.timeSeconds - now.timeSeconds) <= TIME_WINDOW_SECONDS;
  return received.boots !== now.boots || !isNear;
}

function clockOf(engineId: Uint8Array, proven: ProvenEngineTime): EngineClock {
  const { boots, timeSeconds, provenAtMs } = proven;
  const time = { boots, timeSeconds, latestTimeSeconds: timeSeconds };
  return { engineId, isSynchronised: true, ...time, receivedAtMs: provenAtMs };
}
