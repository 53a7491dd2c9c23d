import { hash } from 'node:crypto';
import type { DomainEvent } from '../alerting/events.ts';
import type { EpochMs } from '../lib/time.ts';
import { type AvailabilityReport, readReport } from '../reports/availability-report.ts';
import type { Period } from '../reports/period.ts';
import { ReportFold } from '../reports/report-fold.ts';
import { renderReportJson } from '../reports/report-json.ts';
import { type JournalReader, readJournal } from './read-journal.ts';
import {
  type ArchiveResult,
  appendToArchive,
  type FrozenReport,
  frozenFor,
  keepDocument,
  readArchive,
} from './report-archive.ts';

/** Which report is wanted, and from where. */
export interface ReportRequest {
  readonly dataFolder: string;
  readonly period: Period;
  readonly siteId: string | null;
  readonly now: EpochMs;
}

export interface MadeReport {
  readonly report: AvailabilityReport;
  /** What it was frozen from; null while it can still change. */
  readonly frozen: FrozenReport | null;
}

/** Told now and then while a report is made: entries of the journal read, of all. */
export type ReportProgress = (done: number, all: number) => void;

const PROGRESS_EVERY = 50_000;

/**
 * Makes the report of a period from the journal. One that is frozen is made from the very entries
 * and amendments it was frozen from, so that it comes out with the same bytes; its hash is checked,
 * and a report that comes out otherwise is refused.
 */
export function makeReport(
  request: ReportRequest,
  progress: ReportProgress = () => {},
): ArchiveResult<MadeReport> {
  const archive = readArchive(request.dataFolder);
  if (!archive.ok) return archive;
  const frozen = frozenFor(archive.value, request.period, request.siteId);
  const through = frozen?.throughAmendment ?? Number.POSITIVE_INFINITY;
  const amendments = archive.value.amendments.filter(({ number }) => number <= through);
  const folded = fold(request, frozen?.throughSequence ?? null, amendments, progress);
  if (!folded.ok) return folded;
  const { tail, fold: whole } = folded.value;
  if (frozen !== null && tail.hash !== frozen.inputsHash) {
    const reason = `the journal is not the one ${frozen.period} was frozen from: entry ${frozen.throughSequence} has another hash`;
    return { ok: false, message: reason };
  }
  const report = readReport(whole, frozen?.judgedAt ?? request.now, amendments, request.siteId);
  if (frozen !== null && sha256(renderReportJson(report)) !== frozen.documentHash) {
    const reason = `the report of ${frozen.period} does not come out as it was frozen (revision ${frozen.revision}); another version of the program made it`;
    return { ok: false, message: reason };
  }
  return { ok: true, value: { report, frozen } };
}

/**
 * Freezes the report of a closed period, or, where amendments were made since, freezes it again as
 * the next revision from the same entries. One that is frozen and not amended comes back as it is.
 */
export async function freezeReport(
  request: ReportRequest,
  by: string,
  progress: ReportProgress = () => {},
): Promise<ArchiveResult<MadeReport>> {
  const archive = readArchive(request.dataFolder);
  if (!archive.ok) return archive;
  const before = frozenFor(archive.value, request.period, request.siteId);
  const { amendments } = archive.value;
  const { from, to } = request.period;
  const isTouched = amendments.some(
    (each) => each.number > (before?.throughAmendment ?? 0) && each.from < to && each.to > from,
  );
  if (before !== null && !isTouched) return makeReport(request, progress);
  const folded = fold(request, before?.throughSequence ?? null, amendments, progress);
  if (!folded.ok) return folded;
  const { tail, fold: whole } = folded.value;
  const judgedAt = before?.judgedAt ?? request.now;
  const report = readReport(whole, judgedAt, amendments, request.siteId);
  if (report.isRunning) {
    return { ok: false, message: `${request.period.name} is not over, or its end not judged yet` };
  }
  const json = renderReportJson(report);
  const frozen: FrozenReport = {
    type: 'report-frozen',
    at: request.now,
    period: request.period.name,
    timeZone: request.period.timeZone,
    siteId: request.siteId,
    revision: before === null ? 0 : before.revision + 1,
    throughSequence: tail.sequence,
    inputsHash: tail.hash,
    judgedAt,
    throughAmendment: amendments.at(-1)?.number ?? 0,
    documentHash: sha256(json),
    by,
  };
  const added = await appendToArchive(request.dataFolder, frozen);
  if (!added.ok) return added;
  keepDocument(request.dataFolder, frozen, json);
  return { ok: true, value: { report, frozen } };
}

interface Folded {
  readonly fold: ReportFold;
  readonly tail: { readonly sequence: number; readonly hash: string };
}

function fold(
  { dataFolder, period, siteId }: ReportRequest,
  throughSequence: number | null,
  amendments: ConstructorParameters<typeof ReportFold>[1],
  progress: ReportProgress,
): ArchiveResult<Folded> {
  const opened = readJournal<DomainEvent>(dataFolder);
  if (opened === null) return { ok: false, message: `no journal in ${dataFolder} yet` };
  if (!opened.ok) return { ok: false, message: opened.problem.message };
  using reader: JournalReader<DomainEvent> = opened.reader;
  const whole = new ReportFold(period, amendments, siteId);
  const all = throughSequence ?? reader.lastSequence();
  let last = 0;
  reader.visitEvents(all, (event, sequence) => {
    whole.apply({ event });
    last = sequence;
    if (sequence % PROGRESS_EVERY === 0) progress(sequence, all);
  });
  progress(all, all);
  const tail = { sequence: last, hash: reader.hashOf(last) ?? '' };
  return { ok: true, value: { fold: whole, tail } };
}

/** In hexadecimal. */
export function sha256(text: string): string {
  return hash('sha256', text);
}
