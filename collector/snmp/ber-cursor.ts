import { readInteger32 } from './ber-integer.ts';
import { readLongLength, refusalOfLength } from './ber-length.ts';
import type { Refusal } from './refusal.ts';
import { INTEGER } from './tags.ts';

/**
 * A place in the octets of a message and the end of the element it is in. The first thing amiss
 * stays in `refusal`; every later step then does nothing, so that a reader can take all its steps
 * and look once.
 */
export interface Cursor {
  octets: Uint8Array;
  at: number;
  end: number;
  refusal: Refusal | null;
}

const TAG_NUMBER = 0x1f;
const EMPTY = new Uint8Array(0);

/** A cursor for one reader, to be set to its octets by `startCursor`. */
export function newCursor(): Cursor {
  return { octets: EMPTY, at: 0, end: 0, refusal: null };
}

/** Sets the cursor to the elements in `octets[at..end)`. */
export function startCursor(cursor: Cursor, octets: Uint8Array, at: number, end: number): void {
  cursor.octets = octets;
  cursor.at = at;
  cursor.end = end;
  cursor.refusal = null;
}

/** Keeps the first refusal; further steps of the cursor do nothing. */
export function refuse(cursor: Cursor, refusal: Refusal): void {
  cursor.refusal ??= refusal;
  cursor.at = cursor.end;
}

/** The tag of the next element, or −1 when there is none. */
export function peekTag(cursor: Cursor): number {
  return cursor.at < cursor.end ? cursor.octets[cursor.at]! : -1;
}

/** Steps behind the header of the next element, which must carry `tag`, and gives the end of its content. */
export function openElement(cursor: Cursor, tag: number): number {
  const { octets, at, end } = cursor;
  if (cursor.refusal !== null) return end;
  if (end - at < 2) {
    refuse(cursor, 'truncated');
    return end;
  }
  if (octets[at] !== tag) {
    refuse(cursor, (octets[at]! & TAG_NUMBER) === TAG_NUMBER ? 'multi-byte-tag' : 'wrong-tag');
    return end;
  }
  let length = octets[at + 1]!;
  cursor.at = at + 2;
  if (length >= 0x80) {
    cursor.at += length & 0x7f;
    length = readLongLength(octets, at + 1, end);
    if (length < 0) {
      refuse(cursor, refusalOfLength(length));
      return end;
    }
  }
  if (length > end - cursor.at) {
    refuse(cursor, 'bad-length');
    return end;
  }
  return cursor.at + length;
}

/** Enters the next element; gives the end of the one around it, for `leave`. */
export function enter(cursor: Cursor, tag: number): number {
  const outer = cursor.end;
  cursor.end = openElement(cursor, tag);
  return outer;
}

/** Leaves an element, which must have been read to its end. */
export function leave(cursor: Cursor, outer: number): void {
  if (cursor.at !== cursor.end) refuse(cursor, 'trailing-octets');
  cursor.end = outer;
}

/** Steps over an element with `tag` and gives where its content began; its end is the cursor's place. */
export function skipElement(cursor: Cursor, tag: number): number {
  const end = openElement(cursor, tag);
  const start = cursor.at;
  cursor.at = end;
  return start;
}

/** X.690 §8.3 as Integer32; 0 when refused. */
export function takeInteger32(cursor: Cursor): number {
  const start = skipElement(cursor, INTEGER);
  if (cursor.refusal !== null) return 0;
  const value = readInteger32(cursor.octets, start, cursor.at);
  if (!Number.isNaN(value)) return value;
  refuse(cursor, 'bad-integer');
  return 0;
}

/** An integer of 0..2^31 − 1 that is at least `smallest`; 0 when refused. */
export function takeNatural(cursor: Cursor, smallest = 0): number {
  const value = takeInteger32(cursor);
  if (value < smallest) refuse(cursor, 'bad-integer');
  return value;
}
