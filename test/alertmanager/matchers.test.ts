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
  return compileMatcher(matcher)?.(labels) ?? 'too much';
};

describe('a filter', () => {
  test.each([
    ['site="north"', { site: 'north' }, true],
    ['site=north', { site: 'north' }, true],
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

  test.each(['a=~"(x+)+"', 'a=~"[a-z]"', 'a=~"x?"', 'a=~"x{9}"'])(
    '%s costs too much, or is not understood',
    (text) => {
      expect(fits(text, { a: 'x' })).toBe('too much');
    },
  );
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

  test('is refused where its pattern is more than is understood', () => {
    for (const value of ['(a+)+', '[ab]', 'x?', '\\d']) {
      const matcher = toSilenceMatcher({ name: 'a', value, isRegex: true, isEqual: true });
      expect(matcher).toHaveProperty('problem');
    }
  });
});
