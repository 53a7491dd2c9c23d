import type dgram from 'node:dgram';
import { once } from 'node:events';
import { isIP, isIPv6 } from 'node:net';
import type { TrapsConfig } from '../../config/model.ts';
import type { Network } from '../../lib/world.ts';

/** The UDP socket on which notifications arrive. */
export interface TrapSocket {
  /** Where it is bound in fact. */
  readonly address: string;
  readonly port: number;
  /** Receive buffer as the system granted it. */
  readonly bufferBytes: number;
  /** Sends without waiting; what cannot be sent is lost, as on the wire. */
  send(octets: Uint8Array, address: string, port: number): void;
  /** Takes no more datagrams, but can still send. */
  mute(): void;
  close(): Promise<void>;
}

export interface TrapSocketHandlers {
  readonly onDatagram: (octets: Uint8Array, address: string, port: number) => void;
  /** So many were read and dropped, because those before them are not judged yet. */
  readonly onOverflow: (count: number) => void;
  /** It is closed and gives nothing more. `code` is the operating system's. */
  readonly onFailure: (code: string) => void;
}

/** Opens the socket; rejects with the operating system's error when the address cannot be had. */
export type OpenTrapSocket = (
  listen: TrapsConfig,
  handlers: TrapSocketHandlers,
) => Promise<TrapSocket>;

/** Holds some ten thousand traps; the system gives less when its own limit (rmem_max) is lower. */
const WANTED_BUFFER_BYTES = 8 * 1024 * 1024;
const LEAST_BUFFER_BYTES = 64 * 1024;

/** Binds the socket. Rejects with the operating system's error when the address cannot be had. */
export async function openTrapSocket(
  network: Network,
  { listenHost, listenPort }: TrapsConfig,
  handlers: Omit<TrapSocketHandlers, 'onOverflow'>,
): Promise<TrapSocket> {
  const host = listenHost === 'localhost' ? '127.0.0.1' : listenHost;
  const socket = network.createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    lookup: (name, _options, callback) => {
      const family = isIP(name);
      if (family === 0) callback(new Error('names are not resolved here'), '', 0);
      else callback(null, name, family);
    },
  });
  try {
    // A lookup that answers at once lets the socket listen before `bind` returns.
    const listening = once(socket, 'listening');
    socket.bind(listenPort, host);
    await listening;
  } catch (error) {
    socket.close();
    throw error;
  }
  return begin(socket, handlers);
}

function begin(socket: dgram.Socket, handlers: Omit<TrapSocketHandlers, 'onOverflow'>): TrapSocket {
  const bufferBytes = growBuffer(socket);
  let isClosed = false;
  const close = () => {
    if (isClosed) return Promise.resolve();
    isClosed = true;
    return new Promise<void>((resolve) => socket.close(() => resolve()));
  };
  socket.on('error', (error) => {
    if (isClosed) return;
    void close();
    handlers.onFailure('code' in error ? String(error.code) : 'unknown');
  });
  socket.on('message', (octets, sender) => {
    handlers.onDatagram(octets, sender.address, sender.port);
  });
  const { address, port } = socket.address();
  return {
    address,
    port,
    bufferBytes,
    send(octets, toAddress, toPort) {
      // An error of one answer is the sender's bad luck: with a callback it is no event.
      if (!isClosed) socket.send(octets, toPort, toAddress, () => {});
    },
    mute: () => void socket.removeAllListeners('message'),
    close,
  };
}

/** Some systems refuse what is too much instead of giving what they can. */
function growBuffer(socket: dgram.Socket): number {
  for (let bytes = WANTED_BUFFER_BYTES; bytes >= LEAST_BUFFER_BYTES; bytes /= 2) {
    try {
      socket.setRecvBufferSize(bytes);
      break;
    } catch {
      // The next one is half as large.
    }
  }
  return socket.getRecvBufferSize();
}
