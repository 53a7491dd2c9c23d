import type { DeliveryConfig } from '../config/delivery.ts';
import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import { isExempt } from './page-limits.ts';
import type { Page } from './state.ts';

/** One page, or several to one person on one channel as one summary; the most pressing first. */
export type Message = readonly [Page, ...Page[]];

export interface MessagePlan {
  readonly messages: readonly Message[];
  /** When pages that are being gathered go out; null: none are. */
  readonly gatheredAt: EpochMs | null;
}

/** The last message before the limit waits this long for what else it can tell, */
const GATHER_MS: DurationMs = 20 * SECOND;
/** and this long in a storm, in which many more are on their way. */
const GATHER_IN_STORM_MS: DurationMs = 3 * SECOND;

/** Up to so many more than there is room for are no storm yet. */
const SMALL_EXCESS = 10;

/**
 * Divides what is due into messages, so that a storm reaches a person as one summary and not as a page
 * for each incident. `due` has the most pressing first; `lately` counts the messages that each person
 * got. First pages of tiers 1 and 2 always go out by themselves, and so does what is on a channel that
 * `isForPeople` denies. The others go out by themselves as long as one message for each channel is left
 * under the limit; the last ones gather for a while, and then everything that waits is one summary a
 * channel. At the limit they wait.
 */
export function planMessages(
  due: readonly Page[],
  lately: ReadonlyMap<string, number>,
  delivery: DeliveryConfig,
  isForPeople: (channelId: string) => boolean,
  now: EpochMs,
): MessagePlan {
  const messages: Message[] = due.filter(isExempt).map((page): Message => [page]);
  let gatheredAt: EpochMs | null = null;
  const counted = Map.groupBy(
    due.filter((page) => !isExempt(page)),
    ({ personId }) => personId,
  );
  for (const [personId, waiting] of counted) {
    const exempt = messages.filter(([page]) => page.personId === personId).length;
    const room = delivery.mostPages - (lately.get(personId) ?? 0) - exempt;
    if (room < 1) continue;
    const channels = groupsOf(waiting, isForPeople);
    if (waiting.length <= room - channels.length) {
      messages.push(...waiting.map((page): Message => [page]));
      continue;
    }
    const gatherMs = waiting.length <= room + SMALL_EXCESS ? GATHER_MS : GATHER_IN_STORM_MS;
    const until = Math.min(...waiting.map(dueAt)) + gatherMs;
    if (until > now && until - now <= gatherMs) {
      gatheredAt = Math.min(gatheredAt ?? until, until);
      continue;
    }
    messages.push(...channels.slice(0, room));
  }
  return { messages, gatheredAt };
}

/** By channel; on a channel of programs each page for itself. */
function groupsOf(
  pages: readonly Page[],
  isForPeople: (channelId: string) => boolean,
): readonly Message[] {
  const groups = Map.groupBy(pages, ({ id, channelId }) =>
    isForPeople(channelId) ? channelId : `${channelId} ${id}`,
  );
  return [...groups.values()] as unknown as readonly Message[];
}

function dueAt({ nextAttemptAt, notBefore }: Page): EpochMs {
  return Math.max(nextAttemptAt, notBefore ?? 0);
}
