import type { BatchSize } from './batch-size.ts';
import { compareOids, indexBelow } from './oid.ts';
import { POLL_DETAILS } from './poll-details.ts';
import type { SelfMetrics } from './self-metrics.ts';
import type { RequestBounds, SnmpClient, SnmpError, Varbind } from './snmp-client.ts';

/** Rows of one table that are read; a table with more is cut and counted. */
export const TABLE_ROW_CAP = 10_000;
/** Columns side by side in one request. */
const MOST_COLUMNS_AT_ONCE = 10;
const MOST_REPETITIONS = 40;
const MOST_SCALARS_AT_ONCE = 24;
/** Smaller sizes tried after silence before the table is given up. */
const MOST_SILENCES = 2;

export interface Reading {
  readonly client: SnmpClient;
  readonly batch: BatchSize;
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
}

interface Cursor extends ColumnToRead {
  at: string;
  readonly cells: Map<string, Varbind>;
}

/**
 * Reads columns by GETBULK, several side by side. A column ends where its subtree ends; one whose
 * OIDs do not increase is stopped and counted as unread, the others go on. Too-big and silence halve
 * the batch, which is remembered.
 */
export async function readColumns(
  reading: Reading,
  columns: readonly ColumnToRead[],
): Promise<TableRead> {
  const cursors: Cursor[] = columns.map((column) => ({
    ...column,
    at: column.oid,
    cells: new Map(),
  }));
  const cells = new Map(cursors.map((cursor) => [cursor.name, cursor.cells]));
  const unreadColumns = new Set<string>();
  let active = cursors;
  let silences = 0;
  let worst: SnmpError | null = null;
  while (active.length > 0) {
    const group = active.slice(0, Math.min(MOST_COLUMNS_AT_ONCE, reading.batch.size));
    const repetitions = Math.max(1, Math.floor(reading.batch.size / group.length));
    const answer = await reading.client.getBulk(
      group.map((cursor) => cursor.at),
      Math.min(MOST_REPETITIONS, repetitions),
      reading.bounds,
    );
    const { error } = answer;
    if (error !== null) {
      const isSilence = error.failure === 'timeout';
      if (isSilence) silences += 1;
      const mayHelp = error.failure === 'too-big' || (isSilence && silences < MOST_SILENCES);
      if (mayHelp && reading.batch.reduce()) {
        reading.selfMetrics.batchReduced();
        continue;
      }
      for (const cursor of active) unreadColumns.add(cursor.name);
      reading.selfMetrics.tableCut(cutReasonOf(error));
      return { cells, unreadColumns, error };
    }
    silences = 0;
    const ended = takeRows(group, answer.varbinds);
    for (const { cursor, stop } of ended) {
      if (stop === 'end') continue;
      unreadColumns.add(cursor.name);
      reading.selfMetrics.tableCut(stop);
      worst = { failure: stop, detail: CUT_DETAILS[stop] };
    }
    const gone = new Set(ended.map(({ cursor }) => cursor));
    active = active.filter((cursor) => !gone.has(cursor));
  }
  return { cells, unreadColumns, error: worst };
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
      cursor.at = varbind.oid;
    }
  });
  // A column that got nothing in this answer would be asked for the same again, without end.
  group.forEach((cursor, place) => {
    if (place >= varbinds.length && !ended.has(cursor)) ended.set(cursor, 'end');
  });
  return [...ended].map(([cursor, stop]) => ({ cursor, stop }));
}

export interface ScalarsRead {
  readonly varbinds: ReadonlyMap<string, Varbind>;
  readonly unreadOids: ReadonlySet<string>;
  readonly error: SnmpError | null;
}

/** GETs scalars, many to a request; too-big and silence halve the batch, which is remembered. */
export async function readScalars(reading: Reading, oids: readonly string[]): Promise<ScalarsRead> {
  const varbinds = new Map<string, Varbind>();
  let done = 0;
  let silences = 0;
  while (done < oids.length) {
    const wanted = oids.slice(done, done + Math.min(MOST_SCALARS_AT_ONCE, reading.batch.size));
    const { error, varbinds: answered } = await reading.client.get(wanted, reading.bounds);
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
      return { varbinds, unreadOids: new Set(oids.slice(done)), error };
    }
    silences = 0;
    for (const varbind of answered) varbinds.set(varbind.oid, varbind);
    done += wanted.length;
  }
  return { varbinds, unreadOids: new Set(), error: null };
}

function cutReasonOf(error: SnmpError): 'timeout' | 'deadline' | 'other' {
  return error.failure === 'timeout' || error.failure === 'deadline' ? error.failure : 'other';
}
