import { answerRightOf } from './answer-rights.ts';
import { causesToKeep } from './causes.ts';
import type { Deciding } from './deciding.ts';
import { flappedToKeep } from './flaps.ts';
import type { Command, CommandOutcome, IncidentCommand, TakeCallback } from './inputs.ts';
import { activeMembers, endOfFailure } from './members.ts';
import { decideOverride } from './override-commands.ts';
import { decideProcedure } from './procedure-commands.ts';
import { decideReport } from './reports-of-customers.ts';
import { recordBreach } from './response-clock.ts';
import { decideSilence } from './silence-commands.ts';
import type { Incident } from './state.ts';
import { decideTier } from './tier-commands.ts';

/** Decides over what a person asks for; a refusal says why, and changes nothing of what is asked about. */
export function decideCommand(deciding: Deciding, command: Command): CommandOutcome {
  switch (command.type) {
    case 'add-override':
    case 'swap-turns':
    case 'remove-override':
      return decideOverride(deciding, command);
    case 'add-silence':
    case 'confirm-silence':
    case 'extend-silence':
    case 'end-silence':
      return decideSilence(deciding, command);
    case 'set-tier':
    case 'confirm-tier':
    case 'release-tier':
      return decideTier(deciding, command);
    case 'reach-stage':
    case 'publish-notice':
    case 'write-review':
    case 'approve-review':
    case 'tell-authority':
    case 'close':
      return decideProcedure(deciding, command);
    case 'report-fault':
    case 'respond-to-report':
    case 'answer-report':
      return decideReport(deciding, command);
    case 'take-callback':
      return takeCallback(deciding, command);
    default:
      return decideOnIncident(deciding, command);
  }
}

type Acknowledge = Extract<IncidentCommand, { type: 'acknowledge' }>;

function decideOnIncident(deciding: Deciding, command: IncidentCommand): CommandOutcome {
  const incident = deciding.state.incidents.get(command.incidentId);
  if (incident === undefined) return refuse('no-such-incident', null);
  switch (command.type) {
    case 'acknowledge':
      return acknowledge(deciding, incident, command);
    case 'resolve':
      return resolve(deciding, incident, command.by, command.text);
    case 'note':
      deciding.emit({
        type: 'incident-noted',
        at: deciding.now,
        incidentId: incident.id,
        by: command.by,
        text: command.text,
      });
      return { accepted: true };
  }
}

/**
 * Only somebody of the chain acknowledges, or who may answer for every incident. Anybody else takes it
 * over explicitly, and is of the chain from then on; an attempt without that goes on record.
 */
function acknowledge(
  deciding: Deciding,
  incident: Incident,
  { by, via, episode = incident.episode, takesOver = false }: Acknowledge,
): CommandOutcome {
  if (incident.resolvedAt !== null) return refuse('already-resolved', null);
  if (incident.acknowledgedAt !== null) {
    return refuse('already-acknowledged', incident.acknowledgedBy);
  }
  if (episode !== incident.episode) return refuse('other-episode', null);
  const { now: at, state } = deciding;
  const attempt = { at, incidentId: incident.id, by, via };
  // What is decided over anew was allowed when it was done.
  const right =
    deciding.isReplay === true
      ? 'chain'
      : answerRightOf(state, deciding.requireGraph(), incident, by, at);
  if (right === null && !takesOver) {
    if (!incident.refusedIds.has(by))
      deciding.emit({ type: 'acknowledgement-refused', ...attempt });
    return refuse('not-on-chain', null);
  }
  recordBreach(deciding, incident);
  deciding.emit({
    type: 'incident-acknowledged',
    ...attempt,
    ...(right === 'chain' ? {} : { right: takesOver ? 'took-over' : right! }),
  });
  return { accepted: true };
}

/**
 * A person may end an incident that is over but still settling. One of tier 3 or 4 may be ended
 * while it fails, with a reason: its faults then open nothing new until they have cleared once. A
 * critical or major one ends when its cause does.
 */
function resolve(deciding: Deciding, incident: Incident, by: string, text: string): CommandOutcome {
  if (incident.resolvedAt !== null) return refuse('already-resolved', null);
  const isFailing = activeMembers(deciding.state, incident).length > 0;
  if (isFailing && incident.tier <= 2) return refuse('still-failing', null);
  recordBreach(deciding, incident);
  const restoredAt = isFailing ? deciding.now : endOfFailure(incident, deciding.now);
  deciding.emit({
    type: 'incident-resolved',
    at: deciding.now,
    incidentId: incident.id,
    by,
    reason: 'person',
    text,
    restoredAt,
    ...causesToKeep(incident, restoredAt),
    ...flappedToKeep(deciding.state, incident),
  });
  return { accepted: true };
}

function takeCallback(deciding: Deciding, { channelId, callbackId }: TakeCallback): CommandOutcome {
  if (deciding.state.takenCallbacks?.has(callbackId)) return refuse('already-taken', null);
  deciding.emit({ type: 'callback-taken', at: deciding.now, channelId, callbackId });
  return { accepted: true };
}

function refuse(
  reason: Extract<CommandOutcome, { accepted: false }>['reason'],
  by: string | null,
): CommandOutcome {
  return { accepted: false, reason, by };
}
