import { assert, assertNever } from '../lib/assert.ts';
import type { HeldAuthorityClock } from './duties.ts';
import type { DutyEvent } from './duty-events.ts';
import type { EngineState, Incident } from './state.ts';

/** The part of the fold that concerns reviews that are owed and what authorities are told. */
export function applyDutyEvent(state: EngineState, event: DutyEvent): EngineState {
  const incident = state.incidents.get(event.incidentId);
  assert(incident, `event about an incident that is not held: ${event.incidentId}`);
  const { reviewDuty: duty } = incident;
  switch (event.type) {
    case 'review-required':
      incident.reviewDuty = { ...event.duty, isReminded: false, isOverdue: false, isTold: false };
      return state;
    case 'review-told':
      if (duty !== null)
        incident.reviewDuty = {
          ...duty,
          ...(event.isOverdue ? { isTold: true } : { isReminded: true }),
        };
      return state;
    case 'review-overdue':
      if (duty !== null) incident.reviewDuty = { ...duty, isOverdue: true };
      return state;
    case 'review-approved':
      incident.approvedAt = event.at;
      return state;
    case 'authority-clock-started': {
      const fresh = { remindedRatio: 0, breachedAt: null, toldAt: null };
      incident.authorityClocks.set(event.clock.authorityId, { ...event.clock, ...fresh });
      return state;
    }
    case 'authority-reminded':
      return change(state, incident, event.authorityId, { remindedRatio: event.ratio });
    case 'authority-clock-breached':
      return change(state, incident, event.authorityId, { breachedAt: event.at });
    case 'authority-told':
      return change(state, incident, event.authorityId, { toldAt: event.toldAt });
    default:
      return assertNever(event, 'event');
  }
}

function change(
  state: EngineState,
  { id, authorityClocks }: Incident,
  authorityId: string,
  what: Partial<HeldAuthorityClock>,
): EngineState {
  const clock = authorityClocks.get(authorityId);
  assert(clock, `event about a clock that ${id} does not have: ${authorityId}`);
  authorityClocks.set(authorityId, { ...clock, ...what });
  return state;
}
