import type { Language } from '../config/model.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Amendment } from '../reports/amendments.ts';
import type { CsvTable } from '../reports/documents/render-csv.ts';

export const REPORT_FORMATS = ['html', 'pdf', 'csv', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** A report as it is asked for. */
export interface ReportOrder {
  /** `2026-11`, `2026-Q4`, `2026`, `2026-W47` or `2026-11-22`. */
  readonly period: string;
  /** Only this site, in its own zone; null: everything. */
  readonly siteId: string | null;
  readonly format: ReportFormat;
  readonly language: Language;
  /** Which rows, for CSV. */
  readonly table: CsvTable;
  /** For good, once the period is over. */
  readonly freeze: boolean;
  /** Of a frozen one, which revision; left out, the newest. */
  readonly revision?: number;
}

export type JobState = 'waiting' | 'running' | 'done' | 'failed';

export interface ReportJob {
  readonly id: string;
  readonly order: ReportOrder;
  readonly state: JobState;
  /** Share of the journal that is read, 0..1. */
  readonly progressRatio: number;
  /** Why it failed. */
  readonly failure: string | null;
  readonly orderedAt: EpochMs;
}

export interface ReportDocument {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly format: ReportFormat;
  /** Of the frozen report that these bytes are of; null where the figures can still change. */
  readonly revision: number | null;
}

/** A frozen report, newest revision. */
export interface ArchivedReport {
  readonly period: string;
  readonly timeZone: string;
  readonly siteId: string | null;
  readonly revision: number;
  readonly frozenAt: EpochMs;
  readonly inputsHash: string;
  readonly documentHash: string;
  readonly by: string;
  /** When the newest sending by mail began, where that is of this revision; null when there was none. */
  readonly sentAt: EpochMs | null;
  /** To whom this revision went or is to go, one by one, and who still waits for an earlier one. */
  readonly recipients: readonly ReportRecipient[];
  /** Who got which revision before this one, and when. */
  readonly earlierCopies: readonly EarlierCopy[];
  /** Numbers of amendments made since; the next revision takes them in. */
  readonly missingAmendments: readonly number[];
}

export interface EarlierCopy {
  readonly revision: number;
  readonly personId: string;
  readonly at: EpochMs;
}

export const RECIPIENT_STATES = ['accepted', 'waiting', 'failed'] as const;

/** Where one person's copy of a mailed report stands. */
export interface ReportRecipient {
  readonly personId: string;
  /** `accepted` by the mail server; `waiting` for the next try; `failed`: left to a person. */
  readonly state: (typeof RECIPIENT_STATES)[number];
  /** Which one the copy is of: an earlier one where the next was frozen while this one waits. */
  readonly revision: number;
  readonly tries: number;
  readonly lastTryAt: EpochMs | null;
  /** null when there is no further one. */
  readonly nextTryAt: EpochMs | null;
  /** What the mail server said at the last try; null when it was accepted. */
  readonly detail: LocalText | null;
}

/** Why a report is not made or not sent. */
export interface ReportRefusal {
  /** The end of the problem's type, by which the console says it in the reader's language. */
  readonly refused:
    | 'no-such-site'
    | 'no-such-period'
    | 'period-not-begun'
    | 'too-many-reports'
    | 'report-not-frozen'
    | 'no-report-recipients';
  readonly detail: string;
}

/** Makes reports beside the service, one at a time, and keeps them for a while. */
export interface ReportDesk {
  /** The job, or what is wrong with the order, or that too much is waiting. */
  order(order: ReportOrder): ReportJob | ReportRefusal;
  /** Newest first. */
  jobs(): readonly ReportJob[];
  job(id: string): ReportJob | null;
  /** Of a job that is done; null for any other, or when it is no longer kept. */
  document(id: string): ReportDocument | null;
  archive(): readonly ArchivedReport[];
  /** Every correction of what is counted, newest first. */
  amendments(): readonly Amendment[];
  /** Mails the frozen report of a period again; null when it is on its way, else why not. */
  resend(period: string): ReportRefusal | null;
}
