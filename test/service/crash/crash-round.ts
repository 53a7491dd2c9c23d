import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../lib/clock.ts';
import type { Random } from '../../../lib/random.ts';
import { type DurationMs, MINUTE, SECOND } from '../../../lib/time.ts';
import { verifyChain } from '../../../storage/verify-chain.ts';
import { MailServerRig } from '../../pages/mail-server.ts';
import { WebhookReceiver } from '../../pages/webhook-receiver.ts';
import { writeConfig } from '../service-process.ts';
import { crashConfig, SIGNING_KEY, type Threads } from './crash-config.ts';
import { Arrivals, type Facts, readFacts } from './facts.ts';
import { brokenAtDeath, brokenAtRest, LANDINGS, type Landing, landingsOf } from './judge.ts';
import { KilledService } from './killed-service.ts';
import { awaitCue, MOMENTS, type Moment } from './moments.ts';
import { Traffic } from './traffic.ts';

/** A cue that has not come so long after the service runs does not come any more: it is killed then. */
const LONGEST_LIFE_MS = 10 * SECOND;
const REST_WITHIN_MS = 2 * MINUTE;
const LOOK_EVERY_MS = 200;
/** Before any start has been timed. */
const FIRST_START_MS = 2 * SECOND;

export interface RoundOptions {
  readonly folder: string;
  readonly codeFolder: string;
  readonly random: Random;
  readonly threads: Threads;
  readonly plantedBug: number | null;
}

/** How often the kills of each moment cut off what. */
export type Landings = Record<Landing, number>;

export interface RoundResult {
  readonly kills: number;
  readonly alertsTaken: number;
  readonly incidents: number;
  readonly pages: number;
  readonly pagesSent: number;
  /** Requests that the webhook receiver knew by their key. */
  readonly repeatedRequests: number;
  /** Copies of mails that were delivered before; mail has no key that a server would honour. */
  readonly repeatedMails: number;
  /** A kill counts in each of them that holds for it. */
  readonly landings: Landings;
  readonly problems: readonly string[];
}

/** One data folder: a service that is killed again and again on it, and in the end left alone. */
export class CrashRound {
  readonly #options: RoundOptions;
  readonly #webhook: WebhookReceiver;
  readonly #mail: MailServerRig;
  readonly #traffic: Traffic;
  readonly #arrivals: Arrivals;
  readonly #landings = Object.fromEntries(LANDINGS.map((each) => [each, 0])) as Landings;
  readonly #problems = new Set<string>();
  #startMs: DurationMs = FIRST_START_MS;
  #kills = 0;

  private constructor(options: RoundOptions, webhook: WebhookReceiver, mail: MailServerRig) {
    this.#options = options;
    this.#webhook = webhook;
    this.#mail = mail;
    this.#traffic = new Traffic(options.random);
    this.#arrivals = new Arrivals(webhook, mail);
  }

  /** Kills it so many times, or until something is broken, and then lets it come to rest. */
  static async run(options: RoundOptions, kills: number): Promise<RoundResult> {
    await using webhook = await WebhookReceiver.start(SIGNING_KEY);
    await using mail = await MailServerRig.start();
    writeConfig(options.folder, crashConfig(webhook.url(), mail.port, options.threads));
    const round = new CrashRound(options, webhook, mail);
    while (round.#kills < kills && round.#problems.size === 0) await round.#liveAndDie();
    const facts = await round.#comeToRest();
    return round.#judge(facts);
  }

  async #liveAndDie(): Promise<void> {
    const { random } = this.#options;
    const moment = MOMENTS[Math.floor(random.next() * MOMENTS.length)]!;
    if (moment.holds === 'webhook') this.#webhook.script.push('accept-then-hang');
    if (moment.holds === 'mail') this.#mail.script.push('take-and-hang');
    const traffic = this.#traffic;
    traffic.pending.clear();
    const service = new KilledService(this.#start());
    const talk = service.running.then((url) => (url === null ? undefined : traffic.talkTo(url)));
    await this.#untilTheInstant(moment, service);
    await service.kill();
    // Rejects where it ended by itself.
    await talk;
    this.#webhook.script.length = 0;
    this.#mail.script.length = 0;
    this.#kills += 1;
    this.#startMs = service.startMs ?? this.#startMs;
    const facts = readFacts(this.#options.folder);
    const hasRun = service.startMs !== null;
    for (const landing of landingsOf(facts, traffic, this.#arrivals, hasRun))
      this.#landings[landing] += 1;
    this.#note(brokenAtDeath(facts, traffic, this.#arrivals));
  }

  async #untilTheInstant(moment: Moment, service: KilledService): Promise<void> {
    const { random } = this.#options;
    const ended = new AbortController();
    const sources = { webhook: this.#webhook, mail: this.#mail, traffic: this.#traffic };
    const cue = awaitCue(moment, { ...sources, running: service.running }, random, ended.signal);
    const tooLong = service.running.then(() =>
      pause(LONGEST_LIFE_MS, undefined, { signal: ended.signal }),
    );
    // Whichever comes later is no longer waited for.
    for (const each of [cue, tooLong]) each.catch(() => {});
    await Promise.race([cue, tooLong]);
    ended.abort();
    await pause(random.next() * this.#longestMs(moment));
  }

  #longestMs({ within }: Moment): DurationMs {
    if (within === 'a start') return this.#startMs;
    return within === 'an answer' ? 1.2 * this.#traffic.answerMs : within;
  }

  /** The last life: everything ends, and all that is to be sent is sent. */
  async #comeToRest(): Promise<Facts> {
    const { folder } = this.#options;
    const service = new KilledService(this.#start());
    const url = await service.running;
    try {
      await this.#traffic.endAll(url!);
      const untilMs = systemClock.monotonicMs() + REST_WITHIN_MS;
      for (;;) {
        const { openIncidents, waiting } = readFacts(folder);
        const isAtRest = openIncidents.size === 0 && waiting.size === 0;
        if (isAtRest || systemClock.monotonicMs() > untilMs) break;
        await pause(LOOK_EVERY_MS);
      }
    } finally {
      await service.stop();
    }
    return readFacts(folder);
  }

  #start() {
    const { folder, codeFolder, plantedBug } = this.#options;
    return { configFolder: folder, codeFolder, plantedBug };
  }

  #note(problems: readonly string[]): void {
    for (const problem of problems) this.#problems.add(problem);
  }

  #judge(facts: Facts): RoundResult {
    const webhook = this.#webhook;
    this.#note(brokenAtDeath(facts, this.#traffic, this.#arrivals));
    this.#note(brokenAtRest(facts, this.#arrivals));
    if (webhook.badSignatures > 0) this.#note(['a request was not signed as it should be']);
    if (!verifyChain(join(this.#options.folder, 'data')).ok) this.#note(['the chain is broken']);
    return {
      ...{ kills: this.#kills, alertsTaken: this.#traffic.taken.size, incidents: facts.opened },
      ...{ pages: facts.pages.size, pagesSent: facts.sent.size },
      repeatedRequests: webhook.requests.length - webhook.taken.size,
      repeatedMails: this.#mail.received.length - this.#arrivals.mails().size,
      landings: this.#landings,
      problems: [...this.#problems],
    };
  }
}
