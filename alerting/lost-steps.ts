import type { EpochMs } from '../lib/time.ts';
import type { Deciding } from './deciding.ts';
import { hasArrived, nextChannelOf } from './page-fallback.ts';
import type { Incident, Page } from './state.ts';

/**
 * Since when it is known that a step which was taken reaches none of these people: every page of it was
 * refused, given up or lost by its provider, and nobody has another channel left. Null while one has
 * arrived, waits for its try, or stands in a page of another step.
 */
export function lostSince(
  deciding: Deciding,
  incident: Incident,
  step: string,
  personIds: Iterable<string>,
): EpochMs | null {
  const pages = incident.pageIds
    .map((id) => deciding.state.pages.get(id)!)
    .filter((page) => page.episode === incident.episode && page.step === step);
  const byPerson = Map.groupBy(pages, ({ personId }) => personId);
  let since: EpochMs | null = null;
  for (const personId of new Set([...personIds, ...byPerson.keys()])) {
    const own = byPerson.get(personId);
    if (own === undefined || nextChannelOf(deciding, own) !== undefined) return null;
    for (const page of own) {
      const at = failedAt(page);
      if (at === null) return null;
      since = Math.max(since ?? at, at);
    }
  }
  return since;
}

/** When it became known that the page does not arrive for now; null when it may. */
function failedAt(page: Page): EpochMs | null {
  if (hasArrived(page) || page.status === 'cancelled') return null;
  if (page.status === 'queued') return page.refusedAt ?? null;
  return page.confirmation?.at ?? page.finishedAt;
}
