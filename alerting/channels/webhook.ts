import { createHash, createHmac } from 'node:crypto';
import type { Channel, Tier } from '../../config/model.ts';
import type { HttpClient, HttpOutcome } from '../../lib/http-client.ts';
import { type LocalText, mapText, say } from '../../lib/local-text.ts';
import { type EpochMs, formatInstant, MINUTE, SECOND } from '../../lib/time.ts';
import { heldMs } from '../causes.ts';
import type { PageFacts } from '../events.ts';
import type { FlapFacts } from '../flaps.ts';
import { TIER_NAMES } from '../page-messages.ts';
import { inertText, responseLeftMs } from '../page-text.ts';
import { restoredAt } from '../page-times.ts';
import { badStatus, connectionFailure, httpStatus, isGood } from './http-outcome.ts';
import { type ChannelOutcome, type OutgoingPage, rejected } from './outgoing-page.ts';

type WebhookChannel = Extract<Channel, { kind: 'webhook' }>;

/**
 * The body a receiver gets: stable, only ever added to within one `version`. Instants are RFC 3339
 * in UTC. `subject`, `text` and `short` are in the recipient's language, what stands under `en` and
 * `zh-CN` is there in both; names and sentences from devices are cleaned and hold no mention or link,
 * but are not escaped for HTML.
 */
export interface WebhookPayload {
  readonly version: 1;
  /** The idempotency key, also in the header: the same at every try of one page. */
  readonly pageId: string;
  readonly event: OutgoingPage['page']['kind'];
  readonly urgent: boolean;
  readonly recipient: {
    readonly id: string;
    readonly name: string;
    /** For a gateway that needs one, e.g. a telephone number; else null. */
    readonly address: string | null;
    readonly language: string;
  };
  readonly incident: string;
  readonly episode: number;
  readonly tier: { readonly number: Tier } & LocalText;
  readonly device: { readonly id: string; readonly name: string };
  readonly component: string | null;
  readonly fault: { readonly kind: string; readonly text: LocalText };
  /**
   * The fault comes and goes, or did until it settled: how often it came in a window of that length,
   * both null once it has settled. null: it does not.
   */
  readonly flapping: {
    readonly count: number | null;
    readonly windowSeconds: number | null;
  } | null;
  readonly site: string;
  readonly because: LocalText;
  /** Its first sign, of this time when it was open before: the first poll that failed, or that told of it. */
  readonly since: string;
  /** What it has been about, in order, each with its own time; empty where that is one fault from the start on. */
  readonly causes: readonly WebhookCause[];
  /** When it opened first, and when it last opened again. */
  readonly openedAt: string;
  readonly reopenedAt: string | null;
  readonly queuedAt: string;
  /** Since when it waits: `queuedAt`, or when the first page was queued that this one stands for. */
  readonly waitingSince: string;
  /** How many older pages it stands for. */
  readonly replacedCount: number;
  readonly deadline: string;
  /** Whole minutes to the deadline, rounded down, negative once it is missed; null when no clock runs. */
  readonly minutesLeft: number | null;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: string | null;
  /** First good poll, once resolved. */
  readonly restoredAt: string | null;
  readonly affected: {
    readonly count: number;
    readonly confirmed: number;
    readonly names: readonly string[];
  };
  readonly batteryMinutes: number | null;
  /** Share of the response time a reminder stands for; null for other events. */
  readonly reminderRatio: number | null;
  readonly link: string;
  /** Opens the page on which the recipient acknowledges; null when there is none. */
  readonly acknowledgeLink: string | null;
  readonly subject: string;
  readonly text: string;
  /** At most 140 characters. */
  readonly short: string;
}

interface WebhookCause {
  readonly device: string;
  readonly component: string | null;
  readonly kind: string;
  readonly since: string;
  readonly endedAt: string | null;
  readonly seconds: number;
  readonly count: number;
}

/** An id, not a sentence: what a receiver answers is stored and shown. */
const RECEIPT = /^[\w.:+-]{1,128}$/;
const LONGEST_PAYLOAD_TEXT_BYTES = 400;
const LONGEST_HEADER = 256;
/** The one answer that says it will never be otherwise: RFC 9110 §15.5.11. */
const GONE = 410;

/**
 * POSTs the page as JSON. `X-Threenines-Signature` is `sha256=` and the hex HMAC-SHA256 of
 * `<X-Threenines-Timestamp>.<body>` under the channel's signing key; the timestamp is in Unix
 * seconds, so that a receiver can refuse a replay. Delivery is at least once: a receiver drops a
 * repeated `Idempotency-Key`. 2xx is sent; 410 is final. Everything else is tried again for as long
 * as the page is worth it: a proxy that says 404 or 403 for a minute must not cost a page.
 */
export async function sendToWebhook(
  channel: WebhookChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const url = channel.url.reveal();
  const unusable = whyUnusable(url);
  if (unusable !== null) return rejected(unusable);
  const body = JSON.stringify(webhookPayload(outgoing, now));
  const timestamp = String(Math.floor(now / SECOND));
  const outcome = await http.send({
    method: 'POST',
    url,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'threenines',
      'Idempotency-Key': headerValue(outgoing.page.id),
      'X-Threenines-Timestamp': timestamp,
      'X-Threenines-Signature': signWebhook(channel.signingKey.reveal(), timestamp, body),
    },
    body,
    timeoutMs: channel.timeoutMs,
  });
  return judge(outcome, now);
}

/** `sha256=<hex>` of `<timestamp>.<body>`: what a receiver computes again and compares in constant time. */
function signWebhook(key: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`;
}

function flappingOf({ rate }: FlapFacts): WebhookPayload['flapping'] {
  const windowSeconds = rate === null ? null : rate.windowMs / SECOND;
  return { count: rate?.count ?? null, windowSeconds };
}

function causesOf({ causes = [] }: PageFacts, end: EpochMs): WebhookPayload['causes'] {
  const safe = (text: string) => inertText(text, LONGEST_PAYLOAD_TEXT_BYTES);
  return causes.map((cause) => ({
    device: safe(cause.deviceName),
    component: cause.component === null ? null : safe(cause.component),
    kind: cause.faultKind,
    since: formatInstant(cause.firstAt),
    endedAt: optionalInstant(cause.until),
    seconds: Math.floor(heldMs(cause, end) / SECOND),
    count: cause.count,
  }));
}

/** The page as data. */
function webhookPayload(outgoing: OutgoingPage, now: EpochMs): WebhookPayload {
  const { page, person, rendered, links } = outgoing;
  const { facts } = page;
  const leftMs = responseLeftMs(facts, now);
  const safe = (text: string) => inertText(text, LONGEST_PAYLOAD_TEXT_BYTES);
  const safeOrNull = (text: string | null) => (text === null ? null : safe(text));
  return {
    version: 1,
    pageId: page.id,
    event: page.kind,
    urgent: page.urgent,
    recipient: {
      id: person.id,
      name: person.name,
      address: outgoing.address,
      language: outgoing.language,
    },
    incident: page.incidentId,
    episode: page.episode,
    tier: { number: facts.tier, ...TIER_NAMES[facts.tier] },
    device: { id: facts.rootDeviceId, name: safe(facts.rootDeviceName) },
    component: safeOrNull(facts.component),
    fault: { kind: facts.faultKind, text: mapText(facts.faultText, safe) },
    flapping: facts.flapping === undefined ? null : flappingOf(facts.flapping),
    site: safe(facts.siteName),
    because: mapText(facts.because, safe),
    since: formatInstant(facts.startedAt),
    causes: causesOf(facts, restoredAt(facts) ?? facts.resolvedAt ?? now),
    openedAt: formatInstant(facts.openedAt),
    reopenedAt: optionalInstant(facts.reopenedAt),
    queuedAt: formatInstant(page.queuedAt),
    waitingSince: formatInstant(page.waitingSince),
    replacedCount: page.replacedCount,
    deadline: formatInstant(facts.acknowledgeBy),
    minutesLeft: leftMs === null ? null : Math.floor(leftMs / MINUTE),
    acknowledgedBy: safeOrNull(facts.acknowledgedBy),
    resolvedAt: optionalInstant(facts.resolvedAt),
    restoredAt: facts.resolvedAt === null ? null : optionalInstant(restoredAt(facts)),
    affected: {
      count: facts.affectedCount,
      confirmed: facts.confirmedCount ?? facts.affectedCount,
      names: facts.affectedNames.map(safe),
    },
    batteryMinutes: facts.batteryMinutes,
    reminderRatio: facts.reminderRatio,
    link: links.incident,
    acknowledgeLink: links.acknowledge,
    subject: rendered.subject,
    text: rendered.text,
    short: rendered.short,
  };
}

function optionalInstant(at: EpochMs | null | undefined): string | null {
  return at === null || at === undefined ? null : formatInstant(at);
}

function whyUnusable(url: string): LocalText | null {
  if (!URL.canParse(url)) return say('the webhook URL is not a URL', 'webhook 地址不是有效的 URL');
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    return say('the webhook URL is neither http nor https', 'webhook 地址既不是 http 也不是 https');
  if (username !== '' || password !== '')
    return say(
      'the webhook URL carries a user name or password; use the signing key instead',
      'webhook 地址带有用户名或密码；请改用签名密钥',
    );
  return null;
}

/** RFC 9110 §5.5: visible ASCII. A page id is that already unless an id in it is unusual. */
function headerValue(text: string): string {
  const plain = /^[\x21-\x7e]+$/.test(text) && text.length <= LONGEST_HEADER;
  return plain ? text : createHash('sha256').update(text).digest('hex');
}

function judge(outcome: HttpOutcome, now: EpochMs): ChannelOutcome {
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  if (isGood(outcome))
    return { result: 'sent', receipt: receiptIn(outcome.body) ?? httpStatus(outcome).en };
  return outcome.status === GONE ? rejected(httpStatus(outcome)) : badStatus(outcome, now);
}

/** The receiver's own name for the page: a short `id` at the top of a JSON object. */
function receiptIn(body: string): string | null {
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return null;
  }
  if (answer === null || typeof answer !== 'object' || !Object.hasOwn(answer, 'id')) return null;
  const { id } = answer as { readonly id: unknown };
  if (typeof id !== 'string' && typeof id !== 'number') return null;
  return RECEIPT.test(String(id)) ? String(id) : null;
}
