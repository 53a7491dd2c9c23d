import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { JournalError } from '../../lib/journal.ts';
import { keepDiskReserve } from '../../storage/disk-reserve.ts';
import { isDurable, openForWriting } from '../../storage/journal-file.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { verifyChain } from '../../storage/verify-chain.ts';
import { describeJournalContract } from './journal-contract.ts';
import { noted, openOrFail, temporaryFolder } from './journal-folder.ts';

describeJournalContract('sqlite', () => openOrFail(temporaryFolder()));

describe('opening', () => {
  it('goes on where the last one stopped', async () => {
    const folder = join(temporaryFolder(), 'not', 'there', 'yet');
    const first = openOrFail(folder);
    await first.append([noted(1), noted(2)]);
    first[Symbol.dispose]();
    const second = openOrFail(folder);
    expect(second.lastSequence()).toBe(2);
    await second.append([noted(3)]);
    expect(verifyChain(folder)).toEqual({ ok: true, entries: 3 });
  });

  it('refuses a second service on the same folder and names it', async () => {
    const folder = temporaryFolder();
    const first = openOrFail(folder);
    await first.append([noted(1)]);
    const second = openJournal(folder);
    expect(second).toMatchObject({ ok: false, problem: { reason: 'in-use', folder } });
    expect(!second.ok && second.problem.message).toContain(folder);
    first[Symbol.dispose]();
    expect(openOrFail(folder).lastSequence()).toBe(1);
  });

  it.each([
    ['a folder that is a file', (path: string) => writeFileSync(path, ''), 'not-writable'],
    [
      'a journal that is not SQLite',
      (path: string) => {
        mkdirSync(path);
        writeFileSync(join(path, 'journal.sqlite'), 'garbage '.repeat(1000));
      },
      'damaged',
    ],
    [
      'an SQLite file of something else',
      (path: string) => {
        mkdirSync(path);
        using database = new DatabaseSync(join(path, 'journal.sqlite'));
        database.exec('CREATE TABLE entries (sequence)');
      },
      'damaged',
    ],
    [
      'a journal of a later version',
      (path: string) => {
        openOrFail(path)[Symbol.dispose]();
        using database = new DatabaseSync(join(path, 'journal.sqlite'));
        database.exec('PRAGMA user_version = 2');
      },
      'newer-version',
    ],
  ])('gives a problem for %s', (_, prepare, reason) => {
    const folder = join(temporaryFolder(), 'data');
    prepare(folder);
    const opened = openJournal(folder, { reserveBytes: 0 });
    expect(opened).toMatchObject({ ok: false, problem: { reason, folder } });
    expect(openJournal(folder, { reserveBytes: 0 })).toMatchObject({ problem: { reason } });
  });

  it('notices entries cut off the end', async () => {
    const folder = temporaryFolder();
    const journal = openOrFail(folder);
    await journal.append([noted(1), noted(2), noted(3)]);
    journal[Symbol.dispose]();
    {
      using database = new DatabaseSync(join(folder, 'journal.sqlite'));
      database.exec('DELETE FROM entries WHERE sequence = 3');
    }
    expect(openJournal(folder)).toMatchObject({ ok: false, problem: { reason: 'damaged' } });
    expect(verifyChain(folder)).toMatchObject({ ok: false, sequence: 0 });
  });
});

describe('a write that fails', () => {
  it('on a full disk: rejects, takes nothing more, still reads, goes on after reopening', async () => {
    const folder = temporaryFolder();
    const journal = openOrFail(folder, 120_000);
    let acknowledged = 0;
    let failure: unknown;
    while (failure === undefined && acknowledged < 1000) {
      try {
        await journal.append([noted(acknowledged, 'core-1', 'x'.repeat(1000)), noted(0)]);
        acknowledged = journal.lastSequence();
      } catch (error) {
        failure = error;
      }
    }
    expect(failure).toBeInstanceOf(JournalError);
    expect(acknowledged).toBeGreaterThan(10);
    await expect(journal.append([noted(1)])).rejects.toThrow(JournalError);
    expect(Array.from(journal.read()).length).toBe(acknowledged);
    expect(Array.from(journal.read({ subject: 'core-1' })).length).toBe(acknowledged / 2);
    journal[Symbol.dispose]();

    const reopened = openOrFail(folder);
    expect(reopened.lastSequence()).toBe(acknowledged);
    await reopened.append([noted(2)]);
    expect(verifyChain(folder)).toEqual({ ok: true, entries: acknowledged + 1 });
  });

  it('because another process wrote in between: rejects instead of forking the chain', async () => {
    const folder = temporaryFolder();
    const journal = openOrFail(folder);
    await journal.append([noted(1)]);
    using intruder = new DatabaseSync(join(folder, 'journal.sqlite'));
    intruder.exec("UPDATE head SET sequence = 7, hash = 'other'");
    await expect(journal.append([noted(2)])).rejects.toThrow(/changed by someone else/);
    await expect(journal.append([noted(2)])).rejects.toThrow(JournalError);
    expect(Array.from(journal.read()).length).toBe(1);
  });

  it('after closing: rejects', async () => {
    const journal = openOrFail(temporaryFolder());
    journal[Symbol.dispose]();
    journal[Symbol.dispose]();
    await expect(journal.append([noted(1)])).rejects.toThrow(JournalError);
    expect(() => Array.from(journal.read())).toThrow(JournalError);
  });
});

describe('durability', () => {
  it('holds for a journal as it is opened, and the guard sees the one setting that undoes it', () => {
    using database = openForWriting(join(temporaryFolder(), 'journal.sqlite'), 1e9);
    expect(isDurable(database)).toBe(true);
    database.exec('PRAGMA synchronous = NORMAL');
    expect(isDurable(database)).toBe(false);
    database.exec('PRAGMA synchronous = FULL; PRAGMA journal_mode = MEMORY');
    expect(isDurable(database)).toBe(false);
  });
});

describe('the disk reserve', () => {
  it('is put aside, found again, and given back when the disk has less left than it holds', () => {
    const folder = temporaryFolder();
    expect(keepDiskReserve(folder, 2 * 1024 * 1024)).toBe('held');
    expect(statSync(join(folder, 'disk-reserve')).size).toBe(2 * 1024 * 1024);
    expect(keepDiskReserve(folder, 2 * 1024 * 1024)).toBe('held');
    expect(keepDiskReserve(folder, Number.MAX_SAFE_INTEGER)).toBe('spent');
    expect(existsSync(join(folder, 'disk-reserve'))).toBe(false);
  });

  it('is not taken where there is little room', () => {
    const folder = temporaryFolder();
    expect(keepDiskReserve(folder, Number.MAX_SAFE_INTEGER)).toBe('none');
    expect(existsSync(join(folder, 'disk-reserve'))).toBe(false);
  });
});
