import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { brokenLink, type ChainTail, EMPTY_CHAIN } from './chain.ts';
import {
  JOURNAL_FILE,
  openForReading,
  SELECT_ENTRY,
  schemaOf,
  toStoredEntry,
} from './journal-file.ts';
import { describeError } from './journal-problem.ts';
import { strangersProblem } from './journal-strangers.ts';

export type ChainVerdict = { readonly ok: true; readonly entries: number } | BrokenChain;

export interface BrokenChain {
  readonly ok: false;
  /** The first entry that cannot be trusted; 0 when the file as a whole is meant. */
  readonly sequence: number;
  readonly reason: string;
}

/**
 * Reads a whole journal (its folder, or a copied journal file) and proves that no entry was
 * changed, removed, inserted or reordered since it was written. Works beside a running service.
 * Entries added or cut off at the end together with the head record are beyond what a hash chain
 * can show: compare `entries` and the last hash with a copy kept elsewhere.
 */
export function verifyChain(path: string): ChainVerdict {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, JOURNAL_FILE) : path;
  if (!existsSync(file))
    return { ok: false, sequence: 0, reason: `there is no journal at ${path}` };
  let tail = EMPTY_CHAIN;
  try {
    using database = openForReading(file);
    const schema = schemaOf(database);
    const foreign =
      schema === 'current' ? strangersProblem(database) : unreadableJournal(path, schema);
    if (foreign !== null) return { ok: false, sequence: 0, reason: foreign };
    database.exec('BEGIN');
    for (const row of database.prepare(`${SELECT_ENTRY} ORDER BY sequence`).iterate()) {
      const entry = toStoredEntry(row);
      const reason = brokenLink(tail, entry);
      if (reason !== null) return { ok: false, sequence: tail.sequence + 1, reason };
      tail = entry;
    }
    const reason = headMismatch(database, tail) ?? fileDamage(database);
    if (reason !== null) return { ok: false, sequence: 0, reason };
    return { ok: true, entries: tail.sequence };
  } catch (error) {
    return { ok: false, sequence: tail.sequence + 1, reason: describeError(error) };
  }
}

/** Why a file that `schemaOf` does not find current is not read. */
export function unreadableJournal(path: string, schema: 'empty' | 'newer' | 'foreign'): string {
  return schema === 'newer'
    ? `${path} was written by a newer Threenines; that version or a later one reads it`
    : `${path} is not a journal that can be read: ${schema}`;
}

/** The head record names the last entry; entries cut off the end leave it behind. Null when it agrees. */
export function headMismatch(database: DatabaseSync, tail: ChainTail): string | null {
  const head = database.prepare('SELECT sequence, hash FROM head').get();
  if (head?.sequence === tail.sequence && head.hash === tail.hash) return null;
  return `the journal ends at entry ${tail.sequence}, but its head record says ${head?.sequence}`;
}

function fileDamage(database: DatabaseSync): string | null {
  const found = database.prepare('PRAGMA integrity_check(1)').get()?.integrity_check;
  return found === 'ok' ? null : `the file is damaged: ${found}`;
}
