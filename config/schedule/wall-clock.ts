import type { EpochMs } from '../../lib/time.ts';
import type { Hours } from './schedule.ts';

/** The instants at which a clock on the wall shows a time: two where summer time ends and it comes twice. */
export interface WallInstants {
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/**
 * When the clocks of `zone` show `local`. A time that is skipped when summer time begins counts as
 * the instant at which the clocks jump over it.
 */
export function wallInstants(local: Temporal.PlainDateTime, zone: string): WallInstants {
  const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const last = local.toZonedDateTime(zone, { disambiguation: 'later' });
  if (first.epochMilliseconds === last.epochMilliseconds || first.toPlainDateTime().equals(local)) {
    return { first: first.epochMilliseconds, last: last.epochMilliseconds };
  }
  const jump = first.getTimeZoneTransition('next')?.epochMilliseconds ?? last.epochMilliseconds;
  return { first: jump, last: jump };
}

/** What the clocks of `zone` show at `at`. */
export function wallTime(at: EpochMs, zone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDateTime();
}

/** Local midnight of `date`, plus minutes. */
export function minutesInto(date: Temporal.PlainDate, minutes: number): Temporal.PlainDateTime {
  return date.toPlainDateTime().add({ minutes });
}

export interface Stretch {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** The stretch of `hours` that begins on `date`; null when none does. It begins at the first and ends at the last occurrence of its times. */
export function stretchOn(date: Temporal.PlainDate, hours: Hours, zone: string): Stretch | null {
  if (!hours.days.includes(date.dayOfWeek)) return null;
  const end = hours.to > hours.from ? date : date.add({ days: 1 });
  return {
    from: wallInstants(minutesInto(date, hours.from), zone).first,
    to: wallInstants(minutesInto(end, hours.to), zone).last,
  };
}

/** The stretches of `hours` that begin the day before, today or tomorrow: all that can hold or border `at`. */
export function stretchesAround(
  at: EpochMs,
  hours: readonly Hours[],
  zone: string,
): readonly Stretch[] {
  const today = wallTime(at, zone).toPlainDate();
  return [-1, 0, 1].flatMap((days) =>
    hours.flatMap((each) => stretchOn(today.add({ days }), each, zone) ?? []),
  );
}
