import type { Static, TSchema } from 'typebox';
import { type Draft, makeHole } from './draft.ts';
import type { Problem } from './problem.ts';
import { formatPath, MOST_PROBLEMS_PER_FILE, type Path } from './problem-text.ts';
import { checkAgainst, type WrittenKeys } from './schema-problems.ts';
import { readYaml, type YamlDocument } from './yaml-document.ts';

/** The file a problem is in, and the line of each place in it. */
export interface YamlSource {
  readonly file: string;
  /** The place by the keys that stand in the text, where one of them is misspelt. */
  asWritten(path: Path): Path;
  /** Line from 1 of the place, or of the nearest place around it that exists. */
  lineOf(path: Path): number;
  /** Whether the text itself says something there; defaults are filled in where it does not. */
  isWritten(path: Path): boolean;
}

export interface ParsedYaml<T> extends YamlSource {
  /** Null when there is any problem. */
  readonly value: T | null;
  /** What of the text fits the schema; null when the text cannot be read, or is another thing altogether. */
  readonly draft: Draft<T> | null;
  readonly problems: Problem[];
}

/**
 * Reads one configuration file: YAML 1.2 text to a value that fits the schema, defaults filled in.
 * Reports every syntax error, or else every departure from the schema, sorted by line; never throws
 * for what the text holds. `file` is the path as the reader knows it.
 */
export function parseYaml<S extends TSchema>(
  file: string,
  text: string,
  schema: S,
): ParsedYaml<Static<S>> {
  const document = readYaml(file, text);
  const keys = keysOf(document);
  const source = {
    file,
    asWritten: keys.asWritten,
    lineOf: (path: Path) => document.lineOf(keys.asWritten(path)),
    isWritten: keys.has,
  };
  const problems = [...document.problems];
  if (document.value === undefined) return { ...source, value: null, draft: null, problems };
  const departures = checkAgainst(schema, document.value, keys);
  const said = departures.slice(0, MOST_PROBLEMS_PER_FILE);
  problems.push(...said.map(({ path, message }) => problemFrom(source, path, message)));
  problems.sort((a, b) => a.line - b.line);
  const leftOut = departures.length - said.length;
  if (leftOut > 0) problems.push(problemFrom(source, [], `and ${leftOut} more problems`));
  const value = problems.length === 0 ? (document.value as Static<S>) : null;
  const holes = departures.flatMap(({ hole }) => (hole === null ? [] : [hole]));
  for (const hole of holes) makeHole(document.value, hole);
  const isOther = holes.some((hole) => hole.length === 0);
  return {
    ...source,
    value,
    draft: isOther ? null : (document.value as Draft<Static<S>>),
    problems,
  };
}

/** Keys of the document, with those that are read as another one. */
function keysOf(document: YamlDocument): WrittenKeys & Pick<YamlSource, 'asWritten'> {
  const keyByPlace = new Map<string, string>();
  const asWritten = (path: Path) =>
    keyByPlace.size === 0
      ? path
      : path.map((part, index) => keyByPlace.get(formatPath(path.slice(0, index + 1))) ?? part);
  return {
    asWritten,
    has: (path) => document.has(asWritten(path)),
    readAs: (owner, key, meant) => void keyByPlace.set(formatPath([...owner, meant]), key),
  };
}

/** A problem found after parsing, at its line: `problemFrom(parsed, ['devices', 3, 'site'], '…')`. */
export function problemFrom(
  source: YamlSource,
  path: Path,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem {
  return {
    file: source.file,
    line: source.lineOf(path),
    path: formatPath(source.asWritten(path)),
    message,
    severity,
  };
}
