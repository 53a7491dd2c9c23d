import type { Observation } from '../collector/observation.ts';
import { assert } from '../lib/assert.ts';
import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import { decideAlertStorms } from './alerts/alert-storms.ts';
import { decideAlerts, decideStaleAlerts } from './alerts/decide-alerts.ts';
import { apply } from './apply.ts';
import { shiftSoftState } from './apply-clock-step.ts';
import { decideAuthorityClocks } from './authority-clocks.ts';
import {
  datedByClockOfNow,
  decideClockSteps,
  LEAST_CLOCK_STEP_MS,
  takeClockStep,
} from './clock-steps.ts';
import { decideCommand } from './commands.ts';
import { decideCover } from './cover.ts';
import type { Deciding } from './deciding.ts';
import { decideConfirmation, decideDelivery } from './deliveries.ts';
import { type DomainEvent, LEASE_GAP_MS, LEASE_INTERVAL_MS } from './events.ts';
import { decideConditions, decideFlapping } from './faults.ts';
import { type Graph, graphOf } from './graph.ts';
import { decideGroupFaults } from './group-faults.ts';
import { decideObservation, decideStaleDevices, decideStillHeld, loseSight } from './health.ts';
import { decideIncidents } from './incidents.ts';
import type { CommandOutcome, Input } from './inputs.ts';
import { decidePages } from './pages.ts';
import { decideReports } from './reports-of-customers.ts';
import { decideResponseClocks } from './response-clock.ts';
import { decideReviews } from './review-duty.ts';
import {
  decideAudit,
  decideBlindness,
  decideDiskRoom,
  decideJournalProof,
  decideUndelivered,
} from './self-watch.ts';
import { decideSharedFeeds } from './shared-feeds.ts';
import { emptySoftState, type SoftState } from './soft-state.ts';
import type { EngineState, Fault, Incident } from './state.ts';
import { decideTopology } from './topology-change.ts';
import { Touched } from './touched.ts';
import { decideUpdates } from './update-clock.ts';

/** How often time alone makes the engine look at everything: the accuracy of its clocks. */
const FULL_LOOK_EVERY_MS = SECOND;

/** Alerts of other programs without an incident that one such look goes through. */
const MOST_ALERTS_PER_LOOK = 200;

/**
 * What one tick led to. The pages to send are no separate list: they are the `queued` pages of the
 * state, so a crash between deciding and sending loses none.
 */
export interface TickResult {
  readonly events: readonly DomainEvent[];
  /** One outcome for each command among the inputs, in order. */
  readonly commandOutcomes: readonly CommandOutcome[];
  /** Devices to poll at once because a decision hangs on them. */
  readonly probeDeviceIds: readonly string[];
  /** The look at everything is not over: another tick goes on with it, soon. */
  readonly hasMore: boolean;
}

/**
 * The engine: durable state (a fold of events), soft state (confirmation counters, lost at a
 * restart without harm), and the graph derived from the topology. One tick runs in a fixed order:
 *
 *   inputs → health → faults → incidents and grades → response clocks → pages
 *
 * Each pass reads the state, emits events, and the state moves only by `apply`. No pass reads a
 * clock, draws a number or touches anything outside.
 */
export class Engine implements Deciding {
  readonly state: EngineState;
  readonly soft: SoftState = emptySoftState();
  graph: Graph | null;
  now: EpochMs = 0;
  #events: DomainEvent[] = [];
  readonly #probes = new Set<string>();
  readonly #touched = new Touched();
  isFullLook = false;
  /** When observation was last proven, on the clock that nobody sets; null before this process did. */
  #leaseMs: DurationMs | null = null;
  #monotonicMs: DurationMs = 0;
  /** Wall clock less the clock that nobody sets; null before the first tick. */
  #wallOffsetMs: DurationMs | null = null;
  #lastFullLookAt: EpochMs = Number.NEGATIVE_INFINITY;
  #looks = 0;
  readonly #incidentsPerTick: number;
  /** Of the look at everything that is under way: incidents still to be looked at. */
  #unlooked: string[] = [];
  /** Those of this tick; null: all of them at once. */
  #slice: ReadonlySet<string> | null = null;

  /** Takes over `state`, e.g. a replayed one. A look at everything goes through so many incidents in one tick; left out: all. */
  constructor(state: EngineState, incidentsPerTick = Number.POSITIVE_INFINITY) {
    this.state = state;
    this.#incidentsPerTick = incidentsPerTick;
    this.graph = state.topology === null ? null : graphOf(state.topology);
  }

  /** Records a decision: the one way in which the state changes. */
  emit(event: DomainEvent): void {
    this.#touched.note(this.state, this.graph, event);
    apply(this.state, event);
    this.#events.push(event);
  }

  /** Asks for an immediate poll of a device whose state another decision waits for. */
  probe(deviceId: string): void {
    this.#probes.add(deviceId);
  }

  /** The graph; only passes that run after a topology was loaded may ask. */
  requireGraph(): Graph {
    assert(this.graph, 'no topology loaded');
    return this.graph;
  }

  /**
   * One step. `now` may be earlier than at the tick before (the wall clock was set back): nothing
   * is then undone, and nothing that was done is done again. `monotonicMs`: the clock that nobody
   * sets, by which a stall is measured, and a step of the other one is seen (clock-steps.ts).
   */
  tick(inputs: readonly Input[], now: EpochMs, monotonicMs: DurationMs = now): TickResult {
    this.now = now;
    this.#monotonicMs = monotonicMs;
    this.#events = [];
    this.#probes.clear();
    this.#touched.clear();
    const commandOutcomes: CommandOutcome[] = [];
    this.#noticeClockStep(inputs);
    this.#noticeOwnBlindness(inputs);
    for (const input of inputs) {
      const outcome = this.#takeIn(input);
      if (outcome !== null) commandOutcomes.push(outcome);
    }
    this.#lookAtEverythingIfDue();
    if (this.graph !== null) {
      decideStillHeld(this);
      if (this.isFullLook) {
        decideStaleDevices(this);
        decideFlapping(this);
        decideCover(this);
        decideBlindness(this);
        decideClockSteps(this);
        decideStaleAlerts(this);
        decideAlertStorms(this);
      }
      decideSharedFeeds(this);
      decideGroupFaults(this);
      decideIncidents(this);
      decideReports(this);
      decideUpdates(this);
      decideAuthorityClocks(this);
      if (this.isFullLook) decideReviews(this);
      decideResponseClocks(this);
      decidePages(this);
    }
    const hasMore = this.#unlooked.length > 0;
    return { events: this.#events, commandOutcomes, probeDeviceIds: [...this.#probes], hasMore };
  }

  openIncidents(): readonly Incident[] {
    return this.heldIncidents().filter((incident) => incident.resolvedAt === null);
  }

  heldIncidents(): readonly Incident[] {
    const { incidents } = this.state;
    if (this.isFullLook && this.#slice === null) return [...incidents.values()];
    const ids = new Set([...(this.#slice ?? []), ...this.#touched.incidents]);
    return [...ids].flatMap((id) => incidents.get(id) ?? []);
  }

  isLookedAtInFull(incidentId: string): boolean {
    return this.#slice?.has(incidentId) ?? this.isFullLook;
  }

  standaloneFaults(): readonly Fault[] {
    const { faults, standaloneFaultKeys } = this.state;
    if (this.isFullLook)
      return this.#inTurn([...standaloneFaultKeys].map((key) => faults.get(key)!));
    return [...this.#touched.faults].flatMap((key) =>
      standaloneFaultKeys.has(key) ? faults.get(key)! : [],
    );
  }

  /** Of alerts that are no incident, of which there may be thousands, some at each look; of the rest all. */
  #inTurn(faults: readonly Fault[]): readonly Fault[] {
    const alerts = faults.filter(({ kind }) => kind === 'alert');
    if (alerts.length <= MOST_ALERTS_PER_LOOK) return faults;
    const turns = Math.ceil(alerts.length / MOST_ALERTS_PER_LOOK);
    const from = (this.#looks % turns) * MOST_ALERTS_PER_LOOK;
    const others = faults.filter(({ kind }) => kind !== 'alert');
    return [...others, ...alerts.slice(from, from + MOST_ALERTS_PER_LOOK)];
  }

  changedDevices(): ReadonlySet<string> {
    return this.#touched.devices;
  }

  /**
   * Time alone changes things too, but a look at everything for each input would never end in a storm;
   * and of a thousand incidents it takes several ticks, so that all else has its turn between.
   */
  #lookAtEverythingIfDue(): void {
    const sinceLastMs = this.now - this.#lastFullLookAt;
    const isAnew = this.#lastFullLookAt === Number.NEGATIVE_INFINITY;
    const isDue = sinceLastMs < 0 || sinceLastMs >= FULL_LOOK_EVERY_MS;
    this.isFullLook = isAnew || (isDue && this.#unlooked.length === 0);
    if (this.isFullLook) {
      this.#lastFullLookAt = this.now;
      this.#looks += 1;
      this.#unlooked = [...this.state.incidents.keys()];
    }
    const isOver = this.#unlooked.length <= this.#incidentsPerTick;
    const slice = this.#unlooked.splice(0, isOver ? this.#unlooked.length : this.#incidentsPerTick);
    this.#slice = this.isFullLook && isOver ? null : new Set(slice);
  }

  /** A wall clock that was set moves whatever runs with it; what is looked at by time is looked at anew. */
  #noticeClockStep(inputs: readonly Input[]): void {
    const offsetMs = Math.round(this.now - this.#monotonicMs);
    const before = this.#wallOffsetMs;
    if (before === null) {
      this.#wallOffsetMs = offsetMs;
      const { lastEventAt } = this.state;
      const isStart = inputs.some((input) => input.kind === 'started');
      if (isStart && lastEventAt !== null && this.now < lastEventAt)
        takeClockStep(this, this.now - lastEventAt, 'restart');
      return;
    }
    const byMs = offsetMs - before;
    if (Math.abs(byMs) < LEAST_CLOCK_STEP_MS) return;
    this.#wallOffsetMs = offsetMs;
    this.#lastFullLookAt = Number.NEGATIVE_INFINITY;
    shiftSoftState(this.soft, byMs);
    takeClockStep(this, byMs, 'set');
  }

  /**
   * Proof of observation that stopped for longer than the gap means that nobody was looking: a
   * stalled process must not pass off the silence as health, or as an outage. A wall clock that was
   * set back meanwhile does not hide the stall.
   */
  #noticeOwnBlindness(inputs: readonly Input[]): void {
    const { leaseAt } = this.state;
    if (this.graph === null || leaseAt === null) return;
    const stalledMs = this.#leaseMs === null ? 0 : this.#monotonicMs - this.#leaseMs;
    if (Math.max(this.now - leaseAt, stalledMs) <= LEASE_GAP_MS) return;
    if (inputs.some((input) => input.kind === 'started')) return;
    loseSight(this, Math.min(leaseAt, this.now), 'not-observed');
    this.#proveObservation();
  }

  #proveObservation(): void {
    this.#leaseMs = this.#monotonicMs;
    this.emit({ type: 'lease-renewed', at: this.now });
  }

  #observe(told: Observation): void {
    if (!this.graph?.devices.has(told.deviceId)) return;
    const observation = datedByClockOfNow(told, this.state.clockStep, this.now);
    this.#noteOddities(observation);
    decideObservation(this, observation);
    decideConditions(this, observation);
  }

  #recordStop(unreportedPageIds: readonly string[]): void {
    this.#proveObservation();
    this.emit({ type: 'service-stopped', at: this.now, unreportedPageIds });
  }

  #takeIn(input: Input): CommandOutcome | null {
    switch (input.kind) {
      case 'started':
        this.emit({
          type: 'service-started',
          at: this.now,
          version: input.version,
          runId: input.runId,
        });
        if (this.graph !== null) {
          loseSight(this, this.state.leaseAt ?? this.now, 'service-restarted');
        }
        this.#proveObservation();
        return null;
      case 'stopping':
        this.#recordStop(input.unreportedPageIds);
        return null;
      case 'topology':
        if (decideTopology(this, input.topology)) {
          this.graph = graphOf(input.topology);
          this.#lastFullLookAt = Number.NEGATIVE_INFINITY;
        }
        return null;
      case 'audit':
        if (this.graph !== null) decideAudit(this, input.findings);
        return null;
      case 'disk-room':
        decideDiskRoom(this, input.text);
        return null;
      case 'undelivered-reports':
        if (this.graph !== null) decideUndelivered(this, input.findings);
        return null;
      case 'journal-proof':
        if (this.graph !== null) decideJournalProof(this, input.findings);
        return null;
      case 'lease':
        this.#renewLease();
        return null;
      case 'report-archive': {
        const { entries, hash } = input;
        this.emit({ type: 'report-archive-noted', at: this.now, entries, hash });
        return null;
      }
      case 'observation':
        this.#observe(input.observation);
        return null;
      case 'notification':
        this.emit({ type: 'notification-received', at: this.now, ...input.notification });
        return null;
      case 'alerts':
        if (this.graph !== null) decideAlerts(this, input.alerts);
        return null;
      case 'command':
        return decideCommand(this, input.command);
      case 'confirmation':
        decideConfirmation(this, input.confirmation);
        return null;
      case 'delivery':
        decideDelivery(this, input.delivery);
        return null;
    }
  }

  /** On record for whoever looks for it later; it says nothing of the device's health. */
  #noteOddities({ deviceId, engineChange, seriesLeftOut: count }: Observation): void {
    const { now: at } = this;
    if (engineChange !== undefined) {
      this.emit({ type: 'snmp-engine-changed', at, deviceId, ...engineChange });
    }
    if (count !== undefined) this.emit({ type: 'series-left-out', at, deviceId, count });
  }

  #renewLease(): void {
    const { leaseAt } = this.state;
    if (leaseAt !== null && this.now >= leaseAt && this.now - leaseAt < LEASE_INTERVAL_MS) return;
    this.#proveObservation();
  }
}
