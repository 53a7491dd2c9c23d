import type { Static } from 'typebox';
import { type Draft, entriesOf, type Maybe } from './draft.ts';
import type { Findings, KnownIds } from './findings.ts';
import { checkPlaceholders } from './placeholders.ts';
import { listWords, type Path, show, suggestion } from './problem-text.ts';
import type { TableDef } from './profile.ts';
import type {
  ConditionEntry,
  PoolEntry,
  ProfileFile,
  ScalarEntry,
  TableEntry,
  TestEntry,
  ValueEntry,
} from './profile-schema.ts';
import { checkRange } from './range-check.ts';
import { POWER_SUBJECTS } from './standard-def.ts';

/** Values that rows of a table kind have beside their columns. */
const ROW_VALUES: Readonly<Record<TableDef['kind'], readonly string[]>> = {
  plain: [],
  interfaces: ['portSeenUp', 'portNamed', 'portSpeed'],
  sensors: ['sensorValue'],
};

/** In a row there is no column to look along. */
const NO_COLUMNS: ReadonlySet<string> = new Set();

/** Ways to make one value of a column. */
export const FOLDS = ['max', 'min', 'mean', 'count'] as const;

export interface TestLists {
  readonly all: readonly Static<typeof TestEntry>[];
  readonly any: readonly Static<typeof TestEntry>[];
  readonly none: readonly Static<typeof TestEntry>[];
}

type ProfileDraft = Draft<Static<typeof ProfileFile>>;
type ValueDraft = Draft<Static<typeof ValueEntry>>;
type Entries<Item> = Maybe<readonly (Item | null)[]>;

/** The names that the entries declare; null when an entry is a hole that may declare more. */
function declaredBy(entries: Entries<{ readonly name: string | null }>): KnownIds {
  if (!entries || entries.includes(null)) return null;
  return new Set(entriesOf(entries).flatMap(([, { name }]) => (name === null ? [] : [name])));
}

/** All of them together; null when one of them is not known. */
function union(...parts: readonly KnownIds[]): KnownIds {
  return parts.includes(null) ? null : new Set(parts.flatMap((part) => [...(part ?? [])]));
}

/** What the schema cannot say: names that must exist, conditions that must say something. */
export function checkProfile(findings: Findings, profile: ProfileDraft, fileName: string): void {
  const { id, identity } = profile;
  if (id !== null && id !== fileName) {
    findings.error(['id'], `${show(id)} must be the name of the file, ${show(fileName)}`);
  }
  checkMatch(findings, profile.match);
  const scalars = declaredBy(profile.scalars);
  const values = declaredBy(profile.values);
  checkDeclaredOnce(findings, ['scalars'], profile.scalars, NO_COLUMNS);
  checkReadings(findings, ['scalars'], profile.scalars, scalars);
  const rows = entriesOf(profile.tables).map(([index, table]) =>
    checkTable(findings, ['tables', index], table, scalars, values),
  );
  const isKnown = profile.tables !== null && !profile.tables.includes(null);
  const columns = isKnown ? union(scalars, ...rows) : null;
  checkValues(findings, ['values'], profile.values, scalars, columns);
  const own = union(scalars, values);
  checkPools(findings, ['pools'], profile.pools, own);
  checkConditions(findings, ['conditions'], profile.conditions, own, false);
  checkStandards(findings, profile.standards);
  if (profile.stale) checkTests(findings, ['stale'], profile.stale, own);
  const names = [identity?.vendor, identity?.model, identity?.os];
  checkNames(findings, ['identity'], names, own);
}

/** What chooses among several readings. */
const CHOICES = ['only', 'except', 'exceptProfiles', 'ofAll'] as const;

function checkStandards(findings: Findings, standards: ProfileDraft['standards']): void {
  for (const [index, standard] of entriesOf(standards)) {
    const place: Path = ['standards', index];
    checkRange(findings, place, standard);
    const idle = CHOICES.filter((name) => [standard[name]].flat().some(Boolean));
    if (POWER_SUBJECTS.some((subject) => subject === standard.of) && idle.length > 0) {
      const verb = idle.length > 1 ? 'choose' : 'chooses';
      const text = `a device has one ${standard.of}; ${listWords(idle, 'and')} ${verb} nothing`;
      findings.error(place, text);
    }
    if (standard.atLeast !== undefined || standard.atMost !== undefined) continue;
    findings.error(place, 'has no limit; expected atLeast or atMost');
  }
}

function checkMatch(findings: Findings, match: ProfileDraft['match']): void {
  if (match === null) return;
  const isEmpty =
    match.always === false &&
    match.probe === undefined &&
    match.probes?.length === 0 &&
    match.sysObjectId?.length === 0 &&
    match.sysDescr?.length === 0;
  if (isEmpty) {
    findings.error(['match'], 'matches nothing; expected always, probe, sysObjectId or sysDescr');
  }
}

/** Gives the names of a row, which the values of the whole device look along. */
function checkTable(
  findings: Findings,
  path: Path,
  table: Draft<Static<typeof TableEntry>>,
  scalars: KnownIds,
  deviceValues: KnownIds,
): KnownIds {
  const ofKind = table.kind === null ? null : new Set(ROW_VALUES[table.kind]);
  const ofRow = union(declaredBy(table.indexValues), namesTaken(table.joins));
  const outside = union(scalars, ofKind, ofRow);
  const read = union(outside, declaredBy(table.columns));
  checkDeclaredOnce(findings, [...path, 'columns'], table.columns, outside);
  const nameFrom = entriesOf(table.nameFrom).map(([, name]) => name);
  checkNames(findings, [...path, 'nameFrom'], nameFrom, read);
  checkNames(findings, [...path, 'only'], Object.keys(table.only ?? {}), read);
  checkReadings(findings, [...path, 'columns'], table.columns, read);
  const by = entriesOf(table.joins).map(([, join]) => join.by);
  checkNames(findings, [...path, 'joins'], by, read);
  checkValues(findings, [...path, 'values'], table.values, read, NO_COLUMNS);
  const row = union(read, declaredBy(table.values));
  if (table.rows) checkTests(findings, [...path, 'rows'], table.rows, row);
  checkPools(findings, [...path, 'pools'], table.pools, row);
  // A row is also judged by the values computed for the whole device.
  const judged = union(row, deviceValues);
  checkConditions(findings, [...path, 'conditions'], table.conditions, judged, true);
  return row;
}

/** Names that a row takes over from other tables. */
function namesTaken(joins: Draft<Static<typeof TableEntry>>['joins']): KnownIds {
  if (!joins || joins.includes(null)) return null;
  return new Set(entriesOf(joins).flatMap(([, join]) => Object.keys(join.take ?? {})));
}

function checkDeclaredOnce(
  findings: Findings,
  path: Path,
  entries: Entries<{ readonly name: string | null }>,
  outside: KnownIds,
): void {
  const declared = new Set(outside);
  for (const [index, { name }] of entriesOf(entries)) {
    if (name === null) continue;
    if (declared.has(name)) {
      findings.error([...path, index, 'name'], `${show(name)} is declared twice`);
    }
    declared.add(name);
  }
}

function checkNames(
  findings: Findings,
  path: Path,
  names: readonly Maybe<string>[],
  known: KnownIds,
): void {
  if (known === null) return;
  for (const name of names) {
    if (name === null || name === undefined || known.has(name)) continue;
    findings.error(path, `${show(name)} is no value declared here${suggestion(name, [...known])}`);
  }
}

function checkReadings(
  findings: Findings,
  path: Path,
  entries: Entries<Draft<Static<typeof ScalarEntry>>>,
  known: KnownIds,
): void {
  for (const [index, entry] of entriesOf(entries)) {
    checkNames(findings, [...path, index, 'times'], [entry.times], known);
    const { dividedBy, decimals, gradedBy, unitBy, limits, when } = entry;
    const named = [dividedBy, decimals, gradedBy, unitBy?.value, ...Object.values(limits ?? {})];
    for (const [, factor] of entriesOf(entry.product))
      checkNames(findings, [...path, index], [factor], known);
    checkNames(findings, [...path, index], named, known);
    if (when) checkTests(findings, [...path, index, 'when'], when, known);
    if (typeof entry.pattern === 'string' && !isExpression(entry.pattern)) {
      findings.error([...path, index, 'pattern'], `${show(entry.pattern)} is no expression`);
    }
    const { pattern, character, text } = entry;
    if (character !== undefined && (pattern !== undefined || text)) {
      const other = pattern === undefined ? 'text' : 'pattern';
      findings.error([...path, index], `has both character and ${other}; expected one of them`);
    }
    checkRange(findings, [...path, index], entry);
    if (entry.text && entry.metric !== undefined) {
      findings.error([...path, index], 'a text cannot be a metric');
    }
  }
}

function isExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern) !== null;
  } catch {
    return false;
  }
}

function checkPools(
  findings: Findings,
  path: Path,
  entries: Entries<Draft<Static<typeof PoolEntry>>>,
  known: KnownIds,
): void {
  for (const [index, { used, free, size, ratio, when }] of entriesOf(entries)) {
    checkNames(findings, [...path, index], [used, free, size, ratio], known);
    if (when) checkTests(findings, [...path, index, 'when'], when, known);
    const isTold = ratio || [used, free, size].filter(Boolean).length > 1;
    if (!isTold) findings.error([...path, index], 'needs a ratio, or two of used, free and size');
  }
}

/** Each value may use those above it. */
function checkValues(
  findings: Findings,
  path: Path,
  entries: Entries<ValueDraft>,
  known: KnownIds,
  columns: KnownIds,
): void {
  let above = known;
  for (const [index, entry] of entriesOf(entries)) {
    checkValue(findings, [...path, index], entry, above, columns);
    above = union(above, new Set(entry.name === null ? [] : [entry.name]));
  }
}

function checkValue(
  findings: Findings,
  path: Path,
  entry: ValueDraft,
  known: KnownIds,
  columns: KnownIds,
): void {
  const ways = [...FOLDS, 'sum', 'first', 'ratio', 'flag', 'fallen'] as const;
  const used = ways.filter((way) => entry[way] !== undefined);
  if (used.length !== 1) {
    const message = `has ${used.length} ways to compute it; expected one of ${listWords(ways)}`;
    findings.error(path, message);
  }
  for (const fold of FOLDS) checkNames(findings, [...path, fold], [entry[fold]], columns);
  checkNames(findings, [...path, 'where'], Object.keys(entry.where ?? {}), columns);
  const { ratio, sum, flag, fallen } = entry;
  checkNames(findings, path, ratio ? [ratio.of, ratio.per] : Object.keys(sum ?? {}), known);
  for (const [, name] of entriesOf(entry.first ?? [])) {
    checkNames(findings, [...path, 'first'], [name], known);
  }
  if (flag) checkTests(findings, [...path, 'flag'], flag, known);
  if (fallen) checkNames(findings, [...path, 'fallen'], [fallen.of], known);
  if (fallen && columns === NO_COLUMNS) {
    findings.error([...path, 'fallen'], 'is told of values of the whole device, not of rows');
  }
}

function checkConditions(
  findings: Findings,
  path: Path,
  entries: Entries<Draft<Static<typeof ConditionEntry>>>,
  known: KnownIds,
  inTable: boolean,
): void {
  for (const [index, entry] of entriesOf(entries)) {
    const place: Path = [...path, index];
    checkTests(findings, place, entry, known);
    checkNames(findings, place, [entry.batteryMinutes, entry.chargeRatio, entry.measured], known);
    const scope = { known, inTable, isMeasured: entry.measured !== undefined };
    if (entry.text !== null) checkPlaceholders(findings, [...place, 'text'], entry.text, scope);
    if (!inTable && entry.component === undefined) {
      findings.error(place, 'the component is missing: which part of the device is wrong?');
    }
  }
}

function checkTests(
  findings: Findings,
  path: Path,
  lists: Draft<TestLists>,
  known: KnownIds,
): void {
  if (lists.all?.length === 0 && lists.any?.length === 0 && lists.none?.length === 0) {
    findings.error(path, 'tests nothing; expected entries in all, any or none');
  }
  for (const list of ['all', 'any', 'none'] as const) {
    for (const [index, test] of entriesOf(lists[list])) {
      const place: Path = [...path, list, index];
      checkNames(findings, [...place, 'value'], [test.value], known);
      checkRange(findings, place, test);
      const says = [test.equals, test.is, test.atLeast, test.atMost, test.contains];
      if (says.some((part) => part !== undefined)) continue;
      const expected = 'expected equals, is, atLeast, atMost or contains';
      findings.error(place, `says nothing about the value; ${expected}`);
    }
  }
}
