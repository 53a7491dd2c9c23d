import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../lib/random.ts';
import { watchChain } from '../../storage/chain-watch.ts';
import { foldDigest, foldFiles } from '../../storage/fold-digest.ts';
import { readSnapshot, removeSnapshot } from '../../storage/fold-snapshot.ts';
import { makeSnapshot } from '../../storage/make-snapshot.ts';
import { engineStory } from './engine-story.ts';
import { temporaryFolder } from './journal-folder.ts';
import { falsify } from './report-story.ts';
import { append, FOLD, startOn, wholeFold } from './snapshot-fixtures.ts';

const STORY = engineStory(1_500, 5);
const WHOLE = wholeFold(STORY);

async function folderOf(entries = STORY): Promise<string> {
  const folder = temporaryFolder();
  await append(folder, entries);
  return folder;
}

const fileOf = (folder: string) => join(folder, 'snapshot');

describe('a start from a snapshot', () => {
  it('gives the state of the whole journal, byte for byte, wherever the snapshot was made', async () => {
    const folder = await folderOf();
    const random = seededRandom(17);
    for (let turn = 0; turn < 12; turn += 1) {
      // A later one is folded from the one before it, an earlier one from the first entry.
      const cut = 1 + Math.floor(random.next() * STORY.length);
      expect(makeSnapshot(folder, FOLD, cut)).toEqual({ ok: true, sequence: cut });
      const { from, folded, said } = startOn(folder);
      expect({ from, said }).toEqual({ from: cut, said: [] });
      expect(folded).toEqual(WHOLE);
    }
  });

  it('goes on from the last of many, each made from the one before', async () => {
    const folder = temporaryFolder();
    for (let from = 0; from < STORY.length; from += 300) {
      await append(folder, STORY.slice(from, from + 300));
      expect(makeSnapshot(folder, FOLD)).toEqual({ ok: true, sequence: from + 300 });
      expect(startOn(folder).folded).toEqual(wholeFold(STORY.slice(0, from + 300)));
    }
  });

  it('is as one without it when the snapshot was taken away, and says nothing', async () => {
    const folder = await folderOf();
    makeSnapshot(folder, FOLD);
    removeSnapshot(folder);
    expect(startOn(folder)).toMatchObject({ from: 0, folded: WHOLE, said: [] });
  });
});

describe('a snapshot that is not to be trusted is passed over, and the log says so once', () => {
  const CASES: readonly [
    name: string,
    spoil: (folder: string) => void | Promise<void>,
    why: string,
  ][] = [
    ['cut off', (folder) => rewrite(folder, (octets) => octets.subarray(0, -1)), 'octets'],
    ['empty', (folder) => rewrite(folder, () => Buffer.alloc(0)), 'octets'],
    ['its header changed', (folder) => rewrite(folder, (octets) => flip(octets, 100)), 'octets'],
    [
      'its state changed',
      (folder) => rewrite(folder, (octets) => flip(octets, octets.length - 9)),
      'octets',
    ],
    ['its checksum changed', (folder) => rewrite(folder, (octets) => flip(octets, 3)), 'octets'],
    [
      'of another program',
      (folder) => remake(folder, { ...FOLD, digest: 'of another' }),
      'version of the program',
    ],
    ['of another zone', (folder) => remake(folder, { ...FOLD, timeZone: 'UTC' }), 'begin in UTC'],
    [
      'of another journal',
      async (folder) => {
        const other = await folderOf(engineStory(1_500, 6));
        makeSnapshot(other, FOLD);
        writeFileSync(fileOf(folder), readFileSync(fileOf(other)));
      },
      'another journal',
    ],
    [
      'of a journal that went further',
      async (folder) => {
        const longer = await folderOf(engineStory(1_600, 5));
        makeSnapshot(longer, FOLD);
        writeFileSync(fileOf(folder), readFileSync(fileOf(longer)));
      },
      'another journal',
    ],
  ];

  it.each(CASES)('%s', async (_name, spoil, why) => {
    const folder = await folderOf();
    makeSnapshot(folder, FOLD);
    await spoil(folder);
    const { from, folded, said } = startOn(folder);
    expect({ from, lines: said.length }).toEqual({ from: 0, lines: 1 });
    expect(said[0]).toContain(why);
    expect(folded).toEqual(WHOLE);
    // The next one takes its place.
    expect(makeSnapshot(folder, FOLD)).toEqual({ ok: true, sequence: STORY.length });
    expect(startOn(folder)).toMatchObject({ from: STORY.length, folded: WHOLE, said: [] });
  });

  it('none is made of entries that are not what was written', async () => {
    const folder = await folderOf();
    makeSnapshot(folder, FOLD, 800);
    falsify(folder, 'UPDATE entries SET at = at + 1 WHERE sequence = ?', 1_100);
    expect(makeSnapshot(folder, FOLD)).toMatchObject({ ok: false });
    const read = readSnapshot(folder, FOLD);
    expect(read.ok && read.snapshot.sequence).toBe(800);
  });
});

describe('the hash chain at a start from a snapshot', () => {
  it('is proven behind it before anything runs', async () => {
    const folder = await folderOf();
    makeSnapshot(folder, FOLD, 800);
    expect(startOn(folder).unprovenCount).toBe(800);
    falsify(folder, 'UPDATE entries SET at = at + 1 WHERE sequence = ?', 801);
    expect(startOn(folder).problem).toMatchObject({ reason: 'damaged' });
  });

  it('is proven before it afterwards, to the entry', async () => {
    const folder = await folderOf();
    makeSnapshot(folder, FOLD, 1_200);
    const file = join(folder, 'journal.sqlite');
    expect(watchChain(file, 1_200, 0)).toEqual({ ok: true, entries: 1_200 });
    falsify(folder, 'UPDATE entries SET at = at + 1 WHERE sequence = ?', 777);
    expect(startOn(folder)).toMatchObject({ from: 1_200, folded: WHOLE });
    expect(watchChain(file, 1_200, 0)).toMatchObject({ ok: false, sequence: 777 });
  });
});

describe('the digest of the fold', () => {
  it('changes with any file that the fold is made of, and is else the same', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'deep'));
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    write('fold.ts', "import {\n  one,\n} from './deep/one.ts';\nexport * from './two.ts';\n");
    write('deep/one.ts', "import type { Three } from '../three.ts';\nexport const one = 1;\n");
    write('two.ts', "// as in './gone.ts'\n");
    write('three.ts', 'export type Three = 3;\n');
    write('other.ts', '');
    const digest = () => foldDigest([pathToFileURL(join(folder, 'fold.ts'))]);
    const digests = [digest()];
    write('other.ts', 'changed');
    expect(digest()).toBe(digests[0]);
    for (const name of ['fold.ts', 'deep/one.ts', 'two.ts', 'three.ts']) {
      write(name, `${readFileSync(join(folder, name), 'utf8')}// changed`);
      digests.push(digest());
    }
    expect(new Set(digests).size).toBe(5);
  });

  it('covers what applies events and books time', () => {
    const names = foldFiles().map((path) => path.split('/').slice(-2).join('/'));
    const folding = ['alerting/apply-page.ts', 'alerting/state.ts', 'reports/ledger.ts'];
    expect(names).toEqual(expect.arrayContaining([...folding, 'storage/fold-snapshot.ts']));
  });
});

function rewrite(folder: string, change: (octets: Buffer) => Uint8Array): void {
  writeFileSync(fileOf(folder), change(readFileSync(fileOf(folder))));
}

function flip(octets: Buffer, place: number): Buffer {
  octets[place]! ^= 1;
  return octets;
}

function remake(folder: string, fold: typeof FOLD): void {
  removeSnapshot(folder);
  makeSnapshot(folder, fold);
}
