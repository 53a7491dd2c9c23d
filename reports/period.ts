import { isTimeZone } from '../config/findings.ts';
import type { EpochMs } from '../lib/time.ts';

export type PeriodKind = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** A calendar period in a time zone: half-open `[from, to)`. A day of 23 or 25 hours is that long here. */
export interface Period {
  readonly kind: PeriodKind;
  /** `2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4` or `2026`. */
  readonly name: string;
  /** IANA zone, e.g. `Asia/Shanghai`. */
  readonly timeZone: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export type ParsedPeriod =
  | { readonly ok: true; readonly period: Period }
  | { readonly ok: false; readonly message: string };

const FIRST_YEAR = 1970;
const MONTHS_IN_QUARTER = 3;
const DAYS_IN_WEEK = 7;
const EXPECTED = 'expected 2026, 2026-Q4, 2026-11, 2026-W47 or 2026-11-22';

/** Reads a period's name. Anything else, a date that does not exist or an unknown zone comes back as a message. */
export function parsePeriod(text: string, timeZone: string): ParsedPeriod {
  if (!isTimeZone(timeZone)) {
    return { ok: false, message: `"${timeZone}" is not an IANA time zone` };
  }
  const found = firstDay(text);
  if (found === null || found.day.year < FIRST_YEAR) {
    return { ok: false, message: `"${text}" is not a period; ${EXPECTED}` };
  }
  return { ok: true, period: periodFrom(found.kind, found.day, timeZone) };
}

/** The period of a kind that holds an instant. The zone must be a valid one. */
export function periodAt(kind: PeriodKind, at: EpochMs, timeZone: string): Period {
  const day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  return periodFrom(kind, startOf(kind, day), timeZone);
}

function firstDay(text: string): { kind: PeriodKind; day: Temporal.PlainDate } | null {
  const match = /^(\d{4})(?:-(?:Q([1-4])|W(\d{2})|(\d{2})(?:-(\d{2}))?))?$/.exec(text);
  if (match === null) return null;
  const [, yearText, quarter, week, month, dayOfMonth] = match;
  const year = Number(yearText);
  if (week !== undefined) {
    const day = mondayOfWeek(year, Number(week));
    return day === null ? null : { kind: 'week', day };
  }
  const kind = dayOfMonth ? 'day' : month ? 'month' : quarter ? 'quarter' : 'year';
  const monthNumber = quarter ? (Number(quarter) - 1) * MONTHS_IN_QUARTER + 1 : Number(month ?? 1);
  try {
    const fields = { year, month: monthNumber, day: Number(dayOfMonth ?? 1) };
    return { kind, day: Temporal.PlainDate.from(fields, { overflow: 'reject' }) };
  } catch {
    return null;
  }
}

/** ISO 8601: week 1 is the one with 4 January in it. Null when the year has no such week. */
function mondayOfWeek(year: number, week: number): Temporal.PlainDate | null {
  const inWeekOne = Temporal.PlainDate.from({ year, month: 1, day: 4 });
  const monday = startOf('week', inWeekOne).add({ weeks: week - 1 });
  return monday.weekOfYear === week && monday.yearOfWeek === year ? monday : null;
}

function startOf(kind: PeriodKind, day: Temporal.PlainDate): Temporal.PlainDate {
  switch (kind) {
    case 'day':
      return day;
    case 'week':
      return day.subtract({ days: day.dayOfWeek - 1 });
    case 'month':
      return day.with({ day: 1 });
    case 'quarter':
      return day.with({ month: (quarterOf(day) - 1) * MONTHS_IN_QUARTER + 1, day: 1 });
    case 'year':
      return day.with({ month: 1, day: 1 });
  }
}

function periodFrom(kind: PeriodKind, first: Temporal.PlainDate, timeZone: string): Period {
  const last = first.add(LENGTHS[kind]);
  const from = first.toZonedDateTime({ timeZone }).epochMilliseconds;
  const to = last.toZonedDateTime({ timeZone }).epochMilliseconds;
  return { kind, name: nameOf(kind, first), timeZone, from, to };
}

const LENGTHS: Readonly<Record<PeriodKind, Temporal.DurationLike>> = {
  day: { days: 1 },
  week: { days: DAYS_IN_WEEK },
  month: { months: 1 },
  quarter: { months: MONTHS_IN_QUARTER },
  year: { years: 1 },
};

function nameOf(kind: PeriodKind, first: Temporal.PlainDate): string {
  const year = String(first.year).padStart(4, '0');
  switch (kind) {
    case 'day':
      return first.toString();
    case 'week':
      return `${first.yearOfWeek}-W${String(first.weekOfYear).padStart(2, '0')}`;
    case 'month':
      return first.toString().slice(0, 'yyyy-mm'.length);
    case 'quarter':
      return `${year}-Q${quarterOf(first)}`;
    case 'year':
      return year;
  }
}

function quarterOf(day: Temporal.PlainDate): number {
  return Math.ceil(day.month / MONTHS_IN_QUARTER);
}
