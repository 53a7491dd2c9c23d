import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { EpochMs } from '../lib/time.ts';
import type { Amendment } from '../reports/amendments.ts';
import type { Period } from '../reports/period.ts';
import { problemFromError } from './journal-problem.ts';
import { openJournal } from './open-journal.ts';
import { readJournal } from './read-journal.ts';

/** Below the data folder: which reports were frozen from what, what was amended, who was sent what. */
export const REPORTS_FOLDER = 'reports';

/** A report of a closed period that cannot change any more. */
export interface FrozenReport {
  readonly type: 'report-frozen';
  readonly at: EpochMs;
  readonly period: string;
  readonly timeZone: string;
  readonly siteId: string | null;
  /** 0, and one more for each time it was frozen again with amendments. */
  readonly revision: number;
  /** The last entry of the journal that went into it, and its hash, which covers all entries before it. */
  readonly throughSequence: number;
  readonly inputsHash: string;
  /** The instant at which what was still running was judged: that of revision 0, in all of them. */
  readonly judgedAt: EpochMs;
  /** Amendments up to this number went into it; 0: none. */
  readonly throughAmendment: number;
  /** SHA-256 of the report in its JSON form. */
  readonly documentHash: string;
  readonly by: string;
}

export interface TimeAmended extends Amendment {
  readonly type: 'time-amended';
}

export interface ReportSent {
  readonly type: 'report-sent';
  readonly at: EpochMs;
  readonly period: string;
  readonly revision: number;
  readonly to: readonly string[];
  readonly by: string;
  /** null when it was accepted, else what the mail server said. */
  readonly failure: string | null;
}

export type ArchiveEvent = FrozenReport | TimeAmended | ReportSent;

/** Everything the archive knows, oldest first. */
export interface ReportArchive {
  readonly frozen: readonly FrozenReport[];
  readonly amendments: readonly Amendment[];
  readonly sent: readonly ReportSent[];
}

export type ArchiveResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/** Amendments kept at most: each is written by a person. */
const MOST_AMENDMENTS = 10_000;

/** Reads the archive of a data folder; an empty one where nothing was archived yet. */
export function readArchive(dataFolder: string): ArchiveResult<ReportArchive> {
  const opened = readJournal<ArchiveEvent>(join(dataFolder, REPORTS_FOLDER));
  if (opened === null) return { ok: true, value: { frozen: [], amendments: [], sent: [] } };
  if (!opened.ok) return { ok: false, message: opened.problem.message };
  using reader = opened.reader;
  const frozen: FrozenReport[] = [];
  const amendments: Amendment[] = [];
  const sent: ReportSent[] = [];
  try {
    for (const { event } of reader.entries()) {
      if (event.type === 'report-frozen') frozen.push(event);
      else if (event.type === 'report-sent') sent.push(event);
      else {
        const { type: _, ...amendment } = event;
        amendments.push(amendment);
      }
    }
  } catch (error) {
    return { ok: false, message: problemFromError(error, dataFolder).message };
  }
  return { ok: true, value: { frozen, amendments, sent } };
}

/** The newest revision of a period's frozen report; null when it is not frozen. */
export function frozenFor(
  { frozen }: ReportArchive,
  period: Period,
  siteId: string | null,
): FrozenReport | null {
  return (
    frozen.findLast(
      (each) =>
        each.period === period.name && each.timeZone === period.timeZone && each.siteId === siteId,
    ) ?? null
  );
}

/**
 * Adds to the archive; resolves when it is durable. The archive is a journal of its own beside the
 * service's, with its own hash chain, opened for the moment: a command may write while the service runs.
 */
export async function appendToArchive(
  dataFolder: string,
  event: ArchiveEvent,
): Promise<ArchiveResult<null>> {
  const folder = join(dataFolder, REPORTS_FOLDER);
  const opened = openJournal<ArchiveEvent>(folder, { reserveBytes: 0 });
  if (!opened.ok) return { ok: false, message: opened.problem.message };
  using journal = opened.journal;
  try {
    await journal.append([{ at: event.at, subject: subjectOf(event), event }]);
    return { ok: true, value: null };
  } catch (error) {
    return { ok: false, message: problemFromError(error, folder).message };
  }
}

/** Writes an amendment down under the next number. */
export async function amend(
  dataFolder: string,
  amendment: Omit<Amendment, 'number'>,
): Promise<ArchiveResult<Amendment>> {
  const archive = readArchive(dataFolder);
  if (!archive.ok) return archive;
  const number = archive.value.amendments.length + 1;
  if (number > MOST_AMENDMENTS) {
    return { ok: false, message: `there are ${MOST_AMENDMENTS} amendments already` };
  }
  const numbered = { ...amendment, number };
  const added = await appendToArchive(dataFolder, { type: 'time-amended', ...numbered });
  return added.ok ? { ok: true, value: numbered } : added;
}

/** Keeps the JSON form of a frozen report beside the archive, for whoever wants it without a computation. */
export function keepDocument(dataFolder: string, frozen: FrozenReport, json: string): void {
  const folder = join(dataFolder, REPORTS_FOLDER);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, documentName(frozen));
  writeFileSync(`${path}.unfinished`, gzipSync(json));
  renameSync(`${path}.unfinished`, path);
}

/** The kept JSON form; null when it is not there. */
export function keptDocument(dataFolder: string, frozen: FrozenReport): string | null {
  const path = join(dataFolder, REPORTS_FOLDER, documentName(frozen));
  return existsSync(path) ? gunzipSync(readFileSync(path)).toString('utf8') : null;
}

function documentName({ period, siteId, timeZone, revision }: FrozenReport): string {
  const scope = siteId === null ? '' : `.${siteId}`;
  return `${period}.${timeZone.replaceAll('/', '-')}${scope}.r${revision}.json.gz`;
}

function subjectOf(event: ArchiveEvent): string | null {
  return event.type === 'time-amended' ? null : event.period;
}
