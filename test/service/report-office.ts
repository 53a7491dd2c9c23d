import { Registry } from 'prom-client';
import type { AuditFinding } from '../../alerting/auditor.ts';
import { type DomainEvent, subjectOf } from '../../alerting/events.ts';
import type { ReportDocument } from '../../api/report-desk.ts';
import { ThreadedReportDesk } from '../../app/report-desk.ts';
import { ReportDispatch } from '../../app/report-dispatch.ts';
import { createReportMetrics } from '../../app/report-metrics.ts';
import type { Config } from '../../config/model.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { MailClient } from '../../lib/mail-client.ts';
import { type EpochMs, HOUR, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { openJournal } from '../../storage/open-journal.ts';
import { fakeConfig } from '../api/fake-config.ts';
import { down } from '../reports/ledger-case.ts';
import { health, inOrder, leases, started, topology } from '../reports/story.ts';

const DAY_SECONDS = 86_400;
export const MONTH_END = Date.UTC(2026, 11, 1);

/** Two people get the monthly report by a mail server on this port. */
export function configured(mailPort = 25, personIds = ['lead', 'chief']): Config {
  const config = fakeConfig();
  const mail = { id: 'mail', kind: 'email', host: '127.0.0.1', port: mailPort, security: 'none' };
  const channel = {
    ...mail,
    ...{ from: 'noc@example.net', user: null, password: null, timeoutMs: 20 * SECOND },
  };
  const person = (id: string, language: 'en' | 'zh-CN') => ({
    ...{ id, name: `Person ${id}`, language, timeZone: 'UTC', quietHours: null },
    contacts: [{ channelId: 'mail', address: `${id}@example.net` }],
  });
  return {
    ...config,
    service: { ...config.service, timeZone: 'UTC' },
    channels: [channel],
    people: [person('lead', 'en'), person('chief', 'zh-CN')],
    reports: { personIds, every: ['month'], afterMs: 6 * HOUR, format: 'html' },
  } as unknown as Config;
}

/** A journal of November 2026, in which the installation was made. */
export async function tellMonth(folder: string): Promise<void> {
  const opened = openJournal<DomainEvent>(folder, { reserveBytes: 0 });
  if (!opened.ok) throw new Error(opened.problem.message);
  using journal = opened.journal;
  const events = inOrder(
    [started(60), topology(60), health(70, 65, 'up')],
    leases(60, 3 * DAY_SECONDS),
    down(3600, 4200),
    leases(31 * DAY_SECONDS, 31 * DAY_SECONDS + 60),
  );
  await journal.append(events.map((event) => ({ at: event.at, subject: subjectOf(event), event })));
}

/** A desk that needs no thread: what is mailed is not looked at. */
export const QUICK_DESK = {
  make: async (): Promise<ReportDocument> => {
    const bytes = new TextEncoder().encode('<p>');
    return { bytes, fileName: 'report.html', format: 'html', revision: 0 };
  },
};

/** Desk and dispatch over a data folder, as the service has them from `now` on. */
export function openOffice(
  folder: string,
  options: {
    readonly now: EpochMs;
    readonly mail: MailClient;
    readonly config?: Config;
    /** Makes what is mailed; the real desk where it is left out. */
    readonly maker?: typeof QUICK_DESK;
  },
) {
  const { now, mail, config = configured(), maker } = options;
  const clock = new VirtualClock(now);
  const current = { config };
  const getConfig = () => current.config;
  const parts = { dataFolder: folder, clock, log: silentLogger, getConfig };
  let dispatch: ReportDispatch | null = null;
  const desk = new ThreadedReportDesk({
    ...parts,
    dispatch: (period) => dispatch?.resend(period) ?? null,
  });
  const registry = new Registry();
  const found: (readonly AuditFinding[])[] = [];
  dispatch = new ReportDispatch({
    ...{ ...parts, mail, desk: maker ?? desk, metrics: createReportMetrics(registry) },
    onUndelivered: (findings) => found.push(findings),
  });
  return { clock, current, desk, dispatch, registry, found };
}
