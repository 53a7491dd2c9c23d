import { describe, expect, it } from 'vitest';
import { KeptRates } from '../../collector/kept-rates.ts';
import { type CellStore, newCellStore } from '../../collector/plan/cell-store.ts';
import { KeptStore } from '../../collector/plan/kept-store.ts';
import type { Layout, TablePlace } from '../../collector/plan/layout.ts';
import { clearPort, growRateMemory, type RateMemory } from '../../collector/rate-memory.ts';
import { seededRandom } from '../../lib/random.ts';

const random = seededRandom(7);
const below = (limit: number) => Math.floor(random.next() * limit);
const DEVICES = 40;

/** Numbers of all the kinds that a column may hold, in some of its rows. */
function scatter(column: Float64Array | Uint32Array | Uint8Array): void {
  const kinds = [
    () => 0,
    () => below(200),
    () => below(2 ** 32),
    () => (column instanceof Float64Array ? random.next() * 1e9 : below(2 ** 16)),
    () => (column instanceof Float64Array ? Number.NaN : 0xffff_ffff),
    () => (column instanceof Float64Array ? -below(1_000) : 1),
  ];
  const kind = kinds[below(kinds.length)]!;
  for (let row = 0; row < column.length; row += 1) {
    column[row] = random.next() < 0.2 ? kinds[below(kinds.length)]!() : kind();
  }
}

function columnsOf(rates: RateMemory): Record<string, readonly number[]> {
  const { withheld: _, areOffsetsNew: __, ...columns } = rates;
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]]));
}

describe('the rate memory of a device', () => {
  it('is what it was when it is asked for after a rest, beside those of other devices', () => {
    const kept = Array.from({ length: DEVICES }, () => new KeptRates());
    for (let round = 0; round < 5; round += 1) {
      const expected = kept.map((one, device) => {
        const { rates } = one;
        growRateMemory(rates, [0, 1, 48][device % 3]! + (round > 2 ? 4 : 0));
        const { withheld: _, areOffsetsNew: __, ...columns } = rates;
        for (const column of Object.values(columns)) scatter(column);
        const copy = columnsOf(rates);
        one.rest();
        return copy;
      });
      kept.forEach((one, device) => {
        expect(columnsOf(one.rates)).toEqual(expected[device]);
        if (device % 2 === 0) one.rest();
      });
    }
  });

  it('does not rest while rates were withheld that nobody has counted', () => {
    const kept = new KeptRates();
    growRateMemory(kept.rates, 1);
    kept.rates.withheld.first = 2;
    kept.rest();
    expect(kept.rates.withheld.first).toBe(2);
  });

  it('grows by ports that were never read', () => {
    const kept = new KeptRates();
    growRateMemory(kept.rates, 2);
    kept.rest();
    const fresh = new KeptRates().rates;
    growRateMemory(fresh, 3);
    growRateMemory(kept.rates, 3);
    clearPort(kept.rates, 0);
    expect(columnsOf(kept.rates)).toEqual(columnsOf(fresh));
  });
});

function tableAt(firstCell: number, rows: number, columns: number): TablePlace {
  const texts = Array.from({ length: rows }, (_, row) => String(row + 1));
  const places = { columnAt: new Uint8Array(columns), placeOf: new Uint8Array(columns) };
  return { firstCell, rows: { texts }, places } as unknown as TablePlace;
}

/** Scalars, a table without rows, one with 64-bit counters, and another one. */
function layoutOf(rows: number): Layout {
  const scalars = Array.from({ length: 5 });
  const tables = [tableAt(5, 0, 3), tableAt(5, rows, 8), tableAt(5 + rows * 8, 3, 4)];
  const size = 5 + rows * 8 + 12;
  return { scalars, tables, size, wideFrom: 5, wideCount: rows * 2 } as unknown as Layout;
}

const contentOf = ({ types, lows, highs, moreHighs }: CellStore) => ({
  types: [...types],
  lows: [...lows],
  highs: [...highs],
  moreHighs: [...(moreHighs ?? [])],
});

describe('the cells of a device', () => {
  it('are what they were when they are asked for after a rest, beside those of other devices', () => {
    const layouts = [layoutOf(0), layoutOf(1), layoutOf(48)];
    const kept = Array.from({ length: DEVICES }, (_, device) => {
      const layout = layouts[device % 3]!;
      return new KeptStore(layout, newCellStore(layout));
    });
    for (let round = 0; round < 5; round += 1) {
      const expected = kept.map((one) => {
        const { store } = one;
        for (const column of [store.types, store.lows, store.highs]) scatter(column);
        store.moreHighs = random.next() < 0.3 ? new Map([[2, below(1_000)]]) : null;
        const copy = contentOf(store);
        one.rest();
        return copy;
      });
      kept.forEach((one, device) => {
        expect(contentOf(one.store)).toEqual(expected[device]);
        if (device % 2 === 0) one.rest();
      });
    }
  });

  it('are those of the last store that was put in', () => {
    const layout = layoutOf(4);
    const kept = new KeptStore(layout, newCellStore(layout));
    kept.rest();
    const other = newCellStore(layout);
    other.lows.fill(77);
    kept.store = other;
    kept.rest();
    expect([...kept.store.lows]).toEqual(Array.from(other.lows, () => 77));
  });
});
