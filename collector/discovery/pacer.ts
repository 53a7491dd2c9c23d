import type dgram from 'node:dgram';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { DurationMs } from '../../lib/time.ts';
import type { Network } from '../../lib/world.ts';
import type { RequestBounds, SnmpAnswer, SnmpClient } from '../snmp-client.ts';
import { walkSubtree } from '../snmp-walk.ts';

/** Timers come late: at rates that they cannot keep, so much of what was missed is made up for. */
const CATCH_UP_MS: DurationMs = 20;

/**
 * Lets datagrams go out no faster than so many a second, whoever sends them. A request waits for its turn, with which
 * its first datagram goes at once; whatever more goes out (a greeting of SNMPv3, another try) waits
 * before everything that is new, so that few wait while somebody's patience runs.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #gapMs: number;
  readonly #catchUpMs: number;
  readonly #datagrams: (() => void)[] = [];
  readonly #turns = new Set<() => void>();
  #nextMs = Number.NEGATIVE_INFINITY;
  /** Until then the next datagram is that of the request whose turn it is. */
  #turnUntilMs = Number.NEGATIVE_INFINITY;
  #cancel: CancelTimer | null = null;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#gapMs = 1000 / perSecond;
    this.#catchUpMs = this.#gapMs < CATCH_UP_MS ? CATCH_UP_MS : 0;
  }

  /** Resolves when it is the caller's turn, or at once when `signal` aborts. */
  turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const finish = () => {
        this.#turns.delete(finish);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      this.#turns.add(finish);
      signal.addEventListener('abort', finish, { once: true });
      this.#proceed();
    });
  }

  /** Calls `send` when a datagram may go out: now, or later. */
  send(send: () => void): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs > this.#turnUntilMs) {
      this.#datagrams.push(send);
      this.#proceed();
      return;
    }
    this.#turnUntilMs = Number.NEGATIVE_INFINITY;
    this.#nextMs = Math.max(this.#nextMs, nowMs + this.#gapMs - this.#catchUpMs);
    send();
  }

  #proceed(): void {
    if (this.#cancel !== null) return;
    while (this.#datagrams.length > 0 || this.#turns.size > 0) {
      const nowMs = this.#clock.monotonicMs();
      if (nowMs < this.#nextMs) {
        this.#cancel = this.#clock.after(this.#nextMs - nowMs, () => {
          this.#cancel = null;
          this.#proceed();
        });
        return;
      }
      this.#nextMs = Math.max(this.#nextMs, nowMs - this.#catchUpMs) + this.#gapMs;
      const datagram = this.#datagrams.shift();
      if (datagram !== undefined) datagram();
      else this.#grantTurn(nowMs);
    }
  }

  #grantTurn(nowMs: number): void {
    const [first] = this.#turns;
    this.#turnUntilMs = nowMs + this.#gapMs;
    first?.();
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

/** Sockets of `network` of which every datagram keeps to the rate; one that is closed before sends nothing more. */
export function pacedNetwork(network: Network, pacer: Pacer): Network {
  return {
    createSocket(options) {
      const socket = network.createSocket(options);
      let isOpen = true;
      socket.once('close', () => {
        isOpen = false;
      });
      const close = socket.close.bind(socket);
      socket.close = (callback) => {
        isOpen = false;
        return close(callback);
      };
      replaceSend(socket, (send) => pacer.send(() => isOpen && send()));
      return socket;
    },
  };
}

/** Hands every send, whatever its arguments, to `onSend` as something to call. */
function replaceSend(socket: dgram.Socket, onSend: (send: () => void) => void): void {
  const send = socket.send.bind(socket) as (...args: unknown[]) => void;
  socket.send = ((...args: unknown[]) => onSend(() => send(...args))) as dgram.Socket['send'];
}
