import { type AgentHabits, mostVarbindsOf, usesBulk } from './agent-habits.ts';
import {
  type AskLimit,
  askForLess,
  limitToRemember,
  newAskLimit,
  noteAnswered,
  passOver,
} from './ask-limit.ts';
import type { BatchSize } from './batch-size.ts';
import { type ColumnEnd, type Cursor, TABLE_ROW_CAP, takeRounds } from './bulk-rows.ts';
import { POLL_DETAILS } from './poll-details.ts';
import type { CutReason, SelfMetrics } from './self-metrics.ts';
import type { RequestBounds, SnmpClient, SnmpError, Varbind } from './snmp-client.ts';

/** Columns side by side in one request. */
export const MOST_COLUMNS_AT_ONCE = 10;
/** Rows in one request. */
export const MOST_REPETITIONS = 50;
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

/** The reading of the columns of one table. */
interface ColumnsWalk {
  readonly reading: Reading;
  /** Columns that have not ended. */
  active: readonly Cursor[];
  readonly unreadColumns: Set<string>;
  worst: SnmpError | null;
  readonly limit: AskLimit;
  silences: number;
  asksNext: boolean;
  /** GETBULK was answered. */
  hasBulk: boolean;
  /** Columns at once while it shows which one the agent cannot give. */
  mostColumns: number;
  /** Columns at once as far as the agent gives them in their order, and each of them one cell. */
  widest: number;
}

/**
 * Reads columns by GETBULK, several side by side, as many rows as fill a reply. A column ends where
 * its subtree ends; one whose OIDs do not increase is stopped and counted as unread, the others go
 * on. Too-big and silence halve what is asked for, and an agent that answers GETNEXT alone is asked
 * so; both are remembered.
 */
export async function readColumns(
  reading: Reading,
  columns: readonly ColumnToRead[],
): Promise<TableRead> {
  const cursors: Cursor[] = columns.map(({ name, oid }) => ({
    name,
    oid,
    at: oid,
    atIndex: '',
    cells: new Map(),
    octets: 0,
  }));
  const walk: ColumnsWalk = {
    reading,
    active: cursors,
    unreadColumns: new Set(),
    worst: null,
    limit: newAskLimit(),
    silences: 0,
    asksNext: !usesBulk(reading.habits),
    hasBulk: false,
    mostColumns: MOST_COLUMNS_AT_ONCE,
    widest: MOST_COLUMNS_AT_ONCE,
  };
  let requestCount = 0;
  while (walk.active.length > 0) {
    const { batch, client, bounds } = reading;
    const mostCells = Math.min(batch.size, walk.limit.most, mostVarbindsOf(reading.habits));
    const group = walk.active.slice(0, Math.min(walk.mostColumns, walk.widest, mostCells));
    const repetitions = walk.asksNext ? 1 : repetitionsFor(group, batch.octets, mostCells);
    const names = group.map((cursor) => cursor.at);
    const { error, varbinds } = await client.getBulk(names, repetitions, bounds);
    requestCount += 1;
    if (error === null && varbinds.length > 0) takeAnswer(walk, group, repetitions, varbinds);
    else if (!afterError(walk, group, repetitions, error ?? NOTHING_FITS)) break;
  }
  rememberLimit(reading, walk.limit);
  const cells = new Map(cursors.map((cursor) => [cursor.name, cursor.cells]));
  return { cells, unreadColumns: walk.unreadColumns, error: walk.worst, requestCount };
}

const NOTHING_FITS: SnmpError = { failure: 'too-big', detail: POLL_DETAILS.answerTooBig };

function takeAnswer(
  walk: ColumnsWalk,
  group: readonly Cursor[],
  repetitions: number,
  varbinds: readonly Varbind[],
): void {
  const { habits, selfMetrics } = walk.reading;
  if (repetitions > 1) walk.hasBulk = true;
  else if (walk.asksNext && !walk.hasBulk && usesBulk(habits)) habits.refusesBulk = true;
  walk.silences = 0;
  walk.mostColumns = MOST_COLUMNS_AT_ONCE;
  noteAnswered(walk.limit);
  // What is more than was asked for has no place that could tell anything.
  const most = group.length * repetitions;
  for (let extra = most; extra < varbinds.length; extra += 1) {
    selfMetrics.valueRejected('not-asked');
  }
  if (varbinds.length < group.length) walk.widest = varbinds.length;
  const { ended, isMixed } = takeRounds(group, varbinds.slice(0, most));
  if (isMixed) walk.widest = 1;
  for (const [cursor, end] of ended) {
    if (end !== 'end') leaveColumn(walk, cursor, { failure: end, detail: CUT_DETAILS[end] }, end);
  }
  walk.active = walk.active.filter((cursor) => !ended.has(cursor));
}

const CUT_DETAILS: Readonly<Record<Exclude<ColumnEnd, 'end'>, SnmpError['detail']>> = {
  'not-increasing': POLL_DETAILS.notIncreasing,
  'row-cap': POLL_DETAILS.moreRows(TABLE_ROW_CAP),
};

function leaveColumn(walk: ColumnsWalk, cursor: Cursor, error: SnmpError, reason: CutReason): void {
  walk.unreadColumns.add(cursor.name);
  walk.reading.selfMetrics.tableCut(reason);
  walk.worst = error;
  walk.active = walk.active.filter((other) => other !== cursor);
}

/** Leaves all columns that have not ended. */
function giveUp(walk: ColumnsWalk, error: SnmpError): false {
  for (const cursor of walk.active) walk.unreadColumns.add(cursor.name);
  walk.reading.selfMetrics.tableCut(cutReasonOf(error));
  walk.worst = error;
  return false;
}

/**
 * What to do after a request that failed: ask for less, ask with GETNEXT, or for fewer columns, until
 * it shows which column the agent cannot give. False: the table is given up.
 */
function afterError(
  walk: ColumnsWalk,
  group: readonly Cursor[],
  repetitions: number,
  error: SnmpError,
): boolean {
  const { habits } = walk.reading;
  const askedCount = group.length * repetitions;
  const isSilence = error.failure === 'timeout';
  if (isSilence) walk.silences += 1;
  const mayHelp = error.failure === 'too-big' || (isSilence && walk.silences < MOST_SILENCES);
  if (mayHelp && askForLess(walk.limit, askedCount)) return true;
  if (error.failure === 'too-big') {
    if (!passOver(walk.limit)) return giveUp(walk, error);
    leaveColumn(walk, group[0]!, error, 'other');
    return true;
  }
  if (repetitions > 1 && mayRefuseBulk(error)) {
    walk.asksNext = true;
    return true;
  }
  if (!isAboutObject(error)) return giveUp(walk, error);
  walk.asksNext = !usesBulk(habits);
  if (group.length > 1) {
    walk.mostColumns = Math.ceil(group.length / 2);
    return true;
  }
  leaveColumn(walk, group[0]!, error, 'other');
  walk.mostColumns = MOST_COLUMNS_AT_ONCE;
  return true;
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
function repetitionsFor(group: readonly Cursor[], octets: number, mostCells: number): number {
  const rowOctets = group.reduce(
    (sum, { octets: taken, cells }) =>
      sum + (cells.size === 0 ? USUAL_CELL_OCTETS : taken / cells.size),
    0,
  );
  const byOctets = Math.floor((octets - FRAME_OVERHEAD_OCTETS) / rowOctets);
  const byCount = Math.floor(mostCells / group.length);
  return Math.max(1, Math.min(MOST_REPETITIONS, byOctets, byCount));
}

/** What the device could not answer at once is not asked of it at once again. */
function rememberLimit({ batch, selfMetrics }: Reading, limit: AskLimit): void {
  const most = limitToRemember(limit);
  if (batch.restrict(most)) selfMetrics.batchReduced();
}

export interface ScalarsRead {
  readonly varbinds: ReadonlyMap<string, Varbind>;
  readonly unreadOids: ReadonlySet<string>;
  /** The worst that happened; null: everything was read. */
  readonly error: SnmpError | null;
  readonly requestCount: number;
  /** Of the last reply; null: there was none. */
  readonly rttMs: number | null;
}

/**
 * GETs scalars, many to a request. Too-big and silence halve the count, which is remembered; one that
 * alone is too big, is refused, or left out of the answer, is unread, and the others are not.
 */
export async function readScalars(reading: Reading, oids: readonly string[]): Promise<ScalarsRead> {
  const { client, batch, bounds, selfMetrics, habits } = reading;
  const varbinds = new Map<string, Varbind>();
  const unreadOids = new Set<string>();
  const limit = newAskLimit();
  let worst: SnmpError | null = null;
  let done = 0;
  let silences = 0;
  let requestCount = 0;
  let lastRttMs: number | null = null;
  const leave = (unread: readonly string[], error: SnmpError) => {
    for (const oid of unread) unreadOids.add(oid);
    selfMetrics.tableCut(cutReasonOf(error));
    worst = error;
  };
  while (done < oids.length) {
    const most = Math.min(MOST_SCALARS_AT_ONCE, batch.size, limit.most, mostVarbindsOf(habits));
    const wanted = oids.slice(done, done + most);
    const { error, varbinds: answered, unread = [], rttMs } = await client.get(wanted, bounds);
    requestCount += 1;
    lastRttMs = rttMs ?? lastRttMs;
    if (error !== null) {
      const isSilence = error.failure === 'timeout';
      if (isSilence) silences += 1;
      const mayHelp = error.failure === 'too-big' || (isSilence && silences < MOST_SILENCES);
      if (mayHelp && askForLess(limit, wanted.length)) continue;
      if (error.failure !== 'too-big' || !passOver(limit)) {
        leave(oids.slice(done), error);
        break;
      }
      leave(wanted, error);
      done += 1;
      continue;
    }
    silences = 0;
    noteAnswered(limit);
    for (const varbind of answered) varbinds.set(varbind.oid, varbind);
    for (const { oid, error: why } of unread) {
      varbinds.delete(oid);
      leave([oid], why);
    }
    done += wanted.length;
  }
  rememberLimit(reading, limit);
  return { varbinds, unreadOids, error: worst, requestCount, rttMs: lastRttMs };
}

function cutReasonOf(error: SnmpError): 'timeout' | 'deadline' | 'other' {
  return error.failure === 'timeout' || error.failure === 'deadline' ? error.failure : 'other';
}
