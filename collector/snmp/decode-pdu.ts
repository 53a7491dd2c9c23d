import {
  type Cursor,
  enter,
  leave,
  newCursor,
  peekTag,
  refuse,
  skipElement,
  startCursor,
  takeInteger32,
} from './ber-cursor.ts';
import { readUnsigned32 } from './ber-integer.ts';
import { decodeVarbinds } from './decode-varbinds.ts';
import { isOid } from './oid-octets.ts';
import type { PduView } from './pdu-view.ts';
import type { Refusal } from './refusal.ts';
import {
  GET,
  GET_NEXT,
  IP_ADDRESS,
  OBJECT_IDENTIFIER,
  REPORT,
  RESPONSE,
  SEQUENCE,
  SET,
  TIME_TICKS,
  TRAP_V1,
  VERSION_1,
} from './tags.ts';

const IP_ADDRESS_OCTETS = 4;
const TAGS_OF_V1: readonly number[] = [GET, GET_NEXT, RESPONSE, SET, TRAP_V1];

const cursor = newCursor();

/**
 * Fills `pdu` from the PDU that takes up `octets[at..end)` exactly, as `version` knows it: RFC 1157
 * §4.1 for v1, RFC 3416 §3 for the others. `pdu.octets` becomes `octets`. Null when it is whole;
 * values that cannot be read are marked in their rows.
 */
export function decodePdu(
  pdu: PduView,
  octets: Uint8Array,
  at: number,
  end: number,
  version: number,
): Refusal | null {
  startCursor(cursor, octets, at, end);
  pdu.octets = octets;
  pdu.tag = 0;
  pdu.count = 0;
  pdu.unreadableCount = 0;
  const tag = peekTag(cursor);
  if (tag === -1) return 'truncated';
  if (!isPduOf(version, tag)) return 'wrong-pdu';
  const outer = enter(cursor, tag);
  if (tag === TRAP_V1) takeTrapFields(cursor, pdu);
  else takeFields(cursor, pdu);
  const list = enter(cursor, SEQUENCE);
  if (cursor.refusal !== null) return cursor.refusal;
  const refusal = decodeVarbinds(pdu, cursor.at, cursor.end);
  if (refusal !== null) return refusal;
  cursor.at = cursor.end;
  leave(cursor, list);
  leave(cursor, outer);
  if (cursor.refusal === null && cursor.at !== end) refuse(cursor, 'trailing-octets');
  if (cursor.refusal !== null) pdu.count = 0;
  else pdu.tag = tag;
  return cursor.refusal;
}

function isPduOf(version: number, tag: number): boolean {
  if (version === VERSION_1) return TAGS_OF_V1.includes(tag);
  return tag >= GET && tag <= REPORT && tag !== TRAP_V1;
}

function takeFields(from: Cursor, pdu: PduView): void {
  pdu.requestId = takeInteger32(from);
  pdu.errorStatus = takeInteger32(from);
  pdu.errorIndex = takeInteger32(from);
}

/** RFC 1157 §4.1.6; the other fields of the view are of no use then. */
function takeTrapFields(from: Cursor, pdu: PduView): void {
  pdu.requestId = 0;
  pdu.errorStatus = 0;
  pdu.errorIndex = 0;
  pdu.enterpriseStart = skipElement(from, OBJECT_IDENTIFIER);
  pdu.enterpriseEnd = from.at;
  if (from.refusal !== null) return;
  if (!isOid(from.octets, pdu.enterpriseStart, pdu.enterpriseEnd)) refuse(from, 'bad-oid');
  pdu.agentAddressStart = skipElement(from, IP_ADDRESS);
  if (from.at - pdu.agentAddressStart !== IP_ADDRESS_OCTETS) refuse(from, 'bad-value');
  pdu.genericTrap = takeInteger32(from);
  pdu.specificTrap = takeInteger32(from);
  const start = skipElement(from, TIME_TICKS);
  if (from.refusal !== null) return;
  pdu.timestamp = readUnsigned32(from.octets, start, from.at);
  if (Number.isNaN(pdu.timestamp)) refuse(from, 'bad-integer');
}
