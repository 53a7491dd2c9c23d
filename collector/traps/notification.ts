import { cleanText, deviceText } from '../../lib/device-text.ts';
import type { EpochMs } from '../../lib/time.ts';
import { isOidWithin, oidFromText, oidText } from '../snmp/oid-octets.ts';
import { type PduView, UNREADABLE } from '../snmp/pdu-view.ts';
import { IP_ADDRESS, OBJECT_IDENTIFIER, TRAP_V1 } from '../snmp/tags.ts';
import { readableVarbinds } from '../snmp/varbind-objects.ts';
import type { Varbind } from '../snmp-client.ts';

/** One notification that counted, or several of one source and kind in one entry. */
export interface ReceivedNotification {
  /** null: several devices are at that address and nothing tells which of them it was. */
  readonly deviceId: string | null;
  /** Where it came from; the only thing that it is attributed by. */
  readonly sourceAddress: string;
  /** Name of a known trap, or `other`. */
  readonly kind: string;
  /** snmpTrapOID; empty where one entry stands for several. */
  readonly oid: string;
  readonly isInform: boolean;
  readonly count: number;
  readonly firstAt: EpochMs;
  readonly lastAt: EpochMs;
  /** The address that the message itself names: what its sender says, true or not. */
  readonly reportedAddress: string | null;
  /** The first of its other values, as text; none where one entry stands for several. */
  readonly values: readonly NotificationValue[];
}

export interface NotificationValue {
  readonly oid: string;
  readonly value: string;
}

const MOST_VALUES = 8;
const LONGEST_VALUE = 64;
const IP_ADDRESS_OCTETS = 4;

/** RFC 3584 §3.1: `snmpTraps`, whose instances 1 to 6 are the generic traps 0 to 5 of v1. */
const SNMP_TRAPS = '1.3.6.1.6.3.1.1.5';
const ENTERPRISE_SPECIFIC = 6;
/** RFC 3416 §4.2.6: the two varbinds with which every notification begins. */
const SYS_UP_TIME = octetsOf('1.3.6.1.2.1.1.3.0');
const TRAP_OID = octetsOf('1.3.6.1.6.3.1.1.4.1.0');
/** RFC 3584 §3.1 (4): what a proxy adds about the v1 trap it has forwarded. */
const TRAP_ADDRESS = octetsOf('1.3.6.1.6.3.18.1.3.0');
const TRAP_COMMUNITY = octetsOf('1.3.6.1.6.3.18.1.4.0');
const TRAP_ENTERPRISE = octetsOf('1.3.6.1.6.3.1.1.4.3.0');
/** A community is a secret: it is in no record. */
const NEVER_SHOWN = [SYS_UP_TIME, TRAP_OID, TRAP_ADDRESS, TRAP_COMMUNITY, TRAP_ENTERPRISE];

/**
 * snmpTrapOID of a trap or inform in dotted text, a v1 trap mapped as RFC 3584 §3.1 (2) and (3) say;
 * null when there is none.
 */
export function trapOid(pdu: PduView): string | null {
  if (pdu.tag === TRAP_V1) return trapOidOfV1(pdu);
  const row = rowOf(pdu, TRAP_OID, OBJECT_IDENTIFIER);
  if (row < 0) return null;
  return oidText(pdu.octets, pdu.columns.valueStarts[row]!, pdu.columns.valueEnds[row]!);
}

function trapOidOfV1(pdu: PduView): string | null {
  const { genericTrap, specificTrap } = pdu;
  if (genericTrap < 0 || genericTrap > ENTERPRISE_SPECIFIC || specificTrap < 0) return null;
  if (genericTrap < ENTERPRISE_SPECIFIC) return `${SNMP_TRAPS}.${genericTrap + 1}`;
  return `${oidText(pdu.octets, pdu.enterpriseStart, pdu.enterpriseEnd)}.0.${specificTrap}`;
}

/** agent-addr of a v1 trap, snmpTrapAddress of the others; null when it names none. */
export function reportedAddress(pdu: PduView): string | null {
  if (pdu.tag === TRAP_V1) return dotted(pdu.octets, pdu.agentAddressStart);
  const row = rowOf(pdu, TRAP_ADDRESS, IP_ADDRESS);
  return row < 0 ? null : dotted(pdu.octets, pdu.columns.valueStarts[row]!);
}

function dotted(octets: Uint8Array, at: number): string | null {
  const address = octets.subarray(at, at + IP_ADDRESS_OCTETS).join('.');
  return address === '0.0.0.0' ? null : address;
}

/** The first values of a notification, cleaned and cut; what they mean is left to whoever reads them. */
export function notificationValues(pdu: PduView): NotificationValue[] {
  const hidden = new Set(NEVER_SHOWN.map((octets) => oidText(octets, 0, octets.length)));
  return readableVarbinds(pdu)
    .filter(({ oid }) => !hidden.has(oid))
    .slice(0, MOST_VALUES)
    .map((varbind) => ({ oid: varbind.oid, value: valueText(varbind) }));
}

function valueText({ value }: Varbind): string {
  if (value instanceof Uint8Array) return deviceText(value, LONGEST_VALUE);
  return value === null ? '' : cleanText(String(value), LONGEST_VALUE);
}

/** The first varbind of that exact name whose value has that type, or -1. */
function rowOf(pdu: PduView, name: Uint8Array, type: number): number {
  const { types, nameStarts, nameEnds } = pdu.columns;
  for (let row = 0; row < pdu.count; row += 1) {
    if (types[row] === UNREADABLE || types[row] !== type) continue;
    const start = nameStarts[row]!;
    const end = nameEnds[row]!;
    if (end - start === name.length && isOidWithin(name, pdu.octets, start, end)) return row;
  }
  return -1;
}

function octetsOf(text: string): Uint8Array {
  return oidFromText(text)!;
}
