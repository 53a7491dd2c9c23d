import type { DurationMs } from '../lib/time.ts';
import { LEDGER_STATES, type LedgerState } from './ledger.ts';

/** Time per state, in whole milliseconds. */
export type StateDurations = Record<LedgerState, DurationMs>;

/** Time in which a device was not seen but is proven to have run; part of the durations of those states. */
export interface ProvenRun {
  unknown: DurationMs;
  unreachable: DurationMs;
}

/**
 * Which question a figure answers. `device`: was the device itself at fault (time behind a dead
 * parent is left out, it proves nothing about the device); `service`: what the customer saw (time
 * behind a dead parent is down). Unseen time in which the device is proven to have run is good for
 * `device`, and stays what it is for `service`. The two are published side by side and never mixed.
 */
export type Figure = 'device' | 'service';

/** `not-proven`: too much unknown time to say either. */
export type Verdict = 'met' | 'missed' | 'not-proven';

/** Ratios in parts per million, rounded down: 99.8996 % is 998996. Null when there is no time to judge. */
export interface Availability {
  /** Good ÷ measured time. */
  readonly ratioPpm: number | null;
  /** As if all unknown time were down, and as if it were all up. */
  readonly lowPpm: number | null;
  readonly highPpm: number | null;
  /** Measured ÷ agreed service time. */
  readonly coveragePpm: number | null;
  /** Agreed service time so far: the period without out-of-service and maintenance (and, for `device`, unproven unreachable time). */
  readonly agreedMs: DurationMs;
  /** Bad time allowed in the whole period, what is used of it, and what is left (negative when overdrawn). */
  readonly budgetMs: DurationMs;
  readonly usedMs: DurationMs;
  readonly leftMs: DurationMs;
  /** Used at the end of the period if the rest goes like what is measured so far; rounded up. */
  readonly projectedUsedMs: DurationMs;
  readonly verdict: Verdict;
}

export const PPM = 1_000_000;
const PPM_BIG = BigInt(PPM);
const NOTHING_PROVEN: Readonly<ProvenRun> = { unknown: 0, unreachable: 0 };

/** No time in any state. */
export function noDurations(): StateDurations {
  return {
    ...{ up: 0, degraded: 0, down: 0, unreachable: 0 },
    ...{ maintenance: 0, unknown: 0, 'out-of-service': 0 },
  };
}

/** No time proven. */
export function nothingProven(): ProvenRun {
  return { unknown: 0, unreachable: 0 };
}

/** Adds `more` to `sum`, state by state, in place. */
export function addDurations(sum: StateDurations, more: Readonly<StateDurations>): void {
  for (const state of LEDGER_STATES) sum[state] += more[state];
}

/**
 * The figures of a device, or of many whose durations are added up. `futureMs` is the part of the
 * period still to come for devices in service: it enters the budget and nothing else. Verdict: met
 * when even the low bound reaches the target, missed when even the high bound does not, else not
 * proven. Everything is integer arithmetic; ratios and budget are rounded down.
 */
export function deriveAvailability(
  durations: Readonly<StateDurations>,
  figure: Figure,
  targetPpm: number,
  futureMs: DurationMs = 0,
  proven: Readonly<ProvenRun> = NOTHING_PROVEN,
): Availability {
  const isService = figure === 'service';
  const ran = isService ? NOTHING_PROVEN : proven;
  const good = durations.up + durations.degraded + ran.unknown + ran.unreachable;
  const bad = durations.down + (isService ? durations.unreachable : 0);
  const unknown = durations.unknown - ran.unknown;
  const { ratioPpm, lowPpm, highPpm, coveragePpm, verdict } = deriveRatios(
    BigInt(good),
    BigInt(bad),
    BigInt(unknown),
    targetPpm,
  );
  const agreedMs = good + bad + unknown;
  const allowed = (BigInt(agreedMs + futureMs) * BigInt(PPM - targetPpm)) / PPM_BIG;
  const budgetMs = Number(allowed);
  return {
    ratioPpm,
    lowPpm,
    highPpm,
    coveragePpm,
    agreedMs,
    budgetMs,
    usedMs: bad,
    leftMs: budgetMs - bad,
    projectedUsedMs: bad + project(bad, good + bad, futureMs),
    verdict,
  };
}

/** Bad time in `futureMs` at the rate of the time measured, rounded up. */
function project(bad: DurationMs, measured: DurationMs, futureMs: DurationMs): DurationMs {
  if (measured === 0) return 0;
  const [part, whole] = [BigInt(bad) * BigInt(futureMs), BigInt(measured)];
  return Number((part + whole - 1n) / whole);
}

export type Ratios = Pick<
  Availability,
  'ratioPpm' | 'lowPpm' | 'highPpm' | 'coveragePpm' | 'verdict'
>;

/** The ratios of good, bad and unknown time in any one unit, e.g. milliseconds times customers. */
export function deriveRatios(
  good: bigint,
  bad: bigint,
  unknown: bigint,
  targetPpm: number,
): Ratios {
  const measured = good + bad;
  const agreed = measured + unknown;
  const lowPpm = floorPpm(good, agreed);
  const highPpm = floorPpm(good + unknown, agreed);
  return {
    ratioPpm: floorPpm(good, measured),
    lowPpm,
    highPpm,
    coveragePpm: floorPpm(measured, agreed),
    verdict: judge(lowPpm, highPpm, targetPpm),
  };
}

/** Rounding down does not change a comparison with a whole number of parts per million. */
function judge(lowPpm: number | null, highPpm: number | null, targetPpm: number): Verdict {
  if (lowPpm === null || highPpm === null) return 'not-proven';
  if (lowPpm >= targetPpm) return 'met';
  return highPpm < targetPpm ? 'missed' : 'not-proven';
}

function floorPpm(part: bigint, whole: bigint): number | null {
  return whole === 0n ? null : Number((part * PPM_BIG) / whole);
}

/** `998996` → `99.899 %`: three decimals, rounded down, so that a missed target never looks met. Null → `–`. */
export function formatPpm(ratioPpm: number | null): string {
  if (ratioPpm === null) return '–';
  const thousandths = Math.floor(ratioPpm / 10);
  const decimals = String(thousandths % 1000).padStart(3, '0');
  return `${Math.floor(thousandths / 1000)}.${decimals} %`;
}
