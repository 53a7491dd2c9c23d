import type { Tier } from '../../config/model.ts';
import type { LocalText } from '../../lib/local-text.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { DomainEvent, PageKind } from '../events.ts';
import { isOfDuty } from '../paging.ts';

/** One message to one person on one channel. */
export interface ReplayedPage {
  readonly at: EpochMs;
  readonly incidentId: string;
  readonly personId: string;
  readonly channelId: string;
  readonly kind: PageKind;
  readonly tier: Tier;
  /** Held for the recipient's quiet hours until then; null: not held. */
  readonly heldUntil: EpochMs | null;
}

export interface ReplayedGrade {
  readonly at: EpochMs;
  readonly tier: Tier;
  readonly ruleId: string;
}

/** What became of one incident. */
export interface ReplayedIncident {
  readonly id: string;
  readonly rootFaultKey: string;
  readonly startedAt: EpochMs;
  readonly openedAt: EpochMs;
  /** Opening first; then each other tier. */
  readonly grades: ReplayedGrade[];
  /** Why it has its last tier. */
  because: LocalText;
  acknowledgedAt: EpochMs | null;
  breachCount: number;
  resolvedAt: EpochMs | null;
  /** Those about reviews and authorities left out. */
  readonly pages: ReplayedPage[];
}

/** The worst tier that the incident had. */
export function worstTierOf({ grades }: Pick<ReplayedIncident, 'grades'>): Tier {
  return Math.min(...grades.map(({ tier }) => tier)) as Tier;
}

/** What happened, as the entries of a journal tell it: recorded ones and replayed ones alike. */
export class Outcomes {
  readonly incidents = new Map<string, ReplayedIncident>();

  apply(event: DomainEvent): void {
    if (event.type === 'incident-opened') {
      this.incidents.set(event.incidentId, {
        ...{ id: event.incidentId, rootFaultKey: event.rootFaultKey, startedAt: event.startedAt },
        ...{ openedAt: event.at, because: event.evidence.sentence },
        grades: [{ at: event.at, tier: event.tier, ruleId: event.evidence.ruleId }],
        ...{ acknowledgedAt: null, breachCount: 0, resolvedAt: null, pages: [] },
      });
      return;
    }
    const incident = 'incidentId' in event ? this.incidents.get(event.incidentId) : undefined;
    if (incident !== undefined) note(incident, event);
  }
}

function note(incident: ReplayedIncident, event: DomainEvent): void {
  switch (event.type) {
    case 'incident-graded':
      incident.because = event.evidence.sentence;
      if (event.to !== event.from) {
        const { at, to: tier } = event;
        incident.grades.push({ at, tier, ruleId: event.evidence.ruleId });
      }
      return;
    case 'incident-reopened':
      incident.resolvedAt = null;
      if (event.tier === undefined || event.evidence === undefined) return;
      incident.because = event.evidence.sentence;
      incident.grades.push({ at: event.at, tier: event.tier, ruleId: event.evidence.ruleId });
      return;
    case 'incident-acknowledged':
      incident.acknowledgedAt ??= event.at;
      return;
    case 'response-breached':
      incident.breachCount += 1;
      return;
    case 'incident-resolved':
      incident.resolvedAt = event.at;
      return;
    case 'page-queued': {
      const { at, incidentId, personId, channelId, kind } = event;
      // Reviews and what authorities are told are not decided anew.
      if (isOfDuty(event)) return;
      incident.pages.push({
        ...{ at, incidentId, personId, channelId, kind, tier: event.facts.tier },
        heldUntil: event.notBefore ?? null,
      });
      return;
    }
    default:
  }
}
