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

/** Which of the days of one name in a month. */
export const WEEKS_OF_MONTH = ['first', 'second', 'third', 'fourth', 'last'] as const;

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
  { every, days, week }: Repeat,
): Temporal.PlainDate[] {
  const dates: Temporal.PlainDate[] = [];
  const isBefore = (date: Temporal.PlainDate) => Temporal.PlainDate.compare(date, until) <= 0;
  if (every === 'month') {
    for (let months = 0; dates.length < MOST_OCCURRENCES; months += 1) {
      const month = first.toPlainYearMonth().add({ months });
      if (!isBefore(month.toPlainDate({ day: 1 }))) return dates;
      const date = week === undefined ? sameDayIn(month, first.day) : dayIn(month, week, days[0]);
      if (date !== null && isBefore(date) && Temporal.PlainDate.compare(date, first) >= 0)
        dates.push(date);
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

/** null: the month is too short. */
function sameDayIn(month: Temporal.PlainYearMonth, day: number): Temporal.PlainDate | null {
  return month.daysInMonth < day ? null : month.toPlainDate({ day });
}

/** The second Tuesday of a month, or its last Friday. */
export function dayIn(
  month: Temporal.PlainYearMonth,
  week: (typeof WEEKS_OF_MONTH)[number],
  weekday: (typeof WEEKDAYS)[number] | undefined,
): Temporal.PlainDate {
  const wanted = WEEKDAYS.indexOf(weekday ?? WEEKDAYS[0]) + 1;
  const start = month.toPlainDate({ day: 1 });
  const first = start.add({ days: (wanted - start.dayOfWeek + 7) % 7 });
  if (week !== 'last') return first.add({ weeks: WEEKS_OF_MONTH.indexOf(week) });
  const fifth = first.add({ weeks: 4 });
  return fifth.month === month.month ? fifth : first.add({ weeks: 3 });
}
