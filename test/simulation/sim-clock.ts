import { assert } from '../../lib/assert.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { DurationMs, EpochMs } from '../../lib/time.ts';

const MOST_TURNS = 10_000;

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly owner: object | null;
  readonly isArrival: boolean;
  readonly callback: () => void;
}

/**
 * A clock for a simulation that jumps from event to event. `fire` runs what is due at the instant
 * of arrival: timers are late by as much as the jump leaves out, as those of a busy process are.
 * Timers belong to an owner, so that a killed process takes its own with it.
 */
export class SimClock {
  #elapsedMs = 0;
  #wallOffsetMs: number;
  #created = 0;
  readonly #timers = new Set<Timer>();
  #turns: { readonly owner: object; readonly take: () => void }[] = [];
  /** Called between two turns of the processes: whatever comes in just then. */
  betweenTurns: () => void = () => {};

  readonly #playsTurns: boolean;

  /** `playsTurns`: its processes take turns of a loop, between which others act; else each acts to its end. */
  constructor(startAt: EpochMs, playsTurns = true) {
    this.#wallOffsetMs = startAt;
    this.#playsTurns = playsTurns;
  }

  #nextTurn(owner: object): Promise<void> {
    return new Promise((take) => {
      this.#turns.push({ owner, take });
    });
  }

  now(): EpochMs {
    return this.#wallOffsetMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  /** The clock that a process of the simulation is given. */
  ownedBy(owner: object): Clock {
    return {
      now: () => this.now(),
      monotonicMs: () => this.monotonicMs(),
      after: (delayMs, callback) => this.after(delayMs, callback, owner),
      ...(this.#playsTurns ? { nextTurn: () => this.#nextTurn(owner) } : {}),
    };
  }

  after(
    delayMs: DurationMs,
    callback: () => void,
    owner: object | null = null,
    isArrival = false,
  ): CancelTimer {
    const dueMs = this.#elapsedMs + Math.max(0, delayMs);
    const timer = { dueMs, order: this.#created++, owner, isArrival, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** A process dies: none of its timers fires, and it has no turn any more. */
  forget(owner: object): void {
    this.#turns = this.#turns.filter((turn) => turn.owner !== owner);
    for (const timer of this.#timers) if (timer.owner === owner) this.#timers.delete(timer);
  }

  timersOf(owner: object): number {
    let count = 0;
    for (const timer of this.#timers) if (timer.owner === owner) count += 1;
    return count;
  }

  advance(byMs: DurationMs): void {
    this.#elapsedMs += byMs;
  }

  /** When something from outside arrives next, in milliseconds from now. */
  untilArrivalMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { isArrival, dueMs } of this.#timers) if (isArrival) next = Math.min(next, dueMs);
    return next - this.#elapsedMs;
  }

  /** Fires each timer that fell due on the way once, each to its end; what it plans anew waits. */
  async fire(): Promise<void> {
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.#elapsedMs);
    for (const timer of due.sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)) {
      if (!this.#timers.delete(timer)) continue;
      timer.callback();
      if (due.length > 1) await this.settle();
    }
  }

  stepWallClock(byMs: DurationMs): void {
    this.#wallOffsetMs += byMs;
  }

  /** Everything that is ready to run has run, turn by turn. */
  async settle(): Promise<void> {
    await untilIdle();
    for (let turns = 0; this.#turns.length > 0; turns += 1) {
      assert(turns < MOST_TURNS, 'a process takes turns without end');
      if (turns > 0) this.betweenTurns();
      const taken = this.#turns;
      this.#turns = [];
      for (const { take } of taken) take();
      await untilIdle();
    }
  }
}

/** All that waits for nothing from outside has run. */
function untilIdle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
