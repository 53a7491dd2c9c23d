import type { Tier } from '../config/model.ts';
import { dueInWorkingDays } from '../config/schedule/working-days.ts';
import { say } from '../lib/local-text.ts';
import type { Deciding } from './deciding.ts';
import type { ReviewReason } from './duties.ts';
import { pageOfDuty } from './duty-pages.ts';
import { subjectOf } from './graph.ts';
import type { Incident } from './state.ts';

/**
 * The review after the end of an incident: required by the frozen rule of the worst tier that it had,
 * due at the end of a working day where it happened. One reminder before, one page when it is overdue,
 * both in the morning; it counts as done when it is written.
 */
export function decideReviews(deciding: Deciding): void {
  for (const incident of deciding.heldIncidents()) {
    if (incident.resolvedAt === null || incident.closedAt !== null) continue;
    if (incident.reviewedAt !== null) continue;
    if (incident.reviewDuty === null) requireReview(deciding, incident);
    else tellOfDuty(deciding, incident);
  }
}

function requireReview(deciding: Deciding, incident: Incident): void {
  const rule = incident.targets[worstTierOf(incident)].review;
  const reasons = reviewReasons(incident);
  if (rule === undefined || reasons.length === 0) return;
  const graph = deciding.requireGraph();
  const { workCalendars = [], timeZone: ownZone } = graph.topology;
  const siteId = subjectOf(graph, incident.rootDeviceId)?.siteId ?? '';
  const timeZone = graph.sites.get(siteId)?.timeZone ?? ownZone;
  const calendar = workCalendars.find((each) => each.timeZone === timeZone) ?? {
    ...{ timeZone, holidays: [], workdays: [] },
  };
  deciding.emit({
    type: 'review-required',
    at: deciding.now,
    incidentId: incident.id,
    duty: {
      ...{ reasons, timeZone, needsApproval: rule.needsApproval },
      ...dueInWorkingDays(incident.resolvedAt!, rule.withinWorkingDays, calendar),
    },
  });
}

/** Why the rule of its tier asks for a review; empty: it does not. */
function reviewReasons(incident: Incident): readonly ReviewReason[] {
  const { review: rule } = incident.targets[worstTierOf(incident)];
  if (rule === undefined) return [];
  const { resolvedAt, restoredAt, startedAt, openedAt, previousEndedAt, wasBreached } = incident;
  const { ifLongerThanMs, ifRepeatedWithinMs } = rule;
  const lastedMs = (restoredAt ?? resolvedAt!) - startedAt;
  const holds: Readonly<Record<ReviewReason, boolean>> = {
    tier: rule.always,
    breached: rule.ifBreached && wasBreached,
    long: ifLongerThanMs !== null && lastedMs > ifLongerThanMs,
    repeated:
      ifRepeatedWithinMs !== null &&
      previousEndedAt !== null &&
      openedAt - previousEndedAt <= ifRepeatedWithinMs,
  };
  return (['tier', 'breached', 'long', 'repeated'] as const).filter((reason) => holds[reason]);
}

function worstTierOf({ tier, tierReachedAt }: Incident): Tier {
  return Math.min(tier, ...tierReachedAt.keys()) as Tier;
}

const WHAT = say(
  'the review, with its root cause and corrective actions',
  '总结（根本原因与整改措施）',
);

function tellOfDuty(deciding: Deciding, incident: Incident): void {
  const { id: incidentId } = incident;
  const { now: at } = deciding;
  const { remindAt, tellAt, dueAt, dueOn, isReminded, isOverdue, isTold } = incident.reviewDuty!;
  const duty = { what: WHAT, by: dueAt };
  if (!isOverdue && at >= dueAt) deciding.emit({ type: 'review-overdue', at, incidentId, dueAt });
  if (at >= tellAt && !isTold) {
    const step = `review-overdue:${dueOn}`;
    deciding.emit({ type: 'review-told', at, incidentId, isOverdue: true });
    pageOfDuty(deciding, incident, { step, kind: 'duty-overdue', duty });
  } else if (!isReminded && at >= remindAt && at < dueAt) {
    const step = `review-due:${dueOn}`;
    deciding.emit({ type: 'review-told', at, incidentId, isOverdue: false });
    pageOfDuty(deciding, incident, { step, kind: 'duty-due', duty });
  }
}
