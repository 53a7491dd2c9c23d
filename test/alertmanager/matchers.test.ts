import { describe, expect, test } from 'vitest';
import {
  compileMatcher,
  parseFilter,
  toSilenceMatcher,
  toWireMatcher,
} from '../../api/alertmanager/matchers.ts';

const fits = (text: string, labels: Record<string, string>) => {
  const matcher = parseFilter(text);
  if ('problem' in matcher) return matcher.problem;
  const test = compileMatcher(matcher);
  return 'problem' in test ? test.problem : test(labels);
};

describe('a filter', () => {
  test.each([
    ['site="north"', { site: 'north' }, true],
    ['site=north', { site: 'north' }, true],
    ['"site"="north"', { site: 'north' }, true],
    ['{"site"!="north"}', { site: 'north' }, false],
    ['{site="north"}', { site: 'north' }, true],
    ['{site=~"nor.*"}', { site: 'south' }, false],
    ['site="no\\"rth"', { site: 'no"rth' }, true],
    ['site!="north"', { site: 'south' }, true],
    ['site=""', {}, true],
    ['site=~"north|south"', { site: 'south' }, true],
    ['site=~"nor"', { site: 'north' }, false],
    ['site=~"nor.*"', { site: 'north' }, true],
    ['site=~".+"', {}, false],
    ['site!~"nor.*"', { site: 'north' }, false],
    ['instance=~"10\\\\.0\\\\.0\\\\.1:.*"', { instance: '10.0.0.1:9100' }, true],
    ['instance=~"10\\\\.0\\\\.0\\\\.1:.*"', { instance: '10x0.0.1:9100' }, false],
  ])('%s over %o: %s', (text, labels, expected) => {
    expect(fits(text, labels)).toBe(expected);
  });

  test.each(['', 'site', '9site=x', 'si te=x', `site="${'x'.repeat(2000)}"`])(
    '%s is none',
    (text) => {
      expect(fits(text, {})).toContain('expected one such as');
    },
  );

  test.each(['a=~"(x+)+"', 'a=~"[a-z]"', 'a=~"x?"', 'a=~"\\\\w"', 'a=~"\\w"', 'a=~\\w'])(
    '%s fits what Alertmanager has it fit',
    (text) => {
      expect(fits(text, { a: 'x' })).toBe(true);
      expect(fits(text, { a: '-' })).toBe(false);
    },
  );

  test('says what is wrong with its pattern', () => {
    expect(fits('a=~"(x"', {})).toBe('the pattern of a: missing closing ): `(x`');
  });

  test('of a label that every object inherits sees only what is there', () => {
    expect(fits('constructor=~".+"', {})).toBe(false);
  });
});

describe('a matcher of a silence', () => {
  test('keeps its values on the way there and back', () => {
    const wire = { name: 'a', value: 'x\\.1|y', isRegex: true, isEqual: true };
    const matcher = toSilenceMatcher(wire);
    expect(matcher).toEqual({ name: 'a', values: ['x.1', 'y'], isEqual: true });
    expect('problem' in matcher ? null : toWireMatcher(matcher)).toEqual(wire);
  });

  test('keeps a pattern on the way there and back', () => {
    for (const value of ['x.*', '(a|b)-.+', 'x|']) {
      const wire = { name: 'a', value, isRegex: true, isEqual: false };
      const matcher = toSilenceMatcher(wire);
      expect(matcher).toEqual({ name: 'a', values: [value], isEqual: false, isPattern: true });
      expect('problem' in matcher ? null : toWireMatcher(matcher)).toEqual(wire);
    }
  });

  test('of several patterns is one, none of which changes another', () => {
    const matcher = { name: 'a', values: ['(?i)x', 'y'], isEqual: true, isPattern: true } as const;
    expect(toWireMatcher(matcher).value).toBe('(?:(?i)x)|y');
  });

  test('is refused where its pattern is none', () => {
    for (const value of ['(a+', '[b-a]', '?', '(?<=x)y']) {
      const matcher = toSilenceMatcher({ name: 'a', value, isRegex: true, isEqual: true });
      expect(matcher).toHaveProperty('problem');
    }
  });
});
