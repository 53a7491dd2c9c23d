import type { Profile, TableDef } from '../config/profile.ts';
import type { TableMemory } from './device-memory.ts';
import type { RowDates } from './plan/row-dates.ts';
import type { PortTable } from './port-table.ts';
import type { Varbind } from './snmp-client.ts';

/** One table as a full poll has read it. */
export interface PolledTable {
  readonly def: TableDef;
  /** By column name, then by row index. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, Varbind>>;
  /** Columns that were not read to their end. */
  readonly unreadColumns: ReadonlySet<string>;
  /** When each row was read, by its place in the device's order. */
  readonly dates: RowDates;
  /** The rows are ports, and `cells` is empty; null: they are not. */
  readonly ports: PortTable | null;
}

/** Where a table's memory and conditions are kept. */
export function tablePlace(profile: Profile, table: TableDef): string {
  return `${profile.id}/${table.name}`;
}

/** Of a table that was never read. */
export function emptyTableMemory(): TableMemory {
  return { components: new Set() };
}
