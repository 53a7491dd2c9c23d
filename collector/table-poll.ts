import type { Profile, TableDef } from '../config/profile.ts';
import type { TableMemory } from './device-memory.ts';
import type { SnmpError, Varbind } from './snmp-client.ts';
import { type Reading, readColumns, type TableRead } from './table-reader.ts';
import type { Cells } from './table-rows.ts';

/** Full polls after which names, types and the like are read again although nothing told to. */
export const POLLS_BETWEEN_RARE_READS = 15;

export interface PolledTable {
  readonly def: TableDef;
  readonly cells: Map<string, ReadonlyMap<string, Varbind>>;
  readonly unreadColumns: ReadonlySet<string>;
  /** 32-bit columns that were left unread as the low half of a 64-bit one. */
  readonly lowHalves: ReadonlySet<string>;
  readonly error: SnmpError | null;
  readonly readAtMs: number;
}

/** Where a table's memory and conditions are kept. */
export function tablePlace(profile: Profile, table: TableDef): string {
  return `${profile.id}/${table.name}`;
}

/** Of a table that was never read. */
export function emptyTableMemory(): TableMemory {
  return {
    rareCells: null,
    rowKey: '',
    pollsSinceRare: 0,
    quietColumns: new Set(),
    lowHalves: new Set(),
    components: new Set(),
  };
}

/**
 * Reads one table: what changes in every poll, what rarely changes only when rows come or go, after
 * a restart of the agent (`isFresh`), after a while, or when the rows may be others (`mayHaveMoved`).
 */
export async function pollTable(
  def: TableDef,
  memory: TableMemory,
  reading: Reading,
  isFresh: boolean,
  readAtMs: number,
  mayHaveMoved: (cells: Cells) => boolean,
): Promise<PolledTable> {
  memory.pollsSinceRare += 1;
  const isDue =
    memory.rareCells === null || isFresh || memory.pollsSinceRare >= POLLS_BETWEEN_RARE_READS;
  if (isDue) {
    memory.quietColumns.clear();
    memory.lowHalves.clear();
  }
  const usual = await readColumns(
    reading,
    def.columns.filter((column) => !column.rarelyChanges && !memory.quietColumns.has(column.name)),
  );
  const rowKey = rowKeyOf(usual);
  const cells = new Map<string, ReadonlyMap<string, Varbind>>(usual.cells);
  const unreadColumns = new Set(usual.unreadColumns);
  const rare = def.columns.filter((column) => column.rarelyChanges);
  // A table of nothing but names: where it cannot be read, it is not tried at every poll.
  const isOptional = rare.length === def.columns.length;
  let { error } = usual;
  const isCutOff =
    error !== null && error.failure !== 'not-increasing' && error.failure !== 'row-cap';
  if (!isCutOff && (isDue || rowKey !== memory.rowKey || mayHaveMoved(usual.cells))) {
    const read = await readColumns(reading, rare);
    error ??= read.error;
    for (const column of read.unreadColumns) unreadColumns.add(column);
    if (read.unreadColumns.size === 0) {
      memory.rareCells = read.cells;
      memory.rowKey = rowKey;
      memory.pollsSinceRare = 0;
      noteQuietColumns(def, memory, usual);
    } else {
      for (const [name, column] of read.cells) cells.set(name, column);
      if (isOptional) {
        memory.rareCells ??= read.cells;
        memory.pollsSinceRare = 0;
      }
    }
  } else if (isCutOff && memory.rareCells === null) {
    for (const column of rare) unreadColumns.add(column.name);
  }
  for (const [name, column] of memory.rareCells ?? [])
    if (!cells.has(name)) cells.set(name, column);
  if (!isOptional) dropForeignRows(def, cells, usual);
  const lowHalves = new Set([...memory.lowHalves].filter((name) => !usual.cells.has(name)));
  return { def, cells, unreadColumns, lowHalves, error, readAtMs };
}

function rowKeyOf(read: TableRead): string {
  const indexes = new Set<string>();
  for (const column of read.cells.values()) for (const index of column.keys()) indexes.add(index);
  return [...indexes].sort().join(' ');
}

function noteQuietColumns(def: TableDef, memory: TableMemory, usual: TableRead): void {
  if (usual.error !== null) return;
  for (const [name, column] of usual.cells) if (column.size === 0) memory.quietColumns.add(name);
  for (const { name, lowHalfOf } of def.columns) {
    const narrow = usual.cells.get(name);
    const wide = lowHalfOf === null ? undefined : usual.cells.get(lowHalfOf);
    if (narrow === undefined || wide === undefined || !isLowHalf(narrow, wide)) continue;
    memory.lowHalves.add(name);
    memory.quietColumns.add(name);
  }
}

/** What a counter may count between the reading of its two halves. */
const MOST_COUNTED_MEANWHILE = 2 ** 24;

/** Whether each row has both counters, and the narrow one is the wide one modulo 2^32. */
function isLowHalf(
  narrow: ReadonlyMap<string, Varbind>,
  wide: ReadonlyMap<string, Varbind>,
): boolean {
  if (narrow.size === 0 || narrow.size !== wide.size) return false;
  for (const [index, { value }] of narrow) {
    const whole = wide.get(index)?.value;
    if (typeof value !== 'number' || typeof whole !== 'bigint') return false;
    // Some agents have 64-bit counters that stand at 0 for ever.
    if (whole === 0n && value !== 0) return false;
    const difference = BigInt.asIntN(32, BigInt(value) - whole);
    if (Math.abs(Number(difference)) > MOST_COUNTED_MEANWHILE) return false;
  }
  return true;
}

/** Names remembered from a row that is gone, or of a table with more rows than ours, make no row. */
function dropForeignRows(
  def: TableDef,
  cells: Map<string, ReadonlyMap<string, Varbind>>,
  usual: TableRead,
): void {
  const own = new Set<string>();
  for (const column of usual.cells.values()) for (const index of column.keys()) own.add(index);
  for (const column of def.columns) {
    const read = column.rarelyChanges ? cells.get(column.name) : undefined;
    if (read === undefined) continue;
    cells.set(column.name, new Map([...read].filter(([index]) => own.has(index))));
  }
}
