/** What makes values the same: arrays of numbers of equal kind, length and content. */
type Numbers = Uint8Array | Uint16Array | Uint32Array;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const WORD_OCTETS = 4;
const HALF_BITS = 16;
/** Up to this many a loop is sooner done than a view is made. */
const FEW_NUMBERS = 64;
/** Between two looks for values that nobody holds any more. */
const SHARES_BETWEEN_SWEEPS = 10_000;

/**
 * One of several equal values, for all who hold one: devices of one kind have the same rows and are
 * asked the same. A value that nobody holds is forgotten.
 */
export class InternPool<Value extends object> {
  readonly #contentOf: (value: Value) => readonly Numbers[];
  readonly #values = new Map<number, WeakRef<Value>[]>();
  #untilSweep = SHARES_BETWEEN_SWEEPS;

  constructor(contentOf: (value: Value) => readonly Numbers[]) {
    this.#contentOf = contentOf;
  }

  /** The value, or the one that is equal to it and was there before. */
  share(value: Value): Value {
    this.#untilSweep -= 1;
    if (this.#untilSweep === 0) this.#sweep();
    const content = this.#contentOf(value);
    const hash = hashOf(content);
    const known = this.#values.get(hash) ?? [];
    for (const reference of known) {
      const other = reference.deref();
      if (other !== undefined && areSame(content, this.#contentOf(other))) return other;
    }
    const held = known.filter((reference) => reference.deref() !== undefined);
    this.#values.set(hash, [...held, new WeakRef(value)]);
    return value;
  }

  #sweep(): void {
    this.#untilSweep = SHARES_BETWEEN_SWEEPS;
    for (const [hash, known] of this.#values) {
      const held = known.filter((reference) => reference.deref() !== undefined);
      if (held.length === 0) this.#values.delete(hash);
      else this.#values.set(hash, held);
    }
  }
}

const octetPool = new InternPool<Uint8Array>((octets) => [octets]);

/** The same octets for all who have such; whoever changes them makes others. */
export function shareOctets(octets: Uint8Array): Uint8Array {
  return octetPool.share(octets);
}

function hashOf(content: readonly Numbers[]): number {
  let hash = FNV_OFFSET;
  for (const numbers of content) {
    const words = numbers.length > FEW_NUMBERS ? wordsOf(numbers) : numbers;
    hash = hashOver(hash, words);
    if (words !== numbers) hash = hashOver(hash, octetsOf(numbers, words.byteLength));
  }
  return hash;
}

function hashOver(before: number, numbers: Numbers): number {
  let hash = before;
  for (let at = 0; at < numbers.length; at += 1) {
    hash = Math.imul(hash ^ numbers[at]!, FNV_PRIME);
    // Multiplying carries upwards only: what a word has in its upper octets comes down here.
    hash ^= hash >>> HALF_BITS;
  }
  return hash;
}

function areSame(one: readonly Numbers[], other: readonly Numbers[]): boolean {
  return one.every((numbers, place) => areNumbersSame(numbers, other[place]!));
}

function areNumbersSame(one: Numbers, other: Numbers): boolean {
  if (one.length !== other.length) return false;
  if (one.length > FEW_NUMBERS) return Buffer.compare(octetsOf(one), octetsOf(other)) === 0;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

/** Four octets to a word, but for the last ones: in whatever order, for a hash. */
function wordsOf({ buffer, byteOffset, byteLength }: Numbers): Uint32Array {
  const isAligned = byteOffset % WORD_OCTETS === 0;
  return new Uint32Array(buffer, isAligned ? byteOffset : 0, isAligned ? byteLength >>> 2 : 0);
}

function octetsOf({ buffer, byteOffset, byteLength }: Numbers, from = 0): Uint8Array {
  return new Uint8Array(buffer, byteOffset + from, byteLength - from);
}
