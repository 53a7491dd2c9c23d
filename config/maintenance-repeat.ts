import type { EpochMs } from '../lib/time.ts';
import type { WindowEntry } from './maintenance-schema.ts';
import { WEEKDAYS } from './schedule/schedule.ts';
import { wallInstants } from './schedule/wall-clock.ts';

type Repeat = NonNullable<WindowEntry['repeat']>;

export interface Occurrence {
  /** `id` of the window and the local date on which it begins: `battery-test@2026-11-03`. */
  readonly id: string;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
}

/** More than two years of every day. */
export const MOST_OCCURRENCES = 800;

/**
 * The windows that a recurring one stands for, up to and including the day `until`: each at the same
 * times of the clock on the wall, through summer time. One that begins in an hour that comes twice
 * begins with the first and ends with the last of them. A month without the day has none.
 */
export function occurrencesOf(
  id: string,
  startsAt: string,
  endsAt: string,
  repeat: Repeat,
  zone: string,
): Occurrence[] {
  const first = Temporal.PlainDateTime.from(startsAt.replace(' ', 'T'));
  const length = first.until(Temporal.PlainDateTime.from(endsAt.replace(' ', 'T')));
  const until = Temporal.PlainDate.from(repeat.until);
  const dates = datesOf(first.toPlainDate(), until, repeat);
  return dates.slice(0, MOST_OCCURRENCES).map((date) => {
    const start = date.toPlainDateTime(first.toPlainTime());
    return {
      id: `${id}@${date}`,
      startsAt: wallInstants(start, zone).first,
      endsAt: wallInstants(start.add(length), zone).last,
    };
  });
}

function datesOf(
  first: Temporal.PlainDate,
  until: Temporal.PlainDate,
  { every, days }: Repeat,
): Temporal.PlainDate[] {
  const dates: Temporal.PlainDate[] = [];
  const isBefore = (date: Temporal.PlainDate) => Temporal.PlainDate.compare(date, until) <= 0;
  if (every === 'month') {
    for (let months = 0; dates.length < MOST_OCCURRENCES; months += 1) {
      const month = first.toPlainYearMonth().add({ months });
      if (!isBefore(month.toPlainDate({ day: 1 }))) return dates;
      if (month.daysInMonth < first.day) continue;
      const date = month.toPlainDate({ day: first.day });
      if (isBefore(date)) dates.push(date);
    }
    return dates;
  }
  const wanted = new Set(
    every === 'week' && days.length === 0
      ? [first.dayOfWeek]
      : (every === 'week' ? days : WEEKDAYS).map((day) => WEEKDAYS.indexOf(day) + 1),
  );
  for (let date = first; isBefore(date); date = date.add({ days: 1 })) {
    if (dates.length >= MOST_OCCURRENCES) break;
    if (wanted.has(date.dayOfWeek)) dates.push(date);
  }
  return dates;
}
