import type { Profile, ReadingDef, ValueDef } from '../config/profile.ts';
import { computeValue, namesUsedBy, type RowsByColumn } from './computed-values.ts';
import { checkConditions, mergeConditions } from './condition-check.ts';
import type { PortDetail, ReadingDetail } from './device-detail.ts';
import type { DeviceExposition } from './device-exposition.ts';
import type { DeviceMemory } from './device-memory.ts';
import {
  addSample,
  exportReading,
  type KeptSample,
  type Refusal,
  refuse,
  type Speaker,
  type Work,
} from './evaluation-work.ts';
import { fallenBy } from './fallen-values.ts';
import type { Condition } from './observation.ts';
import { gradeByRedundancy } from './part-redundancy.ts';
import type { PolledTable } from './polled-table.ts';
import { evaluatePools, type PoolDetail } from './pools.ts';
import { type EvaluatedPorts, type PortsContext, portDetails } from './port-evaluation.ts';
import type { PowerForecast } from './power-forecast.ts';
import {
  forecastOf,
  TEST_METRIC,
  withForecast,
  withholdNoneLeft,
  withholdTested,
} from './power-readings.ts';
import { isMissing, type Value } from './reading.ts';
import { type RefusalDetail, refusalOf, sourceOf } from './reading-detail.ts';
import type { Sample } from './sample.ts';
import { allSamples, renderSeries } from './series-lines.ts';
import { SERIES_CAP, SeriesRoom } from './series-room.ts';
import type { Varbind } from './snmp-client.ts';
import { leaveOutStale } from './stale-values.ts';
import { checkStandards } from './standards.ts';
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

export interface PolledProfile {
  readonly profile: Profile;
  readonly tables: readonly PolledTable[];
}

/** Everything one full poll has read. */
export interface PolledDevice {
  /** Those that count most first. */
  readonly profiles: readonly PolledProfile[];
  readonly scalars: ReadonlyMap<string, Varbind>;
  readonly unreadOids: ReadonlySet<string>;
}

/** What a poll told. */
export interface Evaluation {
  readonly conditions: readonly Condition[];
  readonly unreadComponents: readonly string[];
  /** By symbolic name, for identity. */
  readonly values: ReadonlyMap<string, Value>;
  /** Series beyond those that one device may have; they are shown nowhere. */
  readonly leftOutCount: number;
  /** What follows is made when it is asked for, and before the next poll of the device. */
  readonly samples: readonly Sample[];
  readonly ports: readonly PortDetail[];
  readonly readings: readonly ReadingDetail[];
  readonly pools: readonly PoolDetail[];
  /** How long the load of a power system lasts; null: it is none, or does not tell. */
  readonly forecast: PowerForecast | null;
  readonly refusals: readonly RefusalDetail[];
  /** What a scrape shows of the device; `first` comes before everything else. */
  render(baseLabels: string, first: Sample): DeviceExposition;
  /** Forgets what can be computed anew when it is asked for. */
  rest(): void;
}

/** Turns what was read into series, readings and conditions. Pure but for the device's memory. */
export function evaluatePoll(
  polled: PolledDevice,
  memory: DeviceMemory,
  portsContext: Omit<PortsContext, 'dates'>,
  seriesCap: number = SERIES_CAP,
): Evaluation {
  const work: Work = {
    polled,
    memory,
    portsContext,
    selfMetrics: portsContext.selfMetrics,
    found: { conditions: [], unreadComponents: new Set(), seenKeys: new Set() },
    series: new Map(),
    room: new SeriesRoom(seriesCap),
    refusals: [],
    pools: [],
    parts: [],
    finders: new Map(),
    ports: null,
    unusedPorts: null,
    unreadMetrics: new Set(),
    isBatteryTested: false,
  };
  const values = new Map<string, Value>();
  for (const profile of polled.profiles) {
    for (const [name, value] of evaluateProfile(work, profile)) {
      if (!values.has(name)) values.set(name, value);
    }
  }
  if (work.isBatteryTested) withholdTested(work);
  withholdNoneLeft(work);
  checkStandards(
    work,
    polled.profiles.map(({ profile }) => profile),
  );
  forgetGone(memory, work.found.seenKeys);
  return new FinishedEvaluation(work, values, forecastOf(work, portsContext.nowMs));
}

/** A class, because an object with getters of its own takes five times the memory, for each device. */
class FinishedEvaluation implements Evaluation {
  readonly conditions: readonly Condition[];
  readonly unreadComponents: readonly string[];
  readonly values: ReadonlyMap<string, Value>;
  readonly leftOutCount: number;
  readonly pools: readonly PoolDetail[];
  readonly forecast: PowerForecast | null;
  readonly #kept: readonly KeptSample[];
  readonly #ports: EvaluatedPorts | null;
  readonly #refusals: readonly Refusal[];

  constructor(work: Work, values: ReadonlyMap<string, Value>, forecast: PowerForecast | null) {
    const { found, series, room, ports, parts, pools, refusals } = work;
    const conditions = gradeByRedundancy(found.conditions, parts);
    this.conditions = withForecast(mergeConditions(conditions), forecast);
    this.unreadComponents = [...found.unreadComponents].sort();
    this.values = values;
    this.leftOutCount = room.leftOutCount;
    this.pools = pools;
    this.forecast = forecast;
    this.#kept = [...series.values()];
    this.#ports = ports;
    this.#refusals = refusals;
  }

  get samples(): readonly Sample[] {
    return allSamples(this.#kept, this.#ports);
  }

  get ports(): readonly PortDetail[] {
    return this.#ports === null ? [] : portDetails(this.#ports);
  }

  get readings(): readonly ReadingDetail[] {
    return this.#kept.flatMap((one) => (one.component === null ? [] : readingOf(one)));
  }

  get refusals(): readonly RefusalDetail[] {
    return this.#refusals.map(refusalOf);
  }

  render(baseLabels: string, first: Sample): DeviceExposition {
    const leading = { sample: first, component: null, undeclaredState: null, source: null };
    return renderSeries(baseLabels, [leading, ...this.#kept], this.#ports);
  }

  rest(): void {
    this.#ports?.rest();
  }
}

function forgetGone(memory: DeviceMemory, seenKeys: ReadonlySet<string>): void {
  const { standing, heldPolls } = memory.conditions;
  for (const key of standing) if (!seenKeys.has(key)) standing.delete(key);
  for (const key of heldPolls.keys()) if (!seenKeys.has(key)) heldPolls.delete(key);
}

function evaluateProfile(work: Work, polled: PolledProfile): Map<string, Value> {
  const { profile } = polled;
  const values = new Map<string, Value>();
  const unreadNames = new Set<string>();
  const keptBefore = work.series.size;
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
  if (profile.stale !== null && holds(profile.stale, speaker.lookup, false)) {
    const rows = [...rowsOf.values()].flat();
    leaveOutStale({ work, profile, values, unreadNames, keptBefore, rows });
  }
  noteUnreadMetrics(work, profile, unreadNames);
  for (const table of polled.tables) {
    checkTable(work, profile, table, rowsOf.get(table)!, values, unreadNames);
  }
  if (profile.pools.length > 0) {
    evaluatePools(work, profile.pools, speaker, (name) =>
      oidOf(profile, name, values, rowsByColumn),
    );
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
  return values;
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

function readingOf({ sample, component, undeclaredState, source }: KeptSample): ReadingDetail {
  const names = sample.metric.labels.slice(sample.metric.labels.length - sample.labels.length);
  return {
    component: component!,
    metric: sample.metric.name,
    labels: Object.fromEntries(names.map((name, place) => [name, sample.labels[place]!])),
    value: Number(sample.value),
    undeclaredState,
    source: source === null ? null : sourceOf(source),
  };
}
