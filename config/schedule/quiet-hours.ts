import type { EpochMs } from '../../lib/time.ts';
import type { QuietHours } from './schedule.ts';
import { stretchesAround } from './wall-clock.ts';

/** Quiet hours that begin as others end are one quiet time, up to this many of them. */
const MOST_JOINED = 16;

/** When the quiet time that holds `at` is over; null when it is not quiet then. */
export function quietUntil(hours: readonly QuietHours[], at: EpochMs): EpochMs | null {
  let until: EpochMs | null = null;
  for (let count = 0; count < MOST_JOINED; count++) {
    const from: EpochMs = until ?? at;
    const ends = hours
      .flatMap((each) => stretchesAround(from, [each], each.timeZone))
      .filter((stretch) => stretch.from <= from && from < stretch.to)
      .map((stretch) => stretch.to);
    if (ends.length === 0) return until;
    until = Math.max(...ends);
  }
  return until;
}
