/**
 * A strict look at an SNMP message (RFC 1157, RFC 3416, RFC 3412 §6) before anything else reads it:
 * every length must fit into what encloses it, every value must be of a known type with a possible
 * length. It allocates little, never throws, and its work is bounded by the datagram.
 */

/** RFC 3416 §3 and RFC 3412: the PDU tags that can come back for a request. */
export const RESPONSE_PDU = 0xa2;
export const REPORT_PDU = 0xa8;

export type ScannedMessage =
  | {
      readonly version: 'v1' | 'v2c';
      readonly community: Uint8Array;
      readonly pdu: ScannedPdu;
      /** Octets of the datagram that belong to the message. */
      readonly length: number;
    }
  | {
      readonly version: 'v3';
      readonly messageId: number;
      /** RFC 3412 §6.4 msgFlags: 1 authenticated, 2 encrypted, 4 reportable. */
      readonly flags: number;
      /** null when encrypted. */
      readonly pdu: ScannedPdu | null;
      readonly length: number;
    };

export interface ScannedPdu {
  readonly tag: number;
  readonly requestId: number;
  /** Of the first varbind, content octets; empty when there is none. */
  readonly firstOid: Uint8Array;
  readonly varbindCount: number;
}

const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const NULL = 0x05;
const OBJECT_IDENTIFIER = 0x06;
const SEQUENCE = 0x30;
const IP_ADDRESS = 0x40;
const COUNTER32 = 0x41;
const GAUGE32 = 0x42;
const TIME_TICKS = 0x43;
const OPAQUE = 0x44;
const COUNTER64 = 0x46;
const NO_SUCH_OBJECT = 0x80;
const NO_SUCH_INSTANCE = 0x81;
const END_OF_MIB_VIEW = 0x82;

/** Sub-identifiers of an OID can take five octets each. */
const LONGEST_OID_OCTETS = 128 * 5;
const LONGEST_INTEGER_OCTETS = 5;
const LONGEST_COUNTER64_OCTETS = 9;
const IPV4_OCTETS = 4;
const USM_SECURITY_MODEL = 3;
const ENCRYPTED = 2;

const EMPTY = new Uint8Array(0);

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The element at `at`, or null when it does not fit before `limit` or has an indefinite length. */
function elementAt(bytes: Uint8Array, at: number, limit: number): Element | null {
  if (at + 2 > limit) return null;
  const tag = bytes[at]!;
  let length = bytes[at + 1]!;
  let start = at + 2;
  if (length >= 0x80) {
    const count = length & 0x7f;
    if (count === 0 || count > 4 || start + count > limit) return null;
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + bytes[start + index]!;
    start += count;
  }
  return length > limit - start ? null : { tag, start, end: start + length };
}

function expect(bytes: Uint8Array, at: number, limit: number, tag: number): Element | null {
  const element = elementAt(bytes, at, limit);
  return element !== null && element.tag === tag ? element : null;
}

function smallInteger(bytes: Uint8Array, element: Element | null): number | null {
  if (element === null || element.tag !== INTEGER) return null;
  const length = element.end - element.start;
  if (length < 1 || length > LONGEST_INTEGER_OCTETS) return null;
  let value = (bytes[element.start]! << 24) >> 24;
  for (let at = element.start + 1; at < element.end; at += 1) value = value * 256 + bytes[at]!;
  return value;
}

/** Reads the frame of a message and checks all of its unencrypted content; null when anything is amiss. */
export function scanMessage(bytes: Uint8Array): ScannedMessage | null {
  const outer = expect(bytes, 0, bytes.length, SEQUENCE);
  if (outer === null) return null;
  const versionElement = elementAt(bytes, outer.start, outer.end);
  const version = smallInteger(bytes, versionElement);
  if (versionElement === null || version === null) return null;
  if (version === 3) return scanV3(bytes, versionElement.end, outer.end);
  if (version !== 0 && version !== 1) return null;
  const community = expect(bytes, versionElement.end, outer.end, OCTET_STRING);
  if (community === null) return null;
  const pdu = scanPdu(bytes, community.end, outer.end);
  if (pdu === null) return null;
  return {
    version: version === 0 ? 'v1' : 'v2c',
    community: bytes.subarray(community.start, community.end),
    pdu,
    length: outer.end,
  };
}

function scanV3(bytes: Uint8Array, at: number, limit: number): ScannedMessage | null {
  const header = expect(bytes, at, limit, SEQUENCE);
  if (header === null) return null;
  const id = elementAt(bytes, header.start, header.end);
  const size = id === null ? null : elementAt(bytes, id.end, header.end);
  const flags = size === null ? null : expect(bytes, size.end, header.end, OCTET_STRING);
  const model = flags === null ? null : elementAt(bytes, flags.end, header.end);
  const messageId = smallInteger(bytes, id);
  if (messageId === null || smallInteger(bytes, size) === null) return null;
  if (flags === null || flags.end - flags.start !== 1) return null;
  if (smallInteger(bytes, model) !== USM_SECURITY_MODEL) return null;
  const security = expect(bytes, header.end, limit, OCTET_STRING);
  if (security === null || !isUsmParameters(bytes, security)) return null;
  const flagBits = bytes[flags.start]!;
  if ((flagBits & ENCRYPTED) !== 0) {
    const scoped = expect(bytes, security.end, limit, OCTET_STRING);
    if (scoped === null) return null;
    return { version: 'v3', messageId, flags: flagBits, pdu: null, length: limit };
  }
  const scoped = expect(bytes, security.end, limit, SEQUENCE);
  const engine = scoped === null ? null : expect(bytes, scoped.start, scoped.end, OCTET_STRING);
  const context =
    scoped === null || engine === null ? null : expect(bytes, engine.end, scoped.end, OCTET_STRING);
  if (scoped === null || context === null) return null;
  const pdu = scanPdu(bytes, context.end, scoped.end);
  return pdu === null ? null : { version: 'v3', messageId, flags: flagBits, pdu, length: limit };
}

/** RFC 3414 §2.4 UsmSecurityParameters: engine id, boots, time, user, authentication, privacy. */
function isUsmParameters(bytes: Uint8Array, wrapper: Element): boolean {
  const sequence = expect(bytes, wrapper.start, wrapper.end, SEQUENCE);
  if (sequence === null) return false;
  let at = sequence.start;
  const tags = [OCTET_STRING, INTEGER, INTEGER, OCTET_STRING, OCTET_STRING, OCTET_STRING];
  for (const tag of tags) {
    const element = expect(bytes, at, sequence.end, tag);
    if (element === null) return false;
    if (tag === INTEGER && !isTimeValue(smallInteger(bytes, element))) return false;
    at = element.end;
  }
  return true;
}

function isTimeValue(value: number | null): boolean {
  return value !== null && value >= 0 && value <= 2_147_483_647;
}

function scanPdu(bytes: Uint8Array, at: number, limit: number): ScannedPdu | null {
  const pdu = elementAt(bytes, at, limit);
  if (pdu === null) return null;
  const id = elementAt(bytes, pdu.start, pdu.end);
  const status = id === null ? null : elementAt(bytes, id.end, pdu.end);
  const index = status === null ? null : elementAt(bytes, status.end, pdu.end);
  const requestId = smallInteger(bytes, id);
  if (requestId === null || smallInteger(bytes, status) === null) return null;
  if (index === null || smallInteger(bytes, index) === null) return null;
  const list = expect(bytes, index.end, pdu.end, SEQUENCE);
  // A reader that ignores lengths would take anything behind the list for one more varbind.
  if (list === null || list.end !== pdu.end || pdu.end !== limit) return null;
  let firstOid: Uint8Array = EMPTY;
  let varbindCount = 0;
  for (let place = list.start; place < list.end; varbindCount += 1) {
    const varbind = expect(bytes, place, list.end, SEQUENCE);
    const name =
      varbind === null ? null : expect(bytes, varbind.start, varbind.end, OBJECT_IDENTIFIER);
    if (varbind === null || name === null || !isPossibleOid(bytes, name)) return null;
    const value = elementAt(bytes, name.end, varbind.end);
    if (value === null || value.end !== varbind.end || !isPossibleValue(bytes, value)) return null;
    if (varbindCount === 0) firstOid = bytes.subarray(name.start, name.end);
    place = varbind.end;
  }
  return { tag: pdu.tag, requestId, firstOid, varbindCount };
}

function isPossibleOid(bytes: Uint8Array, element: Element): boolean {
  const length = element.end - element.start;
  if (length < 1 || length > LONGEST_OID_OCTETS) return false;
  return (bytes[element.end - 1]! & 0x80) === 0;
}

/** RFC 2578 §7.1: which lengths a value of each type can have. */
function isPossibleValue(bytes: Uint8Array, element: Element): boolean {
  const length = element.end - element.start;
  switch (element.tag) {
    case INTEGER:
    case COUNTER32:
    case GAUGE32:
    case TIME_TICKS:
      return length >= 1 && length <= LONGEST_INTEGER_OCTETS;
    case COUNTER64:
      return length >= 1 && length <= LONGEST_COUNTER64_OCTETS;
    case OCTET_STRING:
    case OPAQUE:
      return true;
    case OBJECT_IDENTIFIER:
      return isPossibleOid(bytes, element);
    case IP_ADDRESS:
      return length === IPV4_OCTETS;
    case NULL:
    case NO_SUCH_OBJECT:
    case NO_SUCH_INSTANCE:
    case END_OF_MIB_VIEW:
      return length === 0;
    default:
      return false;
  }
}
