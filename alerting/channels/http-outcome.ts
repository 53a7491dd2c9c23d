import type { HttpFailure, HttpOutcome } from '../../lib/http-client.ts';
import { type LocalText, say, withCode } from '../../lib/local-text.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../../lib/time.ts';
import { type ChannelOutcome, refused, retryLater, withNothingTaken } from './outgoing-page.ts';

/** What channels over HTTP have in common: how an answer, or none, is told from success. */

export type HttpAnswer = Extract<HttpOutcome, { kind: 'response' }>;
export type NoAnswer = Extract<HttpOutcome, { kind: 'failed' }>;

/** Longer than this is nobody waiting for: a page has a deadline. */
export const LONGEST_ASKED_WAIT_MS: DurationMs = 10 * MINUTE;
/** Request Timeout, Conflict, Locked, Too Early (RFC 8470), Too Many Requests (RFC 6585). */
const COME_AGAIN: ReadonlySet<number> = new Set([408, 409, 423, 425, 429]);
/** `ECONNRESET` and the like; a detail of any other form might hold an address and is left out. */
const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,48}$/;
/** What a provider says is stored and shown only in this form: a number or a word. */
const PROVIDER_CODE = /^[\w.:-]{1,48}$/;
/** An id, not a sentence. */
const RECEIPT = /^[\w.:+-]{1,128}$/;

const FAILURE_REASONS: Readonly<Record<HttpFailure, LocalText>> = {
  timeout: say('no answer in time', '未在时限内应答'),
  refused: say('connection refused', '连接被拒绝'),
  'name-not-found': say('receiver name not found', '找不到接收方的域名'),
  tls: say('TLS certificate not accepted', 'TLS 证书不被接受'),
  'too-large': say('answer too long', '应答过长'),
  failed: say('connection failed', '连接失败'),
};

/** Nobody was there to take anything. */
const TAKES_NOTHING: ReadonlySet<HttpFailure> = new Set(['refused', 'name-not-found', 'tls']);
/** Answers that may be about a request that was taken all the same: Request Timeout, Conflict. */
const MAY_HAVE_TAKEN: ReadonlySet<number> = new Set([408, 409]);

/** Nobody answered: tried again. */
export function connectionFailure({ failure, detail }: NoAnswer): ChannelOutcome {
  const reason = FAILURE_REASONS[failure];
  const tellsMore = (failure === 'failed' || failure === 'tls') && ERROR_CODE.test(detail);
  const outcome = retryLater(tellsMore ? withCode(reason, detail) : reason);
  return TAKES_NOTHING.has(failure) ? withNothingTaken(outcome) : outcome;
}

/** `HTTP 503` */
export function httpStatus({ status }: HttpAnswer): LocalText {
  return say(`HTTP ${status}`, `HTTP ${status}`);
}

/** 2xx. */
export function isGood({ status }: HttpAnswer): boolean {
  return status >= 200 && status < 300;
}

/**
 * An answer other than 2xx: tried again, not sooner than it asks for. With 4xx it is the request, its login
 * or its address that is not liked (RFC 9110 §15.5), but for those that only ask to come again. A gateway
 * says 5xx of what it has passed on as well.
 */
export function badStatus(answer: HttpAnswer, now: EpochMs): ChannelOutcome {
  const { status } = answer;
  const isRefusal = status >= 400 && status < 500 && !COME_AGAIN.has(status);
  const outcomeOf = isRefusal ? refused : retryLater;
  const outcome = outcomeOf(httpStatus(answer), askedWaitMs(answer, now));
  const isNotTaken = status >= 300 && status < 500 && !MAY_HAVE_TAKEN.has(status);
  return isNotTaken ? withNothingTaken(outcome) : outcome;
}

/** An error told in the body of an answer, whatever its status: tried again. */
export function providerError(answer: HttpAnswer, code: unknown, now: EpochMs): ChannelOutcome {
  return withNothingTaken(retryLater(providerReason(code), askedWaitMs(answer, now)));
}

/** The provider's own code in words; anything that is not a short word is left out. */
export function providerReason(code: unknown): LocalText {
  const reason = say('refused by the provider', '被服务商拒绝');
  const isCode = typeof code === 'string' || typeof code === 'number';
  return isCode && PROVIDER_CODE.test(String(code)) ? withCode(reason, String(code)) : reason;
}

/** RFC 9110 §10.2.3 Retry-After in seconds or as a date, at most ten minutes; null when it says nothing. */
export function askedWaitMs({ retryAfter }: HttpAnswer, now: EpochMs): DurationMs | null {
  if (retryAfter === undefined || retryAfter === null) return null;
  const waitMs = /^\d{1,9}$/.test(retryAfter)
    ? Number(retryAfter) * SECOND
    : Date.parse(retryAfter) - now;
  if (Number.isNaN(waitMs) || waitMs <= 0) return null;
  return Math.min(waitMs, LONGEST_ASKED_WAIT_MS);
}

/** The object in the body; null when there is none. */
export function jsonIn({ body }: HttpAnswer): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(body);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** The provider's id of the message as a receipt; `otherwise` when it is none that may be stored. */
export function receiptOf(id: unknown, otherwise: string): string {
  const isId = typeof id === 'string' || typeof id === 'number';
  return isId && RECEIPT.test(String(id)) ? String(id) : otherwise;
}
