import { ColumnReader, ColumnWriter } from './packed-columns.ts';
import {
  createRateMemory,
  growRateMemory,
  NO_RATE_REASONS,
  type RateMemory,
} from './rate-memory.ts';

/** Memories kept for polls to come; more of them are left to the garbage collector. */
const MOST_SPARE = 64;
const spare: RateMemory[] = [];
const writer = new ColumnWriter();
const reader = new ColumnReader();

/** The rate memory of one device: packed from the end of a poll on, until somebody asks for it. */
export class KeptRates {
  #rates: RateMemory | null = null;
  #packed: Uint8Array<ArrayBuffer> | null = null;
  #ports = 0;

  /** To be read and written until `rest`. */
  get rates(): RateMemory {
    this.#rates ??= this.#packed === null ? createRateMemory() : unpack(this.#packed, this.#ports);
    return this.#rates;
  }

  /** Packs it: what `rates` gave before is another device's from now on. */
  rest(): void {
    const rates = this.#rates;
    if (rates === null || isOwedToMetrics(rates)) return;
    this.#ports = rates.echoes.length;
    this.#packed = pack(rates, this.#packed);
    this.#rates = null;
    if (spare.length >= MOST_SPARE) spare.shift();
    spare.push(rates);
  }
}

/** Whether rates were withheld that no metric has counted yet. */
function isOwedToMetrics({ withheld }: RateMemory): boolean {
  for (const reason of NO_RATE_REASONS) if (withheld[reason] > 0) return true;
  return false;
}

function doublesOf(rates: RateMemory): readonly Float64Array[] {
  const { readAtMs, uptimeTicks, discontinuityTicks, octetsPerSecond, toldMs } = rates;
  const { sinceMs, offset, owed, rate, spanMs } = rates;
  return [
    readAtMs,
    uptimeTicks,
    discontinuityTicks,
    octetsPerSecond,
    toldMs,
    sinceMs,
    offset,
    owed,
    rate,
    spanMs,
  ];
}

function octetsOf(rates: RateMemory): readonly Uint8Array[] {
  const { echoes, broken, bits, heldPolls, brokenCounter, disproofs, reason } = rates;
  return [echoes, broken, bits, heldPolls, brokenCounter, disproofs, reason];
}

function pack(rates: RateMemory, memory: Uint8Array<ArrayBuffer> | null) {
  writer.begin();
  for (const column of doublesOf(rates)) writer.doubles(column, 0, column.length);
  for (const column of octetsOf(rates)) writer.octets(column, 0, column.length);
  const { high, low, seenLow } = rates;
  writer.words(high, 0, high.length);
  writer.words(low, 0, low.length);
  // Mostly the same as the other: nothing is left then.
  exchange(seenLow, low);
  writer.words(seenLow, 0, seenLow.length);
  return writer.end(memory);
}

function unpack(packed: Uint8Array, ports: number): RateMemory {
  const rates = borrow(ports);
  reader.begin(packed);
  for (const column of doublesOf(rates)) reader.doubles(column, 0, column.length);
  for (const column of octetsOf(rates)) reader.octets(column, 0, column.length);
  const { high, low, seenLow } = rates;
  reader.words(high, 0, high.length);
  reader.words(low, 0, low.length);
  reader.words(seenLow, 0, seenLow.length);
  exchange(seenLow, low);
  return rates;
}

/** Makes a column tell how it differs from another, and back. */
function exchange(column: Uint32Array, other: Uint32Array): void {
  for (let row = 0; row < column.length; row += 1) column[row]! ^= other[row]!;
}

/** With anything in it. */
function borrow(ports: number): RateMemory {
  const place = spare.findLastIndex(({ echoes }) => echoes.length === ports);
  if (place !== -1) return spare.splice(place, 1)[0]!;
  const rates = createRateMemory();
  growRateMemory(rates, ports);
  return rates;
}
