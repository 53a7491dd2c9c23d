import { EventEmitter, once } from 'node:events';
import { systemClock } from '../../../lib/clock.ts';
import type { Random } from '../../../lib/random.ts';
import { type DurationMs, HOUR, SECOND } from '../../../lib/time.ts';
import { siteOf } from './crash-config.ts';

/** What the service is asked to take: an alert, an acknowledgement, the end of an alert. */
export type Ask = 'raise' | 'acknowledge' | 'end';

/** One life is asked no more than this: what it says is what counts. */
const MOST_TURNS = 12;
const ALERTS_TO_A_REQUEST = 100;
/** Before any answer has been timed. */
const FIRST_GUESS_MS = 20;
const JSON_TYPE = { 'content-type': 'application/json' } as const;

/** Programs that tell of alerts and people who acknowledge, and what the service has promised them by its answers. */
export class Traffic {
  /** Names of alerts that it was told of, whatever became of the request. */
  readonly asked: string[] = [];
  /** Those for which it has answered 200: they are safe. */
  readonly taken = new Set<string>();
  /** Alerts whose end it has answered 200 for. */
  readonly ended = new Set<string>();
  /** Incidents whose acknowledgement it has answered 200 for. */
  readonly acknowledged = new Set<string>();
  /** What it answered instead where it should have taken something. */
  readonly refusals: string[] = [];
  /** What was asked and is not answered. */
  readonly pending = new Set<Ask>();
  /** How long the last answer took. */
  answerMs: DurationMs = FIRST_GUESS_MS;
  readonly #random: Random;
  readonly #events = new EventEmitter();
  #firing: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Resolves as such a request is sent. */
  async next(ask: Ask, signal: AbortSignal): Promise<void> {
    await once(this.#events, ask, { signal });
  }

  /** Alerts come, some go, someone acknowledges, until the service is killed in the middle or has had enough. */
  async talkTo(url: string): Promise<void> {
    this.pending.clear();
    try {
      for (let turn = 0; turn < MOST_TURNS; turn++) await this.#turn(url);
    } catch {
      // Killed: what was not answered stays pending.
    }
  }

  /** Everything that it was ever told of is over; an alert whose answer was cut off may be there or not. */
  async endAll(url: string): Promise<void> {
    await this.#tellOf(url, this.asked, true);
    this.#firing = [];
  }

  async #turn(url: string): Promise<void> {
    const name = `alert-${this.asked.length + 1}`;
    this.asked.push(name);
    await this.#ask('raise', () => this.#tellOf(url, [name], false));
    this.taken.add(name);
    this.#firing.push(name);
    if (this.#random.next() < 0.5) await this.#acknowledgeOne(url);
    const over = this.#firing.filter(() => this.#random.next() < 0.3);
    if (over.length === 0) return;
    await this.#ask('end', () => this.#tellOf(url, over, true));
    for (const each of over) this.ended.add(each);
    this.#firing = this.#firing.filter((each) => !over.includes(each));
  }

  async #ask(ask: Ask, request: () => Promise<void>): Promise<void> {
    const startedMs = systemClock.monotonicMs();
    this.pending.add(ask);
    this.#events.emit(ask);
    await request();
    this.pending.delete(ask);
    this.answerMs = systemClock.monotonicMs() - startedMs;
  }

  async #acknowledgeOne(url: string): Promise<void> {
    const answer = await fetch(`${url}/api/v1/incidents?status=open`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    const one = items[Math.floor(this.#random.next() * items.length)];
    if (one === undefined) return;
    await this.#ask('acknowledge', async () => {
      const { status } = await fetch(`${url}/api/v1/incidents/${one.id}/acknowledgement`, {
        ...{ method: 'POST', headers: JSON_TYPE, body: JSON.stringify({ by: 'duty' }) },
      });
      if (status === 200) this.acknowledged.add(one.id);
      else this.refusals.push(`an acknowledgement was refused: ${status}`);
    });
  }

  async #tellOf(url: string, names: readonly string[], isOver: boolean): Promise<void> {
    const now = systemClock.now();
    const alerts = names.map((name) => ({
      labels: { alertname: name, severity: 'critical', site: siteOf(this.asked.indexOf(name)) },
      annotations: { summary: name },
      startsAt: new Date(now - SECOND).toISOString(),
      endsAt: new Date(isOver ? now : now + 10 * HOUR).toISOString(),
    }));
    for (let from = 0; from < alerts.length; from += ALERTS_TO_A_REQUEST) {
      const body = JSON.stringify(alerts.slice(from, from + ALERTS_TO_A_REQUEST));
      const { status } = await fetch(`${url}/api/v2/alerts`, {
        ...{ method: 'POST', headers: JSON_TYPE, body },
      });
      if (status === 200) continue;
      this.refusals.push(`alerts were refused: ${status}`);
      throw new Error('alerts were refused');
    }
  }
}
