import type { EscalationPolicy } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';
import { joinsAlertStorm } from './alerts/alert-storms.ts';
import { REOPEN_WITHIN_MS } from './apply-incident.ts';
import { causesToKeep } from './causes.ts';
import type { Deciding } from './deciding.ts';
import { evidenceOf } from './evidence.ts';
import { faultKeyOf } from './fault-key.ts';
import { flappedToKeep, flappingSince, isFlapping, speaksOfFlapping } from './flaps.ts';
import { type Fold, findCaused, findFold } from './folding.ts';
import { gradeNow } from './grade-now.ts';
import type { Grade } from './grading.ts';
import { subjectOf } from './graph.ts';
import { affectedDevices } from './impact.ts';
import { dropLeavingMembers, isBlindForNobody, isUnprovenLink } from './leaving-members.ts';
import { farEnd } from './link-faults.ts';
import { isInMaintenance } from './maintenance.ts';
import { activeMembers, endOfFailure } from './members.ts';
import { isPathLost } from './paths.ts';
import { joinsReports } from './reported-outages.ts';
import { recordBreach } from './response-clock.ts';
import { ownPolicyOf } from './service-faults.ts';
import { doubtfulFeeds, isPowerSuspected, loadsWithoutIncident } from './shared-feeds.ts';
import type { Fault, Incident } from './state.ts';
import { regrade } from './tier-changes.ts';
import { isWaiting } from './waiting-faults.ts';

/**
 * Incidents: one for each root cause.
 *
 *   fault ──explained by an open incident──▶ member of it
 *         ──a customer reported it first──▶ cause of the incident that the report is
 *         ──one alert of a storm──▶ member of the incident that the storm is
 *         ──a grading rule matches──▶ opens an incident (or re-opens the one it had within 30 min)
 *         ──no rule matches, or maintenance declares all of it──▶ stays a recorded fault
 *   open incident ──facts change──▶ graded anew: up at once, down after ten milder minutes
 *                 ──all its faults cleared and settled──▶ resolved
 */

/** Folds, opens, grades and resolves incidents over the faults as they stand. */
export function decideIncidents(deciding: Deciding): void {
  foldFaults(deciding);
  const standing = deciding.standaloneFaults();
  const isOfGroup = ({ deviceId }: Fault) => deciding.requireGraph().groupSubjects.has(deviceId);
  // What a redundancy group has lost opens before what is said of the group, which then folds.
  for (const fault of standing) if (!isOfGroup(fault)) considerOpening(deciding, fault);
  for (const fault of standing) if (isOfGroup(fault)) considerOpening(deciding, fault);
  for (const incident of deciding.openIncidents()) {
    const before = incident.rootFaultKey;
    dropLeavingMembers(deciding, incident);
    keepHeldConditions(deciding, before, incident.rootFaultKey);
    const members = activeMembers(deciding.state, incident);
    if (members.length > 0) regrade(deciding, incident, members);
    else if (!isFlapping(deciding.state, incident.rootFaultKey)) resolve(deciding, incident);
  }
  forgetHeldConditions(deciding);
}

function foldFaults(deciding: Deciding): void {
  const graph = deciding.requireGraph();
  for (const fault of deciding.standaloneFaults()) {
    const ownId = openIncidentOfRoot(deciding, fault.key);
    const isRootAgain = ownId !== null && takesRootBack(deciding, ownId, fault.key);
    const rootOf = isRootAgain ? ownId : findCaused(deciding.state, graph, fault);
    const fold =
      rootOf === null
        ? (findFold(deciding.state, graph, fault) ?? foldAgain(ownId))
        : ({ incidentId: rootOf, relation: 'root' } as const);
    if (fold === null) continue;
    if (rootOf !== null) {
      const { rootFaultKey } = deciding.state.incidents.get(rootOf)!;
      keepHeldConditions(deciding, rootFaultKey, fault.key);
    }
    deciding.emit({ type: 'member-added', at: deciding.now, faultKey: fault.key, ...fold });
  }
}

/**
 * Whether a fault that was the root of an open incident and is back is the root again: one that waited
 * for it while it flapped is about nothing else, and what came first is what the others followed from.
 */
function takesRootBack({ state }: Deciding, incidentId: string, faultKey: string): boolean {
  const { rootFaultKey, causes } = state.incidents.get(incidentId)!;
  if (rootFaultKey === faultKey || !state.faults.has(rootFaultKey)) return true;
  const place = (key: string) => causes.findIndex((cause) => cause.faultKey === key);
  return place(faultKey) !== -1 && place(faultKey) < place(rootFaultKey);
}

/** A fault that was the root before is about the same trouble. */
function foldAgain(incidentId: string | null): Fold | null {
  return incidentId === null ? null : { incidentId, relation: 'same-device' };
}

/** What has held for the cause that was believed in so far goes on to hold for the true one. */
function keepHeldConditions({ soft }: Deciding, rootFaultKey: string, faultKey: string): void {
  const before = soft.heldConditions.get(rootFaultKey);
  if (before === undefined || rootFaultKey === faultKey) return;
  const holding = [...before].filter(([, since]) => since !== null);
  soft.heldConditions.set(faultKey, new Map(holding));
}

function considerOpening(deciding: Deciding, fault: Fault): void {
  const graph = deciding.requireGraph();
  if (fault.incidentId !== null || isPlanned(deciding, fault)) return;
  // Until all groups are looked at, what this one has lost may have come back.
  if (graph.groupSubjects.has(fault.deviceId) && !deciding.isFullLook) return;
  const loads = loadsWithoutIncident(deciding, fault);
  const grade = gradeNow(deciding, fault.key, [fault, ...loads], null);
  if (grade === null || isWaiting(deciding, fault, grade)) return;
  if (isUnprovenLink(deciding, fault)) return;
  // Its other end may have opened in this very look: the next one folds it.
  if (findFold(deciding.state, graph, fault) !== null) return;
  if (joinsReports(deciding, fault)) return;
  const openStorm = (storm: Fault) => considerOpening(deciding, storm);
  if (joinsAlertStorm(deciding, fault, grade.tier, openStorm)) return;
  const earlier = reopenable(deciding, fault);
  if (earlier !== null) reopen(deciding, earlier, [fault, ...loads], grade);
  else open(deciding, [fault, ...loads], grade);
  for (const load of loads) {
    const fold = findFold(deciding.state, graph, load);
    if (fold !== null)
      deciding.emit({ type: 'member-added', at: deciding.now, faultKey: load.key, ...fold });
  }
}

/** Whether planned work declares the fault and all that is cut off by it and by nothing else. */
function isPlanned(deciding: Deciding, fault: Fault): boolean {
  const { state, now } = deciding;
  const graph = deciding.requireGraph();
  if (!isInMaintenance(graph, fault.deviceId, now)) return false;
  for (const id of affectedDevices(state, graph, [fault])) {
    if (!isInMaintenance(graph, id, now) && !isExplained(deciding, id)) return false;
  }
  return true;
}

/** Whether a path to the device is lost that no planned work declares: that is told where it was lost. */
function isExplained(deciding: Deciding, deviceId: string): boolean {
  const { state, now } = deciding;
  const graph = deciding.requireGraph();
  return graph.devices
    .get(deviceId)!
    .parents.some(
      (parent) => !isInMaintenance(graph, parent.deviceId, now) && isPathLost(state, parent),
    );
}

/** `members`: the root first. */
function open(deciding: Deciding, members: readonly [Fault, ...Fault[]], grade: Grade): void {
  const [fault] = members;
  const { state, now } = deciding;
  const { topology } = deciding.requireGraph();
  const number = String(state.lastIncidentNumber + 1).padStart(6, '0');
  const policy =
    ownPolicyOf(deciding.requireGraph(), fault) ??
    policyFor(topology.escalationPolicies, siteOf(deciding, fault));
  deciding.emit({
    type: 'incident-opened',
    at: now,
    incidentId: `inc-${number}`,
    rootFaultKey: fault.key,
    startedAt: beganAt(deciding, fault, grade),
    tier: grade.tier,
    evidence: evidenceOf(deciding, members, null, grade),
    policyId: policy?.id ?? '',
    steps: policy?.steps ?? { 1: [], 2: [], 3: [], 4: [] },
    targets: topology.tiers,
    acknowledgeBy: now + topology.tiers[grade.tier].acknowledgeWithinMs,
  });
}

/** When it began: of what is an incident because it flaps, not the last time that it failed. */
function beganAt(deciding: Deciding, { key, since }: Fault, { ruleId }: Grade): EpochMs {
  const { gradingRules } = deciding.requireGraph().topology;
  const isOfFlapping = gradingRules.some(({ id, when }) => id === ruleId && speaksOfFlapping(when));
  if (!isOfFlapping) return since;
  return Math.min(since, flappingSince(deciding.state, key) ?? since);
}

function openIncidentOfRoot(deciding: Deciding, faultKey: string): string | null {
  const incidentId = deciding.state.incidentByRoot.get(faultKey);
  return incidentId && deciding.state.openIncidentIds.has(incidentId) ? incidentId : null;
}

/** The incident this very fault had until a short while ago, unless power may have taken it this time. */
function reopenable(deciding: Deciding, fault: Fault): Incident | null {
  if (isPowerSuspected(deciding, doubtfulFeeds(deciding, fault))) return null;
  const { incidentByRoot, incidents } = deciding.state;
  for (const key of [fault.key, ...otherEndKeys(deciding, fault)]) {
    const incident = incidents.get(incidentByRoot.get(key) ?? '');
    if (incident === undefined || incident.resolvedAt === null) continue;
    if (deciding.now - incident.resolvedAt <= REOPEN_WITHIN_MS) return incident;
  }
  return null;
}

/** The same link may have been told by its other end. */
function otherEndKeys(deciding: Deciding, fault: Fault): readonly string[] {
  const far = farEnd(deciding.requireGraph(), fault);
  if (far === null || far.port === null) return [];
  return [faultKeyOf(far.deviceId, `port:${far.port}`, 'port-down')];
}

/** Graded anew: neither the reason nor the tier of the time before says anything of this one. */
function reopen(
  deciding: Deciding,
  incident: Incident,
  members: readonly [Fault, ...Fault[]],
  grade: Grade,
): void {
  const [fault] = members;
  deciding.emit({
    type: 'incident-reopened',
    at: deciding.now,
    incidentId: incident.id,
    startedAt: fault.since,
    tier: grade.tier,
    evidence: evidenceOf(deciding, members, null, grade),
    episode: incident.episode + 1,
    acknowledgeBy: deciding.now + incident.targets[grade.tier].acknowledgeWithinMs,
  });
  deciding.emit({
    type: 'member-added',
    at: deciding.now,
    incidentId: incident.id,
    faultKey: fault.key,
    relation: 'root',
  });
}

function resolve(deciding: Deciding, incident: Incident): void {
  deciding.soft.milderSince.delete(incident.id);
  recordBreach(deciding, incident);
  const isRemoved = isNoLongerWatched(deciding, incident);
  const restoredAt = endOfFailure(incident, deciding.now);
  deciding.emit({
    type: 'incident-resolved',
    at: deciding.now,
    incidentId: incident.id,
    by: null,
    reason: isRemoved ? 'removed' : 'recovered',
    text: '',
    ...(isRemoved ? {} : { restoredAt }),
    ...causesToKeep(incident, restoredAt),
    ...flappedToKeep(deciding.state, incident),
  });
}

/**
 * Whether what it is about was taken out of the configuration before it had recovered: its device, or
 * those that a service was blind for, which is there itself.
 */
function isNoLongerWatched(deciding: Deciding, incident: Incident): boolean {
  const { rootDeviceId, rootFaultKey, causes } = incident;
  if (subjectOf(deciding.requireGraph(), rootDeviceId) !== null)
    return isBlindForNobody(incident, rootFaultKey);
  const cause = causes.find(({ faultKey }) => faultKey === rootFaultKey);
  return cause === undefined || cause.until === null;
}

/**
 * Conditions are remembered for faults that are active and for the roots of open incidents; of what
 * flaps, while it is away, those that hold because it does.
 */
function forgetHeldConditions(deciding: Deciding): void {
  if (!deciding.isFullLook) return;
  for (const id of deciding.soft.groupsTold.keys()) {
    if (!deciding.state.openIncidentIds.has(id)) deciding.soft.groupsTold.delete(id);
  }
  for (const [faultKey, held] of deciding.soft.heldConditions) {
    if (deciding.state.faults.has(faultKey)) continue;
    if (openIncidentOfRoot(deciding, faultKey) !== null) continue;
    if (isFlapping(deciding.state, faultKey)) forgetWhatHasEnded(deciding, held);
    else deciding.soft.heldConditions.delete(faultKey);
  }
}

function forgetWhatHasEnded(deciding: Deciding, held: Map<string, EpochMs | null>): void {
  for (const { id, when } of deciding.requireGraph().topology.gradingRules) {
    if (!speaksOfFlapping(when)) held.delete(id);
  }
}

function siteOf(deciding: Deciding, fault: Fault): string {
  return subjectOf(deciding.requireGraph(), fault.deviceId)!.siteId;
}

function policyFor(policies: readonly EscalationPolicy[], siteId: string): EscalationPolicy | null {
  const applies = (policy: EscalationPolicy) =>
    policy.siteIds.length === 0 || policy.siteIds.includes(siteId);
  return policies.find(applies) ?? null;
}
