import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { CHAIN_START, type ChainTail, chainHash, EMPTY_CHAIN } from './chain.ts';
import { type ChainStretch, HASH_ROOM, isProvenStretch, LINE_FEED } from './chain-stretch.ts';
import { openForReading, SELECT_ENTRY, toStoredEntry } from './journal-file.ts';
import { headMismatch } from './verify-chain.ts';

/** Entries that are read at once. */
const STRETCH_ENTRIES = 1_000;
/** Longer ones, as topologies of a large network are, are read one by one. */
const LONGEST_TEXT = 4_096;
const HASH = /^[0-9a-f]{64}$/;

/** What the hash of an entry covers behind the hash before it (see chainHash), of many entries at once. */
const SELECT_TEXTS = `SELECT count(*), CAST(group_concat('${HASH_ROOM}' ||
    CASE WHEN octet_length(event) > ${LONGEST_TEXT} THEN ''
    ELSE concat('{"at":', at, ',"event":', event, ',"sequence":', sequence,
      ',"subject":', iif(subject IS NULL, 'null', json_quote(subject)), '}') END, char(${LINE_FEED})) AS BLOB)
  FROM entries WHERE sequence >= ? AND sequence <= ?`;

/** A stretch of a chain that is what was written. */
export interface ProvenStretch extends ChainStretch {
  /** The entries in it that have no text there. */
  readonly longEntries: readonly LongEntry[];
}

/** An entry that is read by itself, and what its hash is known to be behind the hash before it. */
export interface LongEntry {
  readonly sequence: number;
  readonly hashBefore: string;
  readonly hash: string;
}

/**
 * Reads the entries behind `from`, whose hash is known, up to `through`, and hands out each stretch
 * when it is proven to be what was written. Returns true when that held for all of them, up to the
 * end of the journal; false says nothing but that. No read transaction stays open between two
 * stretches. Throws SQLite's error when the file cannot be read.
 */
export function* provenStretches(
  file: string,
  through: number,
  from: ChainTail = EMPTY_CHAIN,
): Generator<ProvenStretch, boolean, undefined> {
  using database = openForReading(file);
  const texts = database.prepare(SELECT_TEXTS);
  texts.setReturnArrays(true);
  const hash = database.prepare('SELECT hash FROM entries WHERE sequence = ?');
  const entry = database.prepare(`${SELECT_ENTRY} WHERE sequence = ?`);
  let hashBefore = from.hash;
  for (let first = from.sequence + 1; first <= through; first += STRETCH_ENTRIES) {
    const last = Math.min(through, first + STRETCH_ENTRIES - 1);
    const stretch = readStretch({ texts, hash }, { first, last, hashBefore });
    if (stretch === null) return false;
    const longEntries: LongEntry[] = [];
    const hashOf = (sequence: number, before: string) => {
      const own = chainHash(before, toStoredEntry(entry.get(sequence) ?? {}));
      longEntries.push({ sequence, hashBefore: before, hash: own });
      return own;
    };
    if (!isProvenStretch(stretch, hashOf)) return false;
    yield { ...stretch, longEntries };
    hashBefore = stretch.hashOfLast;
  }
  database.exec('BEGIN');
  return isEndThere(database);
}

interface Statements {
  readonly texts: StatementSync;
  readonly hash: StatementSync;
}

interface Place {
  readonly first: number;
  readonly last: number;
  readonly hashBefore: string;
}

function readStretch({ texts, hash }: Statements, place: Place): ChainStretch | null {
  const { first, last, hashBefore } = place;
  const hashOfLast = String(hash.get(last)?.hash);
  const [entryCount, octets] = texts.get(first, last) as unknown as Texts;
  // Numbers that are missing; a hash of another form would not lie where one belongs.
  if (entryCount !== last - first + 1 || !HASH.test(hashOfLast)) return null;
  return { first, entryCount, hashBefore, hashOfLast, texts: octets };
}

type Texts = [entryCount: number, octets: Uint8Array<ArrayBuffer>];

/** Entries cut off at the end leave the head record behind. */
function isEndThere(database: DatabaseSync): boolean {
  const row = database
    .prepare('SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1')
    .get() as { sequence: number; hash: string } | undefined;
  return headMismatch(database, row ?? { sequence: 0, hash: CHAIN_START }) === null;
}
