import { oidText } from './oid-octets.ts';

/**
 * Texts of OIDs without their last sub-identifier. Names in answers differ in that one as a rule, so
 * that most texts are made by one concatenation. Places are taken by whoever came last: a fixed
 * bound, whatever devices send.
 */
interface CachedStem {
  octets: Uint8Array;
  /** Ends with a dot. */
  text: string;
}

/** A power of two. */
const PLACES = 1024;
const stems = new Array<CachedStem | undefined>(PLACES).fill(undefined);
const LARGEST_SINGLE = 0x7f;

/** Dotted text of octets for which `isOid` holds: what `oidText` gives, sooner. */
export function cachedOidText(octets: Uint8Array, start: number, end: number): string {
  let lastAt = end - 1;
  while (lastAt > start && octets[lastAt - 1]! > LARGEST_SINGLE) lastAt -= 1;
  // The first sub-identifier stands for two numbers and has no stem.
  if (lastAt <= start) return oidText(octets, start, end);
  let hash = 0;
  for (let at = start; at < lastAt; at += 1) hash = (Math.imul(hash, 31) + octets[at]!) | 0;
  const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
  let stem = stems[place];
  if (stem === undefined || !isStem(stem.octets, octets, start, lastAt)) {
    const text = `${oidText(octets, start, lastAt)}.`;
    stem = { octets: new Uint8Array(octets.subarray(start, lastAt)), text };
    stems[place] = stem;
  }
  let last = 0;
  for (let at = lastAt; at < end; at += 1) last = last * 128 + (octets[at]! & 0x7f);
  return stem.text + last;
}

function isStem(stem: Uint8Array, octets: Uint8Array, start: number, end: number): boolean {
  if (stem.length !== end - start) return false;
  for (let at = 0; at < stem.length; at += 1) if (stem[at] !== octets[start + at]) return false;
  return true;
}
