import { type CellStore, hasValue, isSameCell, numberIn } from './cell-store.ts';
import { cellsOfRow, type DevicePlan } from './device-plan.ts';
import { shareOctets } from './intern-pool.ts';
import { CARE, cellAt, hasCells, rowCount, type TablePlace } from './layout.ts';

/** Polls in which a column has to stand still before it is read only in turns. */
const STILL_AFTER_POLLS = 3;
/** Tells that a row is another one, so it has to be seen at once. */
const NEVER_STILL: ReadonlySet<string> = new Set(['ifLastChange']);
/** Polls between two looks whether rows have come, where the device does not tell. */
const POLLS_BETWEEN_LOOKS = { none: 5, count: 15 } as const;
/** Polls after which everything is walked anew although nothing told to. */
export const POLLS_BETWEEN_WALKS = 120;

/**
 * Columns that only `/snmp` shows are read in turns while they stand still, and in every poll from
 * the first change on. `before` and `now` are the cells of two polls.
 */
export function noteStillColumns(plan: DevicePlan, before: CellStore, now: CellStore): void {
  for (const table of plan.layout.tables) {
    table.columns.forEach(({ def }, column) => {
      const care = table.care[column];
      if (!def.rawOnly || NEVER_STILL.has(def.name)) return;
      if (care !== CARE.always && care !== CARE.still) return;
      const stands = isColumnSame(table, column, before, now);
      if (care === CARE.still) {
        if (stands) return;
        table.care = changed(table.care, column, CARE.always);
        table.stillPolls = changed(table.stillPolls, column, 0);
        plan.isStale = true;
        return;
      }
      const polls = stands ? table.stillPolls[column]! + 1 : 0;
      table.stillPolls = changed(table.stillPolls, column, polls);
      if (polls < STILL_AFTER_POLLS) return;
      table.care = changed(table.care, column, CARE.still);
      plan.isStale = true;
    });
  }
}

/** The same octets but for one. */
function changed(octets: Uint8Array, place: number, octet: number): Uint8Array {
  return octets[place] === octet ? octets : shareOctets(octets.with(place, octet));
}

function isColumnSame(
  table: TablePlace,
  column: number,
  before: CellStore,
  now: CellStore,
): boolean {
  for (let row = 0; row < rowCount(table); row += 1) {
    if (!isSameCell(before, now, cellAt(table, column, row))) return false;
  }
  return true;
}

/** A scalar that came or went has to be read differently from now on. */
export function noteScalars(plan: DevicePlan, before: CellStore, now: CellStore): void {
  plan.layout.scalars.forEach(({ isRare }, cell) => {
    if (!isRare && hasValue(before, cell) !== hasValue(now, cell)) plan.isStale = true;
  });
}

/** What rarely changes in rows of which RFC 2863 ifLastChange says that they have changed. */
export function cellsOfChangedRows(plan: DevicePlan, before: CellStore, now: CellStore): number[] {
  const cells: number[] = [];
  for (const table of plan.layout.tables) {
    const column = table.columns.findIndex(({ def }) => def.name === 'ifLastChange');
    if (column === -1) continue;
    for (let row = 0; row < rowCount(table); row += 1) {
      const cell = cellAt(table, column, row);
      if (!hasValue(before, cell) || !hasValue(now, cell)) continue;
      if (numberIn(before, cell) !== numberIn(now, cell)) {
        cells.push(...cellsOfRow(plan, table, row, CARE.rare));
      }
    }
  }
  return cells;
}

/** Whether it is time to look for rows that may have come. */
export function isLookDue(plan: DevicePlan, strength: 'complete' | 'count' | 'none'): boolean {
  return strength !== 'complete' && plan.polls % POLLS_BETWEEN_LOOKS[strength] === 0;
}

/** The column that shows best which rows there are. */
export function columnToLookAt({ care, columns, cut }: TablePlace): number {
  const isWhole = (column: number) => !cut?.columns.has(columns[column]!.def.name);
  const read = care.findIndex((one, column) => one === CARE.always && isWhole(column));
  if (read !== -1) return read;
  const isKept = (column: number) => hasCells(care[column]!) && !columns[column]!.def.rarelyChanges;
  const kept = columns.findIndex((_, column) => isKept(column));
  if (kept !== -1) return kept;
  return Math.max(
    0,
    columns.findIndex(({ def }) => !def.rarelyChanges),
  );
}

/** Gives what a device refused for a while another chance. */
export function retryRefused(plan: DevicePlan): void {
  for (const [cell, polls] of plan.refused) {
    if (polls > 1) plan.refused.set(cell, polls - 1);
    else {
      plan.refused.delete(cell);
      plan.failed.delete(cell);
      plan.isStale = true;
    }
  }
}
