import type { ConditionDef } from '../config/profile.ts';
import { mapText } from '../lib/local-text.ts';
import type { Condition } from './observation.ts';
import type { Value } from './reading.ts';
import { holds, type Lookup, namesIn } from './tests-of-values.ts';

/** What must be remembered between polls: which conditions stand, and how long others have held. */
export interface ConditionMemory {
  readonly standing: Set<string>;
  readonly heldPolls: Map<string, number>;
  /** It is a recording, which stands still: what holds in it counts as having lasted. */
  readonly isStill?: boolean;
}

export interface ConditionScope {
  /** Where the definition is: profile and table. */
  readonly place: string;
  /** Of the row, or null for the device as a whole. */
  readonly rowComponent: string | null;
  readonly rowName: string;
  /** Port as the configuration names it. */
  readonly port: string | null;
  readonly lookup: Lookup;
  /** Values that exist but could not be read in this poll. */
  readonly unreadNames: ReadonlySet<string>;
}

export interface ConditionsFound {
  readonly conditions: Condition[];
  readonly unreadComponents: Set<string>;
  /** Keys of the memory that this poll has decided about or must keep. */
  readonly seenKeys: Set<string>;
}

/** Judges one scope by its definitions and adds what is wrong to `found`. */
export function checkConditions(
  defs: readonly ConditionDef[],
  scope: ConditionScope,
  memory: ConditionMemory,
  found: ConditionsFound,
): void {
  defs.forEach((def, index) => {
    const component = def.component ?? scope.rowComponent ?? '*';
    const key = `${scope.place}/${index}/${component}`;
    found.seenKeys.add(key);
    const stands = memory.standing.has(key);
    if (!holds(def.when, scope.lookup, stands)) {
      const isUnread = (name: string) =>
        scope.unreadNames.has(name) && scope.lookup(name) === undefined;
      if (namesIn(def.when).some(isUnread)) {
        found.unreadComponents.add(component);
        return;
      }
      memory.standing.delete(key);
      memory.heldPolls.delete(key);
      return;
    }
    if (!hasLasted(memory, key, def.forPolls)) return;
    found.conditions.push(describe(def, component, scope));
  });
}

/** Counts one more poll in which it holds; whether it has held for so many, or stands already. */
export function hasLasted(memory: ConditionMemory, key: string, forPolls: number): boolean {
  const { standing, heldPolls, isStill } = memory;
  const held = (heldPolls.get(key) ?? 0) + 1;
  heldPolls.set(key, held);
  if (!standing.has(key) && held < forPolls && !isStill) return false;
  standing.add(key);
  return true;
}

/** Of several conditions of one kind on one component, the worst; of equals, the first. */
export function mergeConditions(conditions: readonly Condition[]): Condition[] {
  const merged = new Map<string, Condition>();
  for (const condition of conditions) {
    const key = `${condition.component}\u0000${condition.kind}`;
    const before = merged.get(key);
    const isWorse = before?.level === 'warning' && condition.level === 'critical';
    if (before === undefined || isWorse) merged.set(key, condition);
  }
  return [...merged.values()];
}

function describe(def: ConditionDef, component: string, scope: ConditionScope): Condition {
  const value = numberNamed(def.facts.value, scope.lookup);
  return {
    component,
    kind: def.kind,
    level: def.level,
    text: mapText(def.text, (text) => fillIn(text, scope, value)),
    facts: {
      port: scope.port,
      batteryMinutes: numberNamed(def.facts.batteryMinutes, scope.lookup),
      chargeRatio: numberNamed(def.facts.chargeRatio, scope.lookup),
      value,
    },
  };
}

function numberNamed(name: string | null, lookup: Lookup): number | null {
  const value = name === null ? undefined : lookup(name);
  return typeof value === 'number' ? value : null;
}

function fillIn(text: string, scope: ConditionScope, value: number | null): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'row') return scope.rowName;
    if (name === 'value') return value === null ? '?' : shortened(value);
    if (name === 'percent') return value === null ? '?' : `${Math.round(value * 100)} %`;
    const named: Value | undefined = scope.lookup(name);
    return named === undefined ? whole : typeof named === 'number' ? shortened(named) : named;
  });
}

/** A number as sentences of faults have it. */
export function shortened(value: number): string {
  return String(Number(value.toFixed(1)));
}
