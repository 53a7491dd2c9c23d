import type { DurationMs } from '../lib/time.ts';
import type { ReviewRule } from './review-rule.ts';

/** The promise of a tier: answered within, reminded at, repeated every, kept up to date. */
export interface TierTargets {
  readonly acknowledgeWithinMs: DurationMs;
  /** Shares of that time, 0..1, ascending; a reminder goes out at each unless acknowledged. */
  readonly reminderRatios: readonly number[];
  /** Page everyone paged so far again every so often until acknowledged; null = never. */
  readonly repeatEveryMs: DurationMs | null;
  /** As `repeatEveryMs`, once the deadline has passed. Older journals lack this and what follows. */
  readonly repeatAfterBreachMs?: DurationMs | null;
  /** Whoever acknowledged says this often how it stands; null = need not. */
  readonly updateEveryMs?: DurationMs | null;
  /** After the page that an update is due, the acknowledgement lapses without one. */
  readonly updateGraceMs?: DurationMs;
  /** Customers are told this soon after the acknowledgement; null = need not be. */
  readonly noticeWithinMs?: DurationMs | null;
  /** As `noticeWithinMs`, where key customers are cut off. */
  readonly keyNoticeWithinMs?: DurationMs | null;
  /** Each time that people are paged again: on one channel of theirs after the other; left out: on all. */
  readonly rotatesChannels?: boolean;
  /** The review after the end; left out: none falls due. */
  readonly review?: ReviewRule;
}
