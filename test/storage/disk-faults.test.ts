import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  cannotShim,
  compileShim,
  DISK_ERRORS,
  replayPowerCuts,
  runWriter,
  whatIsLost,
} from './disk-faults.ts';

// Where CI runs, a compiler is there; elsewhere these are skipped where it is not.
const isSkipped = cannotShim && process.env.CI !== 'true';

describe.skipIf(isSkipped)('a disk that fails', () => {
  let folder: string;
  let library: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-disk-'));
    library = compileShim(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('a power cut anywhere, with torn sectors, loses nothing that was acknowledged', () => {
    const log = join(folder, 'writes');
    const run = runWriter(library, join(folder, 'cut'), 30, { DISK_LOG: log });
    const result = replayPowerCuts(log, 1, 2);
    expect(result.problems).toEqual([]);
    expect(result.acknowledged).toBe(run.acknowledged);
    expect(result.points).toBeGreaterThan(30);
  });

  test.each(Object.entries(DISK_ERRORS))(
    '%s at one call or another: an append is refused, or it is there',
    (name, errno) => {
      for (const failAt of [1, 4, 12, 20, 27, 34]) {
        const data = join(folder, `${name}-${failAt}`);
        const run = runWriter(library, data, 10, {
          ...{ DISK_FAIL_AT: `${failAt}`, DISK_ERRNO: `${errno}` },
        });
        expect(run.refused).toBe(true);
        expect(run.said).not.toBe('');
        expect(whatIsLost(data, run.acknowledged)).toBeNull();
      }
    },
  );
});
