import { isIPv4 } from 'node:net';
import type { Varbind } from '../snmp-client.ts';
import {
  type BerWriter,
  writeElement,
  writeHeader,
  writeInteger32,
  writeUnsigned32,
  writeUnsigned64,
} from './ber-writer.ts';
import { oidFromText } from './oid-octets.ts';
import { opaqueDouble } from './opaque-number.ts';
import { type Pdu, TAG_OF_PDU } from './pdu-object.ts';
import type { Refusal } from './refusal.ts';
import { GET_BULK, IP_ADDRESS, OBJECT_IDENTIFIER, SEQUENCE, TIME_TICKS, TRAP_V1 } from './tags.ts';
import { TAG_OF_TYPE } from './varbind-objects.ts';

/** Why something cannot be written. */
export type EncodeRefusal = Extract<Refusal, 'too-long' | 'bad-oid' | 'bad-integer' | 'bad-value'>;

const LARGEST_UNSIGNED32 = 4_294_967_295;
const LARGEST_UNSIGNED64 = 18_446_744_073_709_551_615n;
const NO_OCTETS = new Uint8Array(0);

/** Puts a PDU before what was written. Null when it is whole; otherwise what was written is void. */
export function writePdu(writer: BerWriter, pdu: Pdu): EncodeRefusal | null {
  const pduEnd = writer.at;
  for (const varbind of pdu.varbinds.toReversed()) {
    const refusal = writeVarbind(writer, varbind);
    if (refusal !== null) return refusal;
  }
  writeHeader(writer, SEQUENCE, pduEnd);
  if (pdu.type === 'trap-v1') {
    const refusal = writeTrapFields(writer, pdu);
    if (refusal !== null) return refusal;
    writeHeader(writer, TRAP_V1, pduEnd);
  } else {
    const isBulk = pdu.type === 'get-bulk';
    const fields = [
      isBulk ? pdu.maxRepetitions : pdu.errorIndex,
      isBulk ? pdu.nonRepeaters : pdu.errorStatus,
      pdu.requestId,
    ];
    if (!fields.every(isInteger32)) return 'bad-integer';
    for (const field of fields) writeInteger32(writer, field);
    writeHeader(writer, isBulk ? GET_BULK : TAG_OF_PDU[pdu.type], pduEnd);
  }
  return writer.hasOverflowed ? 'too-long' : null;
}

/** RFC 1157 §4.1.6, from the last field to the first. */
function writeTrapFields(
  writer: BerWriter,
  pdu: Extract<Pdu, { type: 'trap-v1' }>,
): EncodeRefusal | null {
  const enterprise = oidFromText(pdu.enterprise);
  if (enterprise === null) return 'bad-oid';
  if (!isIPv4(pdu.agentAddress)) return 'bad-value';
  if (!isUnsigned32(pdu.timestamp)) return 'bad-integer';
  if (!isInteger32(pdu.genericTrap) || !isInteger32(pdu.specificTrap)) return 'bad-integer';
  writeUnsigned32(writer, TIME_TICKS, pdu.timestamp);
  writeInteger32(writer, pdu.specificTrap);
  writeInteger32(writer, pdu.genericTrap);
  writeElement(writer, IP_ADDRESS, addressOctets(pdu.agentAddress));
  writeElement(writer, OBJECT_IDENTIFIER, enterprise);
  return null;
}

function writeVarbind(writer: BerWriter, varbind: Varbind): EncodeRefusal | null {
  const end = writer.at;
  const name = oidFromText(varbind.oid);
  if (name === null) return 'bad-oid';
  const refusal = writeValue(writer, varbind);
  if (refusal !== null) return refusal;
  writeElement(writer, OBJECT_IDENTIFIER, name);
  writeHeader(writer, SEQUENCE, end);
  return null;
}

function writeValue(writer: BerWriter, { type, value }: Varbind): EncodeRefusal | null {
  const tag = TAG_OF_TYPE[type];
  switch (type) {
    case 'integer':
      if (!isInteger32(value)) return 'bad-integer';
      writeInteger32(writer, value);
      return null;
    case 'counter32':
    case 'gauge32':
    case 'time-ticks':
      if (!isUnsigned32(value)) return 'bad-integer';
      writeUnsigned32(writer, tag, value);
      return null;
    case 'counter64':
      if (typeof value !== 'bigint' || value < 0n || value > LARGEST_UNSIGNED64) {
        return 'bad-integer';
      }
      writeUnsigned64(writer, tag, value);
      return null;
    default: {
      const octets = contentOf(type, value);
      if (octets === null) return type === 'oid' ? 'bad-oid' : 'bad-value';
      writeElement(writer, tag, octets);
      return null;
    }
  }
}

/** Content octets of a value that is no integer; null when the value does not fit its type. */
function contentOf(type: Varbind['type'], value: Varbind['value']): Uint8Array | null {
  switch (type) {
    case 'octet-string':
      return value instanceof Uint8Array ? value : null;
    case 'opaque':
      if (typeof value === 'number') return opaqueDouble(value);
      return value instanceof Uint8Array ? value : null;
    case 'oid':
      return typeof value === 'string' ? oidFromText(value) : null;
    case 'ip-address':
      return typeof value === 'string' && isIPv4(value) ? addressOctets(value) : null;
    default:
      return value === null ? NO_OCTETS : null;
  }
}

function addressOctets(dotted: string): Uint8Array {
  return Uint8Array.from(dotted.split('.').map(Number));
}

function isInteger32(value: Varbind['value']): value is number {
  return typeof value === 'number' && (value | 0) === value;
}

function isUnsigned32(value: Varbind['value']): value is number {
  return (
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= LARGEST_UNSIGNED32
  );
}
