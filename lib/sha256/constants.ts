/**
 * The constants of SHA-256, worked out from what FIPS 180-4 says they are: the first 32 bits of the
 * fractional parts of the square roots (§5.3.3) and cube roots (§4.2.2) of the first prime numbers.
 */

const ROUNDS = 64;
const WORDS = 8;
const WORD_BITS = 32n;
const WORD_MASK = 0xffff_ffffn;

const PRIMES = firstPrimes(ROUNDS);

/** The hash before the first block. */
export const INITIAL_HASH: readonly number[] = PRIMES.slice(0, WORDS).map((prime) =>
  fractionOfRoot(prime, 2n),
);

/** One for each round. */
export const ROUND_CONSTANTS: readonly number[] = PRIMES.map((prime) => fractionOfRoot(prime, 3n));

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}

function fractionOfRoot(value: number, degree: bigint): number {
  const scaled = BigInt(value) << (WORD_BITS * degree);
  let [low, high] = [0n, BigInt(value) << WORD_BITS];
  // The largest whole number whose power is not above the scaled value.
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** degree <= scaled) low = middle;
    else high = middle - 1n;
  }
  return Number(low & WORD_MASK);
}
