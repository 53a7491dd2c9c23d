import { MOST_COLUMNS_AT_ONCE, MOST_REPETITIONS } from '../table-reader.ts';
import { hasValue } from './cell-store.ts';
import {
  type DevicePlan,
  fixedRequests,
  looseGroups,
  packPlan,
  suspectHalves,
} from './device-plan.ts';
import {
  cellAt,
  columnOf,
  hasCells,
  type Layout,
  nameLength,
  rowCount,
  type TablePlace,
  tableOf,
  UPTIME_CELL,
} from './layout.ts';
import { packAll, type RequestLimits, varbindOctets } from './packing.ts';
import { cellsOf, type PlannedRequest, requestFor } from './planned-request.ts';
import { retryRefused } from './upkeep.ts';

/** What the next full poll of a device is reckoned to send and to be sent. */
export interface PollCost {
  /** The first requests, in their order; `requestCount` tells how many there are. */
  readonly requests: readonly RequestCost[];
  readonly requestCount: number;
  readonly varbinds: number;
  /** UDP payloads. */
  readonly requestOctets: number;
  readonly replyOctets: number;
  /** GETBULK requests for the same columns if they were walked, and GETs for the same scalars. */
  readonly requestsToWalk: number;
}

/** One GET: a request PDU and a response PDU. */
export interface RequestCost {
  readonly varbinds: number;
  readonly requestOctets: number;
  readonly replyOctets: number;
  readonly objects: readonly RequestedObjects[];
}

/** What a request asks of one table; `table` null: scalars, by OID where no profile names them. */
export interface RequestedObjects {
  readonly table: string | null;
  readonly columns: readonly string[];
  readonly varbinds: number;
}

const MOST_SHOWN_REQUESTS = 20;
/** Headers of varbind and name, and NULL in the place of a value (RFC 3416 §3). */
const QUESTION_OCTETS = 6;

/** How the agent takes requests, as far as their number depends on it. */
export interface AskingManner {
  readonly limits: RequestLimits;
  /** Octets of a message around its varbinds. */
  readonly frameOctets: number;
  /** It answers GETBULK. */
  readonly hasBulk: boolean;
  /** Names of scalars by OID. */
  readonly scalarNames: ReadonlyMap<string, string>;
}

/** Reckons the next full poll; nobody's turn is taken by it. */
export function costOfNextPoll(plan: DevicePlan, manner: AskingManner): PollCost {
  const requests = nextRequests(plan, manner.limits).map((request) =>
    costOfRequest(plan, request, manner),
  );
  const sumOf = (part: (cost: RequestCost) => number) =>
    requests.reduce((sum, cost) => sum + part(cost), 0);
  return {
    requests: requests.slice(0, MOST_SHOWN_REQUESTS),
    requestCount: requests.length,
    varbinds: sumOf(({ varbinds }) => varbinds),
    requestOctets: sumOf(({ requestOctets }) => requestOctets),
    replyOctets: sumOf(({ replyOctets }) => replyOctets),
    requestsToWalk: requestsToWalk(plan, manner),
  };
}

/** As the next poll makes them, on a copy of what making them changes. */
function nextRequests(plan: DevicePlan, limits: RequestLimits): PlannedRequest[] {
  const copy: DevicePlan = {
    ...plan,
    store: plan.store,
    rest: () => {},
    refused: new Map(plan.refused),
    failed: new Map(plan.failed),
    suspects: new Set(plan.suspects),
    turns: plan.turns.map((turns) => ({ ...turns })),
  };
  retryRefused(copy);
  if (copy.isStale) packPlan(copy, limits);
  const isDated = !copy.refused.has(UPTIME_CELL);
  const groups = looseGroups(copy);
  return [
    ...fixedRequests(copy),
    ...packAll(copy, groups, limits, isDated),
    ...suspectHalves(copy).map((half) => requestFor(copy.layout, half, 0)),
  ];
}

function costOfRequest(
  plan: DevicePlan,
  request: PlannedRequest,
  { frameOctets, scalarNames }: AskingManner,
): RequestCost {
  const { layout } = plan;
  const cells = cellsOf(request);
  let requestOctets = frameOctets;
  let replyOctets = frameOctets;
  for (const cell of cells) {
    requestOctets += nameLength(layout, cell) + QUESTION_OCTETS;
    replyOctets += varbindOctets(plan, cell);
  }
  const objects = requestedObjects(layout, cells, scalarNames);
  return { varbinds: cells.length, requestOctets, replyOctets, objects };
}

function requestedObjects(
  layout: Layout,
  cells: Iterable<number>,
  scalarNames: AskingManner['scalarNames'],
): RequestedObjects[] {
  const found = new Map<string | null, { columns: Set<string>; varbinds: number }>();
  for (const cell of cells) {
    const table = tableOf(layout, cell);
    const key = table?.def.name ?? null;
    const own = found.get(key) ?? { columns: new Set<string>(), varbinds: 0 };
    found.set(key, own);
    own.varbinds += 1;
    if (table !== null) own.columns.add(table.columns[columnOf(table, cell)]!.def.name);
    else {
      const { oid } = layout.scalars[cell]!;
      own.columns.add(scalarNames.get(oid) ?? oid);
    }
  }
  return [...found].map(([table, { columns, varbinds }]) => ({
    table,
    columns: [...columns],
    varbinds,
  }));
}

/** By the rules of table-reader.ts, for what the device has and is read. */
function requestsToWalk(plan: DevicePlan, { limits, hasBulk }: AskingManner): number {
  let count = Math.ceil(plan.layout.scalars.length / limits.varbinds);
  for (const table of plan.layout.tables) {
    const columns = readColumnsOf(plan, table);
    for (let from = 0; from < columns.length; from += MOST_COLUMNS_AT_ONCE) {
      const group = columns.slice(from, from + MOST_COLUMNS_AT_ONCE);
      const rowOctets = group.reduce((sum, { cellOctets }) => sum + cellOctets, 0);
      const most = Math.max(...group.map(({ cells }) => cells));
      const fitting = Math.min(
        MOST_REPETITIONS,
        Math.floor(limits.octets / rowOctets),
        Math.floor(limits.varbinds / group.length),
      );
      // The end of a column shows only beyond its last row.
      count += Math.ceil((most + 1) / (hasBulk ? Math.max(1, fitting) : 1));
    }
  }
  return count;
}

/** Columns that are read and hold something: how many cells, and what one takes on average. */
function readColumnsOf(
  plan: DevicePlan,
  table: TablePlace,
): { cells: number; cellOctets: number }[] {
  const { store } = plan;
  const found: { cells: number; cellOctets: number }[] = [];
  table.care.forEach((care, column) => {
    if (!hasCells(care)) return;
    let cells = 0;
    let octets = 0;
    for (let row = 0; row < rowCount(table); row += 1) {
      const cell = cellAt(table, column, row);
      if (!hasValue(store, cell)) continue;
      cells += 1;
      octets += varbindOctets(plan, cell);
    }
    if (cells > 0) found.push({ cells, cellOctets: octets / cells });
  });
  return found;
}
