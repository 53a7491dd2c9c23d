import type { DurationMs } from '../../lib/time.ts';
import {
  cellValue,
  copyStore,
  hasValue,
  highOf,
  NOT_ANSWERED,
  newCellStore,
  numberIn,
} from '../plan/cell-store.ts';
import { CARE, cellAt, rowCount, type TablePlace } from '../plan/layout.ts';
import type { LaidOut } from '../plan/relayout.ts';
import { numberOf } from '../reading.ts';
import type { Varbind } from '../snmp-client.ts';
import type { ExporterModule, ExporterObject, ExporterTable } from './exporter-module.ts';
import { EXPORTER_MODULES } from './exporter-modules.ts';
import type { ReadCosts } from './read-costs.ts';

/** What `/snmp` is served from: the cells of the last complete poll, and what reading them took. */
export interface RawPoll {
  /** Read when a scrape comes; a later poll may have come meanwhile. */
  readonly laid: LaidOut;
  readonly costs: ReadCosts;
  /** Time that the poll took beyond the reading. */
  readonly workMs: DurationMs;
}

/** One module of a poll, as a scrape shows it. */
export interface RawModule {
  readonly module: ExporterModule;
  readonly scalars: readonly Varbind['value'][];
  readonly tables: readonly RawTable[];
  readonly facts: ScrapeFacts;
}

/** Rows of one table, in the order of their numbers. */
export interface RawTable {
  readonly table: ExporterTable;
  readonly indexes: readonly string[];
  /** By OID; a column that the poll does not read is not in it. */
  readonly columns: ReadonlyMap<string, RawColumn>;
}

/** One column, by the row's place in `indexes`. */
export interface RawColumn {
  /** The number as sent, Counter64 modulo 2^53; NaN when the row has none. */
  number(row: number): number;
  /** null when the row has none. */
  value(row: number): Varbind['value'];
}

export interface ScrapeFacts {
  /** Time in which the device was asked; requests that several modules share count in each. */
  readonly walkMs: DurationMs;
  /** The same with the work on what was answered. */
  readonly durationMs: DurationMs;
  readonly packetsSent: number;
  /** null when the client does not tell. */
  readonly packetsRetried: number | null;
  /** Values that the device gave. */
  readonly valueCount: number;
  /** Whether something could not be read. */
  readonly isPartial: boolean;
}

const LARGEST_INDEX = 0xffff_ffff;
const LOW_HALF = 2 ** 32;
/** snmp_exporter keeps counters below 2^53, so that a double holds each of them exactly. */
const EXACT_HIGH = 2 ** 21;

/** The modules of these names, as the cells are at this moment: a poll that ends later changes nothing. */
export function rawModules(poll: RawPoll, names: readonly string[]): RawModule[] {
  const { layout, arena, store } = poll.laid;
  const held = newCellStore(layout);
  copyStore(store, held);
  const laid: LaidOut = { layout, arena, store: held };
  const found: RawModule[] = [];
  EXPORTER_MODULES.forEach((module, place) => {
    if (!names.includes(module.name)) return;
    const scalars = module.scalars.map((object) => scalarValue(laid, object));
    const tables = module.tables.map((table) => rawTable(laid, table));
    const cost = poll.costs.modules[place]!;
    const facts: ScrapeFacts = {
      walkMs: cost.durationMs,
      durationMs: cost.durationMs + poll.workMs,
      packetsSent: cost.packetsSent,
      packetsRetried: cost.packetsRetried,
      ...tally(laid, 1 << place),
    };
    found.push({ module, scalars, tables, facts });
  });
  return found;
}

function scalarValue({ layout, store, arena }: LaidOut, { oid }: ExporterObject) {
  const cell = layout.scalars.findIndex((scalar) => scalar.oid === `${oid}.0`);
  return cell === -1 ? null : cellValue(store, arena, cell);
}

/** Where a column is found. A low half that is not read is in the place of its whole. */
interface Source {
  readonly table: TablePlace;
  readonly column: number;
  readonly isLowHalf: boolean;
}

/** The first table that has the column and rows is the one of the profile that counts most. */
function sourceOf({ layout }: LaidOut, oid: string): Source | null {
  for (const table of layout.tables) {
    if (rowCount(table) === 0) continue;
    const column = table.columns.findIndex(({ def }) => def.oid === oid);
    if (column === -1) continue;
    if (table.care[column] !== CARE.lowHalf) return { table, column, isLowHalf: false };
    const { lowHalfOf } = table.columns[column]!.def;
    const whole = table.columns.findIndex(({ def }) => def.name === lowHalfOf);
    if (whole !== -1) return { table, column: whole, isLowHalf: true };
  }
  return null;
}

function rawTable(laid: LaidOut, table: ExporterTable): RawTable {
  const sources = new Map<string, Source>();
  for (const { oid } of [...table.columns, ...table.lookups]) {
    const source = sourceOf(laid, oid);
    if (source !== null) sources.set(oid, source);
  }
  const rows = new Map<TablePlace, ReadonlyMap<string, number>>();
  for (const { table: place } of sources.values()) {
    if (!rows.has(place))
      rows.set(place, new Map(place.rows.texts.map((text, row) => [text, row])));
  }
  const hasRow = (index: string) =>
    sources.values().some(({ table: place, column }) => {
      const row = rows.get(place)!.get(index);
      return row !== undefined && hasValue(laid.store, cellAt(place, column, row));
    });
  const indexes = [...new Set(rows.values().flatMap((own) => own.keys()))]
    .filter((index) => isOneNumber(index) && hasRow(index))
    .sort((a, b) => Number(a) - Number(b));
  const places = new Map(
    rows
      .entries()
      .map(([place, own]) => [place, Int32Array.from(indexes, (index) => own.get(index) ?? -1)]),
  );
  const columns = new Map(
    sources.entries().map(([oid, source]) => [oid, rawColumn(laid, source, places)]),
  );
  return { table, indexes, columns };
}

function rawColumn(
  laid: LaidOut,
  { table, column, isLowHalf }: Source,
  places: ReadonlyMap<TablePlace, Int32Array>,
): RawColumn {
  const rows = places.get(table)!;
  const first = cellAt(table, column, 0);
  return {
    number(row) {
      const place = rows[row]!;
      return place === -1 ? Number.NaN : rawNumber(laid, first + place, isLowHalf);
    },
    value(row) {
      const place = rows[row]!;
      return place === -1 ? null : cellValue(laid.store, laid.arena, first + place);
    },
  };
}

/** An index of another form than the MIB's is no row. */
function isOneNumber(key: string): boolean {
  return /^\d{1,10}$/.test(key) && Number(key) <= LARGEST_INDEX;
}

function rawNumber({ store, arena }: LaidOut, cell: number, isLowHalf: boolean): number {
  const number = numberIn(store, cell);
  if (Number.isNaN(number)) {
    const value = cellValue(store, arena, cell);
    return value === null ? Number.NaN : (numberOf({ value }) ?? Number.NaN);
  }
  if (isLowHalf) return store.lows[cell]!;
  const high = highOf(store, cell);
  // Only a Counter64 can be as large.
  if (number >= EXACT_HIGH * LOW_HALF) return (high % EXACT_HIGH) * LOW_HALF + store.lows[cell]!;
  return number;
}

/** The number that a value is for snmp_exporter; NaN when it is none. */
export function scalarNumber(value: Varbind['value']): number {
  if (typeof value === 'bigint') return Number(BigInt.asUintN(53, value));
  return value === null ? Number.NaN : (numberOf({ value }) ?? Number.NaN);
}

/** How much of one module the device gave, and whether something is missing. */
function tally(
  { layout, store }: LaidOut,
  mask: number,
): Pick<ScrapeFacts, 'valueCount' | 'isPartial'> {
  let valueCount = 0;
  let isPartial = false;
  const look = (cell: number) => {
    if (hasValue(store, cell)) valueCount += 1;
    if (store.types[cell] === NOT_ANSWERED) isPartial = true;
  };
  layout.scalars.forEach(({ modules }, cell) => {
    if ((modules & mask) !== 0) look(cell);
  });
  for (const table of layout.tables) {
    table.columns.forEach(({ def, modules }, column) => {
      if ((modules & mask) === 0) return;
      if (table.cut?.columns.has(def.name)) isPartial = true;
      const isHalf = table.care[column] === CARE.lowHalf;
      const name = isHalf ? def.lowHalfOf : def.name;
      const source = table.columns.findIndex((one) => one.def.name === name);
      for (let row = 0; row < rowCount(table); row += 1) look(cellAt(table, source, row));
    });
  }
  return { valueCount, isPartial };
}
