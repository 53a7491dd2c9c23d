import type { Matcher } from '../../alerting/silence.ts';

/** A matcher as Alertmanager's interface has it. */
export interface WireMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

const LONGEST_VALUE = 1024;
const MOST_CHOICES = 100;
const MOST_WILDCARDS = 4;

const EXPECTED =
  'expected a value, or with =~ whole values separated by |; a silence knows no wildcards';

/**
 * `alertname="Down"`, `site=~"north|south"`, `device!=core-1`, as amtool and Grafana send them; or what
 * is wrong with it and what was expected.
 */
export function parseFilter(text: string): WireMatcher | { readonly problem: string } {
  const found =
    /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|(.*?))\s*$/s.exec(text);
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
  const choices = value.split('|').map(compileChoice);
  if (choices.length > MOST_CHOICES || choices.includes(null)) return null;
  return (labels) => choices.some((fits) => fits?.(labels[name] ?? '')) === isEqual;
}

/** Text with `.*` and `.+` in it; null when there is more of a regular expression. */
function compileChoice(text: string): ((value: string) => boolean) | null {
  const parts = text.split(/(\.[*+])/);
  const wildcards = parts.filter((part) => part === '.*' || part === '.+').length;
  if (wildcards > MOST_WILDCARDS) return null;
  const literals = parts.filter((_, index) => index % 2 === 0).map(literalOf);
  if (literals.includes(null)) return null;
  if (wildcards === 0) return (value) => value === literals[0];
  const pattern = parts
    .map((part, index) => (index % 2 === 0 ? escapeRegExp(literals[index / 2]!) : part))
    .join('');
  const regExp = new RegExp(`^(?:${pattern})$`, 's');
  return (value) => value.length <= LONGEST_VALUE && regExp.test(value);
}

/** Text without operators of regular expressions, its escapes undone; null when there are any. */
function literalOf(text: string): string | null {
  const plain = text.replace(/\\[.*+?()[\]{}|^$\\/-]/g, '');
  if (/[\\.*+?()[\]{}^$]/.test(plain)) return null;
  return text.replace(/\\(.)/g, '$1');
}

const escapeRegExp = (text: string) => text.replace(/[\\.*+?()[\]{}|^$]/g, '\\$&');

/** A matcher for a silence, whose values are plain; or what is wrong with it and what was expected. */
export function toSilenceMatcher(matcher: WireMatcher): Matcher | { readonly problem: string } {
  const { name, value, isRegex, isEqual } = matcher;
  const values = (isRegex ? value.split('|').map(literalOf) : [value]).filter(
    (each): each is string => each !== null && each !== '',
  );
  const expected = isRegex ? value.split('|').length : 1;
  if (values.length !== expected || values.length > MOST_CHOICES) {
    return { problem: `the value of ${name} cannot be silenced; ${EXPECTED}` };
  }
  return { name, values, isEqual };
}

/** The matcher of a silence as Alertmanager's interface shows it. */
export function toWireMatcher({ name, values, isEqual }: Matcher): WireMatcher {
  const [first = ''] = values;
  const isRegex = values.length > 1;
  return { name, value: isRegex ? values.map(escapeRegExp).join('|') : first, isRegex, isEqual };
}
