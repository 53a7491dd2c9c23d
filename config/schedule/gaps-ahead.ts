import { DAY, type DurationMs, type EpochMs, MINUTE } from '../../lib/time.ts';
import type { Findings } from '../findings.ts';
import { type Cover, coverGaps } from './on-call.ts';
import type { Override, Schedule } from './schedule.ts';
import { wallTime } from './wall-clock.ts';

/** How far ahead gaps in the cover are looked for and shown. */
export const GAP_HORIZON_MS: DurationMs = 30 * DAY;
/** A shorter hole is one of hand-overs, not of cover. */
const SHORTEST_GAP_MS: DurationMs = MINUTE;
/** Named in a warning; what follows is counted. */
const MOST_NAMED = 3;

/** Times in the next thirty days at which nobody is on call; `overrides` beside those of the file. */
export function gapsAhead(
  schedule: Schedule,
  overrides: readonly Override[],
  now: EpochMs,
): readonly Cover[] {
  return coverGaps(schedule, overrides, now, now + GAP_HORIZON_MS).filter(
    ({ from, to }) => to - from >= SHORTEST_GAP_MS,
  );
}

/** Warns of the gaps of each schedule whose times are meant to be covered. */
export function warnOfGaps(findings: Findings, schedules: readonly Schedule[], now: EpochMs): void {
  for (const [index, schedule] of schedules.entries()) {
    const gaps = schedule.isPartial ? [] : gapsAhead(schedule, [], now);
    if (gaps.length === 0) continue;
    const { timeZone } = schedule;
    const named = gaps
      .slice(0, MOST_NAMED)
      .map(({ from, to }) => `${minute(from, timeZone)} to ${minute(to, timeZone)}`);
    const left = gaps.length - named.length;
    const more = left > 0 ? ` and ${left} times more` : '';
    findings.warning(
      ['schedules', index],
      `nobody is on call in the next 30 days from ${named.join(', ')}${more} (${timeZone}); exceptions made in the console are not counted`,
    );
  }
}

/** `2026-11-03 02:00` */
function minute(at: EpochMs, zone: string): string {
  return wallTime(at, zone).toString({ smallestUnit: 'minute' }).replace('T', ' ');
}
