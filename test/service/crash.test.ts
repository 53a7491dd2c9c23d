import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { runCrashes } from './crash/crash-run.ts';
import { CRASH_BUGS } from './crash/planted-bugs.ts';

const KILLS = 6;
const SEED = 5;
/** Each mistake is looked for until a kill shows it, in some ten starts: one in every run, all with PLANTED_BUGS=all. */
const BUGS = process.env.PLANTED_BUGS === 'all' ? CRASH_BUGS.length : 1;
const KILLS_TO_FIND_A_BUG = 25;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threenines-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test(`killed ${KILLS} times while it pages: no page is lost, none comes twice`, {
  timeout: 5 * MINUTE,
}, async () => {
  const result = await runCrashes({ folder, kills: KILLS, seed: SEED, lanes: 1 });
  expect(result.problems).toEqual([]);
  expect(result.pagesSent).toBeGreaterThan(KILLS);
});

test.each(CRASH_BUGS.slice(0, BUGS).map(({ name }, index) => [name, index] as const))(
  'found by kills: %s',
  { timeout: 10 * MINUTE },
  async (_name, plantedBug) => {
    const options = { folder, kills: KILLS_TO_FIND_A_BUG, seed: SEED, lanes: 1 };
    const { problems } = await runCrashes({ ...options, plantedBug });
    expect(problems).not.toEqual([]);
  },
);
