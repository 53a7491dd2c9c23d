import type { TableDef } from '../../config/profile.ts';
import { isWithin } from '../oid.ts';
import { type CellStore, hasValue, numberIn } from './cell-store.ts';
import type { Layout, TablePlace } from './layout.ts';

/** Scalars by which a device tells that rows of a table have come or gone. */
interface Signal {
  readonly oid: string;
  /** Tables that it speaks for. */
  readonly tables: readonly string[];
  /** It changes with every change of the rows, not only with their count. */
  readonly isComplete: boolean;
}

const IF_TABLES = ['1.3.6.1.2.1.2.2.1', '1.3.6.1.2.1.31.1.1.1'];

const SIGNALS: readonly Signal[] = [
  // RFC 2863: ifNumber, ifTableLastChange.
  { oid: '1.3.6.1.2.1.2.1.0', tables: IF_TABLES, isComplete: false },
  { oid: '1.3.6.1.2.1.31.1.5.0', tables: IF_TABLES, isComplete: true },
  // RFC 6933: entLastChangeTime.
  { oid: '1.3.6.1.2.1.47.1.4.1.0', tables: ['1.3.6.1.2.1.47.1.1.1.1'], isComplete: true },
  // RFC 3418: sysORLastChange.
  { oid: '1.3.6.1.2.1.1.8.0', tables: ['1.3.6.1.2.1.1.9.1'], isComplete: true },
  // RFC 1628: upsInputNumLines, upsOutputNumLines, upsBypassNumLines, upsAlarmsPresent.
  { oid: '1.3.6.1.2.1.33.1.3.2.0', tables: ['1.3.6.1.2.1.33.1.3.3.1'], isComplete: false },
  { oid: '1.3.6.1.2.1.33.1.4.3.0', tables: ['1.3.6.1.2.1.33.1.4.4.1'], isComplete: false },
  { oid: '1.3.6.1.2.1.33.1.5.2.0', tables: ['1.3.6.1.2.1.33.1.5.3.1'], isComplete: false },
  { oid: '1.3.6.1.2.1.33.1.6.1.0', tables: ['1.3.6.1.2.1.33.1.6.2.1'], isComplete: false },
  // XUPS-MIB: xupsAlarms. Socomec, the tree of the newer cards: the same of its own.
  { oid: '1.3.6.1.4.1.534.1.7.1.0', tables: ['1.3.6.1.4.1.534.1.7.2.1'], isComplete: false },
  {
    oid: '1.3.6.1.4.1.4555.1.1.7.1.6.1.0',
    tables: ['1.3.6.1.4.1.4555.1.1.7.1.6.2.1'],
    isComplete: false,
  },
];

/** The signals for these tables, to be read in every poll. */
export function signalScalars(
  tables: readonly TableDef[],
): { readonly oid: string; readonly rarelyChanges: boolean }[] {
  const wanted = SIGNALS.filter((signal) => tables.some((def) => speaksFor(signal, def)));
  return wanted.map(({ oid }) => ({ oid, rarelyChanges: false }));
}

function speaksFor({ tables }: Signal, def: TableDef): boolean {
  return def.columns.some(({ oid }) => tables.some((root) => isWithin(root, oid)));
}

/** Tables whose rows are not the ones that were walked, as a signal says that changed between two polls. */
export function changedTables(layout: Layout, before: CellStore, now: CellStore): Set<TablePlace> {
  const changed = new Set<TablePlace>();
  for (const signal of SIGNALS) {
    const cell = cellOf(layout, signal);
    if (cell === -1 || !hasValue(before, cell) || !hasValue(now, cell)) continue;
    if (numberIn(before, cell) === numberIn(now, cell)) continue;
    for (const table of layout.tables) if (speaksFor(signal, table.def)) changed.add(table);
  }
  return changed;
}

/** How surely a device tells when the rows of a table change. */
export function signalStrength(
  layout: Layout,
  store: CellStore,
  table: TablePlace,
): 'complete' | 'count' | 'none' {
  let strength: 'count' | 'none' = 'none';
  for (const signal of SIGNALS) {
    const cell = cellOf(layout, signal);
    if (cell === -1 || !hasValue(store, cell) || !speaksFor(signal, table.def)) continue;
    if (!signal.isComplete) strength = 'count';
    // Some agents have the object and never set it.
    else if (numberIn(store, cell) > 0) return 'complete';
  }
  return strength;
}

function cellOf({ scalars }: Layout, { oid }: Signal): number {
  return scalars.findIndex((scalar) => scalar.oid === oid);
}
