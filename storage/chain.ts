import { hash } from 'node:crypto';
import { assert } from '../lib/assert.ts';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { JournalEntry, NewEntry } from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';

/** What the first entry chains to. */
export const CHAIN_START = '0'.repeat(64);

/** An entry as it is stored: the event as canonical JSON, so that its bytes are what the hash covers. */
export interface StoredEntry {
  readonly sequence: number;
  readonly at: EpochMs;
  readonly subject: string | null;
  readonly eventText: string;
  readonly hash: string;
}

/** The last entry of a chain; sequence 0 and CHAIN_START for an empty one. */
export interface ChainTail {
  readonly sequence: number;
  readonly hash: string;
}

export const EMPTY_CHAIN: ChainTail = { sequence: 0, hash: CHAIN_START };

/**
 * SHA-256, in hexadecimal, of the previous hash followed by
 * canonicalJson({ sequence, at, subject, event }). The text is put together from the stored event
 * so that a verifier judges the very bytes that were kept.
 */
export function chainHash(previousHash: string, entry: Omit<StoredEntry, 'hash'>): string {
  const { at, eventText, sequence, subject } = entry;
  const subjectText = subject === null ? 'null' : JSON.stringify(subject);
  return hash(
    'sha256',
    `${previousHash}{"at":${at},"event":${eventText},"sequence":${sequence},"subject":${subjectText}}`,
  );
}

/** Numbers and chains new entries behind `tail`. */
export function chainEntries<Event>(
  tail: ChainTail,
  entries: readonly NewEntry<Event>[],
): StoredEntry[] {
  let { sequence, hash: previousHash } = tail;
  return entries.map(({ at, subject, event }) => {
    assert(Number.isSafeInteger(at), `an entry's instant is whole milliseconds, not ${at}`);
    sequence += 1;
    const link = {
      sequence,
      at,
      // A lone surrogate has no UTF-8 form: stored as it is, the text read back would differ.
      subject: subject?.toWellFormed() ?? null,
      eventText: canonicalJson(event),
    };
    previousHash = chainHash(previousHash, link);
    return { ...link, hash: previousHash };
  });
}

/** Why a stored entry does not follow the tail before it, or null when it does. */
export function brokenLink(tail: ChainTail, entry: StoredEntry): string | null {
  if (entry.sequence !== tail.sequence + 1) {
    return `entry ${tail.sequence + 1} is missing: entry ${entry.sequence} follows ${tail.sequence}`;
  }
  if (entry.hash !== chainHash(tail.hash, entry)) {
    return `the hash of entry ${entry.sequence} does not match its content and the entries before it`;
  }
  return null;
}

/**
 * The entry as readers see it. What `append` gives back goes through here too, so the running
 * service sees exactly what a replay will see.
 */
export function toJournalEntry<Event>(stored: StoredEntry): JournalEntry<Event> {
  return {
    sequence: stored.sequence,
    at: stored.at,
    subject: stored.subject,
    event: parseEvent<Event>(stored.eventText),
    hash: stored.hash,
  };
}

/** The journal holds only what `append` was given as Event, so that is what comes out. */
function parseEvent<Event>(eventText: string): Event {
  return JSON.parse(eventText) as Event;
}
