import type { ColumnDef, Profile, ScalarDef, TableDef } from '../../config/profile.ts';
import { assert } from '../../lib/assert.ts';
import type { EpochMs } from '../../lib/time.ts';
import { moduleMask } from '../exporter/module-masks.ts';
import { type BerWriter, makeRoom } from '../snmp/ber-writer.ts';
import { oidFromText } from '../snmp/oid-octets.ts';
import { writeName } from '../snmp/request-template.ts';
import { NULL, OBJECT_IDENTIFIER, SEQUENCE } from '../snmp/tags.ts';
import type { SnmpError } from '../snmp-client.ts';

/**
 * Which cell of a store holds what: first the scalars, then the tables one after the other, each
 * column after column. A layout is never changed; other rows mean another layout.
 */
export interface Layout {
  readonly scalars: readonly ScalarPlace[];
  readonly tables: readonly TablePlace[];
  readonly size: number;
  /** Where the 64-bit counters of the table with most of them are. */
  readonly wideFrom: number;
  readonly wideCount: number;
}

export interface ScalarPlace {
  /** With its instance. */
  readonly oid: string;
  readonly name: Uint8Array;
  /** Asked for once in a while. */
  readonly isRare: boolean;
  /** Which modules of `/snmp` export it (module-masks.ts). */
  readonly modules: number;
}

export interface TablePlace {
  readonly profile: Profile;
  readonly def: TableDef;
  /** In the order of `def.columns`. */
  readonly columns: readonly ColumnPlace[];
  /** Of the column in its first place, in its first row. */
  readonly firstCell: number;
  readonly places: ColumnOrder;
  readonly rows: RowIndexes;
  /** How each column is kept up to date (CARE), in the order of `columns`; shared, and so never written to. */
  care: Uint8Array;
  /** Polls in which each column that only `/snmp` shows has stood still; shared as well. */
  stillPolls: Uint8Array;
  /** What kept the walk that found the rows from its end. */
  readonly cut: TableCut | null;
  /** When that walk was. */
  readonly walkedAt: EpochMs;
}

/**
 * In which order the cells of a table's columns lie: first those of 64-bit counters. All columns of
 * which nothing is kept share the last place, whose cells are always empty.
 */
export interface ColumnOrder {
  /** By column. */
  readonly placeOf: Uint8Array;
  /** By place. */
  readonly columnAt: Uint8Array;
  /** How many columns of 64-bit counters come first. */
  readonly wideColumns: number;
}

export interface ColumnPlace {
  readonly def: ColumnDef;
  /** Content octets of the column's OID. */
  readonly name: Uint8Array;
  readonly modules: number;
  /** Its difference becomes a rate, or dates one: kept together in a request, with sysUpTime. */
  readonly isDated: boolean;
}

export interface TableCut {
  /** Columns that were not walked to their end. */
  readonly columns: ReadonlySet<string>;
  readonly error: SnmpError;
  /** Not all rows may be known: the table is walked again at the next poll. */
  readonly isUnknown: boolean;
}

/** How a column of a table is kept up to date. */
export const CARE = {
  /** Read in every poll. */
  always: 0,
  /** Rarely changes: read in turns, and when something tells. */
  rare: 1,
  /** The low half of a 64-bit counter, which says the same and more: not read. */
  lowHalf: 2,
  /** The device has nothing of it: not read before the table is walked again. */
  nothing: 3,
  /** Only for `/snmp`, and standing still in all rows: read in turns. */
  still: 4,
} as const;

/** Whether anything is kept of a column that is cared for in this way. */
export function hasCells(care: number): boolean {
  return care !== CARE.lowHalf && care !== CARE.nothing;
}

/** The order for columns that are cared for so; `isWide` tells which of them hold 64-bit counters. */
export function columnOrder(care: Uint8Array, isWide: (column: number) => boolean): ColumnOrder {
  const all = [...care.keys()];
  const kept = all.filter((column) => hasCells(care[column]!));
  const wide = kept.filter(isWide);
  const order = [...wide, ...kept.filter((column) => !isWide(column))];
  if (kept.length < all.length) order.push(all.find((column) => !hasCells(care[column]!))!);
  const placeOf = new Uint8Array(all.length).fill(order.length - 1);
  order.forEach((column, place) => {
    placeOf[column] = place;
  });
  return { placeOf, columnAt: Uint8Array.from(order), wideColumns: wide.length };
}

/** How many cells a table has. */
export function cellCount({ places, rows }: Pick<TablePlace, 'places' | 'rows'>): number {
  return places.columnAt.length * rows.texts.length;
}

/** Row indexes of a table in the device's order: as text, and as octets one after the other. */
export interface RowIndexes {
  readonly texts: readonly string[];
  readonly octets: Uint8Array;
  /** Where each row's octets end. */
  readonly ends: Uint32Array;
}

const INDEX_STEM = '1.3.';
const STEM_OCTETS = 1;

/** Rows with these indexes: dotted numbers, as they follow a column's OID. */
export function rowIndexes(texts: readonly string[]): RowIndexes {
  const parts = texts.map((text) => nameOctets(INDEX_STEM + text).subarray(STEM_OCTETS));
  const ends = new Uint32Array(parts.length);
  let length = 0;
  parts.forEach((part, row) => {
    length += part.length;
    ends[row] = length;
  });
  const octets = new Uint8Array(length);
  parts.forEach((part, row) => {
    octets.set(part, ends[row]! - part.length);
  });
  return { texts, octets, ends };
}

const names = new Map<string, Uint8Array>();
/** More OIDs than all profiles name. */
const MOST_NAMES = 10_000;

/** Content octets of an OID; those that profiles name are made once for all devices. */
export function profileName(oid: string): Uint8Array {
  let octets = names.get(oid);
  if (octets !== undefined) return octets;
  octets = nameOctets(oid);
  if (names.size < MOST_NAMES) names.set(oid, octets);
  return octets;
}

function nameOctets(oid: string): Uint8Array {
  const octets = oidFromText(oid);
  assert(octets !== null, 'profiles and answers hold valid OIDs');
  return octets;
}

/** The scalars that these definitions and the planner itself name, each once. */
export function scalarPlaces(
  defs: readonly Pick<ScalarDef, 'oid' | 'rarelyChanges'>[],
): ScalarPlace[] {
  const places = new Map<string, ScalarPlace>();
  for (const { oid, rarelyChanges } of defs) {
    const isRare = rarelyChanges && (places.get(oid)?.isRare ?? true);
    places.set(oid, scalarPlace(oid, isRare));
  }
  return [...places.values()];
}

const scalars = new Map<string, ScalarPlace>();

/** Those that profiles name are made once for all devices. */
function scalarPlace(oid: string, isRare: boolean): ScalarPlace {
  const key = `${oid} ${isRare}`;
  const known = scalars.get(key);
  if (known !== undefined) return known;
  const place = { oid, name: profileName(oid), isRare, modules: moduleMask(oid) };
  if (scalars.size < MOST_NAMES) scalars.set(key, place);
  return place;
}

/** Counters whose difference becomes a rate, and what tells whether they still count from the same beginning. */
const DATED_COLUMNS: ReadonlySet<string> = new Set([
  'ifHCInOctets',
  'ifInOctets',
  'ifHCOutOctets',
  'ifOutOctets',
  'ifCounterDiscontinuityTime',
  'ifLastChange',
]);

const columnsOfTable = new WeakMap<TableDef, readonly ColumnPlace[]>();

/** The columns of a table; made once for all devices. */
export function columnPlaces(def: TableDef): readonly ColumnPlace[] {
  let columns = columnsOfTable.get(def);
  if (columns === undefined) {
    columns = def.columns.map((column) => ({
      def: column,
      name: profileName(column.oid),
      modules: moduleMask(column.oid),
      isDated: def.kind === 'interfaces' && DATED_COLUMNS.has(column.name),
    }));
    columnsOfTable.set(def, columns);
  }
  return columns;
}

/** The scalar that every request of counters begins with: layouts keep sysUpTime in their first cell. */
export const UPTIME_CELL = 0;

/** Cells of one layout, in as few octets as they need. */
export type CellList = Uint16Array | Uint32Array;

const MOST_SHORT_CELLS = 2 ** 16;

/** A list of cells of that layout. */
export function cellList({ size }: Layout, cells: readonly number[]): CellList {
  return size <= MOST_SHORT_CELLS ? Uint16Array.from(cells) : Uint32Array.from(cells);
}

/** How many rows the table has. */
export function rowCount(table: TablePlace): number {
  return table.rows.texts.length;
}

/** The cell of a column and a row. */
export function cellAt(table: TablePlace, column: number, row: number): number {
  return table.firstCell + table.places.placeOf[column]! * table.rows.texts.length + row;
}

/** The table that a cell belongs to; null for a scalar. */
export function tableOf(layout: Layout, cell: number): TablePlace | null {
  if (layout === lastFound.layout && cell >= lastFound.from && cell < lastFound.to) {
    return lastFound.table;
  }
  if (cell < layout.scalars.length) return null;
  const { tables } = layout;
  let place = tables.length - 1;
  while (tables[place]!.firstCell > cell) place -= 1;
  const table = tables[place]!;
  lastFound = {
    layout,
    table,
    from: table.firstCell,
    to: tables[place + 1]?.firstCell ?? layout.size,
  };
  return table;
}

/** Most cells are asked about right after others of their table, and devices have many tables. */
let lastFound: {
  readonly layout: Layout | null;
  readonly table: TablePlace | null;
  readonly from: number;
  readonly to: number;
} = { layout: null, table: null, from: 0, to: 0 };

/** Which column of its table a cell is in. */
export function columnOf(table: TablePlace, cell: number): number {
  return table.places.columnAt[((cell - table.firstCell) / table.rows.texts.length) | 0]!;
}

/** Which row of its table a cell is in. */
export function rowOf(table: TablePlace, cell: number): number {
  const own = cell - table.firstCell;
  const rows = table.rows.texts.length;
  return own - ((own / rows) | 0) * rows;
}

/** The name of a cell in two parts, as the last `locate` found it: all of `stem`, then `index[from, to)`. */
const NO_OCTETS: Uint8Array = new Uint8Array(0);
const located = { stem: NO_OCTETS, index: NO_OCTETS, from: 0, to: 0 };

function locate(layout: Layout, cell: number): void {
  const table = tableOf(layout, cell);
  if (table === null) {
    located.stem = layout.scalars[cell]!.name;
    located.index = NO_OCTETS;
    located.from = 0;
    located.to = 0;
    return;
  }
  const { rows } = table;
  const own = cell - table.firstCell;
  const place = (own / rows.texts.length) | 0;
  const row = own - place * rows.texts.length;
  located.stem = table.columns[table.places.columnAt[place]!]!.name;
  located.index = rows.octets;
  located.from = row === 0 ? 0 : rows.ends[row - 1]!;
  located.to = rows.ends[row]!;
}

/** Whether `octets[start..end)` is the name of the cell. */
export function isNameOf(
  layout: Layout,
  cell: number,
  octets: Uint8Array,
  start: number,
  end: number,
): boolean {
  locate(layout, cell);
  const { stem, index, from, to } = located;
  const indexAt = start + stem.length;
  if (end - indexAt !== to - from) return false;
  // From the end: instances that are mixed up differ there.
  for (let at = to - from - 1; at >= 0; at -= 1) {
    if (octets[indexAt + at] !== index[from + at]) return false;
  }
  for (let at = stem.length - 1; at >= 0; at -= 1) {
    if (octets[start + at] !== stem[at]) return false;
  }
  return true;
}

/** Names up to this long take one octet for each of their lengths. */
const LONGEST_SHORT_NAME = 120;
const HEADERS_OCTETS = 6;
/** RFC 2578 §3.5: 128 sub-identifiers of at most five octets. */
const scratch = new Uint8Array(640);

/** Puts a varbind that asks for the cell before what the writer holds. */
export function writeNameOf(layout: Layout, cell: number, writer: BerWriter): void {
  locate(layout, cell);
  const { stem, index, from, to } = located;
  const length = stem.length + to - from;
  if (length > LONGEST_SHORT_NAME) {
    scratch.set(stem);
    scratch.set(index.subarray(from, to), stem.length);
    writeName(writer, scratch, 0, length);
    return;
  }
  if (!makeRoom(writer, length + HEADERS_OCTETS)) return;
  const { octets } = writer;
  let at = writer.at;
  octets[at++] = SEQUENCE;
  octets[at++] = length + 4;
  octets[at++] = OBJECT_IDENTIFIER;
  octets[at++] = length;
  for (let place = 0; place < stem.length; place += 1) octets[at++] = stem[place]!;
  for (let place = from; place < to; place += 1) octets[at++] = index[place]!;
  octets[at++] = NULL;
  octets[at] = 0;
}

/** Octets of the cell's name. */
export function nameLength(layout: Layout, cell: number): number {
  locate(layout, cell);
  return located.stem.length + located.to - located.from;
}

/** Dotted name of the cell. */
export function oidOf(layout: Layout, cell: number): string {
  const table = tableOf(layout, cell);
  if (table === null) return layout.scalars[cell]!.oid;
  const column = table.columns[columnOf(table, cell)]!;
  return `${column.def.oid}.${table.rows.texts[rowOf(table, cell)]}`;
}
