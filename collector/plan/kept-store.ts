import { ColumnReader, ColumnWriter } from '../packed-columns.ts';
import type { CellStore } from './cell-store.ts';
import type { Layout } from './layout.ts';
import { borrowStore, returnStore } from './store-pool.ts';

const writer = new ColumnWriter();
const reader = new ColumnReader();

/** The cells of one device: packed from the end of a poll on, until somebody asks for them. */
export class KeptStore {
  readonly #layout: Layout;
  #store: CellStore | null;
  #packed: Uint8Array<ArrayBuffer> | null = null;
  #moreHighs: CellStore['moreHighs'] = null;

  constructor(layout: Layout, store: CellStore) {
    this.#layout = layout;
    this.#store = store;
  }

  /** To be read and written until `rest`. */
  get store(): CellStore {
    this.#store ??= this.#unpack();
    return this.#store;
  }

  /** Has another one, of the same layout, instead. */
  set store(store: CellStore) {
    this.#store = store;
  }

  /** Packs them: what `store` gave before is another device's from now on. */
  rest(): void {
    const store = this.#store;
    if (store === null) return;
    writer.begin();
    eachColumn(this.#layout, (from, to) => {
      writer.octets(store.types, from, to);
      writer.words(store.lows, from, to);
    });
    eachWideColumn(this.#layout, (from, to) => writer.words(store.highs, from, to));
    this.#packed = writer.end(this.#packed);
    this.#moreHighs = store.moreHighs;
    this.#store = null;
    returnStore(store);
  }

  #unpack(): CellStore {
    const store = borrowStore(this.#layout);
    reader.begin(this.#packed!);
    eachColumn(this.#layout, (from, to) => {
      reader.octets(store.types, from, to);
      reader.words(store.lows, from, to);
    });
    eachWideColumn(this.#layout, (from, to) => reader.words(store.highs, from, to));
    store.moreHighs = this.#moreHighs;
    return store;
  }
}

/** Tells of the scalars, and of each column of each table, where its cells begin and end. */
function eachColumn({ scalars, tables }: Layout, tell: (from: number, to: number) => void): void {
  tell(0, scalars.length);
  for (const { firstCell, places, rows } of tables) {
    const count = rows.texts.length;
    for (let place = 0; place < places.columnAt.length; place += 1) {
      const from = firstCell + place * count;
      tell(from, from + count);
    }
  }
}

/** The same of high halves: they are those of whole columns of one table. */
function eachWideColumn(layout: Layout, tell: (from: number, to: number) => void): void {
  const { wideFrom, wideCount, tables } = layout;
  if (wideCount === 0) return;
  const table = tables.find(
    ({ firstCell, rows }) => firstCell === wideFrom && rows.texts.length > 0,
  );
  const count = table!.rows.texts.length;
  for (let from = 0; from < wideCount; from += count) tell(from, from + count);
}
