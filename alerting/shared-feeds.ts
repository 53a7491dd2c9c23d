import { NO_FACTS } from '../collector/observation.ts';
import type { LocalText } from '../lib/local-text.ts';
import { say, sayWith } from '../lib/local-text.ts';
import { type DurationMs, type EpochMs, MINUTE, SECOND } from '../lib/time.ts';
import { hasAnswered, isFailing } from './answers.ts';
import {
  darkFaultsAbove,
  faultsOfLoads,
  hasLivingLoad,
  hasPowerTrouble,
  isCommonCause,
  isDark,
  LEAST_LOST_ENTRIES,
  lostEntries,
  mayHaveRunOut,
  onTheSameFeeds,
} from './dark-feeds.ts';
import type { Deciding } from './deciding.ts';
import { faultKeyOf } from './fault-key.ts';
import { clearFault } from './faults.ts';
import { type FeedNode, feedsAbove } from './feeds.ts';
import { below, type Graph } from './graph.ts';
import { linkedChild } from './link-faults.ts';
import { isInMaintenance } from './maintenance.ts';
import { isObserved } from './paths.ts';
import type { EngineState, Fault } from './state.ts';

/**
 * A power feed that is managed through what it feeds can never be seen to fail: it is cut off when it
 * does. Its loads bear witness instead:
 *
 *   a load has failed ──▶ its fault waits while its feed may turn out to be the cause
 *   the feed told that its battery is nearly empty, and nothing answers since ──▶ its incident explains the loads
 *   all loads silent, two or more each for itself, the feed cut off ──▶ the feed has the fault
 *   one load answers ──▶ the feed has output: its fault is over
 *   another load answered after the first had failed ──▶ the first did not fail with the feed
 *   what feeds the feed answers since, and tells of no trouble ──▶ the feed is not blamed: nothing proves it
 *
 * Where one load alone has failed, and all the others lie behind it, nothing tells that load from its
 * feed: then the load, or the link to it, is told, and that of its power nothing is known; or, where the
 * feed had told of trouble before, that the power may be the cause as well.
 */

/** The fault of a load waits no longer than this for its feed to be judged. */
const LONGEST_WAIT_MS: DurationMs = MINUTE;

/** A load that answers later than this after another one has failed has outlived it. */
const TOGETHER_MS: DurationMs = 5 * SECOND;

/** Loads that are polled at once to judge one feed; the others wait for their turn. */
const MOST_PROBED = 16;

/** Raises and clears the faults of feeds that only their loads tell of. */
export function decideSharedFeeds(deciding: Deciding): void {
  if (!deciding.isFullLook && deciding.changedDevices().size === 0) return;
  if (deciding.isFullLook) clearRefuted(deciding);
  const { state } = deciding;
  const graph = deciding.requireGraph();
  const causes = suspectsOf(deciding).filter(
    (node) =>
      isCommonCause(state, graph, node) &&
      failedTogether(deciding, node) &&
      !isFedWell(deciding, node, lostSince(deciding, node)),
  );
  for (const node of causes) {
    if (isInMaintenance(graph, node.id, deciding.now)) continue;
    if (darkFaultsAbove(state, graph, node.id) !== null) continue;
    if (causes.some((other) => explainsMore(graph, other, node))) continue;
    if (!waitsForFeedsAbove(deciding, node)) raise(deciding, node);
  }
}

/** Whether the fault of a load, or of the link to it, waits for its feeds to be judged: any of them may be the cause. */
export function waitsForFeeds(deciding: Deciding, fault: Fault): boolean {
  const loadId = loadOf(deciding.requireGraph(), fault);
  if (loadId === null || fault.inferred === true) return false;
  if (deciding.now - fault.raisedAt >= LONGEST_WAIT_MS) return false;
  const feeds = deciding.requireGraph().devices.get(loadId)!.powerFeeds;
  if (feeds.length === 0) return false;
  if (
    onTheSameFeeds(deciding.requireGraph(), feeds).some((id) =>
      hasAnswered(deciding, id, fault.since),
    )
  )
    return false;
  return feeds.every((feedId) => mayBeDark(deciding, feedId, fault.since));
}

/** The power trouble that has left the load of this fault dark, as long as it has no incident; null when there is none. */
export function causeWithoutIncident(deciding: Deciding, fault: Fault): Fault | null {
  const graph = deciding.requireGraph();
  const loadId = loadOf(graph, fault);
  const causes = loadId === null ? null : darkFaultsAbove(deciding.state, graph, loadId);
  const cause = causes?.find(({ incidentId }) => incidentId === null) ?? null;
  return cause === null || isInMaintenance(graph, cause.deviceId, deciding.now) ? null : cause;
}

/** Faults without an incident that this one of a power feed explains. */
export function loadsWithoutIncident(deciding: Deciding, fault: Fault): readonly Fault[] {
  const { state } = deciding;
  const graph = deciding.requireGraph();
  if (!graph.feeds.has(fault.deviceId) || !isDark(state, graph, fault)) return [];
  return faultsOfLoads(state, graph, new Set(below(graph.fed, fault.deviceId))).filter(
    (each) => each.incidentId === null && causeWithoutIncident(deciding, each) === fault,
  );
}

/** The device whose power explains the fault: the one that is down, or that a lost link served. */
export function loadOf(graph: Graph, fault: Fault): string | null {
  if (fault.kind === 'device-down')
    return graph.devices.has(fault.deviceId) ? fault.deviceId : null;
  const childId = linkedChild(graph, fault);
  return childId === fault.deviceId ? null : childId;
}

/**
 * Feeds of a load that have not answered since it failed, and of which nothing else tells whether
 * they have output; empty when one of its feeds has.
 */
export function doubtfulFeeds(deciding: Deciding, fault: Fault): readonly string[] {
  const graph = deciding.requireGraph();
  const loadId = loadOf(graph, fault);
  const feeds = loadId === null ? [] : graph.devices.get(loadId)!.powerFeeds;
  const isDoubtful = (id: string) =>
    graph.feeds.get(id)!.isInBand && isUnheard(deciding, graph.feeds.get(id)!, fault.since);
  return feeds.every(isDoubtful) ? feeds : [];
}

/** Whether all of these feeds told of trouble with their power, or what feeds them did: it may be the cause. */
export function isPowerSuspected(deciding: Deciding, feedIds: readonly string[]): boolean {
  const { devices } = deciding.requireGraph();
  const isInTrouble = (id: string) => hasPowerTrouble(deciding.state, id);
  return (
    feedIds.length > 0 &&
    feedIds.every((id) => isInTrouble(id) || [...feedsAbove(devices, id)].some(isInTrouble))
  );
}

/** Feeds with loads that have lately failed and have no incident. */
function suspectsOf(deciding: Deciding): readonly FeedNode[] {
  const graph = deciding.requireGraph();
  const ids = new Set<string>();
  for (const fault of deciding.standaloneFaults()) {
    const loadId = loadOf(graph, fault);
    if (loadId === null) continue;
    for (const id of feedsAbove(graph.devices, loadId)) ids.add(id);
  }
  const isKnown = (id: string) => deciding.state.faults.has(faultKeyOf(id, null, 'device-down'));
  const nodes = Array.from(ids, (id) => graph.feeds.get(id)!);
  const known = nodes.filter(({ id }) => isKnown(id));
  return nodes.filter(
    (node) => !isKnown(node.id) && !known.some((each) => explainsMore(graph, each, node)),
  );
}

/** The feed that explains the most is the cause; of those that explain the same, the nearest, which is dark in any case. */
function explainsMore(graph: Graph, other: FeedNode, node: FeedNode): boolean {
  const [theirs, own] = [loadsOf(graph, other), loadsOf(graph, node)];
  if (other === node || !own.every((id) => other.hangingIds.has(id))) return false;
  return theirs.length > own.length || node.hangingIds.has(other.id);
}

/** What hangs on the feed and is no feed itself. */
function loadsOf(graph: Graph, { hangingIds }: FeedNode): readonly string[] {
  return [...hangingIds].filter((id) => !graph.feeds.has(id));
}

/** Whether a feed above, of which more is known soon, may turn out to be the cause of this as well. */
function waitsForFeedsAbove(deciding: Deciding, node: FeedNode): boolean {
  const graph = deciding.requireGraph();
  const faults = faultsOfLoads(deciding.state, graph, node.hangingIds);
  const raisedAt = Math.min(...faults.map((fault) => fault.raisedAt));
  if (faults.length === 0 || deciding.now - raisedAt >= LONGEST_WAIT_MS) return false;
  const since = sinceOf(faults, deciding.now);
  return [...feedsAbove(graph.devices, node.id)].some((id) => {
    const above = graph.feeds.get(id)!;
    const isWhole = above.hangingIds.has(node.id);
    if (!isWhole || isCommonCause(deciding.state, graph, above)) return false;
    return mayBeDark(deciding, id, since);
  });
}

/** Since when the loads of a feed have been lost that failed each for itself. */
function lostSince(deciding: Deciding, node: FeedNode): EpochMs {
  const faults = faultsOfLoads(deciding.state, deciding.requireGraph(), node.hangingIds);
  return sinceOf(faults, deciding.now);
}

/**
 * Whether one of the power systems above has answered since then and is well: on mains, with output.
 * Another feed in between that does not answer itself has its power from there.
 */
function isFedWell(deciding: Deciding, { id }: FeedNode, since: EpochMs): boolean {
  const { devices } = deciding.requireGraph();
  return [...feedsAbove(devices, id)].some(
    (above) => hasAnswered(deciding, above, since) && !hasPowerTrouble(deciding.state, above),
  );
}

function raise(deciding: Deciding, node: FeedNode): void {
  const { state, now } = deciding;
  const graph = deciding.requireGraph();
  const entries = new Set(lostEntries(state, graph, node));
  const faults = faultsOfLoads(state, graph, node.hangingIds).filter((fault) =>
    entries.has(loadOf(graph, fault)!),
  );
  const alike = [...feedsAbove(graph.devices, node.id)].filter((id) =>
    isCommonCause(state, graph, graph.feeds.get(id)!),
  );
  deciding.emit({
    type: 'fault-raised',
    at: now,
    faultKey: faultKeyOf(node.id, null, 'device-down'),
    deviceId: node.id,
    component: null,
    kind: 'device-down',
    level: 'critical',
    since: sinceOf(faults, now),
    text: textOf(
      alike.map((id) => graph.devices.get(id)!.name),
      isPowerSuspected(deciding, [node.id]),
    ),
    facts: NO_FACTS,
    inferred: true,
  });
}

/** Without a word of the feed itself, what its loads have in common is all that speaks for it. */
function textOf(namesAbove: readonly string[], isSuspected: boolean): LocalText {
  const above = { en: namesAbove.join(', '), 'zh-CN': namesAbove.join('、') };
  if (isSuspected) {
    return namesAbove.length === 0
      ? say('probable cause: its power', '很可能的原因：其电源中断')
      : sayWith(
          { above },
          'probable cause: its power, or that of {above} which feeds it',
          '很可能的原因：其电源中断，或为其供电的 {above} 中断',
        );
  }
  return namesAbove.length === 0
    ? say('its power may be the cause', '原因可能是其电源中断')
    : sayWith(
        { above },
        'its power may be the cause, or that of {above} which feeds it',
        '原因可能是其电源中断，或为其供电的 {above} 中断',
      );
}

function sinceOf(faults: readonly Fault[], now: EpochMs): EpochMs {
  return Math.min(now, ...faults.map(({ since }) => since));
}

/** A feed has output as soon as one of its loads answers, and is no longer judged by loads that it has lost. */
function clearRefuted(deciding: Deciding): void {
  const { state, now } = deciding;
  const graph = deciding.requireGraph();
  for (const { key, deviceId, inferred } of state.faults.values()) {
    if (inferred !== true) continue;
    const node = graph.feeds.get(deviceId);
    if (node !== undefined && !hasLivingLoad(state, node)) continue;
    clearFault(deciding, key, node === undefined ? now : answeredAt(state, node, now));
  }
}

function answeredAt(state: EngineState, { hangingIds }: FeedNode, now: EpochMs): EpochMs {
  const living = [...hangingIds].filter((id) => isObserved(state, id));
  return Math.min(now, ...living.map((id) => state.devices.get(id)!.healthSince));
}

/**
 * Whether the feed may have been dark since then, and more will be known soon. Whatever decides it and
 * has not been polled since is polled at once.
 */
function mayBeDark(deciding: Deciding, feedId: string, since: EpochMs): boolean {
  const graph = deciding.requireGraph();
  const node = graph.feeds.get(feedId)!;
  const isTold = mayHaveRunOut(deciding.state, graph, feedId, deciding.now);
  const isWitnessed = entriesAfter(deciding, node, node.entryIds) >= LEAST_LOST_ENTRIES;
  if (node.isInBand && !isTold && !isWitnessed) return false;
  // Cut off by something else, it will not be judged.
  if (!node.isInBand && deciding.state.devices.get(feedId)?.health === 'unreachable') return false;
  if (isInMaintenance(graph, feedId, deciding.now)) return false;
  if (!isUnheard(deciding, node, since) || isFedWell(deciding, node, since)) return false;
  const unpolled = [feedId, ...node.hangingIds].filter((id) => !isFailing(deciding, id));
  for (const id of unpolled.slice(0, MOST_PROBED)) deciding.probe(id);
  return true;
}

/** Whether enough loads have failed each for itself, and no other load has outlived them. */
function failedTogether(deciding: Deciding, node: FeedNode): boolean {
  const lost = lostEntries(deciding.state, deciding.requireGraph(), node);
  return entriesAfter(deciding, node, lost) >= LEAST_LOST_ENTRIES;
}

/**
 * How many of these loads had not failed yet when a load of the feed answered last. One in planned work
 * is no witness: the work explains its silence before a feed that nobody has seen fail.
 */
function entriesAfter(deciding: Deciding, node: FeedNode, entryIds: Iterable<string>): number {
  const graph = deciding.requireGraph();
  const answers = [...node.hangingIds].map((id) => deciding.soft.devices.get(id)?.lastOkAt ?? 0);
  const lastAnswerAt = Math.max(0, ...answers);
  const failedBefore = new Set(
    faultsOfLoads(deciding.state, graph, node.hangingIds)
      .filter(({ since }) => since + TOGETHER_MS < lastAnswerAt)
      .map((fault) => loadOf(graph, fault)),
  );
  const isWitness = (id: string) =>
    !failedBefore.has(id) && !isInMaintenance(graph, id, deciding.now);
  return [...entryIds].filter(isWitness).length;
}

/** Whether neither the feed nor anything that hangs on it alone has answered since then. */
function isUnheard(deciding: Deciding, { id, hangingIds }: FeedNode, since: EpochMs): boolean {
  if (deciding.state.devices.get(id)?.health === 'unknown') return false;
  for (const each of [id, ...hangingIds]) if (hasAnswered(deciding, each, since)) return false;
  return true;
}
