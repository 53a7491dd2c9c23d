/**
 * The memory that `sendmmsg(2)` and `recvmmsg(2)` work on: an array of `struct mmsghdr` with as many
 * `struct iovec` as a payload has parts, as Linux lays them out on 64-bit machines.
 */

export const HEADER_OCTETS = 64;
const IOVEC_OCTETS = 16;

/** Offsets in a header, in octets. */
export const NAME_LENGTH_AT = 8;
export const CONTROL_LENGTH_AT = 40;
export const MESSAGE_LENGTH_AT = 56;
const NAME_AT = 0;
const IOVEC_AT = 16;
const IOVEC_COUNT_AT = 24;
const CONTROL_AT = 32;
const IOVEC_LENGTH_AT = 8;

const LITTLE_ENDIAN = true;

/** Where octets of a buffer are in memory; they stay there for as long as the buffer is referenced. */
export type AddressOf = (octets: Uint8Array) => bigint;

/** Fixed places for the parts of one message. */
export interface MessagePlaces {
  /** Filled one after the other. */
  readonly payload: readonly Uint8Array[];
  readonly name: Uint8Array;
  readonly control: Uint8Array | null;
}

export interface MessageVector {
  /** The headers: what the system calls are given. */
  readonly headers: Uint8Array;
  /** On `headers`. */
  readonly fields: DataView;
  /** On the iovecs, entries of 16 octets, all parts of a message side by side. */
  readonly iovecs: DataView;
}

/** A vector whose messages lie at these places for ever. */
export function messageVector(
  places: readonly MessagePlaces[],
  addressOf: AddressOf,
): MessageVector {
  const partCount = places[0]?.payload.length ?? 0;
  const headers = new Uint8Array(places.length * HEADER_OCTETS);
  const iovecOctets = new Uint8Array(places.length * partCount * IOVEC_OCTETS);
  const fields = new DataView(headers.buffer);
  const iovecs = new DataView(iovecOctets.buffer);
  const iovecsAddress = addressOf(iovecOctets);
  for (const [number, { payload, name, control }] of places.entries()) {
    const at = number * HEADER_OCTETS;
    const iovecAt = number * partCount * IOVEC_OCTETS;
    fields.setBigUint64(at + NAME_AT, addressOf(name), LITTLE_ENDIAN);
    fields.setUint32(at + NAME_LENGTH_AT, name.length, LITTLE_ENDIAN);
    fields.setBigUint64(at + IOVEC_AT, iovecsAddress + BigInt(iovecAt), LITTLE_ENDIAN);
    fields.setUint32(at + IOVEC_COUNT_AT, partCount, LITTLE_ENDIAN);
    if (control !== null) {
      fields.setBigUint64(at + CONTROL_AT, addressOf(control), LITTLE_ENDIAN);
      fields.setUint32(at + CONTROL_LENGTH_AT, control.length, LITTLE_ENDIAN);
    }
    for (const [place, part] of payload.entries()) {
      const partAt = iovecAt + place * IOVEC_OCTETS;
      iovecs.setBigUint64(partAt, addressOf(part), LITTLE_ENDIAN);
      iovecs.setUint32(partAt + IOVEC_LENGTH_AT, part.length, LITTLE_ENDIAN);
    }
  }
  return { headers, fields, iovecs };
}

/** Sets how many octets message `number`, of one part, has to send. */
export function setPayloadLength({ iovecs }: MessageVector, number: number, octets: number): void {
  iovecs.setUint32(number * IOVEC_OCTETS + IOVEC_LENGTH_AT, octets, LITTLE_ENDIAN);
}

/** Writes a 32-bit field of message `number`, at one of the offsets above. */
export function setField(
  { fields }: MessageVector,
  number: number,
  at: number,
  value: number,
): void {
  fields.setUint32(number * HEADER_OCTETS + at, value, LITTLE_ENDIAN);
}

/** Reads a 32-bit field of message `number`, at one of the offsets above. */
export function fieldOf({ fields }: MessageVector, number: number, at: number): number {
  return fields.getUint32(number * HEADER_OCTETS + at, LITTLE_ENDIAN);
}
