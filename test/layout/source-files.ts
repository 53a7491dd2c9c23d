import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Folders whose content is installed, built or written at run time, never written by a person. */
const NOT_OURS = new Set(['node_modules', '.git', 'data', 'dist', 'coverage']);
const SOURCE = /\.(ts|tsx|mjs)$/;

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** A node of the syntax tree (ESTree); `start` and `end` are offsets into the file's text. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface ParsedFile extends SourceFile {
  readonly program: SyntaxNode;
  readonly comments: readonly { readonly value: string; readonly start: number }[];
  readonly imports: readonly Import[];
}

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** `import type`: gone before the program runs. */
  readonly isType: boolean;
}

function pathsBelow(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder))
    .filter((name) => !NOT_OURS.has(name))
    .map((name) => (folder === '' ? name : `${folder}/${name}`))
    .flatMap((path) =>
      statSync(join(repositoryRoot, path)).isDirectory() ? pathsBelow(path) : [path],
    )
    .sort();
}

export const allPaths: readonly string[] = pathsBelow('');

export function readSource(path: string): SourceFile {
  return { path, text: readFileSync(join(repositoryRoot, path), 'utf8') };
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Calls `visit` for every node below `node`, itself first. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === 'object' && typeof child.type === 'string') {
        walk(child as SyntaxNode, visit);
      }
    }
  }
}

function importsOf(program: SyntaxNode): Import[] {
  const found: Import[] = [];
  walk(program, (node) => {
    const source = node.source as SyntaxNode | null | undefined;
    if (!/^(Import|Export)/.test(node.type) || source?.type !== 'Literal') return;
    const kind = node.importKind ?? node.exportKind;
    found.push({ specifier: String(source.value), isType: kind === 'type' });
  });
  return found;
}

export function parseSource(file: SourceFile): ParsedFile {
  const language = file.path.endsWith('x') ? 'tsx' : file.path.endsWith('.ts') ? 'ts' : 'js';
  const { program, comments, errors } = parseSync(file.path, file.text, { lang: language });
  if (errors.length > 0) throw new Error(`${file.path} does not parse: ${errors[0]?.message}`);
  const tree = program as unknown as SyntaxNode;
  return { ...file, program: tree, comments, imports: importsOf(tree) };
}

export const sources: readonly ParsedFile[] = allPaths
  .filter((path) => SOURCE.test(path))
  .map((path) => parseSource(readSource(path)));
