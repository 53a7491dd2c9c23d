import type { StandardDef } from '../config/standard-def.ts';
import { mapText } from '../lib/local-text.ts';
import { type EpochMs, MINUTE, SECOND } from '../lib/time.ts';
import type { Work } from './evaluation-work.ts';
import { NO_FACTS } from './observation.ts';
import type { EvaluatedPorts } from './port-evaluation.ts';
import { counterAt, numberAt } from './port-step.ts';
import { isSpeedDisproved } from './rate-memory.ts';
import { KeptSlotColumns, SlotColumns } from './slot-columns.ts';

/**
 * Ports that carry traffic and lose some of it, or are full: held to standards over time, and told as
 * one fault of the device and kind, however many ports it is.
 */
export const PORT_SUBJECTS = ['port-errors', 'port-discards', 'port-utilization'] as const;
type PortSubject = (typeof PORT_SUBJECTS)[number];

/** What must be remembered between polls. */
export interface PortTroubleMemory {
  firstAt: EpochMs | null;
  lastAt: EpochMs;
  /** Keys of the standards that some port is over. */
  overKeys: readonly string[];
  /** What the ports have counted, and what there is to know of them for each of those keys. */
  readonly kept: KeptSlotColumns;
}

/** Of a device that was never polled. */
export function noPortTrouble(): PortTroubleMemory {
  return { firstAt: null, lastAt: 0, overKeys: NO_KEYS, kept: new KeptSlotColumns() };
}

const NO_KEYS: readonly string[] = [];

/** Losses are counted in bursts: so long without any, and they have ended. */
const QUIET_MS = 5 * MINUTE;
const UP = 1;
/** Other, loopback, virtual, tunnel, VLAN (IANAifType): what they have is that of the ports they run over. */
const NOT_CABLED: ReadonlySet<unknown> = new Set([1, 24, 53, 131, 135]);
const COMPONENT = 'ports';
const MOST_NAMED = 3;

/** See `before`. */
const OVER_COLUMNS = 3;

/** One for every device: nothing of it outlives the poll. */
let room = roomFor(0);

/** By slot, but for `busy`: what a poll tells of the ports, and what was kept of the poll before. */
function roomFor(slots: number) {
  return {
    slots,
    /** What the counters of errors and of discards said when the port was last up; NaN: it never was. */
    counted: new SlotColumns(2, slots),
    /** In the order of `PORT_SUBJECTS`; NaN: not known. */
    values: new SlotColumns(PORT_SUBJECTS.length, slots),
    /** Of a key that no port was over. */
    none: new SlotColumns(OVER_COLUMNS, slots),
    /**
     * For each key since when a port is over its standard, when it last was, and whether the fault
     * stands (1); NaN: it is not over.
     */
    before: [] as SlotColumns[],
    now: [] as SlotColumns[],
    /** 1: over some standard at the poll before. */
    wasOver: new Uint8Array(slots),
    /** Rows of the ports about which there is something to say. */
    busy: [] as number[],
  };
}

/** The first `count` of such rooms. */
function someOf(rooms: SlotColumns[], count: number): readonly SlotColumns[] {
  while (rooms.length < count) rooms.push(new SlotColumns(OVER_COLUMNS, room.slots));
  return rooms.slice(0, count);
}

/** Takes in a poll of the ports and judges them by the standards; nothing where none of them is for ports. */
export function checkPortStandards(
  work: Work,
  standards: readonly { readonly key: string; readonly standard: StandardDef }[],
): void {
  const { ports, memory } = work;
  if (ports === null || standards.length === 0) return;
  const nowMs = work.portsContext.nowMs;
  const trouble = memory.portTrouble;
  const slots = ports.rates.echoes.length;
  if (room.slots < slots) room = roomFor(slots);
  const before = someOf(room.before, trouble.overKeys.length);
  trouble.kept.unpackInto([room.counted, ...before], slots);
  findOver(before, slots);
  findBusy(ports, trouble, nowMs, leastShare(standards));
  trouble.firstAt ??= nowMs;
  trouble.lastAt = nowMs;
  const keys: string[] = [];
  const kept = [room.counted];
  for (const { key, standard } of standards) {
    const now = someOf(room.now, keys.length + 1).at(-1)!;
    now.clear(slots);
    const known = before[trouble.overKeys.indexOf(key)] ?? room.none;
    const times = { nowMs, isResumed: isResuming(work, key) };
    const rows = room.busy.filter((row) =>
      isOver(ports.known.named.slots[row]!, standard, known.columns, now.columns, times),
    );
    if (now.isAny(slots)) {
      keys.push(key);
      kept.push(now);
    }
    const labels = rows.map((row) => ports.known.named.labels[row]!);
    tell(work, key, standard, labels);
  }
  trouble.overKeys = keys.length === 0 ? NO_KEYS : keys;
  trouble.kept.keep(kept, slots);
}

type Standards = readonly { readonly standard: StandardDef }[];

/** From how much of its speed on a port may be full. */
function leastShare(standards: Standards): number {
  const shares = standards
    .filter(({ standard }) => standard.of === 'port-utilization')
    .map(({ standard }) => Math.min(standard.atLeast ?? 0, standard.stayAtLeast ?? 0));
  return Math.min(...shares);
}

function findOver(before: readonly SlotColumns[], slots: number): void {
  room.wasOver.fill(0, 0, slots);
  for (const { columns } of before) {
    const since = columns[0]!;
    for (let slot = 0; slot < slots; slot += 1) {
      if (!Number.isNaN(since[slot]!)) room.wasOver[slot] = 1;
    }
  }
}

/** Finds the ports that are up about which there is something to say. */
function findBusy(
  ports: EvaluatedPorts,
  { firstAt, lastAt }: PortTroubleMemory,
  nowMs: EpochMs,
  fullFrom: number,
): void {
  const { table, columns, named } = ports.known;
  const [countedErrors, countedDiscards] = room.counted.columns;
  const [errors, discards, shares] = room.values.columns;
  const seconds = firstAt === null ? 0 : (nowMs - lastAt) / SECOND;
  room.busy.length = 0;
  for (let row = 0; row < named.slots.length; row += 1) {
    if (numberAt(table, ports.cells, columns.operStatus, row) !== UP) continue;
    const slot = named.slots[row]!;
    const error = exchange(countedErrors!, slot, lostAt(ports, columns.errors, row), seconds);
    const discard = exchange(countedDiscards!, slot, lostAt(ports, columns.discards, row), seconds);
    const share = Math.max(shareOf(ports, row, slot * 2), shareOf(ports, row, slot * 2 + 1));
    const hasNews = error > 0 || discard > 0 || share >= fullFrom;
    if (!hasNews && room.wasOver[slot] === 0) continue;
    if (NOT_CABLED.has(ports.valueIn(row, 'ifType'))) continue;
    errors![slot] = error;
    discards![slot] = discard;
    shares![slot] = share;
    room.busy.push(row);
  }
}

/** What the counters of both directions say together; one that is not read counts nothing. */
function lostAt(
  { known: { table }, cells }: EvaluatedPorts,
  columns: readonly [number, number],
  row: number,
): number {
  const { store } = cells;
  const received = counterAt(table, store, columns[0], row) || 0;
  return received + (counterAt(table, store, columns[1], row) || 0);
}

/** Puts `now` in the place of what was counted before, and gives how much came each second; NaN: not known. */
function exchange(counted: Float64Array, slot: number, now: number, seconds: number): number {
  const before = counted[slot]!;
  counted[slot] = now;
  return seconds > 0 && now >= before ? (now - before) / seconds : Number.NaN;
}

/** Share of its speed that the port uses in one direction; NaN: not known. */
function shareOf({ rates, speeds }: EvaluatedPorts, row: number, counter: number): number {
  return isSpeedDisproved(rates, counter) ? 0 : rates.rate[counter]! / speeds[row]!;
}

/**
 * Whether a port has been over the standard for its time, or was and is not well back; `now` keeps
 * since when it is over, if it is.
 */
function isOver(
  slot: number,
  standard: StandardDef,
  before: readonly Float64Array[],
  now: readonly Float64Array[],
  { nowMs, isResumed }: { readonly nowMs: EpochMs; readonly isResumed: boolean },
): boolean {
  // By place, for taking columns apart would make an object for each of them.
  const value = room.values.columns[PORT_SUBJECTS.indexOf(standard.of as PortSubject)]![slot]!;
  const stood = before[2]![slot] === 1;
  const isNew = Number.isNaN(before[0]![slot]!);
  const limit = (stood ? standard.stayAtLeast : standard.atLeast) ?? 0;
  if (value >= limit) {
    now[0]![slot] = isNew ? nowMs : before[0]![slot]!;
    now[1]![slot] = nowMs;
    const isLong = nowMs - now[0]![slot]! >= standard.forMinutes * MINUTE;
    const stands = stood || isLong || (isNew && isResumed);
    now[2]![slot] = stands ? 1 : 0;
    return stands;
  }
  if (isNew) return false;
  const hasEnded = standard.of === 'port-utilization' || nowMs - before[1]![slot]! > QUIET_MS;
  if (hasEnded && !Number.isNaN(value)) return false;
  for (let place = 0; place < now.length; place += 1) now[place]![slot] = before[place]![slot]!;
  return stood;
}

/** Whether a fault stands from before a restart of the program, of which only that is known. */
function isResuming({ memory, portsContext }: Work, key: string): boolean {
  const { firstAt } = memory.portTrouble;
  const isFresh = firstAt === null || portsContext.nowMs - firstAt <= QUIET_MS;
  return isFresh && memory.conditions.standing.has(key);
}

function tell(work: Work, key: string, standard: StandardDef, labels: readonly string[]): void {
  const { standing } = work.memory.conditions;
  work.found.seenKeys.add(key);
  if (labels.length === 0) {
    if (isResuming(work, key)) work.found.unreadComponents.add(COMPONENT);
    else standing.delete(key);
    return;
  }
  standing.add(key);
  const more = labels.length - MOST_NAMED;
  const rows = labels.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` +${more}` : '');
  work.found.conditions.push({
    component: COMPONENT,
    kind: standard.kind,
    level: standard.level,
    text: mapText(standard.text, (text) =>
      text.replaceAll('{row}', () => rows).replaceAll('{value}', String(labels.length)),
    ),
    facts: { ...NO_FACTS, value: labels.length },
  });
}
