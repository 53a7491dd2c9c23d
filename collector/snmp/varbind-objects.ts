import { assert } from '../../lib/assert.ts';
import type { Varbind, VarbindType } from '../snmp-client.ts';
import { oidText } from './oid-octets.ts';
import { cachedOidText } from './oid-text-cache.ts';
import { opaqueNumber } from './opaque-number.ts';
import {
  counter64At,
  type PduView,
  UNREADABLE,
  type UnreadableReason,
  unreadableReason,
} from './pdu-view.ts';
import {
  COUNTER32,
  COUNTER64,
  END_OF_MIB_VIEW,
  GAUGE32,
  INTEGER,
  IP_ADDRESS,
  NO_SUCH_INSTANCE,
  NO_SUCH_OBJECT,
  NULL,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  OPAQUE,
  TIME_TICKS,
} from './tags.ts';

/** Which tag each type of value has (RFC 2578 §7.1, RFC 3416 §3). */
export const TAG_OF_TYPE: Readonly<Record<VarbindType, number>> = {
  integer: INTEGER,
  'octet-string': OCTET_STRING,
  null: NULL,
  oid: OBJECT_IDENTIFIER,
  'ip-address': IP_ADDRESS,
  counter32: COUNTER32,
  gauge32: GAUGE32,
  'time-ticks': TIME_TICKS,
  opaque: OPAQUE,
  counter64: COUNTER64,
  'no-such-object': NO_SUCH_OBJECT,
  'no-such-instance': NO_SUCH_INSTANCE,
  'end-of-mib-view': END_OF_MIB_VIEW,
};

/** Which type of value each tag stands for. */
export const TYPE_OF_TAG: ReadonlyMap<number, VarbindType> = new Map<number, VarbindType>(
  Object.entries(TAG_OF_TYPE).map(([type, tag]) => [tag, type as VarbindType]),
);

/** A varbind that was there without a readable value: an error of its row, never a 0. */
export interface UnreadableVarbind {
  readonly oid: string;
  readonly reason: UnreadableReason;
}

/** Dotted name of varbind `row`. */
export function nameAt(pdu: PduView, row: number): string {
  return cachedOidText(pdu.octets, pdu.columns.nameStarts[row]!, pdu.columns.nameEnds[row]!);
}

/**
 * Varbind `row` as an object that owns its octets; null when its value cannot be read. A finite
 * Opaque float or double comes as a number, any other Opaque as its octets.
 */
export function varbindAt(pdu: PduView, row: number): Varbind | null {
  const tag = pdu.columns.types[row]!;
  if (tag === UNREADABLE) return null;
  const type = TYPE_OF_TAG.get(tag);
  assert(type !== undefined, 'only known types are stored');
  return { oid: nameAt(pdu, row), type, value: valueAt(pdu, row, tag) };
}

function valueAt(pdu: PduView, row: number, tag: number): Varbind['value'] {
  const start = pdu.columns.valueStarts[row]!;
  const end = pdu.columns.valueEnds[row]!;
  switch (tag) {
    case INTEGER:
    case COUNTER32:
    case GAUGE32:
    case TIME_TICKS:
      return pdu.columns.numbers[row]!;
    case COUNTER64:
      return counter64At(pdu, row);
    case OCTET_STRING:
      return copyOf(pdu.octets, start, end);
    case OPAQUE: {
      const number = opaqueNumber(pdu.octets, start, end);
      return number !== null && Number.isFinite(number) ? number : copyOf(pdu.octets, start, end);
    }
    case OBJECT_IDENTIFIER:
      return oidText(pdu.octets, start, end);
    case IP_ADDRESS:
      return pdu.octets.subarray(start, end).join('.');
    default:
      return null;
  }
}

/** A copy: a Buffer's own `slice` would keep the whole datagram alive. */
function copyOf(octets: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(octets.subarray(start, end));
}

/** All readable varbinds in the order answered, as objects that own their octets. */
export function readableVarbinds(pdu: PduView): Varbind[] {
  const varbinds: Varbind[] = [];
  for (let row = 0; row < pdu.count; row += 1) {
    const varbind = varbindAt(pdu, row);
    if (varbind !== null) varbinds.push(varbind);
  }
  return varbinds;
}

/** The varbinds without a readable value, with the reason of each. */
export function unreadableVarbinds(pdu: PduView): UnreadableVarbind[] {
  if (pdu.unreadableCount === 0) return [];
  const found: UnreadableVarbind[] = [];
  for (let row = 0; row < pdu.count; row += 1) {
    const reason = unreadableReason(pdu, row);
    if (reason !== null) found.push({ oid: nameAt(pdu, row), reason });
  }
  return found;
}
