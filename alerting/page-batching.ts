import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import { isExempt, isPressing, type PagesLately } from './page-limits.ts';
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
 * for each incident. `due` has the most pressing first. First pages of tiers 1 and 2 always go out by
 * themselves, and so does what is for programs, which have a limit of their own. The others go out by
 * themselves as long as one message for each channel is left under the limit; the last ones gather for
 * a while, and then everything that waits is one summary a channel. At the limit they wait, except for
 * one message a minute on each channel with what is pressing.
 */
export function planMessages(due: readonly Page[], lately: PagesLately, now: EpochMs): MessagePlan {
  const forPeople = due.filter(({ channelId }) => lately.isForPeople(channelId));
  const exempt = forPeople.filter(isExempt);
  const messages: Message[] = exempt.map((page): Message => [page]);
  messages.push(...forPrograms(due, lately));
  let gatheredAt: EpochMs | null = null;
  const counted = Map.groupBy(
    forPeople.filter((page) => !isExempt(page)),
    (page) => lately.budgetOf(page),
  );
  for (const [budget, waiting] of counted) {
    const firstPages = exempt.filter((page) => lately.budgetOf(page) === budget).length;
    const room = lately.roomFor(waiting[0]!) - firstPages;
    if (room < 1) {
      const pressing = waiting.filter((page) => isPressing(page) && lately.maySqueezeIn(page));
      messages.push(...byChannel(pressing));
      continue;
    }
    const channels = byChannel(waiting);
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

/** Each page by itself, what can wait up to the limit of its channel. */
function forPrograms(due: readonly Page[], lately: PagesLately): readonly Message[] {
  const own = due.filter(({ channelId }) => !lately.isForPeople(channelId));
  return [...Map.groupBy(own, ({ channelId }) => channelId).values()].flatMap((pages) => {
    const cannotWait = (page: Page) => isExempt(page) || isPressing(page);
    const exempt = pages.filter(cannotWait);
    const others = pages.filter((page) => !cannotWait(page));
    const room = Math.max(0, lately.roomFor(pages[0]!) - exempt.length);
    return [...exempt, ...others.slice(0, room)].map((page): Message => [page]);
  });
}

function byChannel(pages: readonly Page[]): readonly Message[] {
  const groups = Map.groupBy(pages, ({ channelId }) => channelId);
  return [...groups.values()] as unknown as readonly Message[];
}

function dueAt({ nextAttemptAt, notBefore }: Page): EpochMs {
  return Math.max(nextAttemptAt, notBefore ?? 0);
}
