import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../config/load.ts';
import { isError } from '../../config/problem.ts';
import { configFolder, EXAMPLE_ENVIRONMENT } from './config-fixture.ts';

const EXAMPLE = fileURLToPath(new URL('../../config/example/', import.meta.url));
const PROFILE = fileURLToPath(new URL('../../config/profiles/ups-mib.yaml', import.meta.url));

/** Every file of a whole configuration as plain values. */
const FILES: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(
    readdirSync(EXAMPLE)
      .filter((file) => file.endsWith('.yaml'))
      .map((file) => [file, parse(readFileSync(`${EXAMPLE}${file}`, 'utf8'))]),
  ),
  'maintenance.yaml': {
    windows: [
      {
        id: 'upgrade',
        reason: 'a',
        owner: 'b',
        startsAt: '2026-11-03 02:00',
        endsAt: '2026-11-03 05:00',
        timeZone: 'UTC',
        tags: ['backbone'],
      },
    ],
  },
  'profiles/ups-mib.yaml': parse(readFileSync(PROFILE, 'utf8')),
};

interface Place {
  readonly file: string;
  readonly path: readonly (string | number)[];
}

function placesIn(file: string, value: unknown, path: Place['path'] = []): Place[] {
  const here = { file, path };
  if (value === null || typeof value !== 'object') return [here];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    here,
    ...keys.flatMap((key) =>
      placesIn(file, (value as Record<string | number, unknown>)[key], [...path, key]),
    ),
  ];
}

function replaced(value: unknown, path: Place['path'], junk: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return junk;
  // An earlier mistake may have taken the place away.
  if (value === null || typeof value !== 'object') return value;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = replaced(copy[key], rest, junk);
  return copy;
}

const PLACES = Object.entries(FILES).flatMap(([file, value]) => placesIn(file, value));
const junk = fc.constantFrom<unknown>(
  ...[null, 0, -1, 1e12, true, '', 'x!', 'nope', '99h', '150%', [], {}, [null], [1], { id: 5 }],
);

const mistakes = fc.array(fc.tuple(fc.constantFrom(...PLACES), junk), {
  minLength: 1,
  maxLength: 6,
});

describe('a configuration with junk anywhere', () => {
  it('never makes a check throw, and is used only when nothing is wrong', () => {
    fc.assert(
      fc.property(mistakes, (places) => {
        const files = { ...FILES };
        for (const [{ file, path }, bad] of places) {
          files[file] = replaced(files[file], path, bad);
        }
        const texts = Object.entries(files).map(([file, value]) => [file, stringify(value)]);
        const folder = configFolder(Object.fromEntries(texts));
        const { config, problems } = loadConfig(folder, EXAMPLE_ENVIRONMENT, 0);
        expect(config === null).toBe(problems.some(isError));
        const said = problems.map(({ file, path, message }) => `${file} ${path} ${message}`);
        expect(new Set(said).size).toBe(said.length);
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});
