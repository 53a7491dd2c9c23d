import type { CancelTimer, Clock } from './clock.ts';
import type { DurationMs, EpochMs } from './time.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that moves only when told to. `advance` fires timers in order of due time, then of
 * creation; `stepWallClock` moves the wall clock alone, as an operator or NTP does.
 */
export class VirtualClock implements Clock {
  #elapsedMs = 0;
  #wallOffsetMs: number;
  #created = 0;
  readonly #timers = new Set<Timer>();

  constructor(startAt: EpochMs) {
    this.#wallOffsetMs = startAt;
  }

  now(): EpochMs {
    return this.#wallOffsetMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: DurationMs, callback: () => void): CancelTimer {
    const timer = {
      dueMs: this.#elapsedMs + Math.max(0, delayMs),
      order: this.#created++,
      callback,
    };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time forward, firing every timer that falls due on the way at its own instant. */
  advance(byMs: DurationMs): void {
    const untilMs = this.#elapsedMs + byMs;
    for (;;) {
      const next = this.#earliest();
      if (next === undefined || next.dueMs > untilMs) break;
      this.#timers.delete(next);
      this.#elapsedMs = next.dueMs;
      next.callback();
    }
    this.#elapsedMs = untilMs;
  }

  stepWallClock(byMs: DurationMs): void {
    this.#wallOffsetMs += byMs;
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (
        earliest === undefined ||
        timer.dueMs < earliest.dueMs ||
        (timer.dueMs === earliest.dueMs && timer.order < earliest.order)
      ) {
        earliest = timer;
      }
    }
    return earliest;
  }
}
