import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TwilioChannel } from '../../config/channels/model.ts';
import { escapeHtml } from '../../lib/html.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import { say } from '../../lib/local-text.ts';
import type { EpochMs } from '../../lib/time.ts';
import { asksForAnswer } from '../acknowledge-link.ts';
import { PAGE_MESSAGES } from '../page-messages.ts';
import { replyCode } from '../reply-code.ts';
import {
  badStatus,
  connectionFailure,
  isGood,
  jsonIn,
  providerReason,
  receiptOf,
} from './http-outcome.ts';
import { type ChannelOutcome, type OutgoingPage, rejected } from './outgoing-page.ts';

/** 21211: no such number; 21610: it has unsubscribed; 21614: it takes no short messages. */
const FINAL_ERRORS: ReadonlySet<unknown> = new Set([21211, 21214, 21217, 21610, 21614]);

/** BCP 47 tags of the voices. */
export const VOICES = { en: 'en-US', 'zh-CN': 'zh-CN' } as const;

/**
 * Sends the page as a short message, or reads it out in a call, through Twilio. `publicUrl` is where
 * Twilio reaches us: with it, receipts come back, and a pressed key acknowledges; a reply to a short
 * message does where the number's webhook is set. 400 with a code that a number cannot be reached is
 * final.
 */
export async function sendByTwilio(
  channel: TwilioChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  { publicUrl, now }: { readonly publicUrl: string | null; readonly now: EpochMs },
): Promise<ChannelOutcome> {
  if (outgoing.address === null) {
    return rejected(say('the person has no telephone number here', '该人员在此通道没有电话号码'));
  }
  const form =
    channel.kind === 'twilio-sms'
      ? messageForm(channel, outgoing, publicUrl)
      : callForm(channel, outgoing, publicUrl);
  const { accountSid, authToken, apiUrl, timeoutMs } = channel;
  const resource = channel.kind === 'twilio-sms' ? 'Messages' : 'Calls';
  const credentials = Buffer.from(`${accountSid}:${authToken.reveal()}`).toString('base64');
  const outcome = await http.send({
    method: 'POST',
    url: `${apiUrl}/2010-04-01/Accounts/${accountSid}/${resource}.json`,
    headers: {
      Authorization: `Basic ${credentials}`,
      'Content-Type': 'application/x-www-form-urlencoded',
      'User-Agent': 'threenines',
    },
    body: new URLSearchParams(form).toString(),
    timeoutMs,
  });
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  const answer = jsonIn(outcome);
  if (FINAL_ERRORS.has(answer?.code)) return rejected(providerReason(answer?.code));
  if (!isGood(outcome) || answer?.sid === undefined) return badStatus(outcome, now);
  return { result: 'sent', receipt: receiptOf(answer.sid, 'accepted') };
}

type Form = Record<string, string>;

function messageForm(channel: TwilioChannel, outgoing: OutgoingPage, publicUrl: string | null) {
  const { from } = channel;
  const sender: Form = from.startsWith('MG') ? { MessagingServiceSid: from } : { From: from };
  const form: Form = { To: outgoing.address ?? '', ...sender, Body: messageText(outgoing) };
  const status = statusCallback(channel, outgoing, publicUrl);
  return status === null ? form : { ...form, StatusCallback: status };
}

/** The short text, how to reply, and the link; the number alone is enough for the thumb. */
function messageText({ rendered, page, language, links }: OutgoingPage): string {
  if (!asksForAnswer(page)) return rendered.short;
  const messages = PAGE_MESSAGES[language];
  const link = links.acknowledge === null ? '' : `\n${links.acknowledge}`;
  return `${rendered.short}\n${messages.replyToAcknowledge(replyCode(page))}${link}`;
}

function callForm(channel: TwilioChannel, outgoing: OutgoingPage, publicUrl: string | null) {
  const form: Form = {
    To: outgoing.address ?? '',
    From: channel.from,
    Timeout: '30',
    Twiml: callTwiml(channel, outgoing, publicUrl),
  };
  const status = statusCallback(channel, outgoing, publicUrl);
  return status === null ? form : { ...form, StatusCallback: status };
}

/** Reads the page twice and, where Twilio can tell us, takes a pressed 1 as the acknowledgement. */
function callTwiml(
  channel: TwilioChannel,
  outgoing: OutgoingPage,
  publicUrl: string | null,
): string {
  const { language, links, page } = outgoing;
  const messages = PAGE_MESSAGES[language];
  const sentence = spoken(outgoing.rendered.short);
  const token = links.acknowledge?.split('/').at(-1);
  if (publicUrl === null || token === undefined || !asksForAnswer(page)) {
    return `<Response>${sayTwiml(language, sentence)}<Pause length="1"/>${sayTwiml(language, sentence)}</Response>`;
  }
  const action = `${publicUrl}/api/v1/callbacks/twilio/${channel.id}/digits?token=${token}`;
  const question = sayTwiml(language, `${sentence} ${messages.pressToAcknowledge}`);
  const gather = `<Gather input="dtmf" numDigits="1" timeout="8" method="POST" action="${escapeHtml(action)}">${question}</Gather>`;
  return `<Response>${gather}${gather}${sayTwiml(language, messages.notAcknowledged)}</Response>`;
}

/** One `<Say>`, escaped, in the voice of the language. */
export function sayTwiml(language: keyof typeof VOICES, text: string): string {
  return `<Say language="${VOICES[language]}">${escapeHtml(text)}</Say>`;
}

/** Without the link, which nobody can hear, and the brackets around the tier. */
function spoken(short: string): string {
  return short
    .replace(/https?:\/\/\S+/g, '')
    .replace(/[[\]()—]/g, ', ')
    .replace(/\s+/g, ' ')
    .trim();
}

function statusCallback(
  { id }: TwilioChannel,
  { page }: OutgoingPage,
  publicUrl: string | null,
): string | null {
  if (publicUrl === null) return null;
  return `${publicUrl}/api/v1/callbacks/twilio/${id}/status?page=${encodeURIComponent(page.id)}`;
}

/**
 * X-Twilio-Signature: Base64 of HMAC-SHA1, under the auth token, of the whole URL as Twilio called it
 * and every form field, sorted by name, each name followed by its value.
 */
export function isTwilioSignature(
  authToken: string,
  url: string,
  form: URLSearchParams,
  given: string,
): boolean {
  const fields = [...new Set(form.keys())].sort();
  const text = url + fields.map((name) => name + (form.getAll(name).at(-1) ?? '')).join('');
  const expected = createHmac('sha1', authToken).update(text).digest();
  const signature = Buffer.from(given, 'base64');
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}
