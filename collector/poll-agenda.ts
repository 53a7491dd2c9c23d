import type { PollingConfig } from '../config/model.ts';
import type { DurationMs } from '../lib/time.ts';

/**
 * When one device is polled next. Times are of the monotonic clock. A device is confirmed answering
 * or silent after enough polls in a row that say so; while an answer differs from what is confirmed,
 * the next heartbeat comes after `confirmMs`. Full polls wait until the device answers.
 *
 *   null ──ok──▶ answering ──failuresToConfirm × not ok──▶ silent ──successesToClear × ok──▶ answering
 *   null ──failuresToConfirm × not ok──▶ silent
 *
 * `noteAnswer` alone changes what is confirmed.
 */
export interface PollAgenda {
  confirmed: 'answering' | 'silent' | null;
  /** Polls in a row that contradict `confirmed`. */
  streak: number;
  /** Polls in a row since it was confirmed silent. */
  silentPolls: number;
  lastWasOk: boolean;
  nextHeartbeatMs: number;
  /** null: not before the device answers. */
  nextFullMs: number | null;
  readonly originMs: number;
  /** 0..1: where in its interval this device has its turn. */
  readonly phaseRatio: number;
}

/** A silent device is asked at the usual pace this often, then half as often. */
const SILENT_POLLS_AT_USUAL_PACE = 4;
const SILENT_PACE_RATIO = 2;
/** A regular full poll keeps at least this share of its interval away from the one before. */
const LEAST_FULL_SPACING_RATIO = 0.25;

/** Where a device has its turns. */
export type PollPhase = Pick<PollAgenda, 'originMs' | 'phaseRatio'>;

/** In a large network devices have their turns together, this far apart. */
const TURNS_APART_MS: DurationMs = 50;

/**
 * The place 0..1 in its intervals of device number `place` of `deviceCount`. Whoever begins together is asked
 * and answers together, which costs a poller far less than one at a time: so a network with more
 * devices than turns gives each turn to several.
 */
export function sharedPhase(place: number, deviceCount: number, polling: PollingConfig): number {
  const turns = Math.min(deviceCount, Math.ceil(polling.heartbeatMs / TURNS_APART_MS));
  return Math.floor((place * turns) / deviceCount) / turns;
}

/** The agenda of a device that was never polled: its first heartbeat comes at its place in the interval. */
export function createAgenda(
  { originMs, phaseRatio }: PollPhase,
  polling: PollingConfig,
): PollAgenda {
  return {
    confirmed: null,
    streak: 0,
    silentPolls: 0,
    lastWasOk: false,
    nextHeartbeatMs: originMs + phaseRatio * polling.heartbeatMs,
    nextFullMs: null,
    originMs,
    phaseRatio,
  };
}

/** Takes in how a poll of either kind ended, and plans the next heartbeat. */
export function noteAnswer(
  agenda: PollAgenda,
  isOk: boolean,
  finishedMs: number,
  polling: PollingConfig,
): void {
  agenda.lastWasOk = isOk;
  if (isOk) agenda.nextFullMs ??= finishedMs;
  const answered = isOk ? 'answering' : 'silent';
  if (agenda.confirmed === answered) {
    agenda.streak = 0;
    if (!isOk) agenda.silentPolls += 1;
  } else {
    agenda.streak += 1;
    if (agenda.streak < pollsNeeded(agenda, isOk, polling)) {
      const regularMs = nextTurn(agenda, finishedMs, polling.heartbeatMs);
      agenda.nextHeartbeatMs = Math.min(finishedMs + polling.confirmMs, regularMs);
      return;
    }
    agenda.confirmed = answered;
    agenda.streak = 0;
    agenda.silentPolls = 0;
    if (!isOk) agenda.nextFullMs = null;
  }
  const intervalMs = polling.heartbeatMs * (isLongSilent(agenda) ? SILENT_PACE_RATIO : 1);
  agenda.nextHeartbeatMs = nextTurn(agenda, finishedMs, intervalMs);
}

/** Takes in that a full poll ended, and plans the next one at its regular turn. */
export function noteFullPoll(
  agenda: PollAgenda,
  isOk: boolean,
  finishedMs: number,
  polling: PollingConfig,
): void {
  const { fullPollMs } = polling;
  agenda.nextFullMs = nextTurn(
    agenda,
    finishedMs + fullPollMs * LEAST_FULL_SPACING_RATIO,
    fullPollMs,
  );
  noteAnswer(agenda, isOk, finishedMs, polling);
}

/** When a full poll may begin, or null while the device does not answer. */
export function fullPollDueMs(agenda: PollAgenda): number | null {
  return agenda.lastWasOk ? agenda.nextFullMs : null;
}

/** Whether it is asked less often because it has been silent for long. */
export function isLongSilent({ silentPolls }: PollAgenda): boolean {
  return silentPolls > SILENT_POLLS_AT_USUAL_PACE;
}

/** How many polls in a row have to end so before it is confirmed. */
export function pollsNeeded(agenda: PollAgenda, isOk: boolean, polling: PollingConfig): number {
  if (!isOk) return polling.failuresToConfirm;
  return agenda.confirmed === null ? 1 : polling.successesToClear;
}

/** The device's first turn after the instant: turns keep their places, however long polls take. */
function nextTurn(agenda: PollAgenda, afterMs: number, intervalMs: DurationMs): number {
  const firstMs = agenda.originMs + agenda.phaseRatio * intervalMs;
  const turns = Math.floor((afterMs - firstMs) / intervalMs) + 1;
  return firstMs + Math.max(0, turns) * intervalMs;
}
