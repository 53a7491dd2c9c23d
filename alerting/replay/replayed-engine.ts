import type { Condition } from '../../collector/observation.ts';
import { assert } from '../../lib/assert.ts';
import type { EpochMs } from '../../lib/time.ts';
import { decideAlertStorms } from '../alerts/alert-storms.ts';
import { apply } from '../apply.ts';
import { shiftSoftState } from '../apply-clock-step.ts';
import type { Deciding } from '../deciding.ts';
import type { DomainEvent } from '../events.ts';
import { clearFault } from '../faults.ts';
import { type Graph, graphOf } from '../graph.ts';
import { decideIncidents } from '../incidents.ts';
import { decidePages } from '../pages.ts';
import { ownFaultKeyOf } from '../report-faults.ts';
import { joinOwnIncidents, joinsIncident } from '../reports-of-customers.ts';
import { decideResponseClocks } from '../response-clock.ts';
import { emptySoftState, type SoftState, softDevice } from '../soft-state.ts';
import type { EngineState, Fault, Incident } from '../state.ts';
import type { Topology } from '../topology.ts';
import { decideTopology } from '../topology-change.ts';
import { decideUpdates } from '../update-clock.ts';

/**
 * The deciding half of the engine over facts that are known already: health and faults are told to it,
 * and incidents, grades, clocks and pages are decided by the very passes of the service. Every page is
 * taken to arrive at once.
 */
export class ReplayedEngine implements Deciding {
  readonly state: EngineState;
  readonly soft: SoftState = emptySoftState();
  readonly isFullLook = true;
  graph: Graph | null;
  now: EpochMs = 0;
  readonly #decided: (event: DomainEvent) => void;
  readonly #told = new Map<string, Map<string, Condition>>();
  readonly #waiting = new Set<string>();
  readonly #resolved = new Set<string>();

  /** Takes over `state`; `decided` is told every event that is decided, not the facts. */
  constructor(state: EngineState, decided: (event: DomainEvent) => void) {
    this.state = state;
    this.graph = state.topology === null ? null : graphOf(state.topology);
    this.#decided = decided;
    for (const fault of state.faults.values()) this.#tell(fault);
    for (const page of state.pages.values()) {
      if (page.status === 'queued') this.#waiting.add(page.id);
    }
  }

  emit(event: DomainEvent): void {
    this.#take(event);
    if (event.type === 'page-queued') this.#waiting.add(event.pageId);
    if (event.type === 'incident-resolved') this.#resolved.add(event.incidentId);
    this.#decided(event);
  }

  /** Takes in a fact of the journal. */
  learn(event: DomainEvent): void {
    this.#take(event);
    if (event.type === 'clock-stepped') shiftSoftState(this.soft, event.byMs);
    if (event.type === 'service-started') {
      this.soft.heldConditions.clear();
      this.soft.milderSince.clear();
      this.soft.alertTimes.clear();
    }
  }

  /** Other rules, people and devices from now on. */
  load(topology: Topology): void {
    decideTopology(this, topology);
  }

  /** One look at everything that is open. */
  look(): void {
    if (this.graph === null) return;
    for (const device of this.soft.devices.values()) device.lastFullAt = this.now;
    decideAlertStorms(this);
    decideIncidents(this);
    joinOwnIncidents(this);
    decideUpdates(this);
    decideResponseClocks(this);
    decidePages(this);
    this.#resolved.clear();
    this.#deliver();
  }

  /** Whether time alone can lead to something. */
  isIdle(): boolean {
    const { openIncidentIds, standaloneFaultKeys } = this.state;
    return openIncidentIds.size + standaloneFaultKeys.size + this.#waiting.size === 0;
  }

  /** When the first of the pages that wait for the end of quiet hours goes out. */
  nextPageAt(): EpochMs | null {
    const instants = Array.from(this.#waiting, (id) => this.state.pages.get(id)?.notBefore ?? null);
    const known = instants.filter((at) => at !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  readonly isReplay = true;

  probe(): void {}

  requireGraph(): Graph {
    assert(this.graph, 'no topology loaded');
    return this.graph;
  }

  isLookedAtInFull(): boolean {
    return true;
  }

  openIncidents(): readonly Incident[] {
    return Array.from(this.state.openIncidentIds, (id) => this.state.incidents.get(id)!);
  }

  /** Open ones, those that have just ended, and those whose pages wait. */
  heldIncidents(): readonly Incident[] {
    const ids = new Set([...this.state.openIncidentIds, ...this.#resolved]);
    for (const pageId of this.#waiting) {
      const page = this.state.pages.get(pageId);
      if (page !== undefined) ids.add(page.incidentId);
    }
    return [...ids].flatMap((id) => this.state.incidents.get(id) ?? []);
  }

  standaloneFaults(): readonly Fault[] {
    return Array.from(this.state.standaloneFaultKeys, (key) => this.state.faults.get(key)!);
  }

  changedDevices(): ReadonlySet<string> {
    return new Set();
  }

  #take(event: DomainEvent): void {
    apply(this.state, event);
    if (event.type === 'topology-loaded') this.graph = graphOf(event.topology);
    if (event.type === 'fault-raised') this.#tell(this.state.faults.get(event.faultKey)!);
    if (event.type === 'customer-report-received') joinsIncident(this, event.report.id);
    // By the rules of then an outage may have explained it, so that nothing was left to clear.
    if (event.type === 'customer-report-answered') {
      const report = this.state.reports.get(event.reportId);
      if (report !== undefined) clearFault(this, ownFaultKeyOf(this, report), event.at);
    }
    if (event.type === 'fault-cleared') {
      for (const conditions of this.#told.values()) conditions.delete(event.faultKey);
    }
  }

  /** As long as a fault lasts, its device is taken to tell of it at each poll. */
  #tell({ key, deviceId, component, kind, level, text, facts }: Fault): void {
    const conditions = this.#told.get(deviceId) ?? new Map<string, Condition>();
    this.#told.set(deviceId, conditions);
    conditions.set(key, { component: component ?? '', kind, level, text, facts });
    softDevice(this.soft, deviceId).conditions = conditions;
  }

  #deliver(): void {
    for (const pageId of this.#waiting) {
      const page = this.state.pages.get(pageId);
      if (page !== undefined && page.status === 'queued') {
        if ((page.notBefore ?? 0) > this.now) continue;
        const { incidentId } = page;
        const sent = { type: 'page-sent', at: this.now, pageId, incidentId } as const;
        this.emit({ ...sent, attempt: page.attempts + 1, receipt: 'replayed' });
      }
      this.#waiting.delete(pageId);
    }
  }
}
