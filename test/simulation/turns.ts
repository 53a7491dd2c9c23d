import { Chance } from './chance.ts';
import type { Plan } from './plan.ts';

/** Their draws are of a sequence of their own, so that the others of a seed stay what they are. */
const SEEDS_OF_TURNS = 1_000_000_007;
/** Of a look at everything; with few, one takes several turns. */
const INCIDENTS_PER_TICK = [1, 1, 2, 100];

/** One seed in three plays turns; in the others each process acts to its end, as one that has little to do. */
export function playsTurns(seed: number): boolean {
  return seed % 3 === 2;
}

/** What comes in, or ends the process, between two turns of it, with only half of what is due behind it. */
export class Turns {
  readonly #chance: Chance;
  readonly #plan: Plan;

  readonly #isPlayed: boolean;

  constructor(seed: number, plan: Plan) {
    this.#isPlayed = playsTurns(seed);
    this.#chance = new Chance(seed + SEEDS_OF_TURNS);
    this.#plan = plan;
  }

  drawIncidentsPerTick(): number {
    return this.#isPlayed ? this.#chance.oneOf(INCIDENTS_PER_TICK) : Number.POSITIVE_INFINITY;
  }

  /** `kill`, or which device is polled out of its turn; null: nothing happens. */
  draw(deviceIds: readonly string[]): 'kill' | { readonly polled: string } | null {
    if (this.#plan.kills && this.#chance.sometimes(0.002)) return 'kill';
    if (this.#plan.lateObservations || !this.#chance.sometimes(0.1)) return null;
    return { polled: this.#chance.oneOf(deviceIds) };
  }
}
