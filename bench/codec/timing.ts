import { ownCpuSeconds } from '../cpu-time.ts';

const NANOSECONDS = 1_000_000_000;

/**
 * CPU nanoseconds of one call of `step`, the least of several trials: what disturbs a trial only
 * ever adds to it. Each trial runs for at least `seconds` of CPU time; before them it is warmed up.
 */
export function cpuNanosecondsPerCall(
  step: () => void,
  seconds: number,
  callsAtOnce: number,
  trials = 3,
): number {
  let best = Number.POSITIVE_INFINITY;
  for (let trial = -1; trial < trials; trial += 1) {
    const startedAt = ownCpuSeconds();
    let calls = 0;
    let used = 0;
    while (used < seconds) {
      for (let call = 0; call < callsAtOnce; call += 1) step();
      calls += callsAtOnce;
      used = ownCpuSeconds() - startedAt;
    }
    if (trial >= 0) best = Math.min(best, (used / calls) * NANOSECONDS);
  }
  return best;
}
