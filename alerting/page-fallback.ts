import { DEFAULT_DELIVERY } from '../config/delivery.ts';
import type { Deciding } from './deciding.ts';
import { isHeldBack, type PagesLately } from './page-limits.ts';
import { queuePages } from './paging.ts';
import type { Incident, Page } from './state.ts';

/**
 * A page that does not get through goes out on the next channel of its person, beside the tries that
 * go on: at once when its channel has given it up, the far end has refused it or the provider could not
 * deliver it, else when it has not gone out in time. One channel after the other, in the person's order of preference, until
 * one has taken it. `lately` counts the pages that each person got.
 */
export function decideFallback(
  deciding: Deciding,
  incident: Incident,
  lately: () => PagesLately,
): void {
  if (incident.acknowledgedAt !== null || incident.resolvedAt !== null) return;
  const delivery = deciding.requireGraph().topology.delivery ?? DEFAULT_DELIVERY;
  for (const pages of attemptsOf(deciding, incident)) {
    const last = pages.at(-1)!;
    if (pages.some(hasArrived) || last.status === 'cancelled') continue;
    const waits = pages.filter((page) => page.status === 'queued');
    const dueAt = Math.max(last.queuedAt, last.notBefore ?? 0) + delivery.fallbackAfterMs;
    const isHopeful = waits.some(({ refusedAt }) => refusedAt === undefined);
    if (isHopeful && deciding.now < dueAt) continue;
    if (waits.some((page) => isHeldBack(page, lately()))) continue;
    takeNextChannel(deciding, incident, pages);
  }
}

/** Pages that ask for an answer, of the running clock, by step and person: one and those in its place. */
function attemptsOf(deciding: Deciding, incident: Incident): Iterable<readonly Page[]> {
  const attempts = new Map<string, Page[]>();
  for (const pageId of incident.pageIds) {
    const page = deciding.state.pages.get(pageId)!;
    if (!page.urgent || page.episode !== incident.episode) continue;
    const key = `${page.step} ${page.personId}`;
    attempts.set(key, [...(attempts.get(key) ?? []), page]);
  }
  return attempts.values();
}

/** Its provider has it, and has not said that it could not be delivered. */
export function hasArrived({ status, confirmation }: Page): boolean {
  return status === 'sent' && confirmation?.status !== 'failed';
}

function takeNextChannel(deciding: Deciding, incident: Incident, pages: readonly Page[]): void {
  const { personId, step, kind, facts, id } = pages[0]!;
  const next = nextChannelOf(deciding, pages);
  if (next === undefined) return;
  queuePages(deciding, incident, {
    ...{ step, kind, reminderRatio: facts.reminderRatio, insteadOf: id },
    recipients: [{ personId, channelId: next }],
  });
}

/** The first channel of their person that none of these pages went to; the inbox reaches nobody who sleeps. */
export function nextChannelOf(deciding: Deciding, pages: readonly Page[]): string | undefined {
  const { people, topology } = deciding.requireGraph();
  const used = new Set(pages.map(({ channelId }) => channelId));
  const kinds = new Map(topology.channels.map((channel) => [channel.id, channel.kind]));
  return people.get(pages[0]!.personId)?.channelIds.find((channelId) => {
    const channelKind = kinds.get(channelId);
    return channelKind !== undefined && channelKind !== 'inbox' && !used.has(channelId);
  });
}
