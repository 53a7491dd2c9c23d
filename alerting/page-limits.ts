import type { DeliveryConfig } from '../config/delivery.ts';
import type { EpochMs } from '../lib/time.ts';
import type { PageKind } from './events.ts';
import type { EngineState, Page } from './state.ts';

/** Kinds that bring an incident, or how bad it has become, to someone for the first time. */
const FIRST: ReadonlySet<PageKind> = new Set([
  'opened',
  'escalated',
  'upgraded',
  'reopened',
  'lapsed',
]);

/** How many messages each person got lately: a summary is one; what the console's inbox shows disturbs nobody. */
export function pagesLately(
  state: EngineState,
  { mostPagesWithinMs }: DeliveryConfig,
  now: EpochMs,
): ReadonlyMap<string, number> {
  const inboxes = new Set(
    state.topology?.channels.filter(({ kind }) => kind === 'inbox').map(({ id }) => id),
  );
  const counts = new Map<string, number>();
  for (const { id, status, finishedAt, personId, channelId, inSummary } of state.pages.values()) {
    if (status !== 'sent' || finishedAt === null || inboxes.has(channelId)) continue;
    if (inSummary !== undefined && inSummary !== id) continue;
    if (Math.abs(now - finishedAt) >= mostPagesWithinMs) continue;
    counts.set(personId, (counts.get(personId) ?? 0) + 1);
  }
  return counts;
}

/** Whether a page is the first one of an incident of tier 1 or 2, or the news that one has become that bad. */
export function isExempt({ facts, kind }: Pick<Page, 'kind' | 'facts'>): boolean {
  return facts.tier <= 2 && FIRST.has(kind);
}

/**
 * Whether a page waits because its person has had enough of them for now. It waits, it is not lost:
 * newer ones of its incident take its place, an acknowledgement cancels it. The first page of an
 * incident of tier 1 or 2, and the news that one has become that bad, never waits.
 */
export function isHeldBack(
  page: Pick<Page, 'kind' | 'personId' | 'facts'>,
  lately: ReadonlyMap<string, number>,
  { mostPages }: DeliveryConfig,
): boolean {
  if (isExempt(page)) return false;
  return (lately.get(page.personId) ?? 0) >= mostPages;
}
