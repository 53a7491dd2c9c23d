import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { verifyCommand } from '../../app/commands/verify.ts';
import { backUp } from '../../storage/backup.ts';
import { freezeReport, makeReport } from '../../storage/make-report.ts';
import { amend, archiveTail, readArchive } from '../../storage/report-archive.ts';
import { verifyFolder } from '../../storage/verify-folder.ts';
import { second } from '../reports/story.ts';
import { temporaryFolder } from './journal-folder.ts';
import {
  append,
  DAY_SECONDS,
  falsify,
  journalOfADay,
  OPERATOR,
  request,
  unwrap,
} from './report-story.ts';

const AFTER = DAY_SECONDS + 600;
const OUTAGE = `event LIKE '%"to":"down"%'`;

function amendment(by = 'duty manager') {
  return {
    ...{ at: second(AFTER), by, reason: 'approved by telephone', deviceIds: ['a'] },
    ...{ from: second(3600), to: second(4000), state: 'maintenance' as const },
  };
}

/** The number of the entry that says the device is down. */
async function entryOfOutage(folder: string): Promise<number> {
  const { DatabaseSync } = await import('node:sqlite');
  using database = new DatabaseSync(join(folder, 'journal.sqlite'), { readOnly: true });
  return Number(database.prepare(`SELECT sequence FROM entries WHERE ${OUTAGE}`).get()?.sequence);
}

describe('a journal that was changed', () => {
  it('gives no report, and is not frozen; the entry is named', async () => {
    const folder = await journalOfADay();
    const sequence = await entryOfOutage(folder);
    falsify(
      folder,
      `UPDATE entries SET event = replace(event, '"to":"down"', '"to":"up"') WHERE ${OUTAGE}`,
    );
    for (const made of [
      await makeReport(request(folder, AFTER)),
      await freezeReport(request(folder, AFTER), OPERATOR),
    ]) {
      expect(made).toMatchObject({ ok: false });
      expect(made.ok || made.message).toContain(`from entry ${sequence} on`);
    }
    expect(unwrap(readArchive(folder)).frozen).toEqual([]);
    const verdict = verifyFolder(folder);
    expect(verdict).toMatchObject({ ok: false, journal: { ok: false, sequence } });
  });

  it('is the reason given for a frozen report, not the version of the program', async () => {
    const folder = await journalOfADay();
    unwrap(await freezeReport(request(folder, AFTER), OPERATOR));
    falsify(folder, `UPDATE entries SET at = at + 60000 WHERE ${OUTAGE}`);
    const made = await makeReport(request(folder, AFTER));
    expect(made.ok || made.message).toContain('cannot be trusted');
  });

  it.each([
    ['removed in the middle', 'DELETE FROM entries WHERE sequence = 40'],
    ['cut off at the end', 'DELETE FROM entries WHERE sequence > 40'],
    ['a proof of observation moved', 'UPDATE entries SET at = at + 1 WHERE sequence = 40'],
    ['put under another subject', "UPDATE entries SET subject = 'x' WHERE sequence = 40"],
  ])('is noticed: %s', async (_, sql) => {
    const folder = await journalOfADay();
    falsify(folder, sql);
    expect(await makeReport(request(folder, AFTER))).toMatchObject({ ok: false });
  });
});

describe('a report archive that was changed', () => {
  it('is not read; the entry is named, and that it is the archive', async () => {
    const folder = await journalOfADay();
    unwrap(await amend(folder, amendment()));
    unwrap(await freezeReport(request(folder, AFTER), OPERATOR));
    falsify(
      join(folder, 'reports'),
      "UPDATE entries SET event = replace(event, 'duty manager', 'somebody else') WHERE sequence = 1",
    );
    const made = await makeReport(request(folder, AFTER));
    expect(made.ok || made.message).toMatch(/^the report archive in .*amendment 1/);
    expect(made.ok || made.message).not.toContain('the journal is damaged');
    const verdict = verifyFolder(folder);
    expect(verdict).toMatchObject({ ok: false, journal: { ok: true }, archive: { sequence: 1 } });
  });

  it('does not pass for an empty one when it is taken away, nor for whole when it is another', async () => {
    const folder = await journalOfADay();
    unwrap(await amend(folder, amendment()));
    const tail = archiveTail(folder)!;
    await append(folder, [{ type: 'report-archive-noted', at: second(AFTER + 1), ...tail }]);
    expect(verifyFolder(folder).ok).toBe(true);
    unwrap(await amend(folder, amendment('deputy')));
    expect(unwrap(readArchive(folder)).amendments).toHaveLength(2);
    rmSync(join(folder, 'reports'), { recursive: true });
    for (const made of [
      await makeReport(request(folder, AFTER)),
      await freezeReport(request(folder, AFTER), OPERATOR),
      await amend(folder, amendment()),
    ]) {
      expect(made.ok || made.message).toContain(
        'the journal knows an archive of 1 entry (noted 2026-11-02T00:10:01.000Z): none of it is here',
      );
    }
    await append(join(folder, 'reports'), [{ type: 'lease-renewed', at: second(AFTER) }]);
    const other = readArchive(folder);
    expect(other.ok || other.message).toContain('of the 1 here, entry 1 is another or missing');
  });

  it('says which frozen document was changed', async () => {
    const folder = await journalOfADay();
    unwrap(await freezeReport(request(folder, AFTER), OPERATOR));
    expect(verifyFolder(folder)).toMatchObject({ ok: true, frozen: [{ problem: null }] });
    writeFileSync(join(folder, 'reports', '2026-11-01.UTC.r0.json.gz'), gzipSync('{}'));
    expect(verifyFolder(folder)).toMatchObject({
      ...{ ok: false, journal: { ok: true }, archive: { ok: true } },
      frozen: [{ period: '2026-11-01', problem: 'the document kept of it was changed' }],
    });
  });
});

describe('a kept document that cannot be read', () => {
  const name = '2026-11-01.UTC.r0.json.gz';
  const folderWith = async (octets: Buffer) => {
    const folder = await journalOfADay();
    unwrap(await freezeReport(request(folder, AFTER), OPERATOR));
    writeFileSync(join(folder, 'reports', name), octets);
    return folder;
  };

  it.each([
    ['no archive at all', Buffer.from('x')],
    ['cut off', gzipSync('{"format": "something"}').subarray(0, 20)],
    ['empty', Buffer.alloc(0)],
  ])('is the problem of that document alone: %s', async (_, octets) => {
    const folder = await folderWith(octets);
    const verdict = verifyFolder(folder);
    expect(verdict).toMatchObject({ ok: false, journal: { ok: true }, archive: { ok: true } });
    expect(verdict.frozen[0]!.problem).toMatch(/^the document kept of it cannot be read: /);
    const told: string[] = [];
    const line = {
      args: ['--data', folder, '--json'],
      environment: {},
      print: (text: string) => told.push(text),
      complain: (text: string) => told.push(text),
    };
    expect(await verifyCommand(line)).toBe(1);
    expect(JSON.parse(told.join('')).journal.ok).toBe(true);
  });

  it('does not keep the report from being made, nor the folder from being backed up', async () => {
    const folder = await folderWith(Buffer.from('x'));
    const made = unwrap(await makeReport(request(folder, AFTER)));
    expect(made.frozen).toMatchObject({ revision: 0 });
    const backup = join(temporaryFolder(), 'backup');
    const backedUp = backUp(folder, backup, '1.2.3');
    expect(backedUp).toMatchObject({
      ok: true,
      damaged: [{ period: '2026-11-01', problem: expect.stringContaining('cannot be read') }],
    });
    expect(readFileSync(join(backup, 'reports', name), 'utf8')).toBe('x');
    rmSync(join(folder, 'reports', name));
    mkdirSync(join(folder, 'reports', name));
    const without = backUp(folder, join(temporaryFolder(), 'backup'), '1.2.3');
    expect(without).toMatchObject({ ok: true, damaged: [{ period: '2026-11-01' }] });
  });
});

describe('two at once', () => {
  it('get two amendments with two numbers, and one frozen report', async () => {
    const folder = await journalOfADay();
    const made = await Promise.all(['b', 'c', 'd'].map((by) => amend(folder, amendment(by))));
    expect(made.map((each) => unwrap(each).number).toSorted()).toEqual([1, 2, 3]);
    expect(unwrap(readArchive(folder)).amendments.map(({ number }) => number)).toEqual([1, 2, 3]);
    const frozen = await Promise.all(
      [1, 2].map(() => freezeReport(request(folder, AFTER), OPERATOR)),
    );
    expect(frozen.filter(({ ok }) => ok).length).toBeGreaterThan(0);
    expect(unwrap(readArchive(folder)).frozen).toHaveLength(1);
  });
});
