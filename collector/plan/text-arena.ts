const FIRST_CAPACITY = 512;
const GROWTH_RATIO = 1.5;
const LENGTH_OCTETS = 2;

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

  /** Copies `octets[start..end)`, at most 65,535 of them; gives the place of the copy, before which its length stands. */
  add(octets: Uint8Array, start: number, end: number): number {
    const count = end - start;
    const place = this.#used + LENGTH_OCTETS;
    const needed = place + count;
    if (needed > this.#octets.length) {
      const larger = new Uint8Array(Math.max(needed, Math.ceil(place * GROWTH_RATIO)));
      larger.set(this.#octets.subarray(0, this.#used));
      this.#octets = larger;
    }
    this.#octets[place - 2] = count >> 8;
    this.#octets[place - 1] = count;
    this.#octets.set(octets.subarray(start, end), place);
    this.#used = needed;
    return place;
  }

  /** Gives back the memory that no text has needed. */
  trim(): void {
    if (this.#used < this.#octets.length) this.#octets = this.#octets.slice(0, this.#used);
  }

  /** Octets of the text at `place`. */
  lengthAt(place: number): number {
    return this.#octets[place - 2]! * 256 + this.#octets[place - 1]!;
  }

  /** Whether the text at `place` is `octets[start..end)`. */
  holds(place: number, octets: Uint8Array, start: number, end: number): boolean {
    const count = end - start;
    if (count !== this.lengthAt(place)) return false;
    const own = this.#octets;
    for (let at = 0; at < count; at += 1) if (own[place + at] !== octets[start + at]) return false;
    return true;
  }
}
