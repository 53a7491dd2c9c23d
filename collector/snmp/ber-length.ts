import type { Refusal } from './refusal.ts';

/** Longest UDP payload, over IPv6; nothing longer can arrive, so no length above it can be true. */
export const LONGEST_MESSAGE_OCTETS = 65_527;

const SHORT_OF_OCTETS = -1;
const IMPOSSIBLE = -2;
const INDEFINITE = -3;
const REFUSALS: readonly Refusal[] = ['truncated', 'bad-length', 'indefinite-length'];

/** X.690 §8.1.3.5 c: the first octet 0xff is reserved. */
const RESERVED_OCTET_COUNT = 0x7f;

/**
 * The content length that a long form announces (X.690 §8.1.3.5); its first octet, at `at`, has
 * bit 8 set. Leading zero octets are legal and accepted. Negative when refused: see
 * `refusalOfLength`. The octets of the length itself are one more than that octet's low seven bits.
 */
export function readLongLength(octets: Uint8Array, at: number, end: number): number {
  const octetCount = octets[at]! & 0x7f;
  if (octetCount === 0) return INDEFINITE;
  if (octetCount === RESERVED_OCTET_COUNT) return IMPOSSIBLE;
  if (octetCount >= end - at) return SHORT_OF_OCTETS;
  let length = 0;
  for (let offset = 1; offset <= octetCount; offset += 1) {
    length = length * 256 + octets[at + offset]!;
    if (length > LONGEST_MESSAGE_OCTETS) return IMPOSSIBLE;
  }
  return length;
}

/** The reason behind a negative answer of `readLongLength`. */
export function refusalOfLength(answer: number): Refusal {
  return REFUSALS[-answer - 1]!;
}
