import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { readJournal } from '../../storage/read-journal.ts';
import { noted, openOrFail, temporaryFolder } from './journal-folder.ts';

describe('reading a journal beside the service', () => {
  it('gives every entry over many pages, while the service goes on writing', async () => {
    const folder = temporaryFolder();
    const journal = openOrFail(folder);
    await journal.append(Array.from({ length: 2500 }, (_, index) => noted(index)));
    const opened = readJournal(folder);
    if (!opened?.ok) throw new Error('the journal must open');
    using reader = opened.reader;
    expect(Array.from(reader.entries())).toEqual(Array.from(journal.read()));
    await journal.append([noted(1)]);
    expect(Array.from(reader.entries()).length).toBe(2501);
  });

  it('is null where there is no journal yet', () => {
    expect(readJournal(temporaryFolder())).toBeNull();
  });

  it('gives a problem for a file that is no journal, or a later one', () => {
    const garbage = temporaryFolder();
    writeFileSync(join(garbage, 'journal.sqlite'), 'garbage '.repeat(1000));
    expect(readJournal(garbage)).toMatchObject({ ok: false, problem: { reason: 'damaged' } });
    const later = temporaryFolder();
    openOrFail(later)[Symbol.dispose]();
    {
      using database = new DatabaseSync(join(later, 'journal.sqlite'));
      database.exec('PRAGMA user_version = 2');
    }
    expect(readJournal(later)).toMatchObject({ ok: false, problem: { reason: 'newer-version' } });
  });
});
