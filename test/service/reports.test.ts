import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type DomainEvent, subjectOf } from '../../alerting/events.ts';
import { ThreadedReportDesk } from '../../app/report-desk.ts';
import { duePeriods, ReportDispatch } from '../../app/report-dispatch.ts';
import type { Config } from '../../config/model.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { MailClient, MailMessage } from '../../lib/mail-client.ts';
import { DAY, type EpochMs, HOUR } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { readArchive } from '../../storage/report-archive.ts';
import { fakeConfig } from '../api/fake-config.ts';
import { down } from '../reports/ledger-case.ts';
import { health, inOrder, leases, started, topology } from '../reports/story.ts';

const folder = mkdtempSync(join(tmpdir(), 'threenines-reports-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DAY_SECONDS = 86_400;
const MONTH_END = Date.UTC(2026, 11, 1);

function configured(): Config {
  const config = fakeConfig();
  const mail = { ...{ id: 'mail', kind: 'email', host: 'localhost', port: 25 }, security: 'none' };
  const channel = {
    ...mail,
    ...{ from: 'noc@example.net', user: null, password: null, timeoutMs: 1 },
  };
  const person = (id: string, language: 'en' | 'zh-CN') => ({
    ...{ id, name: id, language, timeZone: 'UTC', quietHours: null },
    contacts: [{ channelId: 'mail', address: `${id}@example.net` }],
  });
  return {
    ...config,
    service: { ...config.service, timeZone: 'UTC' },
    channels: [channel],
    people: [person('lead', 'en'), person('chief', 'zh-CN')],
    reports: { personIds: ['lead', 'chief'], every: ['month'], afterMs: 6 * HOUR, format: 'html' },
  } as unknown as Config;
}

async function tellMonth(): Promise<void> {
  const opened = openJournal<DomainEvent>(folder, { reserveBytes: 0 });
  if (!opened.ok) throw new Error(opened.problem.message);
  using journal = opened.journal;
  const events = inOrder(
    [started(-600), topology(-600), health(-590, -595, 'up')],
    leases(-600, 3 * DAY_SECONDS),
    down(3600, 4200),
    leases(31 * DAY_SECONDS, 31 * DAY_SECONDS + 60),
  );
  await journal.append(events.map((event) => ({ at: event.at, subject: subjectOf(event), event })));
}

function office(now: EpochMs) {
  const clock = new VirtualClock(now);
  const sent: MailMessage[] = [];
  const mail: MailClient = {
    async send(_, message) {
      sent.push(message);
      return { kind: 'accepted', receipt: 'ok' };
    },
  };
  const getConfig = configured;
  const parts = { dataFolder: folder, clock, log: silentLogger, getConfig };
  let dispatch: ReportDispatch | null = null;
  const desk = new ThreadedReportDesk({
    ...parts,
    dispatch: (period) => dispatch?.resend(period) ?? null,
  });
  dispatch = new ReportDispatch({ ...parts, mail, desk });
  return { desk, dispatch, sent };
}

describe('reports of the running service', () => {
  it('are due some hours after the end, until they were sent', () => {
    const names = (now: EpochMs, sent: Parameters<typeof duePeriods>[1] = []) =>
      duePeriods(configured(), sent, now).map(({ name }) => name);
    const told = (failure: string | null) => {
      const event = { type: 'report-sent', at: MONTH_END, period: '2026-11', revision: 0 } as const;
      return { ...event, to: ['lead'], by: 'schedule', failure };
    };
    expect(names(MONTH_END + 5 * HOUR)).toEqual(['2026-10']);
    expect(names(MONTH_END + 6 * HOUR)).toEqual(['2026-11']);
    expect(names(MONTH_END + 6 * HOUR, [told('refused')])).toEqual(['2026-11']);
    expect(names(MONTH_END + 6 * HOUR, [told(null)])).toEqual([]);
    expect(names(MONTH_END + 6 * HOUR, Array(6).fill(told('refused')))).toEqual([]);
  });

  it('are frozen, mailed to everyone in their language once, archived, and sent again on demand', async () => {
    await tellMonth();
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
      { period: '2026-11', revision: 0, sentTo: ['lead', 'chief'] },
    ]);
    expect(desk.resend('2026-10')?.refused).toBe('report-not-frozen');
    expect(desk.resend('2026-11')).toBeNull();
    await dispatch.look();
    expect(sent).toHaveLength(4);
    const archive = readArchive(folder);
    expect(archive.ok && archive.value.sent.map(({ by }) => by)).toEqual(['schedule', 'request']);
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
