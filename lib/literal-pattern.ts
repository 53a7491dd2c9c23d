/**
 * The patterns that most silences are made of: text, `.` for one character, `.*` and `.+` for any text,
 * alternatives with `|`, groups, and anchors that change nothing, since the whole value is matched. Read
 * once into literals with gaps between them, so that no value makes it go back on its steps.
 */
export interface LiteralPattern {
  readonly alternatives: readonly Alternative[];
}

interface Alternative {
  /** Characters in a row, null for any one; one more than there are gaps. */
  readonly literals: readonly (readonly (string | null)[])[];
  /** Least characters in each gap. */
  readonly gaps: readonly number[];
}

const MOST_ALTERNATIVES = 100;
const MOST_GAPS = 8;
const DEEPEST_GROUP = 4;
const OPERATORS = '\\.*+?()[]{}|^$';

/** The pattern; null when it has more alternatives than is good, or is more of a regular expression. */
export function parseLiteralPattern(text: string): LiteralPattern | null {
  const bare = text.replace(/^\^/, '').replace(/(?<!\\)((?:\\\\)*)\$$/, '$1');
  const reader = { text: [...bare], at: 0 };
  const alternatives = readAlternatives(reader, 0);
  return alternatives === null || reader.at < reader.text.length ? null : { alternatives };
}

/** Whether the whole value fits. */
export function fitsLiteral({ alternatives }: LiteralPattern, value: string): boolean {
  const characters = [...value];
  return alternatives.some((alternative) => fits(alternative, characters));
}

/** Whether every alternative holds at least one character that a value must have. */
export function namesLiteral({ alternatives }: LiteralPattern): boolean {
  return alternatives.every(({ literals }) => literals.flat().some((each) => each !== null));
}

interface Reader {
  readonly text: readonly string[];
  at: number;
}

const EMPTY: Alternative = { literals: [[]], gaps: [] };

function readAlternatives(reader: Reader, depth: number): readonly Alternative[] | null {
  const all: Alternative[] = [];
  for (;;) {
    const sequence = readSequence(reader, depth);
    if (sequence === null || all.length + sequence.length > MOST_ALTERNATIVES) return null;
    all.push(...sequence);
    if (reader.text[reader.at] !== '|') return all;
    reader.at += 1;
  }
}

function readSequence(reader: Reader, depth: number): readonly Alternative[] | null {
  let sequence: readonly Alternative[] = [EMPTY];
  for (;;) {
    const next = reader.text[reader.at];
    if (next === undefined || next === '|' || next === ')') return sequence;
    const items = next === '(' ? readGroup(reader, depth) : readItem(reader);
    if (items === null || sequence.length * items.length > MOST_ALTERNATIVES) return null;
    sequence = sequence.flatMap((before) => items.map((item) => joined(before, item)));
    if (sequence.some(({ gaps }) => gaps.length > MOST_GAPS)) return null;
  }
}

/** `(a|b)` or `(?:a|b)`. */
function readGroup(reader: Reader, depth: number): readonly Alternative[] | null {
  if (depth >= DEEPEST_GROUP) return null;
  reader.at += reader.text.slice(reader.at, reader.at + 3).join('') === '(?:' ? 3 : 1;
  const inside = readAlternatives(reader, depth + 1);
  if (inside === null || reader.text[reader.at] !== ')') return null;
  reader.at += 1;
  return isRepeated(reader) ? null : inside;
}

function readItem(reader: Reader): readonly Alternative[] | null {
  const character = reader.text[reader.at]!;
  reader.at += 1;
  if (character === '.') {
    const quantifier = reader.text[reader.at];
    if (quantifier !== '*' && quantifier !== '+') return single(reader, null);
    reader.at += 1;
    const gaps = [quantifier === '+' ? 1 : 0];
    return isRepeated(reader) ? null : [{ literals: [[], []], gaps }];
  }
  if (character !== '\\') return OPERATORS.includes(character) ? null : single(reader, character);
  const escaped = reader.text[reader.at];
  reader.at += 1;
  // A letter or digit behind a backslash is a class, not itself.
  return escaped === undefined || /[\p{L}\p{N}]/u.test(escaped) ? null : single(reader, escaped);
}

function single(reader: Reader, character: string | null): readonly Alternative[] | null {
  return isRepeated(reader) ? null : [{ literals: [[character]], gaps: [] }];
}

function isRepeated({ text, at }: Reader): boolean {
  return ['*', '+', '?', '{'].includes(text[at] ?? '');
}

function joined(before: Alternative, item: Alternative): Alternative {
  const last = [...before.literals.at(-1)!, ...item.literals[0]!];
  return {
    literals: [...before.literals.slice(0, -1), last, ...item.literals.slice(1)],
    gaps: [...before.gaps, ...item.gaps],
  };
}

/** Each literal at the first place it fits: whatever follows has the most room then. */
function fits({ literals, gaps }: Alternative, value: readonly string[]): boolean {
  const [first, ...rest] = literals;
  if (!standsAt(first!, value, 0)) return false;
  let at = first!.length;
  if (rest.length === 0) return at === value.length;
  const last = rest.pop()!;
  for (const [index, literal] of rest.entries()) {
    at = placeOf(literal, value, at + gaps[index]!);
    if (at === -1) return false;
    at += literal.length;
  }
  const end = value.length - last.length;
  return end >= at + gaps.at(-1)! && standsAt(last, value, end);
}

function placeOf(
  literal: readonly (string | null)[],
  value: readonly string[],
  from: number,
): number {
  for (let at = from; at + literal.length <= value.length; at += 1) {
    if (standsAt(literal, value, at)) return at;
  }
  return -1;
}

function standsAt(
  literal: readonly (string | null)[],
  value: readonly string[],
  at: number,
): boolean {
  if (at + literal.length > value.length) return false;
  return literal.every((each, index) => each === null || each === value[at + index]);
}
