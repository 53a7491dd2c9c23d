import type { Matcher } from '../../alerting/silence.ts';
import { fitsPattern, parseLabelPattern, patternOf } from '../../lib/label-pattern.ts';

/** A matcher as Alertmanager's interface has it. */
export interface WireMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

const LONGEST_VALUE = 1024;
/** What is understood of a regular expression, for people. */
export const EXPECTED_PATTERN =
  'expected text with ., .*, .+, | and groups of alternatives, at most 100 of them';

/**
 * `alertname="Down"`, `{site=~"north|south"}`, `device!=core-1`, as amtool and Grafana send them; or what
 * is wrong with it and what was expected.
 */
export function parseFilter(text: string): WireMatcher | { readonly problem: string } {
  const found =
    /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|(.*?))\s*$/s.exec(
      text.replace(/^\s*\{(.*)\}\s*$/s, '$1'),
    );
  if (found === null || text.length > LONGEST_VALUE) {
    return { problem: 'not a matcher; expected one such as site="north"' };
  }
  const [, name = '', operator = '', quoted, bare = ''] = found;
  const value = quoted === undefined ? bare : quoted.replace(/\\(.)/gs, '$1');
  return {
    ...{ name, value },
    isRegex: operator.endsWith('~'),
    isEqual: !operator.startsWith('!'),
  };
}

/**
 * Whether a set of labels fits; null when the pattern is none that is understood. Patterns come from
 * outside and are held against text from outside, so only those are taken whose cost is bounded.
 */
export function compileMatcher(
  matcher: WireMatcher,
): ((labels: Readonly<Record<string, string>>) => boolean) | null {
  const { name, value, isRegex, isEqual } = matcher;
  if (!isRegex) return (labels) => ((labels[name] ?? '') === value) === isEqual;
  const pattern = parseLabelPattern(value);
  if (pattern === null) return null;
  return (labels) => fitsPattern(pattern, labels[name] ?? '') === isEqual;
}

/** A matcher for a silence; or what is wrong with it and what was expected. */
export function toSilenceMatcher(matcher: WireMatcher): Matcher | { readonly problem: string } {
  const { name, value, isRegex, isEqual } = matcher;
  if (!isRegex) return { name, values: [value], isEqual };
  const plain = value.split('|').map(literalOf);
  if (plain.length <= MOST_PLAIN && plain.every((each) => each !== null && each !== '')) {
    return { name, values: plain as string[], isEqual };
  }
  if (parseLabelPattern(value) === null) {
    return { problem: `the pattern of ${name} is not understood; ${EXPECTED_PATTERN}` };
  }
  return { name, values: [value], isEqual, isPattern: true };
}

const MOST_PLAIN = 100;

/** Text without operators of regular expressions, its escapes undone; null when there are any. */
function literalOf(text: string): string | null {
  const plain = text.replace(/\\[.*+?()[\]{}|^$\\/-]/g, '');
  if (/[\\.*+?()[\]{}^$]/.test(plain)) return null;
  return text.replace(/\\(.)/g, '$1');
}

/** The matcher of a silence as Alertmanager's interface shows it. */
export function toWireMatcher({ name, values, isEqual, isPattern }: Matcher): WireMatcher {
  const [first = ''] = values;
  const isRegex = isPattern === true || values.length > 1;
  const alternatives = isPattern ? values : values.map(patternOf);
  return { name, value: isRegex ? alternatives.join('|') : first, isRegex, isEqual };
}
