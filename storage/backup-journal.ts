import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILE, openForReading } from './journal-file.ts';
import { describeError } from './journal-problem.ts';
import { makeFolder } from './make-folder.ts';
import { type ChainVerdict, verifyChain } from './verify-chain.ts';

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
 * Puts a backup in place as the journal of `folder`, after proving it. Refuses when the folder has
 * a journal: what stands there is evidence, and moving it away is for a person to decide.
 */
export function restoreJournal(file: string, folder: string): ChainVerdict {
  const path = join(folder, JOURNAL_FILE);
  if (existsSync(path)) return refused(`${folder} has a journal already; move it away first`);
  if (!existsSync(file)) return refused(`there is no backup at ${file}`);
  const unfinished = `${path}.unfinished`;
  try {
    makeFolder(folder);
    copyFileSync(file, unfinished);
    return settle(unfinished, path);
  } catch (error) {
    return refused(describeError(error));
  }
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
