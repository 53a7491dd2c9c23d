import type { LinkEnd } from '../config/model.ts';
import type { Topology, TopologyDevice } from './topology.ts';

/** One end of a link; the port there is null where only the other end is named. */
export type GraphLinkEnd = Omit<LinkEnd, 'port'> & { readonly port: string | null };

/** A link between two devices: declared, or known because a device names the port of its parent. */
export interface GraphLink {
  /** null: no more is known of it than the port of the parent. */
  readonly id: string | null;
  readonly ends: readonly [GraphLinkEnd, GraphLinkEnd];
}

/** The links of a topology, by what the engine asks for. */
export interface Links {
  readonly at: ReadonlyMap<string, GraphLink>;
  readonly ofDevice: ReadonlyMap<string, readonly GraphLink[]>;
  readonly byId: ReadonlyMap<string, GraphLink>;
  /** Links that stand in for each other between the same two devices, the one asked for included. */
  readonly bundles: ReadonlyMap<string, readonly GraphLink[]>;
}

/** Joins declared links and the ports that devices name of their parents. */
export function linksOf(topology: Topology, devices: readonly TopologyDevice[]): Links {
  const at = new Map<string, GraphLink>();
  const ofDevice = new Map<string, GraphLink[]>();
  const byId = new Map<string, GraphLink>();
  const add = (link: GraphLink) => {
    for (const { deviceId, port } of link.ends) {
      if (port !== null) at.set(endKey(deviceId, port), link);
      const known = ofDevice.get(deviceId);
      if (known === undefined) ofDevice.set(deviceId, [link]);
      else known.push(link);
    }
  };
  for (const link of topology.links ?? []) {
    byId.set(link.id, link);
    add(link);
  }
  for (const { id, parents } of devices) {
    for (const { deviceId, port } of parents) {
      if (port === null || at.has(endKey(deviceId, port))) continue;
      const ends = [
        { deviceId, port },
        { deviceId: id, port: null },
      ] as const;
      add({ id: null, ends });
    }
  }
  return { at, ofDevice, byId, bundles: bundlesOf(topology, byId) };
}

/** The link of a port; null when none is known. */
export function linkAt(links: Links, deviceId: string, port: string | null): GraphLink | null {
  return port === null ? null : (links.at.get(endKey(deviceId, port)) ?? null);
}

/** The link itself, and those that carry on between the same two devices when it is lost. */
export function bundleOf(links: Links, link: GraphLink): readonly GraphLink[] {
  return (link.id === null ? undefined : links.bundles.get(link.id)) ?? [link];
}

/** The end of a link that is not at the device. */
export function farEndOf({ ends }: GraphLink, deviceId: string): GraphLinkEnd {
  return ends[0].deviceId === deviceId ? ends[1] : ends[0];
}

/** The end of a link that is at the device. */
export function nearEndOf({ ends }: GraphLink, deviceId: string): GraphLinkEnd {
  return ends[0].deviceId === deviceId ? ends[0] : ends[1];
}

/** `core-1 Te1/1 – agg-1 Te49`, with the devices as people call them; null where a port is not known. */
export function linkName(link: GraphLink, nameOf: (id: string) => string): string | null {
  const [a, b] = link.ends;
  if (a.port === null || b.port === null) return null;
  return `${nameOf(a.deviceId)} ${a.port} – ${nameOf(b.deviceId)} ${b.port}`;
}

/**
 * Devices with the port of a parent filled in where they name none, but one declared link alone leads
 * there.
 */
export function withDeclaredPorts(topology: Topology): readonly TopologyDevice[] {
  const joining = new Map<string, string[]>();
  for (const { ends } of topology.links ?? []) {
    for (const [near, far] of [ends, ends.toReversed()]) {
      const key = endKey(near!.deviceId, far!.deviceId);
      joining.set(key, [...(joining.get(key) ?? []), near!.port]);
    }
  }
  if (joining.size === 0) return topology.devices;
  return topology.devices.map((device) => ({
    ...device,
    parents: device.parents.map((parent) => {
      const [port, ...others] = joining.get(endKey(parent.deviceId, device.id)) ?? [];
      if (parent.port !== null || port === undefined || others.length > 0) return parent;
      return { ...parent, port };
    }),
  }));
}

function bundlesOf(
  topology: Topology,
  byId: ReadonlyMap<string, GraphLink>,
): ReadonlyMap<string, readonly GraphLink[]> {
  const bundles = new Map<string, readonly GraphLink[]>();
  for (const { linkIds = [] } of topology.redundancyGroups) {
    const pairs = new Map<string, GraphLink[]>();
    for (const linkId of linkIds) {
      const link = byId.get(linkId);
      if (link === undefined) continue;
      const pair = link.ends
        .map(({ deviceId }) => deviceId)
        .toSorted()
        .join(' ');
      pairs.set(pair, [...(pairs.get(pair) ?? []), link]);
    }
    for (const bundle of pairs.values()) {
      for (const { id } of bundle) if (id !== null) bundles.set(id, bundle);
    }
  }
  return bundles;
}

/** No device id holds a blank. */
function endKey(deviceId: string, port: string): string {
  return `${deviceId} ${port}`;
}
