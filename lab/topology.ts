import { INTERCONNECTS, type LabDevice, shapesOf } from './devices/catalog.ts';
import type { DeviceShape } from './devices/shape.ts';

/** One end of a cable; the port is null where the configuration does not name it. */
export interface LinkEnd {
  readonly deviceId: string;
  readonly port: string | null;
}

export interface Link {
  readonly upper: LinkEnd;
  readonly lower: LinkEnd;
}

/** How the demo network is wired: fixed while it runs. */
export interface Topology {
  readonly devices: ReadonlyMap<string, TopologyDevice>;
}

export interface TopologyDevice {
  readonly id: string;
  readonly shape: DeviceShape;
  /** Links towards the collector, one for each parent; none at the top of the network. */
  readonly uplinks: readonly Link[];
  readonly powerFeeds: readonly string[];
  /** The cables in each port. Several devices may hang on one port. */
  readonly linksByPort: ReadonlyMap<string, readonly Link[]>;
}

/** Parents and feeds that are not among the devices are taken to work always. */
export function deriveTopology(devices: readonly LabDevice[]): Topology {
  const shapes = shapesOf(devices);
  const uplinksById = new Map(
    devices.map((device) => [device.id, uplinksOf(device, shapes.get(device.id)!, shapes)]),
  );
  const links = [...[...uplinksById.values()].flat()];
  links.push(...interconnects(shapes, links));
  return {
    devices: new Map(
      devices.map((device) => [
        device.id,
        {
          id: device.id,
          shape: shapes.get(device.id)!,
          uplinks: uplinksById.get(device.id)!,
          powerFeeds: device.powerFeeds.filter((feed) => shapes.has(feed)),
          linksByPort: linksByPort(device.id, links),
        },
      ]),
    ),
  };
}

/** The end of a link that is not this one. */
export function peerEnd(link: Link, deviceId: string): LinkEnd {
  return link.upper.deviceId === deviceId ? link.lower : link.upper;
}

function uplinksOf(
  device: LabDevice,
  shape: DeviceShape,
  shapes: ReadonlyMap<string, DeviceShape>,
): Link[] {
  return device.parents
    .map((parent, index) => ({
      upper: { deviceId: parent.deviceId, port: parent.port },
      lower: { deviceId: device.id, port: shape.uplinks[index]! },
    }))
    .filter((link) => shapes.has(link.upper.deviceId));
}

function interconnects(shapes: ReadonlyMap<string, DeviceShape>, links: readonly Link[]): Link[] {
  const taken = new Set(links.flatMap((link) => [endName(link.upper), endName(link.lower)]));
  return INTERCONNECTS.filter(({ upper, lower }) =>
    [upper, lower].every((end) => shapes.has(end.deviceId) && !taken.has(endName(end))),
  );
}

function linksByPort(deviceId: string, links: readonly Link[]): Map<string, Link[]> {
  const byPort = new Map<string, Link[]>();
  for (const link of links) {
    for (const { deviceId: id, port } of [link.upper, link.lower]) {
      if (id !== deviceId || port === null) continue;
      byPort.set(port, [...(byPort.get(port) ?? []), link]);
    }
  }
  return byPort;
}

function endName(end: LinkEnd): string {
  return `${end.deviceId} ${end.port}`;
}
