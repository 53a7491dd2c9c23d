import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { restoreCommand } from '../../app/commands/restore.ts';
import { VERSION } from '../../app/version.ts';
import type { Manifest } from '../../storage/backup-manifest.ts';
import { makeReport, sha256 } from '../../storage/make-report.ts';
import { restore } from '../../storage/restore.ts';
import { verifyFolder } from '../../storage/verify-folder.ts';
import { temporaryFolder } from './journal-folder.ts';
import { periodNamed, unwrap } from './report-story.ts';

/**
 * Made by version 0.1.0, and never made again: two days of a small network with incidents, one of them
 * open, an amendment and a frozen report. Whatever comes later has to bring it back.
 */
const FIRST_FORM = fileURLToPath(new URL('./backups/threenines-backup-1', import.meta.url));
const OTHER_HASH = '0'.repeat(64);

/** The backup with another manifest. */
function changed(change: (manifest: Manifest) => object): string {
  const folder = join(temporaryFolder(), 'backup');
  cpSync(FIRST_FORM, folder, { recursive: true });
  const path = join(folder, 'manifest.json');
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
  return folder;
}

function foldedOtherwise(version?: string): string {
  return changed((manifest) => {
    const journal = { ...manifest.journal, stateHash: OTHER_HASH };
    return { ...manifest, journal, ...(version === undefined ? {} : { version }) };
  });
}

const target = () => join(temporaryFolder(), 'data');

describe('a backup of the first form', () => {
  it('is brought back: journal, archive and the report as it was frozen', async () => {
    const folder = target();
    expect(restore(FIRST_FORM, folder, VERSION)).toMatchObject({
      ok: true,
      manifest: { archiveEntries: 2, journal: { entries: 181 } },
    });
    expect(verifyFolder(folder)).toMatchObject({
      ...{ ok: true, journal: { entries: 181 }, archive: { entries: 2 } },
      frozen: [{ period: '2026-11-01', problem: null }],
    });
    const period = periodNamed('2026-11-01');
    const now = period.to + 86_400_000;
    const made = unwrap(await makeReport({ dataFolder: folder, period, siteId: null, now }));
    expect(made.report.amendments).toMatchObject([{ number: 1, by: 'duty manager' }]);
    expect(sha256(made.json!)).toBe(made.frozen!.documentHash);
  });
});

describe('a backup of another version', () => {
  it('counts where an older one folded otherwise, and that is told', () => {
    for (const version of [undefined, '0.0.9', '0.9.12']) {
      const folder = target();
      const restored = restore(foldedOtherwise(version), folder, '0.10.0');
      expect(restored).toMatchObject({ ok: true, foldsAs: { entries: 181 } });
      expect(existsSync(join(folder, 'journal.sqlite'))).toBe(true);
    }
  });

  it('does not where the very version, or a later one, folded otherwise', () => {
    for (const [version, advice] of [
      ['0.10.0', 'does not fold to what was backed up'],
      ['0.11.0', 'made by version 0.11.0 of Threenines and this is 0.10.0'],
    ] as const) {
      const folder = target();
      const refused = restore(foldedOtherwise(version), folder, '0.10.0');
      expect(refused.ok || refused.reason).toContain(advice);
      expect(existsSync(join(folder, 'journal.sqlite'))).toBe(false);
    }
  });

  it('never counts where the entries are not those that were backed up', () => {
    for (const journal of [{ lastHash: OTHER_HASH }, { entries: 180 }]) {
      const source = changed((manifest) => {
        return { ...manifest, journal: { ...manifest.journal, ...journal } };
      });
      const refused = restore(source, target(), '9.0.0');
      expect(refused.ok || refused.reason).toContain('is not the one that was backed up');
    }
  });

  it('is refused with what to do where only a later version reads it', () => {
    const form = changed((manifest) => ({ ...manifest, format: 'threenines-backup/2' }));
    const refused = restore(form, target(), VERSION);
    expect(refused.ok || refused.reason).toMatch(
      /threenines-backup\/2.*restore it with the version/,
    );
    const newer = changed((manifest) => manifest);
    {
      using database = new DatabaseSync(join(newer, 'journal.sqlite'));
      database.exec('PRAGMA user_version = 2');
    }
    const unread = restore(newer, target(), VERSION);
    expect(unread.ok || unread.reason).toContain('was written by a newer Threenines');
  });
});

describe('the command', () => {
  it('says that the entries are proven, and that they fold otherwise', async () => {
    const folder = target();
    const told: string[] = [];
    const line = {
      args: [foldedOtherwise('0.0.1'), '--data', folder, '--config', 'config/demo'],
      environment: {},
      print: (text: string) => told.push(text),
      complain: (text: string) => told.push(text),
    };
    expect(await restoreCommand(line), told.join('\n')).toBe(0);
    expect(told.join('\n')).toMatch(
      /Every entry is the one that was backed up.*otherwise than 0\.0\.1/,
    );
  });
});
