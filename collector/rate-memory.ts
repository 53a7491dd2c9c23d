/**
 * Why a poll gives no rate for a counter. Those of `HELD_REASONS` keep the reading before: the next
 * rate is the average over all the time since, and nothing is lost. The others begin anew.
 */
export const NO_RATE_REASONS = [
  /** The first reading there is. */
  'first',
  /** Not read in this poll, or the device sent a placeholder for it. */
  'unread',
  /** The same instant of the device with the same counters: a reply out of a cache. */
  'repeated',
  /** Too close to the reading before. */
  'too-soon',
  /** Back by a little: counters are put together from parts that are not read at one instant. */
  'stepped-back',
  /** All at once 0: it is waited for whether it comes back. */
  'fell-to-zero',
  /** More than the line carries, by no more than an agent that refreshes its counters late explains. */
  'ahead',
  /** sysUpTime or snmpEngineBoots say that the agent began anew. */
  'agent-restarted',
  /** sysUpTime moved by far more or less than the time that passed. */
  'uptime-jumped',
  /** ifCounterDiscontinuityTime moved. */
  'discontinuity',
  /** Went back although nothing told why: somebody cleared the counters. */
  'decreased',
  /** A 32-bit counter that may have wrapped more than once. */
  'ambiguous',
  /** More than the line carries. */
  'implausible',
  /** The 64-bit counter took over from the 32-bit one, or the other way round. */
  'other-counter',
  /** The port has another ifIndex, so that nobody knows whose counters this poll read. */
  'renumbered',
  /** The port has another name: most likely the same one, but not surely. */
  'renamed',
  /** The port was gone for a while: its row was deleted and made anew. */
  'returned',
  /** Another device answers at this address. */
  'other-device',
] as const;
export type NoRateReason = (typeof NO_RATE_REASONS)[number];

const CODES: ReadonlyMap<NoRateReason, number> = new Map(
  NO_RATE_REASONS.map((reason, place) => [reason, place + 1]),
);

/** How `RateMemory` keeps a reason: an octet for each of thousands of counters; 0: none. */
export function codeOfReason(reason: NoRateReason | null): number {
  return reason === null ? 0 : CODES.get(reason)!;
}

/** The reason that `codeOfReason` made this of; null: none. */
export function reasonOfCode(code: number): NoRateReason | null {
  return code === 0 ? null : NO_RATE_REASONS[code - 1]!;
}

const HELD = ['unread', 'repeated', 'too-soon', 'stepped-back', 'fell-to-zero', 'ahead'] as const;
export const HELD_REASONS: ReadonlySet<NoRateReason> = new Set(HELD);

/**
 * What is kept of the octet counters of one device's ports, in columns: `slot` is a port (see
 * `port-identity.ts`), counter `slot * 2` what it received and `slot * 2 + 1` what it sent. Only
 * `rates.ts` and this file write it.
 */
export interface RateMemory {
  /** By slot: the last reading, NaN where there is none. */
  readAtMs: Float64Array;
  uptimeTicks: Float64Array;
  discontinuityTicks: Float64Array;
  octetsPerSecond: Float64Array;
  /** By slot: time from the last reading to when totals were last told, by our own clock. */
  toldMs: Float64Array;
  /** By slot: how often in a row ifCounterDiscontinuityTime only repeated the uptime. */
  echoes: Uint8Array;
  /** By slot: code of why the next reading begins a new life; 0: it goes on. */
  broken: Uint8Array;
  /** By counter: the reading that the next one is compared with; 0 bits: none. */
  bits: Uint8Array;
  high: Uint32Array;
  low: Uint32Array;
  /** By counter: lower half of the last value that was read, held back or not. */
  seenLow: Uint32Array;
  /** By counter: time from that reading to the last one of its port. */
  sinceMs: Float64Array;
  heldPolls: Uint8Array;
  /** By counter: the same as `broken`. */
  brokenCounter: Uint8Array;
  /** By counter: readings in a row above the speed of the port. */
  disproofs: Uint8Array;
  /** By counter: what is added to the reading for the total that is exported. */
  offset: Float64Array;
  /** By counter: octets that were counted and are still kept back from that total. */
  owed: Float64Array;
  /** By counter: octets per second as last told; NaN: the last poll told none. */
  rate: Float64Array;
  /** By counter: the time that this rate is the average of. */
  spanMs: Float64Array;
  /** By counter: code of why the last poll told no rate; 0 when it did. */
  reason: Uint8Array;
  /** Some `offset` has changed since `takeNewOffsets`. */
  areOffsetsNew: boolean;
  /** Rates withheld since `drainWithheld`, by reason. */
  readonly withheld: Record<NoRateReason, number>;
}

type Columns = Omit<RateMemory, 'withheld' | 'areOffsetsNew'>;

/** Of one port: five doubles and two octets; of each of its two counters five doubles, three words and five octets. */
const OCTETS_PER_PORT = 5 * 8 + 2 + 2 * (5 * 8 + 3 * 4 + 5);

/** Columns for so many ports, all in one piece of memory: a network has thousands of them. */
function columnsFor(ports: number): Columns {
  const memory = new ArrayBuffer(ports * OCTETS_PER_PORT);
  let at = 0;
  const doubles = (count: number) => {
    at += count * 8;
    return new Float64Array(memory, at - count * 8, count);
  };
  const words = (count: number) => {
    at += count * 4;
    return new Uint32Array(memory, at - count * 4, count);
  };
  const octets = (count: number) => {
    at += count;
    return new Uint8Array(memory, at - count, count);
  };
  const counters = ports * 2;
  return {
    readAtMs: doubles(ports),
    uptimeTicks: doubles(ports),
    discontinuityTicks: doubles(ports),
    octetsPerSecond: doubles(ports),
    toldMs: doubles(ports),
    sinceMs: doubles(counters),
    offset: doubles(counters),
    owed: doubles(counters),
    rate: doubles(counters),
    spanMs: doubles(counters),
    high: words(counters),
    low: words(counters),
    seenLow: words(counters),
    bits: octets(counters),
    heldPolls: octets(counters),
    disproofs: octets(counters),
    brokenCounter: octets(counters),
    reason: octets(counters),
    echoes: octets(ports),
    broken: octets(ports),
  };
}

/** With no port yet. */
export function createRateMemory(): RateMemory {
  return {
    ...columnsFor(0),
    areOffsetsNew: false,
    withheld: noneWithheld(),
  };
}

/** Makes room for `slots` ports; what is there stays. */
export function growRateMemory(memory: RateMemory, slots: number): void {
  const before = memory.echoes.length;
  if (before >= slots) return;
  const longer = columnsFor(slots);
  for (const [name, column] of Object.entries(longer)) column.set(memory[name as keyof Columns]);
  Object.assign(memory, longer);
  for (let slot = before; slot < slots; slot += 1) clearPort(memory, slot);
}

/** Makes a slot ready for another port. */
export function clearPort(memory: RateMemory, slot: number): void {
  if (slot >= memory.echoes.length) return;
  memory.readAtMs[slot] = Number.NaN;
  memory.uptimeTicks[slot] = Number.NaN;
  memory.discontinuityTicks[slot] = Number.NaN;
  memory.octetsPerSecond[slot] = Number.NaN;
  memory.toldMs[slot] = 0;
  memory.echoes[slot] = 0;
  memory.broken[slot] = 0;
  for (const counter of [slot * 2, slot * 2 + 1]) {
    memory.bits[counter] = 0;
    memory.sinceMs[counter] = 0;
    memory.heldPolls[counter] = 0;
    memory.brokenCounter[counter] = 0;
    memory.disproofs[counter] = 0;
    memory.offset[counter] = 0;
    memory.owed[counter] = 0;
    memory.rate[counter] = Number.NaN;
    memory.spanMs[counter] = Number.NaN;
    memory.reason[counter] = FIRST;
  }
}

const FIRST = codeOfReason('first');

/** Why the last poll told no rate for the counter; null when it did, undefined when there is no such counter. */
export function whyNoRate(memory: RateMemory, counter: number): NoRateReason | null | undefined {
  const code = memory.reason[counter];
  return code === undefined ? undefined : reasonOfCode(code);
}

/** Readings in a row above the speed after which it is the speed that is not believed. */
const DISPROOFS_OF_SPEED = 3;

/**
 * Whether the speed that the port tells is not believed, because it counts more than that again and
 * again: bridges, tunnels and virtual ports often say 10 Mb/s. Believed again when the port tells
 * another speed, or its counter goes back.
 */
export function isSpeedDisproved(memory: RateMemory, counter: number): boolean {
  return memory.disproofs[counter]! >= DISPROOFS_OF_SPEED;
}

/** Hands out how many rates were withheld since the last call, by reason, and begins to count anew. */
export function drainWithheld(
  { withheld }: RateMemory,
  each: (reason: NoRateReason, count: number) => void,
): void {
  for (const reason of NO_RATE_REASONS) {
    if (withheld[reason] === 0) continue;
    each(reason, withheld[reason]);
    withheld[reason] = 0;
  }
}

/** Whether some total has been put beside its counter, or back, since the last call. */
export function takeNewOffsets(memory: RateMemory): boolean {
  const areNew = memory.areOffsetsNew;
  memory.areOffsetsNew = false;
  return areNew;
}

/**
 * Octets of a counter since it began, for `rate()` of Prometheus; null when it was never read. It is
 * what the device tells, as long as that can be traffic. A counter that begins anew, or wraps, falls
 * here too, which Prometheus takes for what it is. A step back that is none, a fall to 0 for a moment,
 * a jump that no line carries and a counter that begins anew with more than it can have counted are
 * left out: from then on the total goes beside the counter. Exact beyond 2^53.
 */
export function totalOf(memory: RateMemory, counter: number): number | bigint | null {
  if ((memory.bits[counter] ?? 0) === 0) return null;
  const high = memory.high[counter]!;
  const low = memory.low[counter]!;
  const offset = memory.offset[counter]!;
  if (high < LARGEST_EXACT_HIGH) return high * 2 ** 32 + low + offset;
  return (BigInt(high) << 32n) + BigInt(low) + BigInt(offset);
}

/** A Counter64 with less in its upper half is exact as a number. */
const LARGEST_EXACT_HIGH = 2 ** 21;

function noneWithheld(): Record<NoRateReason, number> {
  return Object.fromEntries(NO_RATE_REASONS.map((reason) => [reason, 0])) as Record<
    NoRateReason,
    number
  >;
}
