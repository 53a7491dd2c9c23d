import { oidText } from './oid-octets.ts';

/**
 * Texts of OIDs that were read before: devices of one kind answer with the same names, and walking a
 * table gives names that differ in their last sub-identifier. Places are taken by whoever came last: a
 * fixed bound, whatever devices send.
 */
interface CachedStem {
  octets: Uint8Array;
  /** Ends with a dot. */
  text: string;
}

/** Powers of two. */
const STEM_PLACES = 1024;
const PLACES = 16_384;
/** Longer names are not kept whole. */
const LONGEST_KEPT = 32;
const LARGEST_SINGLE = 0x7f;

const stems = new Array<CachedStem | undefined>(STEM_PLACES).fill(undefined);
/** A name and its length at each place, and its text at the same place of `texts`. */
const names = new Uint8Array(PLACES * LONGEST_KEPT);
const lengths = new Uint8Array(PLACES);
const texts = new Array<string>(PLACES).fill('');

/** Dotted text of octets for which `isOid` holds: what `oidText` gives, sooner. */
export function cachedOidText(octets: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > LONGEST_KEPT) return textByStem(octets, start, end);
  const hash = hashOf(octets, start, end);
  const place = (hash ^ (hash >>> 14)) & (PLACES - 1);
  const keptAt = place * LONGEST_KEPT;
  if (lengths[place] === length && isSame(names, keptAt, octets, start, length)) {
    return texts[place]!;
  }
  const text = textByStem(octets, start, end);
  for (let at = 0; at < length; at += 1) names[keptAt + at] = octets[start + at]!;
  lengths[place] = length;
  texts[place] = text;
  return text;
}

function textByStem(octets: Uint8Array, start: number, end: number): string {
  let lastAt = end - 1;
  while (lastAt > start && octets[lastAt - 1]! > LARGEST_SINGLE) lastAt -= 1;
  // The first sub-identifier stands for two numbers and has no stem.
  if (lastAt <= start) return oidText(octets, start, end);
  const hash = hashOf(octets, start, lastAt);
  const place = (hash ^ (hash >>> 15)) & (STEM_PLACES - 1);
  let stem = stems[place];
  const length = lastAt - start;
  if (stem?.octets.length !== length || !isSame(stem.octets, 0, octets, start, length)) {
    const text = `${oidText(octets, start, lastAt)}.`;
    stem = { octets: new Uint8Array(octets.subarray(start, lastAt)), text };
    stems[place] = stem;
  }
  let last = 0;
  for (let at = lastAt; at < end; at += 1) last = last * 128 + (octets[at]! & 0x7f);
  return stem.text + last;
}

function hashOf(octets: Uint8Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + octets[at]!) | 0;
  return hash;
}

function isSame(
  kept: Uint8Array,
  keptAt: number,
  octets: Uint8Array,
  start: number,
  length: number,
): boolean {
  for (let at = 0; at < length; at += 1) {
    if (kept[keptAt + at] !== octets[start + at]) return false;
  }
  return true;
}
