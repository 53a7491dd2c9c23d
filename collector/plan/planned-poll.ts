import { GENTLE_SPACING_MS, whyGentle } from '../agent-habits.ts';
import { newAskLimit } from '../ask-limit.ts';
import type { DeviceMemory } from '../device-memory.ts';
import type { PollClient } from '../poll-client.ts';
import { countersWentBack } from '../port-step.ts';
import { areNamesSame } from '../port-table.ts';
import { readColumns } from '../table-reader.ts';
import { copyStore, hasValue, numberIn } from './cell-store.ts';
import {
  cellsOfRow,
  type DevicePlan,
  fixedRequests,
  limitsOf,
  looseGroups,
  newPlan,
  packPlan,
  suspectHalves,
} from './device-plan.ts';
import {
  CARE,
  cellAt,
  type Layout,
  rowCount,
  type TablePlace,
  tableOf,
  UPTIME_CELL,
} from './layout.ts';
import { errorOfTable, type Walking, walkTable } from './learn.ts';
import { packAll, type RequestLimits } from './packing.ts';
import { cellsOf, type PlannedRequest, requestFor } from './planned-request.ts';
import { noteFailed, type PlanReading, type ReadEnd, readRequests } from './read-requests.ts';
import { layOut, type TableSource } from './relayout.ts';
import { RequestStepper } from './request-stepper.ts';
import { dateRow, type RowDates, rowsReadAt } from './row-dates.ts';
import { changedTables, signalStrength } from './signals.ts';
import { borrowStore, returnStore } from './store-pool.ts';
import { isOptional } from './table-walk.ts';
import {
  cellsOfChangedRows,
  columnToLookAt,
  isLookDue,
  noteScalars,
  noteStillColumns,
  retryRefused,
} from './upkeep.ts';

/** One poll along the plan: what it needs beside what walking needs. */
export interface PlannedPoll {
  readonly memory: DeviceMemory;
  readonly client: PollClient;
  readonly walking: Walking;
  /** 0..1, another one for each device. */
  readonly phaseRatio: number;
  /** Takes in sysUpTime; false when the agent has started anew. */
  noteUptime(ticks: number, atMs: number): boolean;
}

/** What the poll left behind; its cells are in `memory.plan`. */
export interface PlannedRead {
  readonly end: ReadEnd;
  readonly rttMs: number | null;
  readonly sysUpTimeTicks: number | null;
  readonly dates: ReadonlyMap<TablePlace, RowDates>;
  /** Requests of several objects that were lost although the device answered. */
  readonly lostBigRequests: number;
  /** Something by which ports are told apart has changed. */
  readonly areNamesFresh: boolean;
}

/**
 * Reads a device along what was learned of it. Afterwards the plan's store holds this poll, unless
 * the device fell silent or started anew: then it holds the one before.
 */
export async function pollByPlan(poll: PlannedPoll, plan: DevicePlan): Promise<PlannedRead> {
  const limits = limitsFor(poll);
  plan.polls += 1;
  retryRefused(plan);
  if (plan.isStale) packPlan(plan, limits);
  const { layout, arena, store: before } = plan;
  const store = borrowStore(layout);
  copyStore(before, store);
  const dates = new Map<TablePlace, RowDates>();
  const reading = readingOf(poll, plan, store);
  noteFailed(reading);
  const isDated = !plan.refused.has(UPTIME_CELL);
  const loose = packAll(plan, looseGroups(plan), limits, isDated);
  const stepper = new RequestStepper(
    {
      client: poll.client,
      clock: reading.clock,
      deadlineMs: reading.bounds.deadlineMs,
      layout,
      arena,
      store,
      before,
      noteUptime: poll.noteUptime,
      noteDated: (cell, ticks, atMs) => noteDated(dates, layout, cell, ticks, atMs),
      noteUnasked: (objectCount) => noteUnasked(reading, objectCount),
      noteTaken: (request) => acquit(plan, request),
      noteCost: ({ modules }, durationMs, packets) =>
        poll.walking.costs.add(modules, durationMs, 1, packets),
    },
    [
      ...fixedRequests(plan),
      ...loose,
      ...suspectHalves(plan).map((half) => requestFor(layout, half, 0)),
    ],
  );
  let end = await readRequests(reading, stepper);
  if (end === 'read') end = await readChangedRows(poll, reading, stepper, limits, dates);
  const facts = { rttMs: stepper.rttMs, lostBigRequests: reading.lostBigRequests };
  if (end !== 'read') {
    returnStore(store);
    return { ...facts, end, sysUpTimeTicks: null, dates, areNamesFresh: false };
  }
  if (stepper.hasGrown) plan.isStale = true;
  noteStillColumns(plan, before, store);
  noteScalars(plan, before, store);
  const ticks = numberIn(store, UPTIME_CELL);
  const changed = changedTables(layout, before, store);
  for (const table of stepper.shrunkTables) changed.add(table);
  const areNamesFresh = plan.ports !== null && !areNamesSame(plan.ports, store, before);
  plan.store = store;
  returnStore(before);
  // Where ports have other names, others may have come.
  const renamed = areNamesFresh ? plan.ports!.table : null;
  const isAlive = await walkChanged(poll, plan, { changed, renamed }, limits);
  for (const table of poll.memory.plan!.layout.tables) {
    // Whoever walked it has said so already.
    if (layout.tables.includes(table) && table.cut !== null && !isOptional(table.def)) {
      reading.errors.push(errorOfTable(table, table.cut.error));
    }
  }
  return {
    ...facts,
    end: isAlive ? 'read' : 'silent',
    sysUpTimeTicks: Number.isNaN(ticks) ? null : ticks,
    dates: new Map(keptDates(poll.memory.plan!, plan, dates)),
    areNamesFresh,
  };
}

function noteUnasked({ selfMetrics }: PlanReading, objectCount: number): void {
  for (let count = 0; count < objectCount; count += 1) selfMetrics.valueRejected('not-asked');
}

function limitsFor({ memory, client }: PlannedPoll): RequestLimits {
  return limitsOf(memory.batch, memory.habits, client.frameOctets);
}

function readingOf(
  { memory, client, walking }: PlannedPoll,
  plan: DevicePlan,
  store: PlanReading['store'],
): PlanReading {
  const { reading, clock, errors } = walking;
  return {
    plan,
    store,
    client,
    clock,
    bounds: reading.bounds,
    batch: memory.batch,
    selfMetrics: reading.selfMetrics,
    spacingMs: whyGentle(memory.habits) === null ? 0 : GENTLE_SPACING_MS,
    errors,
    silences: 0,
    lostBigRequests: 0,
    lostForSize: [],
    // Counters of a row are asked for together, even where that is more than a very weak agent answers.
    limit: newAskLimit(memory.batch.size < LARGEST_GROUP ? memory.batch.size : undefined),
    bigCells: 0,
    failed: null,
    cameBack: null,
  };
}

/** sysUpTime and the octets of a port. */
const LARGEST_GROUP = 3;

/** Suspects that were answered are none. */
function acquit(plan: DevicePlan, request: PlannedRequest): void {
  if (plan.suspects.size === 0) return;
  for (const cell of cellsOf(request)) if (plan.suspects.delete(cell)) plan.isStale = true;
}

function noteDated(
  dates: Map<TablePlace, RowDates>,
  layout: Layout,
  cell: number,
  ticks: number | null,
  atMs: number,
): void {
  const table = tableOf(layout, cell)!;
  let own = dates.get(table);
  if (own === undefined) {
    own = rowsReadAt(table, atMs, ticks);
    dates.set(table, own);
  }
  dateRow(own, table, cell, atMs, ticks);
}

/** Reads names, speeds and the like of rows that have changed. */
async function readChangedRows(
  { walking, memory }: PlannedPoll,
  reading: PlanReading,
  stepper: RequestStepper,
  limits: RequestLimits,
  dates: ReadonlyMap<TablePlace, RowDates>,
): Promise<ReadEnd> {
  const { plan, store } = reading;
  const { layout, arena } = plan;
  const cells = cellsOfChangedRows(plan, plan.store, store);
  const { ports } = plan;
  const own = ports === null ? undefined : dates.get(ports.table);
  if (own !== undefined && countersWentBack(ports!, { store, arena, dates: own }, memory.ports)) {
    for (let row = 0; row < rowCount(ports!.table); row += 1) {
      cells.push(...cellsOfRow(plan, ports!.table, row, CARE.rare));
    }
  }
  if (cells.length === 0 || walking.reading.bounds.signal.aborted) return 'read';
  const groups = [...new Set(cells)].map((cell) => [cell]);
  stepper.requests.push(...packAll({ layout, arena, store }, groups, limits, false));
  return readRequests(reading, stepper);
}

/** Tables that may have other rows than are known. */
interface Suspects {
  /** They have. */
  readonly changed: ReadonlySet<TablePlace>;
  /** Known rows of it are other ports than before. */
  readonly renamed: TablePlace | null;
}

/**
 * Walks tables again whose rows have changed, or of which not all rows are known, and looks at the
 * rows of others when it is time to. False when the device has fallen silent.
 */
async function walkChanged(
  poll: PlannedPoll,
  plan: DevicePlan,
  suspects: Suspects,
  limits: RequestLimits,
): Promise<boolean> {
  const { walking, memory } = poll;
  const { changed } = suspects;
  const grown = await tablesWithOtherRows(poll, plan, suspects);
  const sources: TableSource[] = [];
  let isOther = plan.arena.used > plan.mostTextOctets;
  for (const table of plan.layout.tables) {
    if (!changed.has(table) && !grown.has(table) && !table.cut?.isUnknown) {
      sources.push(table);
      continue;
    }
    const walked = await walkTable(walking, table.profile, table.def);
    if (walked === null) return false;
    // A table that cannot be walked at the moment is kept as it was.
    const isLost = walked.cut?.isUnknown && rowCount(table) > 0;
    sources.push(isLost ? table : walked);
    isOther ||= !isLost;
  }
  if (!isOther) return true;
  const laid = layOut({ places: plan.layout.scalars, answered: null }, sources, plan);
  const next = newPlan(laid, limits, poll.phaseRatio);
  next.polls = plan.polls;
  memory.plan = next;
  return true;
}

/**
 * Compares the rows of one column of each table with those that are known, where the device does not
 * tell of changes and it is time to look.
 */
async function tablesWithOtherRows(
  { walking }: PlannedPoll,
  plan: DevicePlan,
  { changed, renamed }: Suspects,
): Promise<Set<TablePlace>> {
  const { layout, store } = plan;
  const due = layout.tables.filter(
    (table) =>
      !changed.has(table) &&
      (table === renamed || isLookDue(plan, signalStrength(layout, store, table))),
  );
  const looks = due.map((table, place) => {
    const column = columnToLookAt(table);
    return { table, column, name: String(place), oid: table.columns[column]!.def.oid };
  });
  if (looks.length === 0) return new Set();
  const read = await readColumns(walking.reading, looks);
  const others = looks.filter(({ table, column, name }) => {
    if (read.unreadColumns.has(name)) return false;
    const found = read.cells.get(name)!;
    const known = table.rows.texts.filter((_, row) => hasValue(store, cellAt(table, column, row)));
    return known.length !== found.size || known.some((index) => !found.has(index));
  });
  return new Set(others.map(({ table }) => table));
}

/** Dates by the tables of the plan that is in force now: kept tables have other places there. */
function* keptDates(
  now: DevicePlan,
  before: DevicePlan,
  dates: ReadonlyMap<TablePlace, RowDates>,
): Generator<[TablePlace, RowDates]> {
  for (const [place, table] of before.layout.tables.entries()) {
    const own = dates.get(table);
    const kept = now.layout.tables[place]!;
    if (own !== undefined && kept.rows.texts.length === table.rows.texts.length) {
      if (now === before || kept.rows === table.rows) yield [kept, own];
    }
  }
}
