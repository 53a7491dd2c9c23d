import { emptyPortReading, type PortReading } from '../../collector/rates.ts';
import type { Random } from '../../lib/random.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { FAST_ETHERNET, GIGABIT, TEN_GIGABIT, WRAP_32 } from './rate-timeline.ts';

/** What may happen to a device, its agent or the way to it between two polls. */
export const HARMLESS = [
  'late',
  'silent-hour',
  'slow-reply',
  'burst',
  'cached-reply',
  'stale-counters',
  'stepped-back',
  'zeros',
  'unread',
  'no-uptime',
  'slower-link',
] as const;
export const HARMFUL = [
  'reboot',
  'agent-restart',
  'cleared',
  'cleared-and-told',
  'discontinuity',
  'clock-set',
  'jump',
  'other-width',
] as const;
export type Mishap = (typeof HARMLESS)[number] | (typeof HARMFUL)[number];

/** One poll: what was read, and what was true. */
export interface TorturedPoll {
  readonly reading: PortReading;
  /** Since the poll before; a mishap that lasts is told at each poll it touches. */
  readonly mishaps: ReadonlySet<Mishap>;
  /** When the device made its reply, and the octets that it had really carried by then. */
  readonly atMs: number;
  readonly received: number;
  readonly sent: number;
}

export interface TorturedDevice {
  readonly line: number;
  readonly bits: 32 | 64;
  readonly tellsSpeed: boolean;
  next(): TorturedPoll;
}

/** The most by which a counter of this device steps back, and by which it is read too early. */
export const LARGEST_STEP_BACK = 50_000;
export const STALEST_MS = 20 * SECOND;

const LARGEST_JUMP = 2 ** 49;
const ZERO_POLLS = 3;

const RESTARTS: ReadonlySet<Mishap | null> = new Set(['reboot', 'agent-restart'] as const);

interface Inside {
  nowMs: number;
  bootMs: number;
  clockShiftMs: number;
  discontinuityTicks: number;
  zerosLeft: number;
  /** Numbers count exactly up to 2^53 only. */
  jumpsLeft: number;
  isSlower: boolean;
  isOtherWidth: boolean;
  /** Counters as the agent has them, and the truth, for received and sent. */
  readonly raw: [number, number];
  readonly truth: [number, number];
  last: { reading: PortReading; truth: readonly [number, number]; atMs: number } | null;
}

/**
 * A port with traffic, and mishaps out of the given ones. The counters start anywhere, sysUpTime often
 * near its wrap. Two mishaps never come in one interval, so that each can be told.
 */
export function torturedDevice(random: Random, mishaps: readonly Mishap[]): TorturedDevice {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;
  const bits = random.next() < 0.25 ? (32 as const) : (64 as const);
  const line = bits === 32 ? FAST_ETHERNET : pick([1_250_000, FAST_ETHERNET, GIGABIT, TEN_GIGABIT]);
  const tellsSpeed = bits === 32 || random.next() < 0.85;
  const intervalMs = pick([15, 30, 60, 60, bits === 32 ? 60 : 300]) * SECOND;
  const drift = 1 + (random.next() - 0.5) * 2e-4;
  const upMs = pick([20 * SECOND, HOUR, WRAP_32 * 10 - HOUR, WRAP_32 * 10 * random.next()]);
  const range = bits === 32 ? WRAP_32 : 2 ** 50;
  const inside: Inside = {
    nowMs: 1000 * HOUR,
    bootMs: 1000 * HOUR - upMs,
    clockShiftMs: 0,
    discontinuityTicks: 0,
    zerosLeft: 0,
    jumpsLeft: 5,
    isSlower: false,
    isOtherWidth: false,
    raw: [Math.floor(random.next() * range), Math.floor(random.next() * range)],
    truth: [0, 0],
    last: null,
  };
  const ticks = () =>
    Math.floor(((inside.nowMs - inside.bootMs) * drift + inside.clockShiftMs) / 10) % WRAP_32;
  const carry = (ms: number) => {
    inside.nowMs += ms;
    const speed = inside.isSlower ? line / 10 : line;
    for (const place of [0, 1] as const) {
      const load = pick([0, 0.001, random.next(), random.next(), 1]);
      const octets = Math.floor((load * speed * ms) / SECOND);
      inside.raw[place] += octets;
      inside.truth[place] += octets;
    }
  };
  let sinceMishap = 2;
  return {
    line,
    bits,
    tellsSpeed,
    next() {
      const isCalm = inside.last === null || sinceMishap < 2 || random.next() < 0.7;
      // A restart at the very time when the uptime would wrap cannot be told from the wrap.
      const mayRestart = Math.abs(ticks() - WRAP_32 / 2) < WRAP_32 / 2 - HOUR / 10;
      const drawn = isCalm || inside.zerosLeft > 0 ? null : pick(mishaps);
      const mishap = mayRestart || !RESTARTS.has(drawn) ? drawn : null;
      sinceMishap = mishap === null && inside.zerosLeft === 0 ? sinceMishap + 1 : 0;
      const found = new Set<Mishap>(mishap === null ? [] : [mishap]);
      if (inside.zerosLeft > 0) found.add('zeros');
      const part = random.next() * intervalMs;
      carry(mishap === 'burst' ? 100 : part);
      strike(inside, mishap, { random, pick, line, bits, ticks, carry });
      if (mishap !== 'burst') carry(intervalMs - part);
      return answer(inside, mishap, found, { random, line, bits, tellsSpeed, ticks });
    },
  };
}

interface Means {
  readonly random: Random;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly line: number;
  readonly bits: 32 | 64;
  readonly ticks: () => number;
  readonly carry: (ms: number) => void;
}

function strike(inside: Inside, mishap: Mishap | null, means: Means): void {
  const { random, pick, line, bits, ticks, carry } = means;
  switch (mishap) {
    case 'late':
      carry(random.next() * 3 * MINUTE);
      return;
    case 'silent-hour':
      carry(HOUR);
      return;
    case 'reboot':
      inside.nowMs += (1 + random.next() * 5) * MINUTE;
      inside.raw.fill(0);
      inside.bootMs = inside.nowMs;
      inside.clockShiftMs = 0;
      inside.discontinuityTicks = 0;
      return;
    case 'agent-restart':
      inside.bootMs = inside.nowMs;
      inside.clockShiftMs = 0;
      return;
    case 'cleared':
      if (!isNearWrap(inside, bits)) inside.raw.fill(0);
      return;
    case 'cleared-and-told':
      inside.raw.fill(0);
      inside.discontinuityTicks = otherInstant(inside, ticks());
      return;
    case 'discontinuity':
      // A card that comes back with its counters of another time.
      for (const place of [0, 1] as const) {
        const leap = Math.floor(random.next() * 40 * line);
        if (!isNearWrap(inside, bits)) inside.raw[place] += leap;
      }
      inside.discontinuityTicks = otherInstant(inside, ticks());
      return;
    case 'clock-set':
      inside.clockShiftMs += pick([1, -1]) * (2 * HOUR + random.next() * HOUR);
      inside.clockShiftMs = Math.max(inside.clockShiftMs, inside.bootMs - inside.nowMs + 3 * HOUR);
      return;
    case 'jump':
      if (bits === 64 && inside.jumpsLeft > 0) inside.raw[0] += LARGEST_JUMP;
      inside.jumpsLeft -= 1;
      return;
    case 'zeros':
      inside.zerosLeft = 1 + Math.floor(random.next() * ZERO_POLLS);
      return;
    case 'slower-link':
      inside.isSlower = !inside.isSlower;
      return;
    case 'other-width':
      inside.isOtherWidth = !inside.isOtherWidth;
      return;
    default:
  }
}

/** Clocks that are set may come back to the second of the discontinuity before, but not here. */
function otherInstant({ discontinuityTicks }: Inside, ticks: number): number {
  return Math.abs(ticks - discontinuityTicks) > 1000 ? ticks : ticks + 2000;
}

/** Around its wrap nobody can tell a 32-bit counter that falls to 0 from one that wrapped. */
function isNearWrap(inside: Inside, bits: 32 | 64): boolean {
  if (bits === 64) return inside.isOtherWidth;
  const near = (share: number) => share < 0.3 || share > 0.6;
  return !inside.isOtherWidth && inside.raw.some((raw) => near((raw % WRAP_32) / WRAP_32));
}

interface Manner {
  readonly random: Random;
  readonly line: number;
  readonly bits: 32 | 64;
  readonly tellsSpeed: boolean;
  readonly ticks: () => number;
}

function answer(
  inside: Inside,
  mishap: Mishap | null,
  mishaps: ReadonlySet<Mishap>,
  manner: Manner,
): TorturedPoll {
  const { random, line, tellsSpeed, ticks } = manner;
  const { last } = inside;
  if (mishap === 'cached-reply' && last !== null) {
    const reading = { ...last.reading, readAtMs: inside.nowMs };
    return { reading, mishaps, atMs: last.atMs, received: last.truth[0], sent: last.truth[1] };
  }
  const reading = emptyPortReading();
  const delayMs = mishap === 'slow-reply' ? random.next() * 8 * SECOND : random.next() * 20;
  reading.readAtMs = inside.nowMs + delayMs;
  if (mishap !== 'no-uptime') reading.uptimeTicks = ticks();
  reading.discontinuityTicks = inside.discontinuityTicks;
  if (tellsSpeed) reading.octetsPerSecond = inside.isSlower ? line / 10 : line;
  const isZero = inside.zerosLeft > 0 && !isNearWrap(inside, manner.bits);
  inside.zerosLeft = Math.max(0, inside.zerosLeft - 1);
  const bits = inside.isOtherWidth ? (manner.bits === 32 ? 64 : 32) : manner.bits;
  const shown = inside.raw.map((raw, place) => {
    if (isZero) return 0;
    if (mishap === 'stepped-back') return raw - stepBack(bits === 32 ? raw % WRAP_32 : raw, random);
    if (mishap !== 'stale-counters' || last === null || isNearWrap(inside, manner.bits)) return raw;
    const carried = inside.truth[place]! - last.truth[place]!;
    const share = Math.min(1, STALEST_MS / (inside.nowMs - last.atMs));
    return raw - Math.floor(carried * share);
  });
  const lower = (value: number) => value % WRAP_32;
  const upper = (value: number) => (bits === 32 ? 0 : Math.floor(value / WRAP_32));
  const isUnread = mishap === 'unread';
  reading.receiveBits = isUnread ? 0 : bits;
  reading.receiveHigh = upper(shown[0]!);
  reading.receiveLow = lower(shown[0]!);
  reading.transmitBits = isUnread && random.next() < 0.5 ? 0 : bits;
  reading.transmitHigh = upper(shown[1]!);
  reading.transmitLow = lower(shown[1]!);
  const truth = [inside.truth[0], inside.truth[1]] as const;
  inside.last = { reading, truth, atMs: inside.nowMs };
  return { reading, mishaps, atMs: inside.nowMs, received: truth[0], sent: truth[1] };
}

/** Small enough that nobody would take it for a counter that was cleared. */
function stepBack(raw: number, random: Random): number {
  return Math.floor(random.next() * Math.min(LARGEST_STEP_BACK, raw / 2000));
}
