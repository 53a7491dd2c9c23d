import { DEFAULT_DELIVERY } from '../config/delivery.ts';
import { say } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { isDutyOver } from './duty-pages.ts';
import { decideFallback } from './page-fallback.ts';
import { type PagesLately, pagesLately } from './page-limits.ts';
import {
  isOfDuty,
  queuePages,
  reachedRecipients,
  recipientKey,
  SHORTEST_EFFORT_MS,
} from './paging.ts';
import type { Incident, Page } from './state.ts';

const NOT_DELIVERED = say('not delivered in time', '未能及时送达');

/**
 * What happens to pages after they were queued: an acknowledgement, the end of the incident, or that
 * a duty is done, cancels what still waits, whoever heard of the start hears of the end, a newer page stands for
 * older ones that still wait for the same recipient, and a page that could not be delivered in its
 * time is given up on the record.
 */
export function decidePages(deciding: Deciding): void {
  let counted: PagesLately | null = null;
  const lately = () => {
    const delivery = deciding.requireGraph().topology.delivery ?? DEFAULT_DELIVERY;
    counted ??= pagesLately(deciding.state, delivery, deciding.now);
    return counted;
  };
  for (const incident of deciding.heldIncidents()) {
    if (incident.resolvedAt !== null) {
      cancelWaiting(deciding, incident, 'resolved');
      tellOfTheEnd(deciding, incident);
    } else if (incident.acknowledgedAt !== null) {
      cancelWaiting(deciding, incident, 'acknowledged');
      tellOfAcknowledgement(deciding, incident);
    }
    cancelDone(deciding, incident);
    replaceOvertaken(deciding, incident);
    giveUpOverdue(deciding, incident);
    decideFallback(deciding, incident, lately);
  }
}

function cancelWaiting(
  deciding: Deciding,
  incident: Incident,
  reason: 'acknowledged' | 'resolved',
): void {
  for (const page of waitingPages(deciding, incident)) {
    if (!page.urgent || (reason === 'acknowledged' && ASKED_AFTER.has(page.kind))) continue;
    deciding.emit({
      type: 'page-cancelled',
      at: deciding.now,
      pageId: page.id,
      incidentId: incident.id,
      reason,
    });
  }
}

/** What a page still asks for may have been done before it went out. */
function cancelDone(deciding: Deciding, incident: Incident): void {
  for (const page of waitingPages(deciding, incident)) {
    if (!isOfDuty(page) || !isDutyOver(incident, page)) continue;
    const about = { pageId: page.id, incidentId: incident.id };
    deciding.emit({ type: 'page-cancelled', at: deciding.now, ...about, reason: 'done' });
  }
}

/** Asked of whoever acknowledged: the acknowledgement answers none of it. */
const ASKED_AFTER: ReadonlySet<string> = new Set(['update-due', 'notice-due', 'forecast']);

/** On-call systems of others keep a state of their own, which must not go on escalating. */
const KEEP_STATE: ReadonlySet<string> = new Set(['pagerduty']);

function tellOfAcknowledgement(deciding: Deciding, incident: Incident): void {
  const { channels } = deciding.requireGraph().topology;
  const keeping = new Set(channels.filter(({ kind }) => KEEP_STATE.has(kind)).map(({ id }) => id));
  if (keeping.size === 0) return;
  const recipients = reachedRecipients(deciding, incident).filter((each) =>
    keeping.has(each.channelId),
  );
  queuePages(deciding, incident, {
    ...{ step: 'acknowledged', kind: 'acknowledged', recipients, reminderRatio: null },
  });
}

/** Runs again when a page that was under way at the end turns out to have arrived. */
function tellOfTheEnd(deciding: Deciding, incident: Incident): void {
  const recipients = reachedRecipients(deciding, incident);
  if (recipients.length === 0) return;
  queuePages(deciding, incident, {
    step: 'resolved',
    kind: 'resolved',
    recipients,
    reminderRatio: null,
  });
}

/**
 * After an outage of a channel its recipients get one page that tells how things stand, not a pile.
 * This holds for an end that was not told yet, too: once the incident is open again it is not true.
 * A page that is held through quiet hours stands for none that may go out before them.
 */
function replaceOvertaken(deciding: Deciding, incident: Incident): void {
  const newest = new Map<string, Page>();
  for (const page of waitingPages(deciding, incident).toReversed()) {
    if (isOfDuty(page)) continue;
    const newer = newest.get(recipientKey(page));
    if (newer === undefined) newest.set(recipientKey(page), page);
    if (newer === undefined || goesOutBefore(page, newer, deciding.now)) continue;
    deciding.emit({
      type: 'page-cancelled',
      at: deciding.now,
      pageId: page.id,
      incidentId: incident.id,
      reason: 'replaced',
      replacedBy: newer.id,
    });
  }
}

function goesOutBefore(page: Page, newer: Page, now: EpochMs): boolean {
  const dueAt = ({ notBefore }: Page) => Math.max(notBefore ?? now, now);
  return page.kind !== 'resolved' && dueAt(page) < dueAt(newer);
}

/** Time that a clock leapt over, or that the service was down for, is no effort. */
const LEAST_TRIES = 1;
/** Of an end, after which nothing more would be said: as many as an hour holds. */
const LEAST_TRIES_OF_AN_END = 30;

function giveUpOverdue(deciding: Deciding, incident: Incident): void {
  for (const page of waitingPages(deciding, incident)) {
    const leastTries = page.kind === 'resolved' ? LEAST_TRIES_OF_AN_END : LEAST_TRIES;
    if (deciding.now < giveUpAt(deciding, page) || page.attempts < leastTries) continue;
    deciding.emit({
      type: 'page-abandoned',
      at: deciding.now,
      pageId: page.id,
      incidentId: incident.id,
      reason: page.lastFailure ?? NOT_DELIVERED,
    });
  }
}

/** What waited when the service started has its time from then on: until then nobody tried. */
function giveUpAt({ state: { startedAt } }: Deciding, page: Page): EpochMs {
  if (startedAt === null || page.queuedAt >= startedAt) return page.giveUpAt;
  return Math.max(page.giveUpAt, startedAt + SHORTEST_EFFORT_MS);
}

function waitingPages(deciding: Deciding, incident: Incident): readonly Page[] {
  return incident.pageIds
    .map((pageId) => deciding.state.pages.get(pageId)!)
    .filter((page) => page.status === 'queued');
}
