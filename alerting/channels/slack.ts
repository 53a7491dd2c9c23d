import type { SlackChannel } from '../../config/channels/model.ts';
import type { HttpClient, HttpOutcome } from '../../lib/http-client.ts';
import { say } from '../../lib/local-text.ts';
import type { EpochMs } from '../../lib/time.ts';
import { type ChatButton, chatText } from './chat-text.ts';
import {
  badStatus,
  connectionFailure,
  isGood,
  jsonIn,
  providerError,
  receiptOf,
} from './http-outcome.ts';
import { type ChannelOutcome, type OutgoingPage, rejected } from './outgoing-page.ts';
import { postJson, whyUnusable } from './post-json.ts';

/** The `action_id` of the button that acknowledges; its value is the token of the page. */
export const SLACK_ACKNOWLEDGE = 'threenines_acknowledge';
/** Slack: a button's value has at most 2000 characters, a header 150, a text element 3000. */
const LONGEST_HEADER = 150;
const TIER_SIGNS = { 1: '🔴', 2: '🟠', 3: '🟡', 4: '🔵' } as const;

/**
 * Posts the page as blocks: by `chat.postMessage` with a bot token, else to an incoming webhook. Text
 * stands in elements that Slack does not parse, so nothing in it can mention people or form a link.
 * `chat.postMessage` says 200 whatever happened: `ok` in its body decides.
 */
export async function sendToSlack(
  channel: SlackChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const message = slackMessage(channel, outgoing);
  if (channel.token === null) {
    const url = channel.url?.reveal() ?? '';
    const unusable = whyUnusable(url);
    if (unusable !== null) return rejected(unusable);
    return judgeWebhook(await postJson(http, url, message, channel.timeoutMs), now);
  }
  const room = outgoing.address ?? channel.room;
  if (room === null) {
    return rejected(say('no Slack channel or member to send to', '没有可发送的 Slack 频道或成员'));
  }
  const outcome = await postJson(
    http,
    `${channel.apiUrl}/chat.postMessage`,
    { channel: room, ...message },
    channel.timeoutMs,
    { Authorization: `Bearer ${channel.token.reveal()}` },
  );
  return judgeApi(outcome, now);
}

function judgeWebhook(outcome: HttpOutcome, now: EpochMs): ChannelOutcome {
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  if (!isGood(outcome)) return badStatus(outcome, now);
  // An incoming webhook that took the message answers `ok` and nothing else.
  if (outcome.body.trim() !== 'ok') return providerError(outcome, outcome.body.trim(), now);
  return { result: 'sent', receipt: 'ok' };
}

function judgeApi(outcome: HttpOutcome, now: EpochMs): ChannelOutcome {
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  if (!isGood(outcome)) return badStatus(outcome, now);
  const answer = jsonIn(outcome);
  if (answer?.ok !== true) return providerError(outcome, answer?.error, now);
  return { result: 'sent', receipt: receiptOf(answer.ts, 'ok') };
}

function slackMessage(channel: SlackChannel, outgoing: OutgoingPage) {
  const { title, lines, buttons } = chatText(outgoing);
  const separator = outgoing.language === 'en' ? ': ' : '：';
  const { tier } = outgoing.page.facts;
  const mention =
    channel.token === null && outgoing.address !== null && /^[UW]/.test(outgoing.address)
      ? [{ type: 'user', user_id: outgoing.address }, plain('\n')]
      : [];
  const elements = lines.flatMap(({ label, value }) => [
    { ...plain(`${label}${separator}`), style: { bold: true } },
    plain(`${value}\n`),
  ]);
  return {
    // What a notification shows; `&`, `<` and `>` are all that Slack reads in it.
    text: escapeSlack(outgoing.rendered.subject),
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      {
        type: 'header',
        text: {
          type: 'plain_text',
          emoji: false,
          text: `${TIER_SIGNS[tier]} ${title}`.slice(0, LONGEST_HEADER),
        },
      },
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: [...mention, ...elements] }],
      },
      { type: 'actions', elements: buttons.map((each) => buttonOf(channel, each)) },
    ],
  };
}

function plain(text: string) {
  return { type: 'text', text };
}

/** A button that Slack reports to us where we can verify the report; else one that opens the page. */
function buttonOf(channel: SlackChannel, { kind, label, url }: ChatButton) {
  const button = { type: 'button', text: { type: 'plain_text', text: label, emoji: false } };
  if (kind === 'open') return { ...button, action_id: 'threenines_open', url };
  if (channel.signingSecret === null) {
    return { ...button, action_id: 'threenines_acknowledge_page', style: 'primary', url };
  }
  const value = url.slice(url.lastIndexOf('/') + 1);
  return { ...button, action_id: SLACK_ACKNOWLEDGE, style: 'primary', value };
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
