import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../lib/clock.ts';
import { type EpochMs, SECOND } from '../../lib/time.ts';

const LONGEST_WAIT_MS = 90 * SECOND;

/** What the webhook of the service carries, as far as a bench looks at it. */
export interface Arrival {
  readonly at: EpochMs;
  readonly path: string;
  readonly key: string;
  readonly body: {
    readonly event?: string;
    readonly incident?: string;
    readonly openedAt?: string;
    readonly recipient?: { readonly id: string };
  };
}

/** Takes whatever comes and notes when; `/hang` is never answered. */
export class Receiver implements AsyncDisposable {
  readonly arrivals: Arrival[] = [];
  readonly #events = new EventEmitter();
  readonly #server = createServer(async (request, response) => {
    const at = systemClock.now();
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const key = String(request.headers['idempotency-key'] ?? '');
    const path = request.url ?? '';
    if (path !== '/hang') response.end();
    this.arrivals.push({ at, path, key, body: text === '' ? {} : JSON.parse(text) });
    this.#events.emit('arrival');
  });

  async open(): Promise<this> {
    this.#events.setMaxListeners(0);
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** The first arrival from number `from` on that is wanted; waits for it, and fails when it does not come. */
  async first(wanted: (arrival: Arrival) => boolean, from = 0): Promise<Arrival> {
    const signal = AbortSignal.timeout(LONGEST_WAIT_MS);
    for (;;) {
      const found = this.arrivals.slice(from).find(wanted);
      if (found !== undefined) return found;
      await once(this.#events, 'arrival', { signal }).catch(() => {
        const came = this.arrivals.map(({ path, key }) => `${path} ${key}`).join(', ');
        throw new Error(`a message did not come; what came: ${came}`);
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
