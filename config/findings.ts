import { type DurationMs, formatDuration, parseDuration } from '../lib/time.ts';
import { entriesOf, type Maybe } from './draft.ts';
import type { Problem } from './problem.ts';
import { formatPath, listWords, type Path, show, suggestion, withArticle } from './problem-text.ts';
import { problemFrom, type YamlSource } from './yaml-file.ts';

/**
 * Where the checks of one file put what they find. The checks read drafts: each says nothing about
 * a hole, whose cause is known already, and nothing about what was left out and may be.
 */
export interface Findings {
  error(path: Path, message: string): void;
  warning(path: Path, message: string): void;
  /** Whether the writer of the file says something there; elsewhere drafts hold defaults. */
  isWritten(path: Path): boolean;
}

/** Findings about one file, added to `problems` with the line of their place. */
export function findingsOf(source: YamlSource, problems: Problem[]): Findings {
  return {
    error: (path, message) => problems.push(problemFrom(source, path, message, 'error')),
    warning: (path, message) => problems.push(problemFrom(source, path, message, 'warning')),
    isWritten: source.isWritten,
  };
}

/** Names that entries may refer to; null when one of them is not known, so that any name might be it. */
export type KnownIds = ReadonlySet<string> | null;

/** The ids of a list. An entry with an id counts, whatever else is wrong with it. */
export function knownIds(entries: Maybe<readonly (WithId | null)[]>): KnownIds {
  if (!entries || entries.includes(null)) return null;
  return new Set(entriesOf(entries).flatMap(([, { id }]) => (id === null ? [] : [id])));
}

interface WithId {
  readonly id: string | null;
}

const MOST_LISTED_NAMES = 8;

/** Finds a reference to something that does not exist. */
export function checkReference(
  findings: Findings,
  path: Path,
  id: string | null,
  known: KnownIds,
  noun: string,
): void {
  if (id === null || known === null || known.has(id)) return;
  const names = [...known];
  const meant = suggestion(id, names);
  let hint = meant;
  if (meant === '' && names.length === 0) hint = '; none is declared';
  else if (meant === '' && names.length <= MOST_LISTED_NAMES)
    hint = `; expected ${listWords(names)}`;
  findings.error(path, `${show(id)} is not ${withArticle(noun)}${hint}`);
}

/** Finds references, in the list at `path`, to something that does not exist. */
export function checkReferences(
  findings: Findings,
  path: Path,
  ids: Maybe<readonly (string | null)[]>,
  known: KnownIds,
  noun: string,
): void {
  for (const [index, id] of entriesOf(ids)) {
    checkReference(findings, [...path, index], id, known, noun);
  }
}

/** Finds ids that stand for two entries of the list at `path`. */
export function checkUniqueIds(
  findings: Findings,
  path: Path,
  entries: Maybe<readonly (WithId | null)[]>,
): void {
  const firstIndexes = new Map<string, number>();
  for (const [index, { id }] of entriesOf(entries)) {
    if (id === null) continue;
    const first = firstIndexes.get(id);
    if (first === undefined) firstIndexes.set(id, index);
    else {
      const owner = formatPath([...path, first]);
      findings.error([...path, index, 'id'], `${show(id)} is already the id of ${owner}`);
    }
  }
}

/** Finds words that stand twice in the list at `path`. */
export function checkNoRepeats(
  findings: Findings,
  path: Path,
  words: Maybe<readonly (string | null)[]>,
): void {
  const seen = new Set<string>();
  for (const [index, word] of entriesOf(words)) {
    if (seen.has(word)) findings.error([...path, index], `${show(word)} is listed twice`);
    seen.add(word);
  }
}

/** Finds what is no IANA zone known to this Node; gives the zone when it is one. */
export function checkTimeZone(findings: Findings, path: Path, zone: Maybe<string>): string | null {
  if (zone === null || zone === undefined) return null;
  if (isTimeZone(zone)) return zone;
  const meant = suggestion(zone, Intl.supportedValuesOf('timeZone'));
  const hint = meant === '' ? '; expected an IANA name such as Asia/Shanghai or UTC' : meant;
  findings.error(path, `${show(zone)} is not a time zone${hint}`);
  return null;
}

/** Whether Node knows the IANA zone; offsets such as +08:00 are none. */
export function isTimeZone(zone: string): boolean {
  if (/^[+-]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** Holds a well-written duration against its bounds; gives it when it is within them. */
export function checkDuration(
  findings: Findings,
  path: Path,
  text: Maybe<string>,
  bounds: { readonly least: DurationMs; readonly most: DurationMs },
): DurationMs | null {
  if (text === null || text === undefined) return null;
  const durationMs = durationOf(text);
  if (durationMs < bounds.least) {
    findings.error(path, `${text} is too short; expected at least ${inWords(bounds.least)}`);
    return null;
  }
  if (durationMs > bounds.most) {
    findings.error(path, `${text} is too long; expected at most ${inWords(bounds.most)}`);
    return null;
  }
  return durationMs;
}

/** A duration that its schema has found well written. */
export function durationOf(text: string): DurationMs {
  return parseDuration(text) ?? 0;
}

/** As formatDuration, but exact below a second. */
export function inWords(durationMs: DurationMs): string {
  return durationMs % 1000 === 0 ? formatDuration(durationMs) : `${durationMs}ms`;
}

/** `99.9%` as parts per million, exactly; above a million for more than 100 %. */
export function percentToPpm(text: string): number {
  const [whole = '0', fraction = ''] = text.slice(0, -1).split('.');
  return Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'));
}
