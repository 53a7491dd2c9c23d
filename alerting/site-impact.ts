import type { GeneratorState, Role } from '../config/model.ts';
import { ROLE_ORDER } from '../config/role-names.ts';
import { BATTERY_KINDS } from './battery.ts';
import { deviceOfFault } from './fault-key.ts';
import type { Graph } from './graph.ts';
import { isPathLost, isSilent } from './paths.ts';
import type { EngineState, Fault } from './state.ts';

/** Sites with fewer devices count only when all of them are down: one switch of three is not a third of a site. */
const SMALLEST_SHARED_SITE = 5;
/** From this share of devices down a site counts as down. */
const SITE_DOWN_PERCENT = 80;

/** A site and the share of its devices that is down or unreachable, whole percent. */
export interface SiteShare {
  readonly siteId: string;
  readonly percent: number;
  /** Down as a whole, or with no way out left. */
  readonly isDown: boolean;
}

/** Affected sites, worst first; equal shares by id. */
export function siteShares(
  state: EngineState,
  graph: Graph,
  affected: ReadonlySet<string>,
): readonly SiteShare[] {
  const down = new Map<string, number>();
  for (const deviceId of affected) {
    const siteId = graph.devices.get(deviceId)?.siteId;
    if (siteId !== undefined) down.set(siteId, (down.get(siteId) ?? 0) + 1);
  }
  return [...down]
    .map(([siteId, count]) => {
      const total = graph.siteDevices.get(siteId)!.length;
      const shared = total >= SMALLEST_SHARED_SITE || count === total;
      const percent = shared ? Math.floor((100 * count) / total) : 0;
      const isDown = percent >= SITE_DOWN_PERCENT || isCutOff(state, graph, siteId);
      return { siteId, percent, isDown };
    })
    .sort((a, b) => b.percent - a.percent || (a.siteId < b.siteId ? -1 : 1));
}

/** Whether every link into the site is lost; a site that no declared link enters is never cut off. */
function isCutOff(state: EngineState, graph: Graph, siteId: string): boolean {
  const entering = (graph.siteUplinks.get(siteId) ?? []).filter(
    ({ deviceId }) => graph.devices.get(deviceId)?.siteId !== siteId,
  );
  if (entering.length === 0) return false;
  return entering.every((link) => isSilent(state, link.childId) || isPathLost(state, link));
}

/** The most affected devices that hang on one aggregation device, that device included. */
export function domainDevicesDown(graph: Graph, affected: ReadonlySet<string>): number {
  const counts = new Map<string, number>();
  for (const deviceId of affected) {
    for (const domainId of graph.domainsOf.get(deviceId) ?? []) {
      counts.set(domainId, (counts.get(domainId) ?? 0) + 1);
    }
  }
  return Math.max(0, ...counts.values());
}

/**
 * Devices at the site whose paths are below their standards, percent of those that answer, rounded down; 0 where
 * fewer than two do: one bad path is no bad site.
 */
export function sitePathsPercent(state: EngineState, graph: Graph, siteId: string): number {
  const answering = (graph.siteDevices.get(siteId) ?? []).filter((id) => !isSilent(state, id));
  if (answering.length < 2) return 0;
  const bad = answering.filter((id) => pathFault(state, id) !== null);
  return Math.floor((100 * bad.length) / answering.length);
}

/** That the path to the device is below its standards; null: it is not. */
export function pathFault(state: EngineState, deviceId: string): Fault | null {
  for (const key of state.devices.get(deviceId)?.faultKeys ?? []) {
    const fault = state.faults.get(key);
    if (fault?.kind === 'path-quality') return fault;
  }
  return null;
}

/** Whether a generator carries the site, stands by, or there is none. */
export function generatorOf(state: EngineState, graph: Graph, siteId: string): GeneratorState {
  for (const key of state.generatorFaultKeys) {
    if (graph.devices.get(deviceOfFault(key))?.siteId === siteId) return 'running';
  }
  return graph.sites.get(siteId)?.generator === true ? 'off' : 'none';
}

/**
 * The most important role at a site, and of a system on battery also of what goes dark with it
 * elsewhere: an outage to come counts as what it will be, not as where the battery stands.
 */
export function siteRoleOf(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
  siteId: string,
): Role | undefined {
  const own = graph.siteRoles.get(siteId);
  const onBattery = members.filter(({ kind }) => BATTERY_KINDS.has(kind));
  if (onBattery.length === 0) return own;
  const dying = new Set(onBattery.map(({ deviceId }) => deviceId));
  for (const deviceId of dying) {
    for (const fedId of graph.fed.get(deviceId) ?? []) {
      const { powerFeeds } = graph.devices.get(fedId)!;
      const isDying = (feed: string) => dying.has(feed) || runsOnBattery(state, feed);
      if (powerFeeds.every(isDying)) dying.add(fedId);
    }
  }
  const roles = new Set([own, ...[...dying].map((id) => graph.devices.get(id)?.role)]);
  return ROLE_ORDER.find((role) => roles.has(role)) ?? own;
}

function runsOnBattery(state: EngineState, deviceId: string): boolean {
  for (const faultKey of state.devices.get(deviceId)?.faultKeys ?? []) {
    if (BATTERY_KINDS.has(state.faults.get(faultKey)!.kind)) return true;
  }
  return isSilent(state, deviceId);
}
