import type { Random } from '../../lib/random.ts';

/**
 * Ids of requests and v3 messages, each drawn by itself: whoever knows some of them, like a device
 * that was asked, knows nothing of the others. All are positive and take exactly four octets, the
 * shortest form of a number with a non-zero first octet below 0x80 (X.690 §8.3.2). One may come
 * again, once in two thousand million; who waits for several replies at once looks to that.
 */
export interface RequestIds {
  next(): number;
}

export const SMALLEST_REQUEST_ID = 0x0100_0000;
const LARGEST_REQUEST_ID = 0x7fff_ffff;
const RANGE = LARGEST_REQUEST_ID - SMALLEST_REQUEST_ID + 1;

/** Drawn at once, because one draw costs as much as a thousand. */
const DRAWN_AT_ONCE = 1024;
const ID_OCTETS = 4;

/** A sequence of its own; every try of every request takes the next one. */
export function newRequestIds(random: Random): RequestIds {
  let drawn: DataView = new DataView(new ArrayBuffer(0));
  let at = 0;
  return {
    next() {
      if (at === drawn.byteLength) {
        const octets = random.bytes(DRAWN_AT_ONCE * ID_OCTETS);
        drawn = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
        at = 0;
      }
      const number = drawn.getUint32(at);
      at += ID_OCTETS;
      return SMALLEST_REQUEST_ID + (number % RANGE);
    },
  };
}
