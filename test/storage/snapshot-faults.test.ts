import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../lib/random.ts';
import { makeSnapshot } from '../../storage/make-snapshot.ts';
import type { SnapshotStory } from './append-and-snapshot.ts';
import { cannotShim, compileShim, DISK_ERRORS } from './disk-faults.ts';
import { engineStory } from './engine-story.ts';
import { append, FOLD, startOn, wholeFold } from './snapshot-fixtures.ts';

const WRITER = join(import.meta.dirname, 'append-and-snapshot.ts');
const ENTRIES = 600;
const BATCH = 150;
const KILLS = 4;
/** Four snapshots, each opened, written and synced; from the second on the one before is read first. */
const CALLS_OF_STORY = 15;
const STORY = engineStory(ENTRIES, 5);
const isSkipped = cannotShim && process.env.CI !== 'true';

interface Line {
  readonly acknowledged: number;
  readonly made: { readonly ok: boolean; readonly reason?: string };
}

let folder: string;
let story: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threenines-snapshot-'));
  story = join(folder, 'story.json');
  writeFileSync(story, JSON.stringify({ fold: FOLD, entries: STORY } satisfies SnapshotStory));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Whatever happened to the snapshot: a start gives what the journal gives. */
function expectTruth(data: string, entries: number): void {
  const { folded, said } = startOn(data);
  expect({ folded, said }).toEqual({ folded: wholeFold(STORY.slice(0, entries)), said: [] });
}

describe('a process that is killed while it makes snapshots', () => {
  test(`leaves a whole one or none, ${KILLS} times, and loses no entry`, async () => {
    const data = join(folder, 'killed');
    const random = seededRandom(3);
    let acknowledged = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const args = [WRITER, data, story, '5'];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const closed = new Promise((resolve) => child.once('close', resolve));
      let linesLeft = 1 + Math.floor(random.next() * 12);
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged = (JSON.parse(line) as Line).acknowledged;
        linesLeft -= 1;
        if (linesLeft === 0) child.kill('SIGKILL');
      }
      await closed;
      const { from, said, folded } = startOn(data);
      const entries = folded === undefined ? 0 : entriesThat(folded, acknowledged);
      expect({ said, isThere: entries >= acknowledged }).toEqual({ said: [], isThere: true });
      expect(from).toBeGreaterThanOrEqual(acknowledged - 5);
    }
  });

  test('what it left of one neither counts nor stays', async () => {
    const data = join(folder, 'left');
    await append(data, STORY);
    makeSnapshot(data, FOLD, 100);
    writeFileSync(join(data, 'snapshot.unfinished'), 'half of one');
    expectTruth(data, ENTRIES);
    expect(makeSnapshot(data, FOLD)).toMatchObject({ ok: true });
    expect(readdirSync(data).filter((name) => name.startsWith('snapshot'))).toEqual(['snapshot']);
    expectTruth(data, ENTRIES);
  });
});

/** How many entries fold to that: those acknowledged, or a batch that was durable and not yet told. */
function entriesThat(folded: object, atLeast: number): number {
  for (let entries = atLeast; entries <= atLeast + 5; entries += 1) {
    const whole = wholeFold(STORY.slice(0, entries));
    if (JSON.stringify(whole) === JSON.stringify(folded)) return entries;
  }
  return -1;
}

describe.skipIf(isSkipped)('a disk that does not take a snapshot', () => {
  const errors = Object.entries(DISK_ERRORS);
  const calls = Array.from({ length: CALLS_OF_STORY }, (_, call) => call + 1).filter(
    (call) => call % 2 === 1,
  );
  let library: string;
  beforeAll(() => {
    library = compileShim(folder);
  });

  // From every other call of the story on, with one of the errors in turn.
  test.each(calls.map((call) => [...errors[call % errors.length]!, call] as const))(
    '%s (%i) at call %i and all after it: every entry is there, and it is told',
    (name, errno, failAt) => {
      const data = join(folder, `${name}-${failAt}`);
      const shim = { LD_PRELOAD: library, DISK_FAIL_SNAPSHOT: '1' };
      const { status, stdout } = spawnSync(process.execPath, [WRITER, data, story, `${BATCH}`], {
        env: { ...process.env, ...shim, DISK_FAIL_AT: `${failAt}`, DISK_ERRNO: `${errno}` },
        encoding: 'utf8',
      });
      expect(status).toBe(0);
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line);
      expect(lines.at(-1)).toMatchObject({ acknowledged: ENTRIES, made: { ok: false } });
      expect(lines.at(-1)!.made.reason).toContain(name);
      expectTruth(data, ENTRIES);
    },
  );
});
