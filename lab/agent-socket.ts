import type dgram from 'node:dgram';
import type { RemoteInfo } from 'node:dgram';
import type { Network } from '../lib/world.ts';

export type BoundSocket =
  | { readonly ok: true; readonly socket: dgram.Socket; readonly port: number }
  | { readonly ok: false; readonly code: string };

/** A UDP socket listening at the address; `code` is the operating system's reason when it cannot, such as EADDRINUSE. */
export function bindSocket(network: Network, address: string, port: number): Promise<BoundSocket> {
  const socket = network.createSocket({ type: address.includes(':') ? 'udp6' : 'udp4' });
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve({ ok: false, code: error.code ?? 'UNKNOWN' });
    });
    socket.bind({ port, address, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve({ ok: true, socket, port: socket.address().port });
    });
  });
}

type MessageHandler = (datagram: Buffer, remote: RemoteInfo) => void;

/**
 * Stands where the package expects a socket of its own, so that the lab decides which datagrams
 * reach it and a failure to send is no more than a lost datagram.
 */
export class AgentSocket {
  #onMessage: MessageHandler = () => {};
  readonly #socket: dgram.Socket;

  constructor(socket: dgram.Socket) {
    this.#socket = socket;
  }

  on(event: string, handler: MessageHandler): void {
    if (event === 'message') this.#onMessage = handler;
  }

  /** The real socket is bound already. */
  bind(): void {}

  send(datagram: Buffer, offset: number, length: number, port: number, address: string): void {
    this.#socket.send(datagram, offset, length, port, address, () => {});
  }

  /** Hands a datagram to the package. Throws whatever the package throws. */
  deliver(datagram: Buffer, remote: RemoteInfo): void {
    this.#onMessage(datagram, remote);
  }
}
