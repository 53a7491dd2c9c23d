import type { Channel, Config, Person } from '../config/model.ts';
import type { HttpClient } from '../lib/http-client.ts';
import { say } from '../lib/local-text.ts';
import type { MailClient } from '../lib/mail-client.ts';
import type { EpochMs } from '../lib/time.ts';
import { type Inbox, sendToInbox } from './channels/inbox.ts';
import { type ChannelOutcome, type OutgoingPage, rejected } from './channels/outgoing-page.ts';
import { sendOn } from './channels/send.ts';
import type { PageLinks } from './page-content.ts';
import { mostPressingFirst } from './page-limits.ts';
import { renderSummary, SUMMARY_STEP } from './page-summary.ts';
import { renderPage } from './page-text.ts';
import type { EngineState, Page } from './state.ts';

/** What carrying a page out needs from outside. */
export interface DeliveryParts {
  readonly http: HttpClient;
  readonly mail: MailClient;
  readonly inbox: Inbox;
  /** Where a page leads; `consoleLinks` unless acknowledge links are issued. */
  readonly linksFor: (page: Page, config: Config) => PageLinks;
  /** Whether its recipient has an earlier page of the incident; no, where it is left out. */
  readonly isFollowUp?: (page: Page) => boolean;
}

/**
 * One try of one page: finds person, address and channel in the configuration as it is now, puts
 * the page into words and hands it over. A person or channel that is gone is a final failure.
 */
export async function deliverPage(
  page: Page,
  config: Config,
  parts: DeliveryParts,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const found = findRecipient(page, config);
  if ('result' in found) return found;
  const outgoing = prepare({ page, ...found, config, now }, parts);
  return sendOn(found.channel, outgoing, parts, { publicUrl: config.service.publicUrl, now });
}

/** As `deliverPage`, for several pages to one person on one channel: one message that tells them all. */
export async function deliverSummary(
  pages: readonly [Page, ...Page[]],
  config: Config,
  parts: DeliveryParts,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const found = findRecipient(pages[0], config);
  if ('result' in found) return found;
  const { person, channel, address } = found;
  const outgoing = summaryOf(pages, person, address, config);
  return sendOn(channel, outgoing, parts, { publicUrl: config.service.publicUrl, now });
}

function summaryOf(
  pages: readonly [Page, ...Page[]],
  person: Person,
  address: string | null,
  { service }: Config,
): OutgoingPage {
  const link = `${service.consoleUrl}/`;
  const { language, timeZone } = person;
  return {
    page: { ...pages[0], step: SUMMARY_STEP },
    ...{ person, address, language },
    rendered: renderSummary(pages, language, timeZone, link),
    links: { incident: link, acknowledge: null },
  };
}

type Found = Pick<Preparation, 'person' | 'channel' | 'address'>;

function findRecipient(page: Page, config: Config): Found | ChannelOutcome {
  const person = config.people.find(({ id }) => id === page.personId);
  if (person === undefined)
    return rejected(
      say(
        `person "${page.personId}" is no longer in the configuration`,
        `人员“${page.personId}”已不在配置中`,
      ),
    );
  const channel = config.channels.find(({ id }) => id === page.channelId);
  if (channel === undefined)
    return rejected(
      say(
        `channel "${page.channelId}" is no longer in the configuration`,
        `通道“${page.channelId}”已不在配置中`,
      ),
    );
  const contact = person.contacts.find(({ channelId }) => channelId === channel.id);
  if (contact === undefined)
    return rejected(
      say(
        `person "${person.id}" is no longer reached by channel "${channel.id}"`,
        `通道“${channel.id}”已不再联系人员“${person.id}”`,
      ),
    );
  return { person, channel, address: contact.address };
}

/** Fills the inbox again with the pages it had before a restart, as they read when they were sent. */
export function restoreInbox(state: EngineState, config: Config, parts: DeliveryParts): void {
  const inboxes = new Map(
    config.channels.filter(({ kind }) => kind === 'inbox').map((channel) => [channel.id, channel]),
  );
  const sent = [...state.pages.values()]
    .filter(({ status, channelId }) => status === 'sent' && inboxes.has(channelId))
    .sort((a, b) => (a.finishedAt ?? 0) - (b.finishedAt ?? 0));
  for (const pages of Map.groupBy(sent, ({ id, inSummary }) => inSummary ?? id).values()) {
    const [page, ...others] = pages.toSorted(mostPressingFirst) as [Page, ...Page[]];
    const person = config.people.find(({ id }) => id === page.personId) ?? stranger(page, config);
    const channel = inboxes.get(page.channelId)!;
    const now = page.finishedAt ?? page.queuedAt;
    const outgoing =
      page.inSummary === undefined
        ? prepare({ page, person, channel, address: null, config, now }, parts)
        : summaryOf([page, ...others], person, null, config);
    sendToInbox(parts.inbox, outgoing, now);
  }
}

interface Preparation {
  readonly page: Page;
  readonly person: Person;
  readonly channel: Channel;
  readonly address: string | null;
  readonly config: Config;
  readonly now: EpochMs;
}

function prepare(
  { page, person, channel, address, config, now }: Preparation,
  parts: DeliveryParts,
): OutgoingPage {
  const links = parts.linksFor(page, config);
  // The inbox is read by others than the recipient, who must not acknowledge in the recipient's name.
  const ownLinks = channel.kind === 'inbox' ? { ...links, acknowledge: null } : links;
  const { acknowledgedBy } = page.facts;
  const owner = config.people.find(({ id }) => id === acknowledgedBy);
  const named = {
    ...page,
    facts: { ...page.facts, acknowledgedBy: owner?.name ?? acknowledgedBy },
  };
  return {
    page,
    person,
    address,
    language: person.language,
    rendered: renderPage(named, person.language, person.timeZone, now, ownLinks),
    links: ownLinks,
    ...(parts.isFollowUp?.(page) === true ? { isFollowUp: true } : {}),
  };
}

/** A recipient who has left the configuration since the page was sent. */
function stranger(page: Page, { service }: Config): Person {
  const { language, timeZone } = service;
  return {
    id: page.personId,
    name: page.personId,
    language,
    timeZone,
    contacts: [],
    logins: [],
    quietHours: [],
  };
}
