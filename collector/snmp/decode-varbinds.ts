import {
  readInteger32,
  readUnsigned32,
  readUnsigned64High,
  readUnsigned64Low,
} from './ber-integer.ts';
import { readLongLength, refusalOfLength } from './ber-length.ts';
import { isOid } from './oid-octets.ts';
import { columnsFor, markUnreadable, type PduView, type VarbindColumns } from './pdu-view.ts';
import type { Refusal } from './refusal.ts';
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
  SEQUENCE,
  TIME_TICKS,
} from './tags.ts';

const TAG_NUMBER = 0x1f;
const IP_ADDRESS_OCTETS = 4;
const TWO_TO_32 = 4_294_967_296;
/** Two headers and a name of one octet, whose value is empty: no varbind is shorter. */
const FEWEST_VARBIND_OCTETS = 7;

/**
 * Fills the columns of `pdu` from the content of a VarBindList (RFC 3416 §3), `pdu.octets[from..end)`.
 * Null when the list is whole. This is the hot path: one pass, no object per varbind, and nothing
 * is allocated for a length that is only claimed. A value that cannot be read marks its own row; a
 * frame that does not fit refuses the message.
 */
export function decodeVarbinds(pdu: PduView, from: number, end: number): Refusal | null {
  const octets = pdu.octets;
  const columns = columnsFor(pdu, Math.ceil((end - from) / FEWEST_VARBIND_OCTETS));
  const { nameStarts, nameEnds, valueStarts, valueEnds } = columns;
  pdu.count = 0;
  pdu.unreadableCount = 0;
  let row = 0;
  for (let at = from; at < end; row += 1) {
    if (end - at < 2) return 'truncated';
    if (octets[at] !== SEQUENCE) return wrongTag(octets[at]!);
    let length = octets[at + 1]!;
    at += 2;
    if (length >= 0x80) {
      const octetCount = length & 0x7f;
      length = readLongLength(octets, at - 1, end);
      if (length < 0) return refusalOfLength(length);
      at += octetCount;
    }
    if (length > end - at) return 'bad-length';
    const stop = at + length;

    if (stop - at < 2) return 'truncated';
    if (octets[at] !== OBJECT_IDENTIFIER) return wrongTag(octets[at]!);
    length = octets[at + 1]!;
    at += 2;
    if (length >= 0x80) {
      const octetCount = length & 0x7f;
      length = readLongLength(octets, at - 1, stop);
      if (length < 0) return refusalOfLength(length);
      at += octetCount;
    }
    if (length > stop - at) return 'bad-length';
    nameStarts[row] = at;
    if (!isOid(octets, at, at + length)) return 'bad-oid';
    at += length;
    nameEnds[row] = at;

    if (stop - at < 2) return 'truncated';
    const tag = octets[at]!;
    if ((tag & TAG_NUMBER) === TAG_NUMBER) return 'multi-byte-tag';
    length = octets[at + 1]!;
    at += 2;
    if (length >= 0x80) {
      const octetCount = length & 0x7f;
      length = readLongLength(octets, at - 1, stop);
      if (length < 0) return refusalOfLength(length);
      at += octetCount;
    }
    if (length !== stop - at) return length > stop - at ? 'bad-length' : 'trailing-octets';
    valueStarts[row] = at;
    valueEnds[row] = stop;
    storeValue(pdu, columns, row, tag, at, stop);
    at = stop;
  }
  pdu.count = row;
  return null;
}

function wrongTag(tag: number): Refusal {
  return (tag & TAG_NUMBER) === TAG_NUMBER ? 'multi-byte-tag' : 'wrong-tag';
}

function storeValue(
  pdu: PduView,
  columns: VarbindColumns,
  row: number,
  tag: number,
  start: number,
  end: number,
): void {
  columns.types[row] = tag;
  switch (tag) {
    case COUNTER32:
    case GAUGE32:
    case TIME_TICKS:
      columns.numbers[row] = readUnsigned32(pdu.octets, start, end);
      break;
    case INTEGER:
      columns.numbers[row] = readInteger32(pdu.octets, start, end);
      break;
    case COUNTER64:
      storeCounter64(pdu, row, start, end);
      return;
    case OCTET_STRING:
    case OPAQUE:
      return;
    case OBJECT_IDENTIFIER:
      if (!isOid(pdu.octets, start, end)) markUnreadable(pdu, row, 'bad-oid');
      return;
    case IP_ADDRESS:
      if (end - start !== IP_ADDRESS_OCTETS) markUnreadable(pdu, row, 'bad-value');
      return;
    case NULL:
    case NO_SUCH_OBJECT:
    case NO_SUCH_INSTANCE:
    case END_OF_MIB_VIEW:
      if (start !== end) markUnreadable(pdu, row, 'bad-value');
      return;
    default:
      markUnreadable(pdu, row, 'unknown-type');
      return;
  }
  if (Number.isNaN(columns.numbers[row]!)) markUnreadable(pdu, row, 'bad-integer');
}

function storeCounter64(pdu: PduView, row: number, start: number, end: number): void {
  const high = readUnsigned64High(pdu.octets, start, end);
  if (Number.isNaN(high)) {
    markUnreadable(pdu, row, 'bad-integer');
    return;
  }
  const low = readUnsigned64Low(pdu.octets, start, end);
  pdu.columns.highs[row] = high;
  pdu.columns.lows[row] = low;
  pdu.columns.numbers[row] = high * TWO_TO_32 + low;
}
