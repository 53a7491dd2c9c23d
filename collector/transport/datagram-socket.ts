import type { Destination } from './destination.ts';

/** A UDP socket for many devices, one datagram or many to a system call. */
export interface DatagramSocket {
  /** null while it is not open. */
  readonly localPort: number | null;
  /**
   * Sends a copy of `octets` now, or together with others before the present turn of the event loop
   * is over. `onError` is told the name of the errno when the system refuses at once.
   */
  send(octets: Uint8Array, to: Destination, onError: SendErrorListener | null): void;
  close(): void;
}

export type SendErrorListener = (code: string) => void;

/** What a socket tells whoever opened it. */
export interface DatagramListener {
  /** It is open, with a receive buffer of so many bytes as the system counts them. */
  opened(receiveBufferBytes: number): void;
  /**
   * `octets` and `sender` are valid during the call only. `ageMs` is how long the datagram had been
   * waiting in the system's buffer, 0 where the system does not tell.
   */
  received(octets: Uint8Array, sender: Sender, ageMs: number): void;
  /** It will never work, or no more; told once. */
  failed(code: string): void;
  /** Whether replies are awaited, so that it is worth looking for them often. */
  isExpecting(): boolean;
}

/** Where a datagram came from. */
export interface Sender {
  readonly address: string;
  readonly port: number;
  /** Whether it is that address and port. */
  isAt(destination: Destination): boolean;
}

/** Opens a socket of a family; it opens at once or a little later. */
export type OpenDatagramSocket = (
  family: Destination['family'],
  wantedReceiveBytes: number,
  listener: DatagramListener,
) => DatagramSocket;
