import type { Random } from './random.ts';
import type { DurationMs } from './time.ts';

/** How retries spread out. `jitterRatio` 0.2 means each delay varies by ±20 %, so that many do not fall together. */
export interface Backoff {
  readonly firstMs: DurationMs;
  readonly longestMs: DurationMs;
  readonly multiplier: number;
  readonly jitterRatio: number;
}

/** The wait before retry number `attempt` (1 = the first retry). */
export function backoffDelayMs(backoff: Backoff, attempt: number, random: Random): DurationMs {
  const plain = Math.min(
    backoff.longestMs,
    backoff.firstMs * backoff.multiplier ** Math.max(0, attempt - 1),
  );
  return Math.round(plain * (1 + backoff.jitterRatio * (2 * random.next() - 1)));
}
