import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { runCrashes } from './crash-run.ts';

const KILLS = 6;
const SEED = 5;

test(`killed ${KILLS} times while it pages: no page is lost, none comes twice`, {
  timeout: 5 * MINUTE,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-crash-'));
  try {
    const result = await runCrashes(folder, KILLS, SEED);
    expect(result.problems).toEqual([]);
    expect(result.pagesSent).toBeGreaterThan(KILLS);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
