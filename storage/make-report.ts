import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { DomainEvent } from '../alerting/events.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { Amendment } from '../reports/amendments.ts';
import { type AvailabilityReport, readReport } from '../reports/availability-report.ts';
import { formatZoned } from '../reports/format-time.ts';
import type { Period } from '../reports/period.ts';
import { readReportJson } from '../reports/read-report-json.ts';
import { ReportFold } from '../reports/report-fold.ts';
import { renderReportJson } from '../reports/report-json.ts';
import { type FrozenMark, NOTHING_BESIDE } from '../reports/report-notes.ts';
import { JOURNAL_FILE } from './journal-file.ts';
import { missingAmendments } from './missing-amendments.ts';
import { visitProven } from './proven-events.ts';
import { type JournalReader, readJournal } from './read-journal.ts';
import {
  type ArchiveResult,
  type FrozenReport,
  frozenAs,
  frozenFor,
  keepDocument,
  keptDocument,
  periodOf,
  readArchive,
  writeToArchive,
} from './report-archive.ts';
import { type BrokenChain, verifyChain } from './verify-chain.ts';

/** Which report is wanted, and from where. */
export interface ReportRequest {
  readonly dataFolder: string;
  readonly period: Period;
  readonly siteId: string | null;
  readonly now: EpochMs;
  /** Of a frozen one, which revision; left out, the newest. */
  readonly revision?: number;
}

export interface MadeReport {
  readonly report: AvailabilityReport;
  /** What it was frozen from; null while it can still change. */
  readonly frozen: FrozenReport | null;
  /** Of a frozen one: the very bytes that were frozen. */
  readonly json: string | null;
  /** Frozen, and this version of the program would make another document of the same entries. */
  readonly isOtherwise: boolean;
  /** Made since it was frozen, and not in it. */
  readonly missingAmendments: readonly number[];
}

/** Told now and then while a report is made: entries of the journal read, of all. */
export type ReportProgress = (done: number, all: number) => void;

const PROGRESS_EVERY = 50_000;

/**
 * Makes the report of a period from the journal, whose hash chain is proven for it: one that was
 * changed gives no report. A frozen report is made from the very entries and amendments it was frozen
 * from, in the zone of that time, so that it comes out with the same bytes.
 */
export async function makeReport(
  request: ReportRequest,
  progress: ReportProgress = () => {},
): Promise<ArchiveResult<MadeReport>> {
  const archive = readArchive(request.dataFolder);
  if (!archive.ok) return archive;
  const { amendments } = archive.value;
  const { period, revision } = request;
  const frozen =
    revision === undefined
      ? frozenFor(archive.value, period.name, request.siteId)
      : frozenAs(archive.value, period.name, request.siteId, revision);
  if (frozen === null && revision !== undefined) {
    return { ok: false, message: `there is no revision ${revision} of ${period.name}` };
  }
  if (frozen !== null) return makeFrozen(request, frozen, amendments, progress);
  const { now, siteId } = request;
  const read = (fold: ReportFold) => readReport(fold, now, amendments, siteId);
  const folded = await foldThrough(request, null, { amendments, read }, progress);
  if (!folded.ok) return folded;
  const { report } = folded.value;
  return { ok: true, value: { report, frozen, json: null, ...NOTHING_BESIDE } };
}

async function makeFrozen(
  request: ReportRequest,
  frozen: FrozenReport,
  all: readonly Amendment[],
  progress: ReportProgress,
): Promise<ArchiveResult<MadeReport>> {
  const period = periodOf(frozen);
  const amendments = all.filter(({ number }) => number <= frozen.throughAmendment);
  const read = (fold: ReportFold) => readReport(fold, frozen.judgedAt, amendments, request.siteId);
  const folded = await foldThrough({ ...request, period }, frozen, { amendments, read }, progress);
  if (!folded.ok) return folded;
  const { report } = folded.value;
  const json = renderReportJson(report, markOf(frozen));
  const missing = missingAmendments(request.dataFolder, all, frozen);
  if (sha256(json) === frozen.documentHash) {
    const value = { report, frozen, json, isOtherwise: false, missingAmendments: missing };
    return { ok: true, value };
  }
  return showKept(request.dataFolder, frozen, missing);
}

/** What was frozen stands, also where another version of the program would count or write otherwise. */
function showKept(
  dataFolder: string,
  frozen: FrozenReport,
  missing: readonly number[],
): ArchiveResult<MadeReport> {
  const kept = keptDocument(dataFolder, frozen);
  if (kept.ok && sha256(kept.json) === frozen.documentHash) {
    const { json } = kept;
    const report = readReportJson(json);
    return {
      ok: true,
      value: { report, frozen, json, isOtherwise: true, missingAmendments: missing },
    };
  }
  const what = kept.ok ? 'was changed' : kept.reason;
  const message = `the report of ${frozen.period} does not come out as it was frozen (revision ${frozen.revision}), and the document kept of it ${what}; restore it from a backup`;
  return { ok: false, message };
}

/** What documents say of it. */
export function markOf({
  revision,
  at: frozenAt,
  by,
  throughSequence,
  inputsHash,
}: FrozenMarkSource): FrozenMark {
  return { revision, frozenAt, by, throughSequence, inputsHash };
}

type FrozenMarkSource = Omit<FrozenReport, 'documentHash'>;

/** Who freezes a report, and for how long after its period outages in it can still be confirmed. */
export interface Freezing {
  readonly by: string;
  readonly waitMs: DurationMs;
}

/**
 * Freezes the report of a closed period, or, where amendments were made since, freezes it again as
 * the next revision from the same entries. One that is frozen and not amended comes back as it is.
 */
export async function freezeReport(
  request: ReportRequest,
  { by, waitMs }: Freezing,
  progress: ReportProgress = () => {},
): Promise<ArchiveResult<MadeReport>> {
  const archive = readArchive(request.dataFolder);
  if (!archive.ok) return archive;
  const before = frozenFor(archive.value, request.period.name, request.siteId);
  const period = before === null ? request.period : periodOf(before);
  const { amendments } = archive.value;
  const isWhole =
    before !== null && missingAmendments(request.dataFolder, amendments, before).length === 0;
  if (isWhole) return makeReport(request, progress);
  if (before === null && request.now < period.to + waitMs) {
    return { ok: false, message: tooEarly(period, waitMs) };
  }
  const judgedAt = before?.judgedAt ?? request.now;
  const read = (fold: ReportFold) => readReport(fold, judgedAt, amendments, request.siteId);
  const folded = await foldThrough({ ...request, period }, before, { amendments, read }, progress);
  if (!folded.ok) return folded;
  const { tail, report } = folded.value;
  if (report.isRunning) {
    return { ok: false, message: `${period.name} is not over, or its end not judged yet` };
  }
  const inputs: FrozenMarkSource = {
    type: 'report-frozen',
    at: request.now,
    period: period.name,
    timeZone: period.timeZone,
    siteId: request.siteId,
    revision: before === null ? 0 : before.revision + 1,
    throughSequence: tail.sequence,
    inputsHash: tail.hash,
    judgedAt,
    throughAmendment: amendments.at(-1)?.number ?? 0,
    by,
  };
  const json = renderReportJson(report, markOf(inputs));
  const frozen: FrozenReport = { ...inputs, documentHash: sha256(json) };
  const added = await writeToArchive(request.dataFolder, (now) => {
    const newest = frozenFor(now, period.name, request.siteId);
    if ((newest?.revision ?? -1) !== (before?.revision ?? -1)) {
      return { ok: false, message: `${period.name} was frozen by somebody else just now` };
    }
    keepDocument(request.dataFolder, frozen, json);
    return { ok: true, value: frozen };
  });
  if (!added.ok) return added;
  return { ok: true, value: { report, frozen, json, ...NOTHING_BESIDE } };
}

function tooEarly({ name, to, timeZone }: Period, waitMs: DurationMs): string {
  const at = formatZoned(to + waitMs, timeZone);
  return `${name} is frozen from ${at} on: until then outages that began before its end can still be confirmed`;
}

interface Reading {
  readonly amendments: readonly Amendment[];
  readonly read: (fold: ReportFold) => AvailabilityReport;
}

interface Folded {
  readonly report: AvailabilityReport;
  readonly tail: { readonly sequence: number; readonly hash: string };
}

/** Folds the journal, up to where a report was frozen, and proves what is folded. */
async function foldThrough(
  request: ReportRequest,
  frozen: FrozenReport | null,
  { amendments, read }: Reading,
  progress: ReportProgress,
): Promise<ArchiveResult<Folded>> {
  const { dataFolder, period, siteId } = request;
  const opened = readJournal<DomainEvent>(dataFolder);
  if (opened === null) return { ok: false, message: `no journal in ${dataFolder} yet` };
  if (!opened.ok) return { ok: false, message: opened.problem.message };
  using reader: JournalReader<DomainEvent> = opened.reader;
  const there = reader.lastSequence();
  const all = frozen?.throughSequence ?? there;
  if (all > there) {
    const message = `the journal ends at entry ${there}; ${frozen?.period} was frozen from ${all} entries`;
    return { ok: false, message };
  }
  const newFold = () => new ReportFold(period, amendments, siteId);
  const folded = await foldProven({ dataFolder, reader, all }, newFold, progress);
  if (!folded.ok) return folded;
  const report = read(folded.value);
  progress(all, all);
  const hash = reader.hashOf(all) ?? '';
  if (frozen !== null && hash !== frozen.inputsHash) {
    const message = `the journal is not the one ${frozen.period} was frozen from: entry ${all} has another hash`;
    return { ok: false, message };
  }
  return { ok: true, value: { report, tail: { sequence: all, hash } } };
}

interface JournalPart {
  readonly dataFolder: string;
  readonly reader: JournalReader<DomainEvent>;
  /** The last entry that counts. */
  readonly all: number;
}

/** Where the quick proof fails, entry by entry says where the chain breaks, or that it does not. */
async function foldProven(
  { dataFolder, reader, all }: JournalPart,
  newFold: () => ReportFold,
  progress: ReportProgress,
): Promise<ArchiveResult<ReportFold>> {
  const foldFrom = async (source: (visit: EventVisitor) => Promise<boolean>) => {
    const fold = newFold();
    const isWhole = await source((event, sequence) => {
      fold.apply({ event });
      if (sequence % PROGRESS_EVERY === 0) progress(sequence, all);
    });
    return isWhole ? fold : null;
  };
  const file = join(dataFolder, JOURNAL_FILE);
  let failure: unknown = null;
  try {
    const fold = await foldFrom((visit) => visitProven(file, all, visit));
    if (fold !== null) return { ok: true, value: fold };
  } catch (error) {
    // Of a journal that was changed, that is the reason to give.
    failure = error;
  }
  const verdict = verifyChain(file);
  if (!verdict.ok) return { ok: false, message: untrusted(dataFolder, verdict) };
  if (failure !== null) throw failure;
  const fold = await foldFrom(async (visit) => {
    reader.visitEvents(all, visit);
    return true;
  });
  return { ok: true, value: fold! };
}

type EventVisitor = (event: DomainEvent, sequence: number) => void;

function untrusted(folder: string, { sequence, reason }: BrokenChain): string {
  const from = sequence === 0 ? '' : ` from entry ${sequence} on`;
  return `the journal in ${folder} cannot be trusted${from}, and no report is made of it: ${reason}`;
}

/** In hexadecimal. */
export function sha256(text: string): string {
  return hash('sha256', text);
}
