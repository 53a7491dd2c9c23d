/** Varbinds asked for at once where nothing is known yet; fits a datagram of 1,500 octets as a rule. */
const FIRST_SIZE = 48;
/** Clean full polls before a little more is tried. */
const CLEAN_POLLS_TO_GROW = 20;
const GROWTH_RATIO = 1.25;

/**
 * How many varbinds a device can answer at once, learned: halved after too-big or silence, grown
 * slowly while all goes well, and never again up to a size that failed.
 */
export class BatchSize {
  #size = FIRST_SIZE;
  #limit = FIRST_SIZE;
  #cleanPolls = 0;

  get size(): number {
    return this.#size;
  }

  /** Halves it. False when it cannot get smaller. */
  reduce(): boolean {
    this.#cleanPolls = 0;
    if (this.#size === 1) return false;
    this.#limit = this.#size - 1;
    this.#size = Math.max(1, Math.floor(this.#size / 2));
    return true;
  }

  /** A full poll went through without a reduction. */
  pollWasClean(): void {
    this.#cleanPolls += 1;
    if (this.#cleanPolls < CLEAN_POLLS_TO_GROW) return;
    this.#cleanPolls = 0;
    this.#size = Math.min(this.#limit, Math.ceil(this.#size * GROWTH_RATIO));
  }

  /** What was learned, to be kept over a restart of the program. */
  restore(size: number): void {
    if (!Number.isInteger(size) || size < 1 || size >= this.#size) return;
    this.#size = size;
  }
}
