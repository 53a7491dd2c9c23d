import type { Profile, StandardDef } from '../config/profile.ts';
import { mapText } from '../lib/local-text.ts';
import type { Work } from './evaluation-work.ts';

/** One thing that a standard may judge. */
interface Subject {
  readonly component: string;
  readonly title: string;
  readonly ratio: number;
}

/**
 * Judges what no device limit judges by the standards of the profiles: a row of polls in which a
 * limit holds raises the fault, and it stands until the value is well below.
 */
export function checkStandards(work: Work, profiles: readonly Profile[]): void {
  for (const profile of profiles) {
    profile.standards.forEach((standard, index) => {
      for (const subject of subjectsOf(work, standard)) {
        check(work, `${profile.id}/${index}/${subject.component}`, standard, subject);
      }
    });
  }
}

function subjectsOf(work: Work, { of, except }: StandardDef): Subject[] {
  const subjects =
    of === 'processor'
      ? processorsOf(work)
      : work.pools.flatMap(({ kind, name, usedRatio }) =>
          kind === of && usedRatio !== null
            ? [{ component: `${of}:${name}`, title: name, ratio: usedRatio }]
            : [],
        );
  return subjects.filter(({ title }) => {
    const lower = title.toLowerCase();
    return !except.some((part) => lower.includes(part));
  });
}

/** Processors without a limit of their own; several of one device are judged by the busiest. */
function processorsOf({ series }: Work): Subject[] {
  let busiest: Subject | null = null;
  for (const { sample, source } of series.values()) {
    if (source?.class !== 'processor' || source.grade !== null) continue;
    if (source.def.fault !== null || judgesProcessors(source.profile)) continue;
    const ratio = Number(sample.value);
    if (busiest === null || ratio > busiest.ratio) {
      busiest = { component: 'cpu', title: source.title, ratio };
    }
  }
  return busiest === null ? [] : [busiest];
}

/** Whether the profile has conditions of its own for them. */
function judgesProcessors({ conditions, tables }: Profile): boolean {
  return [...conditions, ...tables.flatMap((table) => table.conditions)].some(
    ({ kind }) => kind === 'cpu-high',
  );
}

function check(work: Work, key: string, standard: StandardDef, subject: Subject): void {
  const { standing, heldPolls } = work.memory.conditions;
  work.found.seenKeys.add(key);
  const limit = standing.has(key) ? standard.stayAtLeast : standard.atLeast;
  if (subject.ratio < limit) {
    standing.delete(key);
    heldPolls.delete(key);
    return;
  }
  const held = (heldPolls.get(key) ?? 0) + 1;
  heldPolls.set(key, held);
  if (!standing.has(key) && held < standard.forPolls) return;
  standing.add(key);
  const percent = `${Math.round(subject.ratio * 100)} %`;
  work.found.conditions.push({
    component: subject.component,
    kind: standard.kind,
    level: standard.level,
    text: mapText(standard.text, (text) =>
      text.replaceAll('{row}', subject.title).replaceAll('{percent}', percent),
    ),
    facts: { port: null, batteryMinutes: null, chargeRatio: null, value: subject.ratio },
  });
}
