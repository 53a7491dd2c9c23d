import {
  BLOCK_OCTETS,
  FREE_FROM,
  LANES,
  PADDING_OCTETS,
  Sha256Lanes,
} from '../lib/sha256/lanes.ts';

/** Consecutive entries of a chain, as the text that each one's hash covers behind the hash before it. */
export interface ChainStretch {
  readonly first: number;
  readonly entryCount: number;
  /** As they are stored: the hash of the entry before the first, and of the last. */
  readonly hashBefore: string;
  readonly hashOfLast: string;
  /** The texts with ENTRY_END between them; an empty one stands for an entry that `HashOf` knows. */
  readonly texts: Uint8Array<ArrayBuffer>;
}

/** The hash of an entry that is too long to be read with others, given the hash before it. */
export type HashOf = (sequence: number, hashBefore: string) => string;

export const LINE_FEED = 0x0a;
/** What stands between texts: no JSON has a line feed in it, and SHA-256 wants room behind a message. */
export const ENTRY_END = `\n${'\0'.repeat(PADDING_OCTETS)}`;

/** No text ends before that many octets. */
const SHORTEST_TEXT = 40;
/** The hash before an entry, in hexadecimal, is just the first block of what its own hash covers. */
const HASH_OCTETS = BLOCK_OCTETS;
const TEXTS_FROM = FREE_FROM + LANES * HASH_OCTETS;

/**
 * Proves stretches of a chain side by side, as many as there are lanes. Each must lead from the hash
 * before it to the hash of its last entry: stretches that follow each other then prove one chain.
 */
export class ChainLanes {
  readonly #sha: Sha256Lanes;
  readonly #hashOf: HashOf;
  #octets: Buffer;
  /** Of each lane: the entry it is at, how many follow, and where its texts end. */
  readonly #sequence = new Float64Array(LANES);
  readonly #entriesLeft = new Int32Array(LANES);
  readonly #laneEnd = new Int32Array(LANES);
  /** Where the text of that entry begins and ends, its block, and how many it still has. */
  readonly #textFrom = new Int32Array(LANES);
  readonly #textEnd = new Int32Array(LANES);
  readonly #block = new Int32Array(LANES);
  readonly #blocksLeft = new Int32Array(LANES);

  private constructor(sha: Sha256Lanes, hashOf: HashOf) {
    this.#sha = sha;
    this.#hashOf = hashOf;
    this.#octets = Buffer.from(sha.octets.buffer);
  }

  /** Null where this machine cannot; entries are then proven one after the other. */
  static open(hashOf: HashOf): ChainLanes | null {
    const sha = Sha256Lanes.open();
    return sha === null ? null : new ChainLanes(sha, hashOf);
  }

  /** Whether every stretch is what was written. */
  prove(stretches: readonly ChainStretch[]): boolean {
    this.#lay(stretches);
    let running = 0;
    for (let lane = 0; lane < LANES; lane += 1) if (this.#startEntry(lane)) running += 1;
    const [block, blocksLeft] = [this.#block, this.#blocksLeft];
    while (running > 0) {
      this.#sha.compress(block[0]!, block[1]!, block[2]!, block[3]!);
      for (let lane = 0; lane < LANES; lane += 1) {
        const left = blocksLeft[lane]!;
        if (left === 0) continue;
        blocksLeft[lane] = left - 1;
        if (left > 1) {
          const at = block[lane]!;
          block[lane] = at < TEXTS_FROM ? this.#textFrom[lane]! : at + BLOCK_OCTETS;
        } else if (!this.#endEntry(lane)) running -= 1;
      }
    }
    return stretches.every((stretch, lane) => this.#isProven(stretch, lane));
  }

  #lay(stretches: readonly ChainStretch[]): void {
    const needed = stretches.reduce((sum, { texts }) => sum + texts.length + ENTRY_END.length, 0);
    this.#sha.reserve(TEXTS_FROM + needed);
    this.#octets = Buffer.from(this.#sha.octets.buffer);
    let at = TEXTS_FROM;
    for (let lane = 0; lane < LANES; lane += 1) {
      const stretch = stretches[lane];
      this.#block[lane] = hashAt(lane);
      this.#textFrom[lane] = at;
      this.#entriesLeft[lane] = stretch?.entryCount ?? 0;
      this.#sequence[lane] = (stretch?.first ?? 0) - 1;
      if (stretch !== undefined) {
        this.#octets.set(stretch.texts, at);
        this.#octets.write(ENTRY_END, at + stretch.texts.length, 'latin1');
        at += stretch.texts.length + ENTRY_END.length;
        this.#octets.write(stretch.hashBefore, hashAt(lane), HASH_OCTETS, 'latin1');
      }
      this.#laneEnd[lane] = at;
    }
  }

  /** Begins the next entry of a lane that is to be hashed here; false when there is none. */
  #startEntry(lane: number): boolean {
    for (;;) {
      const left = this.#entriesLeft[lane]!;
      const from = this.#textFrom[lane]!;
      if (left === 0 || from >= this.#laneEnd[lane]!) return false;
      this.#entriesLeft[lane] = left - 1;
      this.#sequence[lane]! += 1;
      if (this.#octets[from] === LINE_FEED) {
        const hash = this.#hashOf(this.#sequence[lane]!, this.#hashIn(lane));
        this.#octets.write(hash, hashAt(lane), HASH_OCTETS, 'latin1');
        this.#textFrom[lane] = from + ENTRY_END.length;
        continue;
      }
      const end = this.#octets.indexOf(LINE_FEED, from + SHORTEST_TEXT);
      const length = HASH_OCTETS + end - from;
      this.#textEnd[lane] = end;
      this.#sha.start(lane);
      this.#blocksLeft[lane] = this.#sha.pad(end, length);
      this.#block[lane] = hashAt(lane);
      return true;
    }
  }

  /** Its hash is known: it is the first block of the next. */
  #endEntry(lane: number): boolean {
    this.#sha.writeHex(lane, hashAt(lane));
    this.#textFrom[lane] = this.#textEnd[lane]! + ENTRY_END.length;
    return this.#startEntry(lane);
  }

  /** No entry is left and no text either: a line feed inside an entry would have made one more. */
  #isProven({ hashOfLast }: ChainStretch, lane: number): boolean {
    const isAtEnd = this.#entriesLeft[lane] === 0 && this.#textFrom[lane] === this.#laneEnd[lane];
    return isAtEnd && this.#hashIn(lane) === hashOfLast;
  }

  #hashIn(lane: number): string {
    return this.#octets.toString('latin1', hashAt(lane), hashAt(lane) + HASH_OCTETS);
  }
}

function hashAt(lane: number): number {
  return FREE_FROM + lane * HASH_OCTETS;
}
