import type { LocalText } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { PageFacts, PageKind } from './events.ts';

/** Why a page was not delivered. Older journals hold it in English only; it is read with `asLocalText`. */
type FailureReason = LocalText | string;

interface At {
  readonly at: EpochMs;
}

/** A recipient for whom a step queued no page of its own, and the page that tells what it would have. */
export interface ToldByPage {
  readonly personId: string;
  readonly channelId: string;
  readonly pageId: string;
}

/** What becomes of pages. */
export type PageEvent =
  | (At & {
      readonly type: 'page-queued';
      /** run / incident / episode / step / recipient / channel / kind: the idempotency key, the same at each try. */
      readonly pageId: string;
      readonly incidentId: string;
      readonly episode: number;
      readonly step: string;
      readonly personId: string;
      readonly channelId: string;
      readonly kind: PageKind;
      readonly urgent: boolean;
      /** The recipient's quiet hours are over then; left out when it goes out at once. */
      readonly notBefore?: EpochMs;
      /** After this instant trying again is pointless. */
      readonly giveUpAt: EpochMs;
      readonly facts: PageFacts;
      /** The page that did not get through, in whose place this one goes out on another channel. */
      readonly insteadOf?: string;
    })
  | (At & {
      readonly type: 'page-attempt-failed';
      readonly pageId: string;
      readonly incidentId: string;
      readonly attempt: number;
      readonly reason: FailureReason;
      readonly nextAttemptAt: EpochMs;
      /** The far end said no: the tries go on, but nothing else waits for them; left out otherwise. */
      readonly refused?: true;
      /** Known to have failed before anything could be taken. Left out where that is in doubt, and in older journals. */
      readonly notTaken?: true;
    })
  | (At & {
      readonly type: 'page-sent';
      readonly pageId: string;
      readonly incidentId: string;
      readonly attempt: number;
      readonly receipt: string;
      /** It went out as part of a summary, of which this page was the first; left out by itself. */
      readonly inSummary?: string;
    })
  /** What the provider says became of a page that it had taken. */
  | (At & {
      readonly type: 'page-confirmed';
      readonly pageId: string;
      readonly incidentId: string;
      readonly status: 'delivered' | 'failed';
      /** The provider's own code; blank when it arrived. */
      readonly reason: LocalText;
    })
  | (At & {
      readonly type: 'page-abandoned';
      readonly pageId: string;
      readonly incidentId: string;
      readonly reason: FailureReason;
    })
  | (At & {
      readonly type: 'page-cancelled';
      readonly pageId: string;
      readonly incidentId: string;
      /** `done`: the duty that the page asks for is. */
      readonly reason: 'acknowledged' | 'resolved' | 'replaced' | 'done';
      /** The newer page to the same recipient that stands for it; only with `replaced`. */
      readonly replacedBy?: string;
    });
