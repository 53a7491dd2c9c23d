import type { Profile } from '../config/profile.ts';
import type { StandardDef } from '../config/standard-def.ts';
import type { KeptSample, Work } from './evaluation-work.ts';
import { checkPortStandards, PORT_SUBJECTS } from './port-trouble.ts';
import { checkPowerStandard, isOfPower } from './power-standards.ts';
import { holdToStandard, type Subject } from './standard-check.ts';

/**
 * Judges what no device limit judges by the standards of the profiles: a row of polls in which a
 * limit holds raises the fault, and it stands until the value is well back.
 */
export function checkStandards(work: Work, profiles: readonly Profile[]): void {
  const ofPorts: { key: string; standard: StandardDef }[] = [];
  for (const profile of profiles) {
    profile.standards.forEach((standard, index) => {
      if (PORT_SUBJECTS.some((subject) => subject === standard.of)) {
        ofPorts.push({ key: `${profile.id}/${index}/ports`, standard });
        return;
      }
      if (isOfPower(standard)) {
        checkPowerStandard(work, `${profile.id}/${index}`, standard);
        return;
      }
      for (const subject of subjectsOf(work, standard)) {
        holdToStandard(work, `${profile.id}/${index}/${subject.component}`, standard, subject);
      }
    });
  }
  checkPortStandards(work, ofPorts);
}

function subjectsOf(work: Work, standard: StandardDef): Subject[] {
  const { of, only, except, ofAll } = standard;
  const hasPart = (title: string, parts: readonly string[]) => {
    const lower = title.toLowerCase();
    return parts.some((part) => lower.includes(part));
  };
  const subjects = allOf(work, standard).filter(
    ({ title }) => (only.length === 0 || hasPart(title, only)) && !hasPart(title, except),
  );
  return ofAll ? theBest(subjects, standard, of) : subjects;
}

function allOf(work: Work, standard: StandardDef): Subject[] {
  const { of } = standard;
  if (of === 'processor') return processorsOf(work);
  if (of === 'temperature' || of === 'fanspeed') return readingsOf(work, of, standard);
  return work.pools.flatMap(({ kind, name, usedRatio }) =>
    kind === of && usedRatio !== null
      ? [{ component: `${of}:${name}`, title: name, value: usedRatio }]
      : [],
  );
}

/** Readings that neither the device nor a limit of it judges. */
function readingsOf(
  { series }: Work,
  of: 'temperature' | 'fanspeed',
  { exceptProfiles }: StandardDef,
): Subject[] {
  return [...series.values()].flatMap(({ sample, component, source }: KeptSample) => {
    if (source?.class !== of || source.grade !== null) return [];
    if (exceptProfiles.includes(source.profile.id)) return [];
    const own = component === null || component === '*' ? `${of}:${source.title}` : component;
    return [{ component: own, title: source.title, value: Number(sample.value) }];
  });
}

/** The one that is furthest from the limit stands for all, when there are several. */
function theBest(subjects: readonly Subject[], { atMost }: StandardDef, of: string): Subject[] {
  if (subjects.length < 2) return [];
  const values = subjects.map(({ value }) => value);
  const value = atMost === null ? Math.min(...values) : Math.max(...values);
  return [{ component: `${of}:*`, title: String(subjects.length), value }];
}

/** Processors without a limit of their own; several of one device are judged by the busiest. */
function processorsOf({ series }: Work): Subject[] {
  let busiest: Subject | null = null;
  for (const { sample, source } of series.values()) {
    if (source?.class !== 'processor' || source.grade !== null) continue;
    if (source.def.fault !== null || judgesProcessors(source.profile)) continue;
    const value = Number(sample.value);
    if (busiest === null || value > busiest.value) {
      busiest = { component: 'cpu', title: source.title, value };
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
