import {
  type BerWriter,
  startWriting,
  writeElement,
  writeHeader,
  writeInteger32,
} from './ber-writer.ts';
import { type EncodeRefusal, writePdu } from './encode-pdu.ts';
import type { Pdu } from './pdu-object.ts';
import { OCTET_STRING, SEQUENCE, VERSION_1, VERSION_2C } from './tags.ts';

/** The versions that are protected by a community only. */
export type CommunityVersion = 'v1' | 'v2c';

/**
 * Encodes a whole v1 or v2c message (RFC 1157 §4, RFC 1901 §3) into the writer, from where it can be
 * sent. Null when it is whole; otherwise what the writer holds is void.
 */
export function encodeMessage(
  writer: BerWriter,
  version: CommunityVersion,
  community: Uint8Array,
  pdu: Pdu,
): EncodeRefusal | null {
  startWriting(writer);
  const refusal = writePdu(writer, pdu);
  if (refusal !== null) return refusal;
  writeCommunityFrame(writer, version, community);
  return writer.hasOverflowed ? 'too-long' : null;
}

/** Closes a message around the PDU that the writer holds. */
export function writeCommunityFrame(
  writer: BerWriter,
  version: CommunityVersion,
  community: Uint8Array,
): void {
  writeElement(writer, OCTET_STRING, community);
  writeInteger32(writer, version === 'v1' ? VERSION_1 : VERSION_2C);
  writeHeader(writer, SEQUENCE, writer.end);
}
