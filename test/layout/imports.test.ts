import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Import, type ParsedFile, sources } from './source-files.ts';

/** A folder imports from itself and from folders to its left. */
const ORDER = [
  'lib',
  'config',
  'collector',
  'alerting',
  'reports',
  'storage',
  'dashboards',
  'api',
  'app',
];

/** What stands outside the order, and what it may import: a folder, or the beginning of a path. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  lab: ['lab/', 'lib/', 'config/', 'collector/snmp'],
  web: ['web/'],
};

/** The command line starts the lab; nothing else may. */
const EXTRA: Readonly<Record<string, readonly string[]>> = { app: ['lab/'] };

const folderOf = (path: string) => path.split('/')[0] as string;

export function mayImport(from: string, to: string): boolean {
  const folder = folderOf(from);
  const outside = OUTSIDE[folder];
  if (outside !== undefined) return outside.some((prefix) => to.startsWith(prefix));
  if (EXTRA[folder]?.some((prefix) => to.startsWith(prefix))) return true;
  const place = ORDER.indexOf(folder);
  if (place === -1) return true;
  const target = ORDER.indexOf(folderOf(to));
  return target !== -1 && target <= place;
}

function filesImportedBy(file: ParsedFile, keep: (found: Import) => boolean = () => true) {
  return file.imports
    .filter((found) => found.specifier.startsWith('.') && keep(found))
    .map((found) => posix.join(posix.dirname(file.path), found.specifier));
}

/** The first chain of files that leads back to where it began, or null. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | null {
  const finished = new Set<string>();
  const follow = (path: string, chain: readonly string[]): string[] | null => {
    if (chain.includes(path)) return [...chain.slice(chain.indexOf(path)), path];
    if (finished.has(path)) return null;
    for (const next of graph.get(path) ?? []) {
      const cycle = follow(next, [...chain, path]);
      if (cycle !== null) return cycle;
    }
    finished.add(path);
    return null;
  };
  for (const path of graph.keys()) {
    const cycle = follow(path, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

describe('imports', () => {
  test(`point left: ${ORDER.join(' → ')}`, () => {
    const wrong = sources.flatMap((file) =>
      filesImportedBy(file)
        .filter((path) => !mayImport(file.path, path))
        .map(
          (path) => `${file.path} imports ${path}: move what it needs to the left, or pass it in`,
        ),
    );
    expect(wrong).toEqual([]);
  });

  test('never form a cycle at run time', () => {
    const graph = sources.map(
      (file) => [file.path, filesImportedBy(file, (found) => !found.isType)] as const,
    );
    expect(findCycle(new Map(graph))).toBeNull();
  });

  test('name the file with its ending', () => {
    const wrong = sources.flatMap((file) =>
      filesImportedBy(file)
        .filter((path) => !/\.(ts|tsx|mjs|css|json|svg)$/.test(path))
        .map((path) => `${file.path} imports ${path}: write the ending, .ts`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the checks themselves', () => {
  test('see a folder that reaches to its right', () => {
    expect(mayImport('lib/clock.ts', 'config/model.ts')).toBe(false);
    expect(mayImport('api/server.ts', 'alerting/state.ts')).toBe(true);
    expect(mayImport('api/server.ts', 'app/main.ts')).toBe(false);
    expect(mayImport('api/server.ts', 'lab/lab.ts')).toBe(false);
  });

  test('keep lab and web apart from the program', () => {
    expect(mayImport('lab/agent.ts', 'collector/snmp/codec.ts')).toBe(true);
    expect(mayImport('lab/agent.ts', 'collector/poller.ts')).toBe(false);
    expect(mayImport('web/main.tsx', 'lib/time.ts')).toBe(false);
    expect(mayImport('app/main.ts', 'lab/lab.ts')).toBe(true);
    expect(mayImport('app/main.ts', 'web/main.tsx')).toBe(false);
  });

  test('see a cycle through three files', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
    ]);
    expect(findCycle(graph)).toEqual(['a', 'b', 'c', 'a']);
  });
});
