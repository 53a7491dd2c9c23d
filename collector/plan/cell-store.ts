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
 * What a device answered, one cell for each instance, without an object for any of them. Of a number
 * the low half is kept for every cell, the high half of a Counter64 only where they are usual; of
 * everything else a place in a text arena.
 */
export interface CellStore {
  /** Tags of tags.ts, or one of the two below. */
  readonly types: Uint8Array;
  /** By cell: a number modulo 2^32; of text its place in the arena. */
  readonly lows: Uint32Array;
  /** High halves of the cells from `wideFrom` on. */
  readonly highs: Uint32Array;
  readonly wideFrom: number;
  /** High halves, other than 0, of Counter64s elsewhere; null: there are none. */
  moreHighs: Map<number, number> | null;
}

/** How many cells a store has, and from which on how many of them usually hold a Counter64. */
export interface StoreShape {
  readonly size: number;
  readonly wideFrom: number;
  readonly wideCount: number;
}

/** Nothing was ever answered for the cell. */
export const EMPTY = 0;
/** Asked for in the present poll, and not answered. */
export const NOT_ANSWERED = 0xff;

const OCTETS_PER_WORD = 4;
const TWO_TO_32 = 4_294_967_296;
/** More of one text is not kept: nobody shows that much. */
export const LONGEST_TEXT_OCTETS = 1_024;

/** A store of empty cells. */
export function newCellStore({ size, wideFrom, wideCount }: StoreShape): CellStore {
  const memory = new ArrayBuffer((size + wideCount) * OCTETS_PER_WORD + size);
  return {
    lows: new Uint32Array(memory, 0, size),
    highs: new Uint32Array(memory, size * OCTETS_PER_WORD, wideCount),
    types: new Uint8Array(memory, (size + wideCount) * OCTETS_PER_WORD, size),
    wideFrom,
    moreHighs: null,
  };
}

/** Makes `to` hold what `from` holds; both are of one shape. */
export function copyStore(from: CellStore, to: CellStore): void {
  to.lows.set(from.lows);
  to.highs.set(from.highs);
  to.types.set(from.types);
  to.moreHighs = from.moreHighs === null ? null : new Map(from.moreHighs);
}

/** The high half of a Counter64; 0 for any other number. */
export function highOf(store: CellStore, cell: number): number {
  const place = cell - store.wideFrom;
  if (place >= 0 && place < store.highs.length) return store.highs[place]!;
  return store.moreHighs?.get(cell) ?? 0;
}

function setHigh(store: CellStore, cell: number, high: number): void {
  const place = cell - store.wideFrom;
  if (place >= 0 && place < store.highs.length) store.highs[place] = high;
  else if (high === 0) store.moreHighs?.delete(cell);
  else {
    store.moreHighs ??= new Map();
    store.moreHighs.set(cell, high);
  }
}

/** Whether the cell holds the same in both stores, which are of one shape and have one arena. */
export function isSameCell(one: CellStore, other: CellStore, cell: number): boolean {
  const type = one.types[cell]!;
  return (
    type === other.types[cell] &&
    one.lows[cell] === other.lows[cell] &&
    (type !== COUNTER64 || highOf(one, cell) === highOf(other, cell))
  );
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
      return store.lows[cell]! | 0;
    case COUNTER32:
    case GAUGE32:
    case TIME_TICKS:
      return store.lows[cell]!;
    case COUNTER64:
      return highOf(store, cell) * TWO_TO_32 + store.lows[cell]!;
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
      store.lows[cell] = columns.lows[row]!;
      setHigh(store, cell, columns.highs[row]!);
      break;
    case INTEGER:
    case COUNTER32:
    case GAUGE32:
    case TIME_TICKS:
      store.lows[cell] = columns.numbers[row]!;
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
  const { lows } = store;
  const stop = Math.min(end, start + LONGEST_TEXT_OCTETS);
  if (isTextType(store.types[cell]!) && arena.holds(lows[cell]!, octets, start, stop)) return;
  lows[cell] = arena.add(octets, start, stop);
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
    store.lows[cell] = Number(BigInt.asUintN(32, value));
    setHigh(store, cell, Number(BigInt.asUintN(32, value >> 32n)));
    store.types[cell] = COUNTER64;
  } else {
    store.lows[cell] = Number(value);
    store.types[cell] = tag;
  }
}

/** Copies a cell into one of another store with another arena. */
export function copyCell(
  from: { readonly store: CellStore; readonly arena: TextArena },
  cell: number,
  to: { readonly store: CellStore; readonly arena: TextArena },
  target: number,
): void {
  const type = from.store.types[cell]!;
  to.store.types[target] = type;
  if (isTextType(type)) {
    const place = from.store.lows[cell]!;
    const end = place + from.arena.lengthAt(place);
    to.store.lows[target] = to.arena.add(from.arena.octets, place, end);
  } else if (type !== EMPTY) {
    to.store.lows[target] = from.store.lows[cell]!;
    if (type === COUNTER64) setHigh(to.store, target, highOf(from.store, cell));
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
  if (!isTextType(tag)) return numberIn(store, cell);
  const start = store.lows[cell]!;
  const end = start + arena.lengthAt(start);
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
  return (BigInt(highOf(store, cell)) << 32n) | BigInt(store.lows[cell]!);
}

/** Content octets that the value took on the wire, as BER writes it. */
export function valueOctets(store: CellStore, arena: TextArena, cell: number): number {
  const tag = store.types[cell]!;
  if (!hasValue(store, cell)) return 0;
  if (isTextType(tag)) return arena.lengthAt(store.lows[cell]!);
  const number = numberIn(store, cell);
  const magnitude = number < 0 ? -number - 1 : number;
  let octets = 1;
  for (let limit = 128; magnitude >= limit; limit *= 256) octets += 1;
  return octets;
}
