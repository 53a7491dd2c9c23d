const FIRST_CAPACITY = 512;
const GROWTH_RATIO = 1.5;

/** Octets of text, one after the other: thousands of short texts in one piece of memory. */
export class TextArena {
  #octets: Uint8Array;
  #used = 0;

  constructor(capacity: number = FIRST_CAPACITY) {
    this.#octets = new Uint8Array(capacity);
  }

  get octets(): Uint8Array {
    return this.#octets;
  }

  get used(): number {
    return this.#used;
  }

  /** Copies `octets[start..end)`; gives the place of the copy. */
  add(octets: Uint8Array, start: number, end: number): number {
    const place = this.#used;
    const needed = place + end - start;
    if (needed > this.#octets.length) {
      const larger = new Uint8Array(Math.max(needed, Math.ceil(place * GROWTH_RATIO)));
      larger.set(this.#octets.subarray(0, place));
      this.#octets = larger;
    }
    this.#octets.set(octets.subarray(start, end), place);
    this.#used = needed;
    return place;
  }

  /** Whether the text of `count` octets at `place` is `octets[start..end)`. */
  holds(place: number, count: number, octets: Uint8Array, start: number, end: number): boolean {
    if (count !== end - start) return false;
    const own = this.#octets;
    for (let at = 0; at < count; at += 1) if (own[place + at] !== octets[start + at]) return false;
    return true;
  }
}
