import { type DurationMs, SECOND } from '../../lib/time.ts';

/** What is known about the round trips to one device. */
export interface RttEstimate {
  /** Smoothed round trip; null before the first reply. */
  readonly smoothedMs: DurationMs | null;
  /** Smoothed difference from it. */
  readonly variationMs: DurationMs;
}

export const NO_RTT: RttEstimate = { smoothedMs: null, variationMs: 0 };

/** An agent on a busy processor may take this long now and then; asking it sooner again helps nobody. */
const SHORTEST_WAIT_MS: DurationMs = 0.3 * SECOND;
/** RFC 6298 §2.1: while no round trip is known. */
const FIRST_WAIT_MS: DurationMs = SECOND;
/** RFC 6298 §2: the wait is this many variations above the round trip. */
const VARIATIONS = 4;
/** RFC 6298 §2.3: alpha and beta. */
const RTT_GAIN = 1 / 8;
const VARIATION_GAIN = 1 / 4;
/** RFC 6298 §5.5: each further wait is so many times as long. */
const BACKOFF = 2;
/** Up to this share is added by chance, so that devices that fell silent together are not asked again together. */
const JITTER_RATIO = 0.25;

/**
 * RFC 6298 §2.2-2.3. Every try has an id of its own, so that it is known which try a reply answers:
 * round trips of repeated requests count as well (Karn's problem does not arise).
 */
export function learnRtt(estimate: RttEstimate, rttMs: DurationMs): RttEstimate {
  const { smoothedMs, variationMs } = estimate;
  if (smoothedMs === null) return { smoothedMs: rttMs, variationMs: rttMs / 2 };
  const difference = Math.abs(smoothedMs - rttMs);
  return {
    smoothedMs: smoothedMs + RTT_GAIN * (rttMs - smoothedMs),
    variationMs: variationMs + VARIATION_GAIN * (difference - variationMs),
  };
}

/** One try of a request, as far as its wait depends on it. */
export interface TryToWaitFor {
  /** From 1. */
  readonly number: number;
  readonly isLast: boolean;
  /** In [0, 1). */
  readonly chance: number;
}

/**
 * How long to wait for a reply to one try. Never longer than `timeoutMs`, which the last try always
 * gets: a lost datagram is asked for again soon, and yet a device that has become slow is heard.
 */
export function waitForTry(
  estimate: RttEstimate,
  timeoutMs: DurationMs,
  { number, isLast, chance }: TryToWaitFor,
): DurationMs {
  const { smoothedMs, variationMs } = estimate;
  if (isLast) return timeoutMs;
  const expectedMs =
    smoothedMs === null
      ? FIRST_WAIT_MS
      : Math.max(SHORTEST_WAIT_MS, smoothedMs + VARIATIONS * variationMs);
  const waitMs = expectedMs * BACKOFF ** (number - 1) * (1 + JITTER_RATIO * chance);
  return Math.min(timeoutMs, waitMs);
}

/** The wait for each of the tries of a request, without what chance adds. */
export function waitsWithoutChance(
  estimate: RttEstimate,
  timeoutMs: DurationMs,
  mostTries: number,
): DurationMs[] {
  return Array.from({ length: mostTries }, (_, place) =>
    waitForTry(estimate, timeoutMs, {
      number: place + 1,
      isLast: place + 1 === mostTries,
      chance: 0,
    }),
  );
}
