import {
  type AddressOf,
  CONTROL_LENGTH_AT,
  fieldOf,
  MESSAGE_LENGTH_AT,
  type MessageVector,
  messageVector,
  NAME_LENGTH_AT,
  setField,
} from './message-vector.ts';
import { addressAt, isSameSocketAddress, portAt, SOCKET_ADDRESS_OCTETS } from './socket-address.ts';

/** Datagrams to one system call. */
export const BATCH_SIZE = 64;
/** What fits an Ethernet frame lies close together, which the processor's caches reward. */
const USUAL_OCTETS = 2048;
/** The rest of a longer one; no UDP payload is longer. Pages that nothing ever fills take no memory. */
const REST_OCTETS = 65_536 - USUAL_OCTETS;
/** A header of 16 octets and a `struct timespec`, with room to spare. */
const CONTROL_OCTETS = 64;
/** `struct cmsghdr`: length, level, type, data. */
const CONTROL_LEVEL_AT = 8;
const CONTROL_TYPE_AT = 12;
const CONTROL_SECONDS_AT = 16;
const CONTROL_NANOSECONDS_AT = 24;
const SOL_SOCKET = 1;
const SCM_TIMESTAMPNS = 35;

const LITTLE_ENDIAN = true;

/** What one `receive` brought: payloads, senders and times. It is filled again by the next one. */
export class ReceiveBatch {
  readonly vector: MessageVector;
  readonly #usual: Uint8Array;
  readonly #rest: Uint8Array;
  /** Where a long payload is put together. */
  readonly #whole = new Uint8Array(USUAL_OCTETS + REST_OCTETS);
  readonly #names: Uint8Array;
  readonly #control: DataView;

  constructor(addressOf: AddressOf) {
    this.#usual = new Uint8Array(BATCH_SIZE * USUAL_OCTETS);
    this.#rest = new Uint8Array(BATCH_SIZE * REST_OCTETS);
    this.#names = new Uint8Array(BATCH_SIZE * SOCKET_ADDRESS_OCTETS);
    const control = new Uint8Array(BATCH_SIZE * CONTROL_OCTETS);
    this.#control = new DataView(control.buffer);
    const part = (whole: Uint8Array, number: number, octets: number) =>
      whole.subarray(number * octets, (number + 1) * octets);
    const places = Array.from({ length: BATCH_SIZE }, (_, number) => ({
      payload: [part(this.#usual, number, USUAL_OCTETS), part(this.#rest, number, REST_OCTETS)],
      name: part(this.#names, number, SOCKET_ADDRESS_OCTETS),
      control: part(control, number, CONTROL_OCTETS),
    }));
    this.vector = messageVector(places, addressOf);
  }

  /** Makes the first `count` places ready to be filled again: the system has shortened them. */
  reuse(count: number): void {
    for (let number = 0; number < count; number += 1) {
      setField(this.vector, number, NAME_LENGTH_AT, SOCKET_ADDRESS_OCTETS);
      setField(this.vector, number, CONTROL_LENGTH_AT, CONTROL_OCTETS);
    }
  }

  /** A view of datagram `number`, valid until the next `payload` or `receive`. */
  payload(number: number): Uint8Array {
    const length = fieldOf(this.vector, number, MESSAGE_LENGTH_AT);
    const at = number * USUAL_OCTETS;
    if (length <= USUAL_OCTETS) return this.#usual.subarray(at, at + length);
    const restAt = number * REST_OCTETS;
    this.#whole.set(this.#usual.subarray(at, at + USUAL_OCTETS));
    this.#whole.set(this.#rest.subarray(restAt, restAt + length - USUAL_OCTETS), USUAL_OCTETS);
    return this.#whole.subarray(0, length);
  }

  isFrom(number: number, socketAddress: Uint8Array): boolean {
    return isSameSocketAddress(this.#names, number * SOCKET_ADDRESS_OCTETS, socketAddress);
  }

  senderAddress(number: number): string {
    return addressAt(this.#names, number * SOCKET_ADDRESS_OCTETS);
  }

  senderPort(number: number): number {
    return portAt(this.#names, number * SOCKET_ADDRESS_OCTETS);
  }

  /** When the system took it in, on `UdpCalls.receiveClockMs`; null when it does not tell. */
  arrivedMs(number: number): number | null {
    const at = number * CONTROL_OCTETS;
    const isTime =
      fieldOf(this.vector, number, CONTROL_LENGTH_AT) >= CONTROL_NANOSECONDS_AT + 8 &&
      this.#control.getInt32(at + CONTROL_LEVEL_AT, LITTLE_ENDIAN) === SOL_SOCKET &&
      this.#control.getInt32(at + CONTROL_TYPE_AT, LITTLE_ENDIAN) === SCM_TIMESTAMPNS;
    if (!isTime) return null;
    // Seconds fit 53 bits for a long while: the low half and a little of the high one.
    const low = this.#control.getUint32(at + CONTROL_SECONDS_AT, LITTLE_ENDIAN);
    const high = this.#control.getUint32(at + CONTROL_SECONDS_AT + 4, LITTLE_ENDIAN);
    const nanoseconds = this.#control.getUint32(at + CONTROL_NANOSECONDS_AT, LITTLE_ENDIAN);
    return (high * 4_294_967_296 + low) * 1000 + nanoseconds / 1_000_000;
  }
}
