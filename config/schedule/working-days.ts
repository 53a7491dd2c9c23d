import type { EpochMs } from '../../lib/time.ts';
import { minutesInto, wallInstants, wallTime } from './wall-clock.ts';

/** On which days people work, in one time zone. */
export interface WorkCalendar {
  readonly timeZone: string;
  /** Local dates, `2026-10-01`, on which nobody works. */
  readonly holidays: readonly string[];
  /** Saturdays and Sundays on which people work all the same. */
  readonly workdays: readonly string[];
}

/** When the working day begins, for what is told then. */
const MORNING_MINUTES = 9 * 60;
const SATURDAY = 6;

/** Something that is due at the end of a working day. */
export interface WorkingDayDue {
  /** Local date, `2026-12-07`. */
  readonly dueOn: string;
  /** The end of that day. */
  readonly dueAt: EpochMs;
  /** In the morning of the working day before it, or of the day itself where it is the first. */
  readonly remindAt: EpochMs;
  /** In the morning of the first working day after it. */
  readonly tellAt: EpochMs;
}

/** What is due `days` working days after the day of `at`; that day itself does not count. `days` from 1. */
export function dueInWorkingDays(at: EpochMs, days: number, calendar: WorkCalendar): WorkingDayDue {
  const { timeZone } = calendar;
  let date = wallTime(at, timeZone).toPlainDate();
  let before = date;
  for (let count = 0; count < days; count += 1) {
    before = date;
    date = nextWorkingDay(date, calendar);
  }
  const instant = (day: Temporal.PlainDate, minutes: number) =>
    wallInstants(minutesInto(day, minutes), timeZone).first;
  return {
    dueOn: date.toString(),
    dueAt: instant(date.add({ days: 1 }), 0),
    remindAt: instant(days === 1 ? date : before, MORNING_MINUTES),
    tellAt: instant(nextWorkingDay(date, calendar), MORNING_MINUTES),
  };
}

/** A calendar of holidays without end would leave none: a year is looked through. */
const LONGEST_SEARCH_DAYS = 366;

function nextWorkingDay(from: Temporal.PlainDate, calendar: WorkCalendar): Temporal.PlainDate {
  let date = from.add({ days: 1 });
  for (let tried = 0; tried < LONGEST_SEARCH_DAYS; tried += 1) {
    if (isWorkingDay(date, calendar)) return date;
    date = date.add({ days: 1 });
  }
  return from.add({ days: 1 });
}

function isWorkingDay(date: Temporal.PlainDate, { holidays, workdays }: WorkCalendar): boolean {
  const day = date.toString();
  if (holidays.includes(day)) return false;
  return date.dayOfWeek < SATURDAY || workdays.includes(day);
}
