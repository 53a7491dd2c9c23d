import type { Profile, TableDef } from '../config/profile.ts';
import type { TableMemory } from './device-memory.ts';
import type { RowDates } from './plan/row-dates.ts';
import type { SnmpError, Varbind } from './snmp-client.ts';

/** One table as a full poll has read it. */
export interface PolledTable {
  readonly def: TableDef;
  /** Row indexes. */
  readonly indexes: readonly string[];
  /** By column name, then by row index. */
  readonly cells: ReadonlyMap<string, ReadonlyMap<string, Varbind>>;
  /** Columns that were not read to their end. */
  readonly unreadColumns: ReadonlySet<string>;
  /** By the place of the row in `indexes`. */
  readonly dates: RowDates;
  /** Why the rows may not be all there are; null: they are. */
  readonly error: SnmpError | null;
  /** Monotonic. */
  readonly readAtMs: number;
}

/** Where a table's memory and conditions are kept. */
export function tablePlace(profile: Profile, table: TableDef): string {
  return `${profile.id}/${table.name}`;
}

/** Of a table that was never read. */
export function emptyTableMemory(): TableMemory {
  return { components: new Set() };
}
