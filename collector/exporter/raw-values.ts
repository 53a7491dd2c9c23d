import type { Clock } from '../../lib/clock.ts';
import type { DurationMs } from '../../lib/time.ts';
import { numberOf } from '../reading.ts';
import type { Varbind } from '../snmp-client.ts';
import type { ExporterModule, ExporterObject, ExporterTable } from './exporter-module.ts';
import { EXPORTER_MODULES } from './exporter-modules.ts';
import { type PackedNumbers, packNumbers } from './packed-numbers.ts';
import type { ReadCost } from './read-meter.ts';

/** Cells of a column by row index. */
export type RawColumn = ReadonlyMap<string, Varbind>;

/** Everything one full poll has read, by OID. */
export interface PolledObjects {
  /** With their instance. */
  readonly scalars: ReadonlyMap<string, Varbind>;
  /** By the OID of the column. */
  readonly columns: ReadonlyMap<string, RawColumn>;
  /** 32-bit counters that were seen to be the low half of a 64-bit one and left unread: OIDs, narrow to wide. */
  readonly lowHalves: ReadonlyMap<string, string>;
  /** Columns and scalar instances that could not be read to their end. */
  readonly unreadOids: ReadonlySet<string>;
  readonly costs: readonly ReadCost[];
}

/** What the last poll told of one module's objects, kept small: it waits for a scrape that may never come. */
export interface RawModule {
  readonly module: ExporterModule;
  readonly scalars: readonly Varbind['value'][];
  readonly tables: readonly RawTable[];
  readonly facts: ScrapeFacts;
}

export interface RawTable {
  readonly table: ExporterTable;
  readonly indexes: Uint32Array;
  /** One column for each of the table's, in their order; columns of text have no number. */
  readonly numbers: PackedNumbers;
  /** By OID: columns of text and the lookups, in the order of the rows. */
  readonly texts: ReadonlyMap<string, readonly Varbind['value'][]>;
  /** Places of columns that are the low 32 bits of another: narrow to wide. */
  readonly lowHalves: ReadonlyMap<number, number>;
}

export interface ScrapeFacts {
  /** Time in which the device was asked; requests that several modules share count in each. */
  readonly walkMs: DurationMs;
  /** The same with the work on what was answered. */
  readonly durationMs: DurationMs;
  readonly packetsSent: number;
  /** null when the client does not tell. */
  readonly packetsRetried: number | null;
  /** Values that the device gave. */
  readonly valueCount: number;
  /** Whether something could not be read. */
  readonly isPartial: boolean;
}

/** snmp_exporter keeps counters below this, so that a double holds each of them exactly. */
const EXACT_BITS = 53;
const EXACT_END = 2n ** 53n;
const LARGEST_INDEX = 0xffff_ffff;

/** Packs what the modules export out of one poll. The number of rows is bounded by what a table read takes. */
export function keepRawValues(polled: PolledObjects, clock: Clock): readonly RawModule[] {
  return EXPORTER_MODULES.map((module) => {
    const startedMs = clock.monotonicMs();
    const scalars = module.scalars.map(
      (object) => polled.scalars.get(instanceOf(object))?.value ?? null,
    );
    const tables = module.tables.map((table) => keepTable(table, polled));
    const read = factsOf(module, scalars, polled);
    const durationMs = read.walkMs + clock.monotonicMs() - startedMs;
    return { module, scalars, tables, facts: { ...read, durationMs } };
  });
}

function instanceOf({ oid }: ExporterObject): string {
  return `${oid}.0`;
}

function keepTable(table: ExporterTable, polled: PolledObjects): RawTable {
  const keys = rowKeys(table, polled);
  if (keys.length === 0) return EMPTY_TABLES.get(table)!;
  const rowOf = new Map(keys.map((key, row) => [key, row]));
  const rowCount = keys.length;
  const numbers = new Float64Array(table.columns.length * rowCount).fill(Number.NaN);
  const texts = new Map<string, Varbind['value'][]>();
  for (const { oid } of [...table.columns.filter(isText), ...table.lookups]) {
    texts.set(oid, new Array<Varbind['value']>(rowCount).fill(null));
  }
  table.columns.forEach(({ oid }, column) => {
    if (texts.has(oid)) return;
    eachRow(polled.columns.get(oid), keys, rowOf, (row, varbind) => {
      numbers[column * rowCount + row] = rawNumber(varbind);
    });
  });
  for (const [oid, values] of texts) {
    eachRow(polled.columns.get(oid), keys, rowOf, (row, { value }) => {
      values[row] = value;
    });
  }
  return {
    table,
    indexes: Uint32Array.from(keys, Number),
    numbers: packNumbers(rowCount, numbers),
    texts,
    lowHalves: lowHalvesOf(table, polled),
  };
}

/** Most devices have nothing of most tables. */
const EMPTY_TABLES: ReadonlyMap<ExporterTable, RawTable> = new Map(
  EXPORTER_MODULES.flatMap(({ tables }) => tables).map((table) => [
    table,
    {
      table,
      indexes: new Uint32Array(0),
      numbers: packNumbers(0, new Float64Array(0)),
      texts: new Map(),
      lowHalves: new Map(),
    },
  ]),
);

/** Columns list the same rows in the same order as a rule: a row is looked for only where they do not. */
function eachRow(
  cells: RawColumn | undefined,
  keys: readonly string[],
  rowOf: ReadonlyMap<string, number>,
  visit: (row: number, varbind: Varbind) => void,
): void {
  let next = 0;
  cells?.forEach((varbind, key) => {
    const row = keys[next] === key ? next : rowOf.get(key);
    if (row === undefined) return;
    visit(row, varbind);
    next = row + 1;
  });
}

/** Rows in the order of their numbers. An index of another form than the MIB's is no row. */
function rowKeys(table: ExporterTable, polled: PolledObjects): string[] {
  const keys: string[] = [];
  const known = new Set<string>();
  for (const { oid } of [...table.columns, ...table.lookups]) {
    let next = 0;
    polled.columns.get(oid)?.forEach((_, key) => {
      if (keys[next] !== key && !known.has(key)) {
        known.add(key);
        keys.push(key);
      }
      next += 1;
    });
  }
  return keys.filter(isOneNumber).sort((a, b) => Number(a) - Number(b));
}

function isOneNumber(key: string): boolean {
  return /^\d{1,10}$/.test(key) && Number(key) <= LARGEST_INDEX;
}

function isText({ type }: ExporterObject): boolean {
  return type === 'text' || type === 'octets' || type === 'mac';
}

/** The number as sent, Counter64 modulo 2^53; NaN when there is none. */
export function rawNumber(varbind: Pick<Varbind, 'value'> | undefined): number {
  const value = varbind?.value ?? null;
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') {
    return Number(value < EXACT_END ? value : BigInt.asUintN(EXACT_BITS, value));
  }
  return value === null ? Number.NaN : (numberOf({ value }) ?? Number.NaN);
}

function lowHalvesOf(table: ExporterTable, polled: PolledObjects): Map<number, number> {
  const places = new Map(table.columns.map(({ oid }, place) => [oid, place]));
  const halves = new Map<number, number>();
  for (const [narrow, wide] of polled.lowHalves) {
    const from = places.get(narrow);
    const to = places.get(wide);
    if (from !== undefined && to !== undefined) halves.set(from, to);
  }
  return halves;
}

/** Columns and scalar instances of each module. */
const OIDS = new Map(
  EXPORTER_MODULES.map((module) => {
    const columns = module.tables.flatMap(({ columns: own, lookups }) =>
      [...own, ...lookups].map(({ oid }) => oid),
    );
    return [module, { columns, all: new Set([...columns, ...module.scalars.map(instanceOf)]) }];
  }),
);

function factsOf(
  module: ExporterModule,
  scalars: readonly Varbind['value'][],
  polled: PolledObjects,
): Omit<ScrapeFacts, 'durationMs'> {
  const { columns, all } = OIDS.get(module)!;
  const isOwn = (oid: string) => all.has(oid);
  const cellCount = columns.reduce(
    (sum, oid) => sum + (polled.columns.get(polled.lowHalves.get(oid) ?? oid)?.size ?? 0),
    0,
  );
  const costs = polled.costs.filter((cost) => cost.oids.values().some(isOwn));
  const sum = (read: (cost: ReadCost) => number) =>
    costs.reduce((total, cost) => total + read(cost), 0);
  return {
    walkMs: sum((cost) => cost.durationMs),
    packetsSent: sum((cost) => cost.packetsSent),
    packetsRetried: costs.some((cost) => cost.packetsRetried === null)
      ? null
      : sum((cost) => cost.packetsRetried ?? 0),
    valueCount: cellCount + scalars.filter((value) => value !== null).length,
    isPartial: polled.unreadOids.values().some(isOwn),
  };
}
