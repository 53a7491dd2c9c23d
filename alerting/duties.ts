import type { Tier } from '../config/model.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';

/** Why an incident is to be reviewed: its tier always is, nobody answered in time, it was long, it came again. */
export const REVIEW_REASONS = ['tier', 'breached', 'long', 'repeated'] as const;
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** The review that an incident is owed, by working days of its site. */
export interface ReviewDuty {
  readonly reasons: readonly ReviewReason[];
  /** Local date in `timeZone`, and the end of that day. */
  readonly dueOn: string;
  readonly timeZone: string;
  readonly dueAt: EpochMs;
  readonly remindAt: EpochMs;
  /** When it is told that the review is overdue. */
  readonly tellAt: EpochMs;
  readonly needsApproval: boolean;
}

/** A review that is owed, with what was said of it. */
export interface HeldReviewDuty extends ReviewDuty {
  readonly isReminded: boolean;
  readonly isOverdue: boolean;
  /** That it is overdue. */
  readonly isTold: boolean;
}

/** By when an authority is to be told of an incident, as it stood when the clock began. */
export interface AuthorityClock {
  readonly authorityId: string;
  readonly name: string;
  readonly tier: Tier;
  readonly startedAt: EpochMs;
  readonly dueAt: EpochMs;
  readonly reminderRatios: readonly number[];
}

/** Such a clock with what has become of it. */
export interface HeldAuthorityClock extends AuthorityClock {
  /** The share of the time of which was reminded last; 0: of none. */
  readonly remindedRatio: number;
  readonly breachedAt: EpochMs | null;
  readonly toldAt: EpochMs | null;
}

/**
 * The authority was told, or was not in time. Such a clock no longer moves with the wall clock, so no later
 * deadline compares with it.
 */
export function isClockOver({ toldAt, breachedAt }: HeldAuthorityClock): boolean {
  return toldAt !== null || breachedAt !== null;
}

/** What a page about a duty says is to be done, and by when. */
export interface DutyFacts {
  readonly what: LocalText;
  readonly by: EpochMs;
}

/** How far into its time a clock is at `ratio`. */
export function reminderAt({ startedAt, dueAt }: AuthorityClock, ratio: number): EpochMs {
  const lengthMs: DurationMs = dueAt - startedAt;
  return startedAt + Math.floor(lengthMs * ratio);
}
