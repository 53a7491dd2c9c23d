/**
 * Columns of numbers in as few octets as they need, while nobody looks at them: a large network has
 * thousands of devices with dozens of columns, and most of them hold small numbers, or one number in
 * every row. Each column begins with an octet that says how it is written, and is read as what was
 * written, NaN too; only −0 becomes 0. Whoever reads knows how many rows it has.
 */
const FLAT = 0;
/** 1 to 7: whole numbers of so many octets, one more than they are; 0: NaN. */
const MOST_OCTETS = 7;
const RAW = 8;
/** As often as the octet before each number says. */
const RUNS = 9;
/** From here on as 1 to 7, in billionths. */
const BILLIONTHS = 16;

const NUMBER_OCTETS = 8;
const WORD_OCTETS = 4;
const LONGEST_RUN = 255;
const BILLION = 1_000_000_000;
const TWO_TO_24 = 2 ** 24;
const LARGEST_WHOLE = Number.MAX_SAFE_INTEGER - 1;
const FIRST_CAPACITY = 16 * 1024;
/** A memory that is so little longer than what is to be kept in it is used again. */
const SLACK_OCTETS = 64;

const scratchNumber = new Float64Array(1);
const scratchOctets = new Uint8Array(scratchNumber.buffer);

/** Writes columns one after the other. One at a time: all share one memory. */
export class ColumnWriter {
  #octets = new Uint8Array(FIRST_CAPACITY);
  #at = 0;

  /** Begins anew. */
  begin(): void {
    this.#at = 0;
  }

  /** The numbers of `column[from, to)`. */
  doubles(column: Float64Array, from: number, to: number): void {
    this.#makeRoom(1 + NUMBER_OCTETS * (to - from));
    const first = column[from]!;
    let largest = 0;
    let isWhole = true;
    let runs = 1;
    let before = first;
    for (let row = from; row < to; row += 1) {
      const number = column[row]!;
      if (number !== before && !(Number.isNaN(number) && Number.isNaN(before))) {
        runs += 1;
        before = number;
      }
      if (number >= 0 && number <= LARGEST_WHOLE) {
        if (number > largest) largest = number;
        isWhole &&= number === Math.floor(number);
      } else if (!Number.isNaN(number)) isWhole = false;
    }
    if (runs === 1 && to > from) {
      this.#octets[this.#at++] = FLAT;
      this.#putRaw(first);
      return;
    }
    const width = isWhole ? widthOf(largest) : RAW;
    if (runs * (NUMBER_OCTETS + 1) < width * (to - from)) this.#putRuns(column, from, to);
    else if (isWhole) this.#putWhole(column, from, to, width);
    else if (!this.#putBillionths(column, from, to)) this.#putAllRaw(column, from, to);
  }

  /** The words of `column[from, to)`. */
  words(column: Uint32Array, from: number, to: number): void {
    this.#makeRoom(1 + WORD_OCTETS * (to - from + 1));
    const first = column[from]!;
    let all = 0;
    let differing = 0;
    for (let row = from; row < to; row += 1) {
      const word = column[row]!;
      all |= word;
      differing |= word ^ first;
    }
    if (differing === 0 && to > from) {
      this.#octets[this.#at++] = FLAT;
      this.#putWord(first, WORD_OCTETS);
      return;
    }
    const width = wordWidthOf(all >>> 0);
    this.#octets[this.#at++] = width;
    for (let row = from; row < to; row += 1) this.#putWord(column[row]!, width);
  }

  /** The octets of `column[from, to)`. */
  octets(column: Uint8Array, from: number, to: number): void {
    this.#makeRoom(2 + to - from);
    const first = column[from]!;
    let row = from;
    while (row < to && column[row] === first) row += 1;
    if (row === to && to > from) {
      this.#octets[this.#at++] = FLAT;
      this.#octets[this.#at++] = first;
      return;
    }
    this.#octets[this.#at++] = 1;
    for (row = from; row < to; row += 1) this.#octets[this.#at++] = column[row]!;
  }

  /** What was written: in `memory` where that fits, which is then written over. */
  end(memory: Uint8Array<ArrayBuffer> | null = null): Uint8Array<ArrayBuffer> {
    const spare = memory === null ? -1 : memory.length - this.#at;
    const fits = spare >= 0 && spare <= SLACK_OCTETS;
    const kept = fits ? memory! : new Uint8Array(this.#at);
    kept.set(this.#octets.subarray(0, this.#at));
    return kept;
  }

  #putRaw(number: number): void {
    scratchNumber[0] = number;
    for (let place = 0; place < NUMBER_OCTETS; place += 1) {
      this.#octets[this.#at++] = scratchOctets[place]!;
    }
  }

  #putWord(word: number, width: number): void {
    const octets = this.#octets;
    let at = this.#at;
    octets[at++] = word;
    if (width > 1) octets[at++] = word >>> 8;
    if (width > 2) octets[at++] = word >>> 16;
    if (width > 3) octets[at++] = word >>> 24;
    this.#at = at;
  }

  #putAllRaw(column: Float64Array, from: number, to: number): void {
    this.#octets[this.#at++] = RAW;
    for (let row = from; row < to; row += 1) this.#putRaw(column[row]!);
  }

  #putRuns(column: Float64Array, from: number, to: number): void {
    this.#octets[this.#at++] = RUNS;
    let row = from;
    while (row < to) {
      const number = column[row]!;
      const begin = row;
      while (row < to && row - begin < LONGEST_RUN && Object.is(column[row], number)) row += 1;
      this.#octets[this.#at++] = row - begin;
      this.#putRaw(number);
    }
  }

  #putWhole(column: Float64Array, from: number, to: number, width: number): void {
    this.#octets[this.#at++] = width;
    for (let row = from; row < to; row += 1) this.#putNumber(column[row]!, width);
  }

  /** False when the numbers are no billionths; then nothing is written. */
  #putBillionths(column: Float64Array, from: number, to: number): boolean {
    let largest = 0;
    for (let row = from; row < to; row += 1) {
      const number = column[row]!;
      if (Number.isNaN(number)) continue;
      const billionths = Math.round(number * BILLION);
      const isExact = billionths / BILLION === number;
      if (!isExact || billionths < 0 || billionths > LARGEST_WHOLE) return false;
      if (billionths > largest) largest = billionths;
    }
    const width = widthOf(largest);
    this.#octets[this.#at++] = BILLIONTHS + width;
    for (let row = from; row < to; row += 1) {
      this.#putNumber(Math.round(column[row]! * BILLION), width);
    }
    return true;
  }

  #putNumber(number: number, width: number): void {
    const written = Number.isNaN(number) ? 0 : number + 1;
    const upper = Math.floor(written / TWO_TO_24);
    this.#putWord(written - upper * TWO_TO_24, Math.min(width, 3));
    if (width > 3) this.#putWord(upper, width - 3);
  }

  #makeRoom(count: number): void {
    // Runs of no more than one row each take an octet more than the numbers.
    const needed = this.#at + 2 * count;
    if (needed <= this.#octets.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#octets.length * 2));
    larger.set(this.#octets.subarray(0, this.#at));
    this.#octets = larger;
  }
}

/** Octets of the largest number that a column of whole numbers has. */
function widthOf(largest: number): number {
  let width = 1;
  for (let limit = 255; largest >= limit && width < MOST_OCTETS; limit = limit * 256 + 255) {
    width += 1;
  }
  return width;
}

function wordWidthOf(all: number): number {
  if (all < 2 ** 8) return 1;
  if (all < 2 ** 16) return 2;
  return all < TWO_TO_24 ? 3 : WORD_OCTETS;
}

/** Reads columns in the order in which they were written. */
export class ColumnReader {
  #octets: Uint8Array = new Uint8Array(0);
  #at = 0;

  /** Begins at the first column of what a writer made, or at a place that `place` told of it. */
  begin(octets: Uint8Array, at = 0): void {
    this.#octets = octets;
    this.#at = at;
  }

  /** Where the next column begins. */
  get place(): number {
    return this.#at;
  }

  /** Fills `column[from, to)`. */
  doubles(column: Float64Array, from: number, to: number): void {
    const kind = this.#octets[this.#at++]!;
    if (kind === FLAT) column.fill(to > from ? this.#takeRaw() : 0, from, to);
    else if (kind === RUNS) this.#takeRuns(column, from, to);
    else if (kind === RAW) {
      for (let row = from; row < to; row += 1) column[row] = this.#takeRaw();
    } else this.#takeWhole(column, from, to, kind);
  }

  /** Goes past a column of `rows` numbers. */
  skipDoubles(rows: number): void {
    const kind = this.#octets[this.#at++]!;
    if (kind === FLAT) this.#at += NUMBER_OCTETS;
    else if (kind !== RUNS) this.#at += rows * (kind > BILLIONTHS ? kind - BILLIONTHS : kind);
    else {
      for (let row = 0; row < rows; this.#at += 1 + NUMBER_OCTETS) row += this.#octets[this.#at]!;
    }
  }

  /** Fills `column[from, to)`. */
  words(column: Uint32Array, from: number, to: number): void {
    const octets = this.#octets;
    let at = this.#at;
    const kind = octets[at++]!;
    const width = kind === FLAT ? WORD_OCTETS : kind;
    const stop = kind === FLAT ? Math.min(from + 1, to) : to;
    for (let row = from; row < stop; row += 1) {
      let word = octets[at++]!;
      if (width > 1) word |= octets[at++]! << 8;
      if (width > 2) word |= octets[at++]! << 16;
      if (width > 3) word |= octets[at++]! << 24;
      column[row] = word;
    }
    if (kind === FLAT) column.fill(column[from]!, from, to);
    this.#at = at;
  }

  /** Fills `column[from, to)`. */
  octets(column: Uint8Array, from: number, to: number): void {
    const kind = this.#octets[this.#at++]!;
    if (kind === FLAT) {
      column.fill(this.#octets[this.#at++]!, from, to);
      return;
    }
    column.set(this.#octets.subarray(this.#at, this.#at + to - from), from);
    this.#at += to - from;
  }

  #takeRaw(): number {
    for (let place = 0; place < NUMBER_OCTETS; place += 1) {
      scratchOctets[place] = this.#octets[this.#at++]!;
    }
    return scratchNumber[0]!;
  }

  #takeRuns(column: Float64Array, from: number, to: number): void {
    let row = from;
    while (row < to) {
      const end = row + this.#octets[this.#at++]!;
      column.fill(this.#takeRaw(), row, end);
      row = end;
    }
  }

  #takeWhole(column: Float64Array, from: number, to: number, kind: number): void {
    const octets = this.#octets;
    const width = kind > BILLIONTHS ? kind - BILLIONTHS : kind;
    let at = this.#at;
    for (let row = from; row < to; row += 1) {
      let number = octets[at]!;
      if (width > 1) number |= octets[at + 1]! << 8;
      if (width > 2) number |= octets[at + 2]! << 16;
      if (width > 3) {
        let upper = octets[at + 3]!;
        if (width > 4) upper |= octets[at + 4]! << 8;
        if (width > 5) upper |= octets[at + 5]! << 16;
        if (width > 6) upper |= octets[at + 6]! << 24;
        number += (upper >>> 0) * TWO_TO_24;
      }
      at += width;
      const whole = number === 0 ? Number.NaN : number - 1;
      column[row] = kind > BILLIONTHS ? whole / BILLION : whole;
    }
    this.#at = at;
  }
}
