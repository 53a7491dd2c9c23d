import type { Observation } from '../collector/observation.ts';
import type { ReceivedNotification } from '../collector/traps/notification.ts';
import type { Tier } from '../config/model.ts';
import type { JournalTail } from '../lib/journal.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { ReceivedAlert } from './alerts/received-alert.ts';
import type { AuditFinding } from './auditor.ts';
import type { RecordedStage, Review } from './procedure.ts';
import type { Matcher } from './silence.ts';
import type { Topology } from './topology.ts';

/** Everything that can reach the engine. */
export type Input =
  | { readonly kind: 'observation'; readonly observation: Observation }
  /** What a device has told of its own accord: recorded, and believed no further than a poll bears it out. */
  | { readonly kind: 'notification'; readonly notification: ReceivedNotification }
  /** What another program says is wrong, or over. */
  | { readonly kind: 'alerts'; readonly alerts: readonly ReceivedAlert[] }
  | { readonly kind: 'topology'; readonly topology: Topology }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  /** What a provider reports of a page that it had taken. */
  | { readonly kind: 'confirmation'; readonly confirmation: Confirmation }
  /** `runId`: visible ASCII without a slash, never used before. */
  | { readonly kind: 'started'; readonly version: string; readonly runId: string }
  /** Nothing is sent any more; of these pages it is not known how their try ends. */
  | { readonly kind: 'stopping'; readonly unreportedPageIds: readonly string[] }
  /** What the auditor has found wrong with the paging; empty: nothing any more. */
  | { readonly kind: 'audit'; readonly findings: readonly AuditFinding[] }
  /** The archive of reports has so many entries now, the last with this hash. */
  | ({ readonly kind: 'report-archive' } & JournalTail)
  /** Reports that did not reach whom they were for; empty: none any more. */
  | { readonly kind: 'undelivered-reports'; readonly findings: readonly AuditFinding[] }
  /** That little room is left on the disk of the journal; null: there is enough again. */
  | { readonly kind: 'disk-room'; readonly text: LocalText | null }
  /** What was found wrong with the journal when its hash chain was proven; empty: nothing. */
  | { readonly kind: 'journal-proof'; readonly findings: readonly AuditFinding[] }
  /** The collector was at work up to now. */
  | { readonly kind: 'lease' };

/** What a person asks for. */
export type Command =
  | IncidentCommand
  | TierCommand
  | OverrideCommand
  | SilenceCommand
  | ProcedureCommand
  | ReportCommand
  | TakeCallback;

/** What a provider has signed is acted on once; `callbackId` is a hash over it. */
export interface TakeCallback {
  readonly type: 'take-callback';
  readonly channelId: string;
  readonly callbackId: string;
}

/** What a person asks for in an incident. `by` is the person's id, `via` how it arrived (`console`, `api`, `link`). */
export type IncidentCommand =
  | {
      readonly type: 'acknowledge';
      readonly incidentId: string;
      readonly by: string;
      readonly via: string;
      /** The outbreak that is meant: a later one is not acknowledged. Left out: the present one. */
      readonly episode?: number;
      /** Joins the chain where the person is not of it. */
      readonly takesOver?: boolean;
    }
  | {
      readonly type: 'resolve';
      readonly incidentId: string;
      readonly by: string;
      readonly text: string;
    }
  | {
      readonly type: 'note';
      readonly incidentId: string;
      readonly by: string;
      readonly text: string;
    };

/** A person sets the tier of an incident; see tier-hold.ts. `reason` is blank when none is given. */
export type TierCommand =
  | {
      readonly type: 'set-tier';
      readonly incidentId: string;
      readonly by: string;
      readonly tier: Tier;
      readonly reason: string;
    }
  | { readonly type: 'confirm-tier'; readonly incidentId: string; readonly by: string }
  | {
      readonly type: 'release-tier';
      readonly incidentId: string;
      readonly by: string;
      readonly reason: string;
    };

/** Exceptions to who is on call. */
export type OverrideCommand =
  | {
      readonly type: 'add-override';
      readonly by: string;
      readonly scheduleId: string;
      readonly personId: string;
      /** null: instead of whoever is on call. */
      readonly replacesId: string | null;
      readonly from: EpochMs;
      readonly to: EpochMs;
      readonly reason: string;
    }
  | {
      readonly type: 'swap-turns';
      readonly by: string;
      readonly scheduleId: string;
      readonly first: GivenTurns;
      readonly second: GivenTurns;
      readonly reason: string;
    }
  | { readonly type: 'remove-override'; readonly by: string; readonly overrideId: string };

/** Steps of the procedure of an incident. */
export type ProcedureCommand =
  | {
      readonly type: 'reach-stage';
      readonly incidentId: string;
      readonly by: string;
      readonly stage: RecordedStage;
      readonly text: string;
      readonly personId: string | null;
    }
  | {
      readonly type: 'publish-notice';
      readonly incidentId: string;
      readonly by: string;
      readonly text: string;
      readonly expectedAt: EpochMs | null;
    }
  | {
      readonly type: 'write-review';
      readonly incidentId: string;
      readonly by: string;
      readonly review: Review;
    }
  | {
      readonly type: 'close' | 'approve-review';
      readonly incidentId: string;
      readonly by: string;
    }
  /** An authority has been told. `toldAt`: null for just now. */
  | {
      readonly type: 'tell-authority';
      readonly incidentId: string;
      readonly by: string;
      readonly authorityId: string;
      readonly toldAt: EpochMs | null;
      readonly reference: string;
      readonly text: string;
    };

/** Faults that customers tell, and what they are told. */
export type ReportCommand =
  | {
      readonly type: 'report-fault';
      /** Who took it down; null: the customer. */
      readonly by: string | null;
      readonly customer: string;
      readonly contact: string;
      readonly text: string;
      readonly deviceId: string | null;
      readonly siteId: string | null;
    }
  | {
      readonly type: 'respond-to-report' | 'answer-report';
      readonly by: string;
      readonly reportId: string;
      readonly text: string;
    };

/** Silences: what they match pages nobody. */
export type SilenceCommand =
  | {
      readonly type: 'add-silence';
      readonly by: string;
      /** Who answers for it. */
      readonly owner: string;
      readonly reason: string;
      readonly matchers: readonly Matcher[];
      /** null: at once. */
      readonly startsAt: EpochMs | null;
      readonly endsAt: EpochMs;
    }
  | { readonly type: 'confirm-silence'; readonly by: string; readonly silenceId: string }
  | {
      readonly type: 'extend-silence';
      readonly by: string;
      readonly silenceId: string;
      readonly endsAt: EpochMs;
    }
  | { readonly type: 'end-silence'; readonly by: string; readonly silenceId: string };

/** What one of two people who swap gives away: the turns that they have from `from` to `to`. */
export interface GivenTurns {
  readonly personId: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Why a command that is about no incident was refused. */
export type Refusal =
  | 'no-such-schedule'
  | 'no-such-person'
  | 'no-such-override'
  | 'bad-span'
  | 'span-too-long'
  | 'already-over'
  | 'already-taken'
  | 'same-person'
  | 'too-many'
  | 'no-such-silence'
  | 'matches-everything'
  | 'matches-nothing'
  | 'no-such-report'
  | 'no-such-device'
  | 'no-such-site'
  | 'not-resolved'
  | 'review-missing'
  | 'action-missing'
  | 'approval-missing'
  | 'not-entitled'
  | 'no-such-authority'
  | 'bad-instant'
  | 'reason-missing'
  | 'customers-told'
  | 'nothing-proposed'
  | 'no-tier-set';

export type CommandOutcome =
  /** `ids`: of what it made. */
  | { readonly accepted: true; readonly ids?: readonly string[] }
  | {
      readonly accepted: false;
      readonly reason:
        | 'no-such-incident'
        | 'already-acknowledged'
        | 'already-resolved'
        | 'still-failing'
        | 'not-on-chain'
        | 'other-episode'
        | Refusal;
      /** Who did it before, for `already-…`. */
      readonly by: string | null;
      /** Of the matcher that is wrong, for `matches-nothing`. */
      readonly label?: string;
      /** For `span-too-long` and `too-many`. */
      readonly limit?: PassedLimit;
    };

/** A limit that a command does not keep, and what it would come to: milliseconds, or how many there are. */
export interface PassedLimit {
  readonly of: 'silence-span' | 'override-span' | 'silences' | 'overrides' | 'customer-reports';
  readonly most: number;
  readonly asked: number;
}

/** What became of a page after its provider had taken it. */
export interface Confirmation {
  readonly pageId: string;
  readonly status: 'delivered' | 'failed';
  readonly reason: LocalText;
}

/** How one try of one page ended. */
export type Delivery =
  | {
      readonly pageId: string;
      readonly attempt: number;
      readonly result: 'sent';
      readonly receipt: string;
      /** The first page of the summary in which it went out. */
      readonly inSummary?: string;
    }
  | {
      readonly pageId: string;
      readonly attempt: number;
      readonly result: 'failed';
      readonly reason: LocalText;
      /** `permanent`: trying again cannot help. */
      readonly permanent: boolean;
      /** The far end said no, and will most likely say so again: tried again all the same. */
      readonly refused?: true;
      /** Known to have failed before anything could be taken; left out where that is in doubt. */
      readonly notTaken?: true;
      readonly nextAttemptAt: EpochMs;
    };
