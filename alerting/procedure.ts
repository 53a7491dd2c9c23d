import type { EpochMs } from '../lib/time.ts';
import type { Incident } from './state.ts';

/**
 * The procedure of an incident: detected, graded, reported up, assigned, contained, customers told,
 * restored, reviewed, closed. People record the three below; the others follow from what is known.
 */
export const RECORDED_STAGES = ['reported-up', 'assigned', 'contained'] as const;
export type RecordedStage = (typeof RECORDED_STAGES)[number];

export interface CorrectiveAction {
  readonly text: string;
  readonly ownerId: string;
  /** Local date, `2026-12-31`. */
  readonly dueOn: string;
}

export interface Review {
  readonly rootCause: string;
  readonly actions: readonly CorrectiveAction[];
}

/** Response to a customer within an hour, an answer within a day. */
export const REPORT_CLOCKS = ['respond', 'answer'] as const;
export type ReportClock = (typeof REPORT_CLOCKS)[number];

/** A fault that a customer has told. */
export interface CustomerReport {
  readonly id: string;
  readonly customer: string;
  /** How to reach the customer; empty when not given. */
  readonly contact: string;
  readonly text: string;
  readonly deviceId: string | null;
  readonly siteId: string | null;
  /** Who took it down; null: the customer. */
  readonly by: string | null;
  readonly receivedAt: EpochMs;
  readonly respondBy: EpochMs;
  readonly answerBy: EpochMs;
}

/** A report with what has become of it. */
export interface HeldReport extends CustomerReport {
  incidentId: string | null;
  respondedAt: EpochMs | null;
  answeredAt: EpochMs | null;
  readonly breached: Set<ReportClock>;
}

/** Whether it may be closed only after a review with its root cause and what is done about it: by its tier, or by the rule of its tier. */
export function needsReview(incident: Incident): boolean {
  const { tier, tierReachedAt, reviewDuty } = incident;
  // Asked of hundreds of incidents whenever one ends.
  return reviewDuty !== null || tier <= 2 || tierReachedAt.has(1) || tierReachedAt.has(2);
}
