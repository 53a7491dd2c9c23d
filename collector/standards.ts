import type { Profile } from '../config/profile.ts';
import type { StandardDef } from '../config/standard-def.ts';
import type { KeptSample, Work } from './evaluation-work.ts';
import { METRIC_PREFIX } from './metrics.ts';
import { checkPortStandards, PORT_SUBJECTS } from './port-trouble.ts';
import { BATTERY_CELSIUS_METRIC, powerValues } from './power-readings.ts';
import { checkPowerStandard, isOfPower } from './power-standards.ts';
import type { Sample } from './sample.ts';
import { holdToStandard, type Subject } from './standard-check.ts';

/** A standard of a profile, and what its faults are remembered by. */
interface PlacedStandard {
  readonly standard: StandardDef;
  readonly place: string;
}

interface SortedStandards {
  readonly ofPorts: readonly { readonly key: string; readonly standard: StandardDef }[];
  readonly others: readonly PlacedStandard[];
}

const sortedOf = new WeakMap<Profile, SortedStandards>();

/** The standards of a profile, the same objects every time: those of ports are judged together. */
function sortedStandards(profile: Profile): SortedStandards {
  const known = sortedOf.get(profile);
  if (known !== undefined) return known;
  const placed = profile.standards.map((standard, index) => ({
    standard,
    place: `${profile.id}/${index}`,
  }));
  const isOfPorts = ({ standard: { of } }: PlacedStandard) =>
    PORT_SUBJECTS.some((subject) => subject === of);
  const sorted = {
    ofPorts: placed
      .filter(isOfPorts)
      .map(({ standard, place }) => ({ key: `${place}/ports`, standard })),
    others: placed.filter((one) => !isOfPorts(one)),
  };
  sortedOf.set(profile, sorted);
  return sorted;
}

/**
 * Judges what no device limit judges by the standards of the profiles: a row of polls in which a
 * limit holds raises the fault, and it stands until the value is well back.
 */
export function checkStandards(work: Work, profiles: readonly Profile[]): void {
  const ofPorts: SortedStandards['ofPorts'][number][] = [];
  for (const profile of profiles) {
    if (profile.standards.length === 0) continue;
    const sorted = sortedStandards(profile);
    ofPorts.push(...sorted.ofPorts);
    for (const { standard, place } of sorted.others) {
      if (isOfPower(standard)) {
        checkPowerStandard(work, place, standard);
        continue;
      }
      for (const subject of subjectsOf(work, standard)) {
        holdToStandard(work, `${place}/${subject.component}`, standard, subject);
      }
    }
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

/** Readings that neither the device nor a limit of it judges, nor a standard of batteries. */
function readingsOf(
  work: Work,
  of: 'temperature' | 'fanspeed',
  { exceptProfiles }: StandardDef,
): Subject[] {
  const isTold = powerValues(work, BATTERY_CELSIUS_METRIC).length > 0;
  return [...work.series.values()].flatMap(({ sample, component, source }: KeptSample) => {
    if (source?.class !== of || source.grade !== null) return [];
    if (isTold && isOfBattery(sample, component)) return [];
    if (exceptProfiles.includes(source.profile.id)) return [];
    const own = component === null || component === '*' ? `${of}:${source.title}` : component;
    return [{ component: own, title: source.title, value: Number(sample.value) }];
  });
}

function isOfBattery({ metric }: Sample, component: string | null): boolean {
  return (
    metric.name === METRIC_PREFIX + BATTERY_CELSIUS_METRIC ||
    component?.startsWith('battery:') === true
  );
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
