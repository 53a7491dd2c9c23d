import type { ReadingDef } from '../config/profile.ts';
import { HEALTH_STATES } from '../config/profile.ts';
import type { PortNumbers } from './device-exposition.ts';
import { metricPlace } from './exposition-writer.ts';
import { BASE_LABELS, findDeviceMetric } from './metrics.ts';
import { ColumnWriter } from './packed-columns.ts';
import { cellAt } from './plan/layout.ts';
import { PORT_SERIES, plainSeriesNumber } from './port-series.ts';
import { counterIn } from './port-step.ts';
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

/** Puts the numbers of the rows from `from` to before `to` where they belong; NaN: the port has none. */
type FillRows = (ports: PolledPorts, from: number, to: number, numbers: Float64Array) => void;

const SIDES = [0, 1] as const;
const CASTS = [0, 1, 2] as const;
const BILLION = 1_000_000_000;

/** The numbers of PORT_SERIES, in their order: by columns, because that is how they lie. */
const FILLS: readonly FillRows[] = [
  (_, from, to, numbers) => numbers.fill(1, from, to),
  ({ speeds }, from, to, numbers) => {
    for (let row = from; row < to; row += 1) numbers[row] = speeds[row]!;
  },
  ...SIDES.flatMap((side): FillRows[] => [
    (ports, from, to, numbers) => fillTotals(ports, side, from, to, numbers),
    ...CASTS.map(
      (cast): FillRows =>
        (ports, from, to, numbers) => {
          const [wide, narrow] = ports.known.columns.packets[side]![cast]!;
          fillPackets(ports, wide, narrow, from, to, numbers);
        },
    ),
    (ports, from, to, numbers) =>
      fillCounters(ports, ports.known.columns.errors[side], from, to, numbers),
    (ports, from, to, numbers) =>
      fillCounters(ports, ports.known.columns.discards[side], from, to, numbers),
    (ports, from, to, numbers) => fillUtilization(ports, side, from, to, numbers),
  ]),
];

function fillTotals(
  { known, rates }: PolledPorts,
  side: 0 | 1,
  from: number,
  to: number,
  numbers: Float64Array,
): void {
  const { slots } = known.named;
  for (let row = from; row < to; row += 1) {
    const counter = slots[row]! * 2 + side;
    numbers[row] =
      whyNoRate(rates, counter) === 'unread'
        ? Number.NaN
        : Number(totalOf(rates, counter) ?? Number.NaN);
  }
}

function fillCounters(
  { known, cells }: PolledPorts,
  column: number,
  from: number,
  to: number,
  numbers: Float64Array,
): void {
  if (column === -1) {
    numbers.fill(Number.NaN, from, to);
    return;
  }
  const first = cellAt(known.table, column, 0);
  for (let row = from; row < to; row += 1) numbers[row] = counterIn(cells.store, first + row);
}

/** The 64-bit counter, unless it stands at nothing and the 32-bit one is there. */
function fillPackets(
  ports: PolledPorts,
  wide: number,
  narrow: number,
  from: number,
  to: number,
  numbers: Float64Array,
): void {
  fillCounters(ports, wide, from, to, numbers);
  if (narrow === -1) return;
  const first = cellAt(ports.known.table, narrow, 0);
  for (let row = from; row < to; row += 1) {
    if (numbers[row]! > 0) continue;
    const count = counterIn(ports.cells.store, first + row);
    if (!Number.isNaN(count)) numbers[row] = count;
  }
}

function fillUtilization(
  { known, rates, speeds }: PolledPorts,
  side: 0 | 1,
  from: number,
  to: number,
  numbers: Float64Array,
): void {
  const { slots } = known.named;
  for (let row = from; row < to; row += 1) {
    const counter = slots[row]! * 2 + side;
    // To the billionth: more would be noise, and longer to write.
    numbers[row] = isSpeedDisproved(rates, counter)
      ? Number.NaN
      : Math.round((rates.rate[counter]! / speeds[row]!) * BILLION) / BILLION;
  }
}

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
  const room = roomFor(to);
  for (const fill of FILLS) {
    fill(ports, from, to, room);
    count += countNumbers(room, from, to);
  }
  for (const own of ownColumns(ports.known)) {
    for (let row = from; row < to; row += 1) {
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
  const take = (number: number) => {
    const numberCount = countNumbers(room, 0, shownRows);
    if (numberCount === 0) return;
    count += numberCount;
    names.push(String(number));
    writer.doubles(room, 0, shownRows);
  };
  PORT_SERIES.forEach(({ place }, number) => {
    if (except.has(place)) return;
    FILLS[number]!(ports, 0, shownRows, room);
    take(number);
  });
  for (const own of ownColumns(ports.known)) {
    if (!own.isPlain || except.has(own.place)) continue;
    for (let row = 0; row < shownRows; row += 1) room[row] = ownValue(ports, own, row);
    take(plainSeriesNumber(own.place));
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

function countNumbers(numbers: Float64Array, from: number, to: number): number {
  let count = 0;
  for (let row = from; row < to; row += 1) if (!Number.isNaN(numbers[row]!)) count += 1;
  return count;
}

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
  const columns = FILLS.map((fill) => {
    const numbers = new Float64Array(ports.shownRows);
    fill(ports, 0, ports.shownRows, numbers);
    return numbers;
  });
  for (let row = 0; row < ports.shownRows; row += 1) {
    const { labels: names, aliases } = known.named;
    const index = known.table.rows.texts[row]!;
    for (const [number, metric] of PORT_SERIES.entries()) {
      const value = columns[number]![row]!;
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
