import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Static } from 'typebox';
import { type Findings, findingsOf } from './findings.ts';
import { checkPlaceholders } from './placeholders.ts';
import type { Problem } from './problem.ts';
import { listWords, type Path, show, suggestion } from './problem-text.ts';
import type {
  ColumnDef,
  ConditionDef,
  Profile,
  ReadingDef,
  TableDef,
  Test,
  Tests,
  ValueDef,
} from './profile.ts';
import {
  type ColumnEntry,
  type ConditionEntry,
  ProfileFile,
  type ScalarEntry,
  type TableEntry,
  type TestEntry,
  type ValueEntry,
} from './profile-schema.ts';
import { parseYaml } from './yaml-file.ts';

/** Values that rows of a table kind have beside their columns. */
const ROW_VALUES: Readonly<Record<TableDef['kind'], readonly string[]>> = {
  plain: [],
  interfaces: ['portSeenUp', 'portNamed', 'portSpeed'],
  sensors: ['sensorValue'],
};

/** In a row there is no column to look along. */
const NO_COLUMNS: ReadonlySet<string> = new Set();

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
    problems.push(...parsed.problems);
    if (parsed.value === null) continue;
    const ownProblems: Problem[] = [];
    checkProfile(findingsOf(parsed, ownProblems), parsed.value, basename(file, '.yaml'));
    problems.push(...ownProblems);
    if (ownProblems.every((problem) => problem.severity === 'warning')) {
      profiles.push(readProfile(parsed.value));
    }
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
    match: {
      always: entry.match.always,
      sysObjectIdPrefixes: entry.match.sysObjectId,
      sysDescrContains: entry.match.sysDescr,
      probeOid: entry.match.probe ?? null,
    },
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
    values: entry.values.map(readValue),
    conditions: entry.conditions.map(readCondition),
  };
}

function readReading(entry: Static<typeof ScalarEntry> | Static<typeof ColumnEntry>): ReadingDef {
  return {
    name: entry.name,
    text: entry.text,
    metric: entry.metric ?? null,
    labels: entry.labels,
    scale: entry.scale,
    offset: entry.offset,
    unsigned: entry.unsigned,
    times: entry.times ?? null,
    absent: entry.absent,
    atLeast: entry.atLeast ?? null,
    atMost: entry.atMost ?? null,
    orScale: entry.orScale ?? null,
    states: entry.states,
    rawOnly: entry.rawOnly,
  };
}

function readTable(entry: Static<typeof TableEntry>): TableDef {
  return {
    name: entry.name,
    kind: entry.kind,
    component: entry.component,
    nameFrom: entry.nameFrom,
    rowLabel: entry.rowLabel ?? null,
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

function readValue(entry: Static<typeof ValueEntry>): ValueDef {
  return {
    name: entry.name,
    metric: entry.metric ?? null,
    labels: entry.labels,
    compute: readComputation(entry),
  };
}

const FOLDS = ['max', 'min', 'mean', 'count'] as const;

function readComputation(entry: Static<typeof ValueEntry>): ValueDef['compute'] {
  for (const how of FOLDS) {
    const of = entry[how];
    if (of !== undefined) return { how, of, where: entry.where };
  }
  if (entry.ratio !== undefined) return { how: 'ratio', ...entry.ratio };
  if (entry.flag !== undefined) return { how: 'flag', when: readTests(entry.flag) };
  return { how: 'sum', terms: entry.sum ?? {} };
}

interface TestLists {
  readonly all: readonly Static<typeof TestEntry>[];
  readonly any: readonly Static<typeof TestEntry>[];
  readonly none: readonly Static<typeof TestEntry>[];
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

/** What the schema cannot say: names that must exist, conditions that must say something. */
function checkProfile(findings: Findings, entry: ProfileEntry, fileName: string): void {
  if (entry.id !== fileName) {
    findings.error(['id'], `${show(entry.id)} must be the name of the file, ${show(fileName)}`);
  }
  const { match } = entry;
  if (
    !match.always &&
    match.probe === undefined &&
    match.sysObjectId.length + match.sysDescr.length === 0
  ) {
    findings.error(['match'], 'matches nothing; expected always, probe, sysObjectId or sysDescr');
  }
  const own = new Set<string>();
  const columns = new Set<string>();
  declare(findings, own, ['scalars'], entry.scalars);
  entry.tables.forEach((table, index) => {
    const path: Path = ['tables', index];
    const row = new Set([...own, ...ROW_VALUES[table.kind]]);
    declare(findings, row, [...path, 'columns'], table.columns);
    checkNames(findings, [...path, 'nameFrom'], table.nameFrom, row);
    checkNames(findings, [...path, 'only'], Object.keys(table.only), row);
    checkReadings(findings, [...path, 'columns'], table.columns, row);
    table.values.forEach((value, place) => {
      checkValue(findings, [...path, 'values', place], value, row, NO_COLUMNS);
      row.add(value.name);
    });
    for (const name of row) columns.add(name);
    // A row is also judged by the values computed for the whole device.
    for (const value of entry.values) row.add(value.name);
    checkConditions(findings, [...path, 'conditions'], table.conditions, row, true);
  });
  checkReadings(findings, ['scalars'], entry.scalars, own);
  entry.values.forEach((value, index) => {
    checkValue(findings, ['values', index], value, own, columns);
    own.add(value.name);
  });
  checkConditions(findings, ['conditions'], entry.conditions, own, false);
  const identity = [entry.identity.vendor, entry.identity.model, entry.identity.os];
  checkNames(
    findings,
    ['identity'],
    identity.filter((name) => name !== undefined),
    own,
  );
}

function declare(
  findings: Findings,
  known: Set<string>,
  path: Path,
  entries: readonly { readonly name: string }[],
): void {
  entries.forEach(({ name }, index) => {
    if (known.has(name))
      findings.error([...path, index, 'name'], `${show(name)} is declared twice`);
    known.add(name);
  });
}

function checkNames(
  findings: Findings,
  path: Path,
  names: readonly string[],
  known: ReadonlySet<string>,
): void {
  for (const name of names) {
    if (known.has(name)) continue;
    findings.error(path, `${show(name)} is no value declared here${suggestion(name, [...known])}`);
  }
}

function checkReadings(
  findings: Findings,
  path: Path,
  entries: readonly (Static<typeof ScalarEntry> | Static<typeof ColumnEntry>)[],
  known: ReadonlySet<string>,
): void {
  entries.forEach((entry, index) => {
    if (entry.times !== undefined)
      checkNames(findings, [...path, index, 'times'], [entry.times], known);
    if ('lowHalfOf' in entry && entry.lowHalfOf !== undefined)
      checkNames(findings, [...path, index, 'lowHalfOf'], [entry.lowHalfOf], known);
    if (entry.text && entry.metric !== undefined) {
      findings.error([...path, index], 'a text cannot be a metric');
    }
  });
}

function checkValue(
  findings: Findings,
  path: Path,
  entry: Static<typeof ValueEntry>,
  known: ReadonlySet<string>,
  columns: ReadonlySet<string>,
): void {
  const ways = [...FOLDS, 'sum', 'ratio', 'flag'] as const;
  const used = ways.filter((way) => entry[way] !== undefined);
  if (used.length !== 1) {
    findings.error(
      path,
      `has ${used.length} ways to compute it; expected one of ${listWords(ways)}`,
    );
  }
  for (const fold of FOLDS) {
    const of = entry[fold];
    if (of !== undefined) checkNames(findings, [...path, fold], [of], columns);
  }
  checkNames(findings, [...path, 'where'], Object.keys(entry.where), columns);
  const { ratio } = entry;
  const parts = ratio === undefined ? Object.keys(entry.sum ?? {}) : [ratio.of, ratio.per];
  checkNames(findings, path, parts, known);
  if (entry.flag !== undefined) checkTests(findings, [...path, 'flag'], entry.flag, known);
}

function checkConditions(
  findings: Findings,
  path: Path,
  entries: readonly Static<typeof ConditionEntry>[],
  known: ReadonlySet<string>,
  inTable: boolean,
): void {
  entries.forEach((entry, index) => {
    const place: Path = [...path, index];
    checkTests(findings, place, entry, known);
    const facts = [entry.batteryMinutes, entry.chargeRatio, entry.measured];
    checkNames(
      findings,
      place,
      facts.filter((name) => name !== undefined),
      known,
    );
    const isMeasured = entry.measured !== undefined;
    checkPlaceholders(findings, [...place, 'text'], entry.text, { known, inTable, isMeasured });
    if (!inTable && entry.component === undefined) {
      findings.error(place, 'the component is missing: which part of the device is wrong?');
    }
  });
}

function checkTests(
  findings: Findings,
  path: Path,
  lists: TestLists,
  known: ReadonlySet<string>,
): void {
  if (lists.all.length + lists.any.length === 0) {
    findings.error(path, 'tests nothing; expected entries in all or any');
  }
  for (const list of ['all', 'any', 'none'] as const) {
    lists[list].forEach((test, index) => {
      const place: Path = [...path, list, index];
      checkNames(findings, [...place, 'value'], [test.value], known);
      const says = [test.equals, test.is, test.atLeast, test.atMost, test.contains];
      if (says.every((part) => part === undefined)) {
        findings.error(
          place,
          'says nothing about the value; expected equals, is, atLeast, atMost or contains',
        );
      }
    });
  }
}
