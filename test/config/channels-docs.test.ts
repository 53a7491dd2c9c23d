import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../config/load.ts';
import { formatProblem } from '../../config/problem.ts';
import { BASE, configFolder, ENVIRONMENT } from './config-fixture.ts';

const DOCS = readFileSync(new URL('../../docs/channels.md', import.meta.url), 'utf8');

/** Every channel that docs/channels.md shows. */
const shown = [...DOCS.matchAll(/```yaml\n(- [\s\S]*?)```/g)].flatMap(
  ([, text]) => parse(text!) as { id: string; kind: string }[],
);

test('the channels that the documentation shows are taken as they stand', () => {
  expect(new Set(shown.map(({ kind }) => kind)).size).toBe(11);
  const names = [...DOCS.matchAll(/env:([A-Z_]+)/g)].map(([, name]) => [
    name!,
    'https://x.example',
  ]);
  const inbox = { id: 'inbox', kind: 'inbox' };
  const oncall = { ...parse(BASE['oncall.yaml']), channels: [inbox, ...shown] };
  const folder = configFolder({ ...BASE, 'oncall.yaml': stringify(oncall) });
  const { problems, config } = loadConfig(folder, { ...ENVIRONMENT, ...Object.fromEntries(names) });
  expect(problems.map(formatProblem)).toEqual([]);
  expect(config!.channels).toHaveLength(shown.length + 1);
});
