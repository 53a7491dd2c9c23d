import type { DatabaseSync } from 'node:sqlite';
import { LEASE_TYPE } from './entry-texts.ts';

/** Enough that a statement costs little; more would only outlive the garbage collector's youngest. */
const PAGE_ROWS = 500;

/** What a fold needs of an entry; the text is its event's canonical JSON. */
export type EventRow = readonly [sequence: number, at: number, text: string];

/** Entries behind `after`, up to `through`. */
export interface RowRange {
  readonly after: number;
  readonly through: number;
}

/**
 * The rows of the events of a range, in order, a page at a time. A page is read in one
 * go and no read transaction stays open between pages. Throws SQLite's error when the file cannot
 * be read.
 */
export function* eventRows(
  database: DatabaseSync,
  { after: before, through }: RowRange,
): Generator<readonly EventRow[], void> {
  const page = database.prepare(
    `SELECT sequence, at, event FROM entries
     WHERE sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ${PAGE_ROWS}`,
  );
  page.setReturnArrays(true);
  for (let after = before; ; ) {
    const rows = page.all(after, through) as unknown as EventRow[];
    yield rows;
    if (rows.length < PAGE_ROWS) return;
    after = rows.at(-1)![0];
  }
}

/**
 * The event of a row, as `append` was given it. Most entries of a large journal are proofs of
 * observation that say nothing but that they are: these are not read as JSON.
 */
export function eventOf<Event>([, at, text]: EventRow): Event {
  const isLease = text.endsWith(LEASE_TYPE) && text === `{"at":${at}${LEASE_TYPE}`;
  return (isLease ? { at, type: 'lease-renewed' } : JSON.parse(text)) as Event;
}
