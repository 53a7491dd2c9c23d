import type { DurationMs, EpochMs } from '../lib/time.ts';

/** Times of a kind, over all incidents that have one: mean, and by nearest rank. */
export interface TimeFigures {
  readonly count: number;
  readonly meanMs: DurationMs | null;
  readonly medianMs: DurationMs | null;
  readonly p90Ms: DurationMs | null;
}

/** Of spans from one instant to another; those without an end are left out, and one that runs backwards is 0. */
export function timesOf(spans: readonly (readonly [EpochMs, EpochMs | null])[]): TimeFigures {
  const sorted = spans
    .flatMap(([from, to]) => (to === null ? [] : [Math.max(0, to - from)]))
    .sort((a, b) => a - b);
  const count = sorted.length;
  const sum = sorted.reduce((total, ms) => total + ms, 0);
  return {
    count,
    meanMs: count === 0 ? null : Math.floor(sum / count),
    medianMs: nearestRank(sorted, 50),
    p90Ms: nearestRank(sorted, 90),
  };
}

/** The smallest value that at least `percent` of all values do not exceed; null when there are none. */
export function nearestRank(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? null;
}
