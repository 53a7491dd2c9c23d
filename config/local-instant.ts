import type { EpochMs } from '../lib/time.ts';
import { isTimeZone } from './findings.ts';
import { show } from './problem-text.ts';

const OFFSET = /(Z|[+-]\d\d:\d\d)$/;

/** Whether the text says by itself which instant it means. */
export function hasOffset(text: string): boolean {
  return OFFSET.test(text);
}

export type ReadInstant = { readonly at: EpochMs } | { readonly fault: string };

/**
 * `2026-11-03T02:00+08:00`, or wall-clock time in the zone; null when the zone is not known. A
 * wall-clock time that a change to or from summer time skips or repeats is a fault: only an offset
 * says which instant is meant.
 */
export function readInstant(text: string, zone: string | null): ReadInstant | null {
  const iso = text.replace(' ', 'T');
  try {
    if (hasOffset(iso)) {
      return { at: Temporal.Instant.from(iso).epochMilliseconds };
    }
    const local = Temporal.PlainDateTime.from(iso);
    if (zone === null || !isTimeZone(zone)) return null;
    const [earlier, later] = (['earlier', 'later'] as const).map(
      (disambiguation) => local.toZonedDateTime(zone, { disambiguation }).epochMilliseconds,
    );
    if (earlier === later) return { at: earlier! };
    return {
      fault: `${show(text)} is skipped or repeated in ${zone} (summer time); write it with an offset such as ${iso}+01:00`,
    };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { fault: `${show(text)} is not a date and time of the calendar` };
  }
}
