import type { PagerDutyChannel } from '../../config/channels/model.ts';
import type { HttpClient } from '../../lib/http-client.ts';
import { type EpochMs, formatInstant } from '../../lib/time.ts';
import { inertText } from '../page-text.ts';
import type { Page } from '../state.ts';
import { badStatus, connectionFailure, isGood, jsonIn, providerError } from './http-outcome.ts';
import type { ChannelOutcome, OutgoingPage } from './outgoing-page.ts';
import { postJson } from './post-json.ts';

const SEVERITIES = { 1: 'critical', 2: 'error', 3: 'warning', 4: 'info' } as const;
/** PD-CEF: longest summary. */
const LONGEST_SUMMARY = 1024;
const LONGEST_TEXT_BYTES = 400;

/**
 * Sends the page as an event of PagerDuty Events API v2. All pages of an incident have one
 * `dedup_key`, so that it is one incident there as well: triggered and repeated, acknowledged when a
 * person here did, resolved at its end. 202 is success; 429 and 5xx are tried again.
 */
export async function sendToPagerDuty(
  channel: PagerDutyChannel,
  outgoing: OutgoingPage,
  http: HttpClient,
  now: EpochMs,
): Promise<ChannelOutcome> {
  const event = pagerDutyEvent(channel.routingKey.reveal(), outgoing);
  const outcome = await postJson(http, channel.url, event, channel.timeoutMs);
  if (outcome.kind === 'failed') return connectionFailure(outcome);
  if (!isGood(outcome)) return badStatus(outcome, now);
  const status = jsonIn(outcome)?.status;
  if (status !== 'success') return providerError(outcome, status, now);
  return { result: 'sent', receipt: dedupKey(outgoing.page) };
}

/** The same for every page of one incident, and of no other: ids begin anew with an empty journal. */
function dedupKey({ incidentId, facts }: Page): string {
  return `threenines-${incidentId}-${facts.openedAt}`;
}

function actionOf({ kind, facts }: Page): 'trigger' | 'acknowledge' | 'resolve' {
  if (kind === 'resolved') return 'resolve';
  return facts.acknowledgedBy === null ? 'trigger' : 'acknowledge';
}

function pagerDutyEvent(routingKey: string, { page, rendered, links }: OutgoingPage) {
  const { facts } = page;
  const safe = (text: string) => inertText(text, LONGEST_TEXT_BYTES);
  const lines = rendered.content.lines.map(({ label, value }) => [label, value] as const);
  return {
    routing_key: routingKey,
    event_action: actionOf(page),
    dedup_key: dedupKey(page),
    client: 'Threenines',
    client_url: links.incident,
    links: [
      { href: links.incident, text: 'Threenines' },
      ...(links.acknowledge === null
        ? []
        : [{ href: links.acknowledge, text: 'Acknowledge in Threenines' }]),
    ],
    payload: {
      summary: rendered.subject.slice(0, LONGEST_SUMMARY),
      source: safe(facts.rootDeviceName),
      severity: SEVERITIES[facts.tier],
      timestamp: formatInstant(facts.startedAt),
      component: safe(facts.component ?? facts.rootDeviceName),
      group: safe(facts.siteName),
      class: facts.faultKind,
      custom_details: { page_id: page.id, ...Object.fromEntries(lines) },
    },
  };
}
