/** Varbinds asked for at once where nothing is known yet; the octets are bounded apart. */
const FIRST_SIZE = 80;
/** The UDP payload of one Ethernet frame (RFC 894, RFC 791, RFC 768): what a reply is planned to fill. */
const FIRST_OCTETS = 1_472;
/** Clean full polls before a little more is tried. */
const CLEAN_POLLS_TO_GROW = 20;
const GROWTH_RATIO = 1.25;
/** Clean full polls after which a size that failed once may be tried again. */
const CLEAN_POLLS_TO_FORGET = 500;

/**
 * How much a device can answer at once, learned: halved after too-big or silence, grown slowly while
 * all goes well, and not up to a size that failed before much time has passed.
 */
export class BatchSize {
  #size = FIRST_SIZE;
  #limit = FIRST_SIZE;
  #cleanPolls = 0;
  #cleanSinceFailure = 0;

  /** In varbinds. */
  get size(): number {
    return this.#size;
  }

  /** Octets of a whole reply that go with the size. */
  get octets(): number {
    return Math.round((FIRST_OCTETS * this.#size) / FIRST_SIZE);
  }

  /** Whether the device ever had to be asked for less. */
  get isReduced(): boolean {
    return this.#size < FIRST_SIZE;
  }

  /** Halves it. False when it cannot get smaller. */
  reduce(): boolean {
    this.#cleanPolls = 0;
    this.#cleanSinceFailure = 0;
    if (this.#size === 1) return false;
    this.#limit = this.#size - 1;
    this.#size = Math.max(1, Math.floor(this.#size / 2));
    return true;
  }

  /** A full poll went through without a reduction. */
  pollWasClean(): void {
    this.#cleanPolls += 1;
    this.#cleanSinceFailure += 1;
    if (this.#cleanSinceFailure >= CLEAN_POLLS_TO_FORGET) {
      this.#cleanSinceFailure = 0;
      this.#limit = FIRST_SIZE;
    }
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
