import type { FaultKind } from '../config/model.ts';
import { type DurationMs, MINUTE, SECOND } from '../lib/time.ts';
import { hasAnswered, isFailing, isFallingSilent } from './answers.ts';
import type { Deciding } from './deciding.ts';
import { faultKeyOf } from './fault-key.ts';
import { gradeNow } from './grade-now.ts';
import type { Grade } from './grading.ts';
import { hangingDevices } from './impact.ts';
import { farEnd, linkedChild } from './link-faults.ts';
import { isInMaintenance } from './maintenance.ts';
import { isObserved } from './paths.ts';
import { causeWithoutIncident, loadsWithoutIncident, waitsForFeeds } from './shared-feeds.ts';
import type { Fault } from './state.ts';
import { deadUnnamedParent, unnamedParents } from './unnamed-uplinks.ts';

/**
 * Faults that a rule makes an incident of, but that wait a little for what is about to be known: a
 * cause that they belong to, or how much hangs on them. Every wait is bounded.
 */

/** A lost port waits no longer than this for the device behind it to be judged and graded. */
const LONGEST_WAIT_MS: DurationMs = 15 * MINUTE;

/** Nor than this for word from a device that has failed lately. */
const LONGEST_DOUBT_MS: DurationMs = MINUTE;

/** Nor than this for what it has cut off; tiers 1 and 2 do not wait for that at all. */
const SETTLES_WITHIN_MS: DurationMs = 20 * SECOND;
const MOST_URGENT_TIER_THAT_SETTLES = 3;

/** What cuts off others. */
const CUTTING_OFF: ReadonlySet<FaultKind> = new Set(['port-down', 'device-down']);

/** Devices that are polled at once for one fault; the others wait for their turn. */
const MOST_PROBED = 16;

/** Whether a fault that is graded so does not become an incident yet. */
export function isWaiting(deciding: Deciding, fault: Fault, grade: Grade): boolean {
  return (
    waitsForDevice(deciding, fault) ||
    waitsForPower(deciding, fault) ||
    waitsForImpact(deciding, fault, grade)
  );
}

/**
 * Whether a lost port waits for what is said of the device at the other end: that device does not
 * hang on this link alone, has fallen silent, and if it turns out to be down, the port belongs to its
 * incident.
 */
function waitsForDevice(deciding: Deciding, fault: Fault): boolean {
  const graph = deciding.requireGraph();
  const endId = farEnd(graph, fault)?.deviceId ?? null;
  if (endId === null) return waitsForParent(deciding, fault);
  const isChild = linkedChild(graph, fault) === endId;
  if (isChild && graph.devices.get(endId)!.parents.length < 2) return false;
  if (deciding.now - fault.raisedAt >= LONGEST_WAIT_MS) return false;
  if (isInMaintenance(graph, endId, deciding.now)) return false;
  if (deciding.state.faults.has(faultKeyOf(endId, null, 'device-down'))) return true;
  return isFallingSilent(deciding, endId) || isInDoubt(deciding, fault, endId);
}

/** A device that was down not long ago, and has not answered since the port was lost, is asked first. */
function isInDoubt(deciding: Deciding, fault: Fault, endId: string): boolean {
  const { state, now } = deciding;
  if (now - fault.raisedAt >= LONGEST_DOUBT_MS || !isObserved(state, endId)) return false;
  const hasFailedLately = state.flaps.has(faultKeyOf(endId, null, 'device-down'));
  if (!hasFailedLately || hasAnswered(deciding, endId, fault.raisedAt)) return false;
  deciding.probe(endId);
  return true;
}

/** Whether the port may be the way to a parent that is down, or about to be, since the same time. */
function waitsForParent(deciding: Deciding, fault: Fault): boolean {
  const { state, now } = deciding;
  const graph = deciding.requireGraph();
  if (now - fault.raisedAt >= LONGEST_WAIT_MS) return false;
  const parents = unnamedParents(graph, fault).filter((id) => !isInMaintenance(graph, id, now));
  const down = deadUnnamedParent(state, graph, fault);
  if (down !== null && parents.includes(down.deviceId)) return true;
  return parents.some((id) => isFallingSilent(deciding, id) || isInDoubt(deciding, fault, id));
}

/** Whether what it has lost its power with, as it seems, is to have the incident. */
function waitsForPower(deciding: Deciding, fault: Fault): boolean {
  const { groupSubjects } = deciding.requireGraph();
  const ofGroup = groupSubjects.get(fault.deviceId)?.group.deviceIds ?? [];
  for (const id of ofGroup) {
    const down = deciding.state.faults.get(faultKeyOf(id, null, 'device-down'));
    if (down?.incidentId === null && waitsForPower(deciding, down)) return true;
  }
  const cause = causeWithoutIncident(deciding, fault);
  if (cause === null) return waitsForFeeds(deciding, fault);
  const members = [cause, ...loadsWithoutIncident(deciding, cause)];
  return gradeNow(deciding, cause.key, members, null) !== null;
}

/**
 * Whether a lost link or device waits for the devices that it alone served to be judged: the first page then
 * tells what they make of it, instead of one that a worse one follows within seconds.
 */
function waitsForImpact(deciding: Deciding, fault: Fault, grade: Grade): boolean {
  if (!CUTTING_OFF.has(fault.kind) || grade.tier < MOST_URGENT_TIER_THAT_SETTLES) return false;
  if (deciding.now - fault.raisedAt >= SETTLES_WITHIN_MS) return false;
  const hanging = hangingDevices(deciding.state, deciding.requireGraph(), [fault]);
  const unjudged = hanging.filter(
    (id) =>
      isFallingSilent(deciding, id) ||
      (isObserved(deciding.state, id) && !hasAnswered(deciding, id, fault.raisedAt)),
  );
  const unasked = unjudged.filter((id) => !isFailing(deciding, id));
  for (const id of unasked.slice(0, MOST_PROBED)) deciding.probe(id);
  return unjudged.length > 0;
}
