import { assert, assertNever } from '../lib/assert.ts';
import { asLocalText } from '../lib/local-text.ts';
import type { EpochMs } from '../lib/time.ts';
import type { DomainEvent } from './events.ts';
import type { PageEvent } from './page-events.ts';
import type { EngineState, Page } from './state.ts';

/**
 * The part of the fold that concerns pages. A page is `queued` until it is `sent`, `abandoned` or
 * `cancelled`; a delivery that arrives after a cancellation still makes it `sent`, because the
 * person has it. One cancelled as `replaced` lives on in the newer page that stands for it.
 */
export function applyPageEvent(state: EngineState, event: PageEvent): EngineState {
  if (event.type === 'page-queued') {
    queuePage(state, event);
    return state;
  }
  const page = state.pages.get(event.pageId);
  assert(page, `event about a page that is not held: ${event.pageId}`);
  switch (event.type) {
    case 'page-attempt-failed':
      page.attempts = event.attempt;
      page.nextAttemptAt = event.nextAttemptAt;
      page.lastFailure = asLocalText(event.reason);
      if (event.notTaken !== true) page.mayHaveGoneOut = true;
      page.firstFailedAt ??= event.at;
      page.failingSince ??= event.at;
      if (event.refused) page.refusedAt ??= event.at;
      return state;
    case 'page-sent':
      page.attempts = event.attempt;
      page.status = 'sent';
      page.receipt = event.receipt;
      if (event.inSummary !== undefined) page.inSummary = event.inSummary;
      page.finishedAt = event.at;
      forgetWait(state, page);
      return state;
    case 'page-confirmed':
      page.confirmation = { status: event.status, at: event.at, reason: event.reason };
      return state;
    case 'page-abandoned':
      page.status = 'abandoned';
      page.lastFailure = asLocalText(event.reason);
      page.finishedAt = event.at;
      return state;
    case 'page-cancelled':
      page.status = 'cancelled';
      page.finishedAt = event.at;
      if (event.replacedBy !== undefined) replacePage(state, page, event.replacedBy);
      return state;
    default:
      return assertNever(event, 'event');
  }
}

/** The newer page takes over how long its recipient has been waiting. */
function replacePage(state: EngineState, page: Page, replacedBy: string): void {
  const newer = state.pages.get(replacedBy);
  assert(newer, `replaced by a page that is not held: ${replacedBy}`);
  page.replacedBy = newer.id;
  newer.waitingSince = Math.min(newer.waitingSince, page.waitingSince);
  newer.replacedCount += 1 + page.replacedCount;
  noteFailing(newer, page.failingSince);
}

function noteFailing(page: Page, at: EpochMs | undefined): void {
  if (at !== undefined) page.failingSince = Math.min(page.failingSince ?? at, at);
}

/** A replaced page arrived after all: those after it stand only for what came later. */
function forgetWait(state: EngineState, arrived: Page): void {
  let since: EpochMs | null = null;
  let count = 0;
  let failingSince: EpochMs | undefined;
  for (let id = arrived.replacedBy; id !== null; ) {
    const newer: Page = state.pages.get(id)!;
    since ??= newer.notBefore ?? newer.queuedAt;
    newer.waitingSince = since;
    newer.replacedCount = count;
    count += 1;
    delete newer.failingSince;
    noteFailing(newer, failingSince);
    noteFailing(newer, newer.firstFailedAt);
    failingSince = newer.failingSince;
    id = newer.replacedBy;
  }
}

function queuePage(state: EngineState, event: Extract<DomainEvent, { type: 'page-queued' }>): void {
  const incident = state.incidents.get(event.incidentId);
  assert(incident, `page for an incident that is not held: ${event.incidentId}`);
  assert(!state.pages.has(event.pageId), `page queued twice: ${event.pageId}`);
  incident.pageIds.push(event.pageId);
  state.pages.set(event.pageId, {
    id: event.pageId,
    incidentId: event.incidentId,
    episode: event.episode,
    step: event.step,
    personId: event.personId,
    channelId: event.channelId,
    kind: event.kind,
    urgent: event.urgent,
    queuedAt: event.at,
    giveUpAt: event.giveUpAt,
    notBefore: event.notBefore ?? null,
    facts: event.facts,
    status: 'queued',
    waitingSince: event.notBefore ?? event.at,
    replacedCount: 0,
    replacedBy: null,
    attempts: 0,
    mayHaveGoneOut: false,
    nextAttemptAt: event.notBefore ?? event.at,
    finishedAt: null,
    lastFailure: null,
    receipt: null,
  });
}
