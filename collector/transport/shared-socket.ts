import type { IgnoredReplyReason, SelfMetrics } from '../self-metrics.ts';
import { decodeMessage } from '../snmp/decode-message.ts';
import { type MessageView, newMessageView } from '../snmp/message-view.ts';
import { VERSION_3 } from '../snmp/tags.ts';
import type {
  DatagramSocket,
  OpenDatagramSocket,
  SendErrorListener,
  Sender,
} from './datagram-socket.ts';
import type { Destination } from './destination.ts';
import type { AddressFamily } from './peer-address.ts';
import { ReceiveWindow } from './receive-window.ts';

/** Whoever waits for a message with a certain id. */
export interface Receiver {
  /**
   * Takes the message, which arrived `ageMs` ago, or says why it is not for it; it goes on waiting
   * then. The view is refilled afterwards.
   */
  receive(view: MessageView, sender: Sender, ageMs: number): IgnoredReplyReason | null;
}

export interface SharedSocketOptions {
  readonly family: AddressFamily;
  readonly openDatagrams: OpenDatagramSocket;
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
  readonly #socket: DatagramSocket;
  readonly #options: SharedSocketOptions;
  readonly #waiting = new Map<number, Receiver>();
  #isClosed = false;

  constructor(options: SharedSocketOptions) {
    this.#options = options;
    this.#socket = options.openDatagrams(options.family, WANTED_RECEIVE_BUFFER_BYTES, {
      opened: (gotBytes) => this.#open(gotBytes),
      received: (octets, sender, ageMs) => this.#receive(octets, sender, ageMs),
      failed: (code) => this.#fail(code),
      isExpecting: () => this.#waiting.size > 0,
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** null while the socket is not open. */
  get localPort(): number | null {
    return this.#isClosed ? null : this.#socket.localPort;
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
  send(octets: Uint8Array, to: Destination, onError: SendErrorListener | null): void {
    if (!this.#isClosed) this.#socket.send(octets, to, onError);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting.clear();
    this.#socket.close();
    this.window.setLimit(Number.POSITIVE_INFINITY);
  }

  #open(gotBytes: number): void {
    this.#options.onOpen(gotBytes);
    this.window.setLimit(Math.floor(gotBytes * EXPECTED_SHARE));
  }

  #receive(octets: Uint8Array, sender: Sender, ageMs: number): void {
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
    const reason =
      receiver === undefined ? 'no-pending-request' : receiver.receive(view, sender, ageMs);
    if (reason !== null) selfMetrics.replyIgnored(reason);
  }

  #fail(code: string): void {
    if (this.#isClosed) return;
    this.#options.onFailure(code);
    this.close();
  }
}
