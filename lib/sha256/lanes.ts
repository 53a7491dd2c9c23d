import { INITIAL_HASH } from './constants.ts';
import { lanesModule } from './lanes-code.ts';

export const LANES = 4;
export const BLOCK_OCTETS = 64;
/** What a message can need behind it for its padding: a one, zeros, and its length (FIPS 180-4 §5.1.1). */
export const PADDING_OCTETS = BLOCK_OCTETS + 8;
const SHORTEST_PADDING = 9;
/** Where memory is free for messages; before it lie the hashes. */
export const FREE_FROM = 1024;

const WORDS = 8;
const WORD_OCTETS = 4;
const PAGE_OCTETS = 65_536;

interface LanesExports {
  compress(p0: number, p1: number, p2: number, p3: number): void;
  writeHex(first: number, to: number): void;
}

/**
 * SHA-256 of four messages side by side: node:crypto costs three times as much for messages of a few
 * hundred octets, nearly all of it for the call. Whoever uses it lays padded messages into memory and
 * feeds their blocks, one of each lane at a time; lanes begin and end when they like.
 */
export class Sha256Lanes {
  readonly #memory: WebAssembly.Memory;
  readonly #exports: LanesExports;
  #hashes: Uint32Array;
  /** The memory, until `reserve` grows it. */
  octets: Uint8Array;

  private constructor(memory: WebAssembly.Memory, exports: LanesExports) {
    this.#memory = memory;
    this.#exports = exports;
    this.octets = new Uint8Array(memory.buffer);
    this.#hashes = new Uint32Array(memory.buffer, 0, WORDS * LANES);
  }

  /** Null where this machine has no WebAssembly with vectors. */
  static open(): Sha256Lanes | null {
    const code = lanesModule();
    if (!WebAssembly.validate(code)) return null;
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(code), {
      lanes: { memory },
    });
    return new Sha256Lanes(memory, exports as unknown as LanesExports);
  }

  /** Makes the memory at least this large. What is in it stays, in another array. */
  reserve(octetCount: number): void {
    const missing = octetCount - this.octets.length;
    if (missing <= 0) return;
    this.#memory.grow(Math.ceil(missing / PAGE_OCTETS));
    this.octets = new Uint8Array(this.#memory.buffer);
    this.#hashes = new Uint32Array(this.#memory.buffer, 0, WORDS * LANES);
  }

  /** Begins a message in a lane. */
  start(lane: number): void {
    const hashes = this.#hashes;
    for (let word = 0; word < WORDS; word += 1) hashes[word * LANES + lane] = INITIAL_HASH[word]!;
  }

  /**
   * Writes the padding behind a message of `length` octets that ends before `end`, where there must be
   * PADDING_OCTETS of zeros behind the first octet, and tells how many blocks it then has.
   */
  pad(end: number, length: number): number {
    const { octets } = this;
    const blocks = Math.ceil((length + SHORTEST_PADDING) / BLOCK_OCTETS);
    const blockEnd = end - length + blocks * BLOCK_OCTETS;
    const bits = length * 8;
    octets[end] = 0x80;
    octets[blockEnd - 1] = bits & 0xff;
    octets[blockEnd - 2] = (bits >>> 8) & 0xff;
    octets[blockEnd - 3] = (bits >>> 16) & 0xff;
    octets[blockEnd - 4] = bits >>> 24;
    return blocks;
  }

  /** Takes in the block of each lane that lies at its address. */
  compress(p0: number, p1: number, p2: number, p3: number): void {
    this.#exports.compress(p0, p1, p2, p3);
  }

  /** Writes the hash of a lane, in hexadecimal, into the 64 octets from `at` on. */
  writeHex(lane: number, at: number): void {
    this.#exports.writeHex(lane * WORD_OCTETS, at);
  }
}
