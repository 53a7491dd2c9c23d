import type { Varbind } from '../snmp-client.ts';
import {
  type CellStore,
  EMPTY,
  isTextType,
  NOT_ANSWERED,
  newCellStore,
  putVarbind,
} from './cell-store.ts';
import {
  cellAt,
  columnPlaces,
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
  const laid = { layout, arena, store: newCellStore(layout.size) };
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
  return laid;
}

function newLayout(scalars: readonly ScalarPlace[], sources: readonly TableSource[]): Layout {
  let size = scalars.length;
  const tables = sources.map((source): TablePlace => {
    const { profile, def, care, cut, walkedAt } = source;
    const rows: RowIndexes = 'indexes' in source ? rowIndexes(source.indexes) : source.rows;
    const columns = columnPlaces(def);
    const stillPolls = new Uint8Array(columns.length);
    const about = { profile, def, columns, care, cut, walkedAt };
    const table = { ...about, firstCell: size, rows, stillPolls };
    size += columns.length * rows.texts.length;
    return table;
  });
  // A table without rows shares its first cell with the next one, which is the one that has it.
  return { scalars, tables: tables, size };
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
    if (own === undefined) return;
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
  const count = from.columns.length * from.rows.texts.length;
  for (let place = 0; place < count; place += 1) {
    copyCell(old, from.firstCell + place, laid, to.firstCell + place);
  }
}

function copyCell(from: LaidOut, cell: number, to: LaidOut, target: number): void {
  const type = from.store.types[cell]!;
  to.store.types[target] = type;
  if (type === EMPTY) return;
  const low = from.store.words[cell * 2]!;
  const high = from.store.words[cell * 2 + 1]!;
  to.store.words[target * 2] = isTextType(type)
    ? to.arena.add(from.arena.octets, low, low + high)
    : low;
  to.store.words[target * 2 + 1] = high;
}
