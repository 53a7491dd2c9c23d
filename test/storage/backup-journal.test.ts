import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupJournal, restoreJournal } from '../../storage/backup-journal.ts';
import { noted, openOrFail, temporaryFolder } from './journal-folder.ts';

describe('backup and restore', () => {
  it('copies a journal in use and brings back every entry with its hash', async () => {
    const folder = temporaryFolder();
    const journal = openOrFail(folder);
    await journal.append([noted(1, 'core-1'), noted(2)]);
    const backup = join(temporaryFolder(), 'backup.sqlite');
    expect(backupJournal(folder, backup)).toEqual({ ok: true, entries: 2 });
    await journal.append([noted(3)]);

    const elsewhere = join(temporaryFolder(), 'restored');
    expect(restoreJournal(backup, elsewhere)).toEqual({ ok: true, entries: 2 });
    const restored = openOrFail(elsewhere);
    expect(Array.from(restored.read())).toEqual(Array.from(journal.read()).slice(0, 2));
    await restored.append([noted(4)]);
    expect(restored.lastSequence()).toBe(3);
  });

  it('overwrites neither a backup nor a journal', async () => {
    const folder = temporaryFolder();
    await openOrFail(folder).append([noted(1)]);
    const backup = join(temporaryFolder(), 'backup.sqlite');
    backupJournal(folder, backup);
    expect(backupJournal(folder, backup)).toMatchObject({ ok: false });
    expect(restoreJournal(backup, folder)).toMatchObject({ ok: false });
  });

  it('refuses a backup that was changed, and leaves nothing behind', async () => {
    const folder = temporaryFolder();
    await openOrFail(folder).append([noted(1, null, 'the words')]);
    const backup = join(temporaryFolder(), 'backup.sqlite');
    backupJournal(folder, backup);
    const bytes = readFileSync(backup);
    bytes[bytes.indexOf('the words')]! ^= 1;
    writeFileSync(backup, bytes);
    const target = join(temporaryFolder(), 'restored');
    expect(restoreJournal(backup, target)).toMatchObject({ ok: false, sequence: 1 });
    expect(existsSync(join(target, 'journal.sqlite'))).toBe(false);
    expect(existsSync(join(target, 'journal.sqlite.unfinished'))).toBe(false);
  });

  it('says so when there is nothing to copy', () => {
    const folder = temporaryFolder();
    expect(backupJournal(folder, join(folder, 'b.sqlite'))).toMatchObject({ ok: false });
    expect(restoreJournal(join(folder, 'b.sqlite'), folder)).toMatchObject({ ok: false });
  });
});
