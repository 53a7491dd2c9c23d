import type { Refusal } from './refusal.ts';

/**
 * A decoded PDU, laid over the octets it came in: columns of positions and numbers instead of one
 * object per varbind. A view is made once and filled again for each message; its columns grow with
 * the longest list seen, which the octets of a datagram bound. Positions point into `octets`, which must be
 * kept unchanged while the view is read.
 */
export interface PduView {
  octets: Uint8Array;
  /** One of the PDU tags of tags.ts; 0 while there is no readable PDU. */
  tag: number;
  requestId: number;
  /** RFC 3416 §3 error-status; non-repeaters in a GETBULK. */
  errorStatus: number;
  /** Which varbind, from 1, the error is about; max-repetitions in a GETBULK. */
  errorIndex: number;
  /** Trap of v1 (RFC 1157 §4.1.6); 0 in every other PDU. */
  enterpriseStart: number;
  enterpriseEnd: number;
  agentAddressStart: number;
  genericTrap: number;
  specificTrap: number;
  /** Hundredths of a second. */
  timestamp: number;
  /** How many rows of the columns below are filled. */
  count: number;
  /** How many of them carry no readable value. */
  unreadableCount: number;
  columns: VarbindColumns;
}

/** Row i is varbind i. */
export interface VarbindColumns {
  /** Tag of the value (tags.ts), or UNREADABLE. */
  readonly types: Uint8Array;
  /** The name, content octets of an OID. */
  readonly nameStarts: Uint16Array;
  readonly nameEnds: Uint16Array;
  /** Content octets of the value. */
  readonly valueStarts: Uint16Array;
  readonly valueEnds: Uint16Array;
  /** Value of the integer types; of Counter64 the nearest double. Of unreadable values, the reason. */
  readonly numbers: Float64Array;
  /** Upper and lower half of a Counter64, exact. */
  readonly highs: Uint32Array;
  readonly lows: Uint32Array;
}

/**
 * In place of a tag: the frame of the value is whole, but it has no value to read (no octets in an
 * integer, out of range, of a type SNMP does not have). Its neighbours are unharmed.
 */
export const UNREADABLE = 0;

const UNREADABLE_REASONS = [
  'bad-integer',
  'bad-oid',
  'bad-value',
  'unknown-type',
] as const satisfies readonly Refusal[];

export type UnreadableReason = (typeof UNREADABLE_REASONS)[number];

const FIRST_CAPACITY = 64;
const NO_OCTETS = new Uint8Array(0);

/** An empty view, to be filled by `decodePdu`. */
export function newPduView(): PduView {
  return {
    octets: NO_OCTETS,
    tag: 0,
    requestId: 0,
    errorStatus: 0,
    errorIndex: 0,
    enterpriseStart: 0,
    enterpriseEnd: 0,
    agentAddressStart: 0,
    genericTrap: 0,
    specificTrap: 0,
    timestamp: 0,
    count: 0,
    unreadableCount: 0,
    columns: newColumns(FIRST_CAPACITY),
  };
}

function newColumns(capacity: number): VarbindColumns {
  return {
    types: new Uint8Array(capacity),
    nameStarts: new Uint16Array(capacity),
    nameEnds: new Uint16Array(capacity),
    valueStarts: new Uint16Array(capacity),
    valueEnds: new Uint16Array(capacity),
    numbers: new Float64Array(capacity),
    highs: new Uint32Array(capacity),
    lows: new Uint32Array(capacity),
  };
}

/** Makes room for `rows` varbinds; what the columns held is void. */
export function columnsFor(pdu: PduView, rows: number): VarbindColumns {
  let capacity = pdu.columns.types.length;
  while (capacity < rows) capacity *= 2;
  if (capacity > pdu.columns.types.length) pdu.columns = newColumns(capacity);
  return pdu.columns;
}

/** Records that varbind `row` has no value to read, and why. */
export function markUnreadable(pdu: PduView, row: number, reason: UnreadableReason): void {
  pdu.columns.types[row] = UNREADABLE;
  pdu.columns.numbers[row] = UNREADABLE_REASONS.indexOf(reason);
  pdu.unreadableCount += 1;
}

/** Why varbind `row` has no value; null when it has one. */
export function unreadableReason(pdu: PduView, row: number): UnreadableReason | null {
  if (pdu.columns.types[row] !== UNREADABLE) return null;
  return UNREADABLE_REASONS[pdu.columns.numbers[row]!] ?? null;
}

/** Counter64 of varbind `row`, exact. */
export function counter64At(pdu: PduView, row: number): bigint {
  return (BigInt(pdu.columns.highs[row]!) << 32n) | BigInt(pdu.columns.lows[row]!);
}
