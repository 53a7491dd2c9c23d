import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  type Journal,
  type JournalEntry,
  JournalError,
  type JournalRange,
  type NewEntry,
} from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';
import { type ChainTail, chainEntries, type StoredEntry, toJournalEntry } from './chain.ts';
import { eventOf, eventRows } from './event-rows.ts';
import { SELECT_ENTRY, toStoredEntry } from './journal-file.ts';
import { describeError } from './journal-problem.ts';

/** What one read transaction takes in before the entries are handed out. */
const PAGE_ENTRIES = 500;
const PAGE_CHARACTERS = 4 * 1024 * 1024;

/** What an open journal holds; `openJournal` puts it together after checking the file. */
export interface JournalParts {
  readonly folder: string;
  readonly writer: DatabaseSync;
  /** A read-only connection of its own: reads go on when writing has failed. */
  readonly reader: DatabaseSync;
  readonly lock: Disposable;
  readonly tail: ChainTail;
}

/**
 * The journal on `node:sqlite`. States: writable → broken → closed. A write that fails for whatever
 * cause breaks it: the entries may be on the disk or not, so every later append is refused and only
 * opening it again can tell. Reads work until it is closed.
 */
export class SqliteJournal<Event> implements Journal<Event>, Disposable {
  readonly #parts: JournalParts;
  readonly #insertEntry: StatementSync;
  readonly #moveHead: StatementSync;
  readonly #selectPage: StatementSync;
  readonly #selectSubjectPage: StatementSync;
  readonly #selectLastBefore: StatementSync;
  #tail: ChainTail;
  #broken: JournalError | null = null;
  #closed = false;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.#tail = parts.tail;
    const { writer, reader } = parts;
    this.#insertEntry = writer.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?)');
    this.#moveHead = writer.prepare(
      'UPDATE head SET sequence = ?, hash = ? WHERE sequence = ? AND hash = ?',
    );
    // `+at`: the page is already narrowed by sequence; the index on `at` would only force a sort.
    const page = 'sequence > ? AND sequence <= ? AND +at < ? ORDER BY sequence';
    this.#selectPage = reader.prepare(`${SELECT_ENTRY} WHERE ${page} LIMIT ${PAGE_ENTRIES}`);
    this.#selectSubjectPage = reader.prepare(
      `${SELECT_ENTRY} WHERE subject = ? AND ${page} LIMIT ${PAGE_ENTRIES}`,
    );
    this.#selectLastBefore = reader.prepare(
      'SELECT max(sequence) AS sequence FROM entries INDEXED BY entries_by_at WHERE at < ?',
    );
  }

  async append(entries: readonly NewEntry<Event>[]): Promise<readonly JournalEntry<Event>[]> {
    this.#requireWritable();
    const chained = chainEntries(this.#tail, entries);
    const last = chained.at(-1);
    if (last === undefined) return [];
    this.#commit(`appending entry ${chained[0]!.sequence}`, () => {
      // The head must stand where this process left it: nobody else may have written in between.
      const moved = this.#moveHead.run(
        last.sequence,
        last.hash,
        this.#tail.sequence,
        this.#tail.hash,
      );
      if (Number(moved.changes) !== 1) throw new Error('the journal was changed by someone else');
      for (const { sequence, at, subject, eventText, hash: entryHash } of chained) {
        this.#insertEntry.run(sequence, at, subject, eventText, entryHash);
      }
    });
    this.#tail = { sequence: last.sequence, hash: last.hash };
    return chained.map((entry) => toJournalEntry<Event>(entry));
  }

  /**
   * Reads what stands in the journal when the reading begins, a page at a time: no memory beyond a
   * page, and no read transaction is left open that would keep the write-ahead log from shrinking.
   * Throws JournalError when the file cannot be read.
   */
  *read(range: JournalRange = {}): Generator<JournalEntry<Event>, void, undefined> {
    const beforeAt = range.beforeAt ?? Number.MAX_SAFE_INTEGER;
    const until = this.#reading(() => this.#lastSequenceBefore(range.beforeAt));
    let after = Math.max(0, (range.fromSequence ?? 1) - 1);
    while (after < until) {
      const page = this.#reading(() => this.#readPage(range.subject, after, until, beforeAt));
      for (const entry of page.entries) yield this.#reading(() => toJournalEntry<Event>(entry));
      if (page.isLast) return;
      after = page.entries.at(-1)!.sequence;
    }
  }

  visitEvents(visit: (event: Event, sequence: number) => void, after = 0): void {
    const pages = eventRows(this.#parts.reader, { after, through: this.#tail.sequence });
    for (;;) {
      const page = this.#reading(() => pages.next());
      if (page.done) return;
      for (const row of page.value) visit(eventOf<Event>(row), row[0]);
    }
  }

  lastSequence(): number {
    return this.#tail.sequence;
  }

  /** Closes the files and lets go of the folder. Harmless when already closed. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    const { writer, reader, lock } = this.#parts;
    // Closing the writer last copies the write-ahead log into the file. After a failed write the
    // log is left alone instead: the disk is not to be trusted with more work.
    const order = this.#broken === null ? [reader, writer] : [writer, reader];
    using stack = new DisposableStack();
    stack.use(lock);
    for (const database of order.reverse()) stack.use(database);
  }

  #requireWritable(): void {
    if (this.#closed) throw new JournalError('the journal is closed');
    if (this.#broken !== null) {
      throw new JournalError(`the journal takes no more entries after: ${this.#broken.message}`, {
        cause: this.#broken,
      });
    }
  }

  #commit(what: string, write: () => void): void {
    const { writer, folder } = this.#parts;
    try {
      writer.exec('BEGIN IMMEDIATE');
      write();
      writer.exec('COMMIT');
    } catch (error) {
      this.#broken = new JournalError(`${what} in ${folder} failed: ${describeError(error)}`, {
        cause: error,
      });
      this.#rollBack();
      throw this.#broken;
    }
  }

  #rollBack(): void {
    if (!this.#parts.writer.isTransaction) return;
    try {
      this.#parts.writer.exec('ROLLBACK');
    } catch {
      // The journal is broken already; what is on the disk is judged when it is opened again.
    }
  }

  #reading<Result>(read: () => Result): Result {
    if (this.#closed) throw new JournalError('the journal is closed');
    try {
      return read();
    } catch (error) {
      const { folder } = this.#parts;
      throw new JournalError(`reading the journal in ${folder} failed: ${describeError(error)}`, {
        cause: error,
      });
    }
  }

  #lastSequenceBefore(beforeAt: EpochMs | undefined): number {
    if (beforeAt === undefined) return this.#tail.sequence;
    return Number(this.#selectLastBefore.get(beforeAt)?.sequence ?? 0);
  }

  #readPage(
    subject: string | undefined,
    after: number,
    until: number,
    beforeAt: EpochMs,
  ): { readonly entries: readonly StoredEntry[]; readonly isLast: boolean } {
    const rows =
      subject === undefined
        ? this.#selectPage.iterate(after, until, beforeAt)
        : this.#selectSubjectPage.iterate(subject, after, until, beforeAt);
    const entries: StoredEntry[] = [];
    let characters = 0;
    for (const row of rows) {
      const entry = toStoredEntry(row);
      entries.push(entry);
      characters += entry.eventText.length;
      if (characters >= PAGE_CHARACTERS) return { entries, isLast: false };
    }
    return { entries, isLast: entries.length < PAGE_ENTRIES };
  }
}
