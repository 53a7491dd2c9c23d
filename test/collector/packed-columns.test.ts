import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ColumnReader, ColumnWriter } from '../../collector/packed-columns.ts';

const writer = new ColumnWriter();
const reader = new ColumnReader();

/** Numbers as ports have them, and such as no port has. */
const number = fc.oneof(
  fc.constantFrom(Number.NaN, 0, 1, 254, 255, 256, 65_534, 65_535, 2 ** 24, 2 ** 32 - 1, 2 ** 32),
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1, 2 ** 53, 2 ** 60, -1),
  fc.nat(2_000_000_000).map((billionths) => billionths / 1_000_000_000),
  fc.double(),
);
/** −0 is kept as 0. */
const withoutSign = (value: number) => (value === 0 ? 0 : value);
const doubles = fc.oneof(
  fc.array(number.map(withoutSign), { maxLength: 60 }),
  fc.array(fc.nat(300), { maxLength: 60 }),
  fc.array(fc.constantFrom(1_234.5678, 99.125), { maxLength: 600 }),
  fc
    .tuple(number.map(withoutSign), fc.nat(600))
    .map(([value, count]) => Array.from({ length: count }, () => value)),
  fc.array(
    fc.nat(1_000_000_000).map((billionths) => billionths / 1_000_000_000),
    { maxLength: 60 },
  ),
);
const wordsOf = (max: number) => fc.array(fc.nat(max), { maxLength: 60 });
const words = fc.oneof(wordsOf(3), wordsOf(2 ** 16), wordsOf(2 ** 24), wordsOf(2 ** 32 - 1));
const octets = fc.oneof(wordsOf(255), wordsOf(0));

test('columns are read as what they were, one after the other', () => {
  const columns = fc.array(fc.record({ doubles, words, octets }), { maxLength: 4 });
  fc.assert(
    fc.property(columns, (written) => {
      writer.begin();
      for (const each of written) {
        writer.doubles(Float64Array.from(each.doubles), 0, each.doubles.length);
        writer.words(Uint32Array.from(each.words), 0, each.words.length);
        writer.octets(Uint8Array.from(each.octets), 0, each.octets.length);
      }
      const packed = writer.end();
      reader.begin(packed);
      for (const each of written) {
        const begin = reader.place;
        const numbers = new Float64Array(each.doubles.length);
        reader.doubles(numbers, 0, numbers.length);
        expect([...numbers]).toEqual(each.doubles);
        const end = reader.place;
        reader.begin(packed, begin);
        reader.skipDoubles(numbers.length);
        expect(reader.place).toBe(end);
        const full = new Uint32Array(each.words.length);
        reader.words(full, 0, full.length);
        expect([...full]).toEqual(each.words);
        const bytes = new Uint8Array(each.octets.length);
        reader.octets(bytes, 0, bytes.length);
        expect([...bytes]).toEqual(each.octets);
      }
      expect(reader.place).toBe(packed.length);
    }),
    { numRuns: 500 },
  );
});

test('a part of a column is written and read in its place', () => {
  writer.begin();
  writer.doubles(Float64Array.of(9, 1, 2, 9), 1, 3);
  writer.words(Uint32Array.of(9, 500, 600, 9), 1, 3);
  writer.octets(Uint8Array.of(9, 7, 8, 9), 1, 3);
  reader.begin(writer.end());
  const [numbers, full, bytes] = [new Float64Array(4), new Uint32Array(4), new Uint8Array(4)];
  reader.doubles(numbers, 1, 3);
  reader.words(full, 1, 3);
  reader.octets(bytes, 1, 3);
  expect([[...numbers], [...full], [...bytes]]).toEqual([
    [0, 1, 2, 0],
    [0, 500, 600, 0],
    [0, 7, 8, 0],
  ]);
});

test('small numbers take few octets, and a number in every row takes those of one', () => {
  const octetsOf = (column: readonly number[]) => {
    writer.begin();
    writer.doubles(Float64Array.from(column), 0, column.length);
    return writer.end().length;
  };
  const rows = Array.from({ length: 48 }, (_, row) => row);
  expect(octetsOf(rows)).toBe(1 + 48);
  expect(octetsOf(rows.map((row) => row * 1_000))).toBe(1 + 2 * 48);
  expect(octetsOf(rows.map((row) => row / 1_000_000_000))).toBe(1 + 48);
  expect(octetsOf(rows.map(() => 1_234.5678))).toBe(1 + 8);
  expect(octetsOf(rows.map((row) => (row < 20 ? 1_234.5678 : 1_240.1)))).toBe(1 + 2 * 9);
});

test('what is kept again goes where it was kept before, when it fits there', () => {
  const packed = (column: readonly number[], memory: Uint8Array<ArrayBuffer> | null) => {
    writer.begin();
    writer.doubles(Float64Array.from(column), 0, column.length);
    return writer.end(memory);
  };
  const memory = packed([1, 2, 3], null);
  expect(packed([4, 5, 6], memory)).toBe(memory);
  expect(packed([4_000, 5, 6], memory)).not.toBe(memory);
});
