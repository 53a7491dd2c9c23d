import { DatabaseSync } from 'node:sqlite';
import { CHAIN_START } from './chain.ts';
import { createSchema } from './journal-file.ts';

/** What earlier versions made beside today's tables, and what SQLite makes for it. */
const FORMER = [
  `table snapshots CREATE TABLE snapshots ( form TEXT NOT NULL, sequence INTEGER NOT NULL, entry_hash TEXT NOT NULL, state TEXT NOT NULL, state_hash TEXT NOT NULL, PRIMARY KEY (form, sequence) ) STRICT`,
  'index sqlite_autoindex_snapshots_1 null',
];
const MOST_NAMED = 10;

let expected: ReadonlySet<string> | null = null;

/**
 * What stands in a journal file beside its own tables and indexes, or in their place: `trigger "t"`.
 * A trigger could change entries as they are written; what a hash chain covers is rows alone.
 */
export function strangersIn(database: DatabaseSync): readonly string[] {
  expected ??= new Set([...FORMER, ...ownObjects()]);
  const own = expected;
  return objectsOf(database)
    .filter(({ described }) => !own.has(described))
    .slice(0, MOST_NAMED)
    .map(({ type, name }) => `${type} "${name}"`);
}

/** Null where there is none, else what to do about it. */
export function strangersProblem(database: DatabaseSync): string | null {
  const found = strangersIn(database);
  if (found.length === 0) return null;
  return `the file has what Threenines did not put there: ${found.join(', ')}; take it out with a tool for SQLite files, or restore a backup`;
}

function ownObjects(): string[] {
  using database = new DatabaseSync(':memory:');
  createSchema(database, CHAIN_START);
  return objectsOf(database).map(({ described }) => described);
}

function objectsOf(database: DatabaseSync) {
  const rows = database.prepare('SELECT type, name, sql FROM sqlite_schema').all();
  return rows.map(({ type, name, sql }) => {
    const text = sql === null ? 'null' : String(sql).replaceAll(/\s+/g, ' ');
    return { type: String(type), name: String(name), described: `${type} ${name} ${text}` };
  });
}
