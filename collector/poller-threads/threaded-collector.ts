import type { Config } from '../../config/model.ts';
import type { Profile } from '../../config/profile.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Logger, LogLevel } from '../../lib/logger.ts';
import type { Random } from '../../lib/random.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import type { Collector } from '../collector.ts';
import type { CollectorView, DeviceDetail } from '../device-detail.ts';
import type { DeviceExposition } from '../device-exposition.ts';
import type { LearnedDevice } from '../device-memory.ts';
import type { ShownDevice } from '../exposition.ts';
import type { HeldPort, HeldTotals } from '../held-ports.ts';
import { type LearnedStore, parseLearned, renderLearned } from '../learned-store.ts';
import type { Observation } from '../observation.ts';
import type { DevicePlanExplanation } from '../plan-explanation.ts';
import { shareLabels } from '../row-labels.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { SharedEngines } from '../shared-engines.ts';
import { ShownDevices } from '../shown-devices.ts';
import type { ProvenEngineTime } from '../snmp-client.ts';
import { configMessages, threadOf } from './config-message.ts';
import { relayLogLines } from './log-lines.ts';
import type { ShownUpdate, Turn } from './messages.ts';
import { PollerThread } from './poller-thread.ts';
import { ThreadsMetrics } from './recorded-metrics.ts';
import type { ThreadMetrics } from './thread-metrics.ts';

export interface ThreadedCollectorDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly config: Config;
  /** Used where the configuration names none. */
  readonly profiles: readonly Profile[];
  readonly log: Logger;
  /** Below it a thread says nothing. */
  readonly logLevel: LogLevel;
  readonly selfMetrics: SelfMetrics;
  readonly threadMetrics: ThreadMetrics;
  /** Called once for every poll that ended; those of one device in the order in which they ended. */
  readonly onObservation: (observation: Observation) => void;
  readonly learned?: LearnedStore;
  readonly held?: HeldTotals;
  /** How many threads poll, 1 or more; each device is always polled by the same one. */
  readonly threadCount: number;
  /** The module that each thread runs; it calls `servePollerThread`. */
  readonly entry: URL;
}

/** A thread that was heard within this time is at work; it speaks every second. */
const AT_WORK_MS = 5 * SECOND;
/** What a thread that ended has told last is shown for so long, until another one has polled the device. */
const ORPHANED_MS = 2 * MINUTE;

/**
 * A collector that polls, decodes and renders in threads of its own: whatever holds up the main
 * thread, polls begin at their time, and what holds them up delays no decision and no answer.
 */
export function createThreadedCollector(deps: ThreadedCollectorDeps): Collector {
  return new ThreadedCollector(deps);
}

class ThreadedCollector implements Collector {
  readonly view: CollectorView;
  readonly #deps: ThreadedCollectorDeps;
  readonly #threads: readonly PollerThread[];
  readonly #shown: ShownDevices;
  readonly #engines: SharedEngines;
  readonly #metrics: ThreadsMetrics;
  /** What each thread has learned, as it was saved last. */
  readonly #learned: (string | null)[];
  #deviceIds: ReadonlySet<string>;
  /** Devices whose thread has ended, and since when; what they show was told by it. */
  readonly #orphanedMs = new Map<string, number>();
  #cancelDrop: CancelTimer = () => {};
  #running = false;

  constructor(deps: ThreadedCollectorDeps) {
    this.#deps = deps;
    const { clock, random, log, logLevel, entry, threadCount, threadMetrics: metrics } = deps;
    this.#shown = new ShownDevices(clock, deps.selfMetrics);
    this.#engines = new SharedEngines({ log, selfMetrics: deps.selfMetrics });
    this.#metrics = new ThreadsMetrics(deps.selfMetrics, threadCount);
    this.#learned = new Array<string | null>(threadCount).fill(null);
    this.#deviceIds = idsOf(deps.config);
    this.#threads = configMessages(deps.config, deps.profiles, threadCount).map(
      (config, number) =>
        new PollerThread(
          {
            ...{ clock, random, log, logLevel, entry, metrics },
            learned: () => this.#learned[number]!,
            held: () => this.#heldBy(number),
            onTurn: (turn, clockOffsetMs) => this.#takeIn(number, turn, clockOffsetMs),
            onStart: () => this.#noteThreads(),
            onSilence: () => this.#noteThreads(),
            onLost: () => this.#lose(number),
          },
          config,
        ),
    );
    this.view = this.#createView();
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    // Each thread finds its own devices in it.
    this.#learned.fill(this.#deps.learned?.load() ?? null);
    for (const thread of this.#threads) thread.start();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#cancelDrop();
    await Promise.all(this.#threads.map((thread) => thread.stop()));
    this.#deps.held?.flush();
    for (const deviceId of this.#deviceIds) this.#put(deviceId, null);
    this.#noteThreads();
  }

  reconfigure(config: Config): void {
    const before = this.#deviceIds;
    this.#deviceIds = idsOf(config);
    for (const deviceId of before) {
      if (!this.#deviceIds.has(deviceId)) this.#put(deviceId, null);
    }
    const { profiles, threadCount } = this.#deps;
    configMessages(config, profiles, threadCount).forEach((message, number) => {
      this.#threads[number]!.reconfigure(message);
    });
  }

  /** While some thread polls, only the devices of the others are unobserved, and that shows by itself. */
  isAtWork(): boolean {
    const sinceMs = this.#deps.clock.monotonicMs() - AT_WORK_MS;
    return (
      this.#running && this.#threads.some(({ heardMs }) => heardMs !== null && heardMs >= sinceMs)
    );
  }

  async pollNow(deviceId: string): Promise<Observation | null> {
    const answer = (await this.#threadOf(deviceId)?.poll(deviceId)) ?? null;
    return answer as Observation | null;
  }

  engineIdOf(deviceId: string): string | null {
    return this.#engines.engineOf(deviceId);
  }

  engineTimeOf(deviceId: string): ProvenEngineTime | null {
    return this.#shown.get(deviceId)?.engineTime ?? null;
  }

  /** The thread that polls the device; null when there is no such device or nothing is polled. */
  #threadOf(deviceId: string): PollerThread | null {
    if (!this.#running || !this.#deviceIds.has(deviceId)) return null;
    return this.#threads[threadOf(deviceId, this.#threads.length)]!;
  }

  #heldBy(number: number): ReadonlyMap<string, readonly HeldPort[]> {
    const own = new Map<string, readonly HeldPort[]>();
    for (const deviceId of this.#deviceIds) {
      if (threadOf(deviceId, this.#threads.length) !== number) continue;
      const ports = this.#deps.held?.of(deviceId) ?? [];
      if (ports.length > 0) own.set(deviceId, ports);
    }
    return own;
  }

  /** Each kind of question has its kind of answer. */
  #createView(): CollectorView {
    const ask = async (question: Parameters<PollerThread['ask']>[0]) =>
      (await this.#threadOf(question.deviceId)?.ask(question)) ?? null;
    return {
      detail: async (deviceId) =>
        this.#engines.addTo((await ask({ kind: 'detail', deviceId })) as DeviceDetail | null),
      explain: async (deviceId) =>
        (await ask({ kind: 'explain', deviceId })) as DevicePlanExplanation | null,
      renderSnmp: async (deviceId, modules) => {
        const octets = (await ask({ kind: 'snmp', deviceId, modules })) as Uint8Array | null;
        return octets === null ? null : [octets];
      },
      renderDevice: (deviceId) =>
        this.#deviceIds.has(deviceId) ? (this.#shown.renderDevice(deviceId) ?? '') : null,
      isHeard: (deviceId) => this.#threadOf(deviceId)?.isAnswering ?? false,
      renderAll: () => this.#shown.renderAll(),
    };
  }

  #takeIn(number: number, turn: Turn, clockOffsetMs: number): void {
    const { log, onObservation, threadMetrics, held } = this.#deps;
    // Before anything of it is shown: what is scraped must not be forgotten by a crash.
    for (const { deviceId, ports, areNew } of turn.held) held?.note(deviceId, ports, areNew);
    for (const update of turn.shown) this.#show(update, clockOffsetMs);
    this.#metrics.replay(number, turn.calls);
    if (turn.droppedObservations > 0) threadMetrics.observationsDropped(turn.droppedObservations);
    relayLogLines(log, turn.logLines, turn.droppedLogLines);
    if (turn.learned !== null) this.#save(number, turn.learned);
    if (!this.#running) return;
    for (const observation of turn.observations) onObservation(observation);
  }

  #show({ deviceId, shown }: ShownUpdate, clockOffsetMs: number): void {
    // It may have left the configuration while this was on its way.
    if (!this.#running || !this.#deviceIds.has(deviceId)) return;
    // A thread that has just begun knows less of it than the one that ended.
    if (shown !== null && isUnpolled(shown) && this.#orphanedMs.has(deviceId)) return;
    const before = this.#shown.get(deviceId)?.readings ?? null;
    const readings = readingsOf(shown?.readings ?? null, before);
    this.#put(
      deviceId,
      shown && {
        ...shown,
        readings,
        readingsUntilMs: shown.readingsUntilMs + clockOffsetMs,
        answeredMs: shown.answeredMs === null ? null : shown.answeredMs + clockOffsetMs,
        engineTime: shown.engineTime && {
          ...shown.engineTime,
          provenAtMs: shown.engineTime.provenAtMs + clockOffsetMs,
        },
      },
    );
  }

  #put(deviceId: string, shown: ShownDevice | null): void {
    this.#orphanedMs.delete(deviceId);
    this.#shown.set(deviceId, shown);
    this.#engines.note(deviceId, shown?.engineId ?? null);
  }

  /** What is shown of devices that nobody polls is what was told last, but not for long. */
  #lose(number: number): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const deviceId of this.#deviceIds) {
      if (threadOf(deviceId, this.#threads.length) !== number) continue;
      if (!this.#orphanedMs.has(deviceId)) this.#orphanedMs.set(deviceId, nowMs);
    }
    this.#dropLater();
    this.#metrics.forget(number);
    this.#noteThreads();
  }

  /** Threads may end one after the other: the oldest orphan is looked at first. */
  #dropLater(): void {
    this.#cancelDrop();
    const [firstMs] = this.#orphanedMs.values();
    if (firstMs === undefined) return;
    const { clock } = this.#deps;
    const waitMs = Math.max(0, firstMs + ORPHANED_MS - clock.monotonicMs());
    this.#cancelDrop = clock.after(waitMs, () => this.#dropOrphans());
  }

  #dropOrphans(): void {
    const sinceMs = this.#deps.clock.monotonicMs() - ORPHANED_MS;
    for (const [deviceId, lostMs] of this.#orphanedMs) {
      if (lostMs <= sinceMs) this.#put(deviceId, null);
    }
    this.#dropLater();
  }

  #noteThreads(): void {
    const running = this.#threads.filter(({ isRunning }) => isRunning);
    this.#deps.threadMetrics.threadsRunning(running.length);
  }

  #save(number: number, text: string): void {
    this.#learned[number] = text;
    const { learned, log } = this.#deps;
    try {
      learned?.save(mergeLearned(this.#learned));
    } catch (error) {
      log.warn({ error: String(error) }, 'what was learned of the devices is not saved');
    }
  }
}

/** What a thread shows now; `before` is what it told last. */
function readingsOf(
  told: NonNullable<ShownUpdate['shown']>['readings'],
  before: DeviceExposition | null,
): DeviceExposition | null {
  if (told === 'same') return before;
  if (told === null || told.ports === null) return told && { ...told, ports: null };
  const { rows } = told.ports;
  if (rows !== 'same') return { ...told, ports: { ...told.ports, rows: shareLabels(rows) } };
  const known = before?.ports?.rows;
  // Whoever says that they are the same has told them before.
  return { ...told, ports: known === undefined ? null : { ...told.ports, rows: known } };
}

/** Whether a thread shows a device that it has never polled. */
function isUnpolled({ isUp, answeredMs, readings }: NonNullable<ShownUpdate['shown']>): boolean {
  return isUp === null && answeredMs === null && readings === null;
}

function idsOf(config: Config): ReadonlySet<string> {
  return new Set(config.devices.map(({ id }) => id));
}

/** What all threads have learned, each of the devices that it polls. */
function mergeLearned(texts: readonly (string | null)[]): string {
  if (texts.length === 1) return texts[0] ?? '';
  const all = new Map<string, LearnedDevice>();
  texts.forEach((text, number) => {
    for (const [deviceId, learned] of (text === null ? null : parseLearned(text)) ?? []) {
      if (threadOf(deviceId, texts.length) === number) all.set(deviceId, learned);
    }
  });
  return renderLearned(all);
}
