import type { ReadingDef } from '../config/profile.ts';
import { HEALTH_STATES } from '../config/profile.ts';
import { type ExpositionWriter, labelsText, metricPlace, sampleLine } from './exposition-writer.ts';
import { BASE_LABELS, deviceMetric, findDeviceMetric } from './metrics.ts';
import { cellAt } from './plan/layout.ts';
import { counterAt } from './port-step.ts';
import type { PortTable } from './port-table.ts';
import { isSpeedDisproved, type RateMemory, totalOf } from './rate-memory.ts';
import { type Cells, readCell } from './read-cell.ts';
import { makeSample, type Sample } from './sample.ts';
import type { RejectedValueReason } from './self-metrics.ts';

/** Ports of one device after a poll. */
export interface PolledPorts {
  readonly known: PortTable;
  readonly cells: Cells;
  readonly rates: RateMemory;
  /** By row: octets per second that the port carries; NaN: not known. */
  readonly speeds: Float64Array;
  /** Rows that are shown: all, unless the device has more series than one may have. */
  readonly shownRows: number;
  /** By row: 0 where the profile leaves the row out of its own series and conditions. */
  readonly wanted: Uint8Array;
}

/** One series of every port. */
interface PortMetric {
  /** Without its prefix. */
  readonly name: string;
  readonly place: number;
  /** Labels beyond the port's name; the rest of `interface_info` comes out of the row. */
  readonly labels: Readonly<Record<string, string>>;
  readonly more: Uint8Array;
  /** NaN: the port has none. */
  value(ports: PolledPorts, row: number): number;
}

const CASTS = ['unicast', 'multicast', 'broadcast'] as const;
const DIRECTIONS = ['receive', 'transmit'] as const;
const INFO = 'interface_info';

function portMetric(
  name: string,
  labels: Readonly<Record<string, string>>,
  value: PortMetric['value'],
): PortMetric {
  const more = Buffer.from(labelsText(Object.keys(labels), Object.values(labels)));
  return { name, place: metricPlace(deviceMetric(name).name), labels, more, value };
}

const PORT_METRICS: readonly PortMetric[] = [
  portMetric(INFO, {}, () => 1),
  portMetric('interface_speed_bytes_per_second', {}, ({ speeds }, row) => speeds[row]!),
  ...DIRECTIONS.flatMap((direction, side) => [
    portMetric(`interface_${direction}_bytes_total`, {}, ({ known, rates }, row) => {
      const counter = known.ports[row]!.slot * 2 + side;
      return rates.reason[counter] === 'unread'
        ? Number.NaN
        : Number(totalOf(rates, counter) ?? Number.NaN);
    }),
    ...CASTS.map((cast, place) =>
      portMetric(`interface_${direction}_packets_total`, { cast }, ({ known, cells }, row) => {
        const [wide, narrow] = known.columns.packets[side]![place]!;
        const count = counterAt(known.table, cells.store, wide, row);
        if (count > 0 || narrow === -1) return count;
        const narrowCount = counterAt(known.table, cells.store, narrow, row);
        return Number.isNaN(narrowCount) ? count : narrowCount;
      }),
    ),
    portMetric(`interface_${direction}_errors_total`, {}, ({ known, cells }, row) =>
      counterAt(known.table, cells.store, known.columns.errors[side]!, row),
    ),
    portMetric(`interface_${direction}_discards_total`, {}, ({ known, cells }, row) =>
      counterAt(known.table, cells.store, known.columns.discards[side]!, row),
    ),
    portMetric(`interface_${direction}_utilization_ratio`, {}, ({ known, rates, speeds }, row) => {
      const counter = known.ports[row]!.slot * 2 + side;
      return isSpeedDisproved(rates, counter) ? Number.NaN : rates.rate[counter]! / speeds[row]!;
    }),
  ]),
];

/** Most series that one port can have. */
export const MOST_SERIES_OF_PORT = PORT_METRICS.length + 8;

/** A column of the ports' table that the profile exports itself. */
interface OwnColumn {
  readonly column: number;
  readonly def: ReadingDef;
  readonly name: string;
  readonly place: number;
  /** Only the port's name labels its series, as it stands ready. */
  readonly isPlain: boolean;
}

const ownColumnsOf = new WeakMap<PortTable['table']['def'], readonly OwnColumn[]>();

function ownColumns({ table }: PortTable): readonly OwnColumn[] {
  let columns = ownColumnsOf.get(table.def);
  if (columns === undefined) {
    const { rowLabel } = table.def;
    columns = table.def.columns.flatMap((def, column) => {
      const metric = def.metric === null ? null : findDeviceMetric(def.metric);
      if (metric === null || def.rawOnly) return [];
      const own = metric.labels.slice(BASE_LABELS.length);
      const isPlain =
        own.length === 1 &&
        own[0] === 'if_name' &&
        rowLabel === 'if_name' &&
        Object.keys(def.labels).length === 0;
      return [{ column, def, name: def.metric!, place: metricPlace(metric.name), isPlain }];
    });
    ownColumnsOf.set(table.def, columns);
  }
  return columns;
}

const ignore = (_reason: RejectedValueReason) => {};

function ownValue(ports: PolledPorts, { column, def }: OwnColumn, row: number): number {
  if (ports.wanted[row] === 0) return Number.NaN;
  const cell = cellAt(ports.known.table, column, row);
  const value = readCell(def, ports.cells, cell, ignore);
  if (typeof value !== 'number' || def.times !== null) return Number.NaN;
  return stateOrNumber(def, value);
}

/** With `states`, the place of the state in HEALTH_STATES; a number nobody declared is unknown. */
export function stateOrNumber(def: ReadingDef, value: number | string): number {
  for (const _ in def.states) {
    return HEALTH_STATES.indexOf(def.states[String(value)]?.state ?? 'unknown');
  }
  return Number(value);
}

/** Places of the metrics that ports have, each once. */
export function portPlaces(ports: PolledPorts): Set<number> {
  const places = new Set(PORT_METRICS.map(({ place }) => place));
  for (const { place } of ownColumns(ports.known)) places.add(place);
  return places;
}

/** Writes the lines that ports have of one metric. */
export function writePortLines(writer: ExpositionWriter, ports: PolledPorts, place: number): void {
  for (const metric of PORT_METRICS) {
    if (metric.place === place) writeMetric(writer, ports, metric);
  }
  for (const own of ownColumns(ports.known)) {
    if (own.place === place) writeColumn(writer, ports, own);
  }
}

/** Values of one metric, by row, while they are written. */
let values = new Float64Array(0);

function roomFor(rows: number): Float64Array {
  if (values.length < rows) values = new Float64Array(rows * 2);
  return values;
}

function writeMetric(writer: ExpositionWriter, ports: PolledPorts, metric: PortMetric): void {
  const room = roomFor(ports.shownRows);
  for (let row = 0; row < ports.shownRows; row += 1) room[row] = metric.value(ports, row);
  const isLong = metric.name === INFO;
  writer.lines(ports.known.rowLabels, isLong, metric.more, room, ports.shownRows);
}

function writeColumn(writer: ExpositionWriter, ports: PolledPorts, own: OwnColumn): void {
  const room = roomFor(ports.shownRows);
  for (let row = 0; row < ports.shownRows; row += 1) room[row] = ownValue(ports, own, row);
  if (own.isPlain) {
    writer.lines(ports.known.rowLabels, false, NO_LABELS, room, ports.shownRows);
    return;
  }
  for (let row = 0; row < ports.shownRows; row += 1) {
    if (!Number.isNaN(room[row]!)) {
      writer.text(sampleLine(ownSample(ports, own, row, room[row]!)));
    }
  }
}

const NO_LABELS = new Uint8Array(0);

function ownSample(ports: PolledPorts, own: OwnColumn, row: number, value: number): Sample {
  const { rowLabel } = ports.known.table.def;
  const rowLabels = rowLabel === null ? {} : { [rowLabel]: ports.known.ports[row]!.label };
  return makeSample(own.name, { ...own.def.labels, ...rowLabels }, value)!;
}

/** The same series as objects, port after port. */
export function* portSamples(ports: PolledPorts): Generator<Sample> {
  const { known } = ports;
  for (let row = 0; row < ports.shownRows; row += 1) {
    const { label, facts } = known.ports[row]!;
    for (const metric of PORT_METRICS) {
      const value = metric.value(ports, row);
      if (Number.isNaN(value)) continue;
      // The metric takes those of the labels that are its own.
      const labels = { if_name: label, if_alias: facts.alias, if_index: facts.index };
      yield makeSample(metric.name, { ...labels, ...metric.labels }, value)!;
    }
    for (const own of ownColumns(known)) {
      const value = ownValue(ports, own, row);
      if (!Number.isNaN(value)) yield ownSample(ports, own, row, value);
    }
  }
}
