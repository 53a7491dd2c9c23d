import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { MINUTE, SECOND } from '../lib/time.ts';
import type { StoredEntry } from './chain.ts';

/** The journal's file in the data folder; beside it SQLite keeps `-wal` and `-shm`. */
export const JOURNAL_FILE = 'journal.sqlite';
/** "39jn": tells a journal from any other SQLite file. */
const APPLICATION_ID = 0x33_39_6a_6e;
const SCHEMA_VERSION = 1;

const BUSY_TIMEOUT_MS = 2 * SECOND;
const SLOW_READER_TIMEOUT_MS = MINUTE;
/** The write-ahead log is cut back to this size after a burst. */
const WAL_SIZE_LIMIT_BYTES = 64 * 1024 * 1024;

const SCHEMA = `
  CREATE TABLE entries (
    sequence INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    subject TEXT,
    event TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_subject ON entries (subject) WHERE subject IS NOT NULL;
  CREATE INDEX entries_by_at ON entries (at);
  CREATE TABLE head (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
`;

export const SELECT_ENTRY = 'SELECT sequence, at, subject, event AS eventText, hash FROM entries';

/** Opens the file for writing, every commit fsynced. Throws SQLite's error when it cannot. */
export function openForWriting(path: string, largestBytes: number): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.exec('PRAGMA journal_mode = WAL');
    // FULL, not NORMAL: with NORMAL a power cut loses commits that were already acknowledged.
    database.exec('PRAGMA synchronous = FULL');
    // On macOS a plain fsync leaves the data in the drive's cache; elsewhere these do nothing.
    database.exec('PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON');
    database.exec(`PRAGMA journal_size_limit = ${WAL_SIZE_LIMIT_BYTES}`);
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
    const pageBytes = readPragma(database, 'page_size');
    database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(largestBytes / pageBytes))}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens the file for reading only; goes on working when the disk is full. A copy in a folder that
 * cannot be written, where SQLite can put no lock beside it, is read as a file that nobody changes.
 * Throws SQLite's error when it cannot.
 */
export function openForReading(path: string): DatabaseSync {
  const options = { readOnly: true, timeout: SLOW_READER_TIMEOUT_MS };
  const database = new DatabaseSync(path, options);
  try {
    // The file is opened at the first statement.
    schemaOf(database);
    return database;
  } catch (error) {
    database.close();
    if (!isFolderReadOnly(error) || hasWaitingLog(path)) throw error;
  }
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, options);
}

/** SQLITE_READONLY and SQLITE_CANTOPEN: https://sqlite.org/rescode.html */
function isFolderReadOnly(error: unknown): boolean {
  const code = (error as { errcode?: number } | null)?.errcode ?? 0;
  return [8, 14].includes(code & 0xff);
}

/** Commits that are not in the file yet; read without them it would end too early. */
function hasWaitingLog(path: string): boolean {
  return existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0;
}

/** Whether commits are as durable as promised; one setting undone is enough to lose acknowledged entries. */
export function isDurable(database: DatabaseSync): boolean {
  const FULL = 2;
  const mode = database.prepare('PRAGMA journal_mode').get()?.journal_mode;
  return mode === 'wal' && readPragma(database, 'synchronous') >= FULL;
}

/** `empty`: no table yet; `current`: ours; `newer`: of a later version; `foreign`: something else. */
export function schemaOf(database: DatabaseSync): 'empty' | 'current' | 'newer' | 'foreign' {
  const tables = database.prepare('SELECT count(*) AS count FROM sqlite_schema').get();
  if (tables?.count === 0) return 'empty';
  if (readPragma(database, 'application_id') !== APPLICATION_ID) return 'foreign';
  return readPragma(database, 'user_version') > SCHEMA_VERSION ? 'newer' : 'current';
}

/** Creates the tables in one transaction: a crash half-way leaves an empty file. */
export function createSchema(database: DatabaseSync, chainStart: string): void {
  database.exec('BEGIN IMMEDIATE');
  database.exec(SCHEMA);
  database.prepare('INSERT INTO head VALUES (1, 0, ?)').run(chainStart);
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  database.exec('COMMIT');
}

/** The number that a PRAGMA answers; 0 when it answers nothing. */
function readPragma(database: DatabaseSync, name: string): number {
  const row = database.prepare(`PRAGMA ${name}`).get();
  return Number(row === undefined ? 0 : Object.values(row)[0]);
}

/** A row of SELECT_ENTRY. The table is STRICT, so the columns have their declared types. */
export function toStoredEntry(row: Record<string, unknown>): StoredEntry {
  return row as unknown as StoredEntry;
}
