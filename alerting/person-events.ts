import type { Tier } from '../config/model.ts';
import type { Override } from '../config/schedule/schedule.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { CustomerReport, RecordedStage, ReportClock, Review } from './procedure.ts';
import type { Silence } from './silence.ts';

interface At {
  readonly at: EpochMs;
}

/** What people do beside answering a page: exceptions to schedules, silences, the procedure, reports of customers. */
export type PersonEvent =
  /** A person is on call instead of another for a while; both halves of a swap come together. */
  | (At & { readonly type: 'override-added'; readonly override: Override })
  | (At & {
      readonly type: 'override-removed';
      readonly overrideId: string;
      readonly by: string;
    })
  /** Somebody who is not of its chain tried to acknowledge; once for each response clock. */
  | (At & {
      readonly type: 'acknowledgement-refused';
      readonly incidentId: string;
      readonly by: string;
      readonly via: string;
    })
  | (At & {
      readonly type: 'stage-reached';
      readonly incidentId: string;
      readonly by: string;
      readonly stage: RecordedStage;
      readonly text: string;
      /** Who was told, or to whom it was assigned. */
      readonly personId: string | null;
    })
  /** What customers could be told, put together from what is known; a person completes and publishes it. */
  | (At & {
      readonly type: 'notice-drafted';
      readonly incidentId: string;
      readonly episode: number;
      readonly text: LocalText;
    })
  /** Customers were told. */
  | (At & {
      readonly type: 'notice-published';
      readonly incidentId: string;
      readonly by: string;
      readonly text: string;
      /** When it is expected to be over; null: not known. */
      readonly expectedAt: EpochMs | null;
      /** Of the incident then: it does not become milder than this. Older journals do not have it. */
      readonly tier?: Tier;
    })
  /** A person wants tier 1 lowered: a second one has to agree. */
  | (At & {
      readonly type: 'tier-proposed';
      readonly incidentId: string;
      readonly by: string;
      readonly tier: Tier;
      readonly reason: string;
    })
  /** What a person has set is taken back: the rules decide again. */
  | (At & {
      readonly type: 'tier-released';
      readonly incidentId: string;
      readonly by: string;
      readonly reason: string;
    })
  | (At & {
      readonly type: 'review-written';
      readonly incidentId: string;
      readonly by: string;
      readonly review: Review;
    })
  | (At & { readonly type: 'incident-closed'; readonly incidentId: string; readonly by: string })
  | (At & { readonly type: 'customer-report-received'; readonly report: CustomerReport })
  | (At & {
      readonly type: 'customer-report-joined';
      readonly reportId: string;
      readonly incidentId: string;
    })
  | (At & {
      readonly type: 'customer-report-responded' | 'customer-report-answered';
      readonly reportId: string;
      readonly by: string;
      readonly text: string;
    })
  | (At & {
      readonly type: 'customer-report-breached';
      readonly reportId: string;
      readonly clock: ReportClock;
      readonly deadline: EpochMs;
    })
  | (At & { readonly type: 'silence-added'; readonly silence: Silence })
  /** A second person agrees: it hides tier 1 too. */
  | (At & { readonly type: 'silence-confirmed'; readonly silenceId: string; readonly by: string })
  | (At & {
      readonly type: 'silence-extended';
      readonly silenceId: string;
      readonly by: string;
      readonly endsAt: EpochMs;
    })
  /** Before its time; one that runs out ends without an event. */
  | (At & { readonly type: 'silence-ended'; readonly silenceId: string; readonly by: string });
