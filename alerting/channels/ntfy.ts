import type { NtfyChannel } from '../../config/channels/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import { say } from '../../lib/local-text.ts';
import type { EpochMs } from '../../lib/time.ts';
import { chatText } from './chat-text.ts';
import { badStatus, connectionFailure, isGood, jsonIn, receiptOf } from './http-outcome.ts';
import { type ChannelOutcome, type OutgoingPage, rejected } from './outgoing-page.ts';
import { postJson } from './post-json.ts';

/** 5 breaks through "do not disturb" and vibrates long; 2 is silent. */
const PRIORITIES = { 1: 5, 2: 5, 3: 4, 4: 3 } as const;
const QUIET = 2;
const TAGS = {
  1: 'rotating_light',
  2: 'rotating_light',
  3: 'warning',
  4: 'large_blue_circle',
} as const;
const NOT_WATCHED = 'see_no_evil';

/**
 * Publishes the page as JSON to an ntfy server. Its buttons: acknowledge, which posts from the
 * telephone without opening anything, and the incident. A 200 without a message id is no success.
 */
export async function sendToNtfy(
  channel: NtfyChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const topic = outgoing.address ?? channel.topic?.reveal() ?? null;
  if (topic === null) return rejected(say('no topic to publish to', '没有可发布的主题'));
  const authorization: Record<string, string> =
    channel.token === null ? {} : { Authorization: `Bearer ${channel.token.reveal()}` };
  const message = ntfyMessage(topic, outgoing);
  const outcome = await postJson(http, channel.url, message, channel.timeoutMs, authorization);
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  const id = jsonIn(outcome)?.id;
  if (!isGood(outcome) || id === undefined) return badStatus(outcome, now);
  return { result: 'sent', receipt: receiptOf(id, 'published') };
}

/** What is no longer watched is not known to be well. */
function tagOf({ kind, facts }: OutgoingPage['page']): string {
  if (kind !== 'resolved') return TAGS[facts.tier];
  return facts.isRemoved ? NOT_WATCHED : 'white_check_mark';
}

function ntfyMessage(topic: string, outgoing: OutgoingPage) {
  const { page, links } = outgoing;
  const { title, lines, buttons } = chatText(outgoing);
  const separator = outgoing.language === 'en' ? ': ' : '：';
  const { tier } = page.facts;
  return {
    topic,
    title,
    message: lines.map(({ label, value }) => label + separator + value).join('\n'),
    priority: page.urgent ? PRIORITIES[tier] : QUIET,
    tags: [tagOf(page)],
    click: links.incident,
    actions: buttons.map(({ kind, label, url }) =>
      kind === 'acknowledge'
        ? { action: 'http', label, url, method: 'POST', clear: true }
        : { action: 'view', label, url },
    ),
  };
}
