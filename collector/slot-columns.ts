import { ColumnReader, ColumnWriter } from './packed-columns.ts';

const writer = new ColumnWriter();
const reader = new ColumnReader();

/** Room for columns of numbers by slot of a port, for one device after the other. */
export class SlotColumns {
  readonly columns: readonly Float64Array[];

  /** For `slots` ports; NaN everywhere. */
  constructor(count: number, slots: number) {
    this.columns = Array.from({ length: count }, () => new Float64Array(slots).fill(Number.NaN));
  }

  /** Whether anything is known of the first `slots`. */
  isAny(slots: number): boolean {
    const first = this.columns[0]!;
    for (let slot = 0; slot < slots; slot += 1) if (!Number.isNaN(first[slot]!)) return true;
    return false;
  }

  /** NaN for the first `slots`. */
  clear(slots: number): void {
    for (const column of this.columns) column.fill(Number.NaN, 0, slots);
  }
}

/** What is known of each port of one device in such columns, packed from one poll to the next. */
export class KeptSlotColumns {
  #packed: Uint8Array<ArrayBuffer> | null = null;
  #slots = 0;

  /** Fills the first `slots` of the same rooms that were kept, no fewer than then; NaN where nothing was. */
  unpackInto(rooms: readonly SlotColumns[], slots: number): void {
    if (this.#packed !== null) reader.begin(this.#packed);
    for (const { columns } of rooms) {
      for (const column of columns) {
        if (this.#packed !== null) reader.doubles(column, 0, this.#slots);
        column.fill(Number.NaN, this.#slots, slots);
      }
    }
  }

  /** Keeps what the first `slots` of the rooms hold, all in one piece of memory. */
  keep(rooms: readonly SlotColumns[], slots: number): void {
    writer.begin();
    for (const { columns } of rooms) {
      for (const column of columns) writer.doubles(column, 0, slots);
    }
    this.#packed = writer.end(this.#packed);
    this.#slots = slots;
  }
}
