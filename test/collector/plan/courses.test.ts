import { describe, expect, test } from 'vitest';
import { isNameAt, newCourse, sharedCourse } from '../../../collector/plan/course.ts';
import { InternPool } from '../../../collector/plan/intern-pool.ts';
import { type Layout, scalarPlaces } from '../../../collector/plan/layout.ts';
import { cellsOf, requestFor } from '../../../collector/plan/planned-request.ts';
import { newBerWriter, writtenOctets } from '../../../collector/snmp/ber-writer.ts';

/** More sub-identifiers than fit a short length. */
const LONG_OID = `1.3.6.1.4.1.${new Array(122).fill('9').join('.')}`;
const OIDS = ['1.3.6.1.2.1.1.3.0', '1.3.6.1.2.1.1.5.0', LONG_OID, '1.3.6.1.2.1.1.4.0'];

function layoutOf(oids: readonly string[]): Layout {
  const scalars = scalarPlaces(oids.map((oid) => ({ oid, rarelyChanges: false })));
  return { scalars, tables: [], size: scalars.length, wideFrom: 0, wideCount: 0 };
}

describe('a course', () => {
  test('knows the name at each place, and no other', () => {
    const layout = layoutOf(OIDS);
    const course = newCourse(layout, [1, 2, 3]);
    const isAt = (place: number, cell: number) => {
      const { name } = layout.scalars[cell]!;
      return isNameAt(layout, course, place, name, 0, name.length);
    };
    const places = [0, 1, 2];
    const found = places.map((place) => [1, 2, 3].filter((cell) => isAt(place, cell)));
    expect(found).toEqual([[1], [2], [3]]);
    const beginning = layout.scalars[1]!.name.subarray(0, -1);
    expect(isNameAt(layout, course, 0, beginning, 0, beginning.length)).toBe(false);
  });

  test('becomes the varbinds of a request, sysUpTime before them', () => {
    const layout = layoutOf(OIDS.toSpliced(2, 1));
    const request = requestFor(layout, [0, 2, 1], 0);
    expect(cellsOf(request)).toEqual([0, 2, 1]);
    const writer = newBerWriter(1_000);
    request.write(writer);
    const name = (last: string) => `300c06082b060102010${last}000500`;
    const varbinds = `${name('103')}${name('104')}${name('105')}`;
    const text = Buffer.from(writtenOctets(writer)).toString('hex');
    expect(text).toBe(`a038020400000000020100020100302a${varbinds}`);
  });

  test('is one for all that ask the same, and another for what differs', () => {
    const course = sharedCourse(newCourse(layoutOf(OIDS), [1, 3]));
    expect(sharedCourse(newCourse(layoutOf(OIDS), [1, 3]))).toBe(course);
    expect(sharedCourse(newCourse(layoutOf(OIDS), [3, 1]))).not.toBe(course);
    expect(sharedCourse(newCourse(layoutOf(OIDS.toReversed()), [1, 3]))).not.toBe(course);
  });
});

test('a pool tells values of one hash apart by their content', () => {
  const pool = new InternPool<{ readonly numbers: Uint32Array }>(({ numbers }) => [numbers]);
  const values = Array.from({ length: 500 }, (_, number) => ({
    numbers: Uint32Array.of(number, number % 7),
  }));
  for (const value of values) expect(pool.share(value)).toBe(value);
  for (const { numbers } of values) {
    expect(pool.share({ numbers: numbers.slice() }).numbers).toEqual(numbers);
  }
});
