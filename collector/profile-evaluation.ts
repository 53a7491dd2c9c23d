import type { Profile, ReadingDef, ValueDef } from '../config/profile.ts';
import { computeValue, namesUsedBy, type RowsByColumn } from './computed-values.ts';
import { checkConditions } from './condition-check.ts';
import { addSample, exportReading, refuse, type Speaker, type Work } from './evaluation-work.ts';
import { fallenBy } from './fallen-values.ts';
import type { PolledProfile } from './poll-evaluation.ts';
import type { PolledTable } from './polled-table.ts';
import { evaluatePools } from './pools.ts';
import { ON_BATTERY_METRIC, TEST_METRIC } from './power-readings.ts';
import { isMissing, type Value } from './reading.ts';
import type { Varbind } from './snmp-client.ts';
import { makeUnknown } from './stale-values.ts';
import { checkStates } from './state-faults.ts';
import { checkTable, evaluateTable } from './table-evaluation.ts';
import type { Row } from './table-rows.ts';
import { holds } from './tests-of-values.ts';
import {
  isDependent,
  type OnRefused,
  readDependent,
  readPlain,
  type ValueFacts,
} from './value-set.ts';

/** What one profile has read in a poll. */
interface ReadProfile {
  readonly polled: PolledProfile;
  readonly speaker: Speaker;
  readonly values: Map<string, Value>;
  readonly unreadNames: Set<string>;
  readonly rowsOf: ReadonlyMap<PolledTable, Row[]>;
  /** Which of the series it has added, in their order. */
  readonly series: { readonly from: number; readonly to: number };
}

/**
 * Reads, exports and judges what the profiles know; gives the values of each by name. Nothing is judged
 * before all of them are read: whichever of them tells that a card has lost its UPS, all that they say
 * of a UPS is old.
 */
export function evaluateProfiles(
  work: Work,
  profiles: readonly PolledProfile[],
): readonly ReadonlyMap<string, Value>[] {
  const read = profiles.map((polled) => readProfile(work, polled));
  leaveOutStale(work, read);
  for (const one of read) judgeProfile(work, one);
  return read.map(({ values }) => values);
}

function readProfile(work: Work, polled: PolledProfile): ReadProfile {
  const { profile } = polled;
  const values = new Map<string, Value>();
  const unreadNames = new Set<string>();
  const from = work.series.size;
  const speaker = evaluateScalars(work, profile, values, unreadNames);
  const rowsOf = new Map<PolledTable, Row[]>();
  const rowsByColumn = new Map<string, readonly Row[]>();
  for (const table of polled.tables) {
    const rows = evaluateTable(work, profile, table, speaker.lookup);
    rowsOf.set(table, rows);
    noteColumns(table, rows, rowsByColumn, unreadNames);
  }
  for (const def of profile.values) {
    evaluateValue(work, profile, def, { values, rowsByColumn, unreadNames });
  }
  if (profile.pools.length > 0) {
    evaluatePools(work, profile.pools, speaker, (name) =>
      oidOf(profile, name, values, rowsByColumn),
    );
  }
  const series = { from, to: work.series.size };
  return { polled, speaker, values, unreadNames, rowsOf, series };
}

function leaveOutStale(work: Work, read: readonly ReadProfile[]): void {
  const isLost = ({ polled: { profile }, speaker }: ReadProfile) =>
    profile.stale !== null && holds(profile.stale, speaker.lookup, false);
  if (!read.some(isLost)) return;
  const keys = [...work.series.keys()];
  for (const { polled, values, unreadNames, rowsOf, series } of read) {
    if (!tellsOfUps(polled.profile)) continue;
    const own = keys.slice(series.from, series.to);
    const rows = [...rowsOf.values()].flat();
    makeUnknown({ work, profile: polled.profile, values, unreadNames, keys: own, rows });
  }
}

/** Whether it reads a power system that a card may have lost, rather than the card. */
function tellsOfUps({ stale, values }: Profile): boolean {
  return stale !== null || values.some(({ metric }) => metric === ON_BATTERY_METRIC);
}

function judgeProfile(work: Work, read: ReadProfile): void {
  const { polled, speaker, values, unreadNames, rowsOf } = read;
  const { profile } = polled;
  noteUnreadMetrics(work, profile, unreadNames);
  for (const table of polled.tables) {
    checkTable(work, profile, table, rowsOf.get(table)!, values, unreadNames);
  }
  checkStates(work, profile.id, speaker, profile.scalars, values, unreadNames);
  const scope = {
    place: profile.id,
    rowComponent: null,
    rowName: '',
    port: null,
    lookup: (name: string) => values.get(name),
    unreadNames,
  };
  checkConditions(profile.conditions, scope, work.memory.conditions, work.found);
}

/** Reads and exports the scalars of a profile into `values`. */
function evaluateScalars(
  work: Work,
  profile: Profile,
  values: Map<string, Value>,
  unreadNames: Set<string>,
): Speaker {
  const set = { values, facts: new Map<string, ValueFacts>() };
  const lookup = (name: string) => values.get(name);
  const onRefused: OnRefused = (def, varbind, why) =>
    refuse(work, profile, def, varbind.oid, varbind, why);
  const read = profile.scalars.filter(({ rawOnly }) => !rawOnly);
  for (const isLater of [false, true]) {
    for (const def of read) {
      if (isDependent(def) !== isLater) continue;
      if (work.polled.unreadOids.has(def.oid)) unreadNames.add(def.name);
      const varbind = work.polled.scalars.get(def.oid);
      if (isMissingSetting(def, varbind) && !unreadNames.has(def.name)) {
        values.set(def.name, def.otherwise!);
      }
      if (varbind === undefined) continue;
      if (isLater) readDependent(def, varbind, set, lookup, onRefused);
      else readPlain(def, varbind, set, onRefused);
    }
  }
  const speaker: Speaker = {
    profile,
    component: null,
    rowName: '',
    labels: {},
    lookup,
    defOf: (name) => read.find((one) => one.name === name),
  };
  for (const def of read) {
    const value = values.get(def.name);
    if (value === undefined) continue;
    exportReading(work, speaker, def, value, def.oid, set.facts.get(def.name));
  }
  return speaker;
}

/** Whether a setting is not told that has a value nevertheless. */
function isMissingSetting({ otherwise }: ReadingDef, varbind: Varbind | undefined): boolean {
  return otherwise !== null && (varbind === undefined || isMissing(varbind));
}

/** The object that a value of the whole device comes from; of a computed one the first that it is made of. */
function oidOf(
  profile: Profile,
  name: string,
  values: ReadonlyMap<string, Value>,
  rowsByColumn: RowsByColumn,
): string | undefined {
  const scalar = profile.scalars.find((one) => one.name === name);
  if (scalar !== undefined) return scalar.oid;
  const def = profile.values.find((one) => one.name === name);
  if (def === undefined) return undefined;
  const { compute } = def;
  if (!('where' in compute)) {
    const [first] = namesUsedBy(def);
    return first === undefined ? undefined : oidOf(profile, first, values, rowsByColumn);
  }
  const column = profile.tables
    .flatMap(({ columns }) => columns)
    .find((one) => one.name === compute.of);
  const row = rowsByColumn
    .get(compute.of)
    ?.find((one) => one.values.get(compute.of) === values.get(name));
  return column === undefined || row === undefined ? undefined : `${column.oid}.${row.index}`;
}

/** A column that was cut is not folded over: a maximum of half the rows would be a lie. */
function noteColumns(
  table: PolledTable,
  rows: readonly Row[],
  rowsByColumn: Map<string, readonly Row[]>,
  unreadNames: Set<string>,
): void {
  const names = table.def.columns.map((column) => column.name);
  for (const name of names) {
    if (table.unreadColumns.has(name)) unreadNames.add(name);
    else rowsByColumn.set(name, rows);
  }
  for (const def of table.def.values) {
    if (namesUsedBy(def).some((name) => unreadNames.has(name))) unreadNames.add(def.name);
    else rowsByColumn.set(def.name, rows);
  }
}

function noteUnreadMetrics(
  { unreadMetrics }: Work,
  profile: Profile,
  unreadNames: ReadonlySet<string>,
): void {
  if (unreadNames.size === 0) return;
  const columns = profile.tables.flatMap((table) => table.columns);
  for (const { name, metric } of [...profile.scalars, ...profile.values, ...columns]) {
    if (metric !== null && unreadNames.has(name)) unreadMetrics.add(metric);
  }
}

interface EvaluatedSoFar {
  readonly values: Map<string, Value>;
  readonly rowsByColumn: RowsByColumn;
  readonly unreadNames: Set<string>;
}

function evaluateValue(work: Work, profile: Profile, def: ValueDef, so: EvaluatedSoFar): void {
  const { values, rowsByColumn, unreadNames } = so;
  if (namesUsedBy(def).some((name) => unreadNames.has(name))) unreadNames.add(def.name);
  const value = computedValue(work, profile, def, values, rowsByColumn);
  if (value === undefined) return;
  values.set(def.name, value);
  if (def.metric === TEST_METRIC && value === 1) work.isBatteryTested = true;
  if (def.metric !== null) addSample(work, def.metric, def.labels, value, '*');
}

function computedValue(
  { memory, portsContext }: Work,
  { id }: Profile,
  def: ValueDef,
  values: ReadonlyMap<string, Value>,
  rowsByColumn: RowsByColumn,
): number | undefined {
  const { compute } = def;
  if (compute.how !== 'fallen') {
    return computeValue(def, (name) => values.get(name), rowsByColumn);
  }
  const key = `${id}/${def.name}`;
  return fallenBy(memory.past, key, compute, values.get(compute.of), portsContext.nowMs);
}
