import { type Clock, delay } from '../../lib/clock.ts';
import type { RequestBounds, SnmpAnswer, SnmpClient } from '../snmp-client.ts';
import { walkSubtree } from '../snmp-walk.ts';

/** Lets requests go out no faster than so many a second, whoever sends them. */
export class Pacer {
  readonly #clock: Clock;
  readonly #gapMs: number;
  #nextMs = 0;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#gapMs = 1000 / perSecond;
  }

  /** Resolves when it is the caller's turn. */
  async turn(signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    const atMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = atMs + this.#gapMs;
    if (atMs > nowMs) await delay(this.#clock, atMs - nowMs, signal);
  }
}

/** A client whose every request waits for its turn. */
export function pacedClient(client: SnmpClient, pacer: Pacer): SnmpClient {
  const bulk = async (
    oids: readonly string[],
    repetitions: number,
    bounds: RequestBounds,
  ): Promise<SnmpAnswer> => {
    await pacer.turn(bounds.signal);
    return client.getBulk(oids, repetitions, bounds);
  };
  return {
    async get(oids, bounds) {
      await pacer.turn(bounds.signal);
      return client.get(oids, bounds);
    },
    getBulk: bulk,
    walk: (root, rowCap, bounds) => walkSubtree({ getBulk: bulk }, root, rowCap, bounds),
    close: () => client.close(),
  };
}
