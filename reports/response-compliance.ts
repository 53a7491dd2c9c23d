import type { DomainEvent } from '../alerting/events.ts';
import { TIERS, type Tier } from '../config/model.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import { nearestRank } from './time-figures.ts';

/**
 * How the response clocks of one tier ended. Every clock is counted once in `acknowledgedInTime`,
 * `breached`, `resolvedFirst` or `running`; `neverAcknowledged` says of those that ended what nobody did.
 */
export interface TierCompliance {
  readonly tier: Tier;
  readonly acknowledgedInTime: number;
  /** The deadline passed unacknowledged, whether or not someone acknowledged later. */
  readonly breached: number;
  /** Resolved before the deadline without anyone acknowledging. */
  readonly resolvedFirst: number;
  /** Not acknowledged, the deadline still ahead. */
  readonly running: number;
  /**
   * Ended with the incident resolved and nobody having acknowledged, before the deadline or after a
   * breach. Null in a report of an earlier version that did not count them by tier.
   */
  readonly neverAcknowledged: number | null;
  /** In time ÷ (in time + breached), parts per million rounded down; null when there were none. */
  readonly compliancePpm: number | null;
  /** Start of the clock to acknowledgement, late ones included; nearest rank; null when none. */
  readonly medianAcknowledgeMs: DurationMs | null;
  readonly p90AcknowledgeMs: DurationMs | null;
}

export interface ResponseCompliance {
  /** Incidents that opened in the period. */
  readonly incidentCount: number;
  readonly tiers: readonly TierCompliance[];
}

interface ResponseClock {
  startedAt: EpochMs;
  acknowledgeBy: EpochMs;
  /** The tier it had when it ran out; null while it has not. */
  breachedTier: Tier | null;
  /** Null while it runs. */
  endedAt: EpochMs | null;
}

interface OpenIncident {
  readonly incidentId: string;
  tier: Tier;
  clock: ResponseClock;
}

/** A clock of the period that has ended. */
interface EndedClock {
  readonly incidentId: string;
  readonly tier: Tier;
  readonly end: 'inTime' | 'breached' | 'resolvedFirst';
  /** null when nobody acknowledged. */
  readonly acknowledgeMs: DurationMs | null;
}

interface Tally {
  inTime: number;
  breached: number;
  resolvedFirst: number;
  running: number;
  neverAcknowledged: number;
  readonly acknowledgeMs: DurationMs[];
}

/** Resolved incidents remembered because they can still re-open; the oldest are forgotten first. */
const INCIDENTS_REMEMBERED = 10_000;
const PPM = 1_000_000;

/**
 * Follows response clocks through the incident events. A clock starts when an incident opens,
 * re-opens, or is upgraded so that a fresh acknowledgement is needed, or when one lapses; it is counted in the period
 * in which it started, under the tier it had when it ended or, breached, when it ran out.
 */
export class ResponseFold {
  readonly #from: EpochMs;
  readonly #to: EpochMs;
  readonly #incidents = new Map<string, OpenIncident>();
  readonly #ended: EndedClock[] = [];
  readonly #opened: string[] = [];

  constructor(from: EpochMs, to: EpochMs) {
    this.#from = from;
    this.#to = to;
  }

  apply(event: DomainEvent): void {
    if (event.type === 'incident-opened') {
      if (this.#isInPeriod(event.at)) this.#opened.push(event.incidentId);
      this.#startClock(event.incidentId, event.tier, event.at, event.acknowledgeBy);
      return;
    }
    if (!('incidentId' in event)) return;
    const incident = this.#incidents.get(event.incidentId);
    if (incident === undefined) return;
    switch (event.type) {
      case 'incident-reopened':
        this.#resolve(incident, event.at);
        this.#startClock(
          event.incidentId,
          event.tier ?? incident.tier,
          event.at,
          event.acknowledgeBy,
        );
        return;
      case 'incident-graded':
        this.#grade(incident, event);
        return;
      case 'acknowledgement-lapsed':
        this.#startClock(event.incidentId, incident.tier, event.at, event.acknowledgeBy);
        return;
      case 'incident-acknowledged':
        this.#acknowledge(incident, event.at);
        return;
      case 'incident-clock-moved':
        // Times before the step, told by the clock that goes now.
        if (incident.clock.endedAt !== null) return;
        incident.clock.startedAt += event.byMs;
        incident.clock.acknowledgeBy = event.acknowledgeBy;
        return;
      case 'response-breached':
        if (incident.clock.endedAt === null) incident.clock.breachedTier ??= incident.tier;
        return;
      case 'incident-resolved':
        this.#resolve(incident, event.at);
        return;
      default:
        return;
    }
  }

  /** The counts as they stand at `now`, of the incidents that are wanted; changes nothing. */
  read(now: EpochMs, isWanted: (incidentId: string) => boolean = () => true): ResponseCompliance {
    const tallies = newTallies();
    for (const { incidentId, tier, end, acknowledgeMs } of this.#ended) {
      if (!isWanted(incidentId)) continue;
      tallies[tier][end] += 1;
      if (acknowledgeMs === null) tallies[tier].neverAcknowledged += 1;
      else tallies[tier].acknowledgeMs.push(acknowledgeMs);
    }
    for (const [incidentId, { tier, clock }] of this.#incidents) {
      if (clock.endedAt !== null || !this.#isInPeriod(clock.startedAt)) continue;
      if (!isWanted(incidentId)) continue;
      const breachedTier = breachOf(clock, tier, now);
      if (breachedTier !== null) tallies[breachedTier].breached += 1;
      else tallies[tier].running += 1;
    }
    return {
      incidentCount: this.#opened.filter(isWanted).length,
      tiers: TIERS.map((tier) => summarise(tier, tallies[tier])),
    };
  }

  /** Clocks of the period that ended without an acknowledgement, of all tiers; see `TierCompliance`. */
  neverAcknowledgedCount(isWanted: (incidentId: string) => boolean = () => true): number {
    return this.#ended.filter(
      ({ incidentId, acknowledgeMs }) => acknowledgeMs === null && isWanted(incidentId),
    ).length;
  }

  #startClock(incidentId: string, tier: Tier, at: EpochMs, acknowledgeBy: EpochMs): void {
    const clock = { startedAt: at, acknowledgeBy, breachedTier: null, endedAt: null };
    this.#incidents.delete(incidentId);
    this.#incidents.set(incidentId, { incidentId, tier, clock });
    this.#forgetResolved();
  }

  #grade(incident: OpenIncident, event: DomainEvent & { type: 'incident-graded' }): void {
    const wasAcknowledged = incident.clock.endedAt !== null;
    if (wasAcknowledged && event.needsFreshAcknowledgement) {
      this.#startClock(event.incidentId, event.to, event.at, event.acknowledgeBy);
      return;
    }
    // The deadline may have passed a moment before anything was written of it.
    if (!wasAcknowledged) {
      incident.clock.breachedTier = breachOf(incident.clock, incident.tier, event.at);
    }
    incident.tier = event.to;
    if (!wasAcknowledged) incident.clock.acknowledgeBy = event.acknowledgeBy;
  }

  #acknowledge({ incidentId, tier, clock }: OpenIncident, at: EpochMs): void {
    if (clock.endedAt !== null) return;
    clock.endedAt = at;
    if (!this.#isInPeriod(clock.startedAt)) return;
    const breachedTier = breachOf(clock, tier, at);
    this.#ended.push({
      incidentId,
      tier: breachedTier ?? tier,
      end: breachedTier === null ? 'inTime' : 'breached',
      acknowledgeMs: Math.max(0, at - clock.startedAt),
    });
  }

  #resolve({ incidentId, tier, clock }: OpenIncident, at: EpochMs): void {
    if (clock.endedAt !== null) return;
    clock.endedAt = at;
    if (!this.#isInPeriod(clock.startedAt)) return;
    const breachedTier = breachOf(clock, tier, at);
    const end = breachedTier === null ? 'resolvedFirst' : 'breached';
    this.#ended.push({ incidentId, tier: breachedTier ?? tier, end, acknowledgeMs: null });
  }

  #isInPeriod(at: EpochMs): boolean {
    return at >= this.#from && at < this.#to;
  }

  #forgetResolved(): void {
    for (const [id, { clock }] of this.#incidents) {
      if (this.#incidents.size <= INCIDENTS_REMEMBERED) return;
      if (clock.endedAt !== null) this.#incidents.delete(id);
    }
  }
}

/** The tier whose clock has run out by `at`; null while it has not. */
function breachOf({ breachedTier, acknowledgeBy }: ResponseClock, tier: Tier, at: EpochMs) {
  return breachedTier ?? (at > acknowledgeBy ? tier : null);
}

function newTallies(): Record<Tier, Tally> {
  const tally = (): Tally => ({
    ...{ inTime: 0, breached: 0, resolvedFirst: 0, running: 0, neverAcknowledged: 0 },
    acknowledgeMs: [],
  });
  return { 1: tally(), 2: tally(), 3: tally(), 4: tally() };
}

function summarise(tier: Tier, { inTime, acknowledgeMs, ...counts }: Tally): TierCompliance {
  const judged = inTime + counts.breached;
  const sorted = acknowledgeMs.toSorted((a, b) => a - b);
  return {
    tier,
    acknowledgedInTime: inTime,
    ...counts,
    compliancePpm: judged === 0 ? null : Math.floor((inTime * PPM) / judged),
    medianAcknowledgeMs: nearestRank(sorted, 50),
    p90AcknowledgeMs: nearestRank(sorted, 90),
  };
}
