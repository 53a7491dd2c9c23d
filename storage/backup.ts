import { existsSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupJournal } from './backup-journal.ts';
import { hashOfDocument, MANIFEST_FILE, type Manifest } from './backup-manifest.ts';
import { foldJournal } from './fold-journal.ts';
import { JOURNAL_FILE } from './journal-file.ts';
import { describeError } from './journal-problem.ts';
import { makeFolder } from './make-folder.ts';
import { readRegularFile } from './regular-file.ts';
import { LARGEST_PACKED_BYTES, REPORTS_FOLDER, readArchive } from './report-archive.ts';
import { type FrozenVerdict, judgeFrozen } from './verify-folder.ts';

/** `damaged`: frozen reports of the folder that are not what was frozen any more; the backup has them as they are. */
export type BackupResult =
  | {
      readonly ok: true;
      readonly manifest: Manifest;
      readonly damaged: readonly FrozenVerdict[];
    }
  | Refused;

interface Refused {
  readonly ok: false;
  readonly reason: string;
}

const DOCUMENT = /\.json\.gz$/;

/**
 * Copies journal and report archive of `dataFolder` into the new folder `destination`, beside a
 * running service: an instant of it, proven by its hash chain. The manifest is written last, so a
 * folder that has one is whole; where there is no backup, nothing of it stays. Configuration and
 * secrets are not in it. What the collector has learned is not either: it learns anew.
 */
export function backUp(dataFolder: string, destination: string, version: string): BackupResult {
  const isNew = !existsSync(destination);
  let made: BackupResult;
  try {
    if (!isNew && readdirSync(destination).length > 0) {
      return { ok: false, reason: `${destination} is not empty` };
    }
    makeFolder(join(destination, REPORTS_FOLDER));
    made = copy(dataFolder, destination, version);
  } catch (error) {
    made = { ok: false, reason: describeError(error) };
  }
  if (!made.ok) takeAway(destination, isNew);
  return made;
}

function copy(dataFolder: string, destination: string, version: string): BackupResult {
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
  const read = readArchive(destination);
  const verdicts = read.ok ? judgeFrozen(dataFolder, read.value) : [];
  writeFileSync(join(destination, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return { ok: true, manifest, damaged: verdicts.filter(({ problem }) => problem !== null) };
}

function takeAway(destination: string, isNew: boolean): void {
  try {
    for (const suffix of ['', '-wal', '-shm', '.unfinished'])
      rmSync(join(destination, `${JOURNAL_FILE}${suffix}`), { force: true });
    rmSync(join(destination, REPORTS_FOLDER), { recursive: true, force: true });
    if (isNew) rmdirSync(destination);
  } catch {
    // Without a manifest it is no backup, whatever is left.
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
  const documents: Record<string, string> = {};
  for (const name of readdirSync(from).filter((file) => DOCUMENT.test(file))) {
    const octets = octetsOf(join(from, name));
    if (octets === null) continue;
    writeFileSync(join(to, name), octets);
    documents[name] = hashOfDocument(octets);
  }
  return { ok: true, entries: copied.entries, documents };
}

/** null where there is nothing to copy: that the document cannot be read is told with the backup. */
function octetsOf(path: string): Buffer | null {
  try {
    return readRegularFile(path, LARGEST_PACKED_BYTES);
  } catch {
    return null;
  }
}
