import { ROLE_ORDER } from '../config/role-names.ts';
import type { EpochMs } from '../lib/time.ts';
import { stormSeverity } from './alerts/storm-component.ts';
import { BATTERY_KINDS, batteryMinutesLeft } from './battery.ts';
import type { GradingEvidence, GradingInputs } from './events.ts';
import { isFlapping } from './flaps.ts';
import { below, type Graph, subjectOf } from './graph.ts';
import { linkedChild } from './link-faults.ts';
import { hasPath, isPathLost, isSilent, type ParentLink } from './paths.ts';
import { groupInputs, redundancyLeft, standingOfRoot } from './redundancy-left.ts';
import {
  domainDevicesDown,
  generatorOf,
  type SiteShare,
  sitePathsPercent,
  siteRoleOf,
  siteShares,
} from './site-impact.ts';
import type { EngineState, Fault, Incident } from './state.ts';
import type { TopologyDevice } from './topology.ts';

/** Affected sites kept by id in the evidence; how many are down counts all. */
const MOST_SITES_KEPT = 10;

/**
 * What a fault, with everything folded into it, does to the network right now: the inputs of the
 * grading rules. `members` are the active faults of the incident, the root first.
 */
export function gradingInputs(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
  incident: Incident | null,
  now: EpochMs,
): GradingInputs {
  const root = members[0]!;
  const affected = affectedDevices(state, graph, members);
  const subject = subjectDevice(state, graph, members, affected);
  const sites = siteShares(state, graph, affected);
  const worst = sites[0] ?? { siteId: subject.siteId, percent: 0 };
  const down = sites.filter((site) => site.isDown);
  const sitesDown = down.length;
  const customers = served(graph, affected, down, 'customers');
  return {
    faultKind: root.kind,
    level: members.some((fault) => fault.level === 'critical') ? 'critical' : 'warning',
    rootDeviceId: root.deviceId,
    role: subject.role,
    redundancy: redundancyLeft(state, graph, root, subject, affected),
    siteId: worst.siteId,
    siteIds: sites.slice(0, MOST_SITES_KEPT).map((site) => site.siteId),
    siteRole: siteRoleOf(state, graph, members, worst.siteId) ?? subject.role,
    devicesDown: affected.size,
    domainDevicesDown: domainDevicesDown(graph, affected),
    coreDevicesDown: sum(affected, (id) => (graph.devices.get(id)?.role === 'core' ? 1 : 0)),
    siteDevices: graph.siteDevices.get(worst.siteId)?.length ?? 0,
    sitePercent: worst.percent,
    sitesDown,
    sitesPercent: Math.floor((100 * sitesDown) / Math.max(1, graph.siteDevices.size)),
    customers,
    customersPercent: Math.floor((100 * customers) / Math.max(1, graph.totalCustomers)),
    keyCustomers: served(graph, affected, down, 'keyCustomers'),
    unknownPercent: root.kind === 'monitoring-blind' ? unknownPercent(state) : 0,
    generator: generatorOf(state, graph, worst.siteId),
    ...groupInputs(state, graph, members),
    ...pathInput(state, graph, root, worst.siteId),
    batteryMinutes: batteryMinutesLeft(state, graph, members, now),
    flapping: members.some(({ key }) => isFlapping(state, key)),
    ...alertInput(root),
    currentTier: incident?.tier ?? null,
    durationMs: Math.max(0, now - (incident?.troubleSince ?? root.since)),
  };
}

function pathInput(
  state: EngineState,
  graph: Graph,
  { kind }: Fault,
  siteId: string,
): Pick<GradingInputs, 'sitePathsPercent'> {
  return kind === 'path-quality'
    ? { sitePathsPercent: sitePathsPercent(state, graph, siteId) }
    : {};
}

function alertInput(root: Fault): Pick<GradingInputs, 'alertSeverity'> {
  const alertSeverity = root.alert?.severity ?? stormSeverity(root);
  return alertSeverity === null ? {} : { alertSeverity };
}

/** Devices that are down or unreachable because of these faults, the cause itself included. */
export function affectedDevices(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
): ReadonlySet<string> {
  const affected = new Set<string>();
  const lostOfGroup = standingOfRoot(state, graph, members[0]!)?.lostIds ?? [];
  for (const id of lostOfGroup) if (isSilent(state, id)) affected.add(id);
  for (const fault of members) {
    if (fault.kind === 'device-down') affected.add(fault.deviceId);
    const childId = linkedChild(graph, fault);
    if (childId !== null && state.devices.get(childId)?.health === 'unreachable') {
      affected.add(childId);
    }
  }
  for (const deviceId of affected) {
    for (const child of graph.children.get(deviceId) ?? []) {
      if (state.devices.get(child)?.health === 'unreachable') affected.add(child);
    }
  }
  return affected;
}

/**
 * Devices that hang on the cause, the cause itself excluded: those that are down or unreachable
 * already, those that have no other path (known before their silence is confirmed), and those that
 * go dark when the battery that feeds them is empty.
 */
export function hangingDevices(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
): readonly string[] {
  const hanging = new Set(affectedDevices(state, graph, members));
  for (const fault of members) {
    const childId = linkedChild(graph, fault);
    if (childId !== null && !hasPath(state, graph, childId)) hanging.add(childId);
    if (BATTERY_KINDS.has(fault.kind)) {
      for (const fed of below(graph.fed, fault.deviceId)) hanging.add(fed);
    }
  }
  for (const deviceId of hanging) {
    for (const child of graph.children.get(deviceId) ?? []) {
      const parents = graph.devices.get(child)!.parents;
      const isLost = (link: ParentLink) => hanging.has(link.deviceId) || isPathLost(state, link);
      if (parents.every(isLost)) hanging.add(child);
    }
  }
  hanging.delete(members[0]!.deviceId);
  return [...hanging];
}

/**
 * How many devices beside the cause were confirmed down or cut off by the facts of the evidence, as its
 * sentence tells; null where the cause cuts nothing off at once, so that nothing is to be confirmed.
 */
export function confirmedBehind({ inputs }: Pick<GradingEvidence, 'inputs'>): number | null {
  const { faultKind, devicesDown } = inputs;
  if (faultKind === 'port-down') return devicesDown;
  return faultKind === 'device-down' ? Math.max(0, devicesDown - 1) : null;
}

/**
 * Whose role and redundancy count: for a lost link, the device that it served; for a power feed that is
 * dark, the gravest of what it fed.
 */
function subjectDevice(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
  affected: ReadonlySet<string>,
): TopologyDevice {
  const servedId = servedByLink(graph, members) ?? gravestLoad(state, graph, members, affected);
  return subjectOf(graph, servedId ?? members[0]!.deviceId)!;
}

/** The device without power whose loss weighs most; null when the cause is no power feed. */
function gravestLoad(
  state: EngineState,
  graph: Graph,
  members: readonly Fault[],
  affected: ReadonlySet<string>,
): string | null {
  const [root, ...others] = members;
  if (root!.kind !== 'device-down' || !graph.feeds.has(root!.deviceId)) return null;
  const fed = below(graph.fed, root!.deviceId);
  const loads = others
    .map((fault) => (fault.kind === 'device-down' ? fault.deviceId : linkedChild(graph, fault)))
    .filter((id) => id !== null && fed.includes(id))
    .map((id) => graph.devices.get(id!)!);
  const weight = (load: TopologyDevice) => {
    const isCutOff = redundancyLeft(state, graph, root!, load, affected) === 'none';
    return 2 * ROLE_ORDER.indexOf(load.role) + (isCutOff ? 0 : 1);
  };
  return loads.toSorted((a, b) => weight(a) - weight(b))[0]?.id ?? null;
}

/**
 * The device that a lost link serves; where none hangs on it, the one that hangs on another link lost
 * with it. null when the cause is no link.
 */
export function servedByLink(graph: Graph, members: readonly Fault[]): string | null {
  if (members[0]!.kind !== 'port-down') return null;
  for (const fault of members) {
    const childId = linkedChild(graph, fault);
    if (childId !== null) return childId;
  }
  return null;
}

/**
 * Devices through which those behind a dead device are still reached; none when nothing hangs on
 * it, or when no other path is declared.
 */
export function pathsLeft(state: EngineState, graph: Graph, deviceId: string): readonly string[] {
  const left = new Set<string>();
  for (const child of graph.children.get(deviceId) ?? []) {
    for (const link of graph.devices.get(child)!.parents) {
      if (link.deviceId !== deviceId && !isPathLost(state, link)) left.add(link.deviceId);
    }
  }
  return [...left];
}

/** Customers served by the devices, and by the sites that are down as a whole. */
function served(
  graph: Graph,
  affected: ReadonlySet<string>,
  sitesDown: readonly SiteShare[],
  which: 'customers' | 'keyCustomers',
): number {
  const bySites = sitesDown.reduce(
    (total, { siteId }) => total + (graph.sites.get(siteId)?.[which] ?? 0),
    0,
  );
  return bySites + sum(affected, (id) => graph.devices.get(id)?.[which] ?? 0);
}

/** Devices that are not observed now, whole percent of all. */
function unknownPercent(state: EngineState): number {
  let unknown = 0;
  for (const { health } of state.devices.values()) if (health === 'unknown') unknown += 1;
  return Math.floor((100 * unknown) / Math.max(1, state.devices.size));
}

function sum(ids: ReadonlySet<string>, of: (id: string) => number): number {
  let total = 0;
  for (const id of ids) total += of(id);
  return total;
}
