import type { StandardDef } from '../config/standard-def.ts';
import { mapText } from '../lib/local-text.ts';
import { type EpochMs, MINUTE } from '../lib/time.ts';
import type { Work } from './evaluation-work.ts';
import { NO_FACTS } from './observation.ts';
import type { EvaluatedPorts } from './port-evaluation.ts';
import { counterAt, numberAt } from './port-step.ts';
import { isSpeedDisproved } from './rate-memory.ts';

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
  /** By slot, of ports that have ever lost anything: their counters at the last poll. */
  readonly counters: Map<number, LossCounters>;
  /** By key of a standard, then by slot: ports that are over it. */
  readonly over: Map<string, Map<number, Over>>;
}

interface LossCounters {
  readonly errors: number;
  readonly discards: number;
}

interface Over {
  readonly since: EpochMs;
  lastAt: EpochMs;
  stands: boolean;
}

/** Of a device that was never polled. */
export function noPortTrouble(): PortTroubleMemory {
  return { firstAt: null, lastAt: 0, counters: new Map(), over: new Map() };
}

/** Losses are counted in bursts: so long without any, and they have ended. */
const QUIET_MS = 5 * MINUTE;
const UP = 1;
/** Other, loopback, virtual, tunnel, VLAN (IANAifType): what they have is that of the ports they run over. */
const NOT_CABLED: ReadonlySet<unknown> = new Set([1, 24, 53, 131, 135]);
const SIDES = [0, 1] as const;
const COMPONENT = 'ports';
const MOST_NAMED = 3;

/** One port that carries traffic, in this poll; NaN: not known. */
interface BusyPort {
  readonly slot: number;
  readonly label: string;
  readonly values: Readonly<Record<PortSubject, number>>;
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
  const busy = busyPorts(ports, trouble, nowMs, leastShare(standards));
  trouble.firstAt ??= nowMs;
  trouble.lastAt = nowMs;
  for (const { key, standard } of standards) {
    const over = trouble.over.get(key) ?? new Map<number, Over>();
    trouble.over.set(key, over);
    const told = busy.filter((port) => isOver(port, standard, over, work, key));
    const slots = new Set(busy.map(({ slot }) => slot));
    for (const slot of over.keys()) if (!slots.has(slot)) over.delete(slot);
    tell(work, key, standard, told);
  }
}

type Standards = readonly { readonly standard: StandardDef }[];

/** From how much of its speed on a port may be full. */
function leastShare(standards: Standards): number {
  const shares = standards
    .filter(({ standard }) => standard.of === 'port-utilization')
    .map(({ standard }) => Math.min(standard.atLeast ?? 0, standard.stayAtLeast ?? 0));
  return Math.min(...shares);
}

/** Of the ports that are up those about which there is something to say. */
function busyPorts(
  ports: EvaluatedPorts,
  trouble: PortTroubleMemory,
  nowMs: EpochMs,
  fullFrom: number,
): BusyPort[] {
  const over = [...trouble.over.values()];
  const { known, cells } = ports;
  const { table, columns, named } = known;
  const busy: BusyPort[] = [];
  for (let row = 0; row < named.slots.length; row += 1) {
    if (numberAt(table, cells, columns.operStatus, row) !== UP) continue;
    const slot = named.slots[row]!;
    const sum = (of: readonly [number, number]) =>
      of.reduce((total, column) => total + (counterAt(table, cells.store, column, row) || 0), 0);
    const now = { errors: sum(columns.errors), discards: sum(columns.discards) };
    const before = trouble.counters.get(slot);
    if (now.errors + now.discards > 0) trouble.counters.set(slot, now);
    const seconds = (nowMs - trouble.lastAt) / 1000;
    const rateOf = (kind: keyof LossCounters) =>
      trouble.firstAt === null || seconds <= 0 || now[kind] < (before?.[kind] ?? 0)
        ? Number.NaN
        : (now[kind] - (before?.[kind] ?? 0)) / seconds;
    const errors = rateOf('errors');
    const discards = rateOf('discards');
    const share = Math.max(...SIDES.map((side) => shareOf(ports, row, slot * 2 + side)));
    const hasNews = errors > 0 || discards > 0 || share >= fullFrom;
    if (!hasNews && !over.some((slots) => slots.has(slot))) continue;
    if (NOT_CABLED.has(ports.valueIn(row, 'ifType'))) continue;
    busy.push({
      slot,
      label: named.labels[row]!,
      values: {
        'port-errors': errors,
        'port-discards': discards,
        'port-utilization': share,
      },
    });
  }
  return busy;
}

/** Share of its speed that the port uses in one direction; NaN: not known. */
function shareOf({ rates, speeds }: EvaluatedPorts, row: number, counter: number): number {
  return isSpeedDisproved(rates, counter) ? 0 : rates.rate[counter]! / speeds[row]!;
}

/** Whether the port has been over the standard for its time, or was and is not well back. */
function isOver(
  { slot, values }: BusyPort,
  standard: StandardDef,
  over: Map<number, Over>,
  work: Work,
  key: string,
): boolean {
  const nowMs = work.portsContext.nowMs;
  const known = over.get(slot);
  const value = values[standard.of as PortSubject];
  if (Number.isNaN(value)) return known?.stands === true;
  const limit = (known?.stands ? standard.stayAtLeast : standard.atLeast) ?? 0;
  if (value < limit) {
    const isQuiet = standard.of === 'port-utilization' || nowMs - (known?.lastAt ?? 0) > QUIET_MS;
    if (isQuiet) over.delete(slot);
    return !isQuiet && known?.stands === true;
  }
  const own = known ?? { since: nowMs, lastAt: nowMs, stands: isResuming(work, key) };
  own.lastAt = nowMs;
  own.stands ||= nowMs - own.since >= standard.forMinutes * MINUTE;
  over.set(slot, own);
  return own.stands;
}

/** Whether a fault stands from before a restart of the program, of which only that is known. */
function isResuming({ memory, portsContext }: Work, key: string): boolean {
  const { firstAt } = memory.portTrouble;
  const isFresh = firstAt === null || portsContext.nowMs - firstAt <= QUIET_MS;
  return isFresh && memory.conditions.standing.has(key);
}

function tell(work: Work, key: string, standard: StandardDef, told: readonly BusyPort[]): void {
  const { standing } = work.memory.conditions;
  work.found.seenKeys.add(key);
  if (told.length === 0) {
    if (isResuming(work, key)) work.found.unreadComponents.add(COMPONENT);
    else standing.delete(key);
    return;
  }
  standing.add(key);
  const labels = told.map(({ label }) => label);
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
