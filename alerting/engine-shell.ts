import type { CancelTimer, Clock } from '../lib/clock.ts';
import { type Journal, JournalError, type NewEntry } from '../lib/journal.ts';
import type { Logger } from '../lib/logger.ts';
import type { Random } from '../lib/random.ts';
import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import { apply } from './apply.ts';
import { copyState } from './copy-state.ts';
import { Engine } from './engine.ts';
import type { EngineHost } from './engine-host.ts';
import { type DomainEvent, subjectOf } from './events.ts';
import type { Command, CommandOutcome, Input } from './inputs.ts';
import type { EngineMetrics } from './self-metrics.ts';
import { type EngineState, emptyState } from './state.ts';

/** How often time alone moves the engine. */
const TICK_EVERY_MS = SECOND;

/** Never drawn twice, and short enough for a header. */
const RUN_ID_BYTES = 8;

/** Inputs held while the journal is slow; beyond it the oldest observations are dropped and counted. */
const MOST_WAITING_INPUTS = 50_000;

/** Taken into one tick, so that whatever else the process does never waits long for it; an alert counts as one. */
export const MOST_PER_TICK = 128;

/** Looked at in one tick, for the same reason; all are looked at once a second. */
const INCIDENTS_PER_TICK = 100;

export interface EngineShellOptions {
  readonly journal: Journal<DomainEvent>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly metrics: EngineMetrics;
  readonly version: string;
  /** What the journal was folded to up to entry `sequence`; the shell goes on from there. Left out or null: nothing. */
  readonly start?: { readonly engine: EngineState; readonly sequence: number } | null;
  /** Incidents that one tick of a look at everything goes through; left out: a hundred. */
  readonly incidentsPerTick?: number;
  /** Called with every event that was there at the start, behind `start`, in order, so that others need not read them again. */
  readonly onReplay: (event: DomainEvent) => void;
  /** Polls these devices at once. */
  readonly onProbe: (deviceIds: readonly string[]) => void;
  /**
   * Nothing is decided any more: the journal could not prove that an append is durable (JournalError),
   * or there is a bug (anything else). Only a new shell, from what is on the disk, goes on.
   */
  readonly onFatal: (error: Error) => void;
}

interface Waiting {
  readonly input: Input;
  /** Called when what it led to is durable; `outcome` is that of a command. */
  readonly settle: ((outcome: CommandOutcome | undefined) => void) | null;
  readonly fail: ((error: Error) => void) | null;
}

type Listener = Parameters<EngineHost['subscribe']>[0];

/**
 * The engine with its journal. Two states are kept: the one the engine decides with, and the
 * published one, which follows only when the journal is durable. Whatever acts on the published
 * state (pages, API) therefore never acts on what a crash could undo.
 */
export class EngineShell implements EngineHost {
  readonly state: EngineState;
  readonly #options: EngineShellOptions;
  readonly #engine: Engine;
  readonly #listeners = new Set<Listener>();
  #waiting: Waiting[] = [];
  #draining: Promise<void> | null = null;
  #cancelTick: CancelTimer = () => {};
  #isRunning = false;
  #fatal: Error | null = null;
  /** On the clock that nobody sets; null before the first. */
  #lastTickMs: DurationMs | null = null;
  #appendedCount = 0;

  /** Replays the journal behind `start`, whose state it takes over; nothing is decided before `start()`. */
  constructor(options: EngineShellOptions) {
    this.#options = options;
    this.state = options.start?.engine ?? emptyState();
    options.journal.visitEvents((event) => {
      apply(this.state, event);
      options.onReplay(event);
    }, options.start?.sequence);
    const { incidentsPerTick = INCIDENTS_PER_TICK } = options;
    this.#engine = new Engine(copyState(this.state), incidentsPerTick);
    const runId = Buffer.from(options.random.bytes(RUN_ID_BYTES)).toString('hex');
    this.submit({ kind: 'started', version: options.version, runId });
  }

  /** Instant of the last completed tick, by the wall clock as it goes now; 0 before the first. */
  get lastTickAt(): EpochMs {
    const { clock } = this.#options;
    if (this.#lastTickMs === null) return 0;
    return Math.round(clock.now() - (clock.monotonicMs() - this.#lastTickMs));
  }

  /** False before it starts, and for good once the journal has failed it. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Why nothing is decided any more; null while it is. */
  get failure(): Error | null {
    return this.#fatal;
  }

  /** Entries that the journal has taken from this process: it moves only while the disk takes them. */
  get appendedCount(): number {
    return this.#appendedCount;
  }

  submit(input: Input): void {
    this.#enqueue({ input, settle: null, fail: null });
  }

  record(input: Input): Promise<void> {
    return new Promise((resolve, fail) => {
      this.#enqueue({ input, settle: () => resolve(), fail });
    });
  }

  command(command: Command): Promise<CommandOutcome> {
    return new Promise((resolve, fail) => {
      const settle = (outcome: CommandOutcome | undefined) => resolve(outcome!);
      this.#enqueue({ input: { kind: 'command', command }, settle, fail });
    });
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Begins to tick. Inputs handed in before are kept. */
  start(): void {
    this.#isRunning = true;
    this.#wake();
    this.#keepTicking();
  }

  /** Decides over what is waiting, records the stop, and ends. Of which pages the try has not ended is recorded, too. */
  async stop(unreportedPageIds: readonly string[] = []): Promise<void> {
    if (this.#fatal !== null || !this.#isRunning) return;
    this.submit({ kind: 'stopping', unreportedPageIds });
    while (this.#draining !== null) await this.#draining;
    this.#isRunning = false;
    this.#cancelTick();
  }

  #enqueue(entry: Waiting): void {
    if (this.#fatal !== null) {
      entry.fail?.(this.#fatal);
      return;
    }
    if (this.#waiting.length >= MOST_WAITING_INPUTS) this.#dropOldestObservation();
    this.#waiting.push(entry);
    this.#wake();
  }

  #dropOldestObservation(): void {
    const index = this.#waiting.findIndex((entry) => entry.input.kind === 'observation');
    if (index >= 0) this.#waiting.splice(index, 1);
    this.#options.metrics.inputsDropped.inc();
  }

  #wake(): void {
    if (!this.#isRunning || this.#draining !== null) return;
    this.#draining = this.#drain().finally(() => {
      this.#draining = null;
      if (this.#waiting.length > 0) this.#wake();
    });
  }

  /**
   * One slice after the other, each one append. Between them all else has its turn, for neither
   * deciding nor appending waits for anything; what comes in meanwhile shares the next append.
   */
  async #drain(): Promise<void> {
    const { clock } = this.#options;
    let isLookOver = true;
    do {
      if (clock.nextTurn !== undefined) await clock.nextTurn();
      const batch = this.#takeSlice();
      try {
        isLookOver = await this.#decide(batch);
      } catch (error) {
        this.#giveUp(error instanceof Error ? error : new Error(String(error)), batch);
        return;
      }
      // After the record of the stop nothing is decided that nobody asks for.
      isLookOver ||= batch.some(({ input }) => input.kind === 'stopping');
    } while (this.#waiting.length > 0 || !isLookOver);
  }

  /** The oldest inputs, at least one where there is any. */
  #takeSlice(): readonly Waiting[] {
    let weight = 0;
    const next = this.#waiting.findIndex(({ input }, index) => {
      weight += input.kind === 'alerts' ? input.alerts.length : 1;
      return index > 0 && weight > MOST_PER_TICK;
    });
    return this.#waiting.splice(0, next < 0 ? this.#waiting.length : next);
  }

  /** Resolves with whether the look at everything is over, for now. */
  async #decide(batch: readonly Waiting[]): Promise<boolean> {
    const { clock } = this.#options;
    const startedMs = clock.monotonicMs();
    const { now, elapsedMs } = readClocks(clock);
    const stopTimer = this.#options.metrics.tickDuration.startTimer();
    const result = this.#engine.tick(
      batch.map((entry) => entry.input),
      now,
      elapsedMs,
    );
    stopTimer();
    if (result.events.length > 0) await this.#record(result.events);
    this.#lastTickMs = startedMs;
    const outcomes = result.commandOutcomes.values();
    for (const { input, settle } of batch) {
      settle?.(input.kind === 'command' ? outcomes.next().value : undefined);
    }
    if (result.probeDeviceIds.length > 0) this.#options.onProbe(result.probeDeviceIds);
    return !result.hasMore;
  }

  async #record(events: readonly DomainEvent[]): Promise<void> {
    const { journal, metrics } = this.#options;
    const stopTimer = metrics.appendDuration.startTimer();
    const entries = await journal.append(events.map(toEntry));
    stopTimer();
    this.#appendedCount += entries.length;
    metrics.journalEntries.inc(entries.length);
    for (const { event } of entries) {
      metrics.observe(this.state, event);
      apply(this.state, event);
    }
    for (const listener of this.#listeners) this.#tell(listener, entries);
  }

  #tell(listener: Listener, entries: Parameters<Listener>[0]): void {
    try {
      listener(entries);
    } catch (error) {
      this.#options.log.error({ error: String(error) }, 'a listener of the engine failed');
    }
  }

  /** After a failed append the state in memory is ahead of the disk: nothing may act on it. */
  #giveUp(error: Error, batch: readonly Waiting[]): void {
    const fatal = new JournalError(`the engine stopped: ${error.message}`, { cause: error });
    this.#fatal = fatal;
    this.#isRunning = false;
    this.#cancelTick();
    for (const entry of [...batch, ...this.#waiting]) entry.fail?.(fatal);
    this.#waiting = [];
    this.#options.log.error({ error: error.stack ?? error.message }, 'the engine stopped');
    this.#options.onFatal(error);
  }

  #keepTicking(): void {
    this.#cancelTick = this.#options.clock.after(TICK_EVERY_MS, () => {
      this.#wake();
      this.#keepTicking();
    });
  }
}

/** Readings further apart than this were interrupted, and would pass for a step of the wall clock. */
const LONGEST_READING_MS = 100;
const MOST_READINGS = 5;

/** Both clocks at one moment. */
function readClocks(clock: Clock): { readonly now: EpochMs; readonly elapsedMs: DurationMs } {
  const elapsed = () => clock.sinceBootMs?.() ?? clock.monotonicMs();
  for (let reading = 1; ; reading += 1) {
    const elapsedMs = elapsed();
    const now = clock.now();
    if (elapsed() - elapsedMs <= LONGEST_READING_MS || reading === MOST_READINGS)
      return { now, elapsedMs };
  }
}

function toEntry(event: DomainEvent): NewEntry<DomainEvent> {
  return { at: event.at, subject: subjectOf(event), event };
}
