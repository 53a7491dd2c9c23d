import type { EpochMs } from '../../lib/time.ts';
import { carryStormsOn } from '../alerts/alert-storms.ts';
import { apply } from '../apply.ts';
import type { DomainEvent } from '../events.ts';
import { softDevice } from '../soft-state.ts';
import { type EngineState, emptyState } from '../state.ts';
import type { Topology } from '../topology.ts';
import { bearingOf, doAgain, isKnown } from './carry-over.ts';
import { nextLookAt } from './next-look.ts';
import { Outcomes, type ReplayedIncident } from './outcomes.ts';
import { ReplayedEngine } from './replayed-engine.ts';

export interface ReplayRequest {
  /** From when on is decided anew; null: from the first entry. */
  readonly from: EpochMs | null;
  /** null: to the last entry. */
  readonly to: EpochMs | null;
  /** Rules, people and devices to decide by; null: those of the time. */
  readonly topology: Topology | null;
}

export interface Replay {
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** As it happened, and as it would have: incidents that were open in `[from, to)`, oldest first. */
  readonly recorded: readonly ReplayedIncident[];
  readonly replayed: readonly ReplayedIncident[];
  /** Facts about devices that the configuration does not have. */
  readonly unknownFactCount: number;
  /** What people did about incidents that there are none of now, or that would be refused. */
  readonly undoneActCount: number;
}

/** Hands every event to `visit`, in the order of the journal; called twice. */
export type ReadEvents = (visit: (event: DomainEvent) => void) => void;

/**
 * Decides anew over the facts of a journal: what would have been graded and paged. Health and faults
 * are as they were found then; who acknowledged what, silences and overrides as people made them; and
 * every page arrives at once, whatever limit there is for a person. Nothing but the events and the
 * request decides the result. null when the journal has nothing in that time.
 */
export function replayJournal(read: ReadEvents, request: ReplayRequest): Replay | null {
  const failing: Failing[] = [];
  let first: EpochMs | null = null;
  let last: EpochMs | null = null;
  read((event) => {
    if (request.to !== null && event.at >= request.to) return;
    first ??= event.at;
    last = Math.max(last ?? event.at, event.at);
    if (event.type !== 'health-changed' || event.since >= event.at) return;
    if (event.to === 'down' || event.to === 'unreachable')
      failing.push({ deviceId: event.deviceId, since: event.since, until: event.at });
  });
  if (first === null || last === null) return null;
  const from = Math.max(first, request.from ?? first);
  if (from > last) return null;
  const run = new Run({ ...request, from }, failing);
  read((event) => {
    if (request.to === null || event.at < request.to) run.take(event);
  });
  return run.finish(request.to ?? last);
}

/** Of something that is there already. */
const TELLS_MORE: ReadonlySet<string> = new Set([
  'fault-updated',
  'notification-received',
  'snmp-engine-changed',
  'series-left-out',
]);

/** A device did not answer, which was confirmed only later. */
interface Failing {
  readonly deviceId: string;
  readonly since: EpochMs;
  readonly until: EpochMs;
}

class Run {
  readonly #from: EpochMs;
  readonly #topology: Topology | null;
  readonly #recorded: EngineState = emptyState();
  readonly #was = new Outcomes();
  #would = new Outcomes();
  #engine: ReplayedEngine | null = null;
  readonly #failing: Failing[];
  #changedAt: EpochMs = 0;
  /** Up to when the service is known to have been at work. */
  #watchedUntil: EpochMs = 0;
  /** Something of this instant is still to be looked at. */
  #isPending = false;
  #unknownFactCount = 0;
  #undoneActCount = 0;

  constructor(request: ReplayRequest & { readonly from: EpochMs }, failing: readonly Failing[]) {
    this.#from = request.from;
    this.#topology = request.topology;
    this.#failing = failing.toSorted((a, b) => a.since - b.since);
  }

  take(event: DomainEvent): void {
    if (this.#engine === null && event.at >= this.#from) this.#begin();
    if (this.#engine !== null) this.#decide(this.#engine, event);
    apply(this.#recorded, event);
    this.#was.apply(event);
  }

  finish(to: EpochMs): Replay {
    if (this.#engine !== null) this.#goOn(this.#engine, to);
    const inTime = ({ incidents }: Outcomes) =>
      [...incidents.values()]
        .filter(({ resolvedAt }) => resolvedAt === null || resolvedAt >= this.#from)
        .map((incident) => ({
          ...incident,
          pages: incident.pages.filter(({ at }) => at >= this.#from),
        }));
    return {
      ...{ from: this.#from, to, recorded: inTime(this.#was), replayed: inTime(this.#would) },
      ...{ unknownFactCount: this.#unknownFactCount, undoneActCount: this.#undoneActCount },
    };
  }

  /** What is open then goes on as it was: under its own escalation, with what was told so far. */
  #begin(): void {
    const { topology, ...rest } = this.#recorded;
    this.#would = new Outcomes();
    for (const [id, incident] of this.#was.incidents) {
      if (incident.resolvedAt === null) this.#would.incidents.set(id, structuredClone(incident));
    }
    const outcomes = this.#would;
    const engine = new ReplayedEngine({ ...structuredClone(rest), topology }, (decided) =>
      outcomes.apply(decided),
    );
    engine.now = this.#from;
    carryStormsOn(engine);
    if (topology !== null && this.#topology !== null) engine.load(this.#topology);
    this.#engine = engine;
  }

  #decide(engine: ReplayedEngine, event: DomainEvent): void {
    const bearing = bearingOf(event, this.#recorded);
    if (bearing === 'decision') return;
    if (event.type === 'lease-renewed') {
      engine.learn(event);
      this.#watchedUntil = event.at;
      return;
    }
    if (event.at !== engine.now) {
      // Nobody looked while the service was down.
      const watchedUntil =
        event.type === 'service-started' ? this.#watchedUntil : instantBefore(event);
      this.#goOn(engine, watchedUntil);
      engine.now = event.at;
      this.#doubt(engine);
    }
    this.#watchedUntil = event.at;
    if (bearing === 'person') {
      if ('incidentId' in event && event.incidentId !== null)
        this.#count(doAgain(engine, this.#recorded, event as PersonAct));
    } else if (event.type === 'topology-loaded' && this.#topology !== null) {
      if (engine.graph === null) engine.load(this.#topology);
    } else if (isKnown(engine, event)) engine.learn(event);
    else this.#unknownFactCount += 1;
    this.#isPending = true;
    if (!TELLS_MORE.has(event.type)) this.#changedAt = event.at;
  }

  #count(wasDone: boolean): void {
    if (!wasDone) this.#undoneActCount += 1;
  }

  /** Looks at what the last instant brought, then at whatever falls due up to `until`. */
  #goOn(engine: ReplayedEngine, until: EpochMs): void {
    if (this.#isPending) engine.look();
    this.#isPending = false;
    while (engine.graph !== null && !engine.isIdle()) {
      const at = nextLookAt(engine, this.#changedAt);
      if (at >= until) break;
      engine.now = at;
      this.#doubt(engine);
      engine.look();
    }
  }

  /** What is about to be confirmed silent failed its polls before: its links wait for it. */
  #doubt(engine: ReplayedEngine): void {
    const { now } = engine;
    for (let index = 0; index < this.#failing.length; index += 1) {
      const { deviceId, since, until } = this.#failing[index]!;
      if (since > now) break;
      softDevice(engine.soft, deviceId).failures = now < until ? 1 : 0;
      if (now >= until) {
        this.#failing.splice(index, 1);
        index -= 1;
      }
    }
  }
}

/** When it was by the clock that went until then. */
function instantBefore(event: DomainEvent): EpochMs {
  return event.type === 'clock-stepped' ? event.at - event.byMs : event.at;
}

type PersonAct = Extract<DomainEvent, { incidentId: string }>;
