import type { WeComChannel } from '../../config/channels/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import type { EpochMs } from '../../lib/time.ts';
import { chatMarkdown } from './chat-text.ts';
import { badStatus, connectionFailure, isGood, jsonIn, providerError } from './http-outcome.ts';
import { type ChannelOutcome, type OutgoingPage, rejected } from './outgoing-page.ts';
import { postJson, whyUnusable } from './post-json.ts';

const MOBILE = /^\+?[\d-]{6,20}$/;

/**
 * Posts the page to a WeCom group robot: as Markdown, or as text where the contact is a mobile
 * number, because only text can mention one. It says 200 whatever happened: `errcode` in the body
 * decides (45009: too many in a minute). Markdown may have 4096 octets and text 2048; a page has
 * less.
 */
export async function sendToWeCom(
  channel: WeComChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const url = channel.url.reveal();
  const unusable = whyUnusable(url);
  if (unusable !== null) return rejected(unusable);
  const outcome = await postJson(http, url, weComMessage(outgoing), channel.timeoutMs);
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  if (!isGood(outcome)) return badStatus(outcome, now);
  const answer = jsonIn(outcome);
  if (answer?.errcode !== 0) return providerError(outcome, answer?.errcode, now);
  return { result: 'sent', receipt: 'errcode 0' };
}

function weComMessage(outgoing: OutgoingPage) {
  const { address, rendered } = outgoing;
  if (address !== null && MOBILE.test(address)) {
    return {
      msgtype: 'text',
      text: { content: rendered.text, mentioned_mobile_list: [address] },
    };
  }
  const mention = address === null ? '' : `<@${address}>\n`;
  return { msgtype: 'markdown', markdown: { content: mention + chatMarkdown(outgoing, '\n') } };
}
