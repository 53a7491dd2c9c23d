import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { backUp } from '../../storage/backup.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { restore } from '../../storage/restore.ts';
import { verifyFolder } from '../../storage/verify-folder.ts';
import { temporaryFolder } from './journal-folder.ts';
import { journalOfADay } from './report-story.ts';

const GOOD = fileURLToPath(new URL('./backups/threenines-backup-1', import.meta.url));
const DOCUMENT = '2026-11-01.UTC.r0.json.gz';
const VERSION = '1.2.3';
const isUnix = process.platform !== 'win32';

interface Manifest {
  format: string;
  version?: unknown;
  journal: Record<string, unknown>;
  documents: Record<string, unknown> | null | number;
  archiveEntries: unknown;
}

/** A good backup with something done to it, restored into a folder that was not there. */
function restoredAfter(spoil: (backup: string) => void) {
  const backup = join(temporaryFolder(), 'backup');
  cpSync(GOOD, backup, { recursive: true });
  spoil(backup);
  const data = join(temporaryFolder(), 'data');
  return { data, result: restore(backup, data, VERSION) };
}

const withManifest = (change: (manifest: Manifest) => unknown) => (backup: string) => {
  const path = join(backup, 'manifest.json');
  const told = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify(change(told)));
};

const withSql = (sql: string, file: string) => (backup: string) => {
  using database = new DatabaseSync(join(backup, file));
  database.exec(sql);
};

const asPipe = (file: string) => (backup: string) => {
  rmSync(join(backup, file));
  execFileSync('mkfifo', [join(backup, file)]);
};

const asLink = (file: string, to: string) => (backup: string) => {
  rmSync(join(backup, file));
  symlinkSync(to, join(backup, file));
};

const TRIGGER =
  'CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM entries WHERE sequence = 5; END';

type Case = readonly [what: string, spoil: (backup: string) => void, reason: RegExp];

const CASES: readonly Case[] = [
  ['a manifest of its form alone', withManifest((m) => ({ format: m.format })), /no manifest/],
  ['a manifest that is null', withManifest(() => null), /no manifest of a backup/],
  ['a manifest that is a list', withManifest(() => []), /no manifest of a backup/],
  ['no documents', withManifest((m) => ({ ...m, documents: null })), /\/documents must be object/],
  ['documents that are a number', withManifest((m) => ({ ...m, documents: 5 })), /\/documents/],
  [
    'a document outside of its folder',
    withManifest((m) => ({ ...m, documents: { '../../evil.json.gz': 'x' } })),
    /no manifest of a backup/,
  ],
  [
    'a document without a hash',
    withManifest((m) => ({ ...m, documents: { [DOCUMENT]: 'x' } })),
    /no manifest of a backup/,
  ],
  ['a version that is a number', withManifest((m) => ({ ...m, version: 7 })), /\/version/],
  [
    'counts that are none',
    withManifest((m) => ({ ...m, journal: { ...m.journal, entries: -1 } })),
    /\/journal\/entries/,
  ],
  [
    'an archive that the manifest hides',
    withManifest((m) => ({ ...m, archiveEntries: null, documents: {} })),
    /a report archive, of which the manifest knows nothing/,
  ],
  ['a torn manifest', (backup) => writeFileSync(join(backup, 'manifest.json'), '{"fo'), /read/],
  ['a journal that is text', (b) => writeFileSync(join(b, 'journal.sqlite'), 'hello'), /./],
  ['no journal', (backup) => rmSync(join(backup, 'journal.sqlite')), /there is no backup at/],
  ['a trigger in the journal', withSql(TRIGGER, 'journal.sqlite'), /trigger "t"/],
  ['a trigger in the archive', withSql(TRIGGER, 'reports/journal.sqlite'), /trigger "t"/],
  ['a view', withSql('CREATE VIEW v AS SELECT 1', 'journal.sqlite'), /view "v"/],
  ['an index', withSql('CREATE INDEX i ON entries (hash)', 'journal.sqlite'), /index "i"/],
  [
    'a table in place of the entries',
    withSql(
      'ALTER TABLE entries RENAME TO e; CREATE VIEW entries AS SELECT * FROM e',
      'journal.sqlite',
    ),
    /view "entries"/,
  ],
  ['no document', (backup) => rmSync(join(backup, 'reports', DOCUMENT)), /ENOENT/],
];

const UNIX_CASES: readonly Case[] = [
  ['a journal that is a pipe', asPipe('journal.sqlite'), /not a regular file/],
  ['a manifest that is a pipe', asPipe('manifest.json'), /not a regular file/],
  ['a document that is a pipe', asPipe(`reports/${DOCUMENT}`), /not a regular file/],
  ['a journal that never ends', asLink('journal.sqlite', '/dev/zero'), /is a link/],
  ['a journal that is another file', asLink('journal.sqlite', '/etc/passwd'), /is a link/],
];

describe('a backup that was made to do harm', () => {
  it.each([...CASES, ...(isUnix ? UNIX_CASES : [])])(
    'is refused, and nothing of it stays: %s',
    (_, spoil, reason) => {
      const { data, result } = restoredAfter(spoil);
      expect(result.ok ? 'restored' : result.reason).toMatch(reason);
      expect(existsSync(data)).toBe(false);
    },
  );

  it('leaves what was in the folder as it was', () => {
    const data = join(temporaryFolder(), 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'learned.json'), '{}');
    const backup = join(temporaryFolder(), 'backup');
    cpSync(GOOD, backup, { recursive: true });
    rmSync(join(backup, 'reports', DOCUMENT));
    expect(restore(backup, data, VERSION)).toMatchObject({ ok: false });
    expect(readdirSync(data)).toEqual(['learned.json']);
    expect(restore(GOOD, data, VERSION)).toMatchObject({ ok: true });
    expect(readdirSync(data).sort()).toEqual(['journal.sqlite', 'learned.json', 'reports']);
    expect(verifyFolder(data)).toMatchObject({ ok: true });
  });

  it('does not matter to a restore that was broken off before', () => {
    const data = join(temporaryFolder(), 'data');
    mkdirSync(join(data, 'restore.unfinished', 'reports'), { recursive: true });
    writeFileSync(join(data, 'restore.unfinished', 'journal.sqlite'), 'half of it');
    expect(restore(GOOD, data, VERSION)).toMatchObject({ ok: true });
    expect(existsSync(join(data, 'restore.unfinished'))).toBe(false);
  });
});

describe('a trigger in the journal of a service', () => {
  it('is named at the start, by verify and by backup, and none of them goes on', async () => {
    const folder = await journalOfADay();
    {
      using database = new DatabaseSync(join(folder, 'journal.sqlite'));
      database.exec(TRIGGER);
    }
    const opened = openJournal(folder, { reserveBytes: 0 });
    expect(opened.ok ? 'opened' : opened.problem.message).toContain('trigger "t"');
    const { journal } = verifyFolder(folder);
    expect(journal.ok ? 'whole' : journal.reason).toContain('trigger "t"');
    const made = backUp(folder, join(temporaryFolder(), 'backup'), VERSION);
    expect(made.ok ? 'made' : made.reason).toContain('trigger "t"');
  });
});

describe('a backup to where none can be', () => {
  it.runIf(process.platform === 'linux')('says so at once', async () => {
    const folder = await journalOfADay();
    expect(backUp(folder, '/proc/threenines', VERSION)).toMatchObject({ ok: false });
  });

  it('says so of a file, and leaves nothing where there is nothing to back up', async () => {
    const folder = await journalOfADay();
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, 'x');
    expect(backUp(folder, file, VERSION)).toMatchObject({ ok: false });
    expect(readFileSync(file, 'utf8')).toBe('x');
    const target = join(temporaryFolder(), 'backup');
    expect(backUp(temporaryFolder(), target, VERSION)).toMatchObject({ ok: false });
    expect(existsSync(target)).toBe(false);
  });
});
