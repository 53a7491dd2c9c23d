import { randomBytes, randomInt } from 'node:crypto';

/** The only source of chance. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `count` octets; from the operating system's generator in production. */
  bytes(count: number): Uint8Array;
}

const FRACTION_STEPS = 2 ** 47;

export const systemRandom: Random = {
  next: () => randomInt(FRACTION_STEPS) / FRACTION_STEPS,
  bytes: (count) => randomBytes(count),
};

/** mulberry32: the same seed gives the same sequence on every machine. For tests and simulation, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)),
  };
}
