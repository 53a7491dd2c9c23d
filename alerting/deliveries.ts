import type { Deciding } from './deciding.ts';
import type { Delivery } from './inputs.ts';

/**
 * Takes in how one try of one page ended. A page that was cancelled meanwhile but did arrive counts
 * as sent, so that its recipient hears of the end too; news about a page that is gone is ignored.
 */
export function decideDelivery(deciding: Deciding, delivery: Delivery): void {
  const page = deciding.state.pages.get(delivery.pageId);
  if (page === undefined || page.status === 'sent' || page.status === 'abandoned') return;
  const about = { at: deciding.now, pageId: page.id, incidentId: page.incidentId };
  if (delivery.result === 'sent') {
    const { attempt, receipt } = delivery;
    deciding.emit({ type: 'page-sent', ...about, attempt, receipt });
    return;
  }
  const { attempt, reason, nextAttemptAt } = delivery;
  deciding.emit({ type: 'page-attempt-failed', ...about, attempt, reason, nextAttemptAt });
  if (page.status === 'queued' && delivery.permanent) {
    deciding.emit({ type: 'page-abandoned', ...about, reason });
  }
}
