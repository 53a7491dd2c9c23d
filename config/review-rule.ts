import type { DurationMs } from '../lib/time.ts';

/** Which incidents of a tier are reviewed after their end, and until when. */
export interface ReviewRule {
  /** All of them; else those for which one of the next three holds. */
  readonly always: boolean;
  readonly ifBreached: boolean;
  readonly ifLongerThanMs: DurationMs | null;
  /** The same fault was an incident that ended no longer ago. */
  readonly ifRepeatedWithinMs: DurationMs | null;
  readonly withinWorkingDays: number;
  /** Somebody else than its author approves it before the incident is closed. */
  readonly needsApproval: boolean;
}
