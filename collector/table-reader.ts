import type { AgentHabits } from './agent-habits.ts';
import type { BatchSize } from './batch-size.ts';
import { compareOids, indexBelow } from './oid.ts';
import { POLL_DETAILS } from './poll-details.ts';
import type { CutReason, SelfMetrics } from './self-metrics.ts';
import type { RequestBounds, SnmpClient, SnmpError, Varbind } from './snmp-client.ts';

/** Rows of one table that are read; a table with more is cut and counted. */
export const TABLE_ROW_CAP = 10_000;
/** Columns side by side in one request. */
const MOST_COLUMNS_AT_ONCE = 10;
const MOST_REPETITIONS = 50;
/** What a cell takes in a reply as long as none was seen: name, counter and headers. */
const USUAL_CELL_OCTETS = 24;
/** Message, PDU and list around the varbinds. */
const FRAME_OVERHEAD_OCTETS = 64;
const MOST_SCALARS_AT_ONCE = 24;
/** Smaller sizes tried after silence before the table is given up. */
const MOST_SILENCES = 2;

export interface Reading {
  readonly client: SnmpClient;
  readonly batch: BatchSize;
  readonly habits: AgentHabits;
  readonly bounds: RequestBounds;
  readonly selfMetrics: SelfMetrics;
}

export interface ColumnToRead {
  readonly name: string;
  readonly oid: string;
}

export interface TableRead {
  /** By column name, then by row index. What was read before an error is kept. */
  readonly cells: ReadonlyMap<string, Map<string, Varbind>>;
  /** Columns that were not read to their end. */
  readonly unreadColumns: ReadonlySet<string>;
  /** The worst that happened; null: everything was read. */
  readonly error: SnmpError | null;
  readonly requestCount: number;
}

interface Cursor extends ColumnToRead {
  at: string;
  readonly cells: Map<string, Varbind>;
  /** Octets that its cells took. */
  octets: number;
}

/**
 * Reads columns by GETBULK, several side by side, as many rows as fill a reply. A column ends where
 * its subtree ends; one whose OIDs do not increase is stopped and counted as unread, the others go
 * on. Too-big and silence halve the batch, and an agent that answers GETNEXT alone is asked so;
 * both are remembered.
 */
export async function readColumns(
  reading: Reading,
  columns: readonly ColumnToRead[],
): Promise<TableRead> {
  const cursors: Cursor[] = columns.map((column) => ({
    ...column,
    at: column.oid,
    cells: new Map(),
    octets: 0,
  }));
  const { batch, habits, selfMetrics, client, bounds } = reading;
  const cells = new Map(cursors.map((cursor) => [cursor.name, cursor.cells]));
  const unreadColumns = new Set<string>();
  const trials: Trials = {
    silences: 0,
    asksNext: habits.refusesBulk,
    mostColumns: MOST_COLUMNS_AT_ONCE,
  };
  let active = cursors;
  let requestCount = 0;
  let worst: SnmpError | null = null;
  const stopColumn = (cursor: Cursor, error: SnmpError, reason: CutReason) => {
    unreadColumns.add(cursor.name);
    selfMetrics.tableCut(reason);
    worst = error;
  };
  while (active.length > 0) {
    const group = active.slice(0, Math.min(trials.mostColumns, batch.size));
    const repetitions = trials.asksNext ? 1 : repetitionsFor(group, batch);
    const names = group.map((cursor) => cursor.at);
    const { error, varbinds } = await client.getBulk(names, repetitions, bounds);
    requestCount += 1;
    if (error === null) {
      habits.refusesBulk ||= trials.asksNext;
      trials.silences = 0;
      trials.mostColumns = MOST_COLUMNS_AT_ONCE;
      const ended = takeRows(group, varbinds);
      for (const { cursor, stop } of ended) {
        if (stop !== 'end') stopColumn(cursor, { failure: stop, detail: CUT_DETAILS[stop] }, stop);
      }
      const gone = new Set(ended.map(({ cursor }) => cursor));
      active = active.filter((cursor) => !gone.has(cursor));
      continue;
    }
    const next = afterError(reading, trials, error, group.length, repetitions);
    if (next === 'ask-otherwise') continue;
    if (next === 'give-up') {
      for (const cursor of active) unreadColumns.add(cursor.name);
      selfMetrics.tableCut(cutReasonOf(error));
      return { cells, unreadColumns, error, requestCount };
    }
    stopColumn(group[0]!, error, 'other');
    active = active.slice(1);
    trials.mostColumns = MOST_COLUMNS_AT_ONCE;
  }
  return { cells, unreadColumns, error: worst, requestCount };
}

/** What has been tried to get an answer out of an agent. */
interface Trials {
  silences: number;
  asksNext: boolean;
  mostColumns: number;
}

/**
 * What to do after a request that failed: ask for less, ask with GETNEXT, or for fewer columns, until
 * it shows which column the agent cannot give.
 */
function afterError(
  { batch, habits, selfMetrics }: Reading,
  trials: Trials,
  error: SnmpError,
  columnCount: number,
  repetitions: number,
): 'ask-otherwise' | 'give-up' | 'leave-column' {
  const isSilence = error.failure === 'timeout';
  if (isSilence) trials.silences += 1;
  const mayHelp = error.failure === 'too-big' || (isSilence && trials.silences < MOST_SILENCES);
  if (mayHelp && batch.reduce()) {
    selfMetrics.batchReduced();
    return 'ask-otherwise';
  }
  if (repetitions > 1 && mayRefuseBulk(error)) {
    trials.asksNext = true;
    return 'ask-otherwise';
  }
  if (!isAboutObject(error)) return 'give-up';
  trials.asksNext = habits.refusesBulk;
  if (columnCount === 1) return 'leave-column';
  trials.mostColumns = Math.ceil(columnCount / 2);
  return 'ask-otherwise';
}

/** Failures that may be about one object of several. */
function isAboutObject({ failure }: SnmpError): boolean {
  return failure === 'bad-response' || failure === 'no-such-name';
}

/** Failures by which agents without GETBULK show that they have none. */
function mayRefuseBulk(error: SnmpError): boolean {
  return error.failure === 'timeout' || isAboutObject(error);
}

/** As many rows as fill a reply, by what the cells of these columns took so far. */
function repetitionsFor(group: readonly Cursor[], batch: BatchSize): number {
  const rowOctets = group.reduce(
    (sum, { octets, cells }) => sum + (cells.size === 0 ? USUAL_CELL_OCTETS : octets / cells.size),
    0,
  );
  const byOctets = Math.floor((batch.octets - FRAME_OVERHEAD_OCTETS) / rowOctets);
  const byCount = Math.floor(batch.size / group.length);
  return Math.max(1, Math.min(MOST_REPETITIONS, byOctets, byCount));
}

const CUT_DETAILS = {
  'not-increasing': POLL_DETAILS.notIncreasing,
  'row-cap': POLL_DETAILS.moreRows(TABLE_ROW_CAP),
} as const;

interface Ended {
  readonly cursor: Cursor;
  readonly stop: 'end' | 'not-increasing' | 'row-cap';
}

/** Gives the varbinds of one answer, row after row, to their columns. Returns the columns that ended. */
function takeRows(group: readonly Cursor[], varbinds: readonly Varbind[]): Ended[] {
  const ended = new Map<Cursor, Ended['stop']>();
  varbinds.forEach((varbind, place) => {
    const cursor = group[place % group.length]!;
    if (ended.has(cursor)) return;
    const index = varbind.type === 'end-of-mib-view' ? null : indexBelow(cursor.oid, varbind.oid);
    if (index === null) ended.set(cursor, 'end');
    else if (compareOids(varbind.oid, cursor.at) <= 0) ended.set(cursor, 'not-increasing');
    else if (cursor.cells.size >= TABLE_ROW_CAP) ended.set(cursor, 'row-cap');
    else {
      cursor.cells.set(index, varbind);
      cursor.octets += usualOctets(varbind);
      cursor.at = varbind.oid;
    }
  });
  // A column that got nothing in this answer would be asked for the same again, without end.
  group.forEach((cursor, place) => {
    if (place >= varbinds.length && !ended.has(cursor)) ended.set(cursor, 'end');
  });
  return [...ended].map(([cursor, stop]) => ({ cursor, stop }));
}

/** About what a varbind takes in a reply. */
function usualOctets({ oid, value }: Varbind): number {
  const nameOctets = Math.ceil(oid.length / 2);
  const valueOctets =
    value instanceof Uint8Array ? value.length : typeof value === 'bigint' ? 7 : 4;
  return nameOctets + valueOctets + VARBIND_HEADER_OCTETS;
}

const VARBIND_HEADER_OCTETS = 6;

export interface ScalarsRead {
  readonly varbinds: ReadonlyMap<string, Varbind>;
  readonly unreadOids: ReadonlySet<string>;
  readonly error: SnmpError | null;
  readonly requestCount: number;
}

/** GETs scalars, many to a request; too-big and silence halve the batch, which is remembered. */
export async function readScalars(reading: Reading, oids: readonly string[]): Promise<ScalarsRead> {
  const varbinds = new Map<string, Varbind>();
  let done = 0;
  let silences = 0;
  let requestCount = 0;
  while (done < oids.length) {
    const wanted = oids.slice(done, done + Math.min(MOST_SCALARS_AT_ONCE, reading.batch.size));
    const { error, varbinds: answered } = await reading.client.get(wanted, reading.bounds);
    requestCount += 1;
    if (error !== null) {
      const isSilence = error.failure === 'timeout';
      if (isSilence) silences += 1;
      const mayHelp = error.failure === 'too-big' || (isSilence && silences < MOST_SILENCES);
      if (mayHelp && wanted.length > 1) {
        while (reading.batch.size >= wanted.length) reading.batch.reduce();
        reading.selfMetrics.batchReduced();
        continue;
      }
      reading.selfMetrics.tableCut(cutReasonOf(error));
      return { varbinds, unreadOids: new Set(oids.slice(done)), error, requestCount };
    }
    silences = 0;
    for (const varbind of answered) varbinds.set(varbind.oid, varbind);
    done += wanted.length;
  }
  return { varbinds, unreadOids: new Set(), error: null, requestCount };
}

function cutReasonOf(error: SnmpError): 'timeout' | 'deadline' | 'other' {
  return error.failure === 'timeout' || error.failure === 'deadline' ? error.failure : 'other';
}
