import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

const FOLDER = fileURLToPath(new URL('./', import.meta.url));
const DAYS = 365;
const DAYS_WANTED = 100 * 365;
const FIRST_SEED = 1;
const SEEDS = 130;
/** A planted bug must show within so many. */
const SEEDS_FOR_A_BUG = 200;
/** Each bug is a process of its own, some ten seconds of work: one in three is looked for in every run, all with PLANTED_BUGS=all. */
const ONE_BUG_IN = process.env.PLANTED_BUGS === 'all' ? 1 : 3;

interface Played {
  readonly seeds: number;
  readonly days: number;
  readonly incidents: number;
  readonly pages: number;
  readonly failed: { readonly seed: number; readonly violations: readonly string[] } | null;
}

/** A process of its own: product files as they are, or with a bug planted into one. */
function play(first: number, count: number, bug?: number): Promise<Played> {
  const preload = bug === undefined ? [] : ['--import', `${FOLDER}planted-bug.ts`];
  const args = [...preload, `${FOLDER}play-seeds.ts`, `${first}`, `${count}`, `${DAYS}`];
  const env = { ...process.env, TZ: 'Europe/Berlin', PLANTED_BUG: `${bug}`, NODE_OPTIONS: '' };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    const complaints: string[] = [];
    child.stdout.on('data', (chunk) => output.push(String(chunk)));
    child.stderr.on('data', (chunk) => complaints.push(String(chunk)));
    child.on('close', (code) => {
      if (code === 0 || code === 1) resolve(JSON.parse(output.join('')) as Played);
      else reject(new Error(complaints.join('')));
    });
  });
}

describe('the engine with its outbox in a world that misbehaves', () => {
  test('keeps its promises for a hundred years and more', { timeout: 15 * MINUTE }, async () => {
    const halves = await Promise.all([
      play(FIRST_SEED, SEEDS / 2),
      play(FIRST_SEED + SEEDS / 2, SEEDS / 2),
    ]);
    for (const { failed } of halves) {
      const again = `node test/simulation/play-seeds.ts ${failed?.seed} 1 ${DAYS}`;
      expect(failed, `play it again: ${again}`).toBeNull();
    }
    const sumOf = (key: 'days' | 'incidents' | 'pages') =>
      halves.reduce((sum, half) => sum + half[key], 0);
    const days = sumOf('days');
    const counts = `${sumOf('incidents')} incidents, ${sumOf('pages')} pages`;
    const years = `${Math.floor(days / 365)} years, ${counts}`;
    process.stdout.write(`seeds ${FIRST_SEED} to ${FIRST_SEED + SEEDS - 1}: ${years}\n`);
    expect(days).toBeGreaterThanOrEqual(DAYS_WANTED);
  });

  const bugs = PLANTED_BUGS.map(({ name }, index) => [name, index] as const);
  test.concurrent.each(bugs.filter(([, index]) => index % ONE_BUG_IN === 0))(
    'finds a planted bug: %s',
    { timeout: 10 * MINUTE },
    async (_name, index) => {
      const played = await play(FIRST_SEED, SEEDS_FOR_A_BUG, index);
      expect(played.failed).not.toBeNull();
    },
  );
});
