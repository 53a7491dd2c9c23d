import { say } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { queuePages, reachedRecipients, recipientKey } from './paging.ts';
import type { Incident, Page } from './state.ts';

const NOT_DELIVERED = say('not delivered in time', '未能及时送达');

/**
 * What happens to pages after they were queued: an acknowledgement or the end of the incident
 * cancels what still waits, whoever heard of the start hears of the end, a newer page stands for
 * older ones that still wait for the same recipient, and a page that could not be delivered in its
 * time is given up on the record.
 */
export function decidePages(deciding: Deciding): void {
  for (const incident of deciding.heldIncidents()) {
    if (incident.resolvedAt !== null) {
      cancelWaiting(deciding, incident, 'resolved');
      tellOfTheEnd(deciding, incident);
    } else if (incident.acknowledgedAt !== null) {
      cancelWaiting(deciding, incident, 'acknowledged');
    }
    replaceOvertaken(deciding, incident);
    giveUpOverdue(deciding, incident);
  }
}

function cancelWaiting(
  deciding: Deciding,
  incident: Incident,
  reason: 'acknowledged' | 'resolved',
): void {
  for (const page of waitingPages(deciding, incident)) {
    if (page.kind === 'resolved') continue;
    deciding.emit({
      type: 'page-cancelled',
      at: deciding.now,
      pageId: page.id,
      incidentId: incident.id,
      reason,
    });
  }
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

function giveUpOverdue(deciding: Deciding, incident: Incident): void {
  for (const page of waitingPages(deciding, incident)) {
    if (deciding.now < page.giveUpAt || page.attempts === 0) continue;
    deciding.emit({
      type: 'page-abandoned',
      at: deciding.now,
      pageId: page.id,
      incidentId: incident.id,
      reason: page.lastFailure ?? NOT_DELIVERED,
    });
  }
}

function waitingPages(deciding: Deciding, incident: Incident): readonly Page[] {
  return incident.pageIds
    .map((pageId) => deciding.state.pages.get(pageId)!)
    .filter((page) => page.status === 'queued');
}
