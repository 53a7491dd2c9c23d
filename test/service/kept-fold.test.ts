import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { Registry } from 'prom-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import type { Input } from '../../alerting/inputs.ts';
import { emptyState } from '../../alerting/state.ts';
import { keepFold, openFolder } from '../../app/kept-fold.ts';
import { openEngine } from '../../app/open-engine.ts';
import { ENTRIES_BETWEEN } from '../../app/snapshots.ts';
import { createLineLogger, silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import type { World } from '../../lib/world.ts';
import { readSnapshot, writeSnapshot } from '../../storage/fold-snapshot.ts';
import { makeSnapshot } from '../../storage/make-snapshot.ts';
import { engineStory } from '../storage/engine-story.ts';
import { temporaryFolder } from '../storage/journal-folder.ts';
import { falsify } from '../storage/report-story.ts';
import { append, FOLD, startOn, textOf, wholeFold, ZONE } from '../storage/snapshot-fixtures.ts';

const START = Date.UTC(2026, 10, 1);

function leases(from: number, count: number) {
  return Array.from({ length: count }, (_, place) => {
    const at = START + (from + place) * 10 * SECOND;
    return { at, subject: null, event: { type: 'lease-renewed', at } as const };
  });
}

/** What a service that has just started on the folder does with the fold of its journal. */
function keep(folder: string) {
  const clock = new VirtualClock(START);
  const submitted: Input[] = [];
  const output = new PassThrough();
  const lines = createInterface({ input: output });
  const log = createLineLogger('debug', (line) => output.write(line));
  const opened = openFolder(folder, ZONE, silentLogger);
  if (!opened.ok) throw new Error(opened.problem.message);
  const { journal, keptFold } = opened;
  let submission = Promise.withResolvers<Input>();
  const host = {
    submit(input: Input) {
      submitted.push(input);
      submission.resolve(input);
      submission = Promise.withResolvers();
    },
  };
  const world = { clock, journal } as unknown as World<DomainEvent>;
  const stop = keepFold({ dataFolder: folder, keptFold, world, log }, host);
  const close = async () => {
    await stop();
    journal[Symbol.dispose]();
  };
  onTestFinished(close);
  return {
    ...{ clock, journal, keptFold, submitted, close },
    nextLine: async () => JSON.parse((await once(lines, 'line'))[0] as string) as { msg: string },
    nextSubmission: () => submission.promise,
  };
}

describe('the fold of the journal, kept over a restart', () => {
  test('a snapshot is made once the journal has grown enough, and not before', async () => {
    const folder = temporaryFolder();
    await append(folder, leases(0, ENTRIES_BETWEEN - 1));
    const first = keep(folder);
    first.clock.advance(10 * MINUTE);
    await first.journal.append(leases(ENTRIES_BETWEEN - 1, 1));
    expect(readSnapshot(folder, FOLD).ok).toBe(false);
    const told = first.nextLine();
    first.clock.advance(MINUTE);
    expect(await told).toMatchObject({ msg: 'snapshot made', sequence: ENTRIES_BETWEEN });
    await first.close();

    const second = keep(folder);
    expect(second.keptFold.snapshot?.sequence).toBe(ENTRIES_BETWEEN);
    await second.journal.append(leases(ENTRIES_BETWEEN, 3));
    await second.close();
    expect(startOn(folder)).toMatchObject({ from: ENTRIES_BETWEEN, said: [] });
  });

  test('one that cannot be made is told once, tried again, and nothing else comes of it', async () => {
    const folder = temporaryFolder();
    await append(folder, leases(0, ENTRIES_BETWEEN));
    const { clock, nextLine, journal } = keep(folder);
    // A folder in its place: no file can take that name.
    mkdirSync(join(folder, 'snapshot', 'not', 'empty'), { recursive: true });
    const told = nextLine();
    clock.advance(MINUTE);
    expect((await told).msg).toMatch(/^no snapshot/);
    await journal.append(leases(ENTRIES_BETWEEN, 1));
    rmSync(join(folder, 'snapshot'), { recursive: true });
    const again = nextLine();
    clock.advance(5 * MINUTE);
    expect(await again).toMatchObject({ msg: 'snapshot made', sequence: ENTRIES_BETWEEN + 1 });
  });

  test('a small journal is proven as a whole before, a longer one afterwards', async () => {
    const folder = temporaryFolder();
    await append(folder, leases(0, 2_000));
    const whole = keep(folder);
    expect(whole.keptFold.unprovenCount).toBe(0);
    whole.clock.advance(0);
    expect(whole.submitted).toEqual([{ kind: 'journal-proof', findings: [] }]);
    await whole.close();

    makeSnapshot(folder, FOLD, 1_500);
    const part = keep(folder);
    expect(part.keptFold.unprovenCount).toBe(1_500);
    part.clock.advance(29 * SECOND);
    expect(part.submitted).toEqual([]);
    const found = part.nextSubmission();
    part.clock.advance(SECOND);
    expect(await found).toEqual({ kind: 'journal-proof', findings: [] });
  });

  test('an entry changed before the snapshot is found, told with its number, and the service goes on', async () => {
    const folder = temporaryFolder();
    await append(folder, leases(0, 2_000));
    makeSnapshot(folder, FOLD, 1_500);
    falsify(folder, 'UPDATE entries SET at = at + 1 WHERE sequence = ?', 1_234);
    const { clock, nextSubmission, nextLine, journal } = keep(folder);
    const [told, found] = [nextLine(), nextSubmission()];
    clock.advance(30 * SECOND);
    expect(await told).toMatchObject({
      msg: 'the journal is not what was written',
      sequence: 1_234,
    });
    expect(await found).toMatchObject({
      kind: 'journal-proof',
      findings: [{ subject: 'journal', text: { en: expect.stringContaining('entry 1234') } }],
    });
    await journal.append(leases(2_000, 1));
  });

  test('one that does not fit what came behind it is left, and all is folded', async () => {
    const folder = temporaryFolder();
    const story = engineStory(600, 5);
    await append(folder, story);
    makeSnapshot(folder, FOLD, 400);
    const read = readSnapshot(folder, FOLD);
    if (!read.ok) throw new Error('there is a snapshot');
    // As a mistake in the program would: whole, of this journal and this program, and wrong.
    writeSnapshot(folder, FOLD, { ...read.snapshot, engine: emptyState() });
    expect(() => startOn(folder)).toThrow(/assertion failed/);
    const { journal, keptFold } = keep(folder);
    const said: string[] = [];
    const log = createLineLogger('error', (line) => said.push(line));
    const { engine, ledger } = openEngine({
      ...{ journal, log, snapshot: keptFold.snapshot, timeZone: ZONE, registry: new Registry() },
      ...{ clock: new VirtualClock(START), random: seededRandom(1) },
      ...{ onProbe: () => {}, onFatal: () => {} },
    });
    expect(textOf(engine.state, ledger)).toEqual(wholeFold(story));
    expect(said.join()).toContain('does not fit the journal');
  });

  test('a stop in the middle of it leaves nothing running and nothing half-made', async () => {
    const folder = temporaryFolder();
    await append(folder, leases(0, ENTRIES_BETWEEN));
    const { clock, close } = keep(folder);
    clock.advance(MINUTE);
    await close();
    expect(startOn(folder).said).toEqual([]);
  });
});
