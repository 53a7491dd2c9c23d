import { cleanText } from '../lib/device-text.ts';

/** Where in a document: keys and list indexes from 0, outermost first. */
export type Path = readonly (string | number)[];

/** A file with more faults than this is cut short: the rest seldom says anything new. */
export const MOST_PROBLEMS_PER_FILE = 100;

const LONGEST_SHOWN_TEXT = 60;
/** Edits that still count as a slip of the fingers. */
const MOST_SLIPS = 2;

/** `devices[3].role`; a key that is not a plain word is quoted: `labels["a b"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (!/^[A-Za-z0-9_-]+$/.test(part)) text += `[${show(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

/** A value as a message may show it: short, on one line, never the text of a `plain:` secret. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return String(value);
  if (value.startsWith('plain:')) return '"plain:<secret>"';
  return JSON.stringify(cleanText(value, LONGEST_SHOWN_TEXT));
}

/** `a, b or c`. */
export function listWords(words: readonly string[], last: 'or' | 'and' = 'or'): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}

/** `a role`, `an address`. */
export function withArticle(noun: string): string {
  return /^[aeio]/i.test(noun) ? `an ${noun}` : `a ${noun}`;
}

/** The known word that was probably meant, or null when none is near. */
export function closest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.min(MOST_SLIPS, Math.floor(word.length / 2)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean "address"?`, or nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const meant = closest(word, known);
  return meant === null ? '' : didYouMean(meant);
}

/** `; did you mean "address"?` */
export function didYouMean(word: string): string {
  return `; did you mean ${show(word)}?`;
}

/** Levenshtein distance: insertions, deletions and replacements. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = previous[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous.at(-1)!;
}
