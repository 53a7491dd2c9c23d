import type { FaultKind } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';
import { isNearlyEmpty, isOnMainsAgain } from './battery.ts';
import { faultKeyOf } from './fault-key.ts';
import type { FeedNode } from './feeds.ts';
import type { Graph } from './graph.ts';
import { faultsOfLink, linkedChild } from './link-faults.ts';
import { isObserved, isSilent } from './paths.ts';
import type { EngineState, Fault } from './state.ts';

/**
 * Power feeds without output, as far as confirmed states tell:
 *
 *   on battery with none left, or battery low and not on mains   ──▶ dark
 *   silent since it had next to none left, and nothing that hangs on it alone answers ──▶ dark
 *   silent by itself, and nothing that hangs on it alone answers ──▶ dark
 *   cut off, because every way to it leads through what it feeds, and all of that is silent, two or
 *   more of them each for itself                                 ──▶ dark, so it seems
 *
 * In the last case the faults of its loads have it as their common cause, and it is given a fault of
 * its own (`shared-feeds.ts`). One load that answers proves that it has output.
 */

/** On battery with no more than this left counts as dark: the report lags behind the battery. */
const DARK_BATTERY_MINUTES = 1;

/** Longest chain of feeds followed; a loop in the configuration ends here. */
const LONGEST_FEED_CHAIN = 8;

const ON_BATTERY: ReadonlySet<FaultKind> = new Set(['on-battery']);

/** What a power system tells of that may go with the loss of its output. */
const POWER_TROUBLE: ReadonlySet<FaultKind> = new Set([
  ...(['on-battery', 'battery-low', 'on-generator', 'output-overload'] as const),
  ...(['power-input', 'power-supply'] as const),
]);

/** Loads that must have failed each for itself before their feed is blamed. */
export const LEAST_LOST_ENTRIES = 2;

/** The power troubles that leave a device without any feed, one for each of its feeds; null when one has output. */
export function darkFaultsAbove(
  state: EngineState,
  graph: Graph,
  deviceId: string,
  chainLeft: number = LONGEST_FEED_CHAIN,
): readonly Fault[] | null {
  const feeds = graph.devices.get(deviceId)?.powerFeeds ?? [];
  const faults = feeds.flatMap((feed) => darkFault(state, graph, feed, chainLeft) ?? []);
  if (feeds.length === 0 || faults.length < feeds.length) return null;
  const isBySilence = faults.every((fault) => fault.kind !== 'battery-low' && !tellsEmpty(fault));
  const isRefuted = onTheSameFeeds(graph, feeds).some((id) => isObserved(state, id));
  return isBySilence && isRefuted ? null : faults;
}

/** Devices that have power from these feeds and from no others: one that answers proves that one of them has output. */
export function onTheSameFeeds(graph: Graph, feeds: readonly string[]): readonly string[] {
  const fed = feeds.flatMap((feed) => graph.fed.get(feed) ?? []);
  return fed.filter((id) =>
    graph.devices.get(id)!.powerFeeds.every((each) => feeds.includes(each)),
  );
}

/** The power trouble that leaves this feed without output; null when it has output. */
function darkFault(
  state: EngineState,
  graph: Graph,
  feedId: string,
  chainLeft: number,
): Fault | null {
  for (const key of state.devices.get(feedId)?.faultKeys ?? []) {
    const fault = state.faults.get(key)!;
    if (isDark(state, graph, fault)) return fault;
  }
  return chainLeft === 0
    ? null
    : (darkFaultsAbove(state, graph, feedId, chainLeft - 1)?.[0] ?? null);
}

/** Whether the fault of a power feed means that it gives no power. */
export function isDark(state: EngineState, graph: Graph, fault: Fault): boolean {
  const { kind, deviceId } = fault;
  if (kind === 'battery-low') return !isOnMainsAgain(state, fault) && !isOnMains(state, fault);
  if (tellsEmpty(fault)) return true;
  const node = graph.feeds.get(deviceId);
  if (node === undefined || hasLivingLoad(state, node)) return false;
  if (kind === 'device-down') return true;
  const { healthSince } = state.devices.get(deviceId)!;
  return isSilent(state, deviceId) && isNearlyEmpty(state, graph, fault, healthSince);
}

/** Whether a power system has told itself that there is nothing left in its battery. */
function tellsEmpty({ kind, facts }: Fault): boolean {
  const { batteryMinutes } = facts;
  return kind === 'on-battery' && batteryMinutes !== null && batteryMinutes <= DARK_BATTERY_MINUTES;
}

/** Whether a power system tells that it runs on battery with next to nothing left, or told so last. */
export function mayHaveRunOut(
  state: EngineState,
  graph: Graph,
  deviceId: string,
  at: EpochMs,
): boolean {
  const keys = [...(state.devices.get(deviceId)?.faultKeys ?? [])];
  return keys.some((key) => isNearlyEmpty(state, graph, state.faults.get(key)!, at));
}

/** Whether each feed of a device told that it has next to nothing left, or what feeds it did. */
export function mayBePowerless(
  state: EngineState,
  graph: Graph,
  deviceId: string,
  at: EpochMs,
  chainLeft: number = LONGEST_FEED_CHAIN,
): boolean {
  const feeds = graph.devices.get(deviceId)?.powerFeeds ?? [];
  if (feeds.length === 0 || chainLeft === 0) return false;
  return feeds.every(
    (feed) =>
      mayHaveRunOut(state, graph, feed, at) ||
      mayBePowerless(state, graph, feed, at, chainLeft - 1),
  );
}

/** Whether a power system with a low battery answers and does not tell that it runs on it. */
function isOnMains(state: EngineState, { deviceId }: Fault): boolean {
  return isObserved(state, deviceId) && !hasFaultOf(state, deviceId, ON_BATTERY);
}

/** Whether a power system tells of anything that may have taken its output. */
export function hasPowerTrouble(state: EngineState, deviceId: string): boolean {
  return hasFaultOf(state, deviceId, POWER_TROUBLE);
}

function hasFaultOf(state: EngineState, deviceId: string, kinds: ReadonlySet<FaultKind>): boolean {
  const keys = [...(state.devices.get(deviceId)?.faultKeys ?? [])];
  return keys.some((key) => kinds.has(state.faults.get(key)!.kind));
}

/** Whether something answers that has power from this feed alone. */
export function hasLivingLoad(state: EngineState, { hangingIds }: FeedNode): boolean {
  for (const id of hangingIds) if (isObserved(state, id)) return true;
  return false;
}

/** Whether a feed that is cut off is the common cause of what its loads have. */
export function isCommonCause(state: EngineState, graph: Graph, node: FeedNode): boolean {
  if (!node.isInBand || !isSilent(state, node.id)) return false;
  for (const id of node.hangingIds) {
    if (!isSilent(state, id) && !isNeverSeen(state, id)) return false;
  }
  return lostEntries(state, graph, node).length >= LEAST_LOST_ENTRIES;
}

/** Loads that have failed each for itself: down, or cut off though everything above them lives. */
export function lostEntries(
  state: EngineState,
  graph: Graph,
  { entryIds }: FeedNode,
): readonly string[] {
  return [...entryIds].filter((id) => {
    const health = state.devices.get(id)?.health;
    const parents = graph.devices.get(id)!.parents;
    if (health === 'down') return true;
    return health === 'unreachable' && !parents.some((each) => isSilent(state, each.deviceId));
  });
}

/** Faults of these loads: devices that are down, and links from others that served one of them. */
export function faultsOfLoads(
  state: EngineState,
  graph: Graph,
  loadIds: ReadonlySet<string>,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const id of loadIds) {
    const down = state.faults.get(faultKeyOf(id, null, 'device-down'));
    if (down !== undefined) faults.push(down);
    for (const link of graph.links.ofDevice.get(id) ?? []) {
      const lost = faultsOfLink(state, link).filter((each) => linkedChild(graph, each) === id);
      faults.push(...lost.filter(({ deviceId }) => !loadIds.has(deviceId)));
    }
  }
  return faults;
}

/** A device that has not answered yet proves nothing. */
function isNeverSeen(state: EngineState, deviceId: string): boolean {
  const device = state.devices.get(deviceId);
  return device?.health === 'unknown' && device.lastKnownHealth === 'unknown';
}
