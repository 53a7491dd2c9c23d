import type { StandardDef } from '../config/standard-def.ts';
import { mapText } from '../lib/local-text.ts';
import { hasLasted, shortened } from './condition-check.ts';
import type { Work } from './evaluation-work.ts';
import type { Condition } from './observation.ts';

/** One thing that a standard may judge. */
export interface Subject {
  readonly component: string;
  readonly title: string;
  readonly value: number;
  /** What the fault says beside the value. */
  readonly facts?: Partial<Condition['facts']>;
}

/** Holds one value to a standard: the fault comes after enough polls, and stands until it is well back. */
export function holdToStandard(
  work: Work,
  key: string,
  standard: StandardDef,
  subject: Subject,
): void {
  const { conditions } = work.memory;
  const { standing, heldPolls } = conditions;
  work.found.seenKeys.add(key);
  const { value } = subject;
  if (!isCrossed(standard, value, standing.has(key))) {
    standing.delete(key);
    heldPolls.delete(key);
    return;
  }
  if (!hasLasted(conditions, key, standard.forPolls)) return;
  const fill: Readonly<Record<string, string>> = {
    row: subject.title,
    value: shortened(value),
    percent: `${Math.round(value * 100)} %`,
  };
  work.found.conditions.push({
    component: subject.component,
    kind: standard.kind,
    level: standard.level,
    text: mapText(standard.text, (text) =>
      text.replace(/\{(\w+)\}/g, (whole, name: string) => fill[name] ?? whole),
    ),
    facts: { port: null, batteryMinutes: null, chargeRatio: null, value, ...subject.facts },
  });
}

function isCrossed(standard: StandardDef, value: number, stands: boolean): boolean {
  const atLeast = stands ? standard.stayAtLeast : standard.atLeast;
  const atMost = stands ? standard.stayAtMost : standard.atMost;
  return !(atLeast !== null && value < atLeast) && !(atMost !== null && value > atMost);
}
