import { Worker } from 'node:worker_threads';
import { type Backoff, backoffDelayMs } from '../../lib/backoff.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Logger, LogLevel } from '../../lib/logger.ts';
import type { Random } from '../../lib/random.ts';
import { threadEnvironment } from '../../lib/thread-environment.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { HeldPort } from '../held-ports.ts';
import type { ConfigMessage } from './config-message.ts';
import type { Answer, FromThread, Question, ToThread, Turn } from './messages.ts';
import { Questions } from './questions.ts';
import type { ThreadMetrics } from './thread-metrics.ts';

export interface PollerThreadDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: ThreadMetrics;
  /** The module that the thread runs; it calls `servePollerThread`. */
  readonly entry: URL;
  readonly logLevel: LogLevel;
  /** What was learned before, asked for at each start. */
  readonly learned: () => string | null;
  /** Ports of its devices whose totals are held, asked for at each start. */
  readonly held: () => ReadonlyMap<string, readonly HeldPort[]>;
  /** `clockOffsetMs` makes an instant of our monotonic clock of one of the thread's. */
  readonly onTurn: (turn: Turn, clockOffsetMs: number) => void;
  readonly onStart: () => void;
  /** The thread has fallen silent, or is heard again. */
  readonly onSilence: () => void;
  /** The thread has ended though nobody asked it to: of its devices nothing is known for a while. */
  readonly onLost: () => void;
}

/** What the entry of a thread is given. */
export interface ThreadData {
  readonly logLevel: LogLevel;
}

const RESTART: Backoff = { firstMs: 200, longestMs: 30 * SECOND, multiplier: 3, jitterRatio: 0.2 };
/** After so long without an end the next restart is quick again. */
const STEADY_MS = 5 * MINUTE;
/** A thread that has not been heard for so long hangs: it is ended and starts again. */
const HUNG_MS = MINUTE;
/** One that has not been heard for so long is said to be silent, and asked nothing. */
const SILENT_MS = 10 * SECOND;
const WATCH_EVERY_MS = 5 * SECOND;
const STOP_WITHIN_MS = 5 * SECOND;

/**
 * One thread that polls, seen from the main one.
 *
 * idle → running at `start`; running → waiting when it ends by itself or hangs; waiting → running
 * after a pause that grows with each failure; any → stopped at `stop`.
 */
export class PollerThread {
  readonly #deps: PollerThreadDeps;
  readonly #questions: Questions;
  #config: ConfigMessage;
  #worker: Worker | null = null;
  #startedMs = 0;
  #heardMs: number | null = null;
  #watchedMs = 0;
  #isSilent = false;
  #clockOffsetMs = Number.POSITIVE_INFINITY;
  #failures = 0;
  #cancelTimer: CancelTimer = () => {};
  #stopping: PromiseWithResolvers<void> | null = null;

  constructor(deps: PollerThreadDeps, config: ConfigMessage) {
    this.#deps = deps;
    this.#config = config;
    this.#questions = new Questions({
      clock: deps.clock,
      metrics: deps.metrics,
      post: (id, question) => this.#post({ kind: 'ask', id, question }),
    });
  }

  /** False as well while it is not heard of. */
  get isRunning(): boolean {
    return this.#worker !== null && !this.#isSilent;
  }

  /** False as well while a question waits for longer than it may. */
  get isAnswering(): boolean {
    return this.isRunning && !this.#questions.isOverdue;
  }

  /** Monotonic instant at which it last proved to be alive; null when it runs no more or not yet. */
  get heardMs(): number | null {
    return this.#heardMs;
  }

  start(): void {
    const { clock, learned, held, entry, logLevel, onStart } = this.#deps;
    const workerData: ThreadData = { logLevel };
    // Nothing of the environment, where secrets may be; what it needs is said.
    const worker = new Worker(entry, { workerData, env: threadEnvironment() });
    this.#worker = worker;
    this.#startedMs = clock.monotonicMs();
    this.#watchedMs = this.#startedMs;
    this.#isSilent = false;
    this.#clockOffsetMs = Number.POSITIVE_INFINITY;
    let reason: unknown = 'it ended without a word';
    worker.on('error', (error) => {
      reason = error;
    });
    worker.on('messageerror', (error) => {
      reason = error;
      void worker.terminate();
    });
    worker.on('exit', () => this.#ended(worker, reason));
    worker.on('message', (message: FromThread) => this.#take(worker, message));
    this.#post({ kind: 'start', config: this.#config, learned: learned(), held: held() });
    this.#watch();
    onStart();
  }

  reconfigure(config: ConfigMessage): void {
    this.#config = config;
    this.#post({ kind: 'reconfigure', config });
  }

  /** See `Questions.ask`; null at once while the thread does not answer. */
  async ask(question: Question): Promise<Answer> {
    return this.isRunning ? this.#questions.ask(question) : null;
  }

  /** See `Questions.poll`; null while the thread does not run. */
  async poll(deviceId: string): Promise<Answer> {
    return this.#worker === null ? null : this.#questions.poll(deviceId);
  }

  /** Ends its polls and then the thread; what it has learned is told before. Never rejects. */
  async stop(): Promise<void> {
    if (this.#stopping !== null) return this.#stopping.promise;
    this.#stopping = Promise.withResolvers();
    this.#cancelTimer();
    this.#questions.abandon();
    const worker = this.#worker;
    if (worker === null) return this.#stopping.resolve();
    this.#post({ kind: 'stop' });
    this.#cancelTimer = this.#deps.clock.after(STOP_WITHIN_MS, () => void worker.terminate());
    return this.#stopping.promise;
  }

  #post(message: ToThread): void {
    this.#worker?.postMessage(message);
  }

  #take(worker: Worker, message: FromThread): void {
    if (worker !== this.#worker) return;
    if (message.kind === 'stopped') {
      void worker.terminate();
      return;
    }
    const nowMs = this.#deps.clock.monotonicMs();
    this.#heardMs = nowMs;
    if (this.#isSilent) this.#noteSilence(false, 0);
    // The quickest message tells best how far the clocks are apart.
    this.#clockOffsetMs = Math.min(this.#clockOffsetMs, nowMs - message.sentMs);
    this.#deps.onTurn(message, this.#clockOffsetMs);
    for (const { id, answer } of message.answers) this.#questions.settle(id, answer);
    this.#post({ kind: 'taken' });
  }

  #ended(worker: Worker, reason: unknown): void {
    if (worker !== this.#worker) return;
    this.#cancelTimer();
    this.#worker = null;
    this.#heardMs = null;
    this.#questions.abandon();
    if (this.#stopping !== null) this.#stopping.resolve();
    else this.#restart(reason);
  }

  #restart(reason: unknown): void {
    const { clock, random, log, metrics, onLost } = this.#deps;
    if (clock.monotonicMs() - this.#startedMs > STEADY_MS) this.#failures = 0;
    this.#failures += 1;
    const place = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
    const restartMs = backoffDelayMs(RESTART, this.#failures, random);
    log.error({ place, restartMs }, 'a poller thread ended; it starts again');
    metrics.threadFailed();
    onLost();
    this.#cancelTimer = clock.after(restartMs, () => this.start());
  }

  #noteSilence(isSilent: boolean, silentMs: number): void {
    const { log, onSilence } = this.#deps;
    this.#isSilent = isSilent;
    if (isSilent) {
      log.warn({ silentMs }, 'a poller thread is not heard of; its devices are not polled');
      this.#questions.abandon();
    } else log.info('a poller thread is heard of again');
    onSilence();
  }

  /** While this thread itself is held up, it hears nobody: only what it looked at in time counts. */
  #watch(): void {
    const { clock, log } = this.#deps;
    this.#cancelTimer = clock.after(WATCH_EVERY_MS, () => {
      const nowMs = clock.monotonicMs();
      const wasHeldUp = nowMs - this.#watchedMs > 2 * WATCH_EVERY_MS;
      this.#watchedMs = nowMs;
      const silentMs = nowMs - (this.#heardMs ?? this.#startedMs);
      if (silentMs > SILENT_MS && !wasHeldUp && !this.#isSilent) {
        this.#noteSilence(true, silentMs);
      }
      if (silentMs > HUNG_MS && !wasHeldUp) {
        log.error({ silentMs }, 'a poller thread hangs and is ended');
        void this.#worker?.terminate();
      } else this.#watch();
    });
  }
}
