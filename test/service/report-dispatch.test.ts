import { describe, expect, it } from 'vitest';
import { duePeriods, nextTryAt } from '../../app/report-sending.ts';
import type { Config } from '../../config/model.ts';
import { systemMailClient } from '../../lib/mail-client.ts';
import { DAY, type EpochMs, HOUR, MINUTE } from '../../lib/time.ts';
import { appendToArchive, type FrozenReport } from '../../storage/report-archive.ts';
import { foldDispatches, type ReportDelivery } from '../../storage/report-dispatches.ts';
import { MailServerRig } from '../pages/mail-server.ts';
import { temporaryFolder } from '../storage/journal-folder.ts';
import { configured, MONTH_END, openOffice, QUICK_DESK, tellMonth } from './report-office.ts';

const LATER = { rcpt: '451 4.7.1 greylisted, try again later' };
const NEVER = { rcpt: '550 5.1.1 no such mailbox' };
const DUE_AT = MONTH_END + 7 * HOUR;

const FROZEN = {
  ...{ type: 'report-frozen', at: DUE_AT, period: '2026-11', timeZone: 'UTC', siteId: null },
  ...{ revision: 0, throughSequence: 1, inputsHash: '', judgedAt: DUE_AT, throughAmendment: 0 },
  ...{ documentHash: '', by: 'schedule' },
} as FrozenReport;

async function scene(config = configured) {
  const folder = temporaryFolder();
  await tellMonth(folder);
  await appendToArchive(folder, FROZEN);
  const server = await MailServerRig.start();
  const open = (now: EpochMs) =>
    openOffice(folder, {
      ...{ now, mail: systemMailClient, config: config(server.port), maker: QUICK_DESK },
    });
  return { folder, server, open, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

type Office = Awaited<ReturnType<typeof openOffice>>;

/** One run of the service: it is gone afterwards, with nothing but what it wrote down. */
async function run<T>(office: Office, work: (office: Office) => Promise<T>): Promise<T> {
  await using _desk = office.desk;
  using _dispatch = office.dispatch;
  return await work(office);
}

const recipients = ({ desk }: Office) => desk.archive()[0]!.recipients;

describe('a recipient whom the mail server refuses for now', () => {
  it('is tried again, over restarts, until it is accepted; the other gets nothing twice', async () => {
    await using here = await scene();
    const { server } = here;
    server.script.push('accept', LATER);
    await run(here.open(DUE_AT), async (office) => {
      await office.dispatch.look();
      expect(recipients(office)).toMatchObject([
        { personId: 'lead', state: 'accepted', detail: null },
        { personId: 'chief', state: 'waiting', tries: 1, nextTryAt: DUE_AT + 10 * MINUTE },
      ]);
      expect(recipients(office)[1]!.detail!.en).toContain('451');
      office.clock.advance(9 * MINUTE);
      await office.dispatch.look();
      expect(server.received).toHaveLength(1);
    });
    server.script.push(LATER);
    await run(here.open(DUE_AT + 10 * MINUTE), async (office) => {
      await office.dispatch.look();
      expect(recipients(office)[1]).toMatchObject({ state: 'waiting', tries: 2 });
      office.clock.advance(20 * MINUTE);
      await office.dispatch.look();
      expect(recipients(office)).toMatchObject([
        { personId: 'lead', state: 'accepted', tries: 1 },
        { personId: 'chief', state: 'accepted', tries: 3, nextTryAt: null },
      ]);
      await office.dispatch.look();
      const { values } = (await office.registry.getMetricsAsJSON())[0]!;
      const counted = values.map(({ labels, value }) => [labels.result, value]);
      expect(counted).toEqual([
        ['accepted', 1],
        ['temporary', 1],
        ['permanent', 0],
      ]);
    });
    await run(here.open(DUE_AT + DAY), ({ dispatch }) => dispatch.look());
    expect(server.received.map(({ to }) => to)).toEqual([
      ['lead@example.net'],
      ['chief@example.net'],
    ]);
  });

  it('is tried for days, not minutes, then left to a person, and an operator is told', () => {
    const dispatched = { type: 'report-dispatched', at: 0, period: 'p', to: ['lead'] } as const;
    const failures: ReportDelivery[] = [];
    const record = () => foldDispatches([{ ...dispatched, by: 'schedule' }, ...failures]).get('p')!;
    for (;;) {
      const at = nextTryAt(record(), record().recipients[0]!);
      if (at === null) break;
      const common = { type: 'report-delivery', period: 'p', revision: 0 } as const;
      failures.push({ ...common, at, personId: 'lead', result: 'temporary', detail: null });
    }
    const hours = failures.map(({ at }) => at / HOUR);
    expect(hours.slice(0, 5).map((each) => Math.round(each * 60))).toEqual([0, 10, 30, 70, 150]);
    expect(hours.at(-1)).toBeGreaterThan(6 * 24);
    expect(hours.at(-1)).toBeLessThanOrEqual(7 * 24);
    expect(failures.length).toBeLessThan(25);
  });

  it('and one refused for good is not tried again, is told of, and gets it when it is asked for', async () => {
    await using here = await scene();
    const { server } = here;
    server.script.push(NEVER);
    await run(here.open(DUE_AT), async (office) => {
      await office.dispatch.look();
      expect(recipients(office)).toMatchObject([
        { personId: 'lead', state: 'failed', tries: 1, nextTryAt: null },
        { personId: 'chief', state: 'accepted' },
      ]);
      const [finding] = office.found.at(-1)!;
      expect(finding).toMatchObject({ subject: 'report:2026-11' });
      expect(finding!.text.en).toBe(
        'the report of 2026-11 did not reach Person lead (SMTP 550 5.1.1 at RCPT TO)',
      );
      expect(await office.registry.metrics()).toContain('recipients_undelivered 1');
      office.clock.advance(DAY);
      await office.dispatch.look();
      expect(server.connections).toBe(2);
      expect(office.desk.resend('2026-11')).toBeNull();
      await office.dispatch.look();
      expect(office.found.at(-1)).toEqual([]);
      expect(server.received.map(({ to: [to] }) => to)).toEqual([
        'chief@example.net',
        'lead@example.net',
        'chief@example.net',
      ]);
    });
  });

  it('is said to an operator when nobody got it for an hour, until somebody did', async () => {
    await using here = await scene();
    here.server.script.push(LATER, LATER, LATER, LATER, LATER, LATER);
    await run(here.open(DUE_AT), async (office) => {
      for (const minutes of [0, 10, 20]) {
        office.clock.advance(minutes * MINUTE);
        await office.dispatch.look();
        expect(office.found.at(-1)).toEqual([]);
      }
      office.clock.advance(31 * MINUTE);
      await office.dispatch.look();
      expect(office.found.at(-1)).toMatchObject([{ subject: 'report:2026-11' }]);
      office.clock.advance(10 * MINUTE);
      await office.dispatch.look();
      expect(office.found.at(-1)).toEqual([]);
      expect(here.server.received).toHaveLength(2);
    });
  });

  it('has one Message-ID for each copy, so that one sent again after a kill in between is the same', async () => {
    await using here = await scene();
    // What a kill between the answer of the server and the archive leaves: the dispatch alone.
    const to = ['lead', 'chief'];
    const begun = { type: 'report-dispatched', period: '2026-11', to, by: 'schedule' } as const;
    await appendToArchive(here.folder, { ...begun, at: DUE_AT });
    await run(here.open(DUE_AT + MINUTE), ({ dispatch }) => dispatch.look());
    const ids = here.server.received.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)![1]);
    expect(ids).toHaveLength(2);
    const elsewhere = await scene();
    await using _ = elsewhere;
    await run(elsewhere.open(DUE_AT + 2 * DAY), ({ dispatch }) => dispatch.look());
    // The same copy has the same Message-ID whenever it is sent: a mailbox folds the second.
    expect(
      elsewhere.server.received.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)![1]),
    ).toEqual(ids);
  });
});

describe('which reports are due', () => {
  const monthly = configured();
  const names = (
    now: EpochMs,
    { config = monthly, first = Date.UTC(2026, 0, 1) as number | null, sent = [] as string[] } = {},
  ) =>
    duePeriods(config, new Map(sent.map((name) => [name, true])), first, now).map(
      ({ name }) => name,
    );

  it('some hours after the end, once', () => {
    const sent = ['2026-08', '2026-09', '2026-10'];
    expect(names(MONTH_END + 5 * HOUR, { sent })).toEqual([]);
    expect(names(MONTH_END + 6 * HOUR, { sent })).toEqual(['2026-11']);
    expect(names(MONTH_END + 6 * HOUR, { sent: [...sent, '2026-11'] })).toEqual([]);
  });

  it('none of a time before the installation, nor without a journal', () => {
    expect(names(MONTH_END + 6 * HOUR, { first: MONTH_END })).toEqual([]);
    expect(names(MONTH_END + 6 * HOUR, { first: null })).toEqual([]);
    expect(names(MONTH_END + 6 * HOUR, { first: MONTH_END - HOUR })).toEqual(['2026-11']);
  });

  it('after a stop over two ends of months both, in order; of long ago none', () => {
    const first = Date.UTC(2026, 8, 10);
    expect(names(Date.UTC(2026, 10, 1, 7), { first })).toEqual(['2026-09', '2026-10']);
    expect(names(MONTH_END + 7 * HOUR)).toEqual(['2026-09', '2026-10', '2026-11']);
    expect(names(Date.UTC(2027, 2, 1, 7))).toEqual(['2026-12', '2027-01', '2027-02']);
  });

  it('quarter and year after the months that end with them', () => {
    const every = ['year', 'quarter', 'month'];
    const config = { ...monthly, reports: { ...monthly.reports!, every } } as Config;
    const all = names(Date.UTC(2027, 0, 1, 7), { config, first: Date.UTC(2026, 10, 20) });
    expect(all).toEqual(['2026-11', '2026-12', '2026-Q4', '2026']);
  });

  it('a dispatch of an earlier version counts, for those whom it reached', () => {
    const old = { type: 'report-sent', at: 5, period: '2026-10', revision: 0, by: 'x' } as const;
    const dispatches = foldDispatches([{ ...old, to: ['lead'], failure: null }]);
    const [record] = [...dispatches.values()];
    expect(record!.recipients).toMatchObject([{ personId: 'lead', result: 'accepted' }]);
    expect(duePeriods(monthly, dispatches, 0, Date.UTC(2026, 10, 1, 7))).not.toContain('2026-10');
  });
});
