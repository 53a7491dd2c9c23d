import type { Tier } from '../config/model.ts';
import type { Deciding } from './deciding.ts';
import { rulesTierOf } from './evidence.ts';
import type { CommandOutcome, TierCommand } from './inputs.ts';
import { recordBreach } from './response-clock.ts';
import type { Incident } from './state.ts';
import { clockAfter } from './tier-changes.ts';
import { PROPOSAL_LASTS_MS } from './tier-hold.ts';

/**
 * A person sets the tier of an incident: a worse one freely, a milder one with a reason, one milder
 * than tier 1 only together with a second person, and none milder than what customers were told.
 */
export function decideTier(deciding: Deciding, command: TierCommand): CommandOutcome {
  const incident = deciding.state.incidents.get(command.incidentId);
  if (incident === undefined) return refuse('no-such-incident');
  if (incident.resolvedAt !== null) return refuse('already-resolved');
  switch (command.type) {
    case 'set-tier':
      return setTier(deciding, incident, command);
    case 'confirm-tier':
      return confirmTier(deciding, incident, command.by);
    case 'release-tier': {
      if (incident.tierHold === null) return refuse('no-tier-set');
      const { by, reason } = command;
      deciding.emit({
        type: 'tier-released',
        at: deciding.now,
        incidentId: incident.id,
        by,
        reason,
      });
      return { accepted: true };
    }
  }
}

function setTier(
  deciding: Deciding,
  incident: Incident,
  { by, tier, reason }: Extract<TierCommand, { type: 'set-tier' }>,
): CommandOutcome {
  const isMilder = tier > incident.tier;
  if (isMilder && reason === '') return refuse('reason-missing');
  if (isBelowTold(incident, tier)) return refuse('customers-told');
  if (isMilder && incident.tier === 1) {
    const { id: incidentId } = incident;
    deciding.emit({ type: 'tier-proposed', at: deciding.now, incidentId, by, tier, reason });
    return { accepted: true };
  }
  hold(deciding, incident, { tier, by, confirmedBy: null, reason });
  return { accepted: true };
}

function confirmTier(deciding: Deciding, incident: Incident, by: string): CommandOutcome {
  const proposal = incident.tierProposal;
  if (proposal === null || deciding.now - proposal.at > PROPOSAL_LASTS_MS)
    return refuse('nothing-proposed');
  if (proposal.by === by) return refuse('same-person');
  if (isBelowTold(incident, proposal.tier)) return refuse('customers-told');
  const { tier, reason } = proposal;
  hold(deciding, incident, { tier, by: proposal.by, confirmedBy: by, reason });
  return { accepted: true };
}

function isBelowTold({ toldTier }: Incident, tier: Tier): boolean {
  return toldTier !== null && tier > toldTier;
}

interface Wanted {
  readonly tier: Tier;
  readonly by: string;
  readonly confirmedBy: string | null;
  readonly reason: string;
}

/** The clock moves as it does when the rules change the tier. */
function hold(deciding: Deciding, incident: Incident, { tier, ...setBy }: Wanted): void {
  recordBreach(deciding, incident);
  deciding.soft.milderSince.delete(incident.id);
  deciding.emit({
    type: 'incident-graded',
    at: deciding.now,
    incidentId: incident.id,
    from: incident.tier,
    to: tier,
    evidence: incident.evidence,
    ...clockAfter(incident, tier, deciding.now),
    held: 'person',
    setBy: { ...setBy, rulesTier: rulesTierOf(deciding, incident.evidence) ?? incident.tier },
  });
}

function refuse(reason: Extract<CommandOutcome, { accepted: false }>['reason']): CommandOutcome {
  return { accepted: false, reason, by: null };
}
