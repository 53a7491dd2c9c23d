import type { Tier } from '../config/model.ts';
import { type EpochMs, MINUTE } from '../lib/time.ts';
import { isCauseOver } from './causes.ts';
import type { Deciding } from './deciding.ts';
import {
  evidenceOf,
  isNoLongerObserved,
  refreshEvidence,
  tellFlapping,
  tellMilder,
  tellNotObserved,
  tellOver,
} from './evidence.ts';
import { decideForecast, type Nearing } from './forecast.ts';
import { gradeNow } from './grade-now.ts';
import type { Grade } from './grading.ts';
import type { Fault, Incident } from './state.ts';
import { heldBy, tierFor } from './tier-hold.ts';

/**
 * How the tier of an open incident follows its facts: up at once, down after ten milder minutes, and
 * neither against what a person has set nor below what customers were told (`tier-hold.ts`).
 */

/** A milder tier is taken only after the facts have called for it this long. */
export const DOWNGRADE_AFTER_MS = 10 * MINUTE;

/** Grades an open incident over its active faults, the root first. */
export function regrade(deciding: Deciding, incident: Incident, members: readonly Fault[]): void {
  if (areOnlyLinksLeft(incident, members)) {
    if (isCauseOver(incident, deciding.state)) tellOver(deciding, incident, members);
    return;
  }
  const nearing: Nearing[] = [];
  const grade = gradeNow(deciding, incident.rootFaultKey, members, incident, nearing);
  const isWorse = grade !== null && tierFor(incident, grade.tier) < incident.tier;
  if (!isWorse && isNoLongerObserved(deciding, members[0]!)) {
    tellNotObserved(deciding, incident, members);
  } else if (grade !== null) takeGrade(deciding, incident, members, grade);
  else tellFlapping(deciding, incident, members);
  decideForecast(deciding, incident, nearing);
}

function takeGrade(
  deciding: Deciding,
  incident: Incident,
  members: readonly Fault[],
  grade: Grade,
): void {
  const tier = tierFor(incident, grade.tier);
  const { milderSince } = deciding.soft;
  if (tier > incident.tier) {
    const since = milderSince.get(incident.id) ?? deciding.now;
    milderSince.set(incident.id, since);
    if (deciding.now - since < DOWNGRADE_AFTER_MS) {
      tellMilder(deciding, incident, members);
      return;
    }
  }
  milderSince.delete(incident.id);
  if (tier !== incident.tier || isNewlyDown(incident, members))
    changeTier(deciding, incident, members, grade);
  else refreshEvidence(deciding, incident, members, grade);
}

/** What another tier does to the response clock. */
export interface ClockAfter {
  readonly acknowledgeBy: EpochMs;
  readonly needsFreshAcknowledgement: boolean;
}

/**
 * A worse tier before the acknowledgement shortens the clock, never lengthens it; tier 1 or 2 after
 * the acknowledgement (or any other news, `isNews`) starts a new clock and asks for a fresh one. A
 * milder tier moves no deadline.
 */
export function clockAfter(
  incident: Incident,
  tier: Tier,
  now: EpochMs,
  isNews: boolean = false,
): ClockAfter {
  const isWorse = tier < incident.tier;
  const isAcknowledged = incident.acknowledgedAt !== null;
  const target = now + incident.targets[tier].acknowledgeWithinMs;
  if (isAcknowledged && ((isWorse && tier <= 2) || isNews))
    return { acknowledgeBy: target, needsFreshAcknowledgement: true };
  const isShortened = isWorse && !isAcknowledged;
  return {
    acknowledgeBy: isShortened ? Math.min(incident.acknowledgeBy, target) : incident.acknowledgeBy,
    needsFreshAcknowledgement: false,
  };
}

/** Links not told as up again yet, and groups not looked at again, say nothing about how bad it is. */
function areOnlyLinksLeft({ members: relations }: Incident, members: readonly Fault[]): boolean {
  const left = members.map((fault) => relations.get(fault.key));
  return left.every((relation) => relation === 'link' || relation === 'redundancy');
}

function changeTier(
  deciding: Deciding,
  incident: Incident,
  members: readonly Fault[],
  grade: Grade,
): void {
  const tier = tierFor(incident, grade.tier);
  const held = heldBy(incident, grade.tier);
  deciding.emit({
    type: 'incident-graded',
    at: deciding.now,
    incidentId: incident.id,
    from: incident.tier,
    to: tier,
    evidence: evidenceOf(deciding, members, incident, grade),
    ...clockAfter(incident, tier, deciding.now, isNewlyDown(incident, members)),
    ...(held === null ? {} : { held }),
  });
}

/** What was acknowledged before anyone knew that a device is down. */
const NOT_YET_DOWN: ReadonlySet<string> = new Set(['monitoring-blind', 'customer-report']);

/** Whoever acknowledged that a device cannot be observed, or a customer's word, has not heard that it is down. */
function isNewlyDown({ evidence, acknowledgedAt }: Incident, members: readonly Fault[]): boolean {
  if (acknowledgedAt === null || members[0]!.kind !== 'device-down') return false;
  return NOT_YET_DOWN.has(evidence.inputs.faultKind);
}
