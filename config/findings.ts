import { type DurationMs, formatDuration, parseDuration } from '../lib/time.ts';
import type { Problem } from './problem.ts';
import { formatPath, listWords, type Path, show, suggestion, withArticle } from './problem-text.ts';
import { problemFrom, type YamlSource } from './yaml-file.ts';

/** Where the checks of one file put what they find. */
export interface Findings {
  error(path: Path, message: string): void;
  warning(path: Path, message: string): void;
}

/** Findings about one file, added to `problems` with the line of their place. */
export function findingsOf(source: YamlSource, problems: Problem[]): Findings {
  return {
    error: (path, message) => problems.push(problemFrom(source, path, message, 'error')),
    warning: (path, message) => problems.push(problemFrom(source, path, message, 'warning')),
  };
}

/** Names that entries may refer to; null when their file could not be read, so nothing is known. */
export type KnownIds = ReadonlySet<string> | null;

const MOST_LISTED_NAMES = 8;

/** Finds a reference to something that does not exist. */
export function checkReference(
  findings: Findings,
  path: Path,
  id: string,
  known: KnownIds,
  noun: string,
): void {
  if (known === null || known.has(id)) return;
  const names = [...known];
  const meant = suggestion(id, names);
  let hint = meant;
  if (meant === '' && names.length === 0) hint = '; none is declared';
  else if (meant === '' && names.length <= MOST_LISTED_NAMES)
    hint = `; expected ${listWords(names)}`;
  findings.error(path, `${show(id)} is not ${withArticle(noun)}${hint}`);
}

/** Finds ids that stand for two entries of the list at `path`. */
export function checkUniqueIds(
  findings: Findings,
  path: Path,
  entries: readonly { readonly id: string }[],
): void {
  const firstIndexes = new Map<string, number>();
  entries.forEach(({ id }, index) => {
    const first = firstIndexes.get(id);
    if (first === undefined) firstIndexes.set(id, index);
    else {
      const owner = formatPath([...path, first]);
      findings.error([...path, index, 'id'], `${show(id)} is already the id of ${owner}`);
    }
  });
}

/** Finds words that stand twice in the list at `path`. */
export function checkNoRepeats(findings: Findings, path: Path, words: readonly string[]): void {
  words.forEach((word, index) => {
    if (words.indexOf(word) < index)
      findings.error([...path, index], `${show(word)} is listed twice`);
  });
}

/** IANA zone known to this Node; `timeZone` finds what is not. */
export function checkTimeZone(findings: Findings, path: Path, zone: string): void {
  if (isTimeZone(zone)) return;
  const meant = suggestion(zone, Intl.supportedValuesOf('timeZone'));
  const hint = meant === '' ? '; expected an IANA name such as Asia/Shanghai or UTC' : meant;
  findings.error(path, `${show(zone)} is not a time zone${hint}`);
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

/** A duration already known to be well written, held against its bounds. */
export function readDuration(
  findings: Findings,
  path: Path,
  text: string,
  bounds: { readonly least: DurationMs; readonly most: DurationMs },
): DurationMs {
  const durationMs = parseDuration(text) ?? bounds.least;
  if (durationMs < bounds.least) {
    findings.error(path, `${text} is too short; expected at least ${inWords(bounds.least)}`);
  } else if (durationMs > bounds.most) {
    findings.error(path, `${text} is too long; expected at most ${inWords(bounds.most)}`);
  }
  return durationMs;
}

/** As formatDuration, but exact below a second. */
export function inWords(durationMs: DurationMs): string {
  return durationMs % 1000 === 0 ? formatDuration(durationMs) : `${durationMs}ms`;
}

/** `99.9%` as parts per million, exactly; null above 100 %. */
export function percentToPpm(text: string): number | null {
  const [whole = '0', fraction = ''] = text.slice(0, -1).split('.');
  const ppm = Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'));
  return ppm <= 1_000_000 ? ppm : null;
}
