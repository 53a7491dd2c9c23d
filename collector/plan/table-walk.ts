import type { Profile, TableDef } from '../../config/profile.ts';
import type { EpochMs } from '../../lib/time.ts';
import { compareOids, parseOid } from '../oid.ts';
import type { SnmpError, SnmpFailure, Varbind } from '../snmp-client.ts';
import type { TableRead } from '../table-reader.ts';
import { CARE, type TableCut } from './layout.ts';

/** Rows and columns of one table, as a walk found them. */
export interface WalkedTable {
  readonly profile: Profile;
  readonly def: TableDef;
  /** Row indexes in the order of RFC 3416 §4.2.2. */
  readonly indexes: readonly string[];
  readonly care: Uint8Array;
  readonly cut: TableCut | null;
  readonly walkedAt: EpochMs;
  /** By column name, then by row index. */
  readonly cells: TableRead['cells'];
}

/** Makes a table out of what was read of all of its columns. */
export function walkedTable(
  profile: Profile,
  def: TableDef,
  read: TableRead,
  walkedAt: EpochMs,
): WalkedTable {
  const indexes = rowsOf(def, read);
  const { error, unreadColumns } = read;
  return {
    profile,
    def,
    indexes,
    care: careOf(def, read),
    cut: error === null ? null : cutOf(def, unreadColumns, error, indexes.length),
    walkedAt,
    cells: read.cells,
  };
}

/** A table of nothing but names: it names the rows of others, and where it cannot be read nothing is wrong. */
export function isOptional(def: TableDef): boolean {
  return def.columns.every((column) => column.rarelyChanges);
}

/** Names of rows that have nothing but names make no row: they belong to a table with more rows than ours. */
function rowsOf(def: TableDef, { cells }: TableRead): string[] {
  const indexes = new Set<string>();
  for (const { name, rarelyChanges } of def.columns) {
    if (rarelyChanges && !isOptional(def)) continue;
    for (const index of cells.get(name)?.keys() ?? [])
      if (!indexes.has(index) && parseOid(index) !== null) indexes.add(index);
  }
  return [...indexes].sort(compareOids);
}

/** Failures that walking the table again at once would only repeat. */
const LASTING: ReadonlySet<SnmpFailure> = new Set([
  'not-increasing',
  'row-cap',
  'bad-response',
  'no-such-name',
  'too-big',
]);

function cutOf(
  def: TableDef,
  columns: ReadonlySet<string>,
  error: SnmpError,
  rowCount: number,
): TableCut {
  const isLasting = LASTING.has(error.failure) && rowCount > 0;
  return { columns, error, isUnknown: !isLasting && !isOptional(def) };
}

function careOf(def: TableDef, { cells, unreadColumns }: TableRead): Uint8Array {
  return Uint8Array.from(def.columns, ({ name, rarelyChanges, lowHalfOf }) => {
    const own = cells.get(name);
    if (!unreadColumns.has(name) && (own === undefined || own.size === 0)) return CARE.nothing;
    if (rarelyChanges) return CARE.rare;
    const wide = lowHalfOf === null ? undefined : cells.get(lowHalfOf);
    const isHalf = own !== undefined && wide !== undefined && isLowHalf(own, wide);
    return isHalf ? CARE.lowHalf : CARE.always;
  });
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
