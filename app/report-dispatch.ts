import { schedule } from 'node-cron';
import { messageId, parseSender } from '../alerting/channels/email.ts';
import type { ReportRefusal } from '../api/report-desk.ts';
import type { Channel, Config, Language, Person } from '../config/model.ts';
import type { Clock } from '../lib/clock.ts';
import { escapeHtml } from '../lib/html.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import type { MailClient } from '../lib/mail-client.ts';
import { DAY, type EpochMs } from '../lib/time.ts';
import { type Period, periodAt } from '../reports/period.ts';
import { appendToArchive, type ReportSent, readArchive } from '../storage/report-archive.ts';
import type { ThreadedReportDesk } from './report-desk.ts';

/** When it is looked whether a report is due: at every tenth minute. */
const LOOK = '*/10 * * * *';
/** A report that could not be sent is tried so often, then left to a person. */
const MOST_TRIES = 6;
/** A service that was away does not send reports of long ago. */
const LONGEST_DELAY_MS = 40 * DAY;

const TYPES = {
  pdf: 'application/pdf',
  html: 'text/html',
  csv: 'text/csv',
  json: 'application/json',
} as const;

export interface DispatchOptions {
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly mail: MailClient;
  readonly getConfig: () => Config;
  readonly desk: Pick<ThreadedReportDesk, 'make'>;
}

type EmailChannel = Channel & { readonly kind: 'email' };

/** The periods whose report is due at `now` and was not sent yet: over for long enough, tried not too often. */
export function duePeriods(
  config: Config,
  sent: readonly ReportSent[],
  now: EpochMs,
): readonly Period[] {
  const { reports, service } = config;
  if (!reports) return [];
  return reports.every
    .map((kind) => {
      const running = periodAt(kind, now - reports.afterMs, service.timeZone);
      return periodAt(kind, running.from - 1, service.timeZone);
    })
    .filter((period) => {
      const told = sent.filter((each) => each.period === period.name);
      const isSent = told.some(({ failure }) => failure === null);
      return !isSent && told.length < MOST_TRIES && now - period.to < LONGEST_DELAY_MS;
    });
}

const NO_RECIPIENTS: ReportRefusal = {
  refused: 'no-report-recipients',
  detail: 'Nobody is named in reports.to of threenines.yaml.',
};

/** Freezes, archives and mails reports as they fall due, and again when somebody asks. */
export class ReportDispatch implements Disposable {
  readonly #options: DispatchOptions;
  readonly #task;
  #busy: Promise<void> = Promise.resolve();

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#task = schedule(LOOK, () => this.look(), { name: 'reports', noOverlap: true });
  }

  /** Sends what is due. */
  look(): Promise<void> {
    const { clock, getConfig, dataFolder, log } = this.#options;
    const archive = readArchive(dataFolder);
    if (!archive.ok) {
      log.error({ reason: archive.message }, 'the report archive cannot be read');
      return Promise.resolve();
    }
    const due = duePeriods(getConfig(), archive.value.sent, clock.now());
    for (const period of due) this.#enqueue(period.name, 'schedule');
    return this.#busy;
  }

  /** Sends a period's report again; null when it is on its way, else why not. */
  resend(period: string): ReportRefusal | null {
    if (this.#recipients().length === 0) return NO_RECIPIENTS;
    this.#enqueue(period, 'request');
    return null;
  }

  [Symbol.dispose](): void {
    void this.#task.destroy();
  }

  #enqueue(period: string, by: string): void {
    this.#busy = this.#busy
      .then(() => this.#send(period, by))
      .catch((error) => this.#options.log.error({ error: String(error) }, 'report not sent'));
  }

  async #send(period: string, by: string): Promise<void> {
    const { dataFolder, clock, log } = this.#options;
    const to: string[] = [];
    let failure: string | null = null;
    for (const { person, channel, address } of this.#recipients()) {
      const problem = await this.#sendTo(person, channel, address, period);
      if (problem === null) to.push(person.id);
      else failure = problem;
    }
    const at = clock.now();
    const archive = readArchive(dataFolder);
    const frozen = archive.ok ? archive.value.frozen : [];
    const revision = frozen.findLast((each) => each.period === period)?.revision ?? 0;
    // Whoever got it must not get it again because somebody else did not.
    const told = to.length > 0 ? null : failure;
    if (failure !== null) log.error({ period, failure }, 'a report was not sent to everyone');
    const event = { type: 'report-sent', at, period, revision, to, by, failure: told } as const;
    const added = await appendToArchive(dataFolder, event);
    if (!added.ok) log.error({ reason: added.message }, 'the dispatch was not written down');
  }

  /** Null when the mail server took it, else what was wrong. */
  async #sendTo(
    person: Person,
    channel: EmailChannel,
    address: string,
    period: string,
  ): Promise<string | null> {
    const { desk, mail, getConfig } = this.#options;
    const config = getConfig();
    const from = parseSender(channel.from);
    if (from === null) return `${channel.from} is no sender`;
    const { language } = person;
    const format = config.reports!.format;
    const order = {
      period,
      siteId: null,
      format,
      language,
      table: 'devices',
      freeze: true,
    } as const;
    const document = await desk.make(order);
    if (typeof document === 'string') return document;
    const words = coverNote(period, config.service.consoleUrl)[language];
    const outcome = await mail.send(
      {
        ...{ host: channel.host, port: channel.port, security: channel.security },
        ...{ user: channel.user, password: channel.password?.reveal() ?? null },
        timeoutMs: channel.timeoutMs,
      },
      {
        ...{ from: from.header, to: address, subject: subject(period, language), text: words },
        html: `<p>${escapeHtml(words)}</p>`,
        messageId: messageId(
          `report/${period}/${person.id}/${this.#options.clock.now()}`,
          from.domain,
        ),
        references: [],
        attachments: [
          { fileName: document.fileName, contentType: TYPES[format], bytes: document.bytes },
        ],
      },
    );
    return outcome.kind === 'accepted' ? null : outcome.detail.en;
  }

  #recipients(): { person: Person; channel: EmailChannel; address: string }[] {
    const { reports, people, channels } = this.#options.getConfig();
    return (reports?.personIds ?? []).flatMap((personId) => {
      const person = people.find(({ id }) => id === personId);
      for (const { channelId, address } of person?.contacts ?? []) {
        const channel = channels.find(({ id }) => id === channelId);
        if (channel?.kind === 'email' && address !== null && person !== undefined) {
          return [{ person, channel, address }];
        }
      }
      return [];
    });
  }
}

function subject(period: string, language: Language): string {
  return say(`Availability report ${period}`, `可用率报告 ${period}`)[language];
}

function coverNote(period: string, consoleUrl: string): LocalText {
  return say(
    `The availability report of ${period} is attached. It is frozen: the archive at ${consoleUrl}/#/reports holds the same figures.`,
    `附件为 ${period} 的可用率报告。该报告已冻结，${consoleUrl}/#/reports 的存档中数字与此相同。`,
  );
}
