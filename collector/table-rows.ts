import type { ReadingDef, TableDef } from '../config/profile.ts';
import { fillTitle } from './reading-source.ts';
import { indexValue, joinRow, type RowsOfTable } from './row-joins.ts';
import type { Varbind } from './snmp-client.ts';
import { holds, type Lookup } from './tests-of-values.ts';
import {
  emptySet,
  isDependent,
  type OnRefused,
  readDependent,
  readPlain,
  type ValueSet,
} from './value-set.ts';

/** One row of a table with what its columns said. */
export interface Row extends ValueSet {
  readonly index: string;
  /** Unique in the table and the same in every poll, also when the device renumbers its rows. */
  readonly name: string;
  readonly component: string;
}

/** Cells by column name, then by row index. */
export type Cells = ReadonlyMap<string, ReadonlyMap<string, Varbind>>;

/** What rows are made with. */
export interface RowContext {
  readonly onRefused: (
    def: ReadingDef,
    varbind: Varbind,
    why: Parameters<OnRefused>[2],
    index: string,
  ) => void;
  readonly rowsOf: RowsOfTable;
  /** Values of the whole device. */
  readonly scalar: Lookup;
}

/**
 * Puts the columns of a table together, by index: rows may be missing in some columns. A row is
 * known by its name; rows that share one get their index behind it, all of them, so that the order
 * in which the device lists them does not matter.
 */
export function buildRows(table: TableDef, cells: Cells, context: RowContext): Row[] {
  const plain = plainRows(table, cells, context);
  for (const row of plain) completeRow(table, cells, row, context);
  const named = plain.map((row) => ({ row, plainName: nameOf(table, row) }));
  const uses = new Map<string, number>();
  for (const { plainName } of named) uses.set(plainName, (uses.get(plainName) ?? 0) + 1);
  return named.map(({ row, plainName }) => {
    const name = uses.get(plainName) === 1 ? plainName : `${plainName}#${row.index}`;
    return { ...row, name, component: `${table.component}:${name}` };
  });
}

type UnnamedRow = ValueSet & { readonly index: string };

/** Every row with the values that need no others. */
function plainRows(table: TableDef, cells: Cells, { onRefused }: RowContext): UnnamedRow[] {
  const byIndex = new Map<string, UnnamedRow>();
  for (const column of table.columns) {
    if (column.rawOnly) continue;
    for (const [index, varbind] of cells.get(column.name) ?? []) {
      let row = byIndex.get(index);
      if (row === undefined) {
        row = { index, ...emptySet() };
        byIndex.set(index, row);
      }
      if (isDependent(column)) continue;
      readPlain(column, varbind, row, (def, sent, why) => onRefused(def, sent, why, index));
    }
  }
  return [...byIndex.values()];
}

/** Adds what the index, other tables and other values of the row say. */
function completeRow(table: TableDef, cells: Cells, row: UnnamedRow, context: RowContext): void {
  const { index, values } = row;
  for (const def of table.indexValues) {
    const value = indexValue(def, index);
    if (value !== undefined) values.set(def.name, value);
  }
  joinRow(table.joins, index, values, context.rowsOf);
  const lookup: Lookup = (name) => values.get(name) ?? context.scalar(name);
  for (const column of table.columns) {
    if (column.rawOnly || !isDependent(column)) continue;
    const varbind = cells.get(column.name)?.get(index);
    if (varbind === undefined) continue;
    readDependent(column, varbind, row, lookup, (def, sent, why) =>
      context.onRefused(def, sent, why, index),
    );
  }
}

function nameOf(table: TableDef, { index, values }: UnnamedRow): string {
  const plain = table.nameFrom
    .map((name) => values.get(name))
    .find((text) => text !== undefined && text !== '');
  const name = plain === undefined ? index : String(plain);
  if (table.rowName === null) return name;
  const filled = fillTitle(table.rowName, name, (of) => (of === 'index' ? index : values.get(of)));
  return filled === '' ? name : filled;
}

/** Whether the row is exported and judged. */
export function isRowWanted(table: TableDef, row: Row): boolean {
  if (table.exceptNames.some((prefix) => row.name.startsWith(prefix))) return false;
  if (table.rows !== null && !holds(table.rows, (name) => row.values.get(name), false))
    return false;
  return Object.entries(table.only).every(([column, accepted]) =>
    accepted.includes(String(row.values.get(column))),
  );
}
