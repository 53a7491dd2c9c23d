import type { Random } from '../../lib/random.ts';

/**
 * Ids of requests and v3 messages: unpredictable from outside (random start and step), and each
 * only again after all others of the range. All are positive and take exactly four octets, the
 * shortest form of a number with a non-zero first octet below 0x80 (X.690 §8.3.2).
 */
export interface RequestIds {
  next(): number;
}

export const SMALLEST_REQUEST_ID = 0x0100_0000;
const LARGEST_REQUEST_ID = 0x7fff_ffff;
/** 127 · 2^24. */
const RANGE = LARGEST_REQUEST_ID - SMALLEST_REQUEST_ID + 1;
/** The only prime factors of the range are 2 and this. */
const ODD_FACTOR_OF_RANGE = 127;

/** A sequence of its own; every try of every request takes the next one. */
export function newRequestIds(random: Random): RequestIds {
  let place = randomBelowRange(random);
  let step = 0;
  // Without a common factor with the range the steps visit every id before one comes again.
  do step = randomBelowRange(random) | 1;
  while (step % ODD_FACTOR_OF_RANGE === 0 || step >= RANGE);
  return {
    next: () => {
      place = (place + step) % RANGE;
      return SMALLEST_REQUEST_ID + place;
    },
  };
}

function randomBelowRange(random: Random): number {
  const octets = random.bytes(4);
  return new DataView(octets.buffer, octets.byteOffset).getUint32(0) % RANGE;
}
