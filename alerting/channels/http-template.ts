import type { BodyType, HttpChannel } from '../../config/channels/model.ts';
import { fillTemplate, type TemplateField } from '../../config/channels/template.ts';
import { escapeHtml } from '../../lib/html.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import { type EpochMs, SECOND } from '../../lib/time.ts';
import { TIER_NAMES } from '../page-messages.ts';
import { inertText } from '../page-text.ts';
import {
  badStatus,
  connectionFailure,
  type HttpAnswer,
  httpStatus,
  isGood,
  jsonIn,
  providerError,
  receiptOf,
} from './http-outcome.ts';
import type { ChannelOutcome, OutgoingPage } from './outgoing-page.ts';

const LONGEST_NAME_BYTES = 160;

const CONTENT_TYPES: Readonly<Record<BodyType, string>> = {
  json: 'application/json; charset=utf-8',
  form: 'application/x-www-form-urlencoded; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  text: 'text/plain; charset=utf-8',
};

const ESCAPES: Readonly<Record<BodyType, (value: string) => string>> = {
  json: (value) => JSON.stringify(value).slice(1, -1),
  form: (value) => encodeURIComponent(value.toWellFormed()),
  xml: escapeHtml,
  text: (value) => value,
};

/**
 * Sends the page by the templates of the channel. What is filled in is escaped by the kind of place
 * it stands in: URL, header, and the body by its type. A good answer has a good status, and the text
 * and the field that the channel expects of one.
 */
export async function sendByTemplate(
  channel: HttpChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const valueFor = valuesFor(channel, outgoing, now);
  const headers = channel.headers.map(({ name, value }): [string, string] => [
    name,
    fillTemplate(value, valueFor, inHeader),
  ]);
  const outcome = await http.send({
    method: channel.method,
    url: fillTemplate(channel.url, valueFor, encodeURIComponent),
    headers: {
      'Content-Type': CONTENT_TYPES[channel.bodyType],
      'User-Agent': 'threenines',
      ...Object.fromEntries(headers),
    },
    body: fillTemplate(channel.body, valueFor, ESCAPES[channel.bodyType]),
    timeoutMs: channel.timeoutMs,
  });
  return outcome.kind === 'failed' ? connectionFailure(outcome) : judge(channel, outcome, now);
}

function judge(channel: HttpChannel, answer: HttpAnswer, now: EpochMs): ChannelOutcome {
  const { successStatuses, successText, successField, receiptField } = channel;
  const hasGoodStatus =
    successStatuses.length === 0 ? isGood(answer) : successStatuses.includes(answer.status);
  if (!hasGoodStatus) return badStatus(answer, now);
  if (successField !== null) {
    const value = fieldOf(answer, successField.name);
    if (String(value) !== successField.value) return providerError(answer, value, now);
  }
  if (successText !== null && !answer.body.includes(successText)) {
    return providerError(answer, null, now);
  }
  const receipt = receiptField === null ? null : fieldOf(answer, receiptField);
  return { result: 'sent', receipt: receiptOf(receipt, httpStatus(answer).en) };
}

/** `data.0.id` in the JSON of the answer; undefined where there is nothing. */
function fieldOf(answer: HttpAnswer, name: string): unknown {
  let value: unknown = jsonIn(answer);
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

function valuesFor(channel: HttpChannel, outgoing: OutgoingPage, now: EpochMs) {
  const { page, person, rendered, links } = outgoing;
  const { facts } = page;
  const safe = (text: string) => inertText(text, LONGEST_NAME_BYTES);
  const values: Readonly<Record<TemplateField, string>> = {
    address: outgoing.address ?? '',
    person: person.name,
    language: outgoing.language,
    subject: rendered.subject,
    text: rendered.text,
    short: rendered.short,
    link: links.incident,
    acknowledgeLink: links.acknowledge ?? '',
    incident: page.incidentId,
    event: page.kind,
    tier: String(facts.tier),
    tierName: TIER_NAMES[facts.tier][outgoing.language],
    device: safe(facts.rootDeviceName),
    site: safe(facts.siteName),
    pageId: page.id,
    timestamp: String(Math.floor(now / SECOND)),
  };
  return (name: string): string => {
    if (name.startsWith('secret.')) {
      return channel.secrets.get(name.slice('secret.'.length))?.reveal() ?? '';
    }
    return Object.hasOwn(values, name) ? values[name as TemplateField] : '';
  };
}

/** RFC 9110 §5.5: what is not visible ASCII has no place in a header. */
function inHeader(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, '?');
}
