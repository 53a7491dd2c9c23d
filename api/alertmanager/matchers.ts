import type { Matcher } from '../../alerting/silence.ts';
import {
  fitsPattern,
  type PatternProblem,
  parseLabelPattern,
  patternOf,
} from '../../lib/label-pattern.ts';

/** A matcher as Alertmanager's interface has it. */
export interface WireMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

const LONGEST_VALUE = 1024;
/**
 * `alertname="Down"`, `{site=~"north|south"}`, `device!=core-1`, as amtool and Grafana send them; or what
 * is wrong with it and what was expected.
 */
export function parseFilter(text: string): WireMatcher | PatternProblem {
  const found =
    /^\s*("?)([a-zA-Z_][a-zA-Z0-9_]*)\1\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|(.*?))\s*$/s.exec(
      text.replace(/^\s*\{(.*)\}\s*$/s, '$1'),
    );
  if (found === null || text.length > LONGEST_VALUE) {
    return { problem: 'not a matcher; expected one such as site="north"' };
  }
  const [, , name = '', operator = '', quoted, bare = ''] = found;
  const value = unescaped(quoted ?? bare);
  return {
    ...{ name, value },
    isRegex: operator.endsWith('~'),
    isEqual: !operator.startsWith('!'),
  };
}

/** As Alertmanager reads it: what is no escape of a quotation is the text of a pattern, `\\d` too. */
function unescaped(text: string): string {
  return text.replace(/\\(["\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

export type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

/** Whether a set of labels fits; or what is wrong with the pattern. */
export function compileMatcher(matcher: WireMatcher): LabelTest | PatternProblem {
  const { name, value, isRegex, isEqual } = matcher;
  const held = (labels: Readonly<Record<string, string>>) =>
    Object.hasOwn(labels, name) ? labels[name]! : '';
  if (!isRegex) return (labels) => (held(labels) === value) === isEqual;
  const pattern = parseLabelPattern(value);
  if ('problem' in pattern) return { problem: `the pattern of ${name}: ${pattern.problem}` };
  return (labels) => fitsPattern(pattern, held(labels)) === isEqual;
}

/** A matcher for a silence; or what is wrong with it and what was expected. */
export function toSilenceMatcher(matcher: WireMatcher): Matcher | PatternProblem {
  const { name, value, isRegex, isEqual } = matcher;
  if (!isRegex) return { name, values: [value], isEqual };
  const plain = value.split('|').map(literalOf);
  if (plain.length <= MOST_PLAIN && plain.every((each) => each !== null && each !== '')) {
    return { name, values: plain as string[], isEqual };
  }
  const pattern = parseLabelPattern(value);
  if ('problem' in pattern) return { problem: `the pattern of ${name}: ${pattern.problem}` };
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
  const alternatives = isPattern ? values.map(asAlternative) : values.map(patternOf);
  return { name, value: isRegex ? alternatives.join('|') : first, isRegex, isEqual };
}

/** Flags such as `(?i)` hold to the end of their group: among others a pattern has one of its own. */
function asAlternative(pattern: string, _: number, { length }: readonly string[]): string {
  return length > 1 && pattern.includes('(?') ? `(?:${pattern})` : pattern;
}
