import type { Random } from '../../../lib/random.ts';

/** Octets of a salt, for DES (RFC 3414 §8.1.1.1) and AES (RFC 3826 §3.1.2.1) alike. */
export const SALT_OCTETS = 8;

/**
 * Salts for encryption: 64 bits, unpredictable at start and then counted up, so that none comes twice
 * under a key while the process lives. One sequence serves all keys.
 */
export interface Salts {
  /** The next salt, in an array that the call after it changes. */
  next(): Uint8Array;
}

/** A sequence with a random start. */
export function newSalts(random: Random): Salts {
  const salt = new Uint8Array(random.bytes(SALT_OCTETS));
  return {
    next: () => {
      for (let at = SALT_OCTETS - 1; at >= 0; at -= 1) {
        salt[at] = (salt[at]! + 1) & 0xff;
        if (salt[at] !== 0) break;
      }
      return salt;
    },
  };
}
