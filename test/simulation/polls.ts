import { type DurationMs, SECOND } from '../../lib/time.ts';
import type { Agenda } from './agenda.ts';
import type { Chance } from './chance.ts';
import type { NetworkTruth } from './network-truth.ts';
import type { Plan } from './plan.ts';
import type { SimClock } from './sim-clock.ts';
import type { SimulatedService } from './simulated-service.ts';

export const POLL_EVERY_MS: DurationMs = 15 * SECOND;

export interface PollsParts {
  readonly chance: Chance;
  readonly plan: Plan;
  readonly truth: NetworkTruth;
  readonly agenda: Agenda;
  readonly clock: SimClock;
  readonly service: () => SimulatedService;
}

/** The collector of the simulation: what it tells of the devices, and when. */
export class Polls {
  readonly #parts: PollsParts;
  #lastMs: DurationMs = -POLL_EVERY_MS;

  constructor(parts: PollsParts) {
    this.#parts = parts;
  }

  /** On the clock that nobody sets. */
  get nextMs(): DurationMs {
    return this.#lastMs + POLL_EVERY_MS;
  }

  /** A service that has just started polls at once. */
  begin(): void {
    this.#lastMs = this.#parts.clock.monotonicMs() - POLL_EVERY_MS;
  }

  pollAll(isHealing: boolean): void {
    const { chance, plan, truth, agenda, clock, service } = this.#parts;
    const { engine } = service();
    this.#lastMs = clock.monotonicMs();
    engine.submit({ kind: 'lease' });
    for (const deviceId of truth.deviceIds) {
      const observation = truth.poll(deviceId, clock.now());
      const input = { kind: 'observation', observation } as const;
      const isLate = plan.lateObservations && !isHealing && chance.sometimes(0.2);
      if (isLate) {
        const at = clock.now() + chance.between(1, 40) * SECOND;
        agenda.planArrival(at, () => service().engine.submit(input));
      } else engine.submit(input);
      const isDoubled = plan.doubledObservations && chance.sometimes(0.1);
      if (isDoubled) engine.submit(input);
    }
  }

  /** One device is polled out of its turn; that it does not answer counts at its turn alone, as time is what confirms it. */
  pollOne(deviceId: string): void {
    const { truth, clock, service } = this.#parts;
    const observation = truth.poll(deviceId, clock.now());
    // In the very instant in which a first trouble begins, an answer would be none of before it.
    if (observation.outcome === 'ok' && truth.troubles.size > 0)
      service().engine.submit({ kind: 'observation', observation });
  }
}
