import { Worker } from 'node:worker_threads';
import type { TrapsConfig } from '../../config/model.ts';
import { threadEnvironment } from '../../lib/thread-environment.ts';
import type { TrapSocket, TrapSocketHandlers } from './trap-socket.ts';

/** What the receiving thread says. */
export type FromThread =
  | {
      readonly kind: 'listening';
      readonly address: string;
      readonly port: number;
      readonly bufferBytes: number;
    }
  | {
      readonly kind: 'batch';
      /** All datagrams, one behind the other. */
      readonly octets: Uint8Array;
      readonly lengths: readonly number[];
      readonly addresses: readonly string[];
      readonly ports: readonly number[];
      /** Those that it has dropped since the batch before. */
      readonly overflowCount: number;
    }
  | { readonly kind: 'failed'; readonly code: string };

/** What it is told. */
export type ToThread =
  | {
      readonly kind: 'send';
      readonly octets: Uint8Array;
      readonly address: string;
      readonly port: number;
    }
  /** So many of those handed over are judged. */
  | { readonly kind: 'done'; readonly count: number; readonly octetCount: number }
  | { readonly kind: 'close' };

type Batch = Extract<FromThread, { kind: 'batch' }>;

const ENTRY = new URL('./receiving-thread.ts', import.meta.url);
const MOST_HEAP_MB = 256;

/**
 * The trap socket in a thread of its own: what a busy main thread leaves waiting waits in memory,
 * not in the few hundred kilobytes that the kernel gives a socket. Rejects with the operating
 * system's code when the address cannot be had.
 */
export function openThreadedSocket(
  listen: TrapsConfig,
  handlers: TrapSocketHandlers,
): Promise<TrapSocket> {
  const worker = new Worker(ENTRY, {
    workerData: listen,
    execArgv: [],
    env: threadEnvironment(),
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MB },
  });
  return new Promise((resolve, reject) => {
    let socket: ThreadedSocket | null = null;
    const fail = (code: string) => {
      if (socket === null) reject(Object.assign(new Error(code), { code }));
      else socket.fail(code);
    };
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'listening') {
        socket = new ThreadedSocket(worker, message, handlers);
        resolve(socket);
      } else if (message.kind === 'failed') fail(message.code);
      else socket?.take(message);
    });
    worker.on('error', (error) => fail(`thread failed: ${String(error)}`));
    worker.on('exit', () => fail('thread ended'));
  });
}

class ThreadedSocket implements TrapSocket {
  readonly address: string;
  readonly port: number;
  readonly bufferBytes: number;
  readonly #worker: Worker;
  readonly #handlers: TrapSocketHandlers;
  readonly #ended: Promise<void>;
  #isMuted = false;
  #isClosed = false;

  constructor(
    worker: Worker,
    { address, port, bufferBytes }: Extract<FromThread, { kind: 'listening' }>,
    handlers: TrapSocketHandlers,
  ) {
    this.address = address;
    this.port = port;
    this.bufferBytes = bufferBytes;
    this.#worker = worker;
    this.#handlers = handlers;
    this.#ended = new Promise((resolve) => worker.once('exit', () => resolve()));
  }

  /** Hands on what was read, in its order. */
  take({ octets, lengths, addresses, ports, overflowCount }: Batch): void {
    if (this.#isMuted || this.#isClosed) return;
    let at = 0;
    lengths.forEach((length, index) => {
      const datagram = octets.subarray(at, at + length);
      at += length;
      this.#handlers.onDatagram(datagram, addresses[index]!, ports[index]!);
    });
    if (overflowCount > 0) this.#handlers.onOverflow(overflowCount);
    this.#post({ kind: 'done', count: lengths.length, octetCount: octets.length });
  }

  fail(code: string): void {
    if (this.#isClosed) return;
    void this.close();
    this.#handlers.onFailure(code);
  }

  send(octets: Uint8Array, address: string, port: number): void {
    if (!this.#isClosed) this.#post({ kind: 'send', octets, address, port });
  }

  mute(): void {
    this.#isMuted = true;
  }

  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#post({ kind: 'close' });
    }
    await this.#ended;
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }
}
