import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/canonical-json.ts';
import { seededRandom } from '../../lib/random.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { verifyChain } from '../../storage/verify-chain.ts';
import { noted, openOrFail, temporaryFolder } from './journal-folder.ts';

const WRITER = join(import.meta.dirname, 'append-until-killed.ts');
const KILLS = 25;

interface WriterEnd {
  readonly lastPrinted: number;
  readonly refused: boolean;
}

/** Runs the writer until it has printed `lines` acknowledgements, then kills it with SIGKILL. */
async function runWriter(
  folder: string,
  lines: number,
  command: readonly [string, ...string[]] = [process.execPath, WRITER, folder],
): Promise<WriterEnd> {
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise((resolve) => child.once('close', resolve));
  let lastPrinted = 0;
  let refused = false;
  let printed = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('refused')) refused = true;
    else lastPrinted = Number(line);
    printed += 1;
    if (printed === lines) child.kill('SIGKILL');
  }
  await closed;
  return { lastPrinted, refused };
}

describe('a writer that is killed', () => {
  it(`loses no acknowledged entry in ${KILLS} kills`, { timeout: 180_000 }, async () => {
    const folder = temporaryFolder();
    const random = seededRandom(9);
    let before = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const { lastPrinted } = await runWriter(folder, 1 + Math.floor(random.next() * 60));
      expect(lastPrinted).toBeGreaterThan(before);
      const verdict = verifyChain(folder);
      expect(verdict).toMatchObject({ ok: true });
      before = verdict.ok ? verdict.entries : 0;
      expect(before).toBeGreaterThanOrEqual(lastPrinted);
    }
    const journal = openOrFail(folder);
    expect(journal.lastSequence()).toBe(before);
  });

  it('leaves a log whose torn or garbage tail is ignored', async () => {
    const folder = temporaryFolder();
    const { lastPrinted } = await runWriter(folder, 40);
    const log = join(folder, 'journal.sqlite-wal');
    appendFileSync(log, Buffer.from(seededRandom(3).bytes(9_000)));
    const journal = openOrFail(folder);
    expect(journal.lastSequence()).toBeGreaterThanOrEqual(lastPrinted);
    await journal.append([noted(1)]);
    expect(verifyChain(folder)).toEqual({ ok: true, entries: journal.lastSequence() });
  });

  it('leaves a log that, cut anywhere, still gives an unbroken chain', async () => {
    const folder = temporaryFolder();
    await runWriter(folder, 30);
    const log = readFileSync(join(folder, 'journal.sqlite-wal'));
    const file = readFileSync(join(folder, 'journal.sqlite'));
    let longest = 0;
    for (let cut = log.length; cut > 20_000; cut -= 9_973) {
      const copy = temporaryFolder();
      writeFileSync(join(copy, 'journal.sqlite'), file);
      writeFileSync(join(copy, 'journal.sqlite-wal'), log.subarray(0, cut));
      const journal = openOrFail(copy);
      longest = Math.max(longest, journal.lastSequence());
      expect(verifyChain(copy)).toEqual({ ok: true, entries: journal.lastSequence() });
    }
    expect(longest).toBeGreaterThanOrEqual(30);
  });
});

describe.skipIf(process.platform === 'win32')('a file that may not grow', () => {
  it('stops the writer with a JournalError and loses nothing acknowledged', async () => {
    const folder = temporaryFolder();
    openOrFail(folder)[Symbol.dispose]();
    // 256 blocks of 512 or 1024 octets: the write-ahead log hits the limit after some appends.
    const script = 'ulimit -f 256 && exec "$0" "$1" "$2"';
    const end = await runWriter(folder, 1_000_000, [
      '/bin/sh',
      '-c',
      script,
      process.execPath,
      WRITER,
      folder,
    ]);
    expect(end.refused).toBe(true);
    expect(end.lastPrinted).toBeGreaterThan(5);
    const journal = openOrFail(folder);
    expect(journal.lastSequence()).toBeGreaterThanOrEqual(end.lastPrinted);
    expect(verifyChain(folder)).toMatchObject({ ok: true });
  });
});

describe('a changed byte', () => {
  async function smallJournal() {
    const folder = temporaryFolder();
    const journal = openOrFail(folder);
    await journal.append([
      noted(1, 'core-1', 'first entry'),
      noted(2, 'core-2', 'second entry'),
      noted(3, null, 'third entry'),
    ]);
    const content = canonicalJson(Array.from(journal.read()));
    journal[Symbol.dispose]();
    return { folder, content, bytes: readFileSync(join(folder, 'journal.sqlite')) };
  }

  it('in an entry is found, and the entry named', async () => {
    const { folder, bytes } = await smallJournal();
    const changed = Buffer.from(bytes);
    changed[bytes.indexOf('second entry')]! ^= 1;
    writeFileSync(join(folder, 'journal.sqlite'), changed);
    expect(verifyChain(folder)).toMatchObject({ ok: false, sequence: 2 });
    expect(openJournal(folder)).toMatchObject({ ok: false, problem: { reason: 'damaged' } });
  });

  it('anywhere in the file is found, or changes nothing that can be read', async () => {
    const { folder, content, bytes } = await smallJournal();
    const copy = temporaryFolder();
    let found = 0;
    for (let offset = 0; offset < bytes.length; offset += 37) {
      const changed = Buffer.from(bytes);
      changed[offset]! ^= 1 << (offset % 8);
      writeFileSync(join(copy, 'journal.sqlite'), changed);
      if (!verifyChain(copy).ok) found += 1;
      else {
        const opened = openJournal(copy, { reserveBytes: 0 });
        if (!opened.ok) continue;
        expect(canonicalJson(Array.from(opened.journal.read()))).toBe(content);
        opened.journal[Symbol.dispose]();
      }
    }
    expect(found).toBeGreaterThan(5);
    expect(verifyChain(folder)).toEqual({ ok: true, entries: 3 });
  });

  it('is told apart from a journal that is not there', () => {
    expect(verifyChain(join(temporaryFolder(), 'nowhere'))).toMatchObject({
      ok: false,
      sequence: 0,
    });
  });
});
