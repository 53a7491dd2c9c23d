import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config/model.ts';
import { DAY, type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import { consoleLinks, type PageLinks } from './page-content.ts';
import { SUMMARY_STEP } from './page-summary.ts';
import type { Page } from './state.ts';

/** What an acknowledge link stands for: this person, for this outbreak of this incident. */
export interface AcknowledgeClaim {
  readonly incidentId: string;
  /** When the incident opened first: the id alone could be of another journal under the same key. */
  readonly openedAt: EpochMs;
  /** The response clock it was sent for; a later one is acknowledged only by who has seen it. */
  readonly episode: number;
  readonly personId: string;
  /** Whole seconds. */
  readonly expiresAt: EpochMs;
}

export type ReadToken =
  | { readonly ok: true; readonly claim: AcknowledgeClaim }
  /** `expired`: it was ours once. Nothing of a forged one may be believed, or shown. */
  | {
      readonly ok: false;
      readonly reason: 'forged' | 'expired';
      readonly claim: AcknowledgeClaim | null;
    };

/** How long a link can be used after its page was queued; a page that is tried for longer sets the end itself. */
export const LINK_LIFE_MS: DurationMs = DAY;
/** Octets of the HMAC that are kept: 128 bits cannot be guessed, and a link must fit a short message. */
const MAC_OCTETS = 16;
/** Longest token that is looked at. */
export const LONGEST_TOKEN = 400;
const TOKEN =
  /^([A-Za-z0-9-]{1,64})~([0-9a-z]{1,11})~(\d{1,9})~([a-z0-9][a-z0-9._-]{0,62})~([0-9a-z]{1,11})~([0-9a-f]{32})$/;

/**
 * `inc-000198~<opened>~<episode>~duty-primary~<expires>~<mac>`: readable, so that a support call can
 * be followed, and good for nothing without its HMAC-SHA256 under the key of this installation.
 */
export function signAcknowledgement(key: string, claim: AcknowledgeClaim): string {
  const text = [
    claim.incidentId,
    claim.openedAt.toString(36),
    claim.episode,
    claim.personId,
    Math.floor(claim.expiresAt / SECOND).toString(36),
  ].join('~');
  return `${text}~${macOf(key, text).toString('hex')}`;
}

/** What the token says, if it is one of ours and not out of date at `now`. Compares in constant time. */
export function readAcknowledgement(key: string, token: string, now: EpochMs): ReadToken {
  const parts = token.length <= LONGEST_TOKEN ? TOKEN.exec(token) : null;
  if (parts === null) return { ok: false, reason: 'forged', claim: null };
  const [, incidentId, openedAt, episode, personId, expiresAt, mac] = parts as unknown as string[];
  const text = token.slice(0, token.lastIndexOf('~'));
  if (!timingSafeEqual(macOf(key, text), Buffer.from(mac!, 'hex'))) {
    return { ok: false, reason: 'forged', claim: null };
  }
  const claim: AcknowledgeClaim = {
    incidentId: incidentId!,
    openedAt: Number.parseInt(openedAt!, 36),
    episode: Number(episode),
    personId: personId!,
    expiresAt: Number.parseInt(expiresAt!, 36) * SECOND,
  };
  return now < claim.expiresAt ? { ok: true, claim } : { ok: false, reason: 'expired', claim };
}

/**
 * Gives every page that asks for an answer a link with which its recipient acknowledges: the same at
 * every try of the page, under the address at which phones reach the service.
 */
export function acknowledgeLinks(key: string): (page: Page, config: Config) => PageLinks {
  return (page, config) => {
    const links = consoleLinks(page, config);
    if (!asksForAnswer(page)) return links;
    const { incidentId, episode, personId, facts, queuedAt, giveUpAt } = page;
    const expiresAt = Math.max(queuedAt + LINK_LIFE_MS, giveUpAt);
    const claim = { incidentId, openedAt: facts.openedAt, episode, personId, expiresAt };
    const { publicUrl, consoleUrl } = config.service;
    const token = signAcknowledgement(key, claim);
    return { ...links, acknowledge: `${publicUrl ?? consoleUrl}/a/${token}` };
  };
}

/** Of a page that only shows that a channel works. */
export const TEST_STEP = 'test';

/** A page about an incident that runs and that nobody has taken over. */
export function asksForAnswer({
  kind,
  facts,
  step,
}: Pick<Page, 'kind' | 'facts' | 'step'>): boolean {
  return (
    step !== TEST_STEP &&
    step !== SUMMARY_STEP &&
    kind !== 'resolved' &&
    kind !== 'duty-due' &&
    kind !== 'duty-overdue' &&
    facts.resolvedAt === null &&
    facts.acknowledgedBy === null
  );
}

function macOf(key: string, text: string): Buffer {
  return createHmac('sha256', key).update(`acknowledge ${text}`).digest().subarray(0, MAC_OCTETS);
}
