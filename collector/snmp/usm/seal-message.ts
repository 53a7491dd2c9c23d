import {
  type BerWriter,
  startWriting,
  writeElement,
  writeHeader,
  writeInteger32,
  writeOctet,
  writeRaw,
} from '../ber-writer.ts';
import { AUTHENTICATED, ENCRYPTED } from '../message-view.ts';
import { OCTET_STRING, SEQUENCE, VERSION_3 } from '../tags.ts';
import { encrypt } from './cipher.ts';
import { signMessage } from './digest.ts';
import type { EngineTime } from './engine-clock.ts';
import { AUTHENTICATION } from './protocols.ts';
import type { Salts } from './salts.ts';
import type { UsmKeys } from './user-keys.ts';

/** The longest UDP payload over IPv4. */
const LONGEST_SENT_OCTETS = 65_507;
/** RFC 3412 §6.3: what we can receive. */
const OWN_MAX_SIZE = 65_507;
const USM = 3;
const NO_OCTETS = new Uint8Array(0);
const LONGEST_DIGEST = new Uint8Array(48);

/** What stands around a scoped PDU (RFC 3412 §6, RFC 3414 §2.4). */
export interface Envelope {
  readonly messageId: number;
  /** msgFlags; AUTHENTICATED and ENCRYPTED need the keys for it. */
  readonly flags: number;
  /** The authoritative engine and its boots and time; empty and zeros for discovery. */
  readonly engineId: Uint8Array;
  readonly time: EngineTime;
  readonly userName: Uint8Array;
  readonly keys: UsmKeys;
}

/**
 * Encodes a whole v3 message around `scopedPdu` into the writer: encrypted, then authenticated (RFC
 * 3414 §3.1). False when it does not fit or when a key for the asked level is missing; what the
 * writer holds is void then.
 */
export function sealMessage(
  writer: BerWriter,
  scopedPdu: Uint8Array,
  envelope: Envelope,
  salts: Salts,
): boolean {
  const { flags, keys, time } = envelope;
  const cipher = (flags & ENCRYPTED) !== 0 ? keys.cipher : null;
  const digest = (flags & AUTHENTICATED) !== 0 ? keys.digest : null;
  if ((flags & ENCRYPTED) !== 0 && (cipher === null || digest === null)) return false;
  if ((flags & AUTHENTICATED) !== 0 && digest === null) return false;
  if (scopedPdu.length > LONGEST_SENT_OCTETS) return false;
  startWriting(writer);
  let salt: Uint8Array = NO_OCTETS;
  if (cipher === null) {
    writeRaw(writer, scopedPdu);
  } else {
    salt = salts.next();
    const encrypted = encrypt(cipher, time.boots, time.timeSeconds, salt, scopedPdu);
    writeElement(writer, OCTET_STRING, encrypted);
  }
  const digestOctets = digest === null ? 0 : AUTHENTICATION[digest.protocol].digestOctets;
  const digestStart = writeSecurityParameters(writer, envelope, salt, digestOctets);
  writeHeaderData(writer, envelope);
  writeInteger32(writer, VERSION_3);
  writeHeader(writer, SEQUENCE, writer.end);
  if (writer.hasOverflowed || writer.end - writer.at > LONGEST_SENT_OCTETS) return false;
  if (digest !== null) signMessage(digest, writer.octets, writer.at, writer.end, digestStart);
  return true;
}

/** RFC 3414 §2.4, from the last field to the first; gives the place of the digest, still zeros. */
function writeSecurityParameters(
  writer: BerWriter,
  { engineId, time, userName }: Envelope,
  salt: Uint8Array,
  digestOctets: number,
): number {
  const end = writer.at;
  writeElement(writer, OCTET_STRING, salt);
  const digestEnd = writer.at;
  writeRaw(writer, LONGEST_DIGEST, 0, digestOctets);
  const digestStart = writer.at;
  writeHeader(writer, OCTET_STRING, digestEnd);
  writeElement(writer, OCTET_STRING, userName);
  writeInteger32(writer, time.timeSeconds);
  writeInteger32(writer, time.boots);
  writeElement(writer, OCTET_STRING, engineId);
  writeHeader(writer, SEQUENCE, end);
  writeHeader(writer, OCTET_STRING, end);
  return digestStart;
}

/** RFC 3412 §6 HeaderData. */
function writeHeaderData(writer: BerWriter, { messageId, flags }: Envelope): void {
  const end = writer.at;
  writeInteger32(writer, USM);
  const flagsEnd = writer.at;
  writeOctet(writer, flags);
  writeHeader(writer, OCTET_STRING, flagsEnd);
  writeInteger32(writer, OWN_MAX_SIZE);
  writeInteger32(writer, messageId);
  writeHeader(writer, SEQUENCE, end);
}
