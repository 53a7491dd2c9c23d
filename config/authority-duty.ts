import type { DurationMs } from '../lib/time.ts';
import type { Tier } from './model.ts';

/** What an authority is to be told of an incident, and how soon. */
export interface AuthorityDuty {
  readonly id: string;
  readonly name: string;
  /** By the tier of the incident; null: not told of that tier. */
  readonly withinMs: Readonly<Record<Tier, DurationMs | null>>;
  /** Whether the time runs from the first sign of the incident, or from when the incident was of that tier. */
  readonly from: 'detected' | 'graded';
  /** Shares of that time, 0..1, ascending. */
  readonly reminderRatios: readonly number[];
}
