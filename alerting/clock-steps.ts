import type { Observation } from '../collector/observation.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import { DAY, type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { clearServiceFaults, raiseServiceFault } from './service-faults.ts';
import type { ClockStep } from './state.ts';
import { SERVICE_SUBJECT } from './subjects.ts';

/**
 * The wall clock is for records and for what people set by it; what runs runs in elapsed time. When
 * somebody, or a time server, sets the clock of the machine, the step goes on record and everything
 * that runs is moved with it (`apply-clock-step.ts`), so that no step makes a response clock longer or
 * shorter.
 *
 * Across a restart no elapsed time is known but by the wall clock: what it says is taken as it is,
 * except that it is never earlier than the last instant in the journal. Where it is, the clock has been
 * set back, the time without the service counts as none, and the clocks go on from where they were.
 */

/** Less is the drift and the reading of clocks. */
export const LEAST_CLOCK_STEP_MS: DurationMs = SECOND;
/** From this step on somebody should know. */
const TOLD_FROM_MS: DurationMs = 5 * SECOND;
const TOLD_FOR_MS: DurationMs = 15 * MINUTE;

/** Records a step, and for each open incident what became of its clock. */
export function takeClockStep(
  deciding: Deciding,
  byMs: DurationMs,
  cause: ClockStep['cause'],
): void {
  const at = deciding.now;
  deciding.emit({ type: 'clock-stepped', at, byMs, cause });
  for (const incidentId of deciding.state.openIncidentIds) {
    const { acknowledgeBy } = deciding.state.incidents.get(incidentId)!;
    deciding.emit({ type: 'incident-clock-moved', at, incidentId, byMs, cause, acknowledgeBy });
  }
}

/** A clock that was set is an incident of its own for a while: times on record before and after do not agree. */
export function decideClockSteps(deciding: Deciding): void {
  const step = deciding.state.clockStep;
  const isTold =
    step !== null &&
    Math.abs(step.byMs) >= TOLD_FROM_MS &&
    Math.abs(deciding.now - step.at) < TOLD_FOR_MS;
  if (!isTold) {
    clearServiceFaults(deciding, SERVICE_SUBJECT, 'clock-stepped', new Set());
    return;
  }
  raiseServiceFault(deciding, {
    ...{ subjectId: SERVICE_SUBJECT, component: null, kind: 'clock-stepped', level: 'warning' },
    ...{ since: step.at, text: describeClockStep(step) },
  });
}

/**
 * A poll that was under way when the clock was set is dated by the clock before; given back by the one
 * that goes now. `step`: the last one. Nothing is dated later than now.
 */
export function datedByClockOfNow(
  observation: Observation,
  step: ClockStep | null,
  now: EpochMs,
): Observation {
  const byMs = step?.cause === 'set' ? step.byMs : 0;
  const { startedAt, finishedAt } = observation;
  const isAhead = byMs < 0 && startedAt > now;
  const isBehind = byMs > 0 && startedAt <= step!.at - byMs;
  const shiftMs = isAhead || isBehind ? byMs : 0;
  const ofNow = (at: EpochMs) => Math.min(at + shiftMs, now);
  return { ...observation, startedAt: ofNow(startedAt), finishedAt: ofNow(finishedAt) };
}

/** "the clock of the machine was set back by 1 h 2 min". */
export function describeClockStep({ byMs, cause }: Omit<ClockStep, 'at'>): LocalText {
  const { en, zh } = lengthOf(Math.abs(byMs));
  if (cause === 'restart')
    return say(
      `the clock of the machine is ${en} behind the last record: it was set back while the service was down, and clocks go on from that record`,
      `主机时钟比最后记录落后 ${zh}：停机期间时钟被回拨，各计时自该记录继续`,
    );
  return byMs < 0
    ? say(
        `the clock of the machine was set back by ${en}; clocks run on in elapsed time`,
        `主机时钟被回拨 ${zh}；各计时按实际经过时间继续`,
      )
    : say(
        `the clock of the machine was set ahead by ${en}; clocks run on in elapsed time`,
        `主机时钟被拨快 ${zh}；各计时按实际经过时间继续`,
      );
}

function lengthOf(ms: DurationMs): { readonly en: string; readonly zh: string } {
  const units = [
    [DAY, 'd', '天'],
    [HOUR, 'h', '小时'],
    [MINUTE, 'min', '分钟'],
    [SECOND, 's', '秒'],
  ] as const;
  let leftMs = Math.round(ms / SECOND) * SECOND;
  const parts: (readonly [string, string])[] = [];
  for (const [unitMs, en, zh] of units) {
    const count = Math.floor(leftMs / unitMs);
    leftMs -= count * unitMs;
    if (count > 0) parts.push([`${count} ${en}`, `${count} ${zh}`]);
  }
  return {
    en: parts.map(([en]) => en).join(' ') || '0 s',
    zh: parts.map(([, zh]) => zh).join(' ') || '0 秒',
  };
}
