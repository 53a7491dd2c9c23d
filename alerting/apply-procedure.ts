import type { Tier } from '../config/model.ts';
import { assert, assertNever } from '../lib/assert.ts';
import { DAY, type DurationMs, type EpochMs } from '../lib/time.ts';
import { noteUpdate } from './apply-incident.ts';
import type { DomainEvent } from './events.ts';
import type { EngineState } from './state.ts';

type ProcedureEvent = Extract<
  DomainEvent,
  | {
      type:
        | 'stage-reached'
        | 'notice-drafted'
        | 'notice-published'
        | 'review-written'
        | 'incident-closed';
    }
  | { type: `customer-report-${string}` }
>;

/** How long an answered report is still shown; the journal has it for good. */
const KEPT_FOR_MS: DurationMs = 30 * DAY;

/** The part of the fold that concerns the procedure of incidents and what customers report. */
export function applyProcedureEvent(state: EngineState, event: ProcedureEvent): EngineState {
  switch (event.type) {
    case 'stage-reached': {
      const incident = incidentOf(state, event.incidentId);
      incident.stages.add(event.stage);
      noteUpdate(incident, event.at);
      return state;
    }
    case 'notice-drafted':
      incidentOf(state, event.incidentId).draftedEpisode = event.episode;
      return state;
    case 'notice-published': {
      const incident = incidentOf(state, event.incidentId);
      const { tier } = event;
      noteUpdate(incident, event.at);
      if (tier !== undefined && incident.resolvedAt === null)
        incident.toldTier = Math.min(tier, incident.toldTier ?? tier) as Tier;
      return state;
    }
    case 'review-written': {
      const incident = incidentOf(state, event.incidentId);
      incident.reviewedAt = event.at;
      incident.reviewedBy = event.by;
      incident.approvedAt = null;
      return state;
    }
    case 'incident-closed':
      incidentOf(state, event.incidentId).closedAt = event.at;
      return state;
    case 'customer-report-received': {
      forgetOld(state, event.at);
      const fresh = { incidentId: null, respondedAt: null, answeredAt: null };
      state.reports.set(event.report.id, { ...event.report, ...fresh, breached: new Set() });
      state.lastReportNumber += 1;
      return state;
    }
    case 'customer-report-joined':
      reportOf(state, event.reportId).incidentId = event.incidentId;
      return state;
    case 'customer-report-responded':
      reportOf(state, event.reportId).respondedAt = event.at;
      return state;
    case 'customer-report-answered': {
      const report = reportOf(state, event.reportId);
      report.respondedAt ??= event.at;
      report.answeredAt = event.at;
      return state;
    }
    case 'customer-report-breached':
      reportOf(state, event.reportId).breached.add(event.clock);
      return state;
    default:
      return assertNever(event, 'event');
  }
}

function incidentOf(state: EngineState, incidentId: string) {
  const incident = state.incidents.get(incidentId);
  assert(incident, `event about an incident that is not held: ${incidentId}`);
  return incident;
}

function reportOf(state: EngineState, reportId: string) {
  const report = state.reports.get(reportId);
  assert(report, `event about a report that is not held: ${reportId}`);
  return report;
}

function forgetOld(state: EngineState, at: EpochMs): void {
  for (const [id, { answeredAt }] of state.reports) {
    if (answeredAt !== null && at - answeredAt > KEPT_FOR_MS) state.reports.delete(id);
  }
}
