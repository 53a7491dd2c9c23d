import type { AuthorityDuty } from '../config/authority-duty.ts';
import { sayWith } from '../lib/local-text.ts';
import type { Deciding } from './deciding.ts';
import { type HeldAuthorityClock, isClockOver, reminderAt } from './duties.ts';
import { pageOfDuty } from './duty-pages.ts';
import type { CommandOutcome, ProcedureCommand } from './inputs.ts';
import type { Incident } from './state.ts';

/**
 * By when authorities are to be told of an incident. A clock begins when the incident is of a tier of which
 * its authority is told, and is frozen then; a worse tier may shorten it, a milder one changes nothing, and
 * neither an acknowledgement nor the end stops it: only that a person has told the authority does.
 */
export function decideAuthorityClocks(deciding: Deciding): void {
  const duties = deciding.requireGraph().topology.authorities ?? [];
  if (duties.length > 0) {
    for (const incident of deciding.openIncidents())
      for (const duty of duties) startClock(deciding, incident, duty);
  }
  for (const incident of deciding.heldIncidents())
    for (const clock of incident.authorityClocks.values()) followClock(deciding, incident, clock);
}

function startClock(deciding: Deciding, incident: Incident, duty: AuthorityDuty): void {
  const { tier } = incident;
  const withinMs = duty.withinMs[tier];
  if (withinMs === null) return;
  const running = incident.authorityClocks.get(duty.id);
  if (running !== undefined && (running.tier <= tier || isClockOver(running))) return;
  const startedAt = duty.from === 'detected' ? incident.startedAt : deciding.now;
  const dueAt = startedAt + withinMs;
  if (running !== undefined && running.dueAt <= dueAt) return;
  const { id: authorityId, name, reminderRatios } = duty;
  deciding.emit({
    type: 'authority-clock-started',
    at: deciding.now,
    incidentId: incident.id,
    clock: { authorityId, name, tier, startedAt, dueAt, reminderRatios },
  });
}

function followClock(deciding: Deciding, incident: Incident, clock: HeldAuthorityClock): void {
  const { authorityId, dueAt, remindedRatio, reminderRatios } = clock;
  if (isClockOver(clock)) return;
  const { id: incidentId } = incident;
  const { now: at } = deciding;
  const duty = {
    what: sayWith({ name: clock.name }, 'to tell the authority: {name}', '向主管部门报告：{name}'),
    by: dueAt,
  };
  // The deadline itself still counts as in time.
  if (at > dueAt) {
    deciding.emit({
      type: 'authority-clock-breached',
      at,
      incidentId,
      authorityId,
      deadline: dueAt,
    });
    const step = `authority-overdue:${authorityId}`;
    pageOfDuty(deciding, incident, { step, kind: 'duty-overdue', duty });
    return;
  }
  // After a pause of the service one reminder, not several.
  const ratio = reminderRatios.findLast((each) => reminderAt(clock, each) <= at);
  if (ratio === undefined || ratio <= remindedRatio) return;
  deciding.emit({ type: 'authority-reminded', at, incidentId, authorityId, ratio });
  const step = `authority-due:${authorityId}:${ratio}`;
  pageOfDuty(deciding, incident, { step, kind: 'duty-due', duty });
}

/** A person has told the authority: when, and what it is called there. */
export function decideAuthorityTold(
  deciding: Deciding,
  incident: Incident,
  command: Extract<ProcedureCommand, { type: 'tell-authority' }>,
): CommandOutcome {
  const { authorityId, by, reference, text } = command;
  const { now: at } = deciding;
  const clock = incident.authorityClocks.get(authorityId);
  if (clock === undefined) return { accepted: false, reason: 'no-such-authority', by: null };
  if (clock.toldAt !== null) return { accepted: false, reason: 'already-over', by: null };
  const toldAt = command.toldAt ?? at;
  if (toldAt > at || toldAt < incident.startedAt)
    return { accepted: false, reason: 'bad-instant', by: null };
  followClock(deciding, incident, clock);
  const { id: incidentId } = incident;
  deciding.emit({
    ...{ type: 'authority-told', at, incidentId, authorityId, by },
    ...{ toldAt, reference, text },
  });
  return { accepted: true };
}
