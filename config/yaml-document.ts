import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
} from 'yaml';
import type { Problem } from './problem.ts';
import { formatPath, MOST_PROBLEMS_PER_FILE, type Path, show } from './problem-text.ts';
import { DEEPEST_NESTING, SYNTAX_MESSAGES, syntaxFaults } from './yaml-syntax.ts';

/** A YAML text read into plain values, with the line of every one of them. */
export interface YamlDocument {
  /**
   * Plain objects, lists, strings, numbers, booleans and null; undefined when the text cannot be
   * read. Of a key that appears twice the first counts.
   */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Line from 1 of the place, or of the nearest place around it that exists. */
  lineOf(path: Path): number;
  /** Whether the text has something at the place. */
  has(path: Path): boolean;
}

const LARGEST_TEXT_BYTES = 4 * 1024 * 1024;
/** Values that exist only because an alias repeats them; a "billion laughs" text asks for far more. */
const MOST_ALIASED_VALUES = 10_000;

const FORBIDDEN_CHARACTER =
  // Control characters that YAML forbids, and those that make text read in another order than shown.
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/;

/**
 * Reads one YAML 1.2 document (core schema). Duplicate keys, tags, directives, merge keys,
 * `__proto__`, control characters and texts that grow without bound through aliases are problems.
 * An empty document is an empty mapping. Never throws for what the text holds.
 */
export function readYaml(file: string, text: string): YamlDocument {
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_TEXT_BYTES) {
    return failed(file, 0, `is ${bytes} bytes long; at most ${LARGEST_TEXT_BYTES} are accepted`);
  }
  const forbidden = FORBIDDEN_CHARACTER.exec(text);
  if (forbidden) {
    return failed(file, text.slice(0, forbidden.index).split('\n').length, forbids(forbidden[0]));
  }
  const lineCounter = new LineCounter();
  const end = text.trimEnd().length;
  const lineAt = (offset: number) => lineCounter.linePos(Math.min(offset, end)).line;
  const document = parseDocument(text, {
    lineCounter,
    schema: 'core',
    version: '1.2',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const syntax = syntaxFaults(document, text).map(({ offset, message }) =>
    problemAtLine(file, lineAt(offset), message),
  );
  if (document.directives?.yaml.explicit) {
    syntax.push(problemAtLine(file, 1, SYNTAX_MESSAGES.BAD_DIRECTIVE!));
  }
  const targets = new Map<Node, Node>();
  const find = (path: Path) => findPlace(document.contents, path, lineAt, targets);
  const lineOf = (path: Path) => find(path).line;
  const has = (path: Path) => find(path).isThere;
  if (syntax.length > 0) {
    const problems = withoutRepeats(syntax).slice(0, MOST_PROBLEMS_PER_FILE);
    return { value: undefined, problems, lineOf, has };
  }
  const reader: Reader = {
    file,
    lineAt,
    problems: [],
    isRefused: false,
    anchors: new Map(),
    targets,
    aliasedCount: 0,
    aliasDepth: 0,
  };
  const value = isEmptyDocument(document.contents) ? {} : toValue(reader, document.contents, []);
  const problems = reader.problems.slice(0, MOST_PROBLEMS_PER_FILE);
  return { value: reader.isRefused ? undefined : value, problems, lineOf, has };
}

function isEmptyDocument(contents: Node | null): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function forbids(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `forbidden invisible character U+${code}; remove it`;
}

function failed(file: string, line: number, message: string): YamlDocument {
  const problems = [problemAtLine(file, line, message)];
  return { value: undefined, problems, lineOf: () => line, has: () => false };
}

function problemAtLine(file: string, line: number, message: string, path: Path = []): Problem {
  return { file, line, path: formatPath(path), message, severity: 'error' };
}

/** One wrong bracket gives many errors on its line; saying it once is enough. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ line, message }) => {
    const key = `${line} ${message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

interface Reader {
  readonly file: string;
  lineAt(offset: number): number;
  readonly problems: Problem[];
  /** Part of the text stands for nothing, so that the rest would be misunderstood. */
  isRefused: boolean;
  readonly anchors: Map<string, Node>;
  /** What an alias stands for, fixed when first met: an anchor may be set again further on. */
  readonly targets: Map<Node, Node>;
  aliasedCount: number;
  aliasDepth: number;
}

function refuse(reader: Reader, node: Node | null, path: Path, message: string): null {
  reader.isRefused = true;
  return report(reader, node, path, message);
}

function report(reader: Reader, node: Node | null, path: Path, message: string): null {
  const line = reader.lineAt(node?.range?.[0] ?? 0);
  if (reader.problems.length < MOST_PROBLEMS_PER_FILE) {
    reader.problems.push(problemAtLine(reader.file, line, message, path));
  }
  return null;
}

function toValue(reader: Reader, node: Node | null, path: Path): unknown {
  if (node === null) return null;
  if (path.length > DEEPEST_NESTING) {
    return refuse(reader, node, [], SYNTAX_MESSAGES.RESOURCE_EXHAUSTION!);
  }
  if (reader.aliasDepth > 0) {
    reader.aliasedCount += 1;
    if (reader.aliasedCount > MOST_ALIASED_VALUES) return null;
  }
  if (isAlias(node)) return aliasValue(reader, node, path);
  if ('anchor' in node && typeof node.anchor === 'string' && reader.aliasDepth === 0) {
    reader.anchors.set(node.anchor, node);
  }
  if (isSeq(node)) {
    return node.items.map((item, index) => toValue(reader, item as Node, [...path, index]));
  }
  if (isMap(node)) return mapValue(reader, node, path);
  return isScalar(node) ? scalarValue(reader, node, path) : null;
}

/** A quoted text may hold by its escapes what the text of the file may not hold openly. */
function scalarValue(reader: Reader, node: Scalar, path: Path): unknown {
  const { value } = node;
  const forbidden = typeof value === 'string' ? FORBIDDEN_CHARACTER.exec(value) : null;
  return forbidden === null ? value : refuse(reader, node, path, forbids(forbidden[0]));
}

function aliasValue(reader: Reader, node: Node & { source: string }, path: Path): unknown {
  const target = reader.targets.get(node) ?? reader.anchors.get(node.source);
  if (target === undefined) {
    return refuse(reader, node, path, 'the alias names no anchor set before it');
  }
  reader.targets.set(node, target);
  const isOver = reader.aliasedCount > MOST_ALIASED_VALUES;
  reader.aliasDepth += 1;
  const value = toValue(reader, target, path);
  reader.aliasDepth -= 1;
  if (reader.aliasDepth === 0 && !isOver && reader.aliasedCount > MOST_ALIASED_VALUES) {
    refuse(reader, node, path, `aliases repeat more than ${MOST_ALIASED_VALUES} values`);
  }
  return value;
}

function mapValue(reader: Reader, node: Node, path: Path): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  if (!isMap(node)) return value;
  const firstLines = new Map<string, number>();
  for (const pair of node.items) {
    const keyNode = pair.key as Node | null;
    const key = isScalar(keyNode) ? keyNode.value : null;
    if (typeof key !== 'string') {
      refuse(reader, keyNode ?? node, path, SYNTAX_MESSAGES.NON_STRING_KEY!);
    } else if (FORBIDDEN_CHARACTER.test(key)) {
      refuse(reader, keyNode, path, forbids(FORBIDDEN_CHARACTER.exec(key)![0]));
    } else if (key === '<<') {
      refuse(reader, keyNode, path, 'merge keys ("<<") are not accepted; write the keys out');
    } else if (key === '__proto__') {
      refuse(reader, keyNode, path, 'the key "__proto__" is not accepted');
    } else if (firstLines.has(key)) {
      const message = `key ${show(key)} appears twice; first on line ${firstLines.get(key)}`;
      report(reader, keyNode, path, message);
    } else {
      firstLines.set(key, reader.lineAt(keyNode?.range?.[0] ?? 0));
      value[key] = toValue(reader, pair.value as Node | null, [...path, key]);
    }
  }
  return value;
}

function findPlace(
  root: Node | null,
  path: Path,
  lineAt: (offset: number) => number,
  targets: ReadonlyMap<Node, Node>,
): { readonly line: number; readonly isThere: boolean } {
  let node: Node | null = root;
  let line = lineAt(root?.range?.[0] ?? 0);
  for (const part of path) {
    if (isAlias(node)) node = targets.get(node) ?? null;
    let found: Node | null = null;
    let place: Node | null = null;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === part);
      found = (pair?.value ?? null) as Node | null;
      place = (pair?.key ?? null) as Node | null;
    } else if (isSeq(node) && typeof part === 'number') {
      found = (node.items[part] ?? null) as Node | null;
      place = found;
    }
    if (place?.range) line = lineAt(place.range[0]);
    if (place === null) return { line, isThere: false };
    node = found;
  }
  return { line, isThere: true };
}
