import { assert } from '../../lib/assert.ts';
import { oidFromText, oidText } from '../snmp/oid-octets.ts';
import { opaqueDouble, opaqueNumber } from '../snmp/opaque-number.ts';
import { type PduView, UNREADABLE } from '../snmp/pdu-view.ts';
import {
  COUNTER32,
  COUNTER64,
  GAUGE32,
  INTEGER,
  IP_ADDRESS,
  NULL,
  OBJECT_IDENTIFIER,
  OCTET_STRING,
  OPAQUE,
  TIME_TICKS,
} from '../snmp/tags.ts';
import { TAG_OF_TYPE, TYPE_OF_TAG } from '../snmp/varbind-objects.ts';
import type { Varbind } from '../snmp-client.ts';
import type { TextArena } from './text-arena.ts';

/**
 * What a device answered, one cell for each instance, without an object for any of them. A number is
 * kept as a double, a Counter64 as its two halves, everything else as a place in a text arena.
 */
export interface CellStore {
  /** Tags of tags.ts, or one of the two below. */
  readonly types: Uint8Array;
  /** Numbers of the 32-bit types; of other types meaningless. */
  readonly numbers: Float64Array;
  /**
   * The same memory: of a Counter64 in cell i the low half at 2i and the high half at 2i + 1; of text
   * the place in the arena and the count of octets.
   */
  readonly words: Uint32Array;
}

/** Nothing was ever answered for the cell. */
export const EMPTY = 0;
/** Asked for in the present poll, and not answered. */
export const NOT_ANSWERED = 0xff;

const OCTETS_PER_CELL = 9;
const OCTETS_PER_NUMBER = 8;
const TWO_TO_32 = 4_294_967_296;
/** More of one text is not kept: nobody shows that much. */
export const LONGEST_TEXT_OCTETS = 1_024;

/** A store of `size` empty cells. */
export function newCellStore(size: number): CellStore {
  const memory = new ArrayBuffer(size * OCTETS_PER_CELL);
  return {
    numbers: new Float64Array(memory, 0, size),
    words: new Uint32Array(memory, 0, size * 2),
    types: new Uint8Array(memory, size * OCTETS_PER_NUMBER, size),
  };
}

/** Makes `to` hold what `from` holds; both have as many cells. */
export function copyStore(from: CellStore, to: CellStore): void {
  to.numbers.set(from.numbers);
  to.types.set(from.types);
}

/** Whether the cell holds a value: RFC 3416's exceptions and NULL, which some agents send instead, are none. */
export function hasValue(store: CellStore, cell: number): boolean {
  const type = store.types[cell]!;
  return type !== EMPTY && type !== NULL && type < FIRST_EXCEPTION;
}

/** noSuchObject; everything from there on is no value. */
const FIRST_EXCEPTION = 0x80;

/** The number in a cell: Counter64 as the nearest double; NaN when it holds none, or text. */
export function numberIn(store: CellStore, cell: number): number {
  switch (store.types[cell]) {
    case INTEGER:
    case COUNTER32:
    case GAUGE32:
    case TIME_TICKS:
      return store.numbers[cell]!;
    case COUNTER64:
      return store.words[cell * 2 + 1]! * TWO_TO_32 + store.words[cell * 2]!;
    default:
      return Number.NaN;
  }
}

/** Takes varbind `row` of a reply into a cell. A value that cannot be read is no value. */
export function takeVarbind(
  store: CellStore,
  arena: TextArena,
  cell: number,
  pdu: PduView,
  row: number,
): void {
  const { columns } = pdu;
  const type = columns.types[row]!;
  switch (type) {
    case COUNTER64:
      store.words[cell * 2] = columns.lows[row]!;
      store.words[cell * 2 + 1] = columns.highs[row]!;
      break;
    case INTEGER:
    case COUNTER32:
    case GAUGE32:
    case TIME_TICKS:
      store.numbers[cell] = columns.numbers[row]!;
      break;
    case UNREADABLE:
      store.types[cell] = NULL;
      return;
    case OCTET_STRING:
    case OBJECT_IDENTIFIER:
    case OPAQUE:
    case IP_ADDRESS:
      takeText(store, arena, cell, pdu.octets, columns.valueStarts[row]!, columns.valueEnds[row]!);
      break;
    default:
      break;
  }
  store.types[cell] = type;
}

/** Only text that differs from what the cell held before is copied. */
function takeText(
  store: CellStore,
  arena: TextArena,
  cell: number,
  octets: Uint8Array,
  start: number,
  end: number,
): void {
  const { words } = store;
  const stop = Math.min(end, start + LONGEST_TEXT_OCTETS);
  if (isTextType(store.types[cell]!)) {
    if (arena.holds(words[cell * 2]!, words[cell * 2 + 1]!, octets, start, stop)) return;
  }
  words[cell * 2] = arena.add(octets, start, stop);
  words[cell * 2 + 1] = stop - start;
}

/** Whether cells of that type keep their value in the arena. */
export function isTextType(type: number): boolean {
  return (
    type === OCTET_STRING || type === OBJECT_IDENTIFIER || type === OPAQUE || type === IP_ADDRESS
  );
}

/** Puts a varbind that came as an object into a cell. */
export function putVarbind(
  store: CellStore,
  arena: TextArena,
  cell: number,
  { type, value }: Pick<Varbind, 'type' | 'value'>,
): void {
  const tag = TAG_OF_TYPE[type];
  if (value === null) store.types[cell] = tag;
  else if (isTextType(tag)) {
    const octets = textOctets(tag, value);
    takeText(store, arena, cell, octets, 0, octets.length);
    store.types[cell] = tag;
  } else if (typeof value === 'bigint') {
    store.words[cell * 2] = Number(BigInt.asUintN(32, value));
    store.words[cell * 2 + 1] = Number(BigInt.asUintN(32, value >> 32n));
    store.types[cell] = COUNTER64;
  } else {
    store.numbers[cell] = Number(value);
    store.types[cell] = tag;
  }
}

function textOctets(tag: number, value: NonNullable<Varbind['value']>): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (tag === OPAQUE) return opaqueDouble(Number(value));
  if (tag === IP_ADDRESS) return Uint8Array.from(String(value).split('.').map(Number));
  return oidFromText(String(value)) ?? new Uint8Array(0);
}

/** The value of a cell as an object that owns its octets; null when nothing was ever answered. */
export function cellVarbind(
  store: CellStore,
  arena: TextArena,
  cell: number,
  oid: string,
): Varbind | null {
  const tag = store.types[cell]!;
  if (tag === EMPTY || tag === NOT_ANSWERED) return null;
  const type = TYPE_OF_TAG.get(tag);
  assert(type !== undefined, 'only known types are stored');
  return { oid, type, value: cellValue(store, arena, cell) };
}

/** As `cellVarbind`, the value alone; null when there is none. */
export function cellValue(store: CellStore, arena: TextArena, cell: number): Varbind['value'] {
  const tag = store.types[cell]!;
  if (!hasValue(store, cell)) return null;
  if (tag === COUNTER64) return counter64In(store, cell);
  if (!isTextType(tag)) return store.numbers[cell]!;
  const start = store.words[cell * 2]!;
  const end = start + store.words[cell * 2 + 1]!;
  const { octets } = arena;
  if (tag === OBJECT_IDENTIFIER) return start === end ? '' : oidText(octets, start, end);
  if (tag === IP_ADDRESS) return octets.subarray(start, end).join('.');
  if (tag === OPAQUE) {
    const number = opaqueNumber(octets, start, end);
    if (number !== null && Number.isFinite(number)) return number;
  }
  return octets.slice(start, end);
}

/** A Counter64, exact. Only of a cell that holds one. */
export function counter64In(store: CellStore, cell: number): bigint {
  return (BigInt(store.words[cell * 2 + 1]!) << 32n) | BigInt(store.words[cell * 2]!);
}

/** Content octets that the value took on the wire, as BER writes it. */
export function valueOctets(store: CellStore, cell: number): number {
  const tag = store.types[cell]!;
  if (!hasValue(store, cell)) return 0;
  if (isTextType(tag)) return store.words[cell * 2 + 1]!;
  const number = numberIn(store, cell);
  const magnitude = number < 0 ? -number - 1 : number;
  let octets = 1;
  for (let limit = 128; magnitude >= limit; limit *= 256) octets += 1;
  return octets;
}
