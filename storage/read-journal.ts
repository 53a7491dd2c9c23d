import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEntry } from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';
import { toJournalEntry } from './chain.ts';
import { eventOf, eventRows } from './event-rows.ts';
import {
  JOURNAL_FILE,
  openForReading,
  SELECT_ENTRY,
  schemaOf,
  toStoredEntry,
} from './journal-file.ts';
import { type JournalProblem, journalProblem, problemFromError } from './journal-problem.ts';

/** Rows held at once while reading. */
const PAGE_ENTRIES = 1_000;

export type ReadableJournal<Event> =
  | { readonly ok: true; readonly reader: JournalReader<Event> }
  | { readonly ok: false; readonly problem: JournalProblem };

/** A journal open for reading alone; the service may go on writing to it. */
export interface JournalReader<Event> extends Disposable {
  /** Every entry that is there when its page is read, oldest first. */
  entries(): Iterable<JournalEntry<Event>>;
  /**
   * The events alone up to entry `through`, in order, with their sequence numbers: what most entries
   * of a large journal are, proofs of observation, is not read as JSON for it.
   */
  visitEvents(through: number, visit: (event: Event, sequence: number) => void): void;
  /** The events of a type up to an instant, in order; reads all entries for it, but few as JSON. */
  eventsOfType(type: string, before: EpochMs): Event[];
  /** The events of one subject, in order. */
  eventsAbout(subject: string): Event[];
  /** The hash of an entry; null when there is no such entry. */
  hashOf(sequence: number): string | null;
  /** The number of the last entry that is there now; 0 in an empty journal. */
  lastSequence(): number;
}

/**
 * Opens the journal of `folder` for reading beside a running service, without taking its lock and
 * without writing. null when there is no journal yet.
 */
export function readJournal<Event>(folder: string): ReadableJournal<Event> | null {
  const path = join(folder, JOURNAL_FILE);
  if (!existsSync(path)) return null;
  try {
    const database = openForReading(path);
    const schema = schemaOf(database);
    if (schema !== 'current') {
      database.close();
      const reason = schema === 'newer' ? 'newer-version' : 'damaged';
      return { ok: false, problem: journalProblem(reason, folder, `${schema} file`) };
    }
    const page = database.prepare(
      `${SELECT_ENTRY} WHERE sequence > ? ORDER BY sequence LIMIT ${PAGE_ENTRIES}`,
    );
    const reader: JournalReader<Event> = {
      *entries() {
        let after = 0;
        for (;;) {
          const rows = page.all(after).map(toStoredEntry);
          for (const row of rows) yield toJournalEntry<Event>(row);
          if (rows.length < PAGE_ENTRIES) return;
          after = rows.at(-1)!.sequence;
        }
      },
      visitEvents(through, visit) {
        for (const rows of eventRows(database, { after: 0, through }))
          for (const row of rows) visit(eventOf<Event>(row), row[0]);
      },
      eventsOfType(type, before) {
        const rows = database.prepare(
          `SELECT event FROM entries
           WHERE at < ? AND event ->> '$.type' = ? ORDER BY sequence`,
        );
        return rows.all(before, type).map(({ event }) => JSON.parse(String(event)) as Event);
      },
      eventsAbout(subject) {
        const rows = database.prepare(
          'SELECT event FROM entries WHERE subject = ? ORDER BY sequence',
        );
        return rows.all(subject).map(({ event }) => JSON.parse(String(event)) as Event);
      },
      hashOf(sequence) {
        const row = database.prepare('SELECT hash FROM entries WHERE sequence = ?').get(sequence);
        return row === undefined ? null : String(row.hash);
      },
      lastSequence() {
        const last = database.prepare('SELECT max(sequence) AS sequence FROM entries').get();
        return Number(last?.sequence ?? 0);
      },
      [Symbol.dispose]: () => database.close(),
    };
    return { ok: true, reader };
  } catch (error) {
    return { ok: false, problem: problemFromError(error, folder) };
  }
}
