import type { EpochMs } from '../../lib/time.ts';

/**
 * Who is on call when, as a rule: wall-clock times in the zone of the schedule, which stay what they
 * are through a change to or from summer time.
 */
export interface Schedule {
  readonly id: string;
  readonly name: string;
  /** IANA zone of every time and date in it. */
  readonly timeZone: string;
  readonly teamId: string | null;
  /** Whether times that nobody covers are meant to be, so that nobody is told of them. */
  readonly isPartial: boolean;
  /** Who is told of times that nobody covers. */
  readonly managerIds: readonly string[];
  /** From the top: the first layer that has someone on duty decides. */
  readonly layers: readonly Layer[];
  /** Local dates, `2026-10-01`. */
  readonly holidays: readonly string[];
  /** Exceptions that the file makes, in order; a later one overrules an earlier one. */
  readonly overrides: readonly Override[];
}

/** People who take turns. */
export interface Layer {
  readonly id: string;
  /** In the order of their turns. */
  readonly personIds: readonly string[];
  /** Local date and time of the first hand-over, `2026-01-05T09:00`; nobody is on duty before it. */
  readonly firstAt: string;
  /** Length of a turn by the clock on the wall: a day of 23 or 25 hours counts as one day. */
  readonly shiftMs: number;
  /** Local date and time from which nobody is on duty any more; null: it goes on. */
  readonly endsAt: string | null;
  /** On duty only then; always when empty. */
  readonly hours: readonly Hours[];
  /** Whether it holds on holidays too, on nothing else, or never then. */
  readonly holidays: HolidayRule;
}

export const HOLIDAY_RULES = ['also', 'only', 'never'] as const;
export type HolidayRule = (typeof HOLIDAY_RULES)[number];

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A stretch of certain days, `[from, to)`; past midnight when `to` is not after `from`. */
export interface Hours {
  /** 1 Monday … 7 Sunday (ISO 8601): the days on which it begins. */
  readonly days: readonly number[];
  /** Minutes after local midnight. */
  readonly from: number;
  readonly to: number;
}

/** For `[from, to)` the person is on call: instead of everyone, or instead of one who would be. */
export interface Override {
  readonly id: string;
  readonly scheduleId: string;
  readonly personId: string;
  /** null: instead of whoever is on call. */
  readonly replacesId: string | null;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: string;
  /** Who made it; null: the file. */
  readonly by: string | null;
  /** The two halves of a swap carry one id. */
  readonly swapId: string | null;
}

/** Times of a person at which only tiers 1 and 2 page. */
export interface QuietHours extends Hours {
  readonly timeZone: string;
}
