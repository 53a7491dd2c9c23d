import type { PolledDevice, PolledProfile } from '../poll-evaluation.ts';
import type { PolledTable } from '../polled-table.ts';
import type { ChosenProfile } from '../profile-choice.ts';
import type { Varbind } from '../snmp-client.ts';
import type { Cells } from '../table-rows.ts';
import { cellVarbind, NOT_ANSWERED } from './cell-store.ts';
import { CARE, type ColumnPlace, cellAt, rowCount, type TablePlace } from './layout.ts';
import type { LaidOut } from './relayout.ts';
import { type RowDates, rowsReadAt } from './row-dates.ts';

/** What a poll has read, beside the cells. */
export interface ReadFacts {
  readonly sysUpTimeTicks: number | null;
  /** When tables were read whose rows are not dated one by one. Monotonic. */
  readonly readAtMs: number;
  readonly dates: ReadonlyMap<TablePlace, RowDates>;
}

/** The cells of a poll as its evaluation takes them. */
export function polledDevice(
  chosen: readonly ChosenProfile[],
  laid: LaidOut,
  facts: ReadFacts,
): PolledDevice {
  const { layout, store, arena } = laid;
  const scalars = new Map<string, Varbind>();
  const unreadOids = new Set<string>();
  layout.scalars.forEach(({ oid }, cell) => {
    if (store.types[cell] === NOT_ANSWERED) unreadOids.add(oid);
    const varbind = cellVarbind(store, arena, cell, oid);
    if (varbind !== null) scalars.set(oid, varbind);
  });
  const profiles: PolledProfile[] = chosen.map(({ profile }) => ({
    profile,
    tables: layout.tables
      .filter((table) => table.profile === profile)
      .map((table) => polledTable(table, laid, facts)),
  }));
  return { profiles, scalars, unreadOids, sysUpTimeTicks: facts.sysUpTimeTicks };
}

function polledTable(table: TablePlace, laid: LaidOut, facts: ReadFacts): PolledTable {
  const unreadColumns = new Set(table.cut?.columns);
  const rows = rowCount(table);
  table.columns.forEach(({ def }, column) => {
    for (let row = 0; row < rows; row += 1) {
      if (laid.store.types[cellAt(table, column, row)] === NOT_ANSWERED)
        unreadColumns.add(def.name);
    }
  });
  const cells = cellsOfColumns(table, laid, (_, place) => table.care[place] !== CARE.lowHalf);
  const { readAtMs, sysUpTimeTicks } = facts;
  return {
    def: table.def,
    indexes: table.rows.texts,
    cells,
    unreadColumns,
    dates: facts.dates.get(table) ?? rowsReadAt(table, readAtMs, sysUpTimeTicks),
    error: table.cut?.error ?? null,
    readAtMs,
  };
}

/** Columns of a table as objects: by column name, then by row index. */
export function cellsOfColumns(
  table: TablePlace,
  { store, arena }: LaidOut,
  isWanted: (column: ColumnPlace, place: number) => boolean,
): Cells {
  const cells = new Map<string, ReadonlyMap<string, Varbind>>();
  table.columns.forEach((column, place) => {
    if (!isWanted(column, place)) return;
    const own = new Map<string, Varbind>();
    table.rows.texts.forEach((index, row) => {
      const varbind = cellVarbind(store, arena, cellAt(table, place, row), index);
      if (varbind !== null) own.set(index, varbind);
    });
    cells.set(column.def.name, own);
  });
  return cells;
}
