import type { CancelTimer, Clock } from '../lib/clock.ts';
import { type Journal, JournalError, type NewEntry } from '../lib/journal.ts';
import type { Logger } from '../lib/logger.ts';
import { SECOND } from '../lib/time.ts';
import { apply } from './apply.ts';
import { Engine } from './engine.ts';
import type { EngineHost } from './engine-host.ts';
import { type DomainEvent, subjectOf } from './events.ts';
import type { Command, CommandOutcome, Input } from './inputs.ts';
import type { EngineMetrics } from './self-metrics.ts';
import { emptyState } from './state.ts';

/** How often time alone moves the engine. */
const TICK_EVERY_MS = SECOND;

/** Inputs held while the journal is slow; beyond it the oldest observations are dropped and counted. */
const MOST_WAITING_INPUTS = 50_000;

export interface EngineShellOptions {
  readonly journal: Journal<DomainEvent>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: EngineMetrics;
  readonly version: string;
  /** Polls these devices at once. */
  readonly onProbe: (deviceIds: readonly string[]) => void;
  /** The journal cannot be trusted any more: the process must stop and restart from disk. */
  readonly onFatal: (error: Error) => void;
}

export interface RunningEngine extends EngineHost {
  /** Begins to tick. Inputs handed in before are kept. */
  start(): void;
  /** Decides over what is waiting, records the stop, and ends. */
  stop(): Promise<void>;
  /** Instant of the last completed tick. */
  readonly lastTickAt: number;
}

interface Waiting {
  readonly input: Input;
  readonly settle: ((outcome: CommandOutcome) => void) | null;
  readonly fail: ((error: Error) => void) | null;
}

type Listener = Parameters<EngineHost['subscribe']>[0];

/**
 * Replays the journal and returns the engine around it. Two states are kept: the one the engine
 * decides with, and the published one, which follows only when the journal is durable. Whatever
 * acts on the published state (pages, API) therefore never acts on what a crash could undo.
 */
export function openEngine(options: EngineShellOptions): RunningEngine {
  const { journal, clock, log, metrics } = options;
  const deciding = emptyState();
  const published = emptyState();
  for (const { event } of journal.read()) {
    apply(deciding, event);
    apply(published, event);
  }
  const engine = new Engine(deciding);
  const listeners = new Set<Listener>();
  let waiting: Waiting[] = [
    { input: { kind: 'started', version: options.version }, settle: null, fail: null },
  ];
  let cancelTick: CancelTimer = () => {};
  let draining: Promise<void> | null = null;
  let lastTickAt = 0;
  let isRunning = false;
  let fatal: Error | null = null;

  function enqueue(entry: Waiting): void {
    if (fatal !== null) return entry.fail?.(fatal);
    if (waiting.length >= MOST_WAITING_INPUTS) dropOldestObservation();
    waiting.push(entry);
    wake();
  }

  function dropOldestObservation(): void {
    const index = waiting.findIndex((entry) => entry.input.kind === 'observation');
    if (index >= 0) waiting.splice(index, 1);
    metrics.inputsDropped.inc();
  }

  function wake(): void {
    if (!isRunning || draining !== null) return;
    draining = drain().finally(() => {
      draining = null;
      if (waiting.length > 0 && fatal === null) wake();
    });
  }

  async function drain(): Promise<void> {
    do {
      const batch = waiting;
      waiting = [];
      try {
        await decide(batch);
      } catch (error) {
        giveUp(error instanceof Error ? error : new Error(String(error)), batch);
        return;
      }
    } while (waiting.length > 0);
  }

  async function decide(batch: readonly Waiting[]): Promise<void> {
    const now = clock.now();
    const stopDecideTimer = metrics.tickDuration.startTimer();
    const result = engine.tick(
      batch.map((entry) => entry.input),
      now,
    );
    stopDecideTimer();
    if (result.events.length > 0) await record(result.events);
    lastTickAt = now;
    const commands = batch.filter((entry) => entry.settle !== null);
    commands.forEach((entry, index) => {
      entry.settle?.(result.commandOutcomes[index]!);
    });
    if (result.probeDeviceIds.length > 0) options.onProbe(result.probeDeviceIds);
  }

  async function record(events: readonly DomainEvent[]): Promise<void> {
    const stopAppendTimer = metrics.appendDuration.startTimer();
    const entries = await journal.append(events.map(toEntry));
    stopAppendTimer();
    metrics.journalEntries.inc(entries.length);
    for (const { event } of entries) {
      metrics.observe(published, event);
      apply(published, event);
    }
    for (const listener of listeners) tell(listener, entries);
  }

  function tell(listener: Listener, entries: Parameters<Listener>[0]): void {
    try {
      listener(entries);
    } catch (error) {
      log.error({ error: String(error) }, 'a listener of the engine failed');
    }
  }

  /** After a failed append the state in memory is ahead of the disk: nothing may act on it. */
  function giveUp(error: Error, batch: readonly Waiting[]): void {
    fatal =
      error instanceof JournalError ? error : new JournalError(error.message, { cause: error });
    isRunning = false;
    cancelTick();
    for (const entry of [...batch, ...waiting]) entry.fail?.(fatal);
    waiting = [];
    log.error({ error: error.stack ?? error.message }, 'the engine stopped');
    options.onFatal(fatal);
  }

  function keepTicking(): void {
    cancelTick = clock.after(TICK_EVERY_MS, () => {
      wake();
      keepTicking();
    });
  }

  return {
    state: published,
    get lastTickAt() {
      return lastTickAt;
    },
    submit: (input) => enqueue({ input, settle: null, fail: null }),
    command: (command: Command) =>
      new Promise((settle, fail) => enqueue({ input: { kind: 'command', command }, settle, fail })),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      isRunning = true;
      wake();
      keepTicking();
    },
    async stop() {
      if (fatal !== null || !isRunning) return;
      enqueue({ input: { kind: 'stopping' }, settle: null, fail: null });
      while (draining !== null) await draining;
      isRunning = false;
      cancelTick();
    },
  };
}

function toEntry(event: DomainEvent): NewEntry<DomainEvent> {
  return { at: event.at, subject: subjectOf(event), event };
}
