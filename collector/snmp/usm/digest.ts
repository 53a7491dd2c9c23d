import { hash, timingSafeEqual } from 'node:crypto';
import type { AuthenticationProtocol } from '../../../config/model.ts';
import { LONGEST_MESSAGE_OCTETS } from '../ber-length.ts';
import { hideSecrets } from './hide-secrets.ts';
import { AUTHENTICATION } from './protocols.ts';

/**
 * HMAC over a message (RFC 3414 §6.3 and §7.3, RFC 7860 §4.2). The key is kept as the two blocks of
 * RFC 2104 §2; one-shot hashes over them cost less than half of an Hmac object for each message.
 */
export interface DigestKey {
  readonly protocol: AuthenticationProtocol;
  readonly inner: Uint8Array;
  readonly outer: Uint8Array;
}

const INNER_OCTET = 0x36;
const OUTER_OCTET = 0x5c;
const LONGEST_BLOCK_OCTETS = 128;
const LONGEST_HASH_OCTETS = 64;

const innerText = new Uint8Array(LONGEST_BLOCK_OCTETS + LONGEST_MESSAGE_OCTETS);
const outerText = new Uint8Array(LONGEST_BLOCK_OCTETS + LONGEST_HASH_OCTETS);

/** The key of one engine, ready to be used. `key` is localised. */
export function newDigestKey(protocol: AuthenticationProtocol, key: Uint8Array): DigestKey {
  const { blockOctets } = AUTHENTICATION[protocol];
  const pad = (octet: number) =>
    Uint8Array.from({ length: blockOctets }, (_, at) => (key[at] ?? 0) ^ octet);
  const secrets = { inner: pad(INNER_OCTET), outer: pad(OUTER_OCTET) };
  return hideSecrets({ protocol, ...secrets }, 'inner', 'outer');
}

/** Writes the digest of the message `octets[start..end)` into its place, which must hold zeros. */
export function signMessage(
  key: DigestKey,
  octets: Uint8Array,
  start: number,
  end: number,
  digestStart: number,
): void {
  const { digestOctets } = AUTHENTICATION[key.protocol];
  const digest = computeDigest(key, octets, start, end, digestStart, digestOctets);
  putText(octets, digestStart, digest, digestOctets);
}

/**
 * Whether the digest in a message is the right one (RFC 3414 §6.3.2). One of another length never
 * is; the comparison takes the same time wherever they differ. The message is not changed.
 */
export function isDigestRight(
  key: DigestKey,
  octets: Uint8Array,
  end: number,
  digestStart: number,
  digestEnd: number,
): boolean {
  const { digestOctets } = AUTHENTICATION[key.protocol];
  if (digestEnd - digestStart !== digestOctets) return false;
  const right = computeDigest(key, octets, 0, end, digestStart, digestOctets);
  // The outer text is not needed any more: its octets serve for the comparison.
  putText(outerText, 0, right, digestOctets);
  return timingSafeEqual(
    outerText.subarray(0, digestOctets),
    octets.subarray(digestStart, digestEnd),
  );
}

/** The octets of a latin1 string, the form in which Node hands out a hash at the least cost. */
function putText(octets: Uint8Array, at: number, text: string, length: number): void {
  for (let offset = 0; offset < length; offset += 1) octets[at + offset] = text.charCodeAt(offset);
}

function computeDigest(
  key: DigestKey,
  octets: Uint8Array,
  start: number,
  end: number,
  digestStart: number,
  digestOctets: number,
): string {
  const block = key.inner.length;
  const length = end - start;
  innerText.set(key.inner, 0);
  innerText.set(octets.subarray(start, end), block);
  const digestAt = block + digestStart - start;
  innerText.fill(0, digestAt, digestAt + digestOctets);
  const inner = hash(key.protocol, innerText.subarray(0, block + length), 'latin1');
  outerText.set(key.outer, 0);
  putText(outerText, block, inner, inner.length);
  return hash(key.protocol, outerText.subarray(0, block + inner.length), 'latin1');
}
