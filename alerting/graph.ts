import type { RedundancyGroup, Role } from '../config/model.ts';
import { ROLE_ORDER } from '../config/role-names.ts';
import type { Schedule } from '../config/schedule/schedule.ts';
import { type FeedNode, feedsOf } from './feeds.ts';
import { type GroupNode, groupSubjectsOf } from './group-subjects.ts';
import { type Links, linksOf, withDeclaredPorts } from './links.ts';
import { subjectWithoutDevice } from './subjects.ts';
import type { Topology, TopologyDevice, TopologyPerson } from './topology.ts';

/** A link to a parent, and the device that names it. */
export interface SiteUplink {
  readonly childId: string;
  readonly deviceId: string;
  readonly port: string | null;
}

/** The topology, indexed for the questions that the engine asks at every step. */
export interface Graph {
  readonly topology: Topology;
  readonly devices: ReadonlyMap<string, TopologyDevice>;
  /** Devices that name this one as a parent. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Devices that name this one as a power feed. */
  readonly fed: ReadonlyMap<string, readonly string[]>;
  /** Devices that others name as a power feed, by id. */
  readonly feeds: ReadonlyMap<string, FeedNode>;
  readonly links: Links;
  readonly siteDevices: ReadonlyMap<string, readonly string[]>;
  readonly siteRoles: ReadonlyMap<string, Role>;
  readonly siteNames: ReadonlyMap<string, string>;
  readonly sites: ReadonlyMap<string, Topology['sites'][number]>;
  /** Parent links of the devices of a site, with the device below. */
  readonly siteUplinks: ReadonlyMap<string, readonly SiteUplink[]>;
  /** Aggregation devices that a device hangs on, itself included. */
  readonly domainsOf: ReadonlyMap<string, readonly string[]>;
  /** Groups of devices, by member. */
  readonly groupsOf: ReadonlyMap<string, readonly RedundancyGroup[]>;
  /** Groups of links, by member. */
  readonly groupsOfLink: ReadonlyMap<string, readonly RedundancyGroup[]>;
  /** Groups as subjects of faults, by the id of the subject. */
  readonly groupSubjects: ReadonlyMap<string, GroupNode>;
  readonly people: ReadonlyMap<string, TopologyPerson>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  /** Members by team. */
  readonly teams: ReadonlyMap<string, readonly string[]>;
  readonly totalCustomers: number;
  /** Devices that are reached through no other, over the network. */
  readonly entryIds: readonly string[];
  /** Devices that run on this very machine. */
  readonly localCount: number;
}

const graphs = new WeakMap<Topology, Graph>();

/** The graph of a topology, built once for as long as the topology is held. */
export function graphOf(topology: Topology): Graph {
  const known = graphs.get(topology);
  if (known !== undefined) return known;
  const graph = buildGraph(topology);
  graphs.set(topology, graph);
  return graph;
}

function buildGraph(topology: Topology): Graph {
  const all = withDeclaredPorts(topology);
  const devices = new Map(all.map((device) => [device.id, device]));
  const children = new Map<string, string[]>();
  const fed = new Map<string, string[]>();
  const siteDevices = new Map<string, string[]>();
  const siteUplinks = new Map<string, SiteUplink[]>();
  for (const device of all) {
    for (const parent of device.parents) {
      push(siteUplinks, device.siteId, { childId: device.id, ...parent });
      push(children, parent.deviceId, device.id);
    }
    for (const feed of device.powerFeeds) push(fed, feed, device.id);
    push(siteDevices, device.siteId, device.id);
  }
  const groupsOf = new Map<string, RedundancyGroup[]>();
  const groupsOfLink = new Map<string, RedundancyGroup[]>();
  for (const group of topology.redundancyGroups) {
    for (const deviceId of group.deviceIds) push(groupsOf, deviceId, group);
    for (const linkId of group.linkIds ?? []) push(groupsOfLink, linkId, group);
  }
  const links = linksOf(topology, all);
  return {
    topology,
    devices,
    children,
    fed,
    feeds: feedsOf(devices, fed),
    links,
    siteDevices,
    siteRoles: siteRolesOf(siteDevices, devices),
    sites: new Map(topology.sites.map((site) => [site.id, site])),
    siteUplinks,
    domainsOf: domainsOf(topology, children),
    siteNames: new Map(topology.sites.map((site) => [site.id, site.name])),
    groupsOf,
    groupsOfLink,
    groupSubjects: groupSubjectsOf(topology.redundancyGroups, devices, links),
    people: new Map(topology.people.map((person) => [person.id, person])),
    schedules: new Map((topology.schedules ?? []).map((schedule) => [schedule.id, schedule])),
    teams: new Map((topology.teams ?? []).map((team) => [team.id, team.personIds])),
    entryIds: all
      .filter(({ parents, isLocal }) => parents.length === 0 && isLocal !== true)
      .map(({ id }) => id),
    localCount: all.filter(({ isLocal }) => isLocal === true).length,
    totalCustomers: sumOf(topology.devices) + sumOf(topology.sites),
  };
}

/**
 * The subject of a fault: a device, a redundancy group, or for what is about neither (`subjects.ts`)
 * something that stands alone. null when the device or group is no longer there.
 */
export function subjectOf(graph: Graph, subjectId: string): TopologyDevice | null {
  return (
    graph.devices.get(subjectId) ??
    graph.groupSubjects.get(subjectId)?.subject ??
    subjectWithoutDevice(subjectId, graph.siteNames)
  );
}

/** Everything below `deviceId` along `edges`, nearest first, itself excluded; loops end. */
export function below(
  edges: ReadonlyMap<string, readonly string[]>,
  deviceId: string,
): readonly string[] {
  const found = new Set<string>([deviceId]);
  for (const id of found) {
    for (const next of edges.get(id) ?? []) found.add(next);
  }
  found.delete(deviceId);
  return [...found];
}

function sumOf(served: readonly { readonly customers?: number }[]): number {
  return served.reduce((sum, { customers = 0 }) => sum + customers, 0);
}

function domainsOf(
  topology: Topology,
  children: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const domains = new Map<string, string[]>();
  for (const { id, role } of topology.devices) {
    if (role !== 'aggregation') continue;
    for (const deviceId of [id, ...below(children, id)]) push(domains, deviceId, id);
  }
  return domains;
}

function siteRolesOf(
  siteDevices: ReadonlyMap<string, readonly string[]>,
  devices: ReadonlyMap<string, TopologyDevice>,
): ReadonlyMap<string, Role> {
  const roles = new Map<string, Role>();
  for (const [siteId, ids] of siteDevices) {
    const present = new Set(ids.map((id) => devices.get(id)!.role));
    roles.set(siteId, ROLE_ORDER.find((role) => present.has(role)) ?? 'access');
  }
  return roles;
}

function push<Item>(index: Map<string, Item[]>, key: string, item: Item): void {
  const list = index.get(key);
  if (list === undefined) index.set(key, [item]);
  else list.push(item);
}
