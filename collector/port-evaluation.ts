import type { ColumnDef, ConditionDef, TableDef } from '../config/profile.ts';
import { computeValue } from './computed-values.ts';
import { type ConditionScope, type ConditionsFound, checkConditions } from './condition-check.ts';
import type { PortDetail } from './device-detail.ts';
import type { DeviceMemory } from './device-memory.ts';
import { numberIn } from './plan/cell-store.ts';
import { cellAt, rowCount } from './plan/layout.ts';
import type { LaidOut } from './plan/relayout.ts';
import type { RowDates } from './plan/row-dates.ts';
import type { PolledPorts } from './port-metrics.ts';
import { numberAt, portSpeeds, stepPorts } from './port-step.ts';
import { nameRows, type PortTable, textIn } from './port-table.ts';
import { drainWithheld, type RateMemory } from './rate-memory.ts';
import { readCell } from './read-cell.ts';
import type { Value } from './reading.ts';
import type { SelfMetrics } from './self-metrics.ts';
import type { Row } from './table-rows.ts';
import { holds, type Lookup } from './tests-of-values.ts';

/** What evaluating the ports of one poll needs. */
export interface PortsContext {
  readonly memory: DeviceMemory;
  readonly namedPorts: ReadonlySet<string>;
  readonly selfMetrics: SelfMetrics;
  readonly laid: LaidOut;
  /** Something by which ports are told apart may have changed since the poll before. */
  readonly areNamesFresh: boolean;
  readonly dates: RowDates;
  readonly nowMs: number;
}

/** What of it the values of ports depend on. */
type ValueContext = Pick<PortsContext, 'memory' | 'laid' | 'namedPorts' | 'selfMetrics'>;

/** Ports of one poll, with what conditions ask of them. What is computed is forgotten by `rest`, and computed anew. */
export interface EvaluatedPorts extends PolledPorts {
  /** The port as the configuration names it, else as the device does. */
  configuredName(row: number): string;
  /** The value of that name in a row; undefined when there is none. */
  valueIn(row: number, name: string): Value | undefined;
  component(row: number): string;
  /** The same of which only the first rows are shown. */
  showing(rows: number): EvaluatedPorts;
  rest(): void;
}

const UP = 1;
const BITS_PER_OCTET = 8;
/** Row value under which a port's name in the configuration is carried to its conditions. */
export const CONFIGURED_PORT = 'configuredPort';

/** Tells which port each row is, and makes rates of what was read of it. */
export function evaluatePorts(known: PortTable, context: PortsContext): EvaluatedPorts {
  const { memory, laid, areNamesFresh, dates, nowMs } = context;
  const { table } = known;
  const { store, arena } = laid;
  const matches = nameRows(known, laid, {
    memory: memory.ports,
    seenUp: memory.seenUp,
    conditions: memory.conditions,
    nowMs,
    isComplete: table.cut === null,
    areNamesFresh,
    onRejected: context.selfMetrics.valueRejected,
  });
  const speeds = portSpeeds(known, laid);
  stepPorts(known, { store, arena, dates }, memory.ports, speeds, matches);
  drainWithheld(memory.ports.rates, context.selfMetrics.ratesWithheld);
  const { namedPorts, selfMetrics } = context;
  // What is asked of the ports until the next poll: nothing else of this one is kept.
  const asked: ValueContext = { memory, laid, namedPorts, selfMetrics };
  const ports = new PortsOfPoll(known, asked, rowCount(table), speeds);
  noteSeenUp(ports, context);
  return ports;
}

class PortsOfPoll implements EvaluatedPorts {
  readonly known: PortTable;
  readonly shownRows: number;
  readonly #asked: ValueContext;
  #speeds: Float64Array | null;
  #wanted: Uint8Array | null = null;

  constructor(
    known: PortTable,
    asked: ValueContext,
    shownRows: number,
    speeds: Float64Array | null,
  ) {
    this.known = known;
    this.shownRows = shownRows;
    this.#asked = asked;
    this.#speeds = speeds;
  }

  get cells(): LaidOut {
    return this.#asked.laid;
  }

  get rates(): RateMemory {
    return this.#asked.memory.ports.rates;
  }

  get speeds(): Float64Array {
    this.#speeds ??= portSpeeds(this.known, this.cells);
    return this.#speeds;
  }

  get wanted(): Uint8Array {
    if (this.#wanted === null) {
      const wanted = new Uint8Array(rowCount(this.known.table));
      for (let row = 0; row < wanted.length; row += 1) wanted[row] = Number(isWanted(this, row));
      this.#wanted = wanted;
    }
    return this.#wanted;
  }

  configuredName(row: number): string {
    const { laid, namedPorts } = this.#asked;
    return configuredName(this.known, laid, namedPorts, row) ?? labelOf(this.known, row);
  }

  valueIn(row: number, name: string): Value | undefined {
    return portValue(this, this.#asked, row, name);
  }

  component(row: number): string {
    return `${this.known.table.def.component}:${labelOf(this.known, row)}`;
  }

  showing(rows: number): EvaluatedPorts {
    return new PortsOfPoll(this.known, this.#asked, rows, this.#speeds);
  }

  rest(): void {
    this.#speeds = null;
    this.#wanted = null;
  }
}

function labelOf({ named }: PortTable, row: number): string {
  return named.labels[row]!;
}

function noteSeenUp({ known }: PolledPorts, { memory, laid }: PortsContext): void {
  const { table, columns } = known;
  for (let row = 0; row < rowCount(table); row += 1) {
    if (numberAt(table, laid, columns.operStatus, row) === UP) memory.seenUp.noteRow(row);
  }
}

/** The configuration may name a port by ifName or by ifDescr. */
function configuredName(
  known: PortTable,
  laid: LaidOut,
  named: ReadonlySet<string>,
  row: number,
): string | null {
  if (named.size === 0) return null;
  const { table, columns } = known;
  const label = labelOf(known, row);
  const texts = [columns.name, columns.descr].map((column) => textIn(table, laid, column, row));
  return [label, ...texts].find((name) => name !== '' && named.has(name)) ?? null;
}

/** Whether the profile exports and judges the row by itself. */
function isWanted(ports: EvaluatedPorts, row: number): boolean {
  const { exceptNames, only } = ports.known.table.def;
  const label = labelOf(ports.known, row);
  for (const prefix of exceptNames) if (label.startsWith(prefix)) return false;
  for (const column in only) {
    if (!only[column]!.includes(String(ports.valueIn(row, column)))) return false;
  }
  return true;
}

const columnsByName = new WeakMap<TableDef, ReadonlyMap<string, number>>();

function columnNamed(def: TableDef, name: string): number {
  let columns = columnsByName.get(def);
  if (columns === undefined) {
    columns = new Map(def.columns.map((column, place) => [column.name, place]));
    columnsByName.set(def, columns);
  }
  return columns.get(name) ?? -1;
}

function portValue(
  ports: PolledPorts,
  context: ValueContext,
  row: number,
  name: string,
): Value | undefined {
  const { known, speeds } = ports;
  const { table } = known;
  const column = columnNamed(table.def, name);
  if (column !== -1) return columnValue(ports, context, table.def.columns[column]!, column, row);
  switch (name) {
    case 'portSeenUp':
      return Number(context.memory.seenUp.hasRow(row));
    case 'portNamed':
      return Number(configuredName(known, context.laid, context.namedPorts, row) !== null);
    case 'portSpeed':
      return Number.isNaN(speeds[row]!) ? undefined : speeds[row]! * BITS_PER_OCTET;
    default:
      return computedPortValue(ports, context, row, name);
  }
}

/** Apart from the above, where its functions would cost every value of a port memory. */
function computedPortValue(
  ports: PolledPorts,
  context: ValueContext,
  row: number,
  name: string,
): Value | undefined {
  const def = ports.known.table.def.values.find((value) => value.name === name);
  if (def === undefined) return undefined;
  return computeValue(def, (other) => portValue(ports, context, row, other), new Map());
}

function columnValue(
  ports: PolledPorts,
  context: ValueContext,
  def: ColumnDef,
  column: number,
  row: number,
): Value | undefined {
  if (def.rawOnly) return undefined;
  const { known, cells } = ports;
  const cell = cellAt(known.table, column, row);
  const value = readCell(def, cells, cell, context.selfMetrics.valueRejected);
  if (def.times === null || value === undefined) return value;
  const factor = portValue(ports, context, row, def.times);
  return typeof value === 'number' && typeof factor === 'number' ? value * factor : undefined;
}

/** Judges every port by the conditions of its table. */
export function checkPorts(
  ports: EvaluatedPorts,
  place: string,
  memory: DeviceMemory,
  found: ConditionsFound,
  deviceValue: Lookup,
  unreadNames: ReadonlySet<string>,
): void {
  const { conditions } = ports.known.table.def;
  const remembered = rememberedComponents(place, memory);
  const namesParts = conditions.some(({ component }) => component !== null);
  let row = 0;
  const lookup = (name: string) => ports.valueIn(row, name) ?? deviceValue(name);
  for (; row < ports.wanted.length; row += 1) {
    if (ports.wanted[row] === 0) continue;
    const isQuiet =
      unreadNames.size === 0 &&
      (remembered.size === 0 || (!namesParts && !remembered.has(ports.component(row)))) &&
      !anyHolds(conditions, lookup);
    if (isQuiet) continue;
    const scope: ConditionScope = {
      place,
      rowComponent: ports.component(row),
      rowName: labelOf(ports.known, row),
      port: ports.configuredName(row),
      lookup,
      unreadNames,
    };
    checkConditions(conditions, scope, memory.conditions, found);
  }
}

function anyHolds(conditions: readonly ConditionDef[], lookup: Lookup): boolean {
  for (const { when } of conditions) if (holds(when, lookup, false)) return true;
  return false;
}

/** Components of the table of which something stands, or has held for some polls. */
function rememberedComponents(place: string, { conditions }: DeviceMemory): Set<string> {
  const components = new Set<string>();
  for (const keys of [conditions.standing, conditions.heldPolls.keys()]) {
    for (const key of keys) {
      if (key.startsWith(`${place}/`)) {
        components.add(key.slice(place.length + 1).replace(/^\d+\//, ''));
      }
    }
  }
  return components;
}

/** The ports as rows, for values that are computed over all of them. */
export function portRows(ports: EvaluatedPorts): Row[] {
  const { table } = ports.known;
  const names = [...table.def.columns, ...table.def.values].map(({ name }) => name);
  return table.rows.texts.map((index, row) => {
    const values = new Map<string, Value>();
    for (const name of [...names, 'portSeenUp', 'portNamed', 'portSpeed']) {
      const value = ports.valueIn(row, name);
      if (value !== undefined) values.set(name, value);
    }
    const component = ports.component(row);
    return { index, name: labelOf(ports.known, row), component, values, facts: new Map() };
  });
}

const OPER_STATUS: readonly PortDetail['operStatus'][] = [
  'unknown',
  'up',
  'down',
  'testing',
  'unknown',
  'dormant',
  'not-present',
  'lower-layer-down',
];

const ADMIN_STATUS: readonly PortDetail['adminStatus'][] = ['unknown', 'up', 'down', 'testing'];

/** What people see of the ports. */
export function portDetails(ports: EvaluatedPorts): PortDetail[] {
  const { known, rates, speeds } = ports;
  const bpsOf = (octetsPerS: number) =>
    Number.isNaN(octetsPerS) ? null : octetsPerS * BITS_PER_OCTET;
  const { labels, aliases, slots } = known.named;
  return labels.map((label, row) => ({
    index: Number(known.table.rows.texts[row]) || 0,
    name: label,
    alias: aliases[row]!,
    adminStatus: ADMIN_STATUS[Number(ports.valueIn(row, 'ifAdminStatus') ?? 0)] ?? 'unknown',
    operStatus: OPER_STATUS[Number(ports.valueIn(row, 'ifOperStatus') ?? 0)] ?? 'unknown',
    undeclaredOperStatus: undeclaredOperStatus(ports, row),
    speedBps: bpsOf(speeds[row]!),
    receiveBps: bpsOf(rates.rate[slots[row]! * 2]!),
    transmitBps: bpsOf(rates.rate[slots[row]! * 2 + 1]!),
  }));
}

/** The number that was sent, where it stands for no state. */
function undeclaredOperStatus({ known, cells }: EvaluatedPorts, row: number): number | null {
  const { table, columns } = known;
  if (columns.operStatus === -1) return null;
  const sent = numberIn(cells.store, cellAt(table, columns.operStatus, row));
  if (Number.isNaN(sent)) return null;
  return sent > 0 && OPER_STATUS[sent] !== undefined ? null : sent;
}
