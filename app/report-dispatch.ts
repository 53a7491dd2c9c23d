import { schedule } from 'node-cron';
import type { AuditFinding } from '../alerting/auditor.ts';
import { messageId, parseSender } from '../alerting/channels/email.ts';
import type { DomainEvent } from '../alerting/events.ts';
import type { ReportDocument, ReportFormat, ReportRefusal } from '../api/report-desk.ts';
import type { Channel, Config, Language, Person } from '../config/model.ts';
import type { Clock } from '../lib/clock.ts';
import { escapeHtml } from '../lib/html.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import type { MailClient, MailServer } from '../lib/mail-client.ts';
import type { EpochMs } from '../lib/time.ts';
import { missingAmendments } from '../storage/missing-amendments.ts';
import { readJournal } from '../storage/read-journal.ts';
import { appendToArchive, frozenAs, frozenFor, readArchive } from '../storage/report-archive.ts';
import {
  foldDispatches,
  type ReportDelivery,
  type ReportDispatched,
  type ReportDispatchRecord,
  untranslated,
} from '../storage/report-dispatches.ts';
import type { ThreadedReportDesk } from './report-desk.ts';
import type { ReportMetrics } from './report-metrics.ts';
import { duePeriods, dueRecipients, findUndelivered } from './report-sending.ts';

/** When it is looked whether something is to be sent: at every tenth minute. */
const LOOK = '*/10 * * * *';

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
  readonly metrics: ReportMetrics;
  /** Is told at every look whom reports do not reach. */
  readonly onUndelivered: (findings: readonly AuditFinding[]) => void;
}

const NO_RECIPIENTS: ReportRefusal = {
  refused: 'no-report-recipients',
  detail: 'Nobody is named in reports.to of threenines.yaml.',
};

interface Recipient {
  readonly person: Person;
  readonly channel: EmailChannel;
  readonly address: string;
}

type EmailChannel = Channel & { readonly kind: 'email' };
/** What all recipients of a round get. */
interface Round {
  /** null until it is frozen, by the first document that is made. */
  revision: number | null;
  /** Amendments that are not in it. */
  readonly missing: readonly number[];
  /** Documents that several get; why there is none where it is a text. */
  readonly made: Map<Language, ReportDocument | string>;
}
/** What became of a try, and with which revision. */
type DeliveryOutcome = Pick<ReportDelivery, 'result' | 'detail' | 'revision'>;

/**
 * Freezes, archives and mails reports as they fall due, and again when somebody asks. That a report
 * is to go out is written down before it does, and what became of it for each recipient right after,
 * so that whoever got it does not get it again, and whoever did not does: also over a restart.
 */
export class ReportDispatch implements Disposable {
  readonly #options: DispatchOptions;
  readonly #task;
  /** Accepted copies, by dispatch and person: where the archive cannot be written, they are not sent again and again. */
  readonly #accepted = new Set<string>();
  #busy: Promise<void> = Promise.resolve();

  constructor(options: DispatchOptions) {
    this.#options = options;
    this.#task = schedule(LOOK, () => this.look(), { name: 'reports', noOverlap: true });
  }

  /** Sends what is due. */
  look(): Promise<void> {
    return this.#enqueue(() => this.#look());
  }

  /** Sends a period's report to everyone again; null when it is on its way, else why not. */
  resend(period: string): ReportRefusal | null {
    if (this.#recipients().size === 0) return NO_RECIPIENTS;
    void this.#enqueue(async () => {
      await this.#dispatch(period, 'request');
      await this.#look();
    });
    return null;
  }

  [Symbol.dispose](): void {
    void this.#task.destroy();
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    this.#busy = this.#busy
      .then(work)
      .catch((error) => this.#options.log.error({ error: String(error) }, 'report not sent'));
    return this.#busy;
  }

  async #look(): Promise<void> {
    const { clock, getConfig, dataFolder, log } = this.#options;
    const firstAt = firstEntryAt(dataFolder);
    const before = this.#readArchive();
    if (before === null) return;
    const due = duePeriods(getConfig(), before.dispatches, firstAt, clock.now());
    if (due.length > 0 && this.#recipients().size === 0) log.warn({}, NO_RECIPIENTS.detail);
    else for (const { name } of due) await this.#dispatch(name, 'schedule');
    const archive = this.#readArchive();
    for (const dispatch of archive?.dispatches.values() ?? []) await this.#sendDue(dispatch);
    this.#tellUndelivered();
  }

  /** Writes down that a report is to go out: the frozen one that there is, else the one to be frozen. */
  async #dispatch(period: string, by: string): Promise<void> {
    const to = [...this.#recipients().keys()];
    const at = this.#options.clock.now();
    const newest = this.#readArchive()?.newestOf(period)?.revision;
    const revision = newest === undefined ? {} : { revision: newest };
    await this.#write({ type: 'report-dispatched', at, period, to, by, ...revision });
  }

  async #sendDue(dispatch: ReportDispatchRecord): Promise<void> {
    const { clock, log, metrics } = this.#options;
    const recipients = this.#recipients();
    const due = dueRecipients(dispatch, new Set(recipients.keys()), clock.now());
    if (due.length === 0) return;
    const round = this.#roundOf(dispatch);
    for (const personId of due) {
      const { period, number } = dispatch;
      const copy = `${period} ${number} ${personId}`;
      if (this.#accepted.has(copy)) continue;
      const outcome = await this.#sendTo(recipients.get(personId)!, dispatch, round);
      if (outcome.result === 'accepted') this.#accepted.add(copy);
      else log.error({ period, personId, failure: outcome.detail?.en }, 'a report was not sent');
      metrics.deliveries.inc({ result: outcome.result });
      const common = { type: 'report-delivery', at: clock.now(), period, personId } as const;
      await this.#write({ ...common, ...outcome });
    }
  }

  #roundOf({ period, revision }: ReportDispatchRecord): Round {
    const archive = this.#readArchive();
    const newest = archive?.newestOf(period)?.revision ?? null;
    const sent = revision ?? newest;
    const missing = sent === null ? [] : (archive?.missingIn(period, sent) ?? []);
    return { revision: sent, missing, made: new Map() };
  }

  async #sendTo(
    { person, channel, address }: Recipient,
    { period, number }: ReportDispatchRecord,
    round: Round,
  ): Promise<DeliveryOutcome> {
    const { mail, getConfig } = this.#options;
    const { reports, service } = getConfig();
    const from = parseSender(channel.from);
    if (from === null) return this.#unmade(round, `${channel.from} is no sender`);
    const { language } = person;
    const { format } = reports!;
    const { made, missing } = round;
    const document =
      made.get(language) ?? (await this.#make(period, round.revision, format, language));
    made.set(language, document);
    if (typeof document === 'string') return this.#unmade(round, document);
    // Of the very bytes that are sent: by the time they are, there may be a newer one.
    const revision = document.revision ?? 0;
    round.revision = revision;
    const words = coverNote({ period, revision, missing }, service.consoleUrl)[language];
    const outcome = await mail.send(serverOf(channel), {
      ...{ from: from.header, to: address, subject: subject(period, language), text: words },
      html: `<p>${escapeHtml(words)}</p>`,
      // The same at every try: a mailbox that got one whose acceptance was not heard folds the other.
      messageId: messageId(`report/${period}/${number}/${person.id}/${revision}`, from.domain),
      references: [],
      attachments: [
        { fileName: document.fileName, contentType: TYPES[format], bytes: document.bytes },
      ],
    });
    if (outcome.kind === 'accepted') return { result: 'accepted', detail: null, revision };
    const result = outcome.permanent ? 'permanent' : 'temporary';
    return { result, detail: outcome.detail, revision };
  }

  /** There is nothing to send, or no way to: mended by a person, it may succeed the next time. */
  #unmade({ revision }: Round, reason: string): DeliveryOutcome {
    return { result: 'temporary', detail: untranslated(reason), revision: revision ?? 0 };
  }

  /** Freezes only what was not frozen yet: a next revision is for a person to make. */
  #make(
    period: string,
    revision: number | null,
    format: ReportFormat,
    language: Language,
  ): Promise<ReportDocument | string> {
    const which = revision === null ? { freeze: true } : { freeze: false, revision };
    const order = { period, siteId: null, format, language, table: 'devices' } as const;
    return this.#options.desk.make({ ...order, ...which });
  }

  #tellUndelivered(): void {
    const { clock, metrics, onUndelivered } = this.#options;
    const dispatches = this.#readArchive()?.dispatches.values() ?? [];
    const names = new Map(
      Array.from(this.#recipients(), ([id, { person }]) => [id, person.name] as const),
    );
    const { count, findings } = findUndelivered(dispatches, names, clock.now());
    metrics.undelivered.set(count);
    onUndelivered(findings);
  }

  #readArchive() {
    const { dataFolder, log } = this.#options;
    const archive = readArchive(dataFolder);
    if (!archive.ok) {
      log.error({ reason: archive.message }, 'the report archive cannot be read');
      return null;
    }
    const { amendments, sendings } = archive.value;
    return {
      dispatches: foldDispatches(sendings),
      newestOf: (period: string) => frozenFor(archive.value, period, null),
      missingIn: (period: string, revision: number) => {
        const frozen = frozenAs(archive.value, period, null, revision);
        return frozen === null ? [] : missingAmendments(dataFolder, amendments, frozen);
      },
    };
  }

  async #write(event: ReportDispatched | ReportDelivery): Promise<void> {
    const added = await appendToArchive(this.#options.dataFolder, event);
    if (!added.ok) {
      this.#options.log.error({ reason: added.message }, 'the dispatch was not written down');
    }
  }

  /** By person; the first mail contact of each. */
  #recipients(): ReadonlyMap<string, Recipient> {
    const { reports, people, channels } = this.#options.getConfig();
    const recipients = new Map<string, Recipient>();
    for (const personId of reports?.personIds ?? []) {
      const person = people.find(({ id }) => id === personId);
      for (const { channelId, address } of person?.contacts ?? []) {
        const channel = channels.find(({ id }) => id === channelId);
        if (channel?.kind !== 'email' || address === null || recipients.has(personId)) continue;
        recipients.set(personId, { person: person!, channel, address });
      }
    }
    return recipients;
  }
}

/** When the journal begins; null when there is none, or nothing in it. */
function firstEntryAt(dataFolder: string): EpochMs | null {
  const opened = readJournal<DomainEvent>(dataFolder);
  if (!opened?.ok) return null;
  using reader = opened.reader;
  for (const { at } of reader.entries()) return at;
  return null;
}

function serverOf({ host, port, security, user, password, timeoutMs }: EmailChannel): MailServer {
  return { host, port, security, user, password: password?.reveal() ?? null, timeoutMs };
}

function subject(period: string, language: Language): string {
  return say(`Availability report ${period}`, `可用率报告 ${period}`)[language];
}

interface Sent {
  readonly period: string;
  readonly revision: number;
  readonly missing: readonly number[];
}

function coverNote({ period, revision, missing }: Sent, consoleUrl: string): LocalText {
  const [english, chinese] = [missing.join(', '), missing.join('、')];
  const notIn =
    missing.length === 0
      ? ['', '']
      : [` Not in it yet: amendment ${english}.`, `本版尚未计入第 ${chinese} 号更正。`];
  return say(
    `The availability report of ${period} is attached. It is frozen, as revision ${revision}, in the archive at ${consoleUrl}/#/reports.${notIn[0]}`,
    `附件为 ${period} 的可用率报告，已冻结为第 ${revision} 版，见存档 ${consoleUrl}/#/reports。${notIn[1]}`,
  );
}
