import type { ReadingDef } from '../config/profile.ts';
import { type LocalText, sayWith } from '../lib/local-text.ts';
import type { Speaker, Work } from './evaluation-work.ts';
import type { Condition } from './observation.ts';
import type { Value } from './reading.ts';
import { gradeOf, titleOf } from './reading-source.ts';
import { stateWord } from './state-words.ts';
import { shownIn } from './unit-signs.ts';

/** Numbers of the memory's keys above those of conditions. */
const FIRST_KEY = 1_000;

/**
 * Raises what the device itself says is wrong: a state that its profile grades, or a limit of its own
 * that a value has crossed. A limit is taken back only when the value is well inside again.
 */
export function checkStates(
  work: Work,
  place: string,
  speaker: Speaker,
  defs: readonly ReadingDef[],
  values: ReadonlyMap<string, Value>,
  unreadNames: ReadonlySet<string>,
): void {
  defs.forEach((def, index) => {
    if (def.fault === null) return;
    const component = speaker.component ?? def.labels.component ?? def.name;
    const key = `${place}/${FIRST_KEY + index}/${component}`;
    const { found } = work;
    const { standing } = work.memory.conditions;
    found.seenKeys.add(key);
    const value = values.get(def.name);
    if (value === undefined) {
      if (unreadNames.has(def.name)) found.unreadComponents.add(component);
      else standing.delete(key);
      return;
    }
    const grade = gradeOf(def, value, speaker.lookup, speaker.defOf, standing.has(key));
    const part = { ...partOf(speaker), place, def, grade };
    if (grade !== 1 && grade !== 2) {
      standing.delete(key);
      work.parts.push({ ...part, condition: null });
      return;
    }
    standing.add(key);
    const condition: Condition = {
      component,
      kind: def.fault,
      level: grade === 2 ? 'critical' : 'warning',
      text: textOf(def, value, speaker),
      facts: {
        port: null,
        batteryMinutes: null,
        chargeRatio: null,
        value: typeof value === 'number' ? value : null,
      },
    };
    found.conditions.push(condition);
    work.parts.push({ ...part, condition });
  });
}

function partOf({ profile, component, rowName }: Speaker) {
  return { profileId: profile.id, component, rowName };
}

function textOf(def: ReadingDef, value: Value, speaker: Speaker): LocalText {
  const { rowName, lookup, defOf } = speaker;
  const standard = speaker.component === null ? def.name : rowName;
  const name = titleOf(def.title, standard, rowName, lookup);
  const judge = def.gradedBy === null ? def : defOf(def.gradedBy);
  const told = def.gradedBy === null ? value : lookup(def.gradedBy);
  const state = judge?.states[String(told)]?.text;
  if (typeof value !== 'number' || (state !== undefined && judge === def)) {
    const word = state ?? String(value);
    return sayWith({ name, state: stateWord(word) }, '{name}: {state}', '{name}：{state}');
  }
  const shown = shownIn(def.class, value);
  return state === undefined
    ? sayWith(
        { name, shown },
        '{name} is at {shown}, past the limit set in the device',
        '{name} 为 {shown}，超出设备自身设定的限值',
      )
    : sayWith(
        { name, shown, state: stateWord(state) },
        '{name} is at {shown}; the device says {state}',
        '{name} 为 {shown}；设备报告 {state}',
      );
}
