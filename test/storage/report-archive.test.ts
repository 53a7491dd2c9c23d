import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../app/render-report.ts';
import type { CsvTable } from '../../reports/documents/render-csv.ts';
import { readReportJson } from '../../reports/read-report-json.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { backUp } from '../../storage/backup.ts';
import { freezeReport, makeReport, markOf, sha256 } from '../../storage/make-report.ts';
import {
  amend,
  appendToArchive,
  keepDocument,
  keptDocument,
  readArchive,
} from '../../storage/report-archive.ts';
import { restore } from '../../storage/restore.ts';
import { verifyFolder } from '../../storage/verify-folder.ts';
import { health, inOrder, leases, second, started, topology } from '../reports/story.ts';
import { temporaryFolder } from './journal-folder.ts';
import {
  append,
  DAY_SECONDS,
  journalOfADay,
  OPERATOR,
  periodNamed,
  request,
  unwrap,
} from './report-story.ts';

describe('a frozen report', () => {
  it('keeps its bytes, whatever comes after it', async () => {
    const folder = await journalOfADay();
    const frozen = unwrap(await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR));
    const json = frozen.json!;
    expect(frozen.frozen).toMatchObject({ revision: 0, throughAmendment: 0, by: 'operator' });
    // Confirmed only now: the device is said to have been down since before the end of the day.
    const late = health(DAY_SECONDS + 700, DAY_SECONDS - 60, 'down');
    await append(folder, [late, ...leases(DAY_SECONDS + 700, DAY_SECONDS + 710)]);
    const again = unwrap(await makeReport(request(folder, 3 * DAY_SECONDS)));
    expect(again.json).toBe(json);
    expect(keptDocument(folder, frozen.frozen!)).toEqual({ ok: true, json });
    const next = unwrap(await freezeReport(request(folder, 3 * DAY_SECONDS), OPERATOR));
    expect(next.frozen).toEqual(frozen.frozen);
  });

  it('changes by a numbered amendment alone, and says so', async () => {
    const folder = await journalOfADay();
    const before = unwrap(await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR));
    expect(before.report.devices[0]!.durations).toMatchObject({ down: 600_000, maintenance: 0 });
    const amendment = {
      ...{ at: second(DAY_SECONDS + 900), by: 'duty manager', reason: 'approved by telephone' },
      ...{ deviceIds: ['a'], from: second(3600), to: second(4000), state: 'maintenance' as const },
    };
    expect(unwrap(await amend(folder, amendment)).number).toBe(1);
    const untouched = unwrap(await makeReport(request(folder, 2 * DAY_SECONDS)));
    expect(untouched.frozen).toMatchObject({ revision: 0 });
    expect(untouched.report.devices[0]!.durations.down).toBe(600_000);
    const after = unwrap(await freezeReport(request(folder, 2 * DAY_SECONDS), OPERATOR));
    expect(after.frozen).toMatchObject({
      revision: 1,
      throughAmendment: 1,
      throughSequence: before.frozen!.throughSequence,
    });
    // [3600, 4000) of the outage is maintenance now: 200 s are left.
    const { durations } = after.report.devices[0]!;
    expect(durations).toMatchObject({ down: 200_000, maintenance: 400_000 });
    expect(after.report.amendments).toMatchObject([{ number: 1, by: 'duty manager' }]);
    expect(unwrap(readArchive(folder)).frozen).toHaveLength(2);
  });

  it('is not given when the journal is another one', async () => {
    const folder = await journalOfADay();
    await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR);
    const other = await journalOfADay();
    await append(other, [health(DAY_SECONDS + 650, DAY_SECONDS + 650, 'down')]);
    const archive = join('reports', 'journal.sqlite');
    const stranger = temporaryFolder();
    await append(stranger, inOrder([started(-600), topology(-600)], leases(-600, 90_000)));
    unwrap(await freezeReport(request(stranger, 90_000), OPERATOR));
    writeFileSync(join(stranger, archive), readFileSync(join(folder, archive)));
    expect(await makeReport(request(stranger, 90_000))).toMatchObject({ ok: false });
  });

  it('is refused while its period runs', async () => {
    const folder = await journalOfADay();
    const running = { ...request(folder, DAY_SECONDS + 600), period: periodNamed('2026-11-02') };
    const refused = await freezeReport(running, OPERATOR);
    expect(refused).toMatchObject({ ok: false });
  });
});

describe('what was frozen', () => {
  it('is shown as it was kept where this program would write another document', async () => {
    const folder = await journalOfADay();
    const made = unwrap(await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR));
    // As an earlier version would have written it: without a field, and with one figure otherwise.
    const earlier = JSON.parse(made.json!);
    delete earlier.ruleChanges;
    earlier.fleet.service.usedMs = 600_001;
    const json = JSON.stringify(earlier);
    const { type: _, ...frozen } = made.frozen!;
    const old = { ...frozen, type: 'report-frozen' as const, documentHash: sha256(json) };
    rmSync(join(folder, 'reports'), { recursive: true });
    unwrap(await appendToArchive(folder, old));
    keepDocument(folder, old, json);
    const shown = unwrap(await makeReport(request(folder, 2 * DAY_SECONDS)));
    expect(shown).toMatchObject({ isOtherwise: true, json });
    expect(shown.report.fleet.service.usedMs).toBe(600_001);
    const form = { language: 'en', table: 'devices' } as const;
    const text = String(await renderReport(shown, { ...form, format: 'text' }));
    expect(text).toContain('Frozen 2026-11-02 00:10:00 +00:00 by operator, revision 0');
    expect(text).toContain('comes to another document');
    const html = String(await renderReport(shown, { ...form, format: 'html' }));
    expect(html).toContain('comes to another document');
    expect(await renderReport(shown, { ...form, format: 'json' })).toBe(json);
    rmSync(join(folder, 'reports', '2026-11-01.UTC.r0.json.gz'));
    const lost = await makeReport(request(folder, 2 * DAY_SECONDS));
    expect(lost.ok || lost.message).toContain('the document kept of it is missing');
  });

  it('reads back as the same document', async () => {
    const folder = await journalOfADay();
    const { report, json, frozen } = unwrap(
      await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR),
    );
    expect(renderReportJson(readReportJson(json!), markOf(frozen!))).toBe(json);
    expect(readReportJson(json!)).toEqual(report);
  });

  it('is one period, whatever the time zone is now', async () => {
    const folder = await journalOfADay();
    const made = unwrap(await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR));
    const elsewhere = {
      ...request(folder, 2 * DAY_SECONDS),
      period: periodNamed('2026-11-01', 'Asia/Shanghai'),
    };
    const again = unwrap(await freezeReport(elsewhere, OPERATOR));
    expect(again).toMatchObject({ frozen: made.frozen, json: made.json });
    expect(unwrap(await makeReport(elsewhere)).json).toBe(made.json);
    expect(unwrap(readArchive(folder)).frozen).toHaveLength(1);
  });

  it('waits until an outage before the end can be confirmed', async () => {
    const folder = await journalOfADay();
    const waiting = { by: 'operator', waitMs: 900_000 };
    for (const seconds of [DAY_SECONDS, DAY_SECONDS + 899]) {
      const refused = await freezeReport(request(folder, seconds), waiting);
      expect(refused.ok || refused.message).toContain('from 2026-11-02 00:15:00 +00:00 on');
    }
    unwrap(await freezeReport(request(folder, DAY_SECONDS + 900), waiting));
  });

  it('says in every form who froze and who amended it', async () => {
    const folder = await journalOfADay();
    const amendment = {
      ...{ at: second(DAY_SECONDS), by: 'duty manager', reason: 'approved by telephone' },
      ...{ deviceIds: ['a'], from: second(3600), to: second(4000), state: 'maintenance' as const },
    };
    unwrap(await amend(folder, amendment));
    const made = unwrap(await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR));
    const form = { language: 'en', table: 'devices' } as const;
    const text = String(await renderReport(made, { ...form, format: 'text' }));
    expect(text).toContain(
      'No. 1: counted as maintenance; duty manager: approved by telephone (a,',
    );
    const csv = async (table: CsvTable) =>
      String(await renderReport(made, { ...form, table, format: 'csv' })).split('\r\n');
    expect((await csv('devices'))[1]).toMatch(/,0,1$/);
    expect((await csv('groups'))[1]).toMatch(/,0,1$/);
    expect((await csv('amendments'))[1]).toContain('duty manager,approved by telephone,a,');
    expect((await csv('about'))[1]).toContain(',operator,');
    const told = JSON.parse(String(await renderReport(made, { ...form, format: 'json' })));
    expect(told).toMatchObject({ frozen: { revision: 0, by: 'operator' }, amendments: [{}] });
  });
});

describe('a backup of the data folder', () => {
  it('brings back journal and archive, proven, with the same reports', async () => {
    const folder = await journalOfADay();
    const made = unwrap(await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR));
    const backup = join(temporaryFolder(), 'backup');
    const backedUp = backUp(folder, backup, '1.2.3');
    expect(backedUp).toMatchObject({ ok: true, manifest: { archiveEntries: 1 } });
    expect(backUp(folder, backup, '1.2.3')).toMatchObject({ ok: false });
    await append(folder, leases(DAY_SECONDS + 610, DAY_SECONDS + 700));

    const elsewhere = join(temporaryFolder(), 'data');
    expect(restore(backup, elsewhere, '1.2.3')).toEqual({
      ok: true,
      manifest: backedUp.ok && backedUp.manifest,
      foldsAs: null,
    });
    const again = unwrap(await makeReport(request(elsewhere, 5 * DAY_SECONDS)));
    expect(again.frozen).toEqual(made.frozen);
    expect(again.json).toBe(made.json);
    expect(restore(backup, elsewhere, '1.2.3')).toMatchObject({ ok: false });
  });

  it('is refused when it does not fold to what was backed up', async () => {
    const folder = await journalOfADay();
    const backup = join(temporaryFolder(), 'backup');
    backUp(folder, backup, '1.2.3');
    const manifestPath = join(backup, 'manifest.json');
    const manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
    manifest.journal.stateHash = '0'.repeat(64);
    writeFileSync(manifestPath, JSON.stringify(manifest));
    const elsewhere = join(temporaryFolder(), 'data');
    const refused = restore(backup, elsewhere, '1.2.3');
    expect(refused).toMatchObject({ ok: false });
    expect(restore(backup, elsewhere, '1.2.3')).toEqual(refused);
  });

  it('leaves nothing behind when it breaks off, not even where folding it throws', async () => {
    const folder = await journalOfADay();
    unwrap(await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR));
    const backup = join(temporaryFolder(), 'backup');
    backUp(folder, backup, '1.2.3');
    // A whole chain, but of a device that is in no topology: the engine refuses to fold it.
    const strange = temporaryFolder();
    await append(strange, [started(-600), health(-590, -595, 'up', 'nobody')]);
    writeFileSync(join(backup, 'journal.sqlite'), readFileSync(join(strange, 'journal.sqlite')));
    const elsewhere = join(temporaryFolder(), 'data');
    const refused = restore(backup, elsewhere, '1.2.3');
    expect(refused.ok || refused.reason).toContain('not in the topology');
    expect(existsSync(join(elsewhere, 'journal.sqlite'))).toBe(false);
    // Of a sound journal, but with a document that was changed: that is not left either.
    rmSync(join(backup, 'journal.sqlite'));
    const copy = join(temporaryFolder(), 'copy');
    backUp(folder, copy, '1.2.3');
    writeFileSync(join(copy, 'reports', '2026-11-01.UTC.r0.json.gz'), 'other');
    expect(restore(copy, elsewhere, '1.2.3')).toMatchObject({ ok: false });
    expect(existsSync(elsewhere)).toBe(false);
  });
});

describe('a copy of the data folder that cannot be written', () => {
  const isRoot = process.getuid?.() === 0;
  it.skipIf(process.platform === 'win32')('gives its reports', async () => {
    const folder = await journalOfADay();
    unwrap(await freezeReport(request(folder, DAY_SECONDS + 600), OPERATOR));
    const reports = join(folder, 'reports');
    for (const path of [folder, reports]) chmodSync(path, 0o555);
    try {
      // Root may write everywhere: it asks as somebody else.
      if (isRoot) process.seteuid?.(65_534);
      const made = unwrap(await makeReport(request(folder, 2 * DAY_SECONDS)));
      expect(made.frozen).toMatchObject({ revision: 0 });
      expect(verifyFolder(folder)).toMatchObject({ ok: true });
    } finally {
      if (isRoot) process.seteuid?.(0);
      for (const path of [folder, reports]) chmodSync(path, 0o755);
    }
  });
});
