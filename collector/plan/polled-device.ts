import type { PolledDevice, PolledProfile } from '../poll-evaluation.ts';
import type { PolledTable } from '../polled-table.ts';
import type { ChosenProfile } from '../profile-choice.ts';
import type { Varbind } from '../snmp-client.ts';
import type { Cells } from '../table-rows.ts';
import { cellVarbind, NOT_ANSWERED } from './cell-store.ts';
import type { DevicePlan } from './device-plan.ts';
import { CARE, cellAt, cellCount, columnOf, type TablePlace } from './layout.ts';
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
  plan: DevicePlan,
  facts: ReadFacts,
): PolledDevice {
  const { layout, store, arena } = plan;
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
      .map((table) => polledTable(table, plan, facts)),
  }));
  return { profiles, scalars, unreadOids };
}

function polledTable(table: TablePlace, plan: DevicePlan, facts: ReadFacts): PolledTable {
  const { readAtMs, sysUpTimeTicks } = facts;
  const ports = plan.ports?.table === table ? plan.ports : null;
  return {
    def: table.def,
    cells: ports === null ? cellsOfTable(table, plan) : new Map(),
    unreadColumns: unreadColumnsOf(table, plan),
    dates: facts.dates.get(table) ?? rowsReadAt(table, readAtMs, sysUpTimeTicks),
    ports,
  };
}

function unreadColumnsOf(table: TablePlace, { store }: LaidOut): Set<string> {
  const unread = new Set(table.cut?.columns);
  const end = table.firstCell + cellCount(table);
  const { types } = store;
  let cell = types.indexOf(NOT_ANSWERED, table.firstCell);
  for (; cell !== -1 && cell < end; cell = types.indexOf(NOT_ANSWERED, cell + 1)) {
    unread.add(table.columns[columnOf(table, cell)]!.def.name);
  }
  return unread;
}

/** The columns of a table as objects: by column name, then by row index. */
function cellsOfTable(table: TablePlace, { store, arena }: LaidOut): Cells {
  const cells = new Map<string, ReadonlyMap<string, Varbind>>();
  table.columns.forEach(({ def }, column) => {
    if (table.care[column] === CARE.lowHalf) return;
    const own = new Map<string, Varbind>();
    table.rows.texts.forEach((index, row) => {
      const varbind = cellVarbind(store, arena, cellAt(table, column, row), index);
      if (varbind !== null) own.set(index, varbind);
    });
    cells.set(def.name, own);
  });
  return cells;
}
