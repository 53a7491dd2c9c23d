import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cannotShim, compileShim, DISK_ERRORS, runWriter, whatIsLost } from './disk-faults.ts';
import { replayPowerCuts } from './power-cuts.ts';

/** To the disk: opening an empty journal, and some appends after it. */
const CALLS_OF_STORY = 34;
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
    const result = replayPowerCuts({ logPath: log, seed: 1, each: 2 });
    expect(result.problems).toEqual([]);
    expect(result.acknowledged).toBe(run.acknowledged);
    expect(result.points).toBeGreaterThan(30);
  });

  // From each call of the story on the disk fails, with one of the errors in turn.
  test.each(Object.entries(DISK_ERRORS).map(([name, errno], turn) => [name, errno, turn] as const))(
    '%s at every third call, the others at those between: an append is refused, or it is there',
    (name, errno, turn) => {
      for (let failAt = 1 + turn; failAt <= CALLS_OF_STORY; failAt += 3) {
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
