import type { ReadingDef } from '../config/profile.ts';
import { sayWith } from '../lib/local-text.ts';
import type { Condition } from './observation.ts';
import type { Grade } from './reading-source.ts';

/**
 * Parts of a device that carry on for each other: fans, supplies, rectifiers. Losing some of them is a
 * warning, for the others do their work; losing the last one is critical.
 */
export interface JudgedPart {
  readonly profileId: string;
  /** Where it is told: profile and table. */
  readonly place: string;
  /** null: the device as a whole. */
  readonly component: string | null;
  readonly rowName: string;
  readonly def: ReadingDef;
  readonly grade: Grade | null;
  /** What is wrong with it; null: nothing. */
  readonly condition: Condition | null;
}

interface PartGroup {
  readonly profileId: string;
  /** What its parts are, whoever tells of them. */
  readonly sort: string;
  /** By part: whether it is lost. */
  readonly lost: Map<string, boolean>;
  readonly conditions: Set<Condition>;
}

const SORTS: ReadonlySet<string> = new Set(['fan', 'psu', 'rectifier']);

/** Names by which parts of a table of all sorts are fans or supplies. */
const NAMES: readonly (readonly [string, RegExp])[] = [
  ['fan', /\bfans?\b/i],
  ['psu', /\b(psu|pem|psm|power suppl(y|ies)|rectifiers?)(?![a-z])|\bps ?\d/i],
];

/**
 * The conditions with those of parts that stand in for each other graded by what is left of them. Of
 * what two profiles tell of supplies, or of fans, the one that tells of most losses counts; of equals,
 * the one that counts most.
 */
export function gradeByRedundancy(
  conditions: readonly Condition[],
  parts: readonly JudgedPart[],
): readonly Condition[] {
  const groups = groupsOf(parts);
  const regraded = new Map<Condition, Condition | null>();
  for (const group of groups) {
    const { lostCount, count } = countOf(group);
    if (lostCount === 0) continue;
    const isToldTwice = groups.some((other) => tellsMore(other, group, groups));
    for (const condition of group.conditions) {
      if (isToldTwice) regraded.set(condition, null);
      else if (count > 1 && condition.level === 'critical') {
        regraded.set(condition, withWhatIsLeft(condition, lostCount, count));
      }
    }
  }
  if (regraded.size === 0) return conditions;
  return conditions.flatMap((condition) => {
    const now = regraded.get(condition);
    return now === undefined ? [condition] : now === null ? [] : [now];
  });
}

function groupsOf(parts: readonly JudgedPart[]): readonly PartGroup[] {
  const groups = new Map<string, PartGroup>();
  for (const { profileId, place, component, rowName, def, grade, condition } of parts) {
    const sort = sortOf(def, component, rowName);
    // What is not fitted, or says nothing of itself, is none of those that can be lost.
    if (sort === null || grade === null || grade === 3) continue;
    const isOfRow = def.group !== null;
    const key = isOfRow ? `${place}/${component}/${sort}` : `${place}/${def.fault}/${sort}`;
    const group = groups.get(key) ?? { profileId, sort, lost: new Map(), conditions: new Set() };
    groups.set(key, group);
    const part = isOfRow ? def.name : component!;
    group.lost.set(part, grade === 2 || group.lost.get(part) === true);
    if (condition !== null) group.conditions.add(condition);
  }
  return [...groups.values()];
}

function sortOf(def: ReadingDef, component: string | null, rowName: string): string | null {
  if (def.group !== null) return def.group;
  if (component === null || (def.class !== 'state' && def.class !== null)) return null;
  const { fault } = def;
  if (fault !== 'fan' && fault !== 'power-supply' && fault !== 'sensor') return null;
  const prefix = component.slice(0, component.indexOf(':'));
  if (SORTS.has(prefix)) return prefix;
  return NAMES.find(([, names]) => names.test(rowName))?.[0] ?? null;
}

function countOf({ lost }: PartGroup): { lostCount: number; count: number } {
  let lostCount = 0;
  for (const isLost of lost.values()) if (isLost) lostCount += 1;
  return { lostCount, count: lost.size };
}

/** Whether `other` tells of the same parts, and is the one to be believed. */
function tellsMore(other: PartGroup, group: PartGroup, groups: readonly PartGroup[]): boolean {
  if (other.profileId === group.profileId || other.sort !== group.sort) return false;
  const more = countOf(other).lostCount - countOf(group).lostCount;
  return more > 0 || (more === 0 && groups.indexOf(other) < groups.indexOf(group));
}

function withWhatIsLeft(condition: Condition, lost: number, of: number): Condition {
  const { text, facts } = condition;
  const isLast = lost === of;
  return {
    ...condition,
    level: isLast ? 'critical' : 'warning',
    text: isLast
      ? sayWith({ text, of: String(of) }, '{text} (all {of} lost)', '{text}（{of} 个全部失去）')
      : sayWith(
          { text, lost: String(lost), of: String(of) },
          '{text} ({lost} of {of} lost)',
          '{text}（{of} 个中失去 {lost} 个）',
        ),
    facts: { ...facts, parts: { lost, of } },
  };
}
