import { hash } from 'node:crypto';
import { CHAIN_START } from './chain.ts';

/** Consecutive entries of a chain, as the text that each one's hash covers behind the hash before it. */
export interface ChainStretch {
  readonly first: number;
  readonly entryCount: number;
  /** As they are stored: the hash of the entry before the first, and of the last. */
  readonly hashBefore: string;
  readonly hashOfLast: string;
  /**
   * The texts, each behind HASH_ROOM, a line feed between them: no JSON has one in it. An empty text
   * stands for an entry that `HashOf` knows.
   */
  readonly texts: Uint8Array<ArrayBuffer>;
}

/** The hash of an entry that is too long to be read with others, given the hash before it. */
export type HashOf = (sequence: number, hashBefore: string) => string;

/** What lies before a text: the hash before it is written there, and both are hashed as one. */
export const HASH_ROOM = CHAIN_START;
export const LINE_FEED = 0x0a;

/** Whether a stretch leads from the hash before it to the hash of its last entry (see chainHash). */
export function isProvenStretch(stretch: ChainStretch, hashOf: HashOf): boolean {
  const { first, entryCount, texts } = stretch;
  const octets = Buffer.from(texts.buffer, texts.byteOffset, texts.byteLength);
  let own = stretch.hashBefore;
  let from = 0;
  for (let sequence = first; sequence < first + entryCount; sequence += 1) {
    const textFrom = from + HASH_ROOM.length;
    if (textFrom > octets.length) return false;
    const end = textEnd(octets, textFrom);
    if (end === textFrom) {
      own = hashOf(sequence, own);
    } else {
      octets.write(own, from, 'latin1');
      own = hash('sha256', octets.subarray(from, end));
    }
    from = end + 1;
  }
  // A line feed inside an entry would have made one text more.
  return from === octets.length + 1 && own === stretch.hashOfLast;
}

/** Where the text that begins at `from` ends. */
export function textEnd(octets: Buffer, from: number): number {
  const found = octets.indexOf(LINE_FEED, from);
  return found === -1 ? octets.length : found;
}
