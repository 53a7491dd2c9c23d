import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnStart, numberAt, packNumbers } from '../../collector/exporter/packed-numbers.ts';

/** What a device can send: integers of every width, and the numbers around their edges. */
const number = fc.oneof(
  fc.constantFrom(0, 254, 255, 256, 65_534, 65_535, 65_536, 4_294_967_294, 4_294_967_295, -1),
  fc.constantFrom(2 ** 32, 2 ** 53 - 1, Number.NaN, 0.5),
  fc.nat(1000),
  fc.maxSafeInteger(),
);

function readBack(columns: readonly Float64Array[], rowCount: number): number[][] {
  const packed = packNumbers(rowCount, Float64Array.from(columns.flatMap((column) => [...column])));
  return columns.map((_, column) => {
    const start = columnStart(packed, column);
    return Array.from({ length: rowCount }, (_, row) =>
      start === null ? Number.NaN : numberAt(packed, column, start, row),
    );
  });
}

describe('packed columns', () => {
  it('give back every number, and nothing where there was none', () => {
    const table = fc
      .nat(12)
      .chain((rowCount) =>
        fc.array(fc.array(number, { minLength: rowCount, maxLength: rowCount }), { maxLength: 8 }),
      );
    fc.assert(
      fc.property(table, (rows) => {
        const columns = rows.map((row) => Float64Array.from(row));
        expect(readBack(columns, rows[0]?.length ?? 0)).toEqual(rows);
      }),
      { seed: 1 },
    );
  });

  it('take no more octets than their numbers need', () => {
    const octetsFor = (...numbers: number[]) =>
      packNumbers(numbers.length, Float64Array.from(numbers)).octets.byteLength;
    expect(octetsFor(Number.NaN, Number.NaN)).toBe(0);
    expect(octetsFor(0, 254, Number.NaN)).toBe(3);
    expect(octetsFor(1, 255)).toBe(4);
    expect(octetsFor(65_535)).toBe(4);
    expect(octetsFor(4_294_967_295)).toBe(8);
    expect(octetsFor(-1)).toBe(8);
  });
});
