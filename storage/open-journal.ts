import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { assert } from '../lib/assert.ts';
import { brokenLink, CHAIN_START, type ChainTail, EMPTY_CHAIN } from './chain.ts';
import { type DiskReserve, keepDiskReserve, RESERVE_BYTES } from './disk-reserve.ts';
import { lockFolder } from './folder-lock.ts';
import {
  createSchema,
  isDurable,
  JOURNAL_FILE,
  openForReading,
  openForWriting,
  SELECT_ENTRY,
  schemaOf,
  toStoredEntry,
} from './journal-file.ts';
import { type JournalProblem, journalProblem, problemFromError } from './journal-problem.ts';
import { strangersProblem } from './journal-strangers.ts';
import { makeFolder } from './make-folder.ts';
import { SqliteJournal } from './sqlite-journal.ts';
import { headMismatch } from './verify-chain.ts';

const GIB = 1024 ** 3;
/** Far beyond years of a large network; reaching it is handled as a full disk. */
const LARGEST_JOURNAL_BYTES = 256 * GIB;
/** Entries at the end of the chain that are proven at every start without a known one; `watchChain` proves all of them. */
const ENTRIES_CHECKED_AT_OPEN = 50_000;
/** A larger file is not scanned as a whole at start: it would keep the service waiting. */
const LARGEST_SCANNED_BYTES = 128 * 1024 * 1024;

export interface OpenJournalOptions {
  /** The journal file never grows beyond this; an append that would make it is refused as on a full disk. */
  readonly largestBytes?: number;
  /** Disk space kept aside for the day the disk is full. */
  readonly reserveBytes?: number;
  /** An entry up to which the journal has been folded already: where it is in the chain, the proof begins behind it. */
  readonly known?: ChainTail | null;
}

export type OpenedJournal<Event> =
  | {
      readonly ok: true;
      readonly journal: SqliteJournal<Event>;
      /** `spent`: the disk is nearly full, and someone must be told. */
      readonly diskReserve: DiskReserve;
      /** Whether the `known` entry is in this journal. */
      readonly holdsKnown: boolean;
      /** Entries from the first on that this start has not proven. */
      readonly unprovenCount: number;
    }
  | { readonly ok: false; readonly problem: JournalProblem };

/**
 * Opens the journal in `folder`, creating folder and file when they are not there, and holds the
 * folder against every other service until the journal is disposed. An interrupted last commit is
 * undone by SQLite here. A folder that is in use, full, read-only or damaged comes back as a problem.
 */
export function openJournal<Event>(
  folder: string,
  options: OpenJournalOptions = {},
): OpenedJournal<Event> {
  const { largestBytes = LARGEST_JOURNAL_BYTES, reserveBytes = RESERVE_BYTES } = options;
  using opened = new DisposableStack();
  try {
    makeFolder(folder);
    const lock = lockFolder(folder);
    if (lock === null) return { ok: false, problem: journalProblem('in-use', folder) };
    opened.use(lock);
    const diskReserve = keepDiskReserve(folder, reserveBytes);
    const path = join(folder, JOURNAL_FILE);
    const writer = opened.use(openForWriting(path, largestBytes));
    const schema = schemaOf(writer);
    if (schema === 'newer') return { ok: false, problem: journalProblem('newer-version', folder) };
    if (schema === 'foreign') {
      const detail = `${JOURNAL_FILE} is not a journal`;
      return { ok: false, problem: journalProblem('damaged', folder, detail) };
    }
    const strange = strangersProblem(writer);
    if (strange !== null) return { ok: false, problem: journalProblem('damaged', folder, strange) };
    if (schema === 'empty') {
      createSchema(writer, CHAIN_START);
      syncFolder(folder);
    }
    assert(isDurable(writer), 'the journal is opened with every commit fsynced');
    const reader = opened.use(openForReading(path));
    if (statSync(path).size <= LARGEST_SCANNED_BYTES) {
      const damage = pageDamage(reader);
      if (damage !== null) return { ok: false, problem: journalProblem('damaged', folder, damage) };
    }
    const known = heldEntry(reader, options.known ?? null);
    const { tail, damage, unprovenCount } = checkEnd(reader, known);
    if (damage !== null) return { ok: false, problem: journalProblem('damaged', folder, damage) };
    const journal = new SqliteJournal<Event>({ folder, writer, reader, lock, tail });
    opened.move();
    return { ok: true, journal, diskReserve, holdsKnown: known !== null, unprovenCount };
  } catch (error) {
    return { ok: false, problem: problemFromError(error, folder) };
  }
}

/** A new file or folder outlives a power cut only when the folder that names it is synced too. */
function syncFolder(folder: string): void {
  // Windows has no handle on a folder to sync; NTFS journals its own names.
  if (process.platform === 'win32') return;
  for (const path of [resolve(folder), dirname(resolve(folder))]) {
    const handle = openSync(path, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}

/** What SQLite finds wrong with the file; null: nothing. */
function pageDamage(database: DatabaseSync): string | null {
  const found = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  return found === 'ok' ? null : String(found);
}

/** The known entry, if it is the one that has its number in this journal. */
function heldEntry(database: DatabaseSync, known: ChainTail | null): ChainTail | null {
  if (known === null || known.sequence === 0) return null;
  const row = database.prepare('SELECT hash FROM entries WHERE sequence = ?').get(known.sequence);
  return row?.hash === known.hash ? known : null;
}

interface CheckedEnd {
  readonly tail: ChainTail;
  readonly damage: string | null;
  readonly unprovenCount: number;
}

/** Proves the chain behind the known entry up to the head record; without one, its last entries. */
function checkEnd(database: DatabaseSync, known: ChainTail | null): CheckedEnd {
  const last = database.prepare('SELECT max(sequence) AS sequence FROM entries').get();
  const first = Math.max(0, Number(last?.sequence ?? 0) - ENTRIES_CHECKED_AT_OPEN);
  let tail = known ?? (first === 0 ? EMPTY_CHAIN : null);
  const from = known === null ? first : known.sequence + 1;
  const rows = database.prepare(`${SELECT_ENTRY} WHERE sequence >= ? ORDER BY sequence`);
  for (const row of rows.iterate(from)) {
    const entry = toStoredEntry(row);
    const damage = tail === null ? null : brokenLink(tail, entry);
    if (damage !== null) return { tail: EMPTY_CHAIN, damage, unprovenCount: 0 };
    tail = { sequence: entry.sequence, hash: entry.hash };
  }
  const end = tail ?? EMPTY_CHAIN;
  const damage = headMismatch(database, end);
  return { tail: end, damage, unprovenCount: known?.sequence ?? first };
}
