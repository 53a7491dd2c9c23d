import { createHmac } from 'node:crypto';
import type { FeishuChannel } from '../../config/channels/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import { type EpochMs, SECOND } from '../../lib/time.ts';
import { chatText } from './chat-text.ts';
import { badStatus, connectionFailure, isGood, jsonIn, providerError } from './http-outcome.ts';
import { type ChannelOutcome, type OutgoingPage, rejected } from './outgoing-page.ts';
import { postJson, whyUnusable } from './post-json.ts';

const TIER_COLOURS = { 1: 'red', 2: 'orange', 3: 'yellow', 4: 'blue' } as const;

/**
 * Posts the page as a card to a Feishu or Lark custom bot. One secured by signature gets `timestamp`
 * (seconds) and `sign`, the Base64 HMAC-SHA256 of nothing under the key `<timestamp>\n<secret>`, in
 * the body. It says 200 whatever happened: `code` in the body decides (11232: too many at once).
 */
export async function sendToFeishu(
  channel: FeishuChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const url = channel.url.reveal();
  const unusable = whyUnusable(url);
  if (unusable !== null) return rejected(unusable);
  const timestamp = String(Math.floor(now / SECOND));
  const signature =
    channel.signingSecret === null
      ? {}
      : { timestamp, sign: feishuSign(channel.signingSecret.reveal(), timestamp) };
  const message = { ...signature, msg_type: 'interactive', card: cardOf(outgoing) };
  const outcome = await postJson(http, url, message, channel.timeoutMs);
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  if (!isGood(outcome)) return badStatus(outcome, now);
  const answer = jsonIn(outcome);
  const code = answer?.code ?? answer?.StatusCode;
  if (code !== 0) return providerError(outcome, code, now);
  return { result: 'sent', receipt: 'code 0' };
}

function feishuSign(secret: string, timestamp: string): string {
  return createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64');
}

function cardOf(outgoing: OutgoingPage) {
  const { title, lines, buttons } = chatText(outgoing);
  const { address, language, page } = outgoing;
  const separator = language === 'en' ? ': ' : '：';
  const plain = (content: string) => ({ tag: 'plain_text', content });
  const mention =
    address === null
      ? []
      : [{ tag: 'div', text: { tag: 'lark_md', content: `<at id=${address}></at>` } }];
  return {
    config: { wide_screen_mode: true },
    header: { template: TIER_COLOURS[page.facts.tier], title: plain(title) },
    elements: [
      ...mention,
      ...lines.map(({ label, value }) => ({ tag: 'div', text: plain(label + separator + value) })),
      {
        tag: 'action',
        actions: buttons.map(({ kind, label, url }) => ({
          ...{ tag: 'button', text: plain(label), url },
          type: kind === 'acknowledge' ? 'primary' : 'default',
        })),
      },
    ],
  };
}
