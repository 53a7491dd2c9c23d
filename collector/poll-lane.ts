/** Gives a place back; calling it again does nothing. */
export type Release = () => void;

/**
 * At most `limit` polls at once, the others in the order in which they came. Whoever waits is bounded
 * by the number of devices: each waits at most once for each kind of poll.
 */
export class PollLane {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = Math.max(1, Math.floor(limit));
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Calls `start` when a place is free, at once if one is. */
  enter(start: (release: Release) => void): void {
    if (this.#running >= this.#limit) this.#waiting.push(() => this.#begin(start));
    else this.#begin(start);
  }

  #begin(start: (release: Release) => void): void {
    this.#running += 1;
    let released = false;
    start(() => {
      if (released) return;
      released = true;
      this.#running -= 1;
      this.#waiting.shift()?.();
    });
  }
}
