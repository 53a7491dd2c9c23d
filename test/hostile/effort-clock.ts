import { type CancelTimer, type Clock, delay, systemClock } from '../../lib/clock.ts';

/** How often waiting is looked at. */
const STEP_MS = 5;
const MICROSECONDS = 1_000;

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
}

/**
 * Time that passes while this thread waits or works, and stands still while other programs keep it
 * from either. What makes others wait here shows as it is: a callback that takes half a second makes
 * every timer behind it half a second late. A busy machine does not show.
 */
export class EffortClock implements Clock, AsyncDisposable {
  readonly #timers = new Set<Timer>();
  readonly #stopped = new AbortController();
  readonly #pumping: Promise<void>;
  #nowMs = 0;

  constructor() {
    this.#pumping = this.#pump();
  }

  now(): number {
    return Date.UTC(2026, 9, 14) + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    return this.#pumping;
  }

  async #pump(): Promise<void> {
    const { signal } = this.#stopped;
    let workedMs = threadWorkMs();
    while (!signal.aborted) {
      await delay(systemClock, STEP_MS, signal);
      const nowWorkedMs = threadWorkMs();
      this.#nowMs += Math.max(STEP_MS, nowWorkedMs - workedMs);
      workedMs = nowWorkedMs;
      const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.#nowMs);
      for (const timer of due.sort((a, b) => a.dueMs - b.dueMs)) {
        if (this.#timers.delete(timer)) timer.callback();
      }
    }
  }
}

function threadWorkMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / MICROSECONDS;
}
