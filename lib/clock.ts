import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { DurationMs, EpochMs } from './time.ts';

/** Ends a timer that has not fired; harmless when it has. */
export type CancelTimer = () => void;

/**
 * The only source of time. `now` (wall clock) is for records and deadlines and may step when the
 * operator or NTP sets it; `monotonicMs` never steps and is for measured durations.
 */
export interface Clock {
  now(): EpochMs;
  monotonicMs(): number;
  /** As `monotonicMs`, from another start, but also runs while the machine sleeps; left out where nothing does. */
  sinceBootMs?(): number;
  /** Calls `callback` once after `delayMs`. An exception in it is a bug and is not caught here. */
  after(delayMs: DurationMs, callback: () => void): CancelTimer;
  /** Resolves once whatever waits from outside (sockets, timers) has had a turn; left out where nothing does. */
  nextTurn?(): Promise<void>;
}

/** Node caps timers at 2^31 − 1 ms and fires longer ones at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const systemClock: Clock = {
  // Elsewhere it is told by the wall clock, or in whole seconds.
  ...(process.platform === 'linux' ? { sinceBootMs: () => uptime() * 1000 } : {}),
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
};

/** Resolves after `delayMs` of the given clock, or at once when `signal` aborts. */
export function delay(clock: Clock, delayMs: DurationMs, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
