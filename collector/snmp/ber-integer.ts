/**
 * Integers of BER (X.690 §8.3), read from `octets[start..end)`. Superfluous leading octets, which
 * real agents send, do not change the value. NaN says that there is no value: no octets at all, or
 * one outside the type's range. A missing value must never read as 0.
 */

const OCTETS_OF_32_BITS = 4;
const OCTETS_OF_64_BITS = 8;

/** RFC 2578 §7.1.1 Integer32. */
export function readInteger32(octets: Uint8Array, start: number, end: number): number {
  let at = start;
  if (at >= end) return Number.NaN;
  if (end - at > OCTETS_OF_32_BITS) {
    const sign = octets[at]!;
    if (sign !== 0x00 && sign !== 0xff) return Number.NaN;
    for (; end - at > OCTETS_OF_32_BITS; at += 1) if (octets[at] !== sign) return Number.NaN;
    if (((octets[at]! ^ sign) & 0x80) !== 0) return Number.NaN;
  }
  let value = (octets[at]! << 24) >> 24;
  for (at += 1; at < end; at += 1) value = (value << 8) | octets[at]!;
  return value;
}

/**
 * RFC 2578 §7.1.6-8 Counter32, Gauge32 and TimeTicks. Agents send the upper half of the range in
 * five octets, as they should, or in four with the sign bit set: both are the unsigned value.
 */
export function readUnsigned32(octets: Uint8Array, start: number, end: number): number {
  const at = skipZeros(octets, start, end, OCTETS_OF_32_BITS);
  return at === -1 ? Number.NaN : joinOctets(octets, at, end);
}

/** RFC 2578 §7.1.10 Counter64: its upper 32 bits; NaN when the value does not fit 64 bits. */
export function readUnsigned64High(octets: Uint8Array, start: number, end: number): number {
  const at = skipZeros(octets, start, end, OCTETS_OF_64_BITS);
  if (at === -1) return Number.NaN;
  return end - at > OCTETS_OF_32_BITS ? joinOctets(octets, at, end - OCTETS_OF_32_BITS) : 0;
}

/** RFC 2578 §7.1.10 Counter64: its lower 32 bits. */
export function readUnsigned64Low(octets: Uint8Array, start: number, end: number): number {
  return joinOctets(octets, Math.max(start, end - OCTETS_OF_32_BITS), end);
}

/** Where the last `count` octets of an integer begin, or fewer; −1 when there are none or others than zero before. */
function skipZeros(octets: Uint8Array, start: number, end: number, count: number): number {
  if (start >= end) return -1;
  let at = start;
  for (; end - at > count; at += 1) if (octets[at] !== 0) return -1;
  return at;
}

function joinOctets(octets: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = ((value << 8) | octets[at]!) >>> 0;
  return value;
}
