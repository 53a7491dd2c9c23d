/** A dotted OID as numbers, or null when it is not one. Sub-identifiers are unsigned 32-bit: RFC 2578 §3.5. */
export function parseOid(oid: string): readonly number[] | null {
  if (!/^\d{1,10}(\.\d{1,10})*$/.test(oid)) return null;
  return oid.split('.').map(Number);
}

/** Lexicographic order of OIDs: negative when `left` comes first, zero when equal. */
export function compareOids(left: readonly number[], right: readonly number[]): number {
  const shared = Math.min(left.length, right.length);
  for (let position = 0; position < shared; position++) {
    const difference = left[position]! - right[position]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Octets of an OID's contents in BER (X.690 §8.19): seven bits an octet, the first two arcs together. */
export function encodedOidLength(oid: readonly number[]): number {
  let octets = 1;
  for (const part of oid.slice(2)) {
    octets += part < 128 ? 1 : part < 16_384 ? 2 : part < 2_097_152 ? 3 : part < 2 ** 28 ? 4 : 5;
  }
  return octets;
}
