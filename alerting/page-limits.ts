import type { DeliveryConfig } from '../config/delivery.ts';
import { type DurationMs, type EpochMs, MINUTE } from '../lib/time.ts';
import type { PageKind } from './events.ts';
import { recipientKey } from './paging.ts';
import type { EngineState, Page } from './state.ts';

/** Kinds that bring an incident, or how bad it has become, to someone for the first time. */
const FIRST: ReadonlySet<PageKind> = new Set([
  'opened',
  'escalated',
  'upgraded',
  'reopened',
  'lapsed',
]);

/** Programs take pages one by one: a summary would tell them nothing, and many disturb nobody. */
const FOR_PROGRAMS: ReadonlySet<string> = new Set(['webhook', 'pagerduty']);
/** A program may get so many times as much as a person. */
const TIMES_AS_MANY_FOR_A_PROGRAM = 20;
/** At the limit, what cannot wait goes out as one message so often on each channel. */
export const PRESSING_EVERY_MS: DurationMs = MINUTE;

interface Channel {
  readonly id: string;
  readonly kind: string;
}

type Sent = Pick<Page, 'personId' | 'channelId'>;

/**
 * How many messages went out lately: to each person, over the channels that people read, and on each
 * channel of a program. A summary is one. What the console's inbox shows disturbs nobody, so that it takes
 * no room from anything else; each person has as much room there again, for whoever reads it is a person.
 */
export class PagesLately {
  readonly #counts = new Map<string, number>();
  /** Person and channel: the latest of them. */
  readonly #lastAt = new Map<string, EpochMs>();
  readonly #kinds: ReadonlyMap<string, string>;
  readonly #delivery: DeliveryConfig;
  readonly #now: EpochMs;

  constructor(channels: readonly Channel[], delivery: DeliveryConfig, now: EpochMs) {
    this.#kinds = new Map(channels.map(({ id, kind }) => [id, kind]));
    this.#delivery = delivery;
    this.#now = now;
  }

  isForPeople(channelId: string): boolean {
    return !FOR_PROGRAMS.has(this.#kinds.get(channelId) ?? '');
  }

  /** One message more. */
  add(message: Sent, at: EpochMs): void {
    const key = this.budgetOf(message);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    const recipient = recipientKey(message);
    this.#lastAt.set(recipient, Math.max(at, this.#lastAt.get(recipient) ?? at));
  }

  /** How many more may go out now to the person, or on the channel of a program; 0 or less: none. */
  roomFor(message: Sent): number {
    const { mostPages } = this.#delivery;
    const times = this.isForPeople(message.channelId) ? 1 : TIMES_AS_MANY_FOR_A_PROGRAM;
    return mostPages * times - (this.#counts.get(this.budgetOf(message)) ?? 0);
  }

  /** Whether one more may go out beyond the limit, for what cannot wait. */
  maySqueezeIn(message: Sent): boolean {
    const lastAt = this.#lastAt.get(recipientKey(message));
    return lastAt === undefined || Math.abs(this.#now - lastAt) >= PRESSING_EVERY_MS;
  }

  /** What a message counts against: all with the same share one limit. */
  budgetOf({ personId, channelId }: Sent): string {
    if (!this.isForPeople(channelId)) return `channel ${channelId}`;
    return this.#kinds.get(channelId) === 'inbox' ? `inbox ${personId} ${channelId}` : personId;
  }
}

/** What went out within the time of the limit. `channels`: those in force. */
export function pagesLately(
  state: EngineState,
  delivery: DeliveryConfig,
  now: EpochMs,
  channels: readonly Channel[] = state.topology?.channels ?? [],
): PagesLately {
  const lately = new PagesLately(channels, delivery, now);
  for (const page of state.pages.values()) {
    const { id, status, finishedAt, inSummary } = page;
    if (status !== 'sent' || finishedAt === null) continue;
    if (inSummary !== undefined && inSummary !== id) continue;
    if (Math.abs(now - finishedAt) < delivery.mostPagesWithinMs) lately.add(page, finishedAt);
  }
  return lately;
}

/** Whether a page is the first one of an incident of tier 1 or 2, or the news that one has become that bad. */
export function isExempt({ facts, kind }: Pick<Page, 'kind' | 'facts'>): boolean {
  return facts.tier <= 2 && FIRST.has(kind);
}

/** What helps only in time: whatever a clock of tier 1 or 2 asks for, and every breach. */
export function isPressing({
  facts,
  kind,
  urgent,
}: Pick<Page, 'kind' | 'facts' | 'urgent'>): boolean {
  return urgent && (facts.tier <= 2 || kind === 'breached');
}

/**
 * Whether a page waits because its person has had enough of them for now. It waits, it is not lost:
 * newer ones of its incident take its place, an acknowledgement cancels it. The first page of an
 * incident of tier 1 or 2, and the news that one has become that bad, never waits; what else is
 * pressing waits for a minute at most.
 */
export function isHeldBack(
  page: Pick<Page, 'kind' | 'personId' | 'channelId' | 'facts' | 'urgent'>,
  lately: PagesLately,
): boolean {
  if (isExempt(page) || lately.roomFor(page) > 0) return false;
  if (!isPressing(page)) return true;
  return lately.isForPeople(page.channelId) && !lately.maySqueezeIn(page);
}

/** What is pressing first, then the end of what was told, then by tier and age. */
export function mostPressingFirst(a: Page, b: Page): number {
  return rankOf(a) - rankOf(b) || a.facts.tier - b.facts.tier || a.queuedAt - b.queuedAt;
}

function rankOf(page: Page): number {
  if (isPressing(page)) return 0;
  return page.kind === 'resolved' ? 1 : 2;
}
