import type { Tier } from '../config/model.ts';
import { type LocalText, say, sayWith } from '../lib/local-text.ts';
import { SECOND } from '../lib/time.ts';
import { hasAnswered, isFallingSilent } from './answers.ts';
import { BATTERY_KINDS, batteryMinutesLeft, darkSince, isOnMainsAgain } from './battery.ts';
import { isDark } from './dark-feeds.ts';
import type { Deciding } from './deciding.ts';
import type { GradingEvidence, GradingInputs } from './events.ts';
import { isFlapping } from './flaps.ts';
import { conditionHolds, type Grade } from './grading.ts';
import {
  type BatteryNames,
  becauseSentence,
  type PlannedNames,
  type SentenceNames,
} from './grading-sentence.ts';
import { below, subjectOf } from './graph.ts';
import { isMoreLost } from './gravest-evidence.ts';
import { memberName } from './groups.ts';
import { affectedDevices, gradingInputs, pathsLeft, servedByLink } from './impact.ts';
import { lostWaysText } from './lost-ways.ts';
import { isInMaintenance } from './maintenance.ts';
import { formatZonedTime } from './page-text.ts';
import { isObserved, isSilent } from './paths.ts';
import { lostGroups } from './redundancy-left.ts';
import { doubtfulFeeds, isPowerSuspected } from './shared-feeds.ts';
import type { Fault, Incident } from './state.ts';
import { hasNoDevice } from './subjects.ts';
import { heldBy } from './tier-hold.ts';

/**
 * The evidence of a grade, and its sentence kept true while the tier stays: rule and inputs are those
 * of the decision that the tier comes from, the sentence says what is so now.
 */

/** At most this often is the evidence of an unchanged tier brought up to date. */
const EVIDENCE_EVERY_MS = 15 * SECOND;

/**
 * While more is lost than ever since the tier was taken, this often: an outage may be over before it is
 * told, and what is said of it afterwards is the worst that is on record.
 */
const WORSE_EVERY_MS = 2 * SECOND;

/** The evidence of a grade as things stand. */
export function evidenceOf(
  deciding: Deciding,
  members: readonly Fault[],
  incident: Incident | null,
  grade: Grade,
): GradingEvidence {
  const inputs = inputsNow(deciding, members, incident);
  const names = namesOf(deciding, members, inputs);
  const isInDoubt = names !== null && names.doubtfulFeeds.length > 0;
  return {
    ruleId: grade.ruleId,
    matchedRuleIds: grade.matchedRuleIds,
    inputs,
    sentence: sentenceOf(deciding, members, inputs),
    ...(isInDoubt
      ? { withoutDoubt: becauseSentence(inputs, { ...names, doubtfulFeeds: [] }) }
      : {}),
    ...flappingOf(deciding, members, incident),
  };
}

/** What has flapped and is away may have settled; what has come to rest as a fault is one. */
function flappingOf(
  { state }: Deciding,
  [root]: readonly Fault[],
  incident: Incident | null,
): Pick<GradingEvidence, 'isFlapping'> {
  const key = incident?.rootFaultKey ?? root!.key;
  const isAway = !state.faults.has(key);
  const flaps = isFlapping(state, key) || (isAway && incident?.evidence.isFlapping === true);
  return flaps ? { isFlapping: true } : {};
}

/** The tier that the rule of the evidence stands for; null when that rule is no longer configured. */
export function rulesTierOf(deciding: Deciding, { ruleId }: GradingEvidence): Tier | null {
  const { gradingRules } = deciding.requireGraph().topology;
  return gradingRules.find(({ id }) => id === ruleId)?.tier ?? null;
}

/** Keeps "because …" true while the tier stays: more devices lost, another rule, less battery. */
export function refreshEvidence(
  deciding: Deciding,
  incident: Incident,
  members: readonly Fault[],
  grade: Grade,
): void {
  if (!isDue(deciding, incident, members)) return;
  tell(deciding, incident, members, evidenceOf(deciding, members, incident, grade));
}

/** Says what is so now of an incident whose tier stands until the milder facts have lasted. */
export function tellMilder(
  deciding: Deciding,
  incident: Incident,
  members: readonly Fault[],
): void {
  if (!isDue(deciding, incident, members) || areThoseBehindOpen(deciding, members)) return;
  const inputs = inputsNow(deciding, members, incident);
  if (callsForTierInTime(deciding, incident, inputs)) return;
  const { en, 'zh-CN': zh } = sentenceOf(deciding, members, inputs);
  const sentence = {
    en: `${en}; it was worse, and a milder tier follows once this has lasted`,
    'zh-CN': `${zh}；此前更严重，持续如此则降级`,
  };
  tell(deciding, incident, members, { ...incident.evidence, sentence });
}

/** Whether a device behind a silent one has neither answered since nor been judged: it may be lost with it. */
function areThoseBehindOpen(deciding: Deciding, members: readonly Fault[]): boolean {
  const { state } = deciding;
  const graph = deciding.requireGraph();
  const subjectId = servedByLink(graph, members) ?? members[0]!.deviceId;
  const subject = state.devices.get(subjectId);
  if (subject === undefined || !isSilent(state, subjectId)) return false;
  const behind = graph.children.get(subjectId) ?? [];
  return behind.some(
    (id) =>
      isFallingSilent(deciding, id) ||
      (isObserved(state, id) && !hasAnswered(deciding, id, subject.healthSince)),
  );
}

/** Says of what no rule grades any more that it flaps, or has come to rest. */
export function tellFlapping(
  deciding: Deciding,
  incident: Incident,
  members: readonly Fault[],
): void {
  if (isOtherwise(deciding, incident, members))
    tell(deciding, incident, members, {
      ...incident.evidence,
      sentence: sentenceOf(deciding, members, inputsNow(deciding, members, incident)),
    });
}

function isOtherwise(deciding: Deciding, incident: Incident, members: readonly Fault[]): boolean {
  return flappingOf(deciding, members, incident).isFlapping !== incident.evidence.isFlapping;
}

/**
 * Whether the cause is a device that was down and that nobody has polled since: it may be as it was,
 * and nothing says that it is milder.
 */
export function isNoLongerObserved(deciding: Deciding, root: Fault): boolean {
  const { state, now } = deciding;
  const device = deciding.requireGraph().devices.get(root.deviceId);
  if (root.kind !== 'device-down' || device === undefined) return false;
  if (state.devices.get(device.id)?.health !== 'unknown') return false;
  // Right after a start every device is unknown, until its first poll.
  return now - (state.startedAt ?? now) >= device.staleAfterMs;
}

/** Says of what was graded that it is not observed any more. */
export function tellNotObserved(
  deciding: Deciding,
  incident: Incident,
  members: readonly Fault[],
): void {
  const { inputs } = incident.evidence;
  const was = sentenceOf(deciding, members, inputs);
  const sentence = sayWith({ was }, '{was}, not observed any more', '{was}，目前无法观测');
  tell(deciding, incident, members, { ...incident.evidence, sentence });
}

const OVER = say(', and that is over', '；以上已消除');

/** Says of what was graded that it is over, while what came of it is not told as over yet. */
export function tellOver(deciding: Deciding, incident: Incident, members: readonly Fault[]): void {
  const { now } = deciding;
  const { sentence: was } = incident.evidence;
  const isTold = was.en.endsWith(OVER.en) || incident.restoredAt === null;
  if (isTold || now - incident.restoredAt! < EVIDENCE_EVERY_MS) return;
  const sentence = { en: was.en + OVER.en, 'zh-CN': was['zh-CN'] + OVER['zh-CN'] };
  tell(deciding, incident, members, { ...incident.evidence, sentence });
}

function tell(
  deciding: Deciding,
  incident: Incident,
  members: readonly Fault[],
  { isFlapping: _, ...said }: GradingEvidence,
): void {
  const evidence = { ...said, ...flappingOf(deciding, members, incident) };
  const isSameRule = incident.tierHold === null || evidence.ruleId === incident.evidence.ruleId;
  const isSaid = evidence.sentence.en === incident.evidence.sentence.en;
  const isSame = isSaid && evidence.isFlapping === incident.evidence.isFlapping;
  if (isSameRule && isSame) return;
  const held = heldBy(incident, rulesTierOf(deciding, evidence) ?? incident.tier);
  deciding.emit({
    type: 'incident-graded',
    at: deciding.now,
    incidentId: incident.id,
    from: incident.tier,
    to: incident.tier,
    evidence,
    acknowledgeBy: incident.acknowledgeBy,
    needsFreshAcknowledgement: false,
    ...(held === null ? {} : { held }),
  });
}

/**
 * Another cause is told at once, and so is that it flaps or has settled, and what is left of a redundancy group, of which other incidents
 * may tell as well; other figures of the same cause now and then.
 */
function isDue(deciding: Deciding, incident: Incident, members: readonly Fault[]): boolean {
  const isOtherCause = incident.evidence.inputs.faultKind !== members[0]!.kind;
  const isOfGroups = haveGroupsChanged(deciding, incident, members);
  const isAtOnce = isOtherCause || isOtherwise(deciding, incident, members);
  const ageMs = deciding.now - incident.evidenceAt;
  if (isAtOnce || isOfGroups || ageMs >= EVIDENCE_EVERY_MS) return true;
  const worst = incident.gravest ?? incident.evidence;
  return (
    ageMs >= WORSE_EVERY_MS && isMoreLost(inputsNow(deciding, members, incident), worst.inputs)
  );
}

function haveGroupsChanged(
  deciding: Deciding,
  { id }: Incident,
  members: readonly Fault[],
): boolean {
  const { groupsTold } = deciding.soft;
  const groups = lostGroups(deciding.state, deciding.requireGraph(), members);
  const now = groups.map(({ group, lostIds }) => `${group.id}: ${lostIds.join(' ')}`).join(', ');
  const isChanged = (groupsTold.get(id) ?? '') !== now;
  groupsTold.set(id, now);
  return isChanged;
}

/** Whether a rule as bad as the tier holds, though not for its time yet. */
function callsForTierInTime(
  deciding: Deciding,
  incident: Incident,
  inputs: GradingInputs,
): boolean {
  return deciding
    .requireGraph()
    .topology.gradingRules.some(
      ({ tier, when }) =>
        tier <= incident.tier && when.currentTier === null && conditionHolds(when, inputs),
    );
}

function inputsNow(
  deciding: Deciding,
  members: readonly Fault[],
  incident: Incident | null,
): GradingInputs {
  return gradingInputs(deciding.state, deciding.requireGraph(), members, incident, deciding.now);
}

function sentenceOf(
  deciding: Deciding,
  members: readonly Fault[],
  inputs: GradingInputs,
): LocalText {
  const names = namesOf(deciding, members, inputs);
  return names === null ? members[0]!.text : becauseSentence(inputs, names);
}

/** null: what the root is about is no device, and its own text says it all. */
function namesOf(
  deciding: Deciding,
  members: readonly Fault[],
  inputs: GradingInputs,
): SentenceNames | null {
  const root = members[0]!;
  const graph = deciding.requireGraph();
  const isGroup = graph.groupSubjects.has(root.deviceId);
  if (!isGroup && hasNoDevice(root.deviceId)) return null;
  const nameOf = (id: string) => subjectOf(graph, id)?.name ?? id;
  const servedId = servedByLink(graph, members);
  const groups = lostGroups(deciding.state, graph, members);
  const subjectId = servedId ?? root.deviceId;
  const isDarkFeed = isFeedOf(deciding, members);
  const isCutOff = servedId !== null && inputs.redundancy === 'none';
  const unheardFeeds = isDarkFeed ? [] : doubtfulFeeds(deciding, root);
  return {
    subject: nameOf(subjectId),
    isLink: servedId !== null,
    isSubjectSilent: root.kind === 'device-down' || isSilent(deciding.state, subjectId),
    battery: batteryOf(deciding, members),
    site: graph.siteNames.get(inputs.siteId) ?? inputs.siteId,
    faultText: isCutOff ? lostWaysText(deciding.state, graph, root, servedId) : root.text,
    groups: groups.map(({ group, leftCount, memberCount, servingIds }) => ({
      name: group.name,
      leftCount,
      memberCount,
      serving: servingIds.map((id) => memberName(graph, id)),
    })),
    isGroup,
    membersDown: groups[0]?.lostIds.filter((id) => isSilent(deciding.state, id)).length ?? 0,
    hasStandby: (graph.groupsOf.get(subjectId) ?? []).length > 0,
    pathsLeft: pathsLeft(deciding.state, graph, subjectId).map(nameOf),
    darkFeed: isDarkFeed ? { name: nameOf(root.deviceId), isCutOff: root.inferred === true } : null,
    planned: plannedOf(deciding, members),
    doubtfulFeeds: unheardFeeds.map(nameOf),
    isPowerSuspected: isPowerSuspected(deciding, unheardFeeds),
  };
}

/** Planned work that covers the root, and what is down with it that it does not cover. */
function plannedOf(deciding: Deciding, members: readonly Fault[]): PlannedNames | null {
  const { state, now } = deciding;
  const graph = deciding.requireGraph();
  const root = members[0]!;
  if (!isInMaintenance(graph, root.deviceId, now)) return null;
  const nameOf = (id: string) => subjectOf(graph, id)?.name ?? id;
  const affected = [...affectedDevices(state, graph, members)];
  const beyond = affected.filter((id) => !isInMaintenance(graph, id, now));
  return { covered: nameOf(root.deviceId), beyond: beyond.map(nameOf) };
}

/** The battery with the least left, and where it stands. */
function batteryOf(deciding: Deciding, members: readonly Fault[]): BatteryNames | null {
  const graph = deciding.requireGraph();
  const left = (fault: Fault) =>
    batteryMinutesLeft(deciding.state, graph, [fault], deciding.now) ?? 0;
  const batteries = members.filter(({ kind }) => BATTERY_KINDS.has(kind));
  const [worst] = batteries.toSorted((a, b) => left(a) - left(b));
  const device = worst === undefined ? undefined : graph.devices.get(worst.deviceId);
  if (device === undefined) return null;
  const dark = darkSince(deciding.state, graph, batteries, deciding.now);
  const { timeZone } = graph.sites.get(device.siteId) ?? graph.topology;
  return {
    darkSince: dark === null ? null : formatZonedTime(dark, timeZone),
    site: graph.siteNames.get(device.siteId) ?? device.siteId,
    siteRole: graph.siteRoles.get(device.siteId) ?? device.role,
    isOnBattery: batteries.some(
      (each) => each.deviceId === device.id && each.kind === 'on-battery',
    ),
    isOnMainsAgain: isOnMainsAgain(deciding.state, worst!),
    silent: isSilent(deciding.state, device.id) ? device.name : null,
    isCounted: affectedDevices(deciding.state, graph, members).has(device.id),
  };
}

/** Whether the cause is a power feed that has left others dark. */
function isFeedOf(deciding: Deciding, [root, ...others]: readonly Fault[]): boolean {
  const graph = deciding.requireGraph();
  if (root!.kind !== 'device-down' || !graph.feeds.has(root!.deviceId)) return false;
  if (root!.inferred === true) return true;
  const fed = below(graph.fed, root!.deviceId);
  return isDark(deciding.state, graph, root!) && others.some((each) => fed.includes(each.deviceId));
}
