import { renderValue } from '../lib/metric-def.ts';

const DIGIT_0 = 0x30;
const DOT = 0x2e;
const TEN_TO_9 = 1_000_000_000;
const DIGITS_OF_9 = 9;
/** JavaScript writes smaller numbers with an exponent. */
const LEAST_PLAIN_FRACTION = 1e-6;

/** The digits of 00 to 99: two at a time take half as long. */
const PAIRS = Uint8Array.from({ length: 200 }, (_, place) => {
  const number = place >> 1;
  return DIGIT_0 + (place % 2 === 0 ? Math.floor(number / 10) : number % 10);
});

/** No number takes more octets. */
export const LONGEST_NUMBER = 32;

/**
 * Puts a number into `octets` as JavaScript writes it, and gives the place behind it: naturals and
 * fractions of few digits, which are most of what there is, without making a text of them.
 */
export function putNumber(octets: Buffer, at: number, value: number): number {
  if (value >= 0 && value <= Number.MAX_SAFE_INTEGER && Number.isInteger(value)) {
    return putNatural(octets, at, value);
  }
  if (value >= LEAST_PLAIN_FRACTION && value < 1) {
    const billionths = Math.round(value * TEN_TO_9);
    // The nearest double to that decimal fraction, by IEEE 754.
    if (billionths / TEN_TO_9 === value) return putFraction(octets, at, billionths);
  }
  return at + octets.write(renderValue(value), at);
}

function putFraction(octets: Uint8Array, at: number, billionths: number): number {
  octets[at] = DIGIT_0;
  octets[at + 1] = DOT;
  let end = putDigits(octets, at + 2, billionths, DIGITS_OF_9);
  while (octets[end - 1] === DIGIT_0) end -= 1;
  return end;
}

function putNatural(octets: Uint8Array, at: number, value: number): number {
  if (value < 10) {
    octets[at] = DIGIT_0 + value;
    return at + 1;
  }
  if (value < TEN_TO_9) return putDigits(octets, at, value, digitsOf(value));
  const high = Math.floor(value / TEN_TO_9);
  return putDigits(octets, putNatural(octets, at, high), value - high * TEN_TO_9, DIGITS_OF_9);
}

function putDigits(octets: Uint8Array, at: number, value: number, count: number): number {
  let rest = value | 0;
  let place = at + count;
  for (; place >= at + 2; place -= 2) {
    const hundredth = (rest / 100) | 0;
    const pair = (rest - hundredth * 100) * 2;
    octets[place - 1] = PAIRS[pair + 1]!;
    octets[place - 2] = PAIRS[pair]!;
    rest = hundredth;
  }
  if (place > at) octets[at] = DIGIT_0 + rest;
  return at + count;
}

function digitsOf(number: number): number {
  let count = 1;
  for (let limit = 10; number >= limit; limit *= 10) count += 1;
  return count;
}
