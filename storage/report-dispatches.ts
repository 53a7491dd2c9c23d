import type { LocalText } from '../lib/local-text.ts';
import { say } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';

/** A report is to go to these people: its period is over, or somebody asked for it again. */
export interface ReportDispatched {
  readonly type: 'report-dispatched';
  readonly at: EpochMs;
  readonly period: string;
  readonly to: readonly string[];
  /** `schedule` or `request`. */
  readonly by: string;
  /** Which revision goes out; left out where the report is frozen for it, and by earlier versions. */
  readonly revision?: number;
}

/** `accepted` by the mail server; `temporary`: to be tried again; `permanent`: trying again cannot help. */
export type DeliveryResult = 'accepted' | 'temporary' | 'permanent';

/** What became of one try to send a report to one of them. */
export interface ReportDelivery {
  readonly type: 'report-delivery';
  readonly at: EpochMs;
  readonly period: string;
  readonly revision: number;
  readonly personId: string;
  readonly result: DeliveryResult;
  /** What the mail server said, or why there was nothing to send; null when it was accepted. */
  readonly detail: LocalText | null;
}

/** One record for all recipients, as earlier versions wrote it: who got it, or why nobody did. */
export interface ReportSent {
  readonly type: 'report-sent';
  readonly at: EpochMs;
  readonly period: string;
  readonly revision: number;
  readonly to: readonly string[];
  readonly by: string;
  readonly failure: string | null;
}

export type SendingEvent = ReportDispatched | ReportDelivery | ReportSent;

/** Where one person's copy stands. */
export interface RecipientRecord {
  readonly personId: string;
  /** null before the first try. */
  readonly result: DeliveryResult | null;
  readonly tries: number;
  readonly lastTryAt: EpochMs | null;
  readonly detail: LocalText | null;
  /** Which revision the last try was with; null before the first. */
  readonly revision: number | null;
}

/** A copy that a mail server took, of whichever sending. */
export interface AcceptedCopy {
  readonly period: string;
  readonly revision: number;
  readonly personId: string;
  readonly at: EpochMs;
}

/** Who got which revision, in the order in which they got it. */
export function acceptedCopies(events: readonly SendingEvent[]): readonly AcceptedCopy[] {
  return events.flatMap((event): AcceptedCopy[] => {
    if (event.type === 'report-dispatched') return [];
    const { at, period, revision } = event;
    if (event.type === 'report-sent') {
      if (event.failure !== null) return [];
      return event.to.map((personId) => ({ period, revision, personId, at }));
    }
    const { personId, result } = event;
    return result === 'accepted' ? [{ period, revision, personId, at }] : [];
  });
}

/** The newest sending of a period's report. */
export interface ReportDispatchRecord {
  readonly period: string;
  readonly at: EpochMs;
  /** Of this period, from 1. */
  readonly number: number;
  readonly by: string;
  /** Which one goes out, to whomever and at whichever try; null before it is frozen for the first. */
  readonly revision: number | null;
  readonly recipients: readonly RecipientRecord[];
}

/** The newest sending of every period, by its name, in the order in which they began. */
export function foldDispatches(
  events: readonly SendingEvent[],
): ReadonlyMap<string, ReportDispatchRecord> {
  const dispatches = new Map<string, ReportDispatchRecord>();
  for (const event of events) {
    const before = dispatches.get(event.period);
    if (event.type !== 'report-delivery') {
      // Moved to the end: the map is in the order in which the newest sendings began.
      dispatches.delete(event.period);
      dispatches.set(event.period, begin(event, before));
    } else if (before !== undefined) {
      const recipients = before.recipients.map((each) =>
        each.personId === event.personId ? afterTry(each, event) : each,
      );
      const revision = before.revision ?? event.revision;
      dispatches.set(event.period, { ...before, revision, recipients });
    }
  }
  return dispatches;
}

function begin(
  event: ReportDispatched | ReportSent,
  before: ReportDispatchRecord | undefined,
): ReportDispatchRecord {
  const { period, at, by, to } = event;
  const recipients = to.map((personId): RecipientRecord => {
    return event.type === 'report-sent'
      ? {
          personId,
          result: 'accepted',
          tries: 1,
          lastTryAt: at,
          detail: null,
          revision: event.revision,
        }
      : { personId, result: null, tries: 0, lastTryAt: null, detail: null, revision: null };
  });
  return {
    period,
    at,
    by,
    revision: event.revision ?? null,
    recipients,
    number: (before?.number ?? 0) + 1,
  };
}

function afterTry(record: RecipientRecord, event: ReportDelivery): RecipientRecord {
  // Whoever got it has it, whatever is said of a later try.
  if (record.result === 'accepted') return record;
  const { result, at, detail, revision } = event;
  return { ...record, result, tries: record.tries + 1, lastTryAt: at, detail, revision };
}

/** A reason that has no translation. */
export function untranslated(reason: string): LocalText {
  return say(reason, reason);
}
