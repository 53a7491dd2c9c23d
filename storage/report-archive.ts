import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ARCHIVE_SUBJECT, type DomainEvent } from '../alerting/events.ts';
import { assert } from '../lib/assert.ts';
import { delay, systemClock } from '../lib/clock.ts';
import type { JournalEntry, JournalTail } from '../lib/journal.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import type { Amendment } from '../reports/amendments.ts';
import { type Period, parsePeriod } from '../reports/period.ts';
import {
  describeError,
  type JournalProblem,
  journalProblem,
  problemFromError,
} from './journal-problem.ts';
import { openJournal } from './open-journal.ts';
import { type JournalReader, readJournal } from './read-journal.ts';
import { readRegularFile } from './regular-file.ts';
import type { SendingEvent } from './report-dispatches.ts';
import { verifyChain } from './verify-chain.ts';

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

export type ArchiveEvent = FrozenReport | TimeAmended | SendingEvent;

/** Everything the archive knows, oldest first. */
export interface ReportArchive {
  readonly frozen: readonly FrozenReport[];
  readonly amendments: readonly Amendment[];
  readonly sendings: readonly SendingEvent[];
}

export type ArchiveResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/** Amendments kept at most: each is written by a person. */
const MOST_AMENDMENTS = 10_000;

const NOTHING: ReportArchive = { frozen: [], amendments: [], sendings: [] };

/**
 * Reads the archive of a data folder; an empty one where nothing was archived yet. Its hash chain is
 * proven: of an archive that was changed, the message says at which entry, and what that one is.
 */
export function readArchive(dataFolder: string): ArchiveResult<ReportArchive> {
  const folder = join(dataFolder, REPORTS_FOLDER);
  const opened = readJournal<ArchiveEvent>(folder);
  if (opened === null) {
    const missing = lostEntry(dataFolder, { lastSequence: () => 0, hashOf: () => null });
    return missing === null ? { ok: true, value: NOTHING } : missing;
  }
  if (!opened.ok) return { ok: false, message: archiveMessage(opened.problem) };
  using reader = opened.reader;
  const verdict = verifyChain(folder);
  if (!verdict.ok) {
    const detail = `${verdict.reason}${nameEntry(reader, verdict.sequence)}`;
    return { ok: false, message: archiveMessage(journalProblem('damaged', folder, detail)) };
  }
  try {
    const lost = lostEntry(dataFolder, reader);
    return lost ?? { ok: true, value: fold(reader.entries()) };
  } catch (error) {
    return { ok: false, message: archiveMessage(problemFromError(error, folder)) };
  }
}

/** The journal notes how far the archive reaches: null when all of that is there, else what is not. */
function lostEntry(
  dataFolder: string,
  archive: Pick<JournalReader<ArchiveEvent>, 'hashOf' | 'lastSequence'>,
): { readonly ok: false; readonly message: string } | null {
  const opened = readJournal<DomainEvent>(dataFolder);
  if (opened === null || !opened.ok) return null;
  using reader = opened.reader;
  const noted = reader
    .eventsAbout(ARCHIVE_SUBJECT)
    .filter((event) => event.type === 'report-archive-noted');
  const lost = noted.find(({ entries, hash }) => archive.hashOf(entries) !== hash);
  if (lost === undefined) return null;
  const { entries, at } = noted.at(-1)!;
  const there = archive.lastSequence();
  const found =
    there === 0
      ? 'none of it is here'
      : `of the ${there} here, entry ${lost.entries} is another or missing`;
  const detail = `the journal knows an archive of ${entries} ${entries === 1 ? 'entry' : 'entries'} (noted ${formatInstant(at)}): ${found}`;
  const folder = join(dataFolder, REPORTS_FOLDER);
  return { ok: false, message: archiveMessage(journalProblem('damaged', folder, detail)) };
}

/** How many entries the archive has, and the hash of the last; null where there is none to read. */
export function archiveTail(dataFolder: string): JournalTail | null {
  const opened = readJournal<ArchiveEvent>(join(dataFolder, REPORTS_FOLDER));
  if (opened === null || !opened.ok) return null;
  using reader = opened.reader;
  const entries = reader.lastSequence();
  const hash = reader.hashOf(entries);
  return hash === null ? null : { entries, hash };
}

function fold(entries: Iterable<JournalEntry<ArchiveEvent>>): ReportArchive {
  const frozen: FrozenReport[] = [];
  const amendments: Amendment[] = [];
  const sendings: SendingEvent[] = [];
  for (const { event } of entries) {
    if (event.type === 'report-frozen') frozen.push(event);
    else if (event.type === 'time-amended') {
      const { type: _, ...amendment } = event;
      amendments.push(amendment);
    } else sendings.push(event);
  }
  return { frozen, amendments, sendings };
}

/** What an entry that cannot be trusted is, as far as it says: ` (amendment 3)`. */
function nameEntry(reader: JournalReader<ArchiveEvent>, sequence: number): string {
  try {
    for (const entry of reader.entries()) {
      if (entry.sequence !== sequence) continue;
      const { event } = entry;
      if (event.type === 'time-amended') return `: amendment ${event.number}`;
      if (event.type !== 'report-frozen') return `: the dispatch of ${event.period}`;
      return `: the freezing of ${event.period}, revision ${event.revision}`;
    }
  } catch {
    // What was changed may not even be JSON any more.
  }
  return '';
}

const ADVICE: Readonly<Record<JournalProblem['reason'], string>> = {
  'in-use': 'somebody else is writing to it; try again in a moment',
  'not-writable': 'it cannot be read or written there; check owner, permissions and mount',
  'disk-full': 'the disk is full; free some space',
  damaged: 'it was changed or is damaged; keep it as it is and restore the folder from a backup',
  'newer-version': 'it was written by a newer Threenines; run that version or a later one',
  'io-error': 'the disk reports errors',
};

/** The archive is a journal of its own: whoever reads the message must not look at the service's. */
function archiveMessage({ reason, folder, detail }: JournalProblem): string {
  const cause = detail === '' ? '' : ` (${detail})`;
  return `the report archive in ${folder}: ${ADVICE[reason]}${cause}`;
}

/**
 * The newest revision of a period's frozen report; null when it is not frozen. A name is frozen once,
 * in the zone that held then: a zone that was changed since makes no second one.
 */
export function frozenFor(
  { frozen }: Pick<ReportArchive, 'frozen'>,
  period: string,
  siteId: string | null,
): FrozenReport | null {
  const own = frozen.filter((each) => each.period === period && each.siteId === siteId);
  return own.findLast(({ timeZone }) => timeZone === own[0]?.timeZone) ?? null;
}

/** One revision of it; null where there is none of that number. */
export function frozenAs(
  archive: Pick<ReportArchive, 'frozen'>,
  period: string,
  siteId: string | null,
  revision: number,
): FrozenReport | null {
  const of = (each: FrozenReport) => each.period === period && each.siteId === siteId;
  return archive.frozen.find((each) => of(each) && each.revision === revision) ?? null;
}

/** The period that a frozen report is of, in the zone it was frozen in. */
export function periodOf({ period, timeZone }: FrozenReport): Period {
  const parsed = parsePeriod(period, timeZone);
  assert(parsed.ok, `a period was frozen under the name ${period}`);
  return parsed.period;
}

/** Decides under the lock what is added, knowing what is there; a message: nothing is. */
export type ArchiveDecision = (archive: ReportArchive) => ArchiveResult<ArchiveEvent>;

/** Another process holds the archive for milliseconds at a time. */
const LOCK_TRIES = 20;
const LOCK_WAIT_MS = 100;

/**
 * Adds to the archive; resolves when it is durable. The archive is a journal of its own beside the
 * service's, with its own hash chain, opened for the moment: a command may write while the service runs.
 */
export async function writeToArchive(
  dataFolder: string,
  decide: ArchiveDecision,
): Promise<ArchiveResult<ArchiveEvent>> {
  const folder = join(dataFolder, REPORTS_FOLDER);
  const opened = await openArchive(folder);
  if (!opened.ok) return { ok: false, message: archiveMessage(opened.problem) };
  using journal = opened.journal;
  try {
    const archive = readArchive(dataFolder);
    if (!archive.ok) return archive;
    const decided = decide(archive.value);
    if (!decided.ok) return decided;
    const { value: event } = decided;
    await journal.append([{ at: event.at, subject: subjectOf(event), event }]);
    return { ok: true, value: event };
  } catch (error) {
    return { ok: false, message: archiveMessage(problemFromError(error, folder)) };
  }
}

async function openArchive(folder: string) {
  for (let tries = 1; ; tries += 1) {
    const opened = openJournal<ArchiveEvent>(folder, { reserveBytes: 0 });
    if (opened.ok || opened.problem.reason !== 'in-use' || tries === LOCK_TRIES) return opened;
    await delay(systemClock, LOCK_WAIT_MS);
  }
}

/** Adds an event that depends on nothing that is there. */
export async function appendToArchive(
  dataFolder: string,
  event: ArchiveEvent,
): Promise<ArchiveResult<null>> {
  const added = await writeToArchive(dataFolder, () => ({ ok: true, value: event }));
  return added.ok ? { ok: true, value: null } : added;
}

/** Writes an amendment down under the next number. */
export async function amend(
  dataFolder: string,
  amendment: Omit<Amendment, 'number'>,
): Promise<ArchiveResult<Amendment>> {
  let number = 0;
  const added = await writeToArchive(dataFolder, ({ amendments }) => {
    number = amendments.length + 1;
    if (number <= MOST_AMENDMENTS) {
      return { ok: true, value: { type: 'time-amended', ...amendment, number } };
    }
    return { ok: false, message: `there are ${MOST_AMENDMENTS} amendments already` };
  });
  return added.ok ? { ok: true, value: { ...amendment, number } } : added;
}

/** Keeps the JSON form of a frozen report beside the archive, for whoever wants it without a computation. */
export function keepDocument(dataFolder: string, frozen: FrozenReport, json: string): void {
  const folder = join(dataFolder, REPORTS_FOLDER);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, documentName(frozen));
  writeFileSync(`${path}.unfinished`, gzipSync(json));
  renameSync(`${path}.unfinished`, path);
}

/** The JSON form that was kept, or why it cannot be read. */
export type KeptDocument =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly reason: string };

/** Packed, and as text: far beyond the report of a year of a large network. */
export const LARGEST_PACKED_BYTES = 256 * 1024 * 1024;
const LARGEST_DOCUMENT_BYTES = 448 * 1024 * 1024;

/** The kept JSON form of a frozen report; whether it is the one that was frozen is for its hash to say. */
export function keptDocument(dataFolder: string, frozen: FrozenReport): KeptDocument {
  const path = join(dataFolder, REPORTS_FOLDER, documentName(frozen));
  if (!existsSync(path)) return { ok: false, reason: 'is missing' };
  try {
    const packed = readRegularFile(path, LARGEST_PACKED_BYTES);
    const octets = gunzipSync(packed, { maxOutputLength: LARGEST_DOCUMENT_BYTES });
    return { ok: true, json: octets.toString('utf8') };
  } catch (error) {
    return { ok: false, reason: `cannot be read: ${describeError(error)}` };
  }
}

function documentName({ period, siteId, timeZone, revision }: FrozenReport): string {
  const scope = siteId === null ? '' : `.${siteId}`;
  return `${period}.${timeZone.replaceAll('/', '-')}${scope}.r${revision}.json.gz`;
}

function subjectOf(event: ArchiveEvent): string | null {
  return event.type === 'time-amended' ? null : event.period;
}
