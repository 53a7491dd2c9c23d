import type { Deciding } from './deciding.ts';
import type { Confirmation, Delivery } from './inputs.ts';

/**
 * Takes in how one try of one page ended. A page that was cancelled meanwhile but did arrive counts
 * as sent, so that its recipient hears of the end too; news about a page that is gone is ignored.
 */
export function decideDelivery(deciding: Deciding, delivery: Delivery): void {
  const page = deciding.state.pages.get(delivery.pageId);
  if (page === undefined || page.status === 'sent' || page.status === 'abandoned') return;
  const about = { at: deciding.now, pageId: page.id, incidentId: page.incidentId };
  if (delivery.result === 'sent') {
    const { attempt, receipt, inSummary } = delivery;
    const summary = inSummary === undefined ? {} : { inSummary };
    deciding.emit({ type: 'page-sent', ...about, attempt, receipt, ...summary });
    return;
  }
  const { attempt, reason, nextAttemptAt } = delivery;
  const refused = delivery.refused === true ? ({ refused: true } as const) : {};
  const notTaken = delivery.notTaken === true ? ({ notTaken: true } as const) : {};
  const failure = { attempt, reason, nextAttemptAt, ...refused, ...notTaken };
  deciding.emit({ type: 'page-attempt-failed', ...about, ...failure });
  if (page.status === 'queued' && delivery.permanent) {
    deciding.emit({ type: 'page-abandoned', ...about, reason });
  }
}

/**
 * Takes in what a provider says of a page that it had taken. It may say so before we have counted
 * that it took it, and more than once: the first word that it arrived is the last.
 */
export function decideConfirmation(deciding: Deciding, confirmation: Confirmation): void {
  const { pageId, status, reason } = confirmation;
  const page = deciding.state.pages.get(pageId);
  const known = page?.confirmation?.status;
  if (page === undefined || known === 'delivered' || known === status) return;
  const { incidentId } = page;
  deciding.emit({ type: 'page-confirmed', at: deciding.now, pageId, incidentId, status, reason });
}
