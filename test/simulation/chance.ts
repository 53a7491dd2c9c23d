import { type Random, seededRandom } from '../../lib/random.ts';

/** Draws of a seed. */
export class Chance {
  readonly random: Random;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    // The first draws of neighbouring seeds are alike.
    for (let turn = 0; turn < 8; turn++) this.random.next();
  }

  /** True this often, 0..1. */
  sometimes(ratio: number): boolean {
    return this.random.next() < ratio;
  }

  /** A whole number of [from, to]. */
  between(from: number, to: number): number {
    return from + Math.floor(this.random.next() * (to - from + 1));
  }

  oneOf<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random.next() * items.length)]!;
  }
}
