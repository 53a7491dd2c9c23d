import { createHmac } from 'node:crypto';
import type { DingTalkChannel } from '../../config/channels/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import type { EpochMs } from '../../lib/time.ts';
import { chatMarkdown } from './chat-text.ts';
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

const MOBILE = /^\+?[\d-]{6,20}$/;

/**
 * Posts the page as Markdown to a DingTalk group robot and mentions the contact's mobile number or
 * user id. A robot secured by signing gets `timestamp` (milliseconds) and `sign`, the Base64
 * HMAC-SHA256 of `<timestamp>\n<secret>` under the secret, in the query. It says 200 whatever
 * happened: `errcode` in the body decides.
 */
export async function sendToDingTalk(
  channel: DingTalkChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const address = channel.url.reveal();
  const unusable = whyUnusable(address);
  if (unusable !== null) return rejected(unusable);
  const url = new URL(address);
  if (channel.signingSecret !== null) {
    url.searchParams.set('timestamp', String(now));
    url.searchParams.set('sign', dingTalkSign(channel.signingSecret.reveal(), now));
  }
  const outcome = await postJson(http, url.href, dingTalkMessage(outgoing), channel.timeoutMs);
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  if (!isGood(outcome)) return badStatus(outcome, now);
  const answer = jsonIn(outcome);
  if (answer?.errcode !== 0) return providerError(outcome, answer?.errcode, now);
  return { result: 'sent', receipt: receiptOf(answer.messageId, 'errcode 0') };
}

/** What a robot that is secured by signing expects, and what one that takes messages sends: Base64. */
export function dingTalkSign(secret: string, timestamp: number | string): string {
  return createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
}

function dingTalkMessage(outgoing: OutgoingPage) {
  const { address, rendered } = outgoing;
  const isMobile = address !== null && MOBILE.test(address);
  const at = {
    atMobiles: isMobile ? [address] : [],
    atUserIds: address !== null && !isMobile ? [address] : [],
    isAtAll: false,
  };
  // A mention notifies only where the text holds it too.
  const mention = address === null ? '' : `@${address}\n\n`;
  const text = mention + chatMarkdown(outgoing, '\n\n');
  return { msgtype: 'markdown', markdown: { title: rendered.subject, text }, at };
}
