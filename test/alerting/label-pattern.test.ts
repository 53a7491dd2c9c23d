import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fitsPattern,
  type LabelPattern,
  namesSomething,
  parseLabelPattern,
  patternOf,
} from '../../lib/label-pattern.ts';

function read(text: string): LabelPattern {
  const pattern = parseLabelPattern(text);
  if ('problem' in pattern) throw new Error(pattern.problem);
  return pattern;
}

const fits = (pattern: string, value: string) => fitsPattern(read(pattern), value);
const problemOf = (pattern: string) => {
  const parsed = parseLabelPattern(pattern);
  return 'problem' in parsed ? parsed.problem : null;
};

/** Null for what only RE2 takes, a repeated anchor. */
function expressionOf(pattern: string): RegExp | null {
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    return null;
  }
}

describe('a pattern', () => {
  test.each([
    ['core-[0-9]+', 'core-17', 'core-'],
    ['[a-c]{2,3}', 'abc', 'abcd'],
    ['colou?r', 'color', 'colr'],
    ['\\d+\\.\\d+', '10.7', '10x7'],
    ['(x+)+y', 'xxxy', 'xxx'],
    ['(?i)core', 'CORE', 'cor'],
    ['\\Qa.b\\E', 'a.b', 'axb'],
    ['\\pL+', '北区', 'b1'],
    ['[^-!]+', 'north', 'no-th'],
    ['a|[b]', 'b', 'ab'],
    ['.?', '\n', 'ab'],
    ['^a$|^b$', 'b', 'c'],
    ['', '', 'a'],
  ])('%s fits %j and not %j, the whole of it', (pattern, good, bad) => {
    expect([fits(pattern, good), fits(pattern, bad)]).toEqual([true, false]);
    expect(fits(pattern, `${good}!`)).toBe(false);
  });

  test.each([
    ['(a', 'missing closing ): `(a`'],
    ['a)', 'unexpected ): `a)`'],
    ['a)|(b', 'unexpected ): `a)|(b`'],
    ['[z-a]', 'invalid character class range: `z-a`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['(?=a)b', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['x{1001}', 'invalid repeat count: `{1001}`'],
    ['x'.repeat(1025), 'has 1025 characters; expected at most 1024'],
    ['x{1000}'.repeat(100), expect.stringContaining('too large')],
    [`(${'x'.repeat(1000)}){1000}`, expect.stringContaining('too large')],
    ['(x{100}){9}[a-z]{900}', expect.stringContaining('too large')],
  ])('%s is none, and it is said why', (pattern, problem) => {
    expect(problemOf(pattern)).toEqual(problem);
  });

  test('of many alternatives is as good as any', () => {
    const names = Array.from({ length: 140 }, (_, index) => `sw-${index}`);
    expect(fits(names.join('|'), 'sw-139')).toBe(true);
    expect(fits(names.join('|'), 'sw-140')).toBe(false);
    expect(fits('(a|b)'.repeat(7), 'abababa')).toBe(true);
  });

  test('names something only when each alternative does', () => {
    const names = (pattern: string) => namesSomething(read(pattern));
    for (const pattern of ['a', 'a.*|b', '.*x.*', 'a+', '[12].*', '(?i)a.*', '\\d+-x|y{1,2}']) {
      expect([pattern, names(pattern)]).toEqual([pattern, true]);
    }
    const open = ['.*', '.+', '...', 'a|', 'a|.*', '', '(a?)+.*', '[^x]*', '\\w+', '[a-z0-9-]+'];
    open.push('\\d+', '(?:a|b|.)+', 'x{0,3}', '\\b.*', '(?s).*', '[ab]*', '\\pL.*', '(?i)\\S+');
    for (const pattern of open) expect([pattern, names(pattern)]).toEqual([pattern, false]);
  });

  test('is read at a known cost, whatever the value', () => {
    const value = 'a'.repeat(1024);
    for (const pattern of ['.*a.*a.*a.*a.*a.*a.*b', '(a+)+b', '(a|aa)+b', '(?:a?){300}a{300}b']) {
      expect(fits(pattern, value)).toBe(false);
    }
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
    '?',
    '+',
    '{1,2}',
    '[ab]',
    '[^a]',
    '\\w',
  );
  const value = fc.string({ unit: fc.constantFrom('a', 'b', '.', '\\', '\n', '^'), maxLength: 8 });

  test('fits what a regular expression fits', () => {
    let understood = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), value, (pieces, text) => {
        const pattern = pieces.join('');
        const ofJavaScript = expressionOf(pattern);
        if (problemOf(pattern) !== null || ofJavaScript === null) return;
        understood += 1;
        expect(fits(pattern, text)).toBe(ofJavaScript.test(text));
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
