import { type ChainStretch, HASH_ROOM, LINE_FEED, textEnd } from './chain-stretch.ts';

/** What stands around an event in a text, and the whole of a lease but its instant. */
const ENTRY = '{"at":';
const EVENT = ',"event":';
const SEQUENCE = ',"sequence":';
const NO_SUBJECT = ',"subject":null}';
const LEASE = '{"at":';
/** Behind the instant in a proof of observation, which says nothing else. */
export const LEASE_TYPE = ',"type":"lease-renewed"}';
/** Digits of an instant from 2001 to 2286. */
const INSTANT_DIGITS = 13;

/** Places in the text of a lease. */
const LEASE_AT = ENTRY.length + INSTANT_DIGITS + EVENT.length;
const INSTANT_AT = LEASE_AT + LEASE.length;
const TYPE_AT = INSTANT_AT + INSTANT_DIGITS;
/** Without the digits of its sequence number. */
const LEASE_OCTETS = TYPE_AT + LEASE_TYPE.length + SEQUENCE.length + NO_SUBJECT.length;

/** From the end of a text: the line feed and the room before the next. */
const TO_NEXT_TEXT = 1 + HASH_ROOM.length;

const WORD_OCTETS = 4;
const LEASE_WORD = wordsOf(LEASE)[0];
const LEASE_REST = Buffer.from(LEASE).readInt16BE(WORD_OCTETS);
const TYPE_WORDS = wordsOf(LEASE_TYPE);
const [COMMA, QUOTE, LETTER_S, LETTER_E, LETTER_Q] = Buffer.from(SEQUENCE);
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Hands the events of a stretch to `visit`, in order. Leases, which say nothing but that the collector
 * observed and are most entries of a large journal, are known by their octets without reading JSON;
 * an entry without text is asked of `longEvent`.
 */
export function visitTexts<Event>(
  { texts, first, entryCount }: ChainStretch,
  longEvent: (sequence: number) => Event,
  visit: (event: Event, sequence: number) => void,
): void {
  const octets = Buffer.from(texts.buffer, texts.byteOffset, texts.byteLength);
  const view = new DataView(texts.buffer, texts.byteOffset, texts.byteLength);
  let from = HASH_ROOM.length;
  for (let sequence = first; sequence < first + entryCount; sequence += 1) {
    const leaseEnd = from + LEASE_OCTETS + digitCount(sequence);
    const leaseAt = isEnd(octets, leaseEnd) ? leaseInstant(view, from) : null;
    if (leaseAt !== null) {
      visit({ at: leaseAt, type: 'lease-renewed' } as Event, sequence);
      from = leaseEnd + TO_NEXT_TEXT;
      continue;
    }
    const end = textEnd(octets, from);
    if (end === from) visit(longEvent(sequence), sequence);
    else visit(eventIn<Event>(octets, from, end), sequence);
    from = end + TO_NEXT_TEXT;
  }
}

/** Reads the event of an entry, and nothing else of its text. */
function eventIn<Event>(octets: Buffer, from: number, end: number): Event {
  const start = octets.indexOf(COMMA!, from) + EVENT.length;
  // What follows it has no quote but those around its names and, escaped inside, its subject.
  let stop = end;
  while (!isSequence(octets, stop)) stop -= 1;
  return JSON.parse(octets.toString('utf8', start, stop)) as Event;
}

/** `,"seq`; of the names behind an event, the other begins `,"sub`. */
function isSequence(octets: Buffer, at: number): boolean {
  if (octets[at] !== COMMA || octets[at + 1] !== QUOTE) return false;
  return octets[at + 2] === LETTER_S && octets[at + 3] === LETTER_E && octets[at + 4] === LETTER_Q;
}

function isEnd(octets: Buffer, at: number): boolean {
  return at === octets.length || octets[at] === LINE_FEED;
}

/** The instant of a lease, if a text that is as long as one is one; else null. */
function leaseInstant(view: DataView, from: number): number | null {
  for (let word = 0; word < TYPE_WORDS.length; word += 1) {
    if (view.getInt32(from + TYPE_AT + word * WORD_OCTETS) !== TYPE_WORDS[word]) return null;
  }
  if (view.getInt32(from + LEASE_AT) !== LEASE_WORD) return null;
  if (view.getInt16(from + LEASE_AT + WORD_OCTETS) !== LEASE_REST) return null;
  let at = 0;
  for (let place = from + INSTANT_AT; place < from + TYPE_AT; place += 1) {
    const digit = view.getUint8(place);
    if (digit < ZERO || digit > NINE) return null;
    at = at * 10 + digit - ZERO;
  }
  return at;
}

function digitCount(sequence: number): number {
  let count = 1;
  for (let rest = sequence; rest >= 10; rest /= 10) count += 1;
  return count;
}

function wordsOf(text: string): Int32Array {
  const octets = Buffer.from(text);
  return Int32Array.from({ length: Math.floor(octets.length / WORD_OCTETS) }, (_, word) =>
    octets.readInt32BE(word * WORD_OCTETS),
  );
}
