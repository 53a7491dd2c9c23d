import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILE } from './journal-file.ts';
import { sha256 } from './make-report.ts';
import { missingAmendments, newestRevisions } from './missing-amendments.ts';
import { readJournal } from './read-journal.ts';
import {
  type FrozenReport,
  keptDocument,
  REPORTS_FOLDER,
  type ReportArchive,
  readArchive,
} from './report-archive.ts';
import { type ChainVerdict, verifyChain } from './verify-chain.ts';

/** What a data folder is found to be. */
export interface FolderVerdict {
  readonly ok: boolean;
  readonly journal: ProvenChain;
  /** Null where nothing was archived. */
  readonly archive: ProvenChain | null;
  /** Each frozen report: null, or why it is not what was frozen. */
  readonly frozen: readonly FrozenVerdict[];
}

/** `lastHash` covers every entry: kept elsewhere, it also shows whether entries were cut off at the end. */
export type ProvenChain =
  | { readonly ok: true; readonly entries: number; readonly lastHash: string | null }
  | Extract<ChainVerdict, { ok: false }>;

/** A frozen report; `problem`: null, or why it is not what was frozen. */
export interface FrozenVerdict {
  readonly period: string;
  readonly timeZone: string;
  readonly siteId: string | null;
  readonly revision: number;
  readonly problem: string | null;
  /** Amendments made since, where it is the revision that counts: its next one takes them in. */
  readonly missingAmendments: readonly number[];
}

/**
 * Proves a whole data folder, beside a running service: the hash chain of the journal and of the
 * archive entry by entry, that the archive has all that the journal noted of it, and that every
 * frozen report was made from this journal and is kept as it was frozen.
 */
export function verifyFolder(dataFolder: string): FolderVerdict {
  const journal = prove(dataFolder);
  const folder = join(dataFolder, REPORTS_FOLDER);
  const read = readArchive(dataFolder);
  let archive = existsSync(join(folder, JOURNAL_FILE)) ? prove(folder) : null;
  if (!read.ok && archive?.ok !== false) archive = { ok: false, sequence: 0, reason: read.message };
  const frozen = read.ok ? judgeFrozen(dataFolder, read.value) : [];
  const ok = journal.ok && archive?.ok !== false && frozen.every(({ problem }) => problem === null);
  return { ok, journal, archive, frozen };
}

function prove(folder: string): ProvenChain {
  const verdict = verifyChain(folder);
  if (!verdict.ok) return verdict;
  const opened = readJournal<unknown>(folder);
  if (opened === null || !opened.ok) return { ...verdict, lastHash: null };
  using reader = opened.reader;
  return { ...verdict, lastHash: reader.hashOf(verdict.entries) };
}

/** Each frozen report of a folder against its journal and the document kept of it. */
export function judgeFrozen(
  dataFolder: string,
  archive: Pick<ReportArchive, 'frozen' | 'amendments'>,
): FrozenVerdict[] {
  const newest = new Set(newestRevisions(archive));
  const opened = readJournal<unknown>(dataFolder);
  const reader = opened?.ok ? opened.reader : null;
  try {
    return archive.frozen.map((each) => ({
      period: each.period,
      timeZone: each.timeZone,
      siteId: each.siteId,
      revision: each.revision,
      problem: problemOf(dataFolder, each, reader?.hashOf(each.throughSequence) ?? null),
      missingAmendments: newest.has(each)
        ? missingAmendments(dataFolder, archive.amendments, each)
        : [],
    }));
  } finally {
    reader?.[Symbol.dispose]();
  }
}

function problemOf(dataFolder: string, frozen: FrozenReport, hash: string | null): string | null {
  if (hash !== frozen.inputsHash) {
    return `the journal is not the one it was frozen from: entry ${frozen.throughSequence} is another or missing`;
  }
  const kept = keptDocument(dataFolder, frozen);
  if (!kept.ok) return `the document kept of it ${kept.reason}`;
  return sha256(kept.json) === frozen.documentHash ? null : 'the document kept of it was changed';
}
