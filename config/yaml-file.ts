import type { Static, TSchema } from 'typebox';
import type { Problem } from './problem.ts';
import { formatPath, MOST_PROBLEMS_PER_FILE, type Path } from './problem-text.ts';
import { checkAgainst } from './schema-problems.ts';
import { readYaml } from './yaml-document.ts';

/** The file a problem is in, and the line of each place in it. */
export interface YamlSource {
  readonly file: string;
  /** Line from 1 of the place, or of the nearest place around it that exists. */
  lineOf(path: Path): number;
}

export interface ParsedYaml<T> extends YamlSource {
  /** Null when there is any problem. */
  readonly value: T | null;
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
  const { lineOf } = document;
  if (document.problems.length > 0) {
    return { file, lineOf, value: null, problems: [...document.problems] };
  }
  const source = { file, lineOf };
  const departures = checkAgainst(schema, document.value);
  if (departures.length === 0) {
    return { file, lineOf, value: document.value as Static<S>, problems: [] };
  }
  const problems = departures
    .slice(0, MOST_PROBLEMS_PER_FILE)
    .map(({ path, message }) => problemFrom(source, path, message))
    .sort((a, b) => a.line - b.line);
  const leftOut = departures.length - problems.length;
  if (leftOut > 0) problems.push(problemFrom(source, [], `and ${leftOut} more problems`));
  return { file, lineOf, value: null, problems };
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
    path: formatPath(path),
    message,
    severity,
  };
}
