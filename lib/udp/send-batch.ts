import {
  type AddressOf,
  type MessageVector,
  messageVector,
  NAME_LENGTH_AT,
  setField,
  setPayloadLength,
} from './message-vector.ts';
import { SOCKET_ADDRESS_OCTETS } from './socket-address.ts';

/** Datagrams on their way out, copied in so that whoever sends may change his octets at once. */
export class SendBatch {
  readonly vector: MessageVector;
  /** Datagrams it can hold. */
  readonly capacity: number;
  readonly mostOctets: number;
  readonly #payloads: Uint8Array;
  readonly #names: Uint8Array;
  #count = 0;

  constructor(capacity: number, mostOctets: number, addressOf: AddressOf) {
    this.capacity = capacity;
    this.mostOctets = mostOctets;
    this.#payloads = new Uint8Array(capacity * mostOctets);
    this.#names = new Uint8Array(capacity * SOCKET_ADDRESS_OCTETS);
    const places = Array.from({ length: capacity }, (_, number) => ({
      payload: [this.#payloads.subarray(number * mostOctets, (number + 1) * mostOctets)],
      name: this.#names.subarray(
        number * SOCKET_ADDRESS_OCTETS,
        (number + 1) * SOCKET_ADDRESS_OCTETS,
      ),
      control: null,
    }));
    this.vector = messageVector(places, addressOf);
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count === this.capacity;
  }

  /** Adds a datagram of at most `mostOctets`; there must be room. */
  add(octets: Uint8Array, socketAddress: Uint8Array): void {
    const number = this.#count;
    this.#payloads.set(octets, number * this.mostOctets);
    this.#names.set(socketAddress, number * SOCKET_ADDRESS_OCTETS);
    setField(this.vector, number, NAME_LENGTH_AT, socketAddress.length);
    setPayloadLength(this.vector, number, octets.length);
    this.#count += 1;
  }

  clear(): void {
    this.#count = 0;
  }
}
