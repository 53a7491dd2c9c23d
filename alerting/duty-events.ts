import type { EpochMs } from '../lib/time.ts';
import type { AuthorityClock, ReviewDuty } from './duties.ts';

interface Of {
  readonly at: EpochMs;
  readonly incidentId: string;
}

/** What is owed about an incident beyond its response: its review, and what authorities are told. */
export type DutyEvent =
  /** After its end; it is void when the incident opens again. */
  | (Of & { readonly type: 'review-required'; readonly duty: ReviewDuty })
  /** Somebody was reminded of the review, or told that it is overdue. */
  | (Of & { readonly type: 'review-told'; readonly isOverdue: boolean })
  | (Of & { readonly type: 'review-overdue'; readonly dueAt: EpochMs })
  | (Of & { readonly type: 'review-approved'; readonly by: string })
  /** Anew where a worse tier leaves less time. */
  | (Of & { readonly type: 'authority-clock-started'; readonly clock: AuthorityClock })
  | (Of & {
      readonly type: 'authority-reminded';
      readonly authorityId: string;
      readonly ratio: number;
    })
  | (Of & {
      readonly type: 'authority-clock-breached';
      readonly authorityId: string;
      readonly deadline: EpochMs;
    })
  | (Of & {
      readonly type: 'authority-told';
      readonly authorityId: string;
      readonly by: string;
      /** When the authority was told, which may be put on record later. */
      readonly toldAt: EpochMs;
      /** What the report is called there; empty when it has no name. */
      readonly reference: string;
      readonly text: string;
    });
