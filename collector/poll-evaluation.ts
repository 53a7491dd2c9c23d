import type { Profile, ReadingDef, TableDef, ValueDef } from '../config/profile.ts';
import { computeValue, namesUsedBy, type RowsByColumn } from './computed-values.ts';
import { type ConditionsFound, checkConditions, mergeConditions } from './condition-check.ts';
import type { PortDetail, ReadingDetail } from './device-detail.ts';
import type { DeviceExposition } from './device-exposition.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { Condition } from './observation.ts';
import { emptyTableMemory, type PolledTable, tablePlace } from './polled-table.ts';
import {
  checkPorts,
  type EvaluatedPorts,
  evaluatePorts,
  type PortsContext,
  portDetails,
  portRows,
} from './port-evaluation.ts';
import { MOST_SERIES_OF_PORT, stateOrNumber } from './port-metrics.ts';
import { readVarbind, type Value } from './reading.ts';
import { makeSample, type Sample, seriesKey } from './sample.ts';
import type { SelfMetrics } from './self-metrics.ts';
import { readSensor } from './sensors.ts';
import { allSamples, renderSeries } from './series-lines.ts';
import type { Varbind } from './snmp-client.ts';
import { buildRows, isRowWanted, type Row } from './table-rows.ts';

/** Series of one device; one that has more is cut, so that it cannot fill the memory of everything behind. */
export const SERIES_CAP = 50_000;

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
  /** What follows is made when it is asked for, and before the next poll of the device. */
  readonly samples: readonly Sample[];
  readonly ports: readonly PortDetail[];
  readonly readings: readonly ReadingDetail[];
  /** What a scrape shows of the device; `first` comes before everything else. */
  render(baseLabels: string, first: Sample): DeviceExposition;
}

/** A series that is no port's. */
export interface KeptSample {
  readonly sample: Sample;
  /** null: shown elsewhere. */
  readonly component: string | null;
  /** See `ReadingDetail`. */
  readonly undeclaredState: number | null;
}

interface Work {
  readonly polled: PolledDevice;
  readonly memory: DeviceMemory;
  readonly portsContext: Omit<PortsContext, 'dates'>;
  readonly selfMetrics: SelfMetrics;
  readonly found: ConditionsFound;
  readonly series: Map<string, KeptSample>;
  ports: EvaluatedPorts | null;
}

/** Turns what was read into series, readings and conditions. Pure but for the device's memory. */
export function evaluatePoll(
  polled: PolledDevice,
  memory: DeviceMemory,
  portsContext: Omit<PortsContext, 'dates'>,
): Evaluation {
  const work: Work = {
    polled,
    memory,
    portsContext,
    selfMetrics: portsContext.selfMetrics,
    found: { conditions: [], unreadComponents: new Set(), seenKeys: new Set() },
    series: new Map(),
    ports: null,
  };
  const values = new Map<string, Value>();
  for (const profile of polled.profiles) {
    for (const [name, value] of evaluateProfile(work, profile)) {
      if (!values.has(name)) values.set(name, value);
    }
  }
  forgetGone(memory, work.found.seenKeys);
  return evaluationOf(work, values);
}

function evaluationOf({ found, series, ports }: Work, values: Map<string, Value>): Evaluation {
  const kept = [...series.values()];
  return {
    conditions: mergeConditions(found.conditions),
    unreadComponents: [...found.unreadComponents].sort(),
    values,
    get samples() {
      return allSamples(kept, ports);
    },
    get ports() {
      return ports === null ? [] : portDetails(ports);
    },
    get readings() {
      return kept.flatMap(({ sample, component, undeclaredState }) =>
        component === null ? [] : readingOf(sample, component, undeclaredState),
      );
    },
    render: (baseLabels, first) =>
      renderSeries(
        baseLabels,
        [{ sample: first, component: null, undeclaredState: null }, ...kept],
        ports,
      ),
  };
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
  for (const scalar of profile.scalars) {
    if (scalar.rawOnly) continue;
    if (work.polled.unreadOids.has(scalar.oid)) unreadNames.add(scalar.name);
    const varbind = work.polled.scalars.get(scalar.oid);
    if (varbind === undefined) continue;
    const read = readVarbind(scalar, varbind);
    if (read.kind === 'rejected') work.selfMetrics.valueRejected(read.reason);
    if (read.kind !== 'value') continue;
    values.set(scalar.name, read.value);
    exportValue(work, scalar, read.value, '*', scalar.labels);
  }
  const rowsOf = new Map<PolledTable, Row[]>();
  const rowsByColumn = new Map<string, readonly Row[]>();
  for (const table of polled.tables) {
    const rows =
      table.ports === null ? evaluateRows(work, table) : evaluatePortTable(work, profile, table);
    rowsOf.set(table, rows);
    noteColumns(table, rows, rowsByColumn, unreadNames);
  }
  for (const def of profile.values) {
    evaluateValue(work, def, values, rowsByColumn, unreadNames);
  }
  for (const table of polled.tables) {
    const place = tablePlace(profile, table.def);
    if (table.ports === null) {
      checkTable(work, place, table, rowsOf.get(table)!, values, unreadNames);
    } else checkPortTable(work, place, table, values, unreadNames);
  }
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

function evaluateValue(
  work: Work,
  def: ValueDef,
  values: Map<string, Value>,
  rowsByColumn: RowsByColumn,
  unreadNames: Set<string>,
): void {
  if (namesUsedBy(def).some((name) => unreadNames.has(name))) unreadNames.add(def.name);
  const value = computeValue(def, (name) => values.get(name), rowsByColumn);
  if (value === undefined) return;
  values.set(def.name, value);
  if (def.metric !== null) addSample(work, def.metric, def.labels, value, '*');
}

function evaluateRows(work: Work, table: PolledTable): Row[] {
  const onRejected = work.selfMetrics.valueRejected;
  const rows = buildRows(table.def, table.cells, onRejected);
  for (const row of rows) {
    for (const def of table.def.values) {
      const value = computeValue(def, (name) => row.values.get(name), new Map());
      if (value !== undefined) row.values.set(def.name, value);
    }
    if (!isRowWanted(table.def, row)) continue;
    if (table.def.kind === 'sensors') {
      const sample = readSensor(row, onRejected);
      if (sample !== null) keep(work, sample, row.component);
    }
    exportRow(work, table.def, row);
  }
  return rows;
}

/** Ports, as rows only where the profile computes something over all of them. */
function evaluatePortTable(work: Work, profile: Profile, table: PolledTable): Row[] {
  const mostRows = Math.floor((SERIES_CAP - work.series.size) / MOST_SERIES_OF_PORT);
  const context = { ...work.portsContext, dates: table.dates };
  const ports = evaluatePorts(table.ports!, context, Math.max(0, mostRows));
  work.ports = ports;
  const isComputedOver = ({ compute }: ValueDef) =>
    'where' in compute &&
    [...table.def.columns, ...table.def.values].some(({ name }) => name === compute.of);
  const hasOwnValues = table.def.values.some(({ metric }) => metric !== null);
  if (!hasOwnValues && !profile.values.some(isComputedOver)) return [];
  const rows = portRows(ports);
  rows.forEach((row, place) => {
    if (ports.wanted[place] === 1) exportValues(work, table.def, row);
  });
  return rows;
}

function exportRow(work: Work, table: TableDef, row: Row): void {
  const rowLabel = table.rowLabel === null ? {} : { [table.rowLabel]: row.name };
  for (const column of table.columns) {
    const value = row.values.get(column.name);
    const component = table.kind === 'interfaces' ? null : row.component;
    if (value !== undefined)
      exportValue(work, column, value, component, { ...column.labels, ...rowLabel });
  }
  exportValues(work, table, row);
}

/** What the table computes in each row. */
function exportValues(work: Work, table: TableDef, row: Row): void {
  const rowLabel = table.rowLabel === null ? {} : { [table.rowLabel]: row.name };
  for (const def of table.values) {
    const value = row.values.get(def.name);
    if (def.metric === null || typeof value !== 'number') continue;
    addSample(work, def.metric, { ...def.labels, ...rowLabel }, value, row.component);
  }
}

function exportValue(
  work: Work,
  def: ReadingDef,
  value: Value,
  component: string | null,
  labels: Readonly<Record<string, string>>,
): void {
  if (def.metric === null || typeof value !== 'number') return;
  const shown = stateOrNumber(def, value);
  const sample = makeSample(def.metric, labels, shown);
  if (sample !== null) keep(work, sample, component, isDeclared(def, value) ? null : value);
}

/** False for a number that should be one of the states, and is none. */
function isDeclared({ states }: ReadingDef, value: number): boolean {
  for (const _ in states) return states[String(value)] !== undefined;
  return true;
}

function addSample(
  work: Work,
  metric: string,
  labels: Readonly<Record<string, string>>,
  value: number,
  component: string | null,
): void {
  const sample = makeSample(metric, labels, value);
  if (sample !== null) keep(work, sample, component);
}

/** The first profile to tell a series is the one that counts most. */
function keep(
  work: Work,
  sample: Sample,
  component: string | null,
  undeclaredState: number | null = null,
): void {
  const key = seriesKey(sample);
  if (work.series.has(key) || work.series.size >= SERIES_CAP) return;
  work.series.set(key, { sample, component, undeclaredState });
}

function readingOf(
  sample: Sample,
  component: string,
  undeclaredState: number | null,
): ReadingDetail {
  const names = sample.metric.labels.slice(sample.metric.labels.length - sample.labels.length);
  return {
    component,
    metric: sample.metric.name,
    labels: Object.fromEntries(names.map((name, place) => [name, sample.labels[place]!])),
    value: Number(sample.value),
    undeclaredState,
  };
}

/** Judges the ports; like any table, one that was not read to its end keeps what it had. */
function checkPortTable(
  work: Work,
  place: string,
  table: PolledTable,
  values: ReadonlyMap<string, Value>,
  unreadNames: ReadonlySet<string>,
): void {
  const ports = work.ports!;
  checkPorts(ports, place, work.memory, work.found, (name) => values.get(name), unreadNames);
  const memory = work.memory.tables.get(place) ?? emptyTableMemory();
  work.memory.tables.set(place, memory);
  const isWhole = table.unreadColumns.size === 0;
  if (isWhole && memory.ports === ports.known.ports) return;
  const present = new Set(ports.known.ports.map((_, row) => ports.component(row)));
  if (!isWhole) keepUnread(work, place, present, memory.components);
  else {
    memory.components = present;
    memory.ports = ports.known.ports;
  }
}

function checkTable(
  work: Work,
  place: string,
  table: PolledTable,
  rows: readonly Row[],
  values: ReadonlyMap<string, Value>,
  unreadNames: ReadonlySet<string>,
): void {
  const present = new Set<string>();
  for (const row of rows) {
    present.add(row.component);
    if (!isRowWanted(table.def, row)) continue;
    const scope = {
      place,
      rowComponent: row.component,
      rowName: row.name,
      port: null,
      lookup: (name: string) => row.values.get(name) ?? values.get(name),
      unreadNames,
    };
    checkConditions(table.def.conditions, scope, work.memory.conditions, work.found);
  }
  const memory = work.memory.tables.get(place) ?? emptyTableMemory();
  work.memory.tables.set(place, memory);
  if (table.unreadColumns.size === 0) memory.components = present;
  else keepUnread(work, place, present, memory.components);
}

/** Rows that this poll did not get to see keep their conditions. */
function keepUnread(
  work: Work,
  place: string,
  present: ReadonlySet<string>,
  known: ReadonlySet<string>,
): void {
  for (const component of known) {
    if (!present.has(component)) work.found.unreadComponents.add(component);
  }
  const { standing, heldPolls } = work.memory.conditions;
  for (const key of [...standing, ...heldPolls.keys()]) {
    if (!key.startsWith(`${place}/`)) continue;
    const component = key.slice(place.length + 1).replace(/^\d+\//, '');
    if (present.has(component)) continue;
    work.found.seenKeys.add(key);
    work.found.unreadComponents.add(component);
  }
}
