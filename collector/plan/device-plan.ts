import { type AgentHabits, GENTLE_VARBINDS, mostVarbindsOf, whyGentle } from '../agent-habits.ts';
import type { BatchSize } from '../batch-size.ts';
import { newPortTable, type PortTable } from '../port-table.ts';
import type { SnmpError } from '../snmp-client.ts';
import { type CellStore, hasValue, NOT_ANSWERED } from './cell-store.ts';
import { type Course, datedRowOf, newCourse, sharedCourse } from './course.ts';
import { KeptStore } from './kept-store.ts';
import {
  CARE,
  cellAt,
  columnOf,
  type Layout,
  rowCount,
  type TablePlace,
  tableOf,
  UPTIME_CELL,
} from './layout.ts';
import {
  type CellGroup,
  type Cut,
  GROWTH_OCTETS,
  packGroups,
  type RequestLimits,
  requestsOf,
} from './packing.ts';
import type { PlannedRequest } from './planned-request.ts';
import type { LaidOut } from './relayout.ts';
import type { TextArena } from './text-arena.ts';

/**
 * How the full polls of one device are done: which instances it has, what it answered last, and the
 * requests that ask for them. Learned by walking, then kept true by what the polls tell.
 */
export interface DevicePlan {
  readonly layout: Layout;
  readonly arena: TextArena;
  /** Octets of text after which the arena holds mostly what is out of use. */
  readonly mostTextOctets: number;
  /** Of the last complete poll; packed between polls (kept-store.ts). */
  store: CellStore;
  /** What is asked for in every poll. */
  course: Course;
  /** The requests sent in every poll. What the course holds behind the last is too little for a request of its own. */
  cuts: readonly Cut[];
  /** These requests begin with sysUpTime. */
  isDated: boolean;
  readonly turns: readonly Turns[];
  /** The table of ports, understood as such; null: there is none. */
  readonly ports: PortTable | null;
  /** Cells that the device refused, and the polls until they are tried again. */
  readonly refused: Map<number, number>;
  /** Why those of them that the device may have could not be read. */
  readonly failed: Map<number, SnmpError>;
  /**
   * Cells of a request that was lost although others of its size were answered: one of them silences
   * the agent. They are asked apart, in halves, until it shows which.
   */
  readonly suspects: Set<number>;
  /** Polls since the device was walked. */
  polls: number;
  /** The requests no longer fit what is known: they are made anew before the next poll. */
  isStale: boolean;
  /** Nobody looks at it until the next poll, as far as is known: `store` is another's from now on. */
  rest(): void;
}

/** Cells that are read some at a time, so that each comes about once in `everyPolls`. */
export interface Turns {
  readonly care: number;
  readonly everyPolls: number;
  /** How many cells there are. */
  count: number;
  /** Where the next turn begins: a place among all cells, row after row. */
  at: number;
}

/** Full polls in which everything that rarely changes is read once. */
export const POLLS_BETWEEN_RARE_READS = 15;
/** The same for what only `/snmp` shows, and stood still. */
export const POLLS_BETWEEN_STILL_READS = 5;
/** Polls until something that the device failed to give is tried again. */
export const POLLS_BETWEEN_TRIES = 5;
const LEAST_OCTETS = 64;
const SMALL_ARENA_OCTETS = 4_096;
/** What one reply of a device with that batch size may hold. */
export function limitsOf(
  batch: BatchSize,
  habits: AgentHabits,
  frameOctets: number,
): RequestLimits {
  return {
    octets: Math.max(LEAST_OCTETS, batch.octets - frameOctets - GROWTH_OCTETS),
    varbinds: Math.min(
      batch.size,
      mostVarbindsOf(habits),
      whyGentle(habits) === null ? Number.POSITIVE_INFINITY : GENTLE_VARBINDS,
    ),
  };
}

const NO_COURSE: Course = {
  cells: new Uint16Array(0),
  octets: new Uint8Array(0),
  ends: new Uint32Array(0),
  datedPlaces: new Uint32Array(0),
};

/** A plan for a device of which its cells are known; `phase` 0..1 spreads the turns of many devices. */
export function newPlan(laid: LaidOut, limits: RequestLimits, phase: number): DevicePlan {
  const plan = new KnownPlan(laid);
  packPlan(plan, limits);
  for (const turns of plan.turns) turns.at = Math.floor(laid.layout.size * phase);
  return plan;
}

class KnownPlan implements DevicePlan {
  readonly layout: Layout;
  readonly arena: TextArena;
  readonly mostTextOctets: number;
  course = NO_COURSE;
  cuts: readonly Cut[] = [];
  isDated = false;
  readonly turns: readonly Turns[] = [
    turnsOf(CARE.rare, POLLS_BETWEEN_RARE_READS),
    turnsOf(CARE.still, POLLS_BETWEEN_STILL_READS),
  ];
  readonly ports: PortTable | null;
  polls = 0;
  isStale = false;
  readonly #kept: KeptStore;
  #refused: Map<number, number> | null = null;
  #failed: Map<number, SnmpError> | null = null;
  #suspects: Set<number> | null = null;

  constructor({ layout, arena, store }: LaidOut) {
    this.layout = layout;
    this.arena = arena;
    this.mostTextOctets = 2 * arena.used + SMALL_ARENA_OCTETS;
    this.ports = portsOf(layout);
    this.#kept = new KeptStore(layout, store);
  }

  get store(): CellStore {
    return this.#kept.store;
  }

  set store(store: CellStore) {
    this.#kept.store = store;
  }

  get refused(): Map<number, number> {
    this.#refused ??= new Map();
    return this.#refused;
  }

  get failed(): Map<number, SnmpError> {
    this.#failed ??= new Map();
    return this.#failed;
  }

  get suspects(): Set<number> {
    this.#suspects ??= new Set();
    return this.#suspects;
  }

  rest(): void {
    this.#kept.rest();
    if (this.#refused?.size === 0) this.#refused = null;
    if (this.#failed?.size === 0) this.#failed = null;
    if (this.#suspects?.size === 0) this.#suspects = null;
  }
}

/** Of several tables of ports the first is theirs; the others are plain ones. */
function portsOf({ tables }: Layout): PortTable | null {
  const table = tables.find(({ def }) => def.kind === 'interfaces');
  return table === undefined ? null : newPortTable(table);
}

function turnsOf(care: number, everyPolls: number): Turns {
  return { care, everyPolls, count: 0, at: 0 };
}

/** Makes the requests anew out of what is known now. */
export function packPlan(plan: DevicePlan, limits: RequestLimits): void {
  const { layout } = plan;
  const groups: CellGroup[] = [];
  layout.scalars.forEach((_, cell) => {
    if (cell > 0 && isScalarIn(plan, cell, CARE.always)) groups.push([cell]);
  });
  for (const table of layout.tables) groups.push(...groupsOf(plan, table));
  plan.isDated = !plan.refused.has(UPTIME_CELL);
  const { cells, cuts } = packGroups(plan, groups, limits, plan.isDated);
  plan.course = sharedCourse(newCourse(layout, cells));
  plan.cuts = cuts;
  plan.isStale = false;
  for (const turns of plan.turns) {
    turns.count = 0;
    for (let place = 0; place < layout.size; place += 1) {
      if (isInTurn(plan, cellAtPlace(layout, place), turns.care)) turns.count += 1;
    }
  }
}

/** Every cell has one place: scalars, then tables row after row. */
function cellAtPlace(layout: Layout, place: number): number {
  const table = tableOf(layout, place);
  if (table === null) return place;
  const own = place - table.firstCell;
  const { columnAt } = table.places;
  return cellAt(table, columnAt[own % columnAt.length]!, Math.floor(own / columnAt.length));
}

function isScalarIn(plan: DevicePlan, cell: number, care: number): boolean {
  if (plan.refused.has(cell) || plan.suspects.has(cell)) return false;
  return careOfScalar(plan, cell) === care;
}

function isInTurn(plan: DevicePlan, cell: number, care: number): boolean {
  const table = tableOf(plan.layout, cell);
  if (table === null) return isScalarIn(plan, cell, care);
  return table.care[columnOf(table, cell)] === care && isThere(plan, cell);
}

/** How a scalar is kept up to date: one that the device does not have may come. */
export function careOfScalar({ layout, store }: DevicePlan, cell: number): number {
  if (layout.scalars[cell]!.isRare) return CARE.rare;
  return hasValue(store, cell) || store.types[cell] === NOT_ANSWERED ? CARE.always : CARE.rare;
}

/** Cells of a table that are read in every poll, row after row. */
function groupsOf(plan: DevicePlan, table: TablePlace): CellGroup[] {
  const groups: CellGroup[] = [];
  for (let row = 0; row < rowCount(table); row += 1) {
    const together: number[] = [];
    const alone: number[] = [];
    table.columns.forEach(({ isDated }, column) => {
      if (table.care[column] !== CARE.always) return;
      const cell = cellAt(table, column, row);
      if (!isThere(plan, cell)) return;
      (isDated ? together : alone).push(cell);
    });
    if (together.length > 0) groups.push(together);
    for (const cell of alone) groups.push([cell]);
  }
  return groups;
}

function isThere({ store, refused, suspects }: DevicePlan, cell: number): boolean {
  if (refused.has(cell) || suspects.has(cell)) return false;
  return hasValue(store, cell) || store.types[cell] === NOT_ANSWERED;
}

/** Cells of a row that are cared for in that way and have something to read. */
export function cellsOfRow(
  plan: DevicePlan,
  table: TablePlace,
  row: number,
  care: number,
): number[] {
  const cells: number[] = [];
  for (let column = 0; column < table.columns.length; column += 1) {
    if (table.care[column] !== care) continue;
    const cell = cellAt(table, column, row);
    if (isThere(plan, cell)) cells.push(cell);
  }
  return cells;
}

/** The next cells in turn; after `everyPolls` polls all of them had theirs. */
export function takeTurn(plan: DevicePlan, turns: Turns): number[] {
  const { layout } = plan;
  const cells: number[] = [];
  const wanted = Math.ceil(turns.count / turns.everyPolls);
  for (let looked = 0; looked < layout.size && cells.length < wanted; looked += 1) {
    turns.at = turns.at + 1 < layout.size ? turns.at + 1 : 0;
    const cell = cellAtPlace(layout, turns.at);
    if (isInTurn(plan, cell, turns.care)) cells.push(cell);
  }
  return cells;
}

/** The requests sent in every poll. */
export function fixedRequests({ layout, course, cuts, isDated }: DevicePlan): PlannedRequest[] {
  return requestsOf(layout, course, cuts, isDated);
}

/** Asked for in every poll, but too little for a request of its own. */
export function looseCells({ course, cuts }: DevicePlan): number[] {
  const loose: number[] = [];
  for (let at = cuts.at(-1)?.end ?? 0; at < course.cells.length; at += 1) {
    loose.push(course.cells[at]!);
  }
  return loose;
}

/** What is asked for besides the fixed requests: what filled none, and whose turn it is. */
export function looseGroups(plan: DevicePlan): CellGroup[] {
  const groups: CellGroup[] = [];
  let together: number[] = [];
  let row = -1;
  for (const cell of looseCells(plan)) {
    const dated = datedRowOf(plan.layout, cell);
    if (dated === -1 || dated !== row) {
      together = [];
      groups.push(together);
    }
    row = dated;
    together.push(cell);
  }
  for (const turns of plan.turns) for (const cell of takeTurn(plan, turns)) groups.push([cell]);
  return groups;
}

/** The suspects in two halves, or the only one. */
export function suspectHalves({ suspects }: DevicePlan): number[][] {
  const cells = [...suspects];
  const middle = Math.ceil(cells.length / 2);
  return [cells.slice(0, middle), cells.slice(middle)].filter((half) => half.length > 0);
}
