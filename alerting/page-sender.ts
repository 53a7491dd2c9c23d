import type { DeliveryConfig } from '../config/delivery.ts';
import type { Config } from '../config/model.ts';
import { assert } from '../lib/assert.ts';
import { type Backoff, backoffDelayMs } from '../lib/backoff.ts';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import { say, withCode } from '../lib/local-text.ts';
import type { Logger } from '../lib/logger.ts';
import type { Random } from '../lib/random.ts';
import { type DurationMs, type EpochMs, HOUR, MINUTE, SECOND } from '../lib/time.ts';
import type { World } from '../lib/world.ts';
import { ChannelCircuits } from './channel-circuits.ts';
import { LONGEST_ASKED_WAIT_MS } from './channels/http-outcome.ts';
import { type ChannelOutcome, retryLater } from './channels/outgoing-page.ts';
import type { EngineHost } from './engine-host.ts';
import { type Message, planMessages } from './page-batching.ts';
import { consoleLinks } from './page-content.ts';
import { type DeliveryParts, deliverPage, deliverSummary, restoreInbox } from './page-delivery.ts';
import { mostPressingFirst, type PagesLately, pagesLately } from './page-limits.ts';
import { recipientKey } from './paging.ts';
import { PAGE_RESULTS, type PageResult, type SenderMetrics } from './sender-metrics.ts';
import type { EngineState, Page } from './state.ts';

export interface PageSenderOptions
  extends Pick<World<unknown>, 'clock' | 'random' | 'http' | 'mail'>,
    Pick<DeliveryParts, 'inbox'>,
    Partial<Pick<DeliveryParts, 'linksFor'>> {
  readonly host: EngineHost;
  /** Asked at every try, so that a corrected address counts at once. */
  readonly getConfig: () => Config;
  readonly log: Logger;
  readonly metrics: SenderMetrics;
}

/** A page whose try is under way. */
interface Trying {
  readonly channelId: string;
  readonly thread: string;
  /** Of the pages of one message, the first stands for it. */
  readonly isLead: boolean;
  readonly done: Promise<void>;
}

/** What is under way, counted once for all that would like to follow it. */
interface Busy {
  messages: number;
  readonly onChannel: Map<string, number>;
  readonly threads: Set<string>;
}

/** Carries queued pages out. */
export interface PageSender {
  /** Fills the inbox again and begins to send. */
  start(): void;
  /** Starts nothing more and waits, at most ten seconds, for what is being sent. */
  stop(): Promise<void>;
  /** Pages whose try is under way: how it ends is not reported yet. */
  unreportedPageIds(): readonly string[];
  /** Looks at the engine's state again soon; cheap, and safe to call often. */
  wake(): void;
}

const PAGE_BACKOFF: Backoff = {
  firstMs: 5 * SECOND,
  longestMs: 2 * MINUTE,
  multiplier: 2,
  jitterRatio: 0.2,
};

/** Pages being sent at once, over all channels. */
const LARGEST_PARALLEL = 64;
/** Pages being sent at once on one channel: a slow one cannot use up all the room. */
export const LARGEST_PARALLEL_PER_CHANNEL = 4;

/** The state is read again at least this often, so that nothing hangs on one wake or one timer. */
const RECHECK_MS: DurationMs = 5 * SECOND;
const STOP_MS: DurationMs = 10 * SECOND;
/** Bound on one try over a channel that names none. */
const DEFAULT_TRY_MS: DurationMs = 10 * SECOND;
/** No retry is ever planned later than this; one that seems to be was planned before the clock was set back. */
const LONGEST_WAIT_MS: DurationMs = Math.max(
  LONGEST_ASKED_WAIT_MS,
  PAGE_BACKOFF.longestMs * (1 + PAGE_BACKOFF.jitterRatio),
);

/** A sender that has not begun; `start` begins. It never throws over a page: what goes wrong is a delivery input. */
export function createPageSender(options: PageSenderOptions): PageSender {
  return new StatePageSender(options);
}

/**
 * Sends what the engine's state says is queued and due, and reports each try back as a delivery
 * input. The state is the only queue:
 *
 *   queued in the state ──▶ in flight ──▶ reported ──▶ counted in the state (sent, or attempts + 1)
 *
 * A page leaves `in flight` when its try ends or times out, and `reported` when the state counts
 * that try; in both it is not sent again. Pages of one incident to one recipient go out one after the
 * other. A crash at any point leaves the page queued in the
 * journal, and the next start sends it with the same key. When to give up is the engine's decision.
 */
class StatePageSender implements PageSender {
  readonly #options: PageSenderOptions;
  readonly #delivery: DeliveryParts;
  readonly #clock: Clock;
  readonly #random: Random;
  /** Page id → the try that is under way. */
  readonly #inFlight = new Map<string, Trying>();
  /** Page id → number of the try that was reported and is not yet counted in the state. */
  readonly #reported = new Map<string, number>();
  readonly #circuits = new ChannelCircuits();
  #running = false;
  #scanPlanned = false;
  #cancelTimer: CancelTimer = () => {};
  #unsubscribe = () => {};

  constructor(options: PageSenderOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#delivery = {
      http: options.http,
      mail: options.mail,
      inbox: options.inbox,
      linksFor: options.linksFor ?? consoleLinks,
      isFollowUp: (page) => hasEarlier(options.host.state, page),
    };
  }

  start(): void {
    assert(!this.#running, 'page sender started twice');
    const { host, getConfig, metrics } = this.#options;
    const config = getConfig();
    for (const channel of config.channels) {
      metrics.circuitOpen.set({ channel: channel.id }, 0);
      for (const result of PAGE_RESULTS) metrics.pages.inc({ channel: channel.id, result }, 0);
    }
    restoreInbox(host.state, config, this.#delivery);
    this.#running = true;
    this.#unsubscribe = host.subscribe(() => this.wake());
    this.wake();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#unsubscribe();
    this.#cancelTimer();
    if (this.#inFlight.size === 0) return;
    const all = Promise.all([...this.#inFlight.values()].map(({ done }) => done));
    let cancel: CancelTimer = () => {};
    const bound = new Promise<void>((resolve) => {
      cancel = this.#clock.after(STOP_MS, resolve);
    });
    await Promise.race([all, bound]);
    cancel();
  }

  unreportedPageIds(): readonly string[] {
    return [...this.#inFlight.keys()];
  }

  wake(): void {
    if (!this.#running || this.#scanPlanned) return;
    this.#scanPlanned = true;
    const scan = () => {
      this.#scanPlanned = false;
      this.#scan();
    };
    // Pages that end in the same turn are looked at together, and all else has its turn between.
    const { nextTurn } = this.#clock;
    if (nextTurn === undefined) queueMicrotask(scan);
    else void nextTurn().then(scan);
  }

  #scan(): void {
    if (!this.#running) return;
    this.#cancelTimer();
    this.#forgetCounted();
    const now = this.#clock.now();
    const due: Page[] = [];
    let nextAt = now + RECHECK_MS;
    for (const page of this.#options.host.state.pages.values()) {
      if (page.status !== 'queued') continue;
      if (this.#inFlight.has(page.id) || this.#reported.has(page.id)) continue;
      if (isDue(page, now)) due.push(page);
      else nextAt = Math.min(nextAt, page.nextAttemptAt);
    }
    const { delivery } = this.#options.getConfig();
    const lately = this.#pagesLately(delivery, now);
    due.sort(mostPressingFirst);
    const plan = planMessages(due, lately, now);
    const busy = this.#whatIsBusy();
    for (const message of plan.messages.toSorted((a, b) => mostPressingFirst(a[0], b[0]))) {
      if (busy.messages >= LARGEST_PARALLEL) break;
      if (!this.#hasRoom(message, busy, now)) continue;
      this.#begin(message);
      take(busy, message);
    }
    nextAt = Math.min(nextAt, plan.gatheredAt ?? nextAt);
    for (const { channelId } of due) {
      nextAt = Math.min(nextAt, this.#circuits.nextAt(channelId, now) ?? nextAt);
    }
    this.#cancelTimer = this.#clock.after(nextAt - now, () => this.#scan());
  }

  /** With those that are under way or not counted in the state yet. */
  #pagesLately(delivery: DeliveryConfig, now: EpochMs): PagesLately {
    const { state } = this.#options.host;
    const lately = pagesLately(state, delivery, now, this.#options.getConfig().channels);
    const leads = [...this.#inFlight].filter(([, { isLead }]) => isLead).map(([pageId]) => pageId);
    for (const pageId of [...leads, ...this.#reported.keys()]) {
      const page = state.pages.get(pageId);
      if (page !== undefined) lately.add(page, now);
    }
    return lately;
  }

  #forgetCounted(): void {
    const { pages } = this.#options.host.state;
    for (const [pageId, attempt] of this.#reported) {
      const page = pages.get(pageId);
      // A try of a cancelled page counts, too: its person may have got it.
      const isOver = page === undefined || page.status === 'sent' || page.status === 'abandoned';
      if (isOver || page.attempts >= attempt) this.#reported.delete(pageId);
    }
  }

  /** What is under way to the same recipient about the same incident comes first: `opened` never after `resolved`. */
  #hasRoom(message: Message, { onChannel, threads }: Busy, now: EpochMs): boolean {
    const { channelId } = message[0];
    const count = onChannel.get(channelId) ?? 0;
    if (count >= LARGEST_PARALLEL_PER_CHANNEL) return false;
    if (!this.#circuits.mayTry(channelId, count, now)) return false;
    return !message.some((page) => threads.has(threadOf(page)));
  }

  #whatIsBusy(): Busy {
    const busy: Busy = { messages: 0, onChannel: new Map(), threads: new Set() };
    for (const { isLead, channelId, thread } of this.#inFlight.values()) {
      busy.threads.add(thread);
      if (isLead) takeChannel(busy, channelId);
    }
    return busy;
  }

  #begin(message: Message): void {
    const attempts = message.map((page) => page.attempts + 1);
    const done = this.#try(message).then((outcome) => {
      for (const [index, page] of message.entries()) {
        this.#inFlight.delete(page.id);
        this.#reported.set(page.id, attempts[index]!);
      }
      this.#report(message, attempts, outcome);
      this.wake();
    });
    for (const page of message) {
      const isLead = page === message[0];
      const { channelId } = page;
      this.#inFlight.set(page.id, { channelId, thread: threadOf(page), isLead, done });
    }
  }

  /** One try, bounded by the channel's time; its result is lost to us, not to the receiver, when it comes later. */
  #try(message: Message): Promise<ChannelOutcome> {
    const [page] = message;
    const config = this.#options.getConfig();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(tryMs(page, config), () =>
        resolve(retryLater(say('no answer in time', '未在时限内应答'))),
      );
      const now = this.#clock.now();
      const tried =
        message.length === 1
          ? deliverPage(page, config, this.#delivery, now)
          : deliverSummary(message, config, this.#delivery, now);
      tried
        .catch((error: unknown) => this.#unexpected(page, error))
        .then((outcome) => {
          cancel();
          resolve(outcome);
        });
    });
  }

  /** A bug in a channel must not end the paging of the others. The message of an error may hold a URL: only its name is kept. */
  #unexpected(page: Page, error: unknown): ChannelOutcome {
    const name = error instanceof Error ? error.name : 'unknown';
    this.#options.log.error({ pageId: page.id, error: name }, 'unexpected error in a channel');
    return retryLater(withCode(say('internal error', '内部错误'), name));
  }

  #report(message: Message, attempts: readonly number[], outcome: ChannelOutcome): void {
    const { host, log, metrics } = this.#options;
    const now = this.#clock.now();
    const [{ id: leadId, channelId: channel }] = message;
    metrics.pages.inc({ channel, result: resultOf(outcome) });
    this.#circuits.count(channel, outcome, now);
    metrics.circuitOpen.set({ channel }, this.#circuits.isOpen(channel) ? 1 : 0);
    const nextAttemptAt = now + this.#waitMs(attempts[0]!, outcome);
    const summary = message.length === 1 ? {} : { inSummary: leadId };
    for (const [index, { id: pageId, waitingSince }] of message.entries()) {
      const attempt = attempts[index]!;
      if (outcome.result === 'sent') {
        const waitedMs = Math.max(0, now - waitingSince);
        metrics.deliveryDuration.observe({ channel }, waitedMs / SECOND);
        log.info({ pageId, attempt, ...summary, receipt: outcome.receipt, waitedMs }, 'page sent');
        host.submit({ kind: 'delivery', delivery: { pageId, attempt, ...outcome, ...summary } });
        continue;
      }
      const { reason, permanent, result } = outcome;
      const waitMs = nextAttemptAt - now;
      log.warn({ pageId, attempt, reason: reason.en, permanent, waitMs }, 'page not sent');
      const refused = outcome.refused === true ? ({ refused: true } as const) : {};
      const notTaken = outcome.notTaken === true ? ({ notTaken: true } as const) : {};
      const failure = { result, reason, permanent, nextAttemptAt, ...refused, ...notTaken };
      host.submit({ kind: 'delivery', delivery: { pageId, attempt, ...failure } });
    }
  }

  #waitMs(attempt: number, outcome: ChannelOutcome): DurationMs {
    if (outcome.result === 'sent') return 0;
    const backoffMs = outcome.permanent ? 0 : backoffDelayMs(PAGE_BACKOFF, attempt, this.#random);
    return Math.max(backoffMs, outcome.waitMs ?? 0);
  }
}

/** Whether another page of the incident was handed over to the same recipient. */
function hasEarlier({ incidents, pages }: EngineState, page: Page): boolean {
  const others = incidents.get(page.incidentId)?.pageIds ?? [];
  return others.some((id) => {
    const other = pages.get(id);
    return other?.status === 'sent' && recipientKey(other) === recipientKey(page);
  });
}

/** Also true for waits that only a clock set back can explain. */
function isDue(page: Page, now: EpochMs): boolean {
  if (isHeld(page, now)) return false;
  if (page.nextAttemptAt <= now || page.nextAttemptAt - now > LONGEST_WAIT_MS) return true;
  return page.attempts === 0 && page.queuedAt > now;
}

/** Until its person wakes up; a clock that was set back by a day does not make the night a day longer. */
function isHeld({ notBefore, queuedAt, keyAt }: Page, now: EpochMs): boolean {
  return notBefore !== null && now < notBefore && (keyAt ?? queuedAt) - queuedAt <= HOUR;
}

function take(busy: Busy, message: Message): void {
  takeChannel(busy, message[0].channelId);
  for (const page of message) busy.threads.add(threadOf(page));
}

function takeChannel(busy: Busy, channelId: string): void {
  busy.messages += 1;
  busy.onChannel.set(channelId, (busy.onChannel.get(channelId) ?? 0) + 1);
}

/** The pages that one person gets about one incident on one channel. */
function threadOf(page: Page): string {
  return `${page.incidentId} ${recipientKey(page)}`;
}

function tryMs(page: Page, config: Config): DurationMs {
  const channel = config.channels.find(({ id }) => id === page.channelId);
  return channel === undefined || channel.kind === 'inbox' ? DEFAULT_TRY_MS : channel.timeoutMs;
}

function resultOf(outcome: ChannelOutcome): PageResult {
  if (outcome.result === 'sent') return 'sent';
  return outcome.permanent ? 'rejected' : 'failed';
}
