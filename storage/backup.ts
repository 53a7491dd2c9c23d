import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { apply } from '../alerting/apply.ts';
import type { DomainEvent } from '../alerting/events.ts';
import { emptyState } from '../alerting/state.ts';
import { stateText } from '../alerting/state-text.ts';
import { createLiveLedger } from '../reports/live-ledger.ts';
import { liveLedgerText } from '../reports/live-ledger-text.ts';
import { backupJournal, restoreJournal } from './backup-journal.ts';
import { JOURNAL_FILE } from './journal-file.ts';
import { describeError } from './journal-problem.ts';
import { sha256 } from './make-report.ts';
import { readJournal } from './read-journal.ts';
import { REPORTS_FOLDER } from './report-archive.ts';

/** What a backup holds, so that a restore can prove that it brought all of it back. */
export interface Manifest {
  readonly format: 'threenines-backup/1';
  /** The version of Threenines that made it; the first ones did not say. */
  readonly version?: string;
  readonly journal: FoldedJournal;
  /** Kept documents beside the archive, by name, with the SHA-256 of each. */
  readonly documents: Readonly<Record<string, string>>;
  /** Entries of the report archive; null where there is none. */
  readonly archiveEntries: number | null;
}

export interface FoldedJournal {
  readonly entries: number;
  /** Of the last entry: it covers all before it. */
  readonly lastHash: string;
  /** SHA-256 of the state of the engine, and of the ledger, folded from all entries. */
  readonly stateHash: string;
  readonly ledgerHash: string;
}

export type BackupResult = { readonly ok: true; readonly manifest: Manifest } | Refused;

/** `foldsAs`: null, or what this version folds the journal to where the one that made the backup did otherwise. */
export type RestoreResult =
  | { readonly ok: true; readonly manifest: Manifest; readonly foldsAs: FoldedJournal | null }
  | Refused;

interface Refused {
  readonly ok: false;
  readonly reason: string;
}

const MANIFEST_FILE = 'manifest.json';
const DOCUMENT = /\.json\.gz$/;

/**
 * Copies journal and report archive of `dataFolder` into the new folder `destination`, beside a
 * running service: an instant of it, proven by its hash chain. The manifest is written last, so a
 * folder that has one is whole. Configuration and secrets are not in it. What the collector has
 * learned is not either: it learns anew.
 */
export function backUp(dataFolder: string, destination: string, version: string): BackupResult {
  if (existsSync(destination) && readdirSync(destination).length > 0) {
    return { ok: false, reason: `${destination} is not empty` };
  }
  try {
    mkdirSync(join(destination, REPORTS_FOLDER), { recursive: true });
    const journal = backupJournal(dataFolder, join(destination, JOURNAL_FILE));
    if (!journal.ok) return journal;
    const archive = backUpArchive(dataFolder, destination);
    if (!archive.ok) return archive;
    const manifest: Manifest = {
      format: 'threenines-backup/1',
      version,
      journal: foldJournal(destination),
      documents: archive.documents,
      archiveEntries: archive.entries,
    };
    writeFileSync(join(destination, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    return { ok: true, manifest };
  } catch (error) {
    return { ok: false, reason: describeError(error) };
  }
}

type CopiedArchive =
  | {
      readonly ok: true;
      readonly entries: number | null;
      readonly documents: Manifest['documents'];
    }
  | Refused;

function backUpArchive(dataFolder: string, destination: string): CopiedArchive {
  const [from, to] = [join(dataFolder, REPORTS_FOLDER), join(destination, REPORTS_FOLDER)];
  if (!existsSync(join(from, JOURNAL_FILE))) return { ok: true, entries: null, documents: {} };
  const copied = backupJournal(from, join(to, JOURNAL_FILE));
  if (!copied.ok) return copied;
  return { ok: true, entries: copied.entries, documents: copyDocuments(from, to) };
}

function copyDocuments(from: string, to: string): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const name of readdirSync(from).filter((file) => DOCUMENT.test(file))) {
    const octets = readFileSync(join(from, name));
    writeFileSync(join(to, name), octets);
    hashes[name] = sha256(octets.toString('base64'));
  }
  return hashes;
}

/**
 * Puts a backup in place in `dataFolder`, which must have no journal, and proves it: every hash
 * chain is verified, everything is folded again, and what comes out must be what the manifest says.
 * What cannot be proven is taken away again. An older version may have folded otherwise: its journal is
 * the one that was backed up all the same, as the chain shows, and that it folds otherwise is told.
 */
export function restore(source: string, dataFolder: string, version: string): RestoreResult {
  const manifest = readManifest(source);
  if (!manifest.ok) return manifest;
  const told = manifest.manifest;
  const path = join(dataFolder, JOURNAL_FILE);
  const archivePath = join(dataFolder, REPORTS_FOLDER, JOURNAL_FILE);
  for (const there of [path, archivePath]) {
    if (existsSync(there)) return { ok: false, reason: `${there} is there already; move it away` };
  }
  let placed: Placed;
  try {
    placed = putInPlace(source, dataFolder, told, version);
  } catch (error) {
    placed = { ok: false, reason: `${describeError(error)}${adviceFor(told, version)}` };
  }
  if (placed.ok) return { ok: true, manifest: told, foldsAs: placed.foldsAs };
  takeAway(path, archivePath, told);
  return placed;
}

type Placed = { readonly ok: true; readonly foldsAs: FoldedJournal | null } | Refused;

/** Nothing that was not proven stays where a service would start on it. */
function takeAway(path: string, archivePath: string, { documents }: Manifest): void {
  for (const made of [path, archivePath]) {
    for (const suffix of ['', '-wal', '-shm', '.unfinished'])
      rmSync(`${made}${suffix}`, { force: true });
  }
  for (const name of Object.keys(documents)) {
    if (DOCUMENT.test(name) && basename(name) === name) {
      rmSync(join(dirname(archivePath), name), { force: true });
    }
  }
}

function putInPlace(source: string, dataFolder: string, told: Manifest, version: string): Placed {
  const journal = restoreJournal(join(source, JOURNAL_FILE), dataFolder);
  if (!journal.ok) return journal;
  const folded = foldJournal(dataFolder);
  const otherwise = differenceOf(folded, told, version);
  if (otherwise !== null && !otherwise.isOfItsVersion)
    return { ok: false, reason: otherwise.reason };
  const reason = told.archiveEntries === null ? null : putArchiveInPlace(source, dataFolder, told);
  if (reason !== null) return { ok: false, reason };
  return { ok: true, foldsAs: otherwise === null ? null : folded };
}

/** How the journal folds otherwise than was backed up, and whether another version is all the cause. */
function differenceOf(
  folded: FoldedJournal,
  told: Manifest,
  version: string,
): { readonly reason: string; readonly isOfItsVersion: boolean } | null {
  const keys = ['entries', 'lastHash', 'stateHash', 'ledgerHash'] as const;
  const key = keys.find((each) => folded[each] !== told.journal[each]);
  if (key === undefined) return null;
  const isSameJournal = key === 'stateHash' || key === 'ledgerHash';
  const isOlder = told.version === undefined || compareVersions(told.version, version) < 0;
  const what = isSameJournal
    ? 'does not fold to what was backed up'
    : 'is not the one that was backed up';
  const reason = `the journal ${what}: ${key} is ${folded[key]}, not ${told.journal[key]}`;
  return {
    reason: `${reason}${isSameJournal ? adviceFor(told, version) : ''}`,
    isOfItsVersion: isSameJournal && isOlder,
  };
}

/** What to do where the version that made a backup is another one; empty where it is not. */
function adviceFor({ version: madeBy }: Manifest, version: string): string {
  if (madeBy === version) return '';
  const maker = madeBy === undefined ? 'an early version' : `version ${madeBy}`;
  return `; the backup was made by ${maker} of Threenines and this is ${version}: restore it with the version that made it, or a later one that can`;
}

/** Negative when `a` is before `b`, by the numbers of `1.2.3`. */
function compareVersions(a: string, b: string): number {
  const [ours, theirs] = [a, b].map((version) => version.split(/[.+-]/).map(Number));
  for (let place = 0; place < 3; place += 1) {
    const difference = (ours![place] || 0) - (theirs![place] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Null when all of it is there and proven, else why not. */
function putArchiveInPlace(source: string, dataFolder: string, told: Manifest): string | null {
  const [from, to] = [join(source, REPORTS_FOLDER), join(dataFolder, REPORTS_FOLDER)];
  const archive = restoreJournal(join(from, JOURNAL_FILE), to);
  if (!archive.ok) return archive.reason;
  if (archive.entries !== told.archiveEntries) {
    return `the report archive has ${archive.entries} entries, not ${told.archiveEntries}`;
  }
  const documents = copyDocuments(from, to);
  const wrong = Object.keys(told.documents).find(
    (name) => documents[name] !== told.documents[name],
  );
  return wrong === undefined ? null : `${wrong} is not the document that was backed up`;
}

function readManifest(source: string): BackupResult {
  const path = join(source, MANIFEST_FILE);
  if (!existsSync(path)) return { ok: false, reason: `there is no whole backup at ${source}` };
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    if (manifest.format === 'threenines-backup/1') return { ok: true, manifest };
    const reason = `${path} is of another form (${String(manifest.format)}): restore it with the version of Threenines that made it, or a later one`;
    return { ok: false, reason };
  } catch (error) {
    return { ok: false, reason: `${path} cannot be read: ${describeError(error)}` };
  }
}

/** Folds a whole journal as a start of the service does. Throws when it cannot be read. */
function foldJournal(folder: string): FoldedJournal {
  const opened = readJournal<DomainEvent>(folder);
  if (opened === null) throw new Error(`there is no journal in ${folder}`);
  if (!opened.ok) throw new Error(opened.problem.message);
  using reader = opened.reader;
  const state = emptyState();
  const ledger = createLiveLedger('UTC');
  let tail = { sequence: 0, hash: '' };
  for (const entry of reader.entries()) {
    apply(state, entry.event);
    ledger.apply(entry);
    tail = entry;
  }
  return {
    entries: tail.sequence,
    lastHash: tail.hash,
    stateHash: sha256(stateText(state)),
    ledgerHash: sha256(liveLedgerText(ledger.state)),
  };
}
