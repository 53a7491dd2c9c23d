import { decodeMessage, decodeScopedPdu } from '../../collector/snmp/decode-message.ts';
import { ENCRYPTED, type MessageView, newMessageView } from '../../collector/snmp/message-view.ts';
import { oidText } from '../../collector/snmp/oid-octets.ts';
import { type PduView, unreadableReason } from '../../collector/snmp/pdu-view.ts';
import type { Refusal } from '../../collector/snmp/refusal.ts';
import { GET_BULK, TRAP_V1, VERSION_3 } from '../../collector/snmp/tags.ts';
import { nameAt, varbindAt } from '../../collector/snmp/varbind-objects.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import type { VectorFacts, VectorPdu, VectorVarbind } from './vectors.ts';

const TYPE_NAMES: Readonly<Record<Varbind['type'], string>> = {
  integer: 'Integer32',
  'octet-string': 'OctetString',
  null: 'Null',
  oid: 'ObjectIdentifier',
  'ip-address': 'IpAddress',
  counter32: 'Counter32',
  gauge32: 'Gauge32',
  'time-ticks': 'TimeTicks',
  opaque: 'Opaque',
  counter64: 'Counter64',
  'no-such-object': 'noSuchObject',
  'no-such-instance': 'noSuchInstance',
  'end-of-mib-view': 'endOfMibView',
};

const PDU_NAMES = new Map([
  [0xa0, 'GetRequest'],
  [0xa1, 'GetNextRequest'],
  [0xa2, 'Response'],
  [0xa3, 'SetRequest'],
  [0xa4, 'TrapV1'],
  [0xa5, 'GetBulkRequest'],
  [0xa6, 'InformRequest'],
  [0xa7, 'TrapV2'],
  [0xa8, 'Report'],
]);

export type ReadFacts =
  | { readonly refusal: Refusal }
  /** `unreadable`: values of which nothing is delivered. */
  | { readonly refusal: null; readonly facts: VectorFacts; readonly unreadable: readonly string[] };

export const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
export const unhex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

/** Decodes a datagram into the terms of the vectors. Reads the inside of a v3 message without proof. */
export function readFacts(datagram: Uint8Array, view = newMessageView()): ReadFacts {
  const refusal = decodeMessage(view, datagram);
  if (refusal !== null) return { refusal };
  if (view.version !== VERSION_3) {
    const community = hex(datagram.subarray(view.communityStart, view.communityEnd));
    const facts = { version: view.version, community, pdu: pduFacts(view.pdu) };
    return { refusal: null, facts, unreadable: unreadableRows(view.pdu) };
  }
  if ((view.flags & ENCRYPTED) !== 0) {
    const encrypted = hex(datagram.subarray(view.payloadStart, view.payloadEnd));
    return { refusal: null, facts: { ...frameFacts(view), encrypted }, unreadable: [] };
  }
  const inside = decodeScopedPdu(view, datagram, view.payloadStart, view.payloadEnd);
  if (inside !== null) return { refusal: inside };
  const facts = { ...frameFacts(view), scoped: scopedFacts(view) };
  return { refusal: null, facts, unreadable: unreadableRows(view.pdu) };
}

export function frameFacts(view: MessageView): VectorFacts {
  const cut = (start: number, end: number) => hex(view.octets.subarray(start, end));
  return {
    version: view.version,
    msgId: view.messageId,
    maxSize: view.maxSize,
    flags: view.flags,
    securityModel: 3,
    usm: {
      engineId: cut(view.engineIdStart, view.engineIdEnd),
      boots: view.engineBoots,
      time: view.engineTimeSeconds,
      user: cut(view.userStart, view.userEnd),
      authParams: cut(view.digestStart, view.digestEnd),
      privParams: cut(view.saltStart, view.saltEnd),
    },
  };
}

export function scopedFacts(view: MessageView): NonNullable<VectorFacts['scoped']> {
  const cut = (start: number, end: number) => hex(view.pdu.octets.subarray(start, end));
  return {
    contextEngineId: cut(view.contextEngineIdStart, view.contextEngineIdEnd),
    contextName: cut(view.contextNameStart, view.contextNameEnd),
    pdu: pduFacts(view.pdu),
  };
}

function pduFacts(pdu: PduView): VectorPdu {
  const type = PDU_NAMES.get(pdu.tag) ?? '?';
  const varbinds = Array.from({ length: pdu.count }, (_, row) => varbindFacts(pdu, row));
  const { requestId } = pdu;
  if (pdu.tag === TRAP_V1) {
    const { octets, genericTrap, specificTrap, agentAddressStart: at } = pdu;
    const enterprise = oidText(octets, pdu.enterpriseStart, pdu.enterpriseEnd);
    const agentAddr = octets.subarray(at, at + 4).join('.');
    const timestamp = String(pdu.timestamp);
    return { type, enterprise, agentAddr, genericTrap, specificTrap, timestamp, varbinds };
  }
  if (pdu.tag === GET_BULK) {
    const { errorStatus: nonRepeaters, errorIndex: maxRepetitions } = pdu;
    return { type, requestId, nonRepeaters, maxRepetitions, varbinds };
  }
  const { errorStatus, errorIndex } = pdu;
  return { type, requestId, errorStatus, errorIndex, varbinds };
}

function varbindFacts(pdu: PduView, row: number): VectorVarbind {
  const varbind = varbindAt(pdu, row);
  if (varbind === null) return { oid: nameAt(pdu, row), type: 'unreadable', value: null };
  const { oid, type, value } = varbind;
  if (type === 'opaque') {
    const octets = pdu.octets.subarray(pdu.columns.valueStarts[row], pdu.columns.valueEnds[row]);
    return { oid, type: TYPE_NAMES[type], value: hex(octets) };
  }
  const text = value instanceof Uint8Array ? hex(value) : value === null ? null : String(value);
  return { oid, type: TYPE_NAMES[type], value: text };
}

function unreadableRows(pdu: PduView): string[] {
  return Array.from({ length: pdu.count }, (_, row) => unreadableReason(pdu, row)).filter(
    (reason) => reason !== null,
  );
}
