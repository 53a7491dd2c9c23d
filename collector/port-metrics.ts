import type { ReadingDef } from '../config/profile.ts';
import { HEALTH_STATES } from '../config/profile.ts';
import type { PortNumbers } from './device-exposition.ts';
import { metricPlace } from './exposition-writer.ts';
import { BASE_LABELS, findDeviceMetric } from './metrics.ts';
import { ColumnWriter } from './packed-columns.ts';
import { cellAt } from './plan/layout.ts';
import { PORT_SERIES, plainSeriesNumber } from './port-series.ts';
import { counterAt } from './port-step.ts';
import type { PortTable } from './port-table.ts';
import { isSpeedDisproved, type RateMemory, totalOf, whyNoRate } from './rate-memory.ts';
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

/** NaN: the port has none. */
type PortValue = (ports: PolledPorts, row: number) => number;

const CASTS = [0, 1, 2];
const SIDES = [0, 1] as const;
const BILLION = 1_000_000_000;

/** The values of PORT_SERIES, in their order. */
const PORT_VALUES: readonly PortValue[] = [
  () => 1,
  ({ speeds }, row) => speeds[row]!,
  ...SIDES.flatMap((side): PortValue[] => [
    ({ known, rates }, row) => {
      const counter = known.named.slots[row]! * 2 + side;
      return whyNoRate(rates, counter) === 'unread'
        ? Number.NaN
        : Number(totalOf(rates, counter) ?? Number.NaN);
    },
    ...CASTS.map(
      (cast): PortValue =>
        ({ known, cells }, row) => {
          const [wide, narrow] = known.columns.packets[side]![cast]!;
          const count = counterAt(known.table, cells.store, wide, row);
          if (count > 0 || narrow === -1) return count;
          const narrowCount = counterAt(known.table, cells.store, narrow, row);
          return Number.isNaN(narrowCount) ? count : narrowCount;
        },
    ),
    ({ known, cells }, row) => counterAt(known.table, cells.store, known.columns.errors[side], row),
    ({ known, cells }, row) =>
      counterAt(known.table, cells.store, known.columns.discards[side], row),
    ({ known, rates, speeds }, row) => {
      const counter = known.named.slots[row]! * 2 + side;
      if (isSpeedDisproved(rates, counter)) return Number.NaN;
      // To the billionth: more would be noise, and longer to write.
      return Math.round((rates.rate[counter]! / speeds[row]!) * BILLION) / BILLION;
    },
  ]),
];

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

/** Most series that one port of the table can have. */
export function mostSeriesOfPort(table: PortTable): number {
  return PORT_SERIES.length + ownColumns(table).length;
}

/** How many series the ports of these rows have; `to` excluded. */
export function countPortSeries(ports: PolledPorts, from: number, to: number): number {
  let count = 0;
  for (let row = from; row < to; row += 1) {
    for (const numberOf of PORT_VALUES) if (!Number.isNaN(numberOf(ports, row))) count += 1;
    for (const own of ownColumns(ports.known)) {
      if (!Number.isNaN(ownValue(ports, own, row))) count += 1;
    }
  }
  return count;
}

/** Places of the metrics that ports have, each once. */
export function portPlaces(ports: PolledPorts): Set<number> {
  const places = new Set(PORT_SERIES.map(({ place }) => place));
  for (const { place } of ownColumns(ports.known)) places.add(place);
  return places;
}

/** The numbers of ports, but those of the metrics `except`; a series that no port has is left out. */
export function portNumbers(ports: PolledPorts, except: ReadonlySet<number>): PortNumbers {
  const { shownRows } = ports;
  const names: string[] = [];
  const room = roomFor(shownRows);
  let count = 0;
  writer.begin();
  const take = (number: number, place: number, valueIn: (row: number) => number) => {
    if (except.has(place)) return;
    let numberCount = 0;
    for (let row = 0; row < shownRows; row += 1) {
      const value = valueIn(row);
      room[row] = value;
      if (!Number.isNaN(value)) numberCount += 1;
    }
    if (numberCount === 0) return;
    count += numberCount;
    names.push(String(number));
    writer.doubles(room, 0, shownRows);
  };
  PORT_SERIES.forEach(({ place }, number) => {
    const numberOf = PORT_VALUES[number]!;
    take(number, place, (row) => numberOf(ports, row));
  });
  for (const own of ownColumns(ports.known)) {
    if (own.isPlain)
      take(plainSeriesNumber(own.place), own.place, (row) => ownValue(ports, own, row));
  }
  const { rowLabels } = ports.known;
  // One label for each row of values: whoever reads them counts rows by the labels.
  const { labels, ends } = rowLabels;
  const isWhole = ends.length === 2 * shownRows;
  const rows = isWhole ? rowLabels : { labels, ends: ends.slice(0, 2 * shownRows) };
  return { rows, series: shared(names.join(',')), values: writer.end(), count };
}

/** Series that stand between the numbers and the lines that a profile exports with labels of its own. */
export function* labelledPortSamples(ports: PolledPorts, place: number): Generator<Sample> {
  for (const own of ownColumns(ports.known)) {
    if (own.isPlain || own.place !== place) continue;
    for (let row = 0; row < ports.shownRows; row += 1) {
      const value = ownValue(ports, own, row);
      if (!Number.isNaN(value)) yield ownSample(ports, own, row, value);
    }
  }
}

const texts = new Map<string, string>();

/** One text for all that say the same. */
function shared(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= MOST_TEXTS) texts.clear();
  texts.set(text, text);
  return text;
}

const MOST_TEXTS = 1_000;

/** Where the values of a series are gathered, and written: one memory for all devices. */
let values = new Float64Array(0);
const writer = new ColumnWriter();

function roomFor(count: number): Float64Array<ArrayBuffer> {
  if (values.length < count) values = new Float64Array(count * 2);
  return values;
}

function ownSample(ports: PolledPorts, own: OwnColumn, row: number, value: number): Sample {
  const { rowLabel } = ports.known.table.def;
  const rowLabels = rowLabel === null ? {} : { [rowLabel]: ports.known.named.labels[row]! };
  return makeSample(own.name, { ...own.def.labels, ...rowLabels }, value)!;
}

/** The same series as objects, port after port. */
export function* portSamples(ports: PolledPorts): Generator<Sample> {
  const { known } = ports;
  for (let row = 0; row < ports.shownRows; row += 1) {
    const { labels: names, aliases } = known.named;
    const index = known.table.rows.texts[row]!;
    for (const [number, metric] of PORT_SERIES.entries()) {
      const value = PORT_VALUES[number]!(ports, row);
      if (Number.isNaN(value)) continue;
      // The metric takes those of the labels that are its own.
      const labels = { if_name: names[row]!, if_alias: aliases[row]!, if_index: index };
      yield makeSample(metric.name, { ...labels, ...metric.labels }, value)!;
    }
    for (const own of ownColumns(known)) {
      const value = ownValue(ports, own, row);
      if (!Number.isNaN(value)) yield ownSample(ports, own, row, value);
    }
  }
}
