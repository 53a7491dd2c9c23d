import type { DurationMs, EpochMs } from '../../lib/time.ts';
import type { SimClock } from './sim-clock.ts';

interface Action {
  /** On the clock that nobody sets. */
  readonly atMs: number;
  /** Before the service may look at its clock, or after. */
  readonly first: boolean;
  readonly run: () => void;
}

/** What people and the network will do, and when. */
export class Agenda {
  #actions: Action[] = [];
  #late: Action[] = [];
  readonly #clock: SimClock;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#actions.length === 0;
  }

  /** When the last of it happens, on the clock that nobody sets. */
  get endMs(): DurationMs {
    return Math.max(this.#clock.monotonicMs(), ...this.#actions.map(({ atMs }) => atMs));
  }

  /** `at` by the wall clock as it goes now. */
  plan(at: EpochMs, run: () => void, first = false): void {
    this.#actions.push({ atMs: this.#atMs(at), run, first });
  }

  /** Something that is on its way, and that nobody waits for. */
  planArrival(at: EpochMs, run: () => void): void {
    this.#late.push({ atMs: this.#atMs(at), first: false, run });
  }

  /** What a person does just after a step fell due meets it in one look of the service. */
  timeToNext(atMostMs: DurationMs): DurationMs {
    let inMs = atMostMs;
    for (const action of this.#actions) {
      const actsInMs = action.atMs - this.#clock.monotonicMs();
      if (actsInMs <= inMs || (action.first && actsInMs - inMs <= 500)) inMs = actsInMs;
    }
    return inMs;
  }

  act(first: boolean): void {
    const nowMs = this.#clock.monotonicMs();
    const late = first ? [] : this.#late.filter(({ atMs }) => atMs <= nowMs);
    if (late.length > 0) this.#late = this.#late.filter((each) => !late.includes(each));
    for (const { run } of late) run();
    const due = this.#actions.filter((each) => each.first === first && each.atMs <= nowMs);
    if (due.length === 0) return;
    this.#actions = this.#actions.filter((each) => !due.includes(each));
    for (const { run } of due) run();
  }

  #atMs(at: EpochMs): DurationMs {
    return this.#clock.monotonicMs() + at - this.#clock.now();
  }
}
