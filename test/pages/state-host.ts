import { EventEmitter, once } from 'node:events';
import type { EngineHost } from '../../alerting/engine-host.ts';
import type { Delivery, Input } from '../../alerting/inputs.ts';
import { type EngineState, emptyState, type Page } from '../../alerting/state.ts';
import type { Clock } from '../../lib/clock.ts';

type Listener = Parameters<EngineHost['subscribe']>[0];

/**
 * An engine host of which only the outbox is alive: deliveries are counted in the state as the
 * engine counts them, at once or, while `holding`, when the test says so.
 */
export class StateHost implements EngineHost {
  readonly state: EngineState = emptyState();
  readonly deliveries: Delivery[] = [];
  holding = false;
  readonly #clock: Clock;
  readonly #events = new EventEmitter();
  readonly #held: Delivery[] = [];
  readonly #listeners = new Set<Listener>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  queue(...pages: Page[]): void {
    for (const page of pages) this.state.pages.set(page.id, page);
    this.#tell();
  }

  page(id: string): Page {
    const page = this.state.pages.get(id);
    if (page === undefined) throw new Error(`no such page: ${id}`);
    return page;
  }

  submit(input: Input): void {
    if (input.kind !== 'delivery') throw new Error(`unexpected input: ${input.kind}`);
    this.deliveries.push(input.delivery);
    if (this.holding) this.#held.push(input.delivery);
    else this.#count(input.delivery);
    this.#events.emit('delivery');
  }

  /** Counts what was held back. */
  release(): void {
    this.holding = false;
    for (const delivery of this.#held.splice(0)) this.#count(delivery);
  }

  cancel(pageId: string): void {
    this.page(pageId).status = 'cancelled';
    this.#tell();
  }

  /** Resolves once so many deliveries were handed in since the start. */
  async delivered(count: number): Promise<void> {
    while (this.deliveries.length < count) await once(this.#events, 'delivery');
  }

  async record(input: Input): Promise<void> {
    this.submit(input);
  }

  command(): Promise<never> {
    return Promise.reject(new Error('no commands here'));
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #count(delivery: Delivery): void {
    const page = this.page(delivery.pageId);
    page.attempts = delivery.attempt;
    if (delivery.result === 'sent') {
      page.status = 'sent';
      page.receipt = delivery.receipt;
      if (delivery.inSummary !== undefined) page.inSummary = delivery.inSummary;
      page.finishedAt = this.#clock.now();
    } else {
      page.lastFailure = delivery.reason;
      page.nextAttemptAt = delivery.nextAttemptAt;
      if (delivery.permanent) page.status = 'abandoned';
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener([]);
  }
}
