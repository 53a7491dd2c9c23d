import type { Deciding } from './deciding.ts';
import { type Recipient, recipientsOf, toldAndConfigured } from './paging.ts';
import type { Incident } from './state.ts';

/**
 * Everyone told so far, each on one channel: the one after that of their last repetition, in their order of
 * preference, so that somebody who does not hear one way is soon tried on another.
 */
export function nextChannels(deciding: Deciding, incident: Incident): readonly Recipient[] {
  const told = toldAndConfigured(deciding, incident);
  const people = new Set(told.map(({ personId }) => personId));
  return Array.from(people, (personId) => {
    const own = recipientsOf(deciding, { afterMs: 0, personIds: [personId], channelIds: [] });
    // Whose channels have left the configuration is told where they were told before.
    const ways = own.length > 0 ? own : told.filter((each) => each.personId === personId);
    const last = lastChannel(deciding, incident, personId);
    const place = ways.findIndex(({ channelId }) => channelId === last);
    return ways[(place + 1) % ways.length]!;
  });
}

/** Of the last repetition of this clock, before any other channel came in for one that failed; null: there was none. */
function lastChannel({ state }: Deciding, incident: Incident, personId: string): string | null {
  const pages = incident.pageIds
    .map((pageId) => state.pages.get(pageId)!)
    .filter((page) => page.personId === personId && page.episode === incident.episode);
  const last = pages.findLast(({ kind }) => kind === 'repeat');
  return pages.find(({ step }) => step === last?.step)?.channelId ?? null;
}
