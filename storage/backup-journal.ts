import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { CHAIN_START } from './chain.ts';
import { createSchema, JOURNAL_FILE, openForReading, schemaOf } from './journal-file.ts';
import { describeError } from './journal-problem.ts';
import { strangersProblem } from './journal-strangers.ts';
import { makeFolder } from './make-folder.ts';
import { requireRegularFile } from './regular-file.ts';
import { type ChainVerdict, unreadableJournal, verifyChain } from './verify-chain.ts';

/** As large as a journal can grow. */
const LARGEST_BACKUP_BYTES = 256 * 1024 ** 3;

/**
 * Writes a copy of the journal in `folder` to `file`, beside a running service, and proves the copy
 * before it takes that name: a file that stands there is a whole and sound backup. Refuses to
 * overwrite. The verdict counts the entries copied, or says why there is no backup.
 */
export function backupJournal(folder: string, file: string): ChainVerdict {
  if (existsSync(file)) return refused(`${file} is there already`);
  const unfinished = `${file}.unfinished`;
  try {
    rmSync(unfinished, { force: true });
    {
      using database = openForReading(join(folder, JOURNAL_FILE));
      database.prepare('VACUUM INTO ?').run(unfinished);
    }
    return settle(unfinished, file);
  } catch (error) {
    return refused(describeError(error));
  }
}

/**
 * Puts a backup in place as the journal of `folder`, after proving it. What is taken over is rows: a
 * file with anything beside the tables of a journal is refused, and the new file's schema is our own. Refuses when the folder has
 * a journal: what stands there is evidence, and moving it away is for a person to decide.
 */
export function restoreJournal(file: string, folder: string): ChainVerdict {
  const path = join(folder, JOURNAL_FILE);
  if (existsSync(path)) return refused(`${folder} has a journal already; move it away first`);
  if (!existsSync(file)) return refused(`there is no backup at ${file}`);
  const unfinished = `${path}.unfinished`;
  try {
    requireRegularFile(file, LARGEST_BACKUP_BYTES);
    const reason = foreignFile(file);
    if (reason !== null) return refused(reason);
    makeFolder(folder);
    rmSync(unfinished, { force: true });
    copyRows(file, unfinished);
    return settle(unfinished, path);
  } catch (error) {
    return refused(describeError(error));
  }
}

/** Why a file is not a journal that this version reads; null when it is. */
function foreignFile(file: string): string | null {
  using database = new DatabaseSync(unchanging(file), { readOnly: true });
  const schema = schemaOf(database);
  if (schema !== 'current') return unreadableJournal(file, schema);
  return strangersProblem(database);
}

function copyRows(file: string, to: string): void {
  using database = new DatabaseSync(to);
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
  createSchema(database, CHAIN_START);
  database.prepare('ATTACH ? AS backup').run(unchanging(file).href);
  database.exec('BEGIN IMMEDIATE');
  database.exec(
    `INSERT INTO main.entries (sequence, at, subject, event, hash)
     SELECT sequence, at, subject, event, hash FROM backup.entries ORDER BY sequence`,
  );
  database.exec(
    `UPDATE main.head SET (sequence, hash) =
     (SELECT sequence, hash FROM backup.head WHERE only = 1)`,
  );
  database.exec('COMMIT');
}

/** A file that nobody writes to: SQLite puts no lock and no log beside it, and reads none. */
function unchanging(file: string): URL {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  return url;
}

/** Proves the finished copy, makes it durable and gives it its name; a copy that fails is removed. */
function settle(unfinished: string, file: string): ChainVerdict {
  const verdict = verifyChain(unfinished);
  for (const suffix of ['-wal', '-shm']) rmSync(`${unfinished}${suffix}`, { force: true });
  if (!verdict.ok) {
    rmSync(unfinished, { force: true });
    return verdict;
  }
  const handle = openSync(unfinished, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(unfinished, file);
  return verdict;
}

function refused(reason: string): ChainVerdict {
  return { ok: false, sequence: 0, reason };
}
