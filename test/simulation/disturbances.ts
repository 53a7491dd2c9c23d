import { DAY, type DurationMs, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import type { Chance } from './chance.ts';
import type { Checker } from './checker.ts';
import type { Plan } from './plan.ts';
import type { PowerPromises } from './power-promises.ts';
import type { SimClock } from './sim-clock.ts';

export interface DisturbancesParts {
  readonly chance: Chance;
  readonly plan: Plan;
  readonly clock: SimClock;
  readonly checker: Checker;
  readonly power: PowerPromises;
}

/** What befalls the process itself, and when it last did, on the clock that nobody sets. */
export class Disturbances {
  lastMs: DurationMs = 0;
  /** When the wall clock was set last. */
  steppedMs: DurationMs = Number.NEGATIVE_INFINITY;
  readonly #parts: DisturbancesParts;

  constructor(parts: DisturbancesParts) {
    this.#parts = parts;
  }

  /** The service starts: what it knew of a trouble is gone. */
  starts(): void {
    this.lastMs = this.#parts.clock.monotonicMs();
    this.#parts.power.disturbed();
  }

  drawsKill(): boolean {
    const { chance, plan } = this.#parts;
    return plan.kills && chance.sometimes(0.006);
  }

  /** How long it stands still; the wall clock may be set as well. */
  drawStall(): DurationMs {
    const { chance, plan, clock, power } = this.#parts;
    if (plan.clockSteps && chance.sometimes(0.01)) this.#stepClock();
    if (!plan.stalls || !chance.sometimes(0.01)) return 0;
    const ms = chance.between(31, 1200) * SECOND;
    power.disturbed();
    this.lastMs = clock.monotonicMs() + ms;
    return ms;
  }

  #stepClock(): void {
    const { chance, clock, checker, power } = this.#parts;
    const size = chance.oneOf([SECOND, 50 * SECOND, 10 * MINUTE, HOUR, DAY]);
    const byMs = chance.sometimes(0.5) ? size : -size;
    clock.stepWallClock(byMs);
    checker.clockIsSet(byMs);
    this.lastMs = clock.monotonicMs();
    this.steppedMs = this.lastMs;
    power.disturbed();
  }
}
