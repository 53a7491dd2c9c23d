import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LANES } from '../lib/sha256/lanes.ts';
import { CHAIN_START, chainHash } from './chain.ts';
import { ChainLanes, type ChainStretch, ENTRY_END } from './chain-lanes.ts';
import { visitTexts } from './entry-texts.ts';
import { openForReading, SELECT_ENTRY, toStoredEntry } from './journal-file.ts';
import { headMismatch } from './verify-chain.ts';

/** Entries of a stretch: four of them are in memory at a time. */
const STRETCH_ENTRIES = 1_000;
/** Longer ones, as topologies of a large network are, are read one by one. */
const LONGEST_TEXT = 4_096;
const HASH = /^[0-9a-f]{64}$/;

/** What the hash of an entry covers behind the hash before it (see chainHash), of many entries at once. */
const SELECT_TEXTS = `SELECT count(*), CAST(group_concat(
    CASE WHEN octet_length(event) > ${LONGEST_TEXT} THEN ''
    ELSE concat('{"at":', at, ',"event":', event, ',"sequence":', sequence,
      ',"subject":', json_quote(subject), '}') END, ?) AS BLOB)
  FROM entries WHERE sequence >= ? AND sequence <= ?`;

/**
 * Hands the events up to entry `through` to `visit`, in order, none before the stretch of the chain
 * that it is in was computed anew and found to be what was written. True when that held for all of
 * them, up to the end of the journal. False says nothing but that: what was visited is to be thrown
 * away, and entry by entry is to be found out where the chain breaks, if it does (see verifyChain).
 * Throws what `visit` throws, and SQLite's error when the file cannot be read.
 */
export function visitProven<Event>(
  file: string,
  through: number,
  visit: (event: Event, sequence: number) => void,
): boolean {
  using database = openForReading(file);
  database.exec('BEGIN');
  const statements = {
    texts: database.prepare(SELECT_TEXTS),
    hash: database.prepare('SELECT hash FROM entries WHERE sequence = ?'),
    entry: database.prepare(`${SELECT_ENTRY} WHERE sequence = ?`),
  };
  statements.texts.setReturnArrays(true);
  const entryOf = (sequence: number) => toStoredEntry(statements.entry.get(sequence) ?? {});
  const lanes = ChainLanes.open((sequence, before) => chainHash(before, entryOf(sequence)));
  if (lanes === null) return false;
  const longEvent = (sequence: number) => JSON.parse(entryOf(sequence).eventText) as Event;
  for (let first = 1, hashBefore = CHAIN_START; first <= through; ) {
    const stretches: ChainStretch[] = [];
    for (let lane = 0; lane < LANES && first <= through; lane += 1) {
      const last = Math.min(through, first + STRETCH_ENTRIES - 1);
      const stretch = readStretch(statements, { first, last, hashBefore });
      if (stretch === null) return false;
      stretches.push(stretch);
      hashBefore = stretch.hashOfLast;
      first = last + 1;
    }
    if (!lanes.prove(stretches)) return false;
    for (const stretch of stretches) visitTexts(stretch, longEvent, visit);
  }
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
  const [entryCount, octets] = texts.get(ENTRY_END, first, last) as unknown as [number, Uint8Array];
  // Numbers that are missing; a hash of another form would not lie where one belongs.
  if (entryCount !== last - first + 1 || !HASH.test(hashOfLast)) return null;
  return { first, entryCount, hashBefore, hashOfLast, texts: octets };
}

/** Entries cut off at the end leave the head record behind. */
function isEndThere(database: DatabaseSync): boolean {
  const row = database
    .prepare('SELECT sequence, hash FROM entries ORDER BY sequence DESC LIMIT 1')
    .get() as { sequence: number; hash: string } | undefined;
  return headMismatch(database, row ?? { sequence: 0, hash: CHAIN_START }) === null;
}
