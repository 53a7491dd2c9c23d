import type { Profile, ReadingDef } from '../config/profile.ts';
import type { ReadingClass } from '../config/reading-class.ts';
import type { Value } from './reading.ts';
import type { Lookup } from './tests-of-values.ts';
import type { ValueFacts } from './value-set.ts';

/** Grade of a reading: 0 good, 1 warning, 2 critical, 3 unknown. */
export type Grade = 0 | 1 | 2 | 3;

/** Where a reading comes from and what the device itself says of it. */
export interface ReadingSource {
  readonly profile: Profile;
  readonly def: ReadingDef;
  readonly oid: string;
  readonly facts: ValueFacts;
  readonly class: ReadingClass | null;
  readonly title: string;
  /** null: nobody judges it. */
  readonly grade: Grade | null;
}

const GRADES = { good: 0, warning: 1, critical: 2, unknown: 3 } as const;
const NOT_DECLARED: Grade = 3;

/** Definitions by name, to find the states of another one. */
export type DefOf = (name: string) => ReadingDef | undefined;

/** How the device judges a value: by its own states, another object, or its limits; null: it does not. */
export function gradeOf(
  def: ReadingDef,
  value: Value,
  lookup: Lookup,
  defOf: DefOf,
  isStanding = false,
): Grade | null {
  if (hasStates(def)) return stateGrade(def, value);
  if (def.gradedBy !== null) {
    const judge = defOf(def.gradedBy);
    const told = lookup(def.gradedBy);
    if (judge !== undefined && told !== undefined && hasStates(judge)) {
      return stateGrade(judge, told);
    }
  }
  return def.limits === null || typeof value !== 'number'
    ? null
    : limitGrade(def, value, lookup, isStanding);
}

function hasStates({ states }: ReadingDef): boolean {
  for (const _ in states) return true;
  return false;
}

function stateGrade(def: ReadingDef, value: Value): Grade {
  const declared = def.states[String(value)];
  return declared === undefined ? NOT_DECLARED : GRADES[declared.state];
}

/** A limit that was crossed counts as crossed until the value is this share of it back. */
const WAY_BACK = 0.03;

function limitGrade(
  { limits }: ReadingDef,
  value: number,
  lookup: Lookup,
  isStanding: boolean,
): Grade | null {
  const at = (name: string | null): number | null => {
    const limit = name === null ? undefined : lookup(name);
    return typeof limit === 'number' ? limit : null;
  };
  const low = [at(limits!.lowCritical), at(limits!.lowWarning)] as const;
  const high = [at(limits!.highCritical), at(limits!.highWarning)] as const;
  if ([...low, ...high].every((limit) => limit === null)) return null;
  const back = (limit: number) => (isStanding ? Math.abs(limit) * WAY_BACK : 0);
  const isLow = (limit: number | null) => limit !== null && value <= limit + back(limit);
  const isHigh = (limit: number | null) => limit !== null && value >= limit - back(limit);
  // Limits that leave nothing between them say nothing.
  const least = Math.max(low[0] ?? Number.NEGATIVE_INFINITY, low[1] ?? Number.NEGATIVE_INFINITY);
  const most = Math.min(high[0] ?? Number.POSITIVE_INFINITY, high[1] ?? Number.POSITIVE_INFINITY);
  if (least >= most) return null;
  if (isLow(low[0]) || isHigh(high[0])) return 2;
  return isLow(low[1]) || isHigh(high[1]) ? 1 : 0;
}

/** What people call a reading: its title with the values it names, else after its row, else its object. */
export function titleOf(
  title: string | null,
  standard: string,
  rowName: string,
  lookup: Lookup,
): string {
  if (title === null) return standard;
  return fillTitle(title, rowName, lookup);
}

/** Fills `{row}` and names of values in; what is not told leaves nothing behind. */
export function fillTitle(title: string, rowName: string, lookup: Lookup): string {
  const filled = title.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = name === 'row' ? rowName : lookup(name);
    return value === undefined ? '' : String(value);
  });
  return filled.replace(/\s+/g, ' ').trim();
}
