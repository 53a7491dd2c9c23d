import { LONGEST_TRY_MS } from '../config/channels/model.ts';
import { DEFAULT_DELIVERY } from '../config/delivery.ts';
import { type DurationMs, type EpochMs, MINUTE } from '../lib/time.ts';
import { isExempt, isHeldBack, PagesLately, PRESSING_EVERY_MS } from './page-limits.ts';
import type { Recipient } from './paging.ts';
import type { EngineState, Page } from './state.ts';

/** The longest time that a channel may be given for one try, and what it takes to have its end on record. */
export const ON_RECORD_AFTER_MS: DurationMs = LONGEST_TRY_MS + MINUTE;

/**
 * A try that was under way when the service ended has left no trace, and its page may be with its
 * recipient. A service that was stopped names those pages. After one that was killed (its last event
 * at `endedAt`) whatever waited then, or had been cancelled so lately that its try could still have
 * been under way, is in doubt, unless something has held it back all the time: quiet hours, or the
 * limit of its recipient, which leaves what is pressing a message a minute. `now`: of the start that follows.
 */
export function doubtUnreportedPages(state: EngineState, endedAt: EpochMs, now: EpochMs): void {
  if (state.unreportedPageIds !== undefined) {
    for (const pageId of state.unreportedPageIds) {
      const page = state.pages.get(pageId);
      if (page !== undefined) page.mayHaveGoneOut = true;
    }
    return;
  }
  for (const page of state.pages.values()) {
    if (page.mayHaveGoneOut || (page.status !== 'queued' && page.status !== 'cancelled')) continue;
    if (page.status === 'cancelled' && wasOver(state, page, endedAt)) continue;
    const until = page.finishedAt ?? Math.max(now, state.leaseAt ?? now);
    if (!wasAsleep(page, until) && !wasAtLimit(state, page, until)) page.mayHaveGoneOut = true;
  }
}

/** Cancelled before the run that ended, or in it so early that the end of any try of it would be on record. */
function wasOver({ startedAt }: EngineState, { finishedAt }: Page, endedAt: EpochMs): boolean {
  if (finishedAt === null) return false;
  const wasBefore = startedAt !== null && finishedAt <= startedAt;
  return wasBefore || endedAt - finishedAt > ON_RECORD_AFTER_MS;
}

/** Held through the quiet hours of its recipient. A wall clock that is behind its queueing proves nothing. */
function wasAsleep({ notBefore, queuedAt }: Page, until: EpochMs): boolean {
  return notBefore !== null && queuedAt <= until && until < notBefore;
}

/** At every moment at which it might have gone out it was held back by a limit. */
function wasAtLimit(state: EngineState, page: Page, until: EpochMs): boolean {
  const delivery = state.topology?.delivery ?? DEFAULT_DELIVERY;
  const channels = state.topology?.channels ?? [];
  const from = Math.max(page.queuedAt, page.notBefore ?? page.queuedAt);
  if (isExempt(page) || until < from) return false;
  const { mostPagesWithinMs } = delivery;
  const limits = new PagesLately(channels, delivery, from);
  const sent = messagesBeside(state, page, limits).filter(
    ({ at }) => from - at < mostPagesWithinMs && at <= until,
  );
  const freedAt = sent
    .flatMap(({ at }) => [at + mostPagesWithinMs, at + PRESSING_EVERY_MS])
    .filter((at) => from < at && at <= until);
  return [from, ...freedAt].every((at) => {
    const lately = new PagesLately(channels, delivery, at);
    for (const each of sent)
      if (each.at <= at && at - each.at < mostPagesWithinMs) lately.add(each, each.at);
    return isHeldBack(page, lately);
  });
}

interface Message extends Recipient {
  readonly at: EpochMs;
}

/** Messages that count towards the same limit as this page: a summary is one. */
function messagesBeside(
  { pages }: EngineState,
  page: Page,
  limits: PagesLately,
): readonly Message[] {
  const budget = limits.budgetOf(page);
  return [...pages.values()].flatMap((other) => {
    const { id, status, finishedAt: at, inSummary, personId, channelId } = other;
    const isLead = inSummary === undefined || inSummary === id;
    if (status !== 'sent' || at === null || !isLead) return [];
    return limits.budgetOf(other) === budget ? [{ personId, channelId, at }] : [];
  });
}
