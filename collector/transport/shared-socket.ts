import type dgram from 'node:dgram';
import type { Network } from '../../lib/world.ts';
import type { IgnoredReplyReason, SelfMetrics } from '../self-metrics.ts';
import { decodeMessage } from '../snmp/decode-message.ts';
import { type MessageView, newMessageView } from '../snmp/message-view.ts';
import { VERSION_3 } from '../snmp/tags.ts';
import { type AddressFamily, numericLookup } from './peer-address.ts';
import { ReceiveWindow } from './receive-window.ts';

/** Whoever waits for a message with a certain id. */
export interface Receiver {
  /** Takes the message, or says why it is not for it; it goes on waiting then. The view is refilled afterwards. */
  receive(view: MessageView, sender: Sender): IgnoredReplyReason | null;
}

/** Where a datagram came from, as `dgram` tells it. */
export interface Sender {
  readonly address: string;
  readonly port: number;
}

export interface SharedSocketOptions {
  readonly family: AddressFamily;
  readonly network: Network;
  readonly selfMetrics: SelfMetrics;
  /** Told once the socket has its receive buffer, in bytes as the system counts them. */
  readonly onOpen: (receiveBufferBytes: number) => void;
  /** Told the system's code when it failed, before or after it was open. */
  readonly onFailure: (code: string) => void;
  /** Told who sent a datagram that is no message. */
  readonly onUnreadable: (sender: Sender) => void;
}

/** Asked for; what the system gives is what counts. */
export const WANTED_RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/**
 * Share of the buffer that expected replies may fill. The rest is for what nobody asked for, and for
 * drivers that charge more for a datagram than loopback does.
 */
const EXPECTED_SHARE = 0.5;

/** One for all sockets: a message is dealt with before the next one is read. */
const view = newMessageView();

/**
 * A UDP socket for requests to many devices. A datagram belongs to whoever waits for its id (the
 * request id of v1 and v2c, the message id of v3); everything else is counted by reason and changes
 * nothing. It opens by itself; when it fails it is closed for good, and what waits in it departs into the void,
 * as if lost on the way.
 */
export class SharedSocket {
  readonly window = new ReceiveWindow(0);
  readonly #socket: dgram.Socket;
  readonly #options: SharedSocketOptions;
  readonly #waiting = new Map<number, Receiver>();
  #isClosed = false;

  constructor(options: SharedSocketOptions) {
    const { network, family } = options;
    this.#options = options;
    this.#socket = network.createSocket({
      type: family === 'IPv6' ? 'udp6' : 'udp4',
      ipv6Only: family === 'IPv6',
      lookup: numericLookup,
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('message', (octets, sender) => this.#receive(octets, sender));
    this.#socket.on('listening', () => this.#open());
    this.#socket.bind(0);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** null while the socket is not open. */
  get localPort(): number | null {
    return this.#isClosed || this.window.limitBytes === 0 ? null : this.#socket.address().port;
  }

  isExpecting(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** Messages with this id are for `receiver` until `forget`. */
  expect(id: number, receiver: Receiver): void {
    this.#waiting.set(id, receiver);
  }

  forget(id: number): void {
    this.#waiting.delete(id);
  }

  /** Sends a datagram. `onError` costs a little, and tells at once when the system knows no way. */
  send(
    octets: Uint8Array,
    port: number,
    address: string,
    onError: ((error: Error) => void) | null,
  ): void {
    if (this.#isClosed) return;
    if (onError === null) this.#socket.send(octets, port, address);
    else this.#socket.send(octets, port, address, (error) => error && onError(error));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting.clear();
    this.#socket.close();
    this.window.setLimit(Number.POSITIVE_INFINITY);
  }

  #open(): void {
    try {
      this.#socket.setRecvBufferSize(WANTED_RECEIVE_BUFFER_BYTES);
    } catch {
      // Some systems refuse what is above their limit; then the buffer stays as it was.
    }
    const gotBytes = this.#socket.getRecvBufferSize();
    this.#options.onOpen(gotBytes);
    this.window.setLimit(Math.floor(gotBytes * EXPECTED_SHARE));
  }

  #receive(octets: Uint8Array, sender: Sender): void {
    if (this.#isClosed) return;
    const { selfMetrics } = this.#options;
    const refusal = decodeMessage(view, octets);
    if (refusal !== null) {
      selfMetrics.replyIgnored(refusal === 'too-long' ? refusal : 'malformed');
      this.#options.onUnreadable(sender);
      return;
    }
    const id = view.version === VERSION_3 ? view.messageId : view.pdu.requestId;
    const receiver = this.#waiting.get(id);
    const reason = receiver === undefined ? 'no-pending-request' : receiver.receive(view, sender);
    if (reason !== null) selfMetrics.replyIgnored(reason);
  }

  #fail(error: Error): void {
    if (this.#isClosed) return;
    this.#options.onFailure('code' in error ? String(error.code) : 'unknown');
    this.close();
  }
}
