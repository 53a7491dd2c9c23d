import type { HttpClient, HttpOutcome, HttpRequest } from '../../lib/http-client.ts';
import { say } from '../../lib/local-text.ts';
import type { MailClient, MailMessage, MailOutcome } from '../../lib/mail-client.ts';
import { type EpochMs, SECOND } from '../../lib/time.ts';
import type { Chance } from './chance.ts';
import type { SimClock } from './sim-clock.ts';

/** What a provider may do to a request; the first is what it should. */
export const PROVIDER_ACTS = [
  'deliver',
  'refuse',
  'fail-unread',
  'deliver-then-drop',
  'deliver-then-fail',
  'deliver-then-silence',
  'silence',
  'deliver-slowly',
  'too-many',
  'say-ok-with-error',
] as const;
export type ProviderAct = (typeof PROVIDER_ACTS)[number];

export interface Accepted {
  readonly key: string;
  readonly at: EpochMs;
  readonly body: string;
}

const OK_BODY = '{"errcode":0,"errmsg":"ok"}';
/** Nobody has the message, and the service cannot know that. */
const LEAVES_DOUBT: ReadonlySet<ProviderAct> = new Set(['fail-unread', 'silence'] as const);
const ERROR_BODY = '{"errcode":130101,"errmsg":"send too fast"}';

/**
 * The far end: webhook receivers that honour the idempotency key, and a chat robot that has none.
 * It outlives the service, and lies in every way that providers are known to.
 */
export class Providers {
  /** Messages that people have, by idempotency key. */
  readonly accepted = new Map<string, Accepted>();
  /** Pages of which the service cannot know whether their person has them. */
  readonly inDoubt = new Set<string>();
  /** Messages of the robot, which knows no key. */
  chatMessages = 0;
  /** Good answers that reached a live service, by key. */
  readonly confirmed = new Map<string, number>();
  readonly violations: string[] = [];
  calls = 0;
  act: () => ProviderAct = () => 'deliver';
  /** The page that a Message-ID belongs to; null: none that is durable. */
  pageOfMail: (messageId: string) => string | null = () => null;
  /** Until when a page is held for its person's sleep. */
  heldUntil: (key: string) => EpochMs | null = () => null;
  isDurable: (key: string) => boolean = () => true;
  readonly #clock: SimClock;
  readonly #chance: Chance;
  readonly #dead = new WeakSet<object>();
  readonly #inFlight = new Map<string, object>();

  constructor(clock: SimClock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  /** A mailbox keeps one copy of a message, whatever number of times it is handed over. */
  mailFor(owner: object): MailClient {
    return { send: (_server, message) => this.#mail(owner, message) };
  }

  clientFor(owner: object): HttpClient {
    return { send: (request) => this.#send(owner, request) };
  }

  /** A page that its person has by our word alone: no key tells what the message was. */
  takeAsRead(key: string): void {
    const page = { key, at: this.#clock.now(), body: '{}' };
    if (!this.accepted.has(key)) this.accepted.set(key, page);
  }

  /** `waitingIds`: pages of which a try may have been under way. */
  afterKill(owner: object, waitingIds: readonly string[]): void {
    for (const id of waitingIds) this.inDoubt.add(id);
    this.#dead.add(owner);
    for (const [key, holder] of this.#inFlight) if (holder === owner) this.#inFlight.delete(key);
  }

  #send(owner: object, request: HttpRequest): Promise<HttpOutcome> {
    if (this.#dead.has(owner)) return new Promise<never>(() => {});
    this.calls += 1;
    const key = request.headers['Idempotency-Key'] ?? null;
    if (key !== null) this.#note(owner, key);
    const wanted = this.act();
    const act = key !== null && wanted === 'say-ok-with-error' ? 'fail-unread' : wanted;
    if (act.startsWith('deliver')) this.#accept(key, request.body);
    const [outcome, afterMs] = this.#answer(act, request.timeoutMs);
    return new Promise((resolve) => {
      const answer = () => {
        if (key !== null) this.#inFlight.delete(key);
        const isGood = outcome.kind === 'response' && outcome.status === 200;
        if (key !== null && !isGood && LEAVES_DOUBT.has(act)) this.inDoubt.add(key);
        if (isGood && key !== null) this.confirmed.set(key, (this.confirmed.get(key) ?? 0) + 1);
        resolve(outcome);
      };
      this.#clock.after(afterMs, answer, owner, true);
    });
  }

  #mail(owner: object, message: MailMessage): Promise<MailOutcome> {
    if (this.#dead.has(owner)) return new Promise<never>(() => {});
    this.calls += 1;
    const key = this.pageOfMail(message.messageId);
    if (key === null) {
      this.violations.push(`a mail that was not in the journal: ${message.subject}`);
      return Promise.resolve({ kind: 'accepted', receipt: '' });
    }
    this.#note(owner, key);
    const act = this.act();
    const isKept = act.startsWith('deliver');
    if (isKept) this.#accept(key, JSON.stringify({ pageId: key }));
    const isGood = act === 'deliver' || act === 'deliver-slowly';
    // An end that is refused for good is told to nobody, and rightly so.
    const permanent = act === 'say-ok-with-error' && !key.endsWith('/resolved');
    const afterMs = act === 'deliver-slowly' ? 4 * SECOND : this.#chance.between(5, 400);
    return new Promise((resolve) => {
      const answer = () => {
        this.#inFlight.delete(key);
        if (isGood) this.confirmed.set(key, (this.confirmed.get(key) ?? 0) + 1);
        const detail = say('refused', '被拒绝');
        // As a mail server does that answers 5xx for a while, whether it has the message or not.
        const refused =
          act === 'deliver-then-fail' || act === 'refuse' ? ({ refused: true } as const) : {};
        const notTaken = isKept || LEAVES_DOUBT.has(act) ? {} : ({ notTaken: true } as const);
        if (LEAVES_DOUBT.has(act)) this.inDoubt.add(key);
        const failed = { kind: 'failed', permanent, detail, ...refused, ...notTaken } as const;
        resolve(isGood ? { kind: 'accepted', receipt: '' } : failed);
      };
      this.#clock.after(afterMs, answer, owner, true);
    });
  }

  #note(owner: object, key: string): void {
    if (!this.isDurable(key)) this.violations.push(`sent before it was in the journal: ${key}`);
    if ((this.heldUntil(key) ?? 0) > this.#clock.now())
      this.violations.push(`sent into quiet hours: ${key}`);
    if (this.#inFlight.has(key)) this.violations.push(`sent while it was being sent: ${key}`);
    if ((this.confirmed.get(key) ?? 0) > 3) this.violations.push(`sent again and again: ${key}`);
    this.#inFlight.set(key, owner);
  }

  #accept(key: string | null, body: string): void {
    if (key === null) {
      this.chatMessages += 1;
      return;
    }
    const before = this.accepted.get(key);
    if (before === undefined) this.accepted.set(key, { key, at: this.#clock.now(), body });
    else if (subjectOf(before.body) !== subjectOf(body)) {
      this.violations.push(`one key, two messages: ${key}`);
    }
  }

  #answer(act: ProviderAct, timeoutMs: number): [HttpOutcome, number] {
    const quickMs = this.#chance.between(5, 400);
    const failed = { kind: 'failed', failure: 'failed', detail: 'ECONNRESET' } as const;
    const response = (status: number, body = OK_BODY) =>
      ({ kind: 'response', status, body }) as const;
    switch (act) {
      case 'deliver':
        return [response(200), quickMs];
      case 'deliver-slowly':
        return [response(200), 4 * SECOND];
      case 'refuse':
        return [{ kind: 'failed', failure: 'refused', detail: 'ECONNREFUSED' }, quickMs];
      case 'deliver-then-drop':
        return [failed, quickMs];
      case 'fail-unread':
      case 'deliver-then-fail':
        return [response(500, 'oops'), quickMs];
      case 'silence':
      case 'deliver-then-silence':
        return [{ kind: 'failed', failure: 'timeout', detail: 'no answer in time' }, timeoutMs];
      case 'too-many':
        return [response(429), quickMs];
      case 'say-ok-with-error':
        return [response(200, ERROR_BODY), quickMs];
    }
  }
}

/** What a repeated message must have in common. */
function subjectOf(body: string): string {
  const { pageId, event, incident, episode, tier } = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify([pageId, event, incident, episode, tier]);
}
