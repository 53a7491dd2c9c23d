import type { Tier } from '../../config/model.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { PageKind } from '../events.ts';
import type { ChannelOutcome, OutgoingPage } from './outgoing-page.ts';

/** A page as it arrived in the built-in inbox. Its text holds no secret link: everyone who may read pages may read it. */
export interface InboxMessage {
  readonly pageId: string;
  readonly channelId: string;
  readonly personId: string;
  readonly personName: string;
  readonly incidentId: string;
  readonly kind: PageKind;
  /** It tells the end of what was taken out of the configuration; left out otherwise. */
  readonly isRemoved?: true;
  readonly tier: Tier;
  readonly urgent: boolean;
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly short: string;
  readonly link: string;
  readonly queuedAt: EpochMs;
  readonly deliveredAt: EpochMs;
}

export interface Inbox {
  /** Newest first, at most 500. */
  messages(): readonly InboxMessage[];
  /** A message with the same page id takes the place of the one before. */
  put(message: InboxMessage): void;
}

export const LONGEST_INBOX = 500;

/** An empty inbox in memory. It is a view: after a restart it is filled again from the engine's state. */
export function createInbox(): Inbox {
  const byPageId = new Map<string, InboxMessage>();
  return {
    messages: () => [...byPageId.values()].reverse(),
    put(message) {
      byPageId.set(message.pageId, message);
      if (byPageId.size <= LONGEST_INBOX) return;
      const [oldest] = byPageId.keys();
      if (oldest !== undefined) byPageId.delete(oldest);
    },
  };
}

/** Puts the page into the inbox; cannot fail. The receipt says where it is. */
export function sendToInbox(inbox: Inbox, outgoing: OutgoingPage, now: EpochMs): ChannelOutcome {
  const { page, person, rendered, links } = outgoing;
  inbox.put({
    pageId: page.id,
    channelId: page.channelId,
    personId: person.id,
    personName: person.name,
    incidentId: page.incidentId,
    kind: page.kind,
    ...(page.facts.isRemoved === true ? { isRemoved: true } : {}),
    tier: page.facts.tier,
    urgent: page.urgent,
    language: outgoing.language,
    subject: rendered.subject,
    text: rendered.text,
    short: rendered.short,
    link: links.incident,
    queuedAt: page.queuedAt,
    deliveredAt: now,
  });
  return { result: 'sent', receipt: 'inbox' };
}
