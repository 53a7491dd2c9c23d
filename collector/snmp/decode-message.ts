import {
  type Cursor,
  enter,
  leave,
  newCursor,
  openElement,
  refuse,
  skipElement,
  startCursor,
  takeInteger32,
  takeNatural,
} from './ber-cursor.ts';
import { LONGEST_MESSAGE_OCTETS } from './ber-length.ts';
import { decodePdu } from './decode-pdu.ts';
import { AUTHENTICATED, ENCRYPTED, type MessageView } from './message-view.ts';
import type { Refusal } from './refusal.ts';
import { OCTET_STRING, SEQUENCE, VERSION_1, VERSION_2C, VERSION_3 } from './tags.ts';

/** RFC 3412 §6.3: msgMaxSize. */
const SMALLEST_MAX_SIZE = 484;
/** RFC 3411 §5 SnmpSecurityModel. */
const USM = 3;
/** RFC 3411 §5 SnmpEngineID; one of 0 octets asks for discovery (RFC 3414 §4). */
const LONGEST_ENGINE_ID_OCTETS = 32;
/** RFC 3411 §5 SnmpAdminString of up to 32 octets. */
const LONGEST_USER_OCTETS = 32;

const cursor = newCursor();

/**
 * Fills `view` from a datagram: the whole message for v1 and v2c, the frame for v3, of which nothing
 * inside may be read before its digest is found right (`decodeScopedPdu`). Null when accepted.
 * Octets behind the message are left alone. Never throws; one pass over the octets.
 */
export function decodeMessage(view: MessageView, datagram: Uint8Array): Refusal | null {
  const refusal = decodeFrame(view, datagram);
  if (refusal !== null || view.version === VERSION_3) return refusal;
  return decodePdu(view.pdu, datagram, view.payloadStart, view.payloadEnd, view.version);
}

function decodeFrame(view: MessageView, datagram: Uint8Array): Refusal | null {
  view.octets = datagram;
  view.pdu.tag = 0;
  view.pdu.count = 0;
  if (datagram.length > LONGEST_MESSAGE_OCTETS) return 'too-long';
  startCursor(cursor, datagram, 0, datagram.length);
  enter(cursor, SEQUENCE);
  view.length = cursor.end;
  view.version = takeInteger32(cursor);
  if (cursor.refusal !== null) return cursor.refusal;
  if (view.version === VERSION_3) return decodeV3Frame(view);
  if (view.version !== VERSION_1 && view.version !== VERSION_2C) return 'wrong-version';
  view.communityStart = skipElement(cursor, OCTET_STRING);
  view.communityEnd = cursor.at;
  view.payloadStart = cursor.at;
  view.payloadEnd = cursor.end;
  return cursor.refusal;
}

/** RFC 3412 §6 SNMPv3Message, as far as it is in the clear. */
function decodeV3Frame(view: MessageView): Refusal | null {
  const message = enter(cursor, SEQUENCE);
  view.messageId = takeNatural(cursor);
  view.maxSize = takeNatural(cursor, SMALLEST_MAX_SIZE);
  view.flags = takeFlags(cursor);
  const model = takeNatural(cursor, 1);
  leave(cursor, message);
  if (cursor.refusal !== null) return cursor.refusal;
  if (model !== USM) return 'wrong-security-model';
  takeSecurityParameters(view, cursor);
  if (cursor.refusal !== null) return cursor.refusal;
  const isEncrypted = (view.flags & ENCRYPTED) !== 0;
  const start = cursor.at;
  const end = openElement(cursor, isEncrypted ? OCTET_STRING : SEQUENCE);
  view.payloadStart = isEncrypted ? cursor.at : start;
  view.payloadEnd = end;
  cursor.at = end;
  if (cursor.at !== cursor.end) refuse(cursor, 'trailing-octets');
  return cursor.refusal;
}

function takeFlags(from: Cursor): number {
  const start = skipElement(from, OCTET_STRING);
  const flags = from.octets[start] ?? 0;
  const isLone = from.at - start === 1;
  // RFC 3412 §7.2 step 5d: privacy without authentication is an invalid message.
  const isPossible = (flags & ENCRYPTED) === 0 || (flags & AUTHENTICATED) !== 0;
  if (!isLone || !isPossible) refuse(from, 'bad-flags');
  return flags;
}

/** RFC 3414 §2.4 UsmSecurityParameters, a SEQUENCE in an OCTET STRING. */
function takeSecurityParameters(view: MessageView, from: Cursor): void {
  const wrapper = enter(from, OCTET_STRING);
  const sequence = enter(from, SEQUENCE);
  view.engineIdStart = takeString(from, LONGEST_ENGINE_ID_OCTETS);
  view.engineIdEnd = from.at;
  view.engineBoots = takeNatural(from);
  view.engineTimeSeconds = takeNatural(from);
  view.userStart = takeString(from, LONGEST_USER_OCTETS);
  view.userEnd = from.at;
  view.digestStart = skipElement(from, OCTET_STRING);
  view.digestEnd = from.at;
  view.saltStart = skipElement(from, OCTET_STRING);
  view.saltEnd = from.at;
  leave(from, sequence);
  leave(from, wrapper);
}

function takeString(from: Cursor, longest: number): number {
  const start = skipElement(from, OCTET_STRING);
  if (from.at - start > longest) refuse(from, 'bad-value');
  return start;
}

/**
 * Reads the scoped PDU of a v3 message (RFC 3412 §6.8) from the clear text in `octets[at..end)`:
 * the datagram itself, or what decryption gave, which may end in padding (RFC 3414 §8.1.1.2). Only
 * after the digest was found right where one is asked. Null when accepted.
 */
export function decodeScopedPdu(
  view: MessageView,
  octets: Uint8Array,
  at: number,
  end: number,
): Refusal | null {
  startCursor(cursor, octets, at, end);
  enter(cursor, SEQUENCE);
  view.contextEngineIdStart = skipElement(cursor, OCTET_STRING);
  view.contextEngineIdEnd = cursor.at;
  view.contextNameStart = skipElement(cursor, OCTET_STRING);
  view.contextNameEnd = cursor.at;
  if (cursor.refusal !== null) return cursor.refusal;
  return decodePdu(view.pdu, octets, cursor.at, cursor.end, VERSION_3);
}
