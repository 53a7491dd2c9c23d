import { describe, expect, it } from 'vitest';
import { newDeviceClock, stepDeviceClock } from '../../collector/device-clock.ts';
import { KeptRates } from '../../collector/kept-rates.ts';
import {
  drainWithheld,
  HELD_REASONS,
  type NoRateReason,
  type RateMemory,
  totalOf,
  whyNoRate,
} from '../../collector/rate-memory.ts';
import { breakAllPorts, stepPort } from '../../collector/rates.ts';
import { seededRandom } from '../../lib/random.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { WRAP_32 } from './rate-timeline.ts';
import {
  HARMFUL,
  HARMLESS,
  LARGEST_STEP_BACK,
  type Mishap,
  STALEST_MS,
  type TorturedDevice,
  type TorturedPoll,
  torturedDevice,
} from './tortured-device.ts';

const SEEDS = 4000;
const POLLS = 150;
const TOLERANCE = 1.1;
const UNKNOWN_SPEED = 50_000_000_000;

/** What must have happened since the last reading that counted for a rate to be withheld so. */
const CAUSES: Readonly<Partial<Record<NoRateReason, readonly Mishap[]>>> = {
  unread: ['unread'],
  repeated: ['cached-reply'],
  'too-soon': ['burst'],
  'stepped-back': ['stepped-back', 'cleared'],
  'fell-to-zero': ['zeros', 'cleared'],
  ahead: ['stale-counters', 'no-uptime'],
  'agent-restarted': ['reboot', 'agent-restart', 'clock-set'],
  'uptime-jumped': ['clock-set'],
  discontinuity: ['discontinuity', 'cleared-and-told'],
  decreased: ['cleared', 'zeros', 'stepped-back'],
  implausible: ['jump'],
  'other-counter': ['other-width'],
};

/** What each mishap must be told as when nothing else has happened since. */
const EFFECTS: Readonly<Partial<Record<Mishap, readonly (NoRateReason | null)[]>>> = {
  reboot: ['agent-restarted'],
  'agent-restart': ['agent-restarted'],
  'cleared-and-told': ['discontinuity'],
  discontinuity: ['discontinuity'],
  'other-width': ['other-counter'],
  'cached-reply': ['repeated'],
  burst: ['too-soon'],
  unread: ['unread'],
};
/** Across these no rate is ever told. */
const ENDS_OF_LIFE: readonly Mishap[] = [
  'reboot',
  'agent-restart',
  'cleared-and-told',
  'discontinuity',
  'other-width',
];

/** One counter beside the truth. */
interface Watched {
  readonly counter: number;
  base: { truth: number; atMs: number; isFuzzy: boolean; isLate: boolean } | null;
  readonly since: Set<Mishap>;
  toldOctets: number;
  toldMs: number;
  lostMs: number;
  lastTotal: number;
  totalToldAtMs: number;
  exported: number;
  readonly startTruth: number;
  readonly startMs: number;
}

function watch(counter: number, { atMs }: TorturedPoll, truth: number): Watched {
  return {
    counter,
    base: null,
    since: new Set(),
    toldOctets: 0,
    toldMs: 0,
    lostMs: 0,
    lastTotal: Number.NaN,
    totalToldAtMs: atMs,
    exported: 0,
    startTruth: truth,
    startMs: atMs,
  };
}

function check(holds: boolean, says: () => string): void {
  if (!holds) throw new Error(says());
}

/** The most octets per second that this device may be believed, as it is told. */
function limitOf(device: TorturedDevice): number {
  return (device.tellsSpeed ? device.line : UNKNOWN_SPEED) * TOLERANCE;
}

function checkTold(
  watched: Watched,
  poll: TorturedPoll,
  device: TorturedDevice,
  memory: RateMemory,
  truth: number,
): void {
  const base = watched.base!;
  const rate = memory.rate[watched.counter]!;
  const spanMs = memory.spanMs[watched.counter]!;
  const octets = (rate * spanMs) / SECOND;
  const carried = truth - base.truth;
  const story = () =>
    `told ${octets} of ${carried} octets in ${spanMs} ms, after ${[...watched.since].join(' ')}`;
  check(rate >= 0 && rate <= limitOf(device), () => `a spike: ${story()}`);
  check(!ENDS_OF_LIFE.some((mishap) => watched.since.has(mishap)), story);
  const isFuzzy = base.isFuzzy || isFuzzyPoll(poll);
  const slack = isFuzzy ? (device.line * STALEST_MS) / SECOND + LARGEST_STEP_BACK : 1;
  check(octets <= carried + slack + carried * 1e-9, () => `too much: ${story()}`);
  const bits = memory.bits[watched.counter];
  const mayMiss = watched.since.has('cleared') || (bits === 32 && !device.tellsSpeed);
  check(mayMiss || octets >= carried - slack - carried * 1e-9, () => `too little: ${story()}`);
  const trueMs = poll.atMs - base.atMs;
  check(Math.abs(spanMs - trueMs) <= 10 * SECOND + trueMs * 0.01, story);
  watched.toldOctets += octets;
  watched.toldMs += spanMs;
}

function isFuzzyPoll({ mishaps }: TorturedPoll): boolean {
  return mishaps.has('stale-counters') || mishaps.has('stepped-back');
}

function checkReason(
  watched: Watched,
  poll: TorturedPoll,
  device: TorturedDevice,
  memory: RateMemory,
  reason: NoRateReason,
): void {
  const story = () => `${reason} after ${[...watched.since].join(' ')}`;
  if (watched.base === null) {
    check(reason === 'first' || reason === 'unread' || watched.since.size > 0, story);
    return;
  }
  const isNarrow = memory.bits[watched.counter] === 32;
  const spanMs = poll.atMs - watched.base.atMs;
  if (reason === 'ambiguous') {
    const most = (device.line * TOLERANCE * (spanMs + 10 * SECOND)) / SECOND;
    check(isNarrow && (most >= WRAP_32 || spanMs > 4 * MINUTE), story);
    return;
  }
  // Without a speed, or on a fast line, a 32-bit counter may wrap to anywhere.
  const wrapsUnseen = isNarrow && (!device.tellsSpeed || device.bits === 64);
  if (wrapsUnseen && (reason === 'decreased' || reason === 'stepped-back')) return;
  const causes = CAUSES[reason] ?? [];
  // Until its clock is proven, a late reply makes the interval after it seem short.
  const wasStale = reason === 'ahead' && (watched.base.isFuzzy || watched.base.isLate);
  check(wasStale || causes.some((cause) => watched.since.has(cause)), story);
}

/**
 * What Prometheus makes of the total from one poll to the next: a fall is a new beginning, counted
 * from 0. Never more than the line carries between the two, and never more than it has carried.
 */
function checkExported(
  watched: Watched,
  poll: TorturedPoll,
  device: TorturedDevice,
  memory: RateMemory,
  truth: number,
): void {
  const told = totalOf(memory, watched.counter);
  if (told === null) return;
  const total = Number(told);
  const before = watched.lastTotal;
  const elapsedMs = poll.reading.readAtMs - watched.totalToldAtMs;
  watched.lastTotal = total;
  watched.totalToldAtMs = poll.reading.readAtMs;
  check(total >= 0, () => `a negative total ${total}`);
  if (Number.isNaN(before) || total === before) return;
  const increase = total > before ? total - before : total;
  const most = (limitOf(device) * elapsedMs) / SECOND;
  const story = () => `exported +${increase} (${before} to ${total}), at most ${most}`;
  check(increase <= most, () => `a spike: ${story()} after ${[...poll.mishaps].join(' ')}`);
  watched.exported += increase;
  const carried = truth - watched.startTruth;
  const slack = (device.line * STALEST_MS) / SECOND + LARGEST_STEP_BACK * POLLS;
  check(watched.exported <= carried * (1 + 1e-9) + slack, () => `invented: ${story()}`);
}

function checkCounter(
  watched: Watched,
  poll: TorturedPoll,
  device: TorturedDevice,
  memory: RateMemory,
  truth: number,
): void {
  for (const mishap of poll.mishaps) watched.since.add(mishap);
  const reason = whyNoRate(memory, watched.counter)!;
  const [only] = watched.since.size === 1 ? watched.since : [];
  const effects = only === undefined || watched.base === null ? undefined : EFFECTS[only];
  if (effects !== undefined && poll.mishaps.has(only!) && !(only === 'unread')) {
    check(effects.includes(reason), () => `${only} was told as ${reason}`);
  }
  if (reason === null) checkTold(watched, poll, device, memory, truth);
  else checkReason(watched, poll, device, memory, reason);
  checkExported(watched, poll, device, memory, truth);
  if (reason !== null && HELD_REASONS.has(reason)) return;
  if (reason !== null && watched.base !== null) watched.lostMs += poll.atMs - watched.base.atMs;
  const isLate = poll.mishaps.has('slow-reply');
  watched.base = { truth, atMs: poll.atMs, isFuzzy: isFuzzyPoll(poll), isLate };
  watched.since.clear();
}

/** Polls a device for hours of its time, checking each; returns its two counters at the end. */
function torture(seed: number, mishaps: readonly Mishap[]): readonly Watched[] {
  const device = torturedDevice(seededRandom(seed), mishaps);
  const kept = new KeptRates();
  const clock = newDeviceClock();
  let watched: readonly Watched[] = [];
  for (let polls = 0; polls < POLLS; polls += 1) {
    const poll = device.next();
    const { reading } = poll;
    // As full polls do: between them it is packed.
    const memory = kept.rates;
    if (polls === 0) watched = [watch(0, poll, poll.received), watch(1, poll, poll.sent)];
    const ticks = Number.isNaN(reading.uptimeTicks) ? null : reading.uptimeTicks;
    const step = stepDeviceClock(clock, ticks, reading.readAtMs, null);
    if (step === 'restarted') breakAllPorts(memory, 'agent-restarted');
    if (step === 'jumped') breakAllPorts(memory, 'uptime-jumped');
    stepPort(memory, 0, reading, clock);
    try {
      checkCounter(watched[0]!, poll, device, memory, poll.received);
      checkCounter(watched[1]!, poll, device, memory, poll.sent);
    } catch (error) {
      throw new Error(`seed ${seed}, poll ${polls}: ${(error as Error).message}`);
    }
    drainWithheld(memory, () => {});
    kept.rest();
  }
  return watched;
}

describe('a device that is tortured', () => {
  it(`never shows a spike, a negative rate, or a rate across a new beginning (${SEEDS} lives)`, () => {
    for (let seed = 0; seed < SEEDS; seed += 1) torture(seed, [...HARMLESS, ...HARMFUL]);
  });

  it('loses nothing where the counters went on: every octet and every hour is told', () => {
    const harmless = HARMLESS.filter((mishap) => mishap !== 'silent-hour' && mishap !== 'late');
    for (let seed = 0; seed < SEEDS; seed += 1) {
      for (const { toldMs, lostMs, startMs, base } of torture(seed, harmless)) {
        expect(lostMs).toBe(0);
        const lived = base!.atMs - startMs;
        expect(Math.abs(toldMs - lived)).toBeLessThanOrEqual(lived * 0.01 + 10 * SECOND);
      }
    }
  });

  it.each(HARMFUL)('loses the interval in which it had %s, and no more', (mishap) => {
    for (let seed = 0; seed < 200; seed += 1) torture(seed, [mishap]);
  });
});
