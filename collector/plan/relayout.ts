import type { Varbind } from '../snmp-client.ts';
import { type CellStore, copyCell, NOT_ANSWERED, newCellStore, putVarbind } from './cell-store.ts';
import { InternPool, shareOctets } from './intern-pool.ts';
import {
  type ColumnOrder,
  cellAt,
  cellCount,
  columnOrder,
  columnPlaces,
  hasCells,
  type Layout,
  type RowIndexes,
  rowIndexes,
  type ScalarPlace,
  type TablePlace,
} from './layout.ts';
import type { WalkedTable } from './table-walk.ts';
import { TextArena } from './text-arena.ts';

/** A layout with the cells that go with it. */
export interface LaidOut {
  readonly layout: Layout;
  readonly arena: TextArena;
  readonly store: CellStore;
}

/** A table of the new layout: just walked, or kept as it is. */
export type TableSource = WalkedTable | TablePlace;

/** Scalars of the new layout: answered just now, or kept as they are. */
export interface ScalarsSource {
  readonly places: readonly ScalarPlace[];
  /** By OID; null: all are kept from the old layout, which has the same. */
  readonly answered: {
    readonly varbinds: ReadonlyMap<string, Varbind>;
    readonly unreadOids: ReadonlySet<string>;
  } | null;
}

/** Lays out these scalars and tables; `old` is where those that are kept come from. */
export function layOut(
  scalars: ScalarsSource,
  sources: readonly TableSource[],
  old: LaidOut | null,
): LaidOut {
  const layout = newLayout(scalars.places, sources);
  const arena = new TextArena(old?.arena.used);
  const laid = { layout, arena, store: newCellStore(layout) };
  if (scalars.answered === null) {
    layout.scalars.forEach((_, cell) => {
      copyCell(old!, cell, laid, cell);
    });
  } else putScalars(laid, scalars.answered);
  sources.forEach((source, place) => {
    const table = layout.tables[place]!;
    if ('indexes' in source) putTable(laid, table, source);
    else copyTable(old!, source, laid, table);
  });
  arena.trim();
  return laid;
}

/** Devices of one kind have the same rows. */
const sharedRows = new InternPool<RowIndexes>(({ octets, ends }) => [octets, ends]);

const sharedOrders = new InternPool<ColumnOrder>(({ placeOf, columnAt, wideColumns }) => [
  placeOf,
  columnAt,
  Uint16Array.of(wideColumns),
]);

function newLayout(scalars: readonly ScalarPlace[], sources: readonly TableSource[]): Layout {
  let size = scalars.length;
  let wideFrom = 0;
  let wideCount = 0;
  const tables = sources.map((source): TablePlace => {
    const { profile, def, care, cut, walkedAt } = source;
    const isWalked = 'indexes' in source;
    const rows = isWalked ? sharedRows.share(rowIndexes(source.indexes)) : source.rows;
    const places = isWalked
      ? sharedOrders.share(columnOrder(care, (column) => isWide(source, column)))
      : source.places;
    const columns = columnPlaces(def);
    const stillPolls = shareOctets(new Uint8Array(columns.length));
    const about = { profile, def, columns, places, cut, walkedAt };
    const table = { ...about, firstCell: size, rows, care: shareOctets(care), stillPolls };
    const wide = places.wideColumns * rows.texts.length;
    if (wide > wideCount) {
      wideFrom = size;
      wideCount = wide;
    }
    size += cellCount(table);
    return table;
  });
  // A table without rows shares its first cell with the next one, which is the one that has it.
  return { scalars, tables, size, wideFrom, wideCount };
}

/** Whether a column holds 64-bit counters, as far as its first row tells. */
function isWide({ def, cells }: WalkedTable, column: number): boolean {
  const [first] = cells.get(def.columns[column]!.name)?.values() ?? [];
  return typeof first?.value === 'bigint';
}

function putScalars(
  { layout, store, arena }: LaidOut,
  { varbinds, unreadOids }: NonNullable<ScalarsSource['answered']>,
): void {
  layout.scalars.forEach(({ oid }, cell) => {
    const varbind = varbinds.get(oid);
    if (varbind !== undefined) putVarbind(store, arena, cell, varbind);
    else if (unreadOids.has(oid)) store.types[cell] = NOT_ANSWERED;
  });
}

function putTable(laid: LaidOut, table: TablePlace, { cells, cut }: WalkedTable): void {
  table.columns.forEach(({ def }, column) => {
    const own = cells.get(def.name);
    if (own === undefined || !hasCells(table.care[column]!)) return;
    // Behind a cell that is too big there may be others, in rows that other columns tell of.
    const isCut = cut?.error.failure === 'too-big' && cut.columns.has(def.name);
    table.rows.texts.forEach((index, row) => {
      const varbind = own.get(index);
      const cell = cellAt(table, column, row);
      if (varbind !== undefined) putVarbind(laid.store, laid.arena, cell, varbind);
      else if (isCut) laid.store.types[cell] = NOT_ANSWERED;
    });
  });
}

function copyTable(old: LaidOut, from: TablePlace, laid: LaidOut, to: TablePlace): void {
  for (let place = 0; place < cellCount(from); place += 1) {
    copyCell(old, from.firstCell + place, laid, to.firstCell + place);
  }
}
