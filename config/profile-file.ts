import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Static } from 'typebox';
import { MINUTE } from '../lib/time.ts';
import { findingsOf } from './findings.ts';
import type { Problem } from './problem.ts';
import type {
  ColumnDef,
  ConditionDef,
  Limits,
  PoolDef,
  Profile,
  ReadingDef,
  SensorColumns,
  TableDef,
  Test,
  Tests,
  ValueDef,
} from './profile.ts';
import { checkProfile, FOLDS, type TestLists } from './profile-checks.ts';
import {
  type ColumnEntry,
  type ConditionEntry,
  type PoolEntry,
  ProfileFile,
  type ScalarEntry,
  type TableEntry,
  type TestEntry,
  type ValueEntry,
} from './profile-schema.ts';
import { classOfMetric } from './reading-class.ts';
import type { StandardDef } from './standard-def.ts';
import { parseYaml } from './yaml-file.ts';

const MOST_PROFILE_FILES = 500;

export interface LoadedProfiles {
  /** Those without a problem, in order of their ids. */
  readonly profiles: readonly Profile[];
  readonly problems: readonly Problem[];
}

/**
 * Reads every `*.yaml` in the folder as a profile. A folder that is not there holds none. A profile
 * with a problem is left out; never throws for what the files hold.
 */
export function loadProfiles(folder: string): LoadedProfiles {
  const problems: Problem[] = [];
  const profiles: Profile[] = [];
  for (const file of profileFiles(folder, problems)) {
    const shownFile = `profiles/${file}`;
    const text = readText(join(folder, file), shownFile, problems);
    if (text === null) continue;
    const parsed = parseYaml(shownFile, text, ProfileFile);
    const own = [...parsed.problems];
    if (parsed.draft !== null) {
      checkProfile(findingsOf(parsed, own), parsed.draft, basename(file, '.yaml'));
    }
    problems.push(...own);
    const isSound = own.every((problem) => problem.severity === 'warning');
    if (isSound && parsed.value !== null) profiles.push(readProfile(parsed.value));
  }
  return { profiles, problems };
}

function profileFiles(folder: string, problems: Problem[]): readonly string[] {
  try {
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
    if (files.length <= MOST_PROFILE_FILES) return files.sort();
    problems.push(fileProblem('profiles', `holds more than ${MOST_PROFILE_FILES} files`));
    return [];
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) problems.push(fileProblem('profiles', 'cannot be read'));
    return [];
  }
}

function readText(path: string, shownFile: string, problems: Problem[]): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    problems.push(fileProblem(shownFile, 'cannot be read'));
    return null;
  }
}

function fileProblem(file: string, message: string): Problem {
  return { file, line: 0, path: '', message, severity: 'error' };
}

type ProfileEntry = Static<typeof ProfileFile>;

function readProfile(entry: ProfileEntry): Profile {
  return {
    id: entry.id,
    title: entry.title,
    precedence: entry.precedence,
    isFamily: entry.family,
    isWeak: entry.weak,
    modules: entry.modules,
    quirks: { ...entry.quirks, mostVarbinds: entry.quirks.mostVarbinds ?? null },
    match: readMatch(entry.match),
    identity: {
      vendor: entry.identity.vendor ?? null,
      model: entry.identity.model ?? null,
      os: entry.identity.os ?? null,
      vendorByEnterprise: entry.identity.vendorByEnterprise,
    },
    scalars: entry.scalars.map((scalar) => ({
      oid: scalar.oid,
      ...readReading(scalar),
      rarelyChanges: scalar.rarelyChanges,
    })),
    tables: entry.tables.map(readTable),
    pools: entry.pools.map(readPool),
    values: entry.values.map(readValue),
    conditions: entry.conditions.map(readCondition),
    standards: entry.standards.map(readStandard),
    stale: entry.stale === undefined ? null : readTests(entry.stale),
  };
}

function readStandard({ fault, ...entry }: ProfileEntry['standards'][number]): StandardDef {
  const { atLeast, atMost, stayAtLeast, stayAtMost } = entry;
  return {
    ...entry,
    kind: fault,
    atLeast: atLeast ?? null,
    atMost: atMost ?? null,
    stayAtLeast: stayAtLeast ?? atLeast ?? null,
    stayAtMost: stayAtMost ?? atMost ?? null,
  };
}

function readMatch(entry: ProfileEntry['match']): Profile['match'] {
  const { probe, probes } = entry;
  return {
    always: entry.always,
    sysObjectIdPrefixes: entry.sysObjectId,
    sysDescrContains: entry.sysDescr,
    sysDescrExcept: entry.except,
    probeOids: probe === undefined ? probes : [probe, ...probes],
  };
}

function readReading(entry: Static<typeof ScalarEntry> | Static<typeof ColumnEntry>): ReadingDef {
  return {
    name: entry.name,
    text: entry.text,
    class: entry.class ?? (entry.metric === undefined ? null : classOfMetric(entry.metric)),
    title: entry.title ?? null,
    metric: entry.metric ?? null,
    labels: entry.labels,
    scale: entry.scale,
    offset: entry.offset,
    unsigned: entry.unsigned,
    times: entry.times ?? null,
    dividedBy: entry.dividedBy ?? null,
    decimals: entry.decimals ?? null,
    unitBy: entry.unitBy ?? null,
    convert: entry.convert ?? null,
    pattern: readPattern(entry),
    product: entry.product,
    otherwise: 'otherwise' in entry ? (entry.otherwise ?? null) : null,
    absent: entry.absent,
    absentTexts: entry.absentTexts,
    atLeast: entry.atLeast ?? null,
    atMost: entry.atMost ?? null,
    orScales: entry.orScales,
    when: entry.when === undefined ? null : readTests(entry.when),
    limits: readLimits(entry.limits),
    gradedBy: entry.gradedBy ?? null,
    fault: entry.fault ?? null,
    group: entry.group ?? null,
    states: entry.states,
    rawOnly: entry.rawOnly,
  };
}

function readPattern({ pattern, character }: { pattern?: string; character?: number }) {
  if (character !== undefined) return new RegExp(`^[^]{${character - 1}}([^])`);
  return pattern === undefined ? null : new RegExp(pattern);
}

function readLimits(entry: Static<typeof ScalarEntry>['limits']): Limits | null {
  if (entry === undefined) return null;
  return {
    lowCritical: entry.lowCritical ?? null,
    lowWarning: entry.lowWarning ?? null,
    highWarning: entry.highWarning ?? null,
    highCritical: entry.highCritical ?? null,
  };
}

/** The names of RFC 3433, where a table does not say others. */
const SENSOR_COLUMNS: SensorColumns = {
  type: 'entPhySensorType',
  scale: 'entPhySensorScale',
  precision: 'entPhySensorPrecision',
  value: 'entPhySensorValue',
  status: 'entPhySensorOperStatus',
  lowCritical: null,
  lowWarning: null,
  highWarning: null,
  highCritical: null,
  thresholds: null,
};

function readTable(entry: Static<typeof TableEntry>): TableDef {
  return {
    name: entry.name,
    kind: entry.kind,
    isLookup: entry.lookup,
    component: entry.component,
    nameFrom: entry.nameFrom,
    rowLabel: entry.rowLabel ?? null,
    rowName: entry.rowName ?? null,
    rows: entry.rows === undefined ? null : readTests(entry.rows),
    indexValues: entry.indexValues.map((one) => ({ ...one, to: one.to ?? one.from })),
    joins: entry.joins.map((join) => ({
      table: join.table,
      by: join.by ?? null,
      parts: join.parts ?? null,
      take: join.take,
    })),
    pools: entry.pools.map(readPool),
    sensor: { ...SENSOR_COLUMNS, ...entry.sensor },
    only: entry.only,
    exceptNames: entry.exceptNames,
    columns: entry.columns.map(
      (column): ColumnDef => ({
        oid: column.oid,
        ...readReading(column),
        rarelyChanges: column.rarelyChanges,
        lowHalfOf: column.lowHalfOf ?? null,
      }),
    ),
    values: entry.values.map(readValue),
    conditions: entry.conditions.map(readCondition),
  };
}

function readPool(entry: Static<typeof PoolEntry>): PoolDef {
  return {
    kind: entry.kind,
    title: entry.title ?? null,
    used: entry.used ?? null,
    free: entry.free ?? null,
    size: entry.size ?? null,
    ratio: entry.ratio ?? null,
    when: entry.when === undefined ? null : readTests(entry.when),
  };
}

function readValue(entry: Static<typeof ValueEntry>): ValueDef {
  return {
    name: entry.name,
    metric: entry.metric ?? null,
    labels: entry.labels,
    compute: readComputation(entry),
  };
}

function readComputation(entry: Static<typeof ValueEntry>): ValueDef['compute'] {
  for (const how of FOLDS) {
    const of = entry[how];
    if (of !== undefined) return { how, of, where: entry.where };
  }
  if (entry.first !== undefined) return { how: 'first', of: entry.first };
  if (entry.ratio !== undefined) return { how: 'ratio', ...entry.ratio };
  if (entry.flag !== undefined) return { how: 'flag', when: readTests(entry.flag) };
  if (entry.fallen !== undefined) {
    const { of, minutes, knownFor, share } = entry.fallen;
    const [withinMs, knownForMs] = [minutes * MINUTE, knownFor * MINUTE];
    return { how: 'fallen', of, withinMs, knownForMs, asShare: share };
  }
  return { how: 'sum', terms: entry.sum ?? {} };
}

function readTests(entry: TestLists): Tests {
  return {
    all: entry.all.map(readTest),
    any: entry.any.map(readTest),
    none: entry.none.map(readTest),
  };
}

function readTest(entry: Static<typeof TestEntry>): Test {
  return {
    value: entry.value,
    equals: entry.equals ?? null,
    is: entry.is ?? null,
    atLeast: entry.atLeast ?? null,
    atMost: entry.atMost ?? null,
    stayAtLeast: entry.stayAtLeast ?? null,
    stayAtMost: entry.stayAtMost ?? null,
    contains: entry.contains ?? null,
  };
}

function readCondition(entry: Static<typeof ConditionEntry>): ConditionDef {
  return {
    kind: entry.fault,
    level: entry.level,
    component: entry.component ?? null,
    when: readTests(entry),
    forPolls: entry.forPolls,
    text: entry.text,
    facts: {
      batteryMinutes: entry.batteryMinutes ?? null,
      chargeRatio: entry.chargeRatio ?? null,
      value: entry.measured ?? null,
    },
  };
}
