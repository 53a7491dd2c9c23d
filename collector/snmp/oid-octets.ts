/**
 * Object identifiers as the octets of their BER content (X.690 §8.19). Everything on the polling
 * path compares octets; dotted text is for people and configuration.
 */

/** RFC 2578 §3.5: at most 128 sub-identifiers of at most 2^32 − 1. */
const MOST_SUB_IDENTIFIERS = 128;
const LARGEST_SUB_IDENTIFIER = 4_294_967_295;
/** 32 bits in groups of seven. */
const MOST_OCTETS_OF_SUB_IDENTIFIER = 5;
/** Of five octets the first carries the four highest bits. */
const LARGEST_FIRST_OF_FIVE = 0x8f;
/** X.690 §8.19.4: the first two are sent as one, 40 · first + second. */
const ROOT_WIDTH = 40;
const LARGEST_ROOT = 2;

/** Whether the octets are an OID as SNMP allows it. Looks at each octet once. */
export function isOid(octets: Uint8Array, start: number, end: number): boolean {
  if (start >= end || octets[end - 1]! >= 0x80) return false;
  if (end - start >= MOST_SUB_IDENTIFIERS && countOf(octets, start, end) >= MOST_SUB_IDENTIFIERS) {
    return false;
  }
  let continued = 0;
  for (let at = start; at < end; at += 1) {
    if (octets[at]! < 0x80) {
      continued = 0;
      continue;
    }
    continued += 1;
    if (continued < MOST_OCTETS_OF_SUB_IDENTIFIER - 1) continue;
    if (continued === MOST_OCTETS_OF_SUB_IDENTIFIER) return false;
    if (octets[at - continued + 1]! > LARGEST_FIRST_OF_FIVE) return false;
  }
  return true;
}

/** How many sub-identifiers are sent: one fewer than the OID has, because the first two are one. */
function countOf(octets: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) if (octets[at]! < 0x80) count += 1;
  return count;
}

/** Dotted text of octets for which `isOid` holds. */
export function oidText(octets: Uint8Array, start: number, end: number): string {
  const afterFirst = endOfSubIdentifier(octets, start);
  const first = subIdentifier(octets, start, afterFirst);
  const root = Math.min(LARGEST_ROOT, Math.floor(first / ROOT_WIDTH));
  let text = `${root}.${first - root * ROOT_WIDTH}`;
  for (let at = afterFirst; at < end; ) {
    const next = endOfSubIdentifier(octets, at);
    text += `.${subIdentifier(octets, at, next)}`;
    at = next;
  }
  return text;
}

/** Room for any OID while it is read from text. */
const scratch = new Uint8Array(MOST_SUB_IDENTIFIERS * MOST_OCTETS_OF_SUB_IDENTIFIER);
const DOT = 0x2e;
const DIGIT_0 = 0x30;
const LARGEST_DIGIT = 9;
const MOST_DIGITS = 10;

/**
 * The octets of a dotted OID, or null when the text is none: two to 128 numbers up to 2^32 − 1, the
 * first two within what X.690 §8.19.4 can express, no leading dot. One pass over the text.
 */
export function oidFromText(text: string): Uint8Array | null {
  let length = 0;
  let count = 0;
  let root = 0;
  let number = 0;
  let digits = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const code = at === text.length ? DOT : text.charCodeAt(at);
    if (code !== DOT) {
      const digit = code - DIGIT_0;
      digits += 1;
      if (digit < 0 || digit > LARGEST_DIGIT || digits > MOST_DIGITS) return null;
      number = number * 10 + digit;
      continue;
    }
    count += 1;
    if (digits === 0 || count > MOST_SUB_IDENTIFIERS) return null;
    if (count === 1) {
      if (number > LARGEST_ROOT) return null;
      root = number;
    } else {
      if (count === 2) {
        if (root < LARGEST_ROOT && number >= ROOT_WIDTH) return null;
        number += root * ROOT_WIDTH;
      }
      if (number > LARGEST_SUB_IDENTIFIER) return null;
      length = putSubIdentifier(number, length);
    }
    number = 0;
    digits = 0;
  }
  return count < 2 ? null : scratch.slice(0, length);
}

/** Writes a sub-identifier in groups of seven bits into the scratch; gives where it ends. */
function putSubIdentifier(subIdentifier: number, at: number): number {
  let octetCount = 1;
  for (let rest = subIdentifier; rest >= 128; rest = Math.floor(rest / 128)) octetCount += 1;
  let rest = subIdentifier;
  for (let place = octetCount - 1; place >= 0; place -= 1) {
    const isLast = place === octetCount - 1;
    scratch[at + place] = (isLast ? 0 : 0x80) | (rest % 128);
    rest = Math.floor(rest / 128);
  }
  return at + octetCount;
}

/**
 * Lexicographic order by sub-identifier (RFC 3416 §4.2.2): negative when `a` comes before `b`, 0 when
 * they are the same OID. Both must be OIDs by `isOid`; a padded sub-identifier counts by its value.
 */
export function compareOidOctets(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  let same = 0;
  const shorter = Math.min(aEnd - aStart, bEnd - bStart);
  while (same < shorter && a[aStart + same] === b[bStart + same]) same += 1;
  // The octets before belong to both: step back to where the differing sub-identifier begins.
  while (same > 0 && a[aStart + same - 1]! >= 0x80) same -= 1;
  let at = aStart + same;
  let bt = bStart + same;
  while (at < aEnd && bt < bEnd) {
    const aNext = endOfSubIdentifier(a, at);
    const bNext = endOfSubIdentifier(b, bt);
    const difference = subIdentifier(a, at, aNext) - subIdentifier(b, bt, bNext);
    if (difference !== 0) return difference;
    at = aNext;
    bt = bNext;
  }
  return (at < aEnd ? 1 : 0) - (bt < bEnd ? 1 : 0);
}

/** Whether the OID in `octets[start..end)` is `root` or below it. */
export function isOidWithin(
  root: Uint8Array,
  octets: Uint8Array,
  start: number,
  end: number,
): boolean {
  if (root.length > end - start) return false;
  for (let at = 0; at < root.length; at += 1) if (octets[start + at] !== root[at]) return false;
  return true;
}

function endOfSubIdentifier(octets: Uint8Array, at: number): number {
  let end = at;
  while (octets[end]! >= 0x80) end += 1;
  return end + 1;
}

function subIdentifier(octets: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 128 + (octets[at]! & 0x7f);
  return value;
}
