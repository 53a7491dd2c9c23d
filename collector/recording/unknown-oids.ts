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

/** What of a recording the profiles do not read, by whose it is; the most first. */
export function unknownSubtrees(
  { varbinds }: Recording,
  chosen: readonly ChosenProfile[],
): { readonly unknown: UnknownSubtree[]; readonly understood: number } {
  const known = new Set<string>();
  for (const { profile } of chosen) {
    for (const { oid } of profile.scalars) known.add(oid);
    for (const { columns } of profile.tables) for (const { oid } of columns) known.add(oid);
  }
  const subtrees = new Map<string, { oid: string; count: number; first: string }>();
  let understood = 0;
  for (const { oid } of varbinds) {
    if (isKnown(oid, known)) {
      understood += 1;
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

/** Whether the OID, or something above it, is read. */
function isKnown(oid: string, known: ReadonlySet<string>): boolean {
  let end = oid.length;
  while (end > 0) {
    if (known.has(oid.slice(0, end))) return true;
    end = oid.lastIndexOf('.', end - 1);
  }
  return false;
}
