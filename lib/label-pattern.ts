import { RE2JS, RE2JSException } from 're2js';
import {
  fitsLiteral,
  type LiteralPattern,
  namesLiteral,
  parseLiteralPattern,
} from './literal-pattern.ts';

/**
 * A regular expression that a label is held against: the syntax of RE2, which Prometheus and Alertmanager
 * use, in time that grows with pattern and value and never with their product's powers. The whole value
 * is matched, and `.` stands for a line end too (labels here have none).
 */
export type LabelPattern =
  | { readonly kind: 'literals'; readonly literals: LiteralPattern }
  | {
      readonly kind: 'expression';
      readonly expression: RE2JS;
      /** What is known of values already: the same ones come at every tick. */
      readonly known: Map<string, boolean>;
    };

/** What is wrong with a pattern, for people. */
export interface PatternProblem {
  readonly problem: string;
}

const LONGEST_PATTERN = 1024;
const LONGEST_VALUE = 1024;
/** Steps of a compiled expression: more than any pattern of that length has without `{n}`. */
const MOST_STEPS = 1500;
/** What an expression may grow to by its `{n}` before it is compiled at all. */
const MOST_COMPILED = 50_000;
/** RE2 refuses more, of nested ones together too. */
const MOST_REPEATS = 1000;
const MOST_KNOWN = 1000;

/** The pattern; or why it is none: the complaint of RE2, or the bound that it does not keep. */
export function parseLabelPattern(text: string): LabelPattern | PatternProblem {
  if (text.length > LONGEST_PATTERN) {
    return { problem: `has ${text.length} characters; expected at most ${LONGEST_PATTERN}` };
  }
  const literals = parseLiteralPattern(text);
  if (literals !== null) return { kind: 'literals', literals };
  if (text.length * repeatsIn(text) > MOST_COMPILED) return TOO_LARGE;
  const expression = compile(text);
  if ('problem' in expression) return expression;
  if (expression.programSize() > MOST_STEPS) return TOO_LARGE;
  return { kind: 'expression', expression, known: new Map() };
}

const TOO_LARGE: PatternProblem = {
  problem: `is too large with its repetitions; expected at most ${MOST_STEPS} steps when compiled`,
};

/** Whether the whole value fits; one that is longer than labels are fits nothing. */
export function fitsPattern(pattern: LabelPattern, value: string): boolean {
  if (value.length > LONGEST_VALUE) return false;
  if (pattern.kind === 'literals') return fitsLiteral(pattern.literals, value);
  const { expression, known } = pattern;
  const held = known.get(value);
  if (held !== undefined) return held;
  const doesFit = expression.matches(value);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(value, doesFit);
  return doesFit;
}

/**
 * Whether every value that fits holds at least one character that the pattern names: itself, or as one
 * of few (`[12]`, but not `\d`).
 */
export function namesSomething(pattern: LabelPattern): boolean {
  if (pattern.kind === 'literals') return namesLiteral(pattern.literals);
  return !canEndUnnamed(pattern.expression.re2Input.prog as Program);
}

/** A text as a pattern that only it fits. */
export function patternOf(text: string): string {
  return text.replace(/[\\.*+?()[\]{}|^$]/g, '\\$&');
}

/** Most that the repetitions of a pattern can make of it: as if each held all the others. */
function repeatsIn(text: string): number {
  let repeats = 1;
  for (const [, least, most] of text.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) {
    repeats = Math.min(MOST_REPEATS, repeats * Math.max(1, Number(least), Number(most ?? 0)));
  }
  return repeats;
}

function compile(text: string): RE2JS | PatternProblem {
  try {
    return RE2JS.compile(text, RE2JS.DOTALL);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    // The flag stands before the pattern in what is quoted of it.
    const complaint = error.message.replace(/^error parsing regexp: /, '').replace('`(?s)', '`');
    return { problem: complaint };
  }
}

/** A compiled expression as RE2 has it: steps that lead to each other, two ways at an alternative. */
interface Program {
  readonly start: number;
  readonly inst: readonly Step[];
}

interface Step {
  readonly op: number;
  readonly out: number;
  readonly arg: number;
  /** One character, or pairs of the first and the last of a range. */
  readonly runes: ArrayLike<number>;
}

const ALTERNATIVE = [1, 2];
const MATCH = 6;
const FAIL = 5;
const CHARACTERS = 8;
const ONE_CHARACTER = 9;
/** So many characters are less than all digits. */
const MOST_NAMED = 9;

function canEndUnnamed({ start, inst }: Program): boolean {
  const waiting = [start];
  const seen = new Set<number>();
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const step = inst[at]!;
    if (step.op === MATCH) return true;
    if (step.op === FAIL || isNamed(step)) continue;
    waiting.push(step.out);
    if (ALTERNATIVE.includes(step.op)) waiting.push(step.arg);
  }
  return false;
}

function isNamed({ op, runes }: Step): boolean {
  if (op === ONE_CHARACTER) return true;
  if (op !== CHARACTERS) return false;
  if (runes.length === 1) return true;
  let characters = 0;
  for (let at = 0; at + 1 < runes.length; at += 2) characters += runes[at + 1]! - runes[at]! + 1;
  return characters <= MOST_NAMED;
}
