import { existsSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { restoreJournal } from './backup-journal.ts';
import {
  type FoldedJournal,
  hashOfDocument,
  type Manifest,
  readManifest,
} from './backup-manifest.ts';
import { foldJournal } from './fold-journal.ts';
import { JOURNAL_FILE } from './journal-file.ts';
import { describeError } from './journal-problem.ts';
import { makeFolder } from './make-folder.ts';
import { readRegularFile } from './regular-file.ts';
import { LARGEST_PACKED_BYTES, REPORTS_FOLDER, readArchive } from './report-archive.ts';

/** `foldsAs`: null, or what this version folds the journal to where the one that made the backup did otherwise. */
export type RestoreResult =
  | { readonly ok: true; readonly manifest: Manifest; readonly foldsAs: FoldedJournal | null }
  | Refused;

interface Refused {
  readonly ok: false;
  readonly reason: string;
}

/** In the data folder, so that what was proven in it only has to be given another name. */
const STAGING_FOLDER = 'restore.unfinished';

/**
 * Puts a backup in place in `dataFolder`, which must have no journal: all of it, or nothing. Its rows
 * are copied into a folder aside, every hash chain is verified, everything is folded again, and what
 * comes out must be what the manifest says; only then does it get its names, the journal the last. An
 * older version may have folded otherwise: its journal is the one that was backed up all the same, as
 * the chain shows, and that it folds otherwise is told.
 */
export function restore(source: string, dataFolder: string, version: string): RestoreResult {
  const read = readManifest(source);
  if (!read.ok) return read;
  const { manifest } = read;
  const wanted = placesOf(manifest);
  const there = wanted.find((place) => existsSync(join(dataFolder, place)));
  if (there !== undefined) {
    return { ok: false, reason: `${join(dataFolder, there)} is there already; move it away` };
  }
  const isNewFolder = !existsSync(dataFolder);
  const staging = join(dataFolder, STAGING_FOLDER);
  let placed: Placed;
  try {
    rmSync(staging, { recursive: true, force: true });
    makeFolder(join(staging, REPORTS_FOLDER));
    placed = putInPlace(source, staging, manifest, version);
    if (placed.ok) moveIn(staging, dataFolder, wanted);
  } catch (error) {
    placed = { ok: false, reason: `${describeError(error)}${adviceFor(manifest, version)}` };
  }
  clearAway(staging, !placed.ok && isNewFolder ? dataFolder : null);
  return placed.ok ? { ok: true, manifest, foldsAs: placed.foldsAs } : placed;
}

/** Every file of a restored folder, in the order in which they get their names. */
function placesOf({ archiveEntries, documents }: Manifest): string[] {
  const names = Object.keys(documents);
  if (archiveEntries !== null) names.push(JOURNAL_FILE);
  return [...names.map((name) => join(REPORTS_FOLDER, name)), JOURNAL_FILE];
}

function moveIn(staging: string, dataFolder: string, places: readonly string[]): void {
  const moved: string[] = [];
  try {
    makeFolder(join(dataFolder, REPORTS_FOLDER));
    for (const place of places) {
      renameSync(join(staging, place), join(dataFolder, place));
      moved.push(place);
    }
  } catch (error) {
    for (const place of moved) rmSync(join(dataFolder, place), { force: true });
    throw error;
  }
}

function clearAway(staging: string, emptyFolder: string | null): void {
  try {
    rmSync(staging, { recursive: true, force: true });
    if (emptyFolder !== null) rmdirSync(emptyFolder);
  } catch {
    // What is left is under a name that nothing reads, and goes at the next restore.
  }
}

type Placed = { readonly ok: true; readonly foldsAs: FoldedJournal | null } | Refused;

function putInPlace(source: string, staging: string, told: Manifest, version: string): Placed {
  const journal = restoreJournal(join(source, JOURNAL_FILE), staging);
  if (!journal.ok) return journal;
  const folded = foldJournal(staging);
  const otherwise = differenceOf(folded, told, version);
  if (otherwise !== null && !otherwise.isOfItsVersion)
    return { ok: false, reason: otherwise.reason };
  const reason = putArchiveInPlace(source, staging, told);
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
function putArchiveInPlace(source: string, staging: string, told: Manifest): string | null {
  const [from, to] = [join(source, REPORTS_FOLDER), join(staging, REPORTS_FOLDER)];
  const hasArchive = existsSync(join(from, JOURNAL_FILE));
  if (told.archiveEntries === null) {
    const isNone = !hasArchive && Object.keys(told.documents).length === 0;
    return isNone ? null : 'there is a report archive, of which the manifest knows nothing';
  }
  const archive = restoreJournal(join(from, JOURNAL_FILE), to);
  if (!archive.ok) return archive.reason;
  if (archive.entries !== told.archiveEntries) {
    return `the report archive has ${archive.entries} entries, not ${told.archiveEntries}`;
  }
  for (const [name, hash] of Object.entries(told.documents)) {
    const octets = readRegularFile(join(from, name), LARGEST_PACKED_BYTES);
    if (hashOfDocument(octets) !== hash) return `${name} is not the document that was backed up`;
    writeFileSync(join(to, name), octets);
  }
  const read = readArchive(staging);
  return read.ok ? null : read.message;
}
