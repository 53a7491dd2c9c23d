import { assert } from '../lib/assert.ts';
import type { DomainEvent } from './events.ts';
import type { EngineState, Incident } from './state.ts';
import { endsWithUpgrade } from './tier-hold.ts';

type TierEvent = Extract<DomainEvent, { type: `tier-${string}` }>;

/** The part of the fold that concerns tiers that people set. */
export function applyTierEvent(state: EngineState, event: TierEvent): EngineState {
  const incident = state.incidents.get(event.incidentId);
  assert(incident, `event about an incident that is not held: ${event.incidentId}`);
  if (event.type === 'tier-proposed') {
    const { tier, by, at, reason } = event;
    incident.tierProposal = { tier, by, at, reason };
  } else {
    incident.tierHold = null;
  }
  return state;
}

/** What a change of the tier does to what people have set. */
export function holdTier(
  incident: Pick<Incident, 'tierHold' | 'tierProposal'>,
  event: Extract<DomainEvent, { type: 'incident-graded' }>,
): void {
  const { from, to, at, setBy } = event;
  if (from !== to || setBy !== undefined) incident.tierProposal = null;
  if (setBy !== undefined) incident.tierHold = { ...setBy, tier: to, at };
  else if (to < from && incident.tierHold !== null && endsWithUpgrade(incident.tierHold))
    incident.tierHold = null;
}
