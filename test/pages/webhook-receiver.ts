import { createHmac, timingSafeEqual } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the receiver does with one request. `accept-then-…`: takes the page, and the answer is lost, or never comes. */
export type Behaviour =
  | { readonly answer: number; readonly body?: string; readonly location?: string }
  | 'hang'
  | 'close'
  | 'accept-then-close'
  | 'accept-then-hang';

export interface ReceivedRequest {
  readonly path: string;
  readonly key: string;
  readonly timestamp: number;
  readonly body: string;
}

/**
 * A receiver as a careful customer would write it: it checks the signature over the raw body with
 * its own arithmetic and takes each idempotency key once.
 */
export class WebhookReceiver {
  /** Every request, in order. */
  readonly requests: ReceivedRequest[] = [];
  /** What was taken, by key. */
  readonly taken = new Map<string, Record<string, unknown>>();
  badSignatures = 0;
  /** For the requests to come, in order; 200 once it is empty. */
  readonly script: Behaviour[] = [];
  /** Paths that never answer. */
  readonly hangingPaths = new Set<string>();
  readonly #signingKey: string;
  readonly #events = new EventEmitter();
  readonly #server: Server;

  private constructor(signingKey: string) {
    this.#signingKey = signingKey;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(signingKey = 'signing-key'): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(signingKey);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  url(path = '/pages'): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  /** Resolves once so many requests have come in. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await once(this.#events, 'request');
  }

  /** Resolves with the next request that is wanted, as soon as it is in and answered or not. */
  async next(wanted: (request: ReceivedRequest) => boolean, signal: AbortSignal): Promise<void> {
    for (let seen = this.requests.length; ; ) {
      await once(this.#events, 'request', { signal });
      while (seen < this.requests.length) if (wanted(this.requests[seen++]!)) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const header = (name: string) => String(request.headers[name] ?? '');
    const key = header('idempotency-key');
    const timestamp = header('x-threenines-timestamp');
    const path = request.url ?? '';
    this.requests.push({ path, key, timestamp: Number(timestamp), body });
    const behaviour: Behaviour = this.hangingPaths.has(path)
      ? 'hang'
      : (this.script.shift() ?? { answer: 200 });
    if (!this.#isGenuine(header('x-threenines-signature'), timestamp, body)) {
      this.badSignatures += 1;
      response.writeHead(401).end();
    } else this.#behave(behaviour, response, key, body);
    this.#events.emit('request');
  }

  #behave(behaviour: Behaviour, response: ServerResponse, key: string, body: string): void {
    if (behaviour === 'hang') return;
    const isTaken = behaviour === 'accept-then-close' || behaviour === 'accept-then-hang';
    if (isTaken && !this.taken.has(key)) this.taken.set(key, JSON.parse(body));
    if (behaviour === 'accept-then-hang') return;
    if (behaviour === 'close' || behaviour === 'accept-then-close') {
      response.destroy();
      return;
    }
    const { answer, body: answerBody = '', location } = behaviour;
    if (answer < 300 && !this.taken.has(key)) this.taken.set(key, JSON.parse(body));
    response.writeHead(answer, location === undefined ? {} : { location }).end(answerBody);
  }

  #isGenuine(signature: string, timestamp: string, body: string): boolean {
    const mac = createHmac('sha256', this.#signingKey);
    mac.update(timestamp).update('.').update(body);
    const expected = Buffer.from(`sha256=${mac.digest('hex')}`);
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
