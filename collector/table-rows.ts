import type { TableDef } from '../config/profile.ts';
import { readVarbind, type Value } from './reading.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import type { Varbind } from './snmp-client.ts';

/** One row of a table with what its columns said. */
export interface Row {
  readonly index: string;
  /** Unique in the table and the same in every poll, also when the device renumbers its rows. */
  readonly name: string;
  readonly component: string;
  /** By symbolic name of the column; what is absent or not believed is missing. */
  readonly values: Map<string, Value>;
  readonly cells: ReadonlyMap<string, Varbind>;
}

/** Cells by column name, then by row index. */
export type Cells = ReadonlyMap<string, ReadonlyMap<string, Varbind>>;

/**
 * Puts the columns of a table together, by index: rows may be missing in some columns. A row is
 * known by its name; rows that share one get their index behind it, all of them, so that the order
 * in which the device lists them does not matter.
 */
export function buildRows(
  table: TableDef,
  cells: Cells,
  onRejected: (reason: RejectedValueReason) => void,
): Row[] {
  const byIndex = new Map<string, Map<string, Varbind>>();
  for (const column of table.columns) {
    if (column.rawOnly) continue;
    for (const [index, varbind] of cells.get(column.name) ?? []) {
      let row = byIndex.get(index);
      if (row === undefined) {
        row = new Map();
        byIndex.set(index, row);
      }
      row.set(column.name, varbind);
    }
  }
  const valued = [...byIndex].map(([index, row]) => {
    const values = readRow(table, row, onRejected);
    return { index, cells: row, values, plainName: nameOf(table, index, values) };
  });
  const uses = new Map<string, number>();
  for (const { plainName } of valued) uses.set(plainName, (uses.get(plainName) ?? 0) + 1);
  return valued.map(({ index, cells: row, values, plainName }) => {
    const name = uses.get(plainName) === 1 ? plainName : `${plainName}#${index}`;
    return { index, name, component: `${table.component}:${name}`, values, cells: row };
  });
}

function nameOf(table: TableDef, index: string, values: ReadonlyMap<string, Value>): string {
  for (const column of table.nameFrom) {
    const text = values.get(column);
    if (typeof text === 'string' && text !== '') return text;
  }
  return index;
}

function readRow(
  table: TableDef,
  row: ReadonlyMap<string, Varbind>,
  onRejected: (reason: RejectedValueReason) => void,
): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const column of table.columns) {
    const varbind = row.get(column.name);
    if (varbind === undefined) continue;
    const read = readVarbind(column, varbind);
    if (read.kind === 'value') values.set(column.name, read.value);
    else if (read.kind === 'rejected') onRejected(read.reason);
  }
  for (const column of table.columns) {
    if (column.times === null) continue;
    const value = values.get(column.name);
    const factor = values.get(column.times);
    if (typeof value === 'number' && typeof factor === 'number') {
      values.set(column.name, value * factor);
    } else {
      values.delete(column.name);
    }
  }
  return values;
}

/** Whether the row is exported and judged. */
export function isRowWanted(table: TableDef, row: Row): boolean {
  if (table.exceptNames.some((prefix) => row.name.startsWith(prefix))) return false;
  return Object.entries(table.only).every(([column, accepted]) =>
    accepted.includes(String(row.values.get(column))),
  );
}
