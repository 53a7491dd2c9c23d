import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitsPattern,
  namesSomething,
  parseLabelPattern,
  patternOf,
} from '../../lib/label-pattern.ts';

const fits = (pattern: string, value: string) => {
  const parsed = parseLabelPattern(pattern);
  return parsed === null ? null : fitsPattern(parsed, value);
};

describe('a pattern', () => {
  test.each(['(x+)+', '[a-z]', 'x?', 'x*', 'x{9}', '\\d', '(a', 'a)', '.?', '.*.*.*.*.*.*.*.*.*'])(
    '%s is not understood',
    (pattern) => {
      expect(parseLabelPattern(pattern)).toBeNull();
    },
  );

  test('has bounds', () => {
    expect(parseLabelPattern('x'.repeat(1025))).toBeNull();
    expect(parseLabelPattern(Array(101).fill('x').join('|'))).toBeNull();
    expect(parseLabelPattern('(a|b)'.repeat(7))).toBeNull();
    expect(parseLabelPattern('(a|b)'.repeat(6))).not.toBeNull();
  });

  test('names something only when each alternative does', () => {
    const names = (pattern: string) => namesSomething(parseLabelPattern(pattern)!);
    expect(['a', 'a.*|b', '.*x.*'].map(names)).toEqual([true, true, true]);
    expect(['.*', '.+', '...', 'a|', 'a|.*', ''].map(names)).toEqual(Array(6).fill(false));
  });

  test('is read at a known cost, whatever the value', () => {
    const value = 'a'.repeat(1024);
    expect(fits('.*a.*a.*a.*a.*a.*a.*b', value)).toBe(false);
  });

  const piece = fc.constantFrom(
    'a',
    'b',
    '.',
    '.*',
    '.+',
    '|',
    '(',
    ')',
    '(?:',
    '\\.',
    '\\\\',
    '^',
    '$',
  );
  const value = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\\', '\n', '^'), maxLength: 8 });

  test('fits what a regular expression fits', () => {
    let understood = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), value, (pieces, text) => {
        const pattern = pieces.join('');
        const found = fits(pattern, text);
        if (found === null) return;
        understood += 1;
        expect(found).toBe(new RegExp(`^(?:${pattern})$`, 's').test(text));
      }),
      { seed: 7, numRuns: 3000 },
    );
    expect(understood).toBeGreaterThan(500);
  });

  test('of a text fits that text alone', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), value, (text, other) => {
        expect(fits(patternOf(text), text)).toBe(true);
        expect(fits(patternOf(text), other)).toBe(text === other);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
