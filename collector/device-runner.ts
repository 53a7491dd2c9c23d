import type { Config, Device } from '../config/model.ts';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import { SECOND } from '../lib/time.ts';
import type { DevicePoller } from './device-poller.ts';
import type { PollEnd } from './explain-device.ts';
import type { Observation } from './observation.ts';
import type { DevicePlanExplanation } from './plan-explanation.ts';
import {
  createAgenda,
  fullPollDueMs,
  isLongSilent,
  noteAnswer,
  noteFullPoll,
  type PollAgenda,
  type PollPhase,
  pollsNeeded,
} from './poll-agenda.ts';
import type { PollLane, Release } from './poll-lane.ts';
import type { PollKind, SelfMetrics } from './self-metrics.ts';

/** The lanes that all devices share. */
export interface PollLanes {
  readonly heartbeat: PollLane;
  readonly full: PollLane;
  /** Full polls of devices that have to be walked: each takes much memory for a while. */
  readonly walk: PollLane;
  /** Heartbeats of devices that did not answer last time. */
  readonly suspect: PollLane;
}

/** A heartbeat that waits longer than this for its answer gives its place to another device. */
const HEARTBEAT_PLACE_MS = 250;

export interface DeviceRunnerDeps {
  readonly clock: Clock;
  /** Asked anew each time: a changed configuration has other lanes. */
  readonly lanes: () => PollLanes;
  readonly selfMetrics: SelfMetrics;
  readonly onObservation: (observation: Observation) => void;
}

/** Runs the polls of one device at their times, one after the other. */
export class DeviceRunner {
  readonly poller: DevicePoller;
  readonly #deps: DeviceRunnerDeps;
  readonly #agenda: PollAgenda;
  readonly #waiting: Record<PollKind, boolean> = { heartbeat: false, full: false };
  readonly #cancel: Record<PollKind, CancelTimer> = { heartbeat: () => {}, full: () => {} };
  #asked: ((observation: Observation | null) => void)[] = [];
  readonly #ends: Record<PollKind, PollEnd | null> = { heartbeat: null, full: null };
  #running: PollKind | null = null;
  #closed = false;

  constructor(deps: DeviceRunnerDeps, poller: DevicePoller, phase: PollPhase) {
    this.#deps = deps;
    this.poller = poller;
    this.#agenda = createAgenda(phase, poller.device.polling);
    this.#plan();
  }

  /** Takes over a changed configuration of the same connection. */
  update(config: Config, device: Device): void {
    this.poller.update(config, device);
    this.#plan();
  }

  /** Does a full poll as soon as no other poll of this device runs; null when the collector stops before. */
  pollNow(): Promise<Observation | null> {
    if (this.#closed) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#asked.push(resolve);
      this.#plan();
    });
  }

  /** How the device is polled, and why so. */
  explain(): DevicePlanExplanation {
    const { clock } = this.#deps;
    const { polling } = this.poller.device;
    const { confirmed, streak, nextHeartbeatMs, lastWasOk } = this.#agenda;
    const sinceMonotonicMs = clock.now() - clock.monotonicMs();
    const fullMs = this.#fullDueMs(clock.monotonicMs());
    return this.poller.explain({
      confirmed,
      contradictions: streak,
      contradictionsNeeded: pollsNeeded(this.#agenda, lastWasOk, polling),
      isLongSilent: isLongSilent(this.#agenda),
      running: this.#running,
      next: {
        heartbeat: Math.round(nextHeartbeatMs + sinceMonotonicMs),
        full: fullMs === null ? null : Math.round(fullMs + sinceMonotonicMs),
      },
      last: this.#ends,
    });
  }

  close(): void {
    this.#closed = true;
    this.#cancel.heartbeat();
    this.#cancel.full();
    this.poller.close();
    for (const resolve of this.#asked.splice(0)) resolve(null);
  }

  #plan(): void {
    if (this.#closed || this.#running !== null) return;
    const nowMs = this.#deps.clock.monotonicMs();
    this.#planOne('heartbeat', this.#agenda.nextHeartbeatMs, nowMs);
    this.#planOne('full', this.#fullDueMs(nowMs), nowMs);
  }

  #fullDueMs(nowMs: number): number | null {
    return this.#asked.length > 0 ? nowMs : fullPollDueMs(this.#agenda);
  }

  #planOne(kind: PollKind, dueMs: number | null, nowMs: number): void {
    this.#cancel[kind]();
    if (this.#waiting[kind] || dueMs === null) return;
    this.#cancel[kind] = this.#deps.clock.after(Math.max(0, dueMs - nowMs), () =>
      this.#queue(kind, dueMs),
    );
  }

  #queue(kind: PollKind, dueMs: number): void {
    this.#waiting[kind] = true;
    const lanes = this.#deps.lanes();
    this.#laneFor(kind, lanes).enter((release) => {
      this.#waiting[kind] = false;
      // While another poll of the device runs, its end plans this one anew.
      if (this.#closed || this.#running !== null) release();
      else void this.#run(kind, dueMs, release);
    });
  }

  #laneFor(kind: PollKind, { heartbeat, full, walk, suspect }: PollLanes): PollLane {
    if (kind === 'heartbeat') return this.#agenda.lastWasOk ? heartbeat : suspect;
    return this.poller.memory.plan === null ? walk : full;
  }

  async #run(kind: PollKind, dueMs: number, release: Release): Promise<void> {
    const { clock, selfMetrics } = this.#deps;
    const startedMs = clock.monotonicMs();
    this.#running = kind;
    this.#cancel.heartbeat();
    this.#cancel.full();
    selfMetrics.pollStarted(kind, Math.max(0, startedMs - dueMs) / SECOND);
    const asked = kind === 'full' ? this.#asked.splice(0) : [];
    const cancelPlace = kind === 'heartbeat' ? clock.after(HEARTBEAT_PLACE_MS, release) : () => {};
    const observation = await (kind === 'heartbeat' ? this.poller.heartbeat() : this.poller.full());
    cancelPlace();
    release();
    const finishedMs = clock.monotonicMs();
    selfMetrics.pollEnded(kind, observation.outcome, (finishedMs - startedMs) / SECOND);
    this.#running = null;
    const { outcome, detail, finishedAt: at } = observation;
    this.#ends[kind] = { at, tookMs: Math.round(finishedMs - startedMs), outcome, detail };
    if (!this.#closed) {
      const { polling } = this.poller.device;
      const note = kind === 'full' ? noteFullPoll : noteAnswer;
      note(this.#agenda, observation.outcome === 'ok', finishedMs, polling);
      this.poller.confirm(this.#agenda.confirmed);
      this.#plan();
      this.#deps.onObservation(observation);
    }
    for (const resolve of asked) resolve(this.#closed ? null : observation);
  }
}
