import { ROUND_CONSTANTS } from './constants.ts';

/**
 * The WebAssembly module of lanes.ts, put together in memory. Each word of the hash is a vector with a
 * part for each lane; the eight are at address 0.
 *
 * - `compress(p0, p1, p2, p3)` is the compression function of SHA-256 (FIPS 180-4 §6.2.2) over four
 *   blocks at once, which lie at those addresses.
 * - `writeHex(first, to)` writes the hash of the lane whose first word is at `first` to `to`, in
 *   hexadecimal.
 */
export function lanesModule(): Uint8Array<ArrayBuffer> {
  const functions = [
    body(LOCAL_COUNT, compression()),
    body(HEX_LOCAL_COUNT, [...hexOfHalf(0), ...hexOfHalf(1)]),
  ];
  return Uint8Array.from([
    ...[0, ...text('asm'), 1, 0, 0, 0],
    ...section(1, [functions.length, ...functionOf(LANES), ...functionOf(HEX_PARAMETERS)]),
    ...section(2, [1, ...named('lanes'), ...named('memory'), MEMORY_KIND, 0, 1]),
    ...section(3, [functions.length, 0, 1]),
    ...section(7, [
      functions.length,
      ...[...named('compress'), FUNCTION_KIND, 0],
      ...[...named('writeHex'), FUNCTION_KIND, 1],
    ]),
    ...section(10, [functions.length, ...functions.flat()]),
  ]);
}

/** Takes so many 32-bit numbers and gives nothing. */
function functionOf(parameterCount: number): number[] {
  return [FUNCTION_TYPE, parameterCount, ...Array(parameterCount).fill(I32_TYPE), 0];
}

function body(localCount: number, code: readonly number[]): number[] {
  const content = [1, ...unsigned(localCount), VECTOR_TYPE, ...code, END];
  return [...unsigned(content.length), ...content];
}

const LANES = 4;
const ROUNDS = 64;
const HASH_WORDS = 8;
const BLOCK_WORDS = 16;
const WORD_OCTETS = 4;
const WORD_BITS = 32;
const VECTOR_OCTETS = 16;

// https://webassembly.github.io/spec/core/binary/
const FUNCTION_TYPE = 0x60;
const I32_TYPE = 0x7f;
const VECTOR_TYPE = 0x7b;
const MEMORY_KIND = 2;
const FUNCTION_KIND = 0;
const END = 0x0b;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I32_CONST = 0x41;
const VECTOR_PREFIX = 0xfd;
const VECTOR_LOAD = 0;
const VECTOR_STORE = 11;
const VECTOR_CONST = 12;
const SHUFFLE = 13;
const SWIZZLE = vector(14);
const OCTET_SPLAT = vector(15);
const LOAD_LANE = vector(86);
const OCTETS_SHIFT_RIGHT = vector(109);
const AND = vector(78);
const OR = vector(80);
const XOR = vector(81);
const SHIFT_LEFT = vector(171);
const SHIFT_RIGHT = vector(173);
const ADD = vector(174);

/** Locals: the four addresses, the hash, the block's words, and what is held for a moment. */
const HASH_AT = LANES;
const BLOCK_AT = HASH_AT + HASH_WORDS;
const ROWS_AT = BLOCK_AT + BLOCK_WORDS;
const PAIRS_AT = ROWS_AT + LANES;
const SUM = PAIRS_AT + LANES;
const DIFFERENCE = SUM + 1;
const NEXT_DIFFERENCE = DIFFERENCE + 1;
const LOCAL_COUNT = NEXT_DIFFERENCE + 1 - LANES;

/** Locals of `writeHex`: where from, where to, and what is held for a moment. */
const HEX_PARAMETERS = 2;
const HEX_FROM = 0;
const HEX_TO = 1;
const OCTETS = 2;
const HIGH = 3;
const LOW = 4;
const HEX_LOCAL_COUNT = 3;
const HEX_DIGITS = text('0123456789abcdef');
const HALF_WORDS = HASH_WORDS / 2;
const NIBBLE_BITS = 4;
const NIBBLE = 0x0f;

/** Four words of a lane, which are a vector apart, as 32 digits. */
function hexOfHalf(half: 0 | 1): number[] {
  const words = [0, 1, 2, 3].flatMap((word) => {
    const at = (half * HALF_WORDS + word) * VECTOR_OCTETS;
    return [
      ...get(HEX_FROM),
      ...get(OCTETS),
      ...LOAD_LANE,
      0,
      ...unsigned(at),
      word,
      ...set(OCTETS),
    ];
  });
  const digitsOf = (nibbles: readonly number[]) => {
    return [...vector(VECTOR_CONST), ...HEX_DIGITS, ...nibbles, ...SWIZZLE];
  };
  const masked = [...number(NIBBLE), ...OCTET_SPLAT, ...AND];
  const pairs = (from: number) => {
    const places = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((octet) => [from + octet, 16 + from + octet]);
    return [...get(HEX_TO), ...get(HIGH), ...get(LOW), ...shuffle(places)];
  };
  const to = half * HALF_WORDS * WORD_OCTETS * 2;
  return [
    ...words,
    ...[...get(OCTETS), ...get(OCTETS), ...shuffle(SWAPPED), ...set(OCTETS)],
    ...digitsOf([...get(OCTETS), ...number(NIBBLE_BITS), ...OCTETS_SHIFT_RIGHT]),
    ...set(HIGH),
    ...digitsOf([...get(OCTETS), ...masked]),
    ...set(LOW),
    ...[...pairs(0), ...store(to), ...pairs(8), ...store(to + VECTOR_OCTETS)],
  ];
}

function compression(): number[] {
  const code: number[] = [];
  for (let quarter = 0; quarter < BLOCK_WORDS / LANES; quarter += 1) append(code, words(quarter));
  for (let word = 0; word < HASH_WORDS; word += 1) {
    append(code, [...number(0), ...load(word * VECTOR_OCTETS), ...set(HASH_AT + word)]);
  }
  append(code, [...get(HASH_AT + 1), ...get(HASH_AT + 2), ...XOR, ...set(DIFFERENCE)]);
  let hash = Array.from({ length: HASH_WORDS }, (_, word) => HASH_AT + word);
  for (let place = 0; place < ROUNDS; place += 1) {
    if (place >= BLOCK_WORDS) append(code, schedule(place));
    append(code, round(place, hash));
    hash = [hash.at(-1)!, ...hash.slice(0, -1)];
  }
  for (const [word, local] of hash.entries()) {
    const at = word * VECTOR_OCTETS;
    append(code, [...number(0), ...number(0), ...load(at), ...get(local), ...ADD, ...store(at)]);
  }
  return code;
}

/** Four words of all blocks, from big-endian octets, and a vector for each word instead of each block. */
function words(quarter: number): number[] {
  const rows = [0, 1, 2, 3].flatMap((lane) => {
    const vectorOfLane = [...get(lane), ...load(quarter * VECTOR_OCTETS)];
    return [...vectorOfLane, ...vectorOfLane, ...shuffle(SWAPPED), ...set(ROWS_AT + lane)];
  });
  const mix = (from: number, places: readonly number[], to: number) => {
    return [...get(from), ...get(from + 1), ...shuffle(octetsOf(places)), ...set(to)];
  };
  const cross = (from: number, places: readonly number[], to: number) => {
    return [...get(from), ...get(from + 2), ...shuffle(octetsOf(places)), ...set(to)];
  };
  const to = BLOCK_AT + quarter * LANES;
  return [
    ...rows,
    ...mix(ROWS_AT, [0, 4, 1, 5], PAIRS_AT),
    ...mix(ROWS_AT, [2, 6, 3, 7], PAIRS_AT + 1),
    ...mix(ROWS_AT + 2, [0, 4, 1, 5], PAIRS_AT + 2),
    ...mix(ROWS_AT + 2, [2, 6, 3, 7], PAIRS_AT + 3),
    ...cross(PAIRS_AT, [0, 1, 4, 5], to),
    ...cross(PAIRS_AT, [2, 3, 6, 7], to + 1),
    ...cross(PAIRS_AT + 1, [0, 1, 4, 5], to + 2),
    ...cross(PAIRS_AT + 1, [2, 3, 6, 7], to + 3),
  ];
}

/** W[t] = σ1(W[t-2]) + W[t-7] + σ0(W[t-15]) + W[t-16], in the place of W[t-16]. */
function schedule(place: number): number[] {
  const word = (back: number) => BLOCK_AT + ((place - back) % BLOCK_WORDS);
  return [
    ...[...get(word(16)), ...get(word(7)), ...ADD],
    ...[...rotated(word(15), 7), ...rotated(word(15), 18), ...XOR, ...shifted(word(15), 3)],
    ...[...XOR, ...ADD],
    ...[...rotated(word(2), 17), ...rotated(word(2), 19), ...XOR, ...shifted(word(2), 10)],
    ...[...XOR, ...ADD, ...set(word(16))],
  ];
}

/** One round; what was `d` and `h` before is `e` and `a` after it. */
function round(place: number, hash: readonly number[]): number[] {
  const [a, b, , d, e, f, g, h] = hash as Eight;
  return [
    ...[...get(h), ...get(BLOCK_AT + (place % BLOCK_WORDS)), ...constant(place), ...ADD, ...ADD],
    ...[...rotated(e, 6), ...rotated(e, 11), ...XOR, ...rotated(e, 25), ...XOR, ...ADD],
    // Ch(e, f, g) as g ⊕ (e ∧ (f ⊕ g)).
    ...[...get(g), ...get(e), ...get(f), ...get(g), ...XOR, ...AND, ...XOR, ...ADD],
    ...[...tee(SUM), ...get(d), ...ADD, ...set(d), ...get(SUM)],
    // Maj(a, b, c) as b ⊕ ((a ⊕ b) ∧ (b ⊕ c)); a ⊕ b is the b ⊕ c of the next round.
    ...[...get(b), ...get(a), ...get(b), ...XOR, ...tee(NEXT_DIFFERENCE)],
    ...[...get(DIFFERENCE), ...AND, ...XOR, ...ADD],
    ...[...rotated(a, 2), ...rotated(a, 13), ...XOR, ...rotated(a, 22), ...XOR, ...ADD],
    ...[...set(h), ...get(NEXT_DIFFERENCE), ...set(DIFFERENCE)],
  ];
}

type Eight = [number, number, number, number, number, number, number, number];

const SWAPPED = [0, 1, 2, 3].flatMap((word) => octetsOf([word]).reverse());

/** Which octets of two vectors make one whose words come from these places. */
function octetsOf(places: readonly number[]): number[] {
  return places.flatMap((place) => [0, 1, 2, 3].map((octet) => place * WORD_OCTETS + octet));
}

function rotated(local: number, bits: number): number[] {
  const low = [...get(local), ...number(bits), ...SHIFT_RIGHT];
  return [...low, ...get(local), ...number(WORD_BITS - bits), ...SHIFT_LEFT, ...OR];
}

function shifted(local: number, bits: number): number[] {
  return [...get(local), ...number(bits), ...SHIFT_RIGHT];
}

function constant(place: number): number[] {
  const value = ROUND_CONSTANTS[place]!;
  const octets = [0, 8, 16, 24].map((bits) => (value >>> bits) & 0xff);
  return [...vector(VECTOR_CONST), ...octets, ...octets, ...octets, ...octets];
}

function shuffle(octets: readonly number[]): number[] {
  return [...vector(SHUFFLE), ...octets];
}

function load(offset: number): number[] {
  return [...vector(VECTOR_LOAD), 0, ...unsigned(offset)];
}

function store(offset: number): number[] {
  return [...vector(VECTOR_STORE), 0, ...unsigned(offset)];
}

function vector(operation: number): number[] {
  return [VECTOR_PREFIX, ...unsigned(operation)];
}

function get(local: number): number[] {
  return [LOCAL_GET, local];
}

function set(local: number): number[] {
  return [LOCAL_SET, local];
}

function tee(local: number): number[] {
  return [LOCAL_TEE, local];
}

/** Small enough for one octet of signed LEB128. */
function number(value: number): number[] {
  return [I32_CONST, value];
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

function named(name: string): number[] {
  return [name.length, ...text(name)];
}

function text(ascii: string): number[] {
  return Array.from(Buffer.from(ascii));
}

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const octets: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) octets.push((rest & 0x7f) | 0x80);
  return [...octets, rest];
}

function append(code: number[], more: readonly number[]): void {
  for (const octet of more) code.push(octet);
}
