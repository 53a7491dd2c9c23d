import { widthToUse } from './counter-step.ts';
import { resumePort } from './held-ports.ts';
import { type CellStore, highOf } from './plan/cell-store.ts';
import { cellAt, rowCount, type TablePlace } from './plan/layout.ts';
import type { RowDates } from './plan/row-dates.ts';
import type { PortMatch } from './port-identity.ts';
import type { PortColumns, PortTable } from './port-table.ts';
import { type PortsMemory, settlePorts } from './ports-memory.ts';
import { growRateMemory, type RateMemory } from './rate-memory.ts';
import { emptyPortReading, type PortReading, stepPort, wentBackUnexplained } from './rates.ts';
import { type Cells, readCell } from './read-cell.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import { COUNTER32, COUNTER64, GAUGE32, INTEGER, TIME_TICKS } from './snmp/tags.ts';

const BITS_PER_OCTET = 8;
const MEGABIT = 1_000_000;
/** ifHighSpeed above 4 Tb/s is a sentinel, or bit/s by mistake. */
const LARGEST_HIGH_SPEED = 4_000_000;
/** RFC 2863: ifSpeed cannot hold more and says so. */
const SPEED_TOO_LARGE = 4_294_967_295;
/** Sent in place of a counter that does not exist; both halves of a Counter64. */
const ABSENT_HALF = 0xffff_ffff;
const TWO_TO_32 = 4_294_967_296;

/** One reading for every row of every device: nothing of it outlives the row. */
const reading = emptyPortReading();

/** What of a poll the rates of ports depend on. */
export interface PortsRead extends Cells {
  readonly dates: RowDates;
}

/**
 * Makes rates out of what was read of every port. `speeds` in octets per second; `matches`: what became
 * of the ports; null: all are the same.
 */
export function stepPorts(
  known: PortTable,
  read: PortsRead,
  memory: PortsMemory,
  speeds: Float64Array,
  matches: readonly PortMatch[] | null,
): void {
  const { slots } = known.named;
  growRateMemory(memory.rates, memory.slotCount);
  const isDoubtful = memory.probation.length > 0 || memory.byIndex.length > 0;
  settlePorts(memory, matches, isDoubtful && countersWentBack(known, read, memory));
  if (memory.waiting.size > 0) resumeWaiting(known, memory);
  for (let row = 0; row < slots.length; row += 1) {
    const slot = slots[row]!;
    readPort(known, read, row, slot, memory);
    reading.octetsPerSecond = speeds[row]!;
    stepPort(memory.rates, slot, reading, memory.clock);
  }
}

function resumeWaiting({ named }: PortTable, { waiting, rates }: PortsMemory): void {
  for (let row = 0; row < named.slots.length; row += 1) {
    const port = waiting.get(named.labels[row]!);
    if (port === undefined) continue;
    waiting.delete(named.labels[row]!);
    const slot = named.slots[row]!;
    if (Number.isNaN(rates.readAtMs[slot]!)) resumePort(rates, slot, port);
  }
}

/**
 * Whether a counter went back in a way that only ports which changed places explain, or somebody who
 * cleared it: their names must be read again before the poll is understood. Changes nothing.
 */
export function countersWentBack(known: PortTable, read: PortsRead, memory: PortsMemory): boolean {
  const { slots } = known.named;
  for (let row = 0; row < slots.length; row += 1) {
    const slot = slots[row]!;
    if (hasGrown(known, read.store, memory.rates, row, slot, 0)) {
      if (hasGrown(known, read.store, memory.rates, row, slot, 1)) continue;
    }
    readPort(known, read, row, slot, memory);
    if (wentBackUnexplained(memory.rates, slot, reading, memory.clock)) return true;
  }
  return false;
}

/**
 * Whether the counter of one direction has 64 bits, as before, and not less in them: then nothing went
 * back. What nearly all do, told without understanding the rest of the row.
 */
function hasGrown(
  { table, columns }: PortTable,
  store: CellStore,
  { bits, high, low }: RateMemory,
  row: number,
  slot: number,
  direction: 0 | 1,
): boolean {
  const wide = columns.wideOctets[direction];
  const counter = slot * 2 + direction;
  if (wide === -1 || bits[counter] !== 64) return false;
  const cell = cellAt(table, wide, row);
  if (store.types[cell] !== COUNTER64) return false;
  const highNow = highOf(store, cell);
  return highNow === high[counter] ? store.lows[cell]! >= low[counter]! : highNow > high[counter]!;
}

function readPort(
  { table, columns }: PortTable,
  { store, dates }: PortsRead,
  row: number,
  slot: number,
  memory: PortsMemory,
): PortReading {
  reading.readAtMs = dates.readAtMs[row]!;
  reading.uptimeTicks = dates.uptimeTicks[row]!;
  reading.discontinuityTicks = counterAt(table, store, columns.discontinuity, row);
  reading.octetsPerSecond = Number.NaN;
  takeCounter(table, store, columns, 0, row);
  const receiveBits = widthToUse(memory.rates, slot * 2, wideOrNull(), narrowOrNull());
  reading.receiveBits = receiveBits;
  reading.receiveHigh = receiveBits === 64 ? taken.high : 0;
  reading.receiveLow = lowOf(receiveBits);
  takeCounter(table, store, columns, 1, row);
  const transmitBits = widthToUse(memory.rates, slot * 2 + 1, wideOrNull(), narrowOrNull());
  reading.transmitBits = transmitBits;
  reading.transmitHigh = transmitBits === 64 ? taken.high : 0;
  reading.transmitLow = lowOf(transmitBits);
  return reading;
}

/** The octet counters of one direction: the 64-bit one in halves, the 32-bit one; NaN where there is none. */
const taken = { high: Number.NaN, low: Number.NaN, narrow: Number.NaN };

function takeCounter(
  table: TablePlace,
  store: CellStore,
  columns: PortColumns,
  direction: 0 | 1,
  row: number,
): void {
  const wide = columns.wideOctets[direction];
  taken.high = Number.NaN;
  if (wide !== -1) {
    const cell = cellAt(table, wide, row);
    if (isCounter64(store, cell)) {
      taken.high = highOf(store, cell);
      taken.low = store.lows[cell]!;
    } else {
      const number = counterAt(table, store, wide, row);
      if (!Number.isNaN(number)) taken.high = 0;
      taken.low = number;
    }
  }
  const narrow = counterAt(table, store, columns.narrowOctets[direction], row);
  taken.narrow = narrow === ABSENT_HALF ? Number.NaN : narrow;
}

function wideOrNull(): number | null {
  return Number.isNaN(taken.high) ? null : taken.high * TWO_TO_32 + taken.low;
}

function narrowOrNull(): number | null {
  return Number.isNaN(taken.narrow) ? null : taken.narrow;
}

function lowOf(bits: 0 | 32 | 64): number {
  if (bits === 0) return 0;
  return bits === 64 ? taken.low : taken.narrow;
}

/** A Counter64 that is none of the placeholders for a counter that does not exist. */
function isCounter64(store: CellStore, cell: number): boolean {
  if (store.types[cell] !== COUNTER64) return false;
  return store.lows[cell] !== ABSENT_HALF || highOf(store, cell) !== ABSENT_HALF;
}

/** A counter of a row as a number; NaN when it has none, or sent a placeholder for a Counter64. */
export function counterAt(
  table: TablePlace,
  store: CellStore,
  column: number,
  row: number,
): number {
  return column === -1 ? Number.NaN : counterIn(store, cellAt(table, column, row));
}

/** As `counterAt`, of a cell. */
export function counterIn(store: CellStore, cell: number): number {
  switch (store.types[cell]) {
    case COUNTER64:
      if (!isCounter64(store, cell)) return Number.NaN;
      return highOf(store, cell) * TWO_TO_32 + store.lows[cell]!;
    case COUNTER32:
    case GAUGE32:
    case TIME_TICKS:
      return store.lows[cell]!;
    case INTEGER: {
      const number = store.lows[cell]! | 0;
      return number >= 0 ? number : Number.NaN;
    }
    default:
      return Number.NaN;
  }
}

/** Speed of each row's port in octets per second; NaN: not known. */
export function portSpeeds({ table, columns }: PortTable, cells: Cells): Float64Array {
  const speeds = new Float64Array(rowCount(table));
  for (let row = 0; row < speeds.length; row += 1) {
    const highSpeed = numberAt(table, cells, columns.highSpeed, row);
    const speed = numberAt(table, cells, columns.speed, row);
    speeds[row] = speedOf(highSpeed, speed) / BITS_PER_OCTET;
  }
  return speeds;
}

const ignore = (_reason: RejectedValueReason) => {};

/** The value of a row in a column as its profile reads it; NaN when it has none, or text. */
export function numberAt(table: TablePlace, cells: Cells, column: number, row: number): number {
  if (column === -1) return Number.NaN;
  const value = readCell(table.columns[column]!.def, cells, cellAt(table, column, row), ignore);
  return typeof value === 'number' ? value : Number.NaN;
}

function speedOf(highSpeed: number, speed: number): number {
  if (highSpeed >= 1 && highSpeed <= LARGEST_HIGH_SPEED) return highSpeed * MEGABIT;
  return speed >= 1 && speed < SPEED_TOO_LARGE ? speed : Number.NaN;
}

/**
 * Speed of a port in bit/s. ifHighSpeed counts, in Mb/s, unless it is 0 or impossible (some agents
 * send bit/s or a sentinel); then ifSpeed, unless that is 0 or says "too large". null: not known.
 */
export function portSpeedBps(highSpeed: number | null, speed: number | null): number | null {
  const known = speedOf(highSpeed ?? Number.NaN, speed ?? Number.NaN);
  return Number.isNaN(known) ? null : known;
}
