import type dgram from 'node:dgram';
import { isIP, isIPv6 } from 'node:net';
import type { Network } from '../lib/world.ts';
import { canonicalAddress, type Expectation, idOfRequest, judgeReply } from './reply-guard.ts';
import type { SelfMetrics } from './self-metrics.ts';

/** Requests whose reply may still come; more than this at once is not asked of one device. */
const MOST_PENDING_IDS = 64;

export interface GuardedSocketOptions {
  readonly network: Network;
  readonly expected: Expectation;
  readonly selfMetrics: SelfMetrics;
  /** A socket that failed can send nothing more; it is closed already. */
  readonly onFailure: (code: string) => void;
}

/** What the datagrams of one socket have told, beside the replies themselves. */
export interface Heard {
  /** Reports of a v3 engine: discovery was answered. */
  reports: number;
  /** `address:port` that answered in place of the asked one, or null. */
  strangerAddress: string | null;
}

/** The few methods of `dgram.Socket` that a session uses. */
export interface SessionSocket {
  on(event: string, listener: (...values: never[]) => void): void;
  ref(): void;
  unref(): void;
  send(
    octets: Uint8Array,
    offset: number,
    length: number,
    port: number,
    address: string,
    done: (error: Error | null, octetCount: number) => void,
  ): void;
  close(): void;
}

/**
 * A UDP socket towards one device. Only datagrams that can be the reply to a pending request reach
 * the listener; the others are counted by reason. What the listener throws ends that datagram, not
 * the process. Addresses are numeric: no name is ever resolved.
 */
export class GuardedSocket implements SessionSocket {
  readonly heard: Heard = { reports: 0, strangerAddress: null };
  /** The request sent last, for the probe that finds out whether anybody listens. */
  lastRequest: Uint8Array | null = null;
  readonly #socket: dgram.Socket;
  readonly #options: GuardedSocketOptions;
  readonly #pending = new Set<number>();
  #onMessage: ((octets: Buffer) => void) | null = null;
  #closed = false;

  constructor(options: GuardedSocketOptions) {
    this.#options = options;
    this.#socket = options.network.createSocket(socketOptions(options.expected.address));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('message', (octets, sender) => this.#receive(octets, sender));
  }

  on(event: string, listener: (...values: never[]) => void): void {
    if (event === 'message') this.#onMessage = listener as (octets: Buffer) => void;
    if (event === 'close') this.#socket.on('close', listener as () => void);
  }

  ref(): void {
    if (!this.#closed) this.#socket.ref();
  }

  unref(): void {
    if (!this.#closed) this.#socket.unref();
  }

  send(
    octets: Uint8Array,
    offset: number,
    length: number,
    port: number,
    address: string,
    done: (error: Error | null, octetCount: number) => void,
  ): void {
    if (this.#closed) {
      done(new Error('socket is closed'), 0);
      return;
    }
    const id = idOfRequest(octets);
    if (id !== null) this.#expect(id);
    this.lastRequest = octets.subarray(offset, offset + length);
    this.#socket.send(octets, offset, length, port, address, done);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#pending.clear();
    this.#socket.close();
  }

  #expect(id: number): void {
    this.#pending.add(id);
    if (this.#pending.size <= MOST_PENDING_IDS) return;
    const [oldest] = this.#pending;
    this.#pending.delete(oldest!);
  }

  #receive(octets: Buffer, sender: dgram.RemoteInfo): void {
    if (this.#closed) return;
    const { expected, selfMetrics } = this.#options;
    const verdict = judgeReply(octets, sender, expected, (id) => this.#pending.has(id));
    if (!verdict.accepted) {
      selfMetrics.replyIgnored(verdict.reason);
      if (verdict.reason === 'other-address' || verdict.reason === 'other-port') {
        this.heard.strangerAddress = `${canonicalAddress(sender.address)}:${sender.port}`;
      }
      return;
    }
    this.#pending.delete(verdict.id);
    if (verdict.isReport) this.heard.reports += 1;
    try {
      this.#onMessage?.(octets.subarray(0, verdict.length));
    } catch {
      selfMetrics.replyIgnored('rejected-by-codec');
    }
  }

  #fail(error: Error): void {
    this.close();
    this.#options.onFailure('code' in error ? String(error.code) : 'unknown');
  }
}

/**
 * Sends one datagram from a connected socket, on which the system reports what ICMP says.
 * Resolves `refused` or `unreachable` as soon as it is told so, null after `waitMs` of silence or
 * when the answer comes. The datagram's own reply is not read here.
 */
export function probeRefusal(
  network: Network,
  address: string,
  port: number,
  octets: Uint8Array,
  wait: (finish: () => void) => () => void,
): Promise<'refused' | 'unreachable' | null> {
  return new Promise((resolve) => {
    const socket = network.createSocket(socketOptions(address));
    let finished = false;
    const finish = (found: 'refused' | 'unreachable' | null) => {
      if (finished) return;
      finished = true;
      cancel();
      socket.close();
      resolve(found);
    };
    const cancel = wait(() => finish(null));
    const onError = (error: Error) => finish(failureOfCode('code' in error ? error.code : null));
    socket.on('error', onError);
    socket.on('message', () => finish(null));
    socket.on('connect', () => {
      if (!finished) socket.send(octets, (error) => error && onError(error));
    });
    socket.connect(port, address);
  });
}

const UNREACHABLE_CODES = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN']);

/** What a socket's error code says about the other side; null when it says nothing. */
export function failureOfCode(code: unknown): 'refused' | 'unreachable' | null {
  if (code === 'ECONNREFUSED') return 'refused';
  return typeof code === 'string' && UNREACHABLE_CODES.has(code) ? 'unreachable' : null;
}

function socketOptions(address: string): dgram.SocketOptions {
  return {
    type: isIPv6(address) ? 'udp6' : 'udp4',
    lookup: (name, _options, callback) => {
      const family = isIP(name);
      if (family === 0) callback(new Error('names are not resolved here'), '', 0);
      else callback(null, name, family);
    },
  };
}
