import type { ColumnDef, Profile, ReadingDef, TableDef, ValueDef } from '../config/profile.ts';
import { computeValue } from './computed-values.ts';
import { checkConditions } from './condition-check.ts';
import { addSample, exportReading, refuse, type Speaker, type Work } from './evaluation-work.ts';
import type { LaidOut } from './plan/relayout.ts';
import { emptyTableMemory, type PolledTable, tablePlace } from './polled-table.ts';
import { evaluatePools } from './pools.ts';
import { checkPorts, evaluatePorts, portRows } from './port-evaluation.ts';
import { type PortTable, textIn } from './port-table.ts';
import { readVarbind, type Value } from './reading.ts';
import type { RowFinder } from './row-joins.ts';
import { readSensor, SENSOR_LIMITS, sensorFault } from './sensors.ts';
import { checkStates } from './state-faults.ts';
import { buildRows, isRowWanted, type Row } from './table-rows.ts';
import type { Lookup } from './tests-of-values.ts';
import { isOfUnusedPort } from './unused-ports.ts';

/** Rows of a table as values, exported. `scalar`: values of the whole device. */
export function evaluateTable(
  work: Work,
  profile: Profile,
  table: PolledTable,
  scalar: Lookup,
): Row[] {
  return table.ports === null
    ? evaluateRows(work, profile, table, scalar)
    : evaluatePortTable(work, profile, table);
}

function evaluateRows(work: Work, profile: Profile, table: PolledTable, scalar: Lookup): Row[] {
  const { def } = table;
  if (def.isLookup) return [];
  const oids = oidsOf(def);
  const rows = buildRows(def, table.cells, {
    scalar,
    rowsOf: (name) => finderOf(work, name),
    onRefused: (column, varbind, why, index) =>
      refuse(work, profile, column, `${oids.get(column.name)}.${index}`, varbind, why),
  });
  for (const row of rows) {
    for (const computed of def.values) {
      const value = computeValue(computed, (name) => row.values.get(name), new Map());
      if (value !== undefined) row.values.set(computed.name, value);
    }
    if (isRowWanted(def, row)) exportRow(work, profile, def, row, scalar);
  }
  return rows;
}

const oidsOfTable = new WeakMap<TableDef, ReadonlyMap<string, string>>();

function oidsOf(def: TableDef): ReadonlyMap<string, string> {
  let oids = oidsOfTable.get(def);
  if (oids === undefined) {
    oids = new Map(def.columns.map(({ name, oid }) => [name, oid]));
    oidsOfTable.set(def, oids);
  }
  return oids;
}

/** Rows of a table of any profile, for others to take values from; undefined when nobody reads it. */
function finderOf(work: Work, name: string): RowFinder | undefined {
  if (work.finders.has(name)) return work.finders.get(name);
  const finder = makeFinder(work, name);
  work.finders.set(name, finder);
  return finder;
}

function makeFinder(work: Work, name: string): RowFinder | undefined {
  const tables = work.polled.profiles.flatMap(({ tables: own }) => own);
  const table = tables.find(({ def }) => def.name === name);
  if (table === undefined) return undefined;
  if (table.ports !== null) return portFinder(table.ports, work.portsContext.laid);
  const columns = new Map(table.def.columns.map((column) => [column.name, column]));
  return (index, columnName) => {
    const column = columns.get(columnName);
    const varbind = table.cells.get(columnName)?.get(index);
    if (column === undefined || varbind === undefined) return undefined;
    const read = readVarbind(column, varbind);
    return read.kind === 'value' ? read.value : undefined;
  };
}

/**
 * Ports are known by name and alias, as they were told apart at the last poll; at the first one by what
 * they call themselves.
 */
function portFinder(ports: PortTable, laid: LaidOut): RowFinder {
  const { table, columns } = ports;
  const rows = new Map(table.rows.texts.map((index, row) => [index, row]));
  return (index, column) => {
    const row = rows.get(index);
    if (row === undefined) return undefined;
    const { labels, aliases } = ports.named;
    if (row < labels.length) return column === 'ifAlias' ? aliases[row] : labels[row];
    const own = column === 'ifAlias' ? [columns.alias] : [columns.name, columns.descr];
    return own.map((place) => textIn(table, laid, place, row)).find((text) => text !== '');
  };
}

/** Ports, as rows only where the profile computes something over all of them. */
function evaluatePortTable(work: Work, profile: Profile, table: PolledTable): Row[] {
  const context = { ...work.portsContext, dates: table.dates };
  const all = evaluatePorts(table.ports!, context);
  const shownRows = work.room.takePorts(all, work.series.size);
  const ports = shownRows === all.shownRows ? all : all.showing(shownRows);
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

function speakerOf(profile: Profile, table: TableDef, row: Row, scalar: Lookup): Speaker {
  const defs = new Map<string, ReadingDef>(table.columns.map((column) => [column.name, column]));
  return {
    profile,
    component: row.component,
    rowName: row.name,
    labels: table.rowLabel === null ? {} : { [table.rowLabel]: row.name },
    lookup: (name) => row.values.get(name) ?? scalar(name),
    defOf: (name) => defs.get(name) ?? profile.scalars.find((one) => one.name === name),
  };
}

function exportRow(work: Work, profile: Profile, table: TableDef, row: Row, scalar: Lookup): void {
  const speaker = speakerOf(profile, table, row, scalar);
  const oids = oidsOf(table);
  const oidOf = (name: string) => (oids.has(name) ? `${oids.get(name)}.${row.index}` : undefined);
  if (table.kind === 'sensors') exportSensor(work, speaker, table, row, oidOf);
  const judged = (column: ColumnDef) =>
    isJudged(work, column, row) ? column : { ...column, limits: null };
  for (const column of table.columns) {
    const value = row.values.get(column.name);
    if (value === undefined) continue;
    const facts = row.facts.get(column.name);
    exportReading(work, speaker, judged(column), value, oidOf(column.name)!, facts);
  }
  exportValues(work, table, row);
  if (table.pools.length > 0) evaluatePools(work, table.pools, speaker, oidOf);
}

/** Limits of an optic say nothing while nobody uses its port. */
function isJudged(work: Work, { limits, class: read }: ReadingDef, { name }: Row): boolean {
  return limits === null || read === null || !isOfUnusedPort(work, read, name);
}

/** A sensor whose row says what it measures. */
function exportSensor(
  work: Work,
  speaker: Speaker,
  table: TableDef,
  row: Row,
  oidOf: (name: string) => string | undefined,
): void {
  const column = table.columns.find(({ name }) => name === table.sensor.value);
  const facts = row.facts.get(table.sensor.value);
  if (column === undefined || facts === undefined) return;
  const oid = oidOf(column.name)!;
  const told = readSensor(
    table,
    row,
    (name) => finderOf(work, name),
    (why) => refuse(work, speaker.profile, column, oid, facts.varbind, why),
  );
  if (told === null) return;
  const limits = isOfUnusedPort(work, told.class, row.name) ? null : SENSOR_LIMITS;
  const def = { ...column, limits, labels: { ...column.labels, ...told.labels } };
  exportReading(work, speaker, def, told.value, oid, { ...facts, class: told.class });
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

/** Judges the rows of a table. */
export function checkTable(
  work: Work,
  profile: Profile,
  table: PolledTable,
  rows: readonly Row[],
  values: ReadonlyMap<string, Value>,
  unreadNames: ReadonlySet<string>,
): void {
  const place = tablePlace(profile, table.def);
  if (table.ports === null) checkRows(work, profile, place, table, rows, values, unreadNames);
  else checkPortTable(work, place, table, values, unreadNames);
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
  if (table.unreadColumns.size === 0) {
    memory.ports = ports.known.named.labels;
    return;
  }
  const componentsOf = (known: readonly string[]) =>
    new Set(known.map((label) => `${table.def.component}:${label}`));
  keepUnread(work, place, componentsOf(ports.known.named.labels), componentsOf(memory.ports ?? []));
}

function checkRows(
  work: Work,
  profile: Profile,
  place: string,
  table: PolledTable,
  rows: readonly Row[],
  values: ReadonlyMap<string, Value>,
  unreadNames: ReadonlySet<string>,
): void {
  const present = new Set<string>();
  const { columns, kind } = table.def;
  const hasLimits = columns.some(({ limits }) => limits !== null);
  const hasFaults = kind === 'sensors' || columns.some(({ fault }) => fault !== null);
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
    if (!hasFaults) continue;
    const speaker = speakerOf(profile, table.def, row, (name) => values.get(name));
    const judged =
      kind === 'sensors'
        ? judgedOfSensor(work, table.def, row)
        : hasLimits
          ? columns.filter((column) => isJudged(work, column, row))
          : columns;
    checkStates(work, place, speaker, judged, row.values, unreadNames);
  }
  const memory = work.memory.tables.get(place) ?? emptyTableMemory();
  work.memory.tables.set(place, memory);
  if (table.unreadColumns.size === 0) memory.components = present;
  else keepUnread(work, place, present, memory.components);
}

function judgedOfSensor(work: Work, table: TableDef, row: Row): readonly ReadingDef[] {
  const faults = sensorFault(table, row).filter(
    (def) => !isOfUnusedPort(work, def.class!, row.name),
  );
  return [...table.columns, ...faults];
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
