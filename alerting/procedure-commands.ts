import { decideAuthorityTold } from './authority-clocks.ts';
import type { Deciding } from './deciding.ts';
import type { CommandOutcome, ProcedureCommand, Refusal } from './inputs.ts';
import { needsReview } from './procedure.ts';
import type { Incident } from './state.ts';

/** Decides over a step of the procedure of an incident; a refusal changes nothing and says why. */
export function decideProcedure(deciding: Deciding, command: ProcedureCommand): CommandOutcome {
  const incident = deciding.state.incidents.get(command.incidentId);
  if (incident === undefined) return { accepted: false, reason: 'no-such-incident', by: null };
  const { incidentId, by } = command;
  const at = deciding.now;
  switch (command.type) {
    case 'reach-stage': {
      const { stage, text, personId } = command;
      if (personId !== null && !isKnown(deciding, personId)) return refuse('no-such-person');
      deciding.emit({ type: 'stage-reached', at, incidentId, by, stage, text, personId });
      return { accepted: true };
    }
    case 'publish-notice': {
      const { text, expectedAt } = command;
      if (expectedAt !== null && expectedAt <= at) return refuse('bad-span');
      const { tier } = incident;
      deciding.emit({ type: 'notice-published', at, incidentId, by, text, expectedAt, tier });
      return { accepted: true };
    }
    case 'write-review': {
      const { review } = command;
      if (incident.resolvedAt === null) return refuse('not-resolved');
      if (review.actions.some(({ ownerId }) => !isKnown(deciding, ownerId))) {
        return refuse('no-such-person');
      }
      if (needsReview(incident) && review.actions.length === 0) return refuse('action-missing');
      deciding.emit({ type: 'review-written', at, incidentId, by, review });
      return { accepted: true };
    }
    case 'approve-review':
      return approve(deciding, incident, by);
    case 'tell-authority':
      return decideAuthorityTold(deciding, incident, command);
    case 'close':
      if (incident.resolvedAt === null) return refuse('not-resolved');
      if (incident.closedAt !== null) return refuse('already-over');
      if (needsReview(incident) && incident.reviewedAt === null) return refuse('review-missing');
      if (incident.reviewDuty?.needsApproval && incident.approvedAt === null)
        return refuse('approval-missing');
      deciding.emit({ type: 'incident-closed', at, incidentId, by });
      return { accepted: true };
  }
}

/** By somebody else than its author; by those who approve reviews, where there are any. */
function approve(deciding: Deciding, incident: Incident, by: string): CommandOutcome {
  if (incident.reviewedAt === null) return refuse('review-missing');
  if (incident.approvedAt !== null) return refuse('already-over');
  if (incident.reviewedBy === by) return refuse('same-person');
  const { people } = deciding.requireGraph();
  const isAnyone = [...people.values()].every(({ approvesReviews }) => !approvesReviews);
  if (!isAnyone && !people.get(by)?.approvesReviews) return refuse('not-entitled');
  deciding.emit({ type: 'review-approved', at: deciding.now, incidentId: incident.id, by });
  return { accepted: true };
}

function isKnown(deciding: Deciding, personId: string): boolean {
  return deciding.requireGraph().people.has(personId);
}

function refuse(reason: Refusal): CommandOutcome {
  return { accepted: false, reason, by: null };
}
