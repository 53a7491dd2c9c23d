import { join } from 'node:path';
import { messageId } from '../../../alerting/channels/email.ts';
import type { DomainEvent } from '../../../alerting/events.ts';
import { readJournal } from '../../../storage/read-journal.ts';
import type { MailServerRig } from '../../pages/mail-server.ts';
import type { WebhookReceiver } from '../../pages/webhook-receiver.ts';
import { MAIL_DOMAIN } from './crash-config.ts';

export type PageQueued = Extract<DomainEvent, { type: 'page-queued' }>;

/** What stands in the journal. */
export interface Facts {
  readonly pages: ReadonlyMap<string, PageQueued>;
  readonly sent: ReadonlySet<string>;
  /** Neither sent nor cancelled nor given up. */
  readonly waiting: ReadonlySet<string>;
  readonly abandoned: readonly string[];
  /** Name of an alert → its fault. */
  readonly faultOf: ReadonlyMap<string, string>;
  readonly cleared: ReadonlySet<string>;
  readonly acknowledged: ReadonlySet<string>;
  readonly opened: number;
  readonly openIncidents: ReadonlySet<string>;
}

/** Reads the journal of a service that is dead or alive; a journal that was never begun has no facts. */
export function readFacts(configFolder: string): Facts {
  const opened = readJournal<DomainEvent>(join(configFolder, 'data'));
  if (!opened?.ok) return factsOf([]);
  using reader = opened.reader;
  return factsOf(Array.from(reader.entries(), ({ event }) => event));
}

function factsOf(events: readonly DomainEvent[]): Facts {
  const pages = new Map<string, PageQueued>();
  const [sent, waiting, cleared] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const [acknowledged, openIncidents] = [new Set<string>(), new Set<string>()];
  const faultOf = new Map<string, string>();
  const abandoned: string[] = [];
  let opened = 0;
  for (const event of events) {
    switch (event.type) {
      case 'page-queued':
        pages.set(event.pageId, event);
        waiting.add(event.pageId);
        break;
      case 'page-sent':
      case 'page-cancelled':
      case 'page-abandoned':
        waiting.delete(event.pageId);
        if (event.type === 'page-sent') sent.add(event.pageId);
        if (event.type === 'page-abandoned') abandoned.push(event.pageId);
        break;
      case 'fault-raised':
        if (event.kind === 'alert') faultOf.set(event.text.en, event.faultKey);
        break;
      case 'fault-cleared':
        cleared.add(event.faultKey);
        break;
      case 'incident-acknowledged':
        acknowledged.add(event.incidentId);
        break;
      case 'incident-opened':
      case 'incident-reopened':
        if (event.type === 'incident-opened') opened += 1;
        openIncidents.add(event.incidentId);
        break;
      case 'incident-resolved':
        openIncidents.delete(event.incidentId);
        break;
    }
  }
  const incidents = { acknowledged, opened, openIncidents };
  return { pages, sent, waiting, abandoned, faultOf, cleared, ...incidents };
}

/** What came in at the receivers, by page. */
export class Arrivals {
  readonly webhook: WebhookReceiver;
  readonly mail: MailServerRig;
  /** Message-ID → copies. */
  readonly #mails = new Map<string, number>();
  #read = 0;

  constructor(webhook: WebhookReceiver, mail: MailServerRig) {
    this.webhook = webhook;
    this.mail = mail;
  }

  /** Whether its receiver has it. */
  has(page: PageQueued): boolean {
    if (page.channelId === 'hook') return this.webhook.taken.has(page.pageId);
    return mailIdsOf(page).some((id) => this.mails().has(id));
  }

  mails(): ReadonlyMap<string, number> {
    for (const { raw } of this.mail.received.slice(this.#read)) {
      const [, id = ''] = /^Message-ID: (<[^>]+>)/im.exec(raw) ?? [];
      this.#mails.set(id, (this.#mails.get(id) ?? 0) + 1);
      this.#read += 1;
    }
    return this.#mails;
  }

  /** What came in of which the journal knows nothing: it was sent before it was on record. */
  strangers({ pages }: Facts): readonly string[] {
    const known = new Set([...pages.values()].flatMap(mailIdsOf));
    const keys = [...this.webhook.taken.keys()].filter((key) => !pages.has(key));
    return [...keys, ...[...this.mails().keys()].filter((id) => !known.has(id))];
  }
}

/** Of the page by itself, and of a summary that it came in as the first. */
function mailIdsOf({ pageId, at }: PageQueued): readonly string[] {
  return ['page', 'summary'].map((what) => messageId(`${what}/${pageId}/${at}`, MAIL_DOMAIN));
}
