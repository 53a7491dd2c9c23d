import { describe, expect, test } from 'vitest';
import { allPaths, type ParsedFile, parseSource, readSource, sources } from './source-files.ts';
import {
  bannedCalls,
  defaultExports,
  longFunctions,
  MAX_FILE_LINES,
  MAX_FUNCTION_LINES,
  postponedWork,
  tooLong,
  undocumentedExports,
} from './tidy-rules.ts';

const isTest = (file: ParsedFile) => file.path.startsWith('test/');
const isScript = (file: ParsedFile) => file.path.endsWith('.mjs');
const program = sources.filter((file) => !isTest(file) && !isScript(file));

const FORBIDDEN_FOLDERS = new Set(['utils', 'util', 'helpers', 'types', 'services', 'managers']);

describe('the source is tidy', () => {
  test('time and chance come from lib/clock.ts and lib/random.ts alone', () => {
    expect(program.flatMap(bannedCalls)).toEqual([]);
  });

  test(`a file has at most ${MAX_FILE_LINES} lines`, () => {
    expect(sources.flatMap(tooLong)).toEqual([]);
  });

  test(`a function has at most ${MAX_FUNCTION_LINES} lines`, () => {
    expect(sources.flatMap(longFunctions)).toEqual([]);
  });

  test('every exported function says what it does', () => {
    expect(program.flatMap(undocumentedExports)).toEqual([]);
  });

  test('no work is postponed in a comment', () => {
    expect(sources.flatMap(postponedWork)).toEqual([]);
  });

  test('exports have names', () => {
    expect(sources.flatMap(defaultExports)).toEqual([]);
  });

  test('no folder is a drawer for anything', () => {
    const drawers = allPaths.filter((path) =>
      path
        .split('/')
        .slice(0, -1)
        .some((folder) => FORBIDDEN_FOLDERS.has(folder)),
    );
    expect(drawers).toEqual([]);
  });

  test('files are named in kebab case', () => {
    const wrong = sources.map((file) => file.path.split('/').at(-1) as string);
    expect(wrong.filter((name) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name))).toEqual([]);
  });
});

/** Text that is true only on one machine, or that names where packages came from. Split, so that this file is clean. */
const LOCAL_TEXT: readonly (readonly [string, RegExp])[] = [
  ['a path of one machine', /(?<![\w.])\/(work|Users|root)\/[\w.]/],
  ['a home folder', /(?<![\w.])\/home\/(?!threenines\b)[a-z]/],
  ['a package registry', new RegExp(['registry\\.', 'npm'].join(''))],
  ['a package mirror', new RegExp(['artifactory', 'verdaccio', 'npm-?mirror'].join('|'))],
];

describe('the text', () => {
  const files = allPaths.filter(
    (path) => !/\.(png|jpg|gif|ico|woff2?|pdf|otf|ttf|bin|gz)$/.test(path) && !isThisFile(path),
  );

  for (const [what, pattern] of LOCAL_TEXT) {
    test(`names no ${what.replace(/^an? /, '')}`, () => {
      const found = files.map(readSource).flatMap(({ path, text }) => {
        const hit = pattern.exec(text);
        return hit === null ? [] : [`${path}: ${text.slice(hit.index, hit.index + 40)}`];
      });
      expect(found).toEqual([]);
    });
  }
});

function isThisFile(path: string): boolean {
  return path === 'test/layout/tidy.test.ts';
}

describe('the rules themselves', () => {
  const parse = (text: string, path = 'alerting/sample.ts') => parseSource({ path, text });

  test('name the replacement of a banned call', () => {
    const found = bannedCalls(parse('export const at = Date.now();\nsetTimeout(() => {}, 5);'));
    expect(found).toEqual([
      'alerting/sample.ts:1 Date.now(): use take `now: EpochMs` as an argument, or use the `Clock` that is passed in (lib/clock.ts)',
      'alerting/sample.ts:2 setTimeout or setInterval: use `clock.after(delayMs, callback)` or `delay(clock, delayMs)` of lib/clock.ts',
    ]);
  });

  test('let an instant be formatted, and the clock be the clock', () => {
    expect(bannedCalls(parse('new Date(5).toISOString();'))).toEqual([]);
    expect(bannedCalls(parse('Date.now();', 'lib/clock.ts'))).toEqual([]);
    expect(bannedCalls(parse('new Date();')).length).toBe(1);
    expect(bannedCalls(parse('Math.random();')).length).toBe(1);
  });

  test('count the lines of a function, but not of a list of tests', () => {
    const body = '\n  go();'.repeat(MAX_FUNCTION_LINES);
    expect(longFunctions(parse(`function f() {${body}\n}`)).length).toBe(1);
    expect(longFunctions(parse(`describe('x', () => {${body}\n  test('y', go);\n});`))).toEqual([]);
    expect(
      longFunctions(parse(`function suite() {${body}\n  test.skipIf(a)('y', go);\n}`)),
    ).toEqual([]);
  });

  test('ask for a doc comment directly before an export', () => {
    expect(undocumentedExports(parse('export function f() {}')).length).toBe(1);
    expect(undocumentedExports(parse('/** Why. */\nexport const f = () => 1;'))).toEqual([]);
    expect(undocumentedExports(parse('/* no */\nexport const f = () => 1;')).length).toBe(1);
  });

  test('see postponed work', () => {
    expect(postponedWork(parse(`// ${'TO'}DO: later`)).length).toBe(1);
  });
});
