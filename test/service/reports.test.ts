import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { MailClient, MailMessage } from '../../lib/mail-client.ts';
import { DAY, type EpochMs, HOUR } from '../../lib/time.ts';
import { amend, readArchive } from '../../storage/report-archive.ts';
import { MONTH_END, openOffice, tellMonth } from './report-office.ts';

const folder = mkdtempSync(join(tmpdir(), 'threenines-reports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function office(now: EpochMs) {
  const sent: MailMessage[] = [];
  const mail: MailClient = {
    async send(_, message) {
      sent.push(message);
      return { kind: 'accepted', receipt: 'ok' };
    },
  };
  return { ...openOffice(folder, { now, mail }), sent };
}

describe('reports of the running service', () => {
  it('are frozen, mailed to everyone in their language once, archived, and sent again on demand', async () => {
    await tellMonth(folder);
    const { desk, dispatch, sent } = office(MONTH_END + 7 * HOUR);
    await using _desk = desk;
    using _dispatch = dispatch;
    await dispatch.look();
    expect(sent.map(({ to, subject }) => [to, subject])).toEqual([
      ['lead@example.net', 'Availability report 2026-11'],
      ['chief@example.net', '可用率报告 2026-11'],
    ]);
    const attached = Buffer.from(sent[1]!.attachments![0]!.bytes).toString();
    expect(attached).toContain('无法证明');
    expect(attached).toContain('已于 2026-12-01 07:00:00 +00:00 冻结');
    await dispatch.look();
    expect(sent).toHaveLength(2);
    expect(desk.archive()).toMatchObject([
      {
        ...{ period: '2026-11', revision: 0 },
        recipients: [
          { personId: 'lead', state: 'accepted', tries: 1 },
          { personId: 'chief', state: 'accepted', tries: 1 },
        ],
      },
    ]);
    expect(desk.resend('2026-10')?.refused).toBe('report-not-frozen');
    expect(desk.resend('2026-11')).toBeNull();
    await dispatch.look();
    expect(sent).toHaveLength(4);
    const archive = readArchive(folder);
    const begun = (archive.ok ? archive.value.sendings : []).flatMap((each) =>
      each.type === 'report-dispatched' ? [each.by] : [],
    );
    expect(begun).toEqual(['schedule', 'request']);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(4);
  });

  it('are delivered in the revision that was sent, also where the next one is made meanwhile', async () => {
    const own = mkdtempSync(join(tmpdir(), 'threenines-reports-'));
    await tellMonth(own);
    const now = MONTH_END + 7 * HOUR;
    const period = { from: MONTH_END - 2 * DAY, to: MONTH_END - DAY };
    const ids: (string | undefined)[] = [];
    const mail: MailClient = {
      async send(_, { messageId }) {
        ids.push(messageId);
        if (ids.length === 1) await amendAndFreeze();
        return { kind: 'accepted', receipt: 'ok' };
      },
    };
    const { desk, dispatch } = openOffice(own, { now, mail });
    await using _desk = desk;
    using _dispatch = dispatch;
    async function amendAndFreeze() {
      const correction = { at: now, by: 'lead', reason: 'by telephone', deviceIds: ['a'] };
      await amend(own, { ...correction, ...period, state: 'maintenance' });
      const order = { siteId: null, language: 'en', table: 'devices', format: 'json' } as const;
      const next = await desk.make({ ...order, period: '2026-11', freeze: true });
      expect(next).toMatchObject({ revision: 1 });
    }
    await dispatch.look();
    expect(desk.archive()).toMatchObject([
      {
        ...{ revision: 1, recipients: [] },
        earlierCopies: [
          { personId: 'lead', revision: 0 },
          { personId: 'chief', revision: 0 },
        ],
      },
    ]);
    desk.resend('2026-11');
    await dispatch.look();
    expect(new Set(ids).size).toBe(4);
    rmSync(own, { recursive: true, force: true });
  });

  it('send again, and a retry, freeze nothing: a next revision is made by a person', async () => {
    const own = mkdtempSync(join(tmpdir(), 'threenines-reports-'));
    await tellMonth(own);
    const now = MONTH_END + 7 * HOUR;
    const period = { from: MONTH_END - 2 * DAY, to: MONTH_END - DAY };
    const told: string[] = [];
    const pages: string[] = [];
    const mail: MailClient = {
      async send(_, { to, text, attachments }) {
        told.push(`${to} ${text}`);
        pages.push(Buffer.from(attachments![0]!.bytes).toString());
        const reply = { en: '451 greylisted', 'zh-CN': '451 greylisted' };
        return told.length === 2
          ? { kind: 'failed', permanent: false, detail: reply }
          : { kind: 'accepted', receipt: 'ok' };
      },
    };
    const { clock, desk, dispatch } = openOffice(own, { now, mail });
    await using _desk = desk;
    using _dispatch = dispatch;
    await dispatch.look();
    const correction = { at: now, by: 'lead', reason: 'by telephone', deviceIds: ['a'] };
    await amend(own, { ...correction, ...period, state: 'maintenance' });
    clock.advance(HOUR);
    await dispatch.look();
    expect(desk.archive()).toMatchObject([{ revision: 0, missingAmendments: [1] }]);
    expect(told[2]).toContain('chief@example.net 附件为 2026-11 的可用率报告，已冻结为第 0 版');
    expect(told[2]).toContain('尚未计入第 1 号更正');
    desk.resend('2026-11');
    await dispatch.look();
    expect(desk.archive()).toMatchObject([{ revision: 0, missingAmendments: [1] }]);
    expect(told).toHaveLength(5);
    expect(told[3]).toContain('revision 0');
    expect(told[3]).toContain('Not in it yet: amendment 1.');
    expect(pages[3]).toContain('Not yet in this revision: amendment 1.');
    // The round of a request goes on with its own revision, also after the next one was made.
    const order = { siteId: null, language: 'en', table: 'devices', format: 'json' } as const;
    const next = await desk.make({ ...order, period: '2026-11', freeze: true });
    expect(next).toMatchObject({ revision: 1 });
    expect(
      await desk.make({ ...order, period: '2026-11', freeze: false, revision: 0 }),
    ).toMatchObject({ revision: 0 });
    desk.resend('2026-11');
    await dispatch.look();
    expect(told[5]).toContain('revision 1');
    expect(told[5]).not.toContain('amendment');
    rmSync(own, { recursive: true, force: true });
  });

  it('are not frozen, on order either, before outages of the period can be confirmed', async () => {
    const { desk, dispatch } = office(MONTH_END + HOUR);
    await using _desk = desk;
    using _dispatch = dispatch;
    const order = { siteId: null, language: 'en', table: 'devices', format: 'json' } as const;
    const day = { ...order, period: '2026-11-30', freeze: true } as const;
    expect(await desk.make(day)).toContain('is frozen from 2026-12-01 06:00:00 +00:00 on');
    expect(typeof (await desk.make({ ...day, freeze: false }))).toBe('object');
  });

  it('are made on order, with their progress, and refused where they cannot be', async () => {
    const { desk, dispatch } = office(MONTH_END + 2 * DAY);
    await using _desk = desk;
    using _dispatch = dispatch;
    const order = { siteId: null, language: 'en', table: 'devices', freeze: false } as const;
    const wrong = [
      { ...order, period: '2027-01', format: 'csv' },
      { ...order, period: '2026-13', format: 'csv' },
      { ...order, period: '2026-11', format: 'csv', siteId: 'nowhere' },
    ] as const;
    for (const each of wrong) expect(desk.order(each)).toHaveProperty('refused');
    const made = await desk.make({ ...order, period: '2026-11', format: 'csv' });
    if (typeof made === 'string') throw new Error(made);
    expect(made.fileName).toBe('threenines-2026-11-devices.csv');
    expect(Buffer.from(made.bytes).toString()).toContain('2026-11,a,Device a,site-1');
    expect(desk.jobs()[0]).toMatchObject({ state: 'done', progressRatio: 1, failure: null });
  });
});
