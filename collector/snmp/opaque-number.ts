/**
 * Floating point inside an Opaque: the Opaque wraps an element with the two-octet tag 9f 78 (four
 * octets, IEEE 754 single) or 9f 79 (eight octets, double). Not in RFC 2578; agents that measure
 * temperatures and voltages send it.
 */
const TAG_FIRST_OCTET = 0x9f;
const FLOAT = 0x78;
const DOUBLE = 0x79;
const HEADER_OCTETS = 3;
const FLOAT_OCTETS = 4;
const DOUBLE_OCTETS = 8;

/** The number in the content octets of an Opaque, or null when they hold something else. */
export function opaqueNumber(octets: Uint8Array, start: number, end: number): number | null {
  const length = octets[start + 2];
  if (end - start < HEADER_OCTETS || octets[start] !== TAG_FIRST_OCTET) return null;
  if (length !== end - start - HEADER_OCTETS) return null;
  const view = new DataView(octets.buffer, octets.byteOffset + start + HEADER_OCTETS, length);
  if (octets[start + 1] === FLOAT && length === FLOAT_OCTETS) return view.getFloat32(0);
  if (octets[start + 1] === DOUBLE && length === DOUBLE_OCTETS) return view.getFloat64(0);
  return null;
}

/** Content octets of an Opaque that carries the number as a double. */
export function opaqueDouble(value: number): Uint8Array {
  const octets = Uint8Array.of(TAG_FIRST_OCTET, DOUBLE, DOUBLE_OCTETS, 0, 0, 0, 0, 0, 0, 0, 0);
  new DataView(octets.buffer).setFloat64(HEADER_OCTETS, value);
  return octets;
}
