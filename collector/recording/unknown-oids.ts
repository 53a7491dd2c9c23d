import type { DevicePlan } from '../plan/device-plan.ts';
import type { TablePlace } from '../plan/layout.ts';
import type { ChosenProfile } from '../profile-choice.ts';
import type { Recording } from './snmprec.ts';

/** Objects that were answered and that no profile reads. */
export interface UnknownSubtree {
  /** What they have in common: `1.3.6.1.4.1.NNN` of one maker, a table of a standard MIB. */
  readonly oid: string;
  readonly count: number;
  readonly first: string;
}

const ENTERPRISES = '1.3.6.1.4.1.';
/** Parts of an OID that name a maker, and a group of a standard MIB. */
const MAKER_PARTS = 7;
const GROUP_PARTS = 8;
const MOST_SUBTREES = 500;

/** A table that has more rows than are read of one. */
export interface CutTable {
  readonly table: string;
  /** Rows in the recording, and those of them that are read. */
  readonly rows: number;
  readonly rowsRead: number;
}

/** The tables of the plan that were cut, with the rows that the recording has of each. */
export function cutTables({ varbinds }: Recording, plan: DevicePlan | null): CutTable[] {
  return cutPlaces(plan).map(({ def, rows }) => {
    const columns = new Set(def.columns.map(({ oid }) => oid));
    const recorded = new Set<string>();
    for (const { oid } of varbinds) {
      const column = knownPart(oid, columns);
      if (column !== null) recorded.add(oid.slice(column.length + 1));
    }
    return { table: def.name, rows: recorded.size, rowsRead: rows.texts.length };
  });
}

function cutPlaces(plan: DevicePlan | null): readonly TablePlace[] {
  return plan === null ? [] : plan.layout.tables.filter(({ cut }) => cut !== null);
}

/** Rows that are read of each column of a table that was cut. */
function rowsOfCut(plan: DevicePlan | null): ReadonlyMap<string, ReadonlySet<string>> {
  const rows = new Map<string, ReadonlySet<string>>();
  for (const { def, rows: read } of cutPlaces(plan)) {
    const texts = new Set(read.texts);
    for (const { oid } of def.columns) rows.set(oid, texts);
  }
  return rows;
}

/** What of a recording the profiles do not read, by whose it is; the most first. */
export function unknownSubtrees(
  { varbinds }: Recording,
  chosen: readonly ChosenProfile[],
  plan: DevicePlan | null,
): { readonly unknown: UnknownSubtree[]; readonly understood: number } {
  const known = new Set<string>();
  for (const { profile } of chosen) {
    for (const { oid } of profile.scalars) known.add(oid);
    for (const { columns } of profile.tables) for (const { oid } of columns) known.add(oid);
  }
  const subtrees = new Map<string, { oid: string; count: number; first: string }>();
  const cut = rowsOfCut(plan);
  let understood = 0;
  for (const { oid } of varbinds) {
    const part = knownPart(oid, known);
    if (part !== null) {
      const rows = cut.get(part);
      if (rows === undefined || rows.has(oid.slice(part.length + 1))) understood += 1;
      continue;
    }
    const parts = oid.startsWith(ENTERPRISES) ? MAKER_PARTS : GROUP_PARTS;
    const root = oid.split('.').slice(0, parts).join('.');
    const subtree = subtrees.get(root) ?? { oid: root, count: 0, first: oid };
    subtree.count += 1;
    subtrees.set(root, subtree);
  }
  const unknown = [...subtrees.values()]
    .sort((a, b) => b.count - a.count || (a.oid < b.oid ? -1 : 1))
    .slice(0, MOST_SUBTREES);
  return { unknown, understood };
}

/** The OID, or what is above it, that is read; null: nothing is. */
function knownPart(oid: string, known: ReadonlySet<string>): string | null {
  let end = oid.length;
  while (end > 0) {
    const part = oid.slice(0, end);
    if (known.has(part)) return part;
    end = oid.lastIndexOf('.', end - 1);
  }
  return null;
}
