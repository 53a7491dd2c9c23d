import type { Config, Device } from '../config/model.ts';

/** A device that hangs on another one, directly or through others. */
export interface Dependent {
  readonly device: Device;
  readonly via: 'network' | 'power';
  /** It has another path or feed that does not lead through the cause. */
  readonly hasOtherPath: boolean;
}

type Link = Device['parents'][number];

interface Below {
  readonly network: ReadonlyMap<string, readonly Device[]>;
  readonly power: ReadonlyMap<string, readonly Device[]>;
}

const belowByConfig = new WeakMap<Config, Below>();

/**
 * Everything that hangs on a device (or, when `port` is given, on that port of it), nearest first.
 * `isLinkLost`: nothing comes through that link now, whatever the cause: it is no other path.
 */
export function dependentsOf(
  config: Config,
  deviceId: string,
  port: string | null,
  isLinkLost: (link: Link) => boolean = () => false,
): Dependent[] {
  const below = belowOf(config);
  const found = new Map<string, { device: Device; via: 'network' | 'power' }>();
  const queue = [deviceId];
  for (const id of queue) {
    const onPort = (device: Device) =>
      port === null || id !== deviceId || hangsOnPort(device, deviceId, port);
    for (const device of (below.network.get(id) ?? []).filter(onPort)) add(device, 'network');
    // What only the network has cut off goes on feeding what hangs on it.
    const mayBeDark = id === deviceId ? port === null : found.get(id)?.via === 'power';
    if (mayBeDark) for (const device of below.power.get(id) ?? []) add(device, 'power');
  }
  const cut = cutOff(deviceId, port, found, isLinkLost);
  return [...found.values()].map((entry) => ({
    ...entry,
    hasOtherPath: !cut.has(entry.device.id),
  }));

  function add(device: Device, via: 'network' | 'power'): void {
    const known = found.get(device.id);
    if (device.id === deviceId || known?.via === via || known?.via === 'power') return;
    if (known === undefined) found.set(device.id, { device, via });
    else known.via = via;
    queue.push(device.id);
  }
}

/** Those of `found` that have nothing left: every parent, or every power feed, is the cause or itself cut off. */
function cutOff(
  deviceId: string,
  port: string | null,
  found: ReadonlyMap<string, { device: Device }>,
  isLinkLost: (link: Link) => boolean,
): ReadonlySet<string> {
  const cut = new Set<string>();
  const dark = new Set<string>();
  const isCause = (id: string) => port === null && id === deviceId;
  const isLost = (id: string) => cut.has(id) || isCause(id);
  for (let before = -1; before !== cut.size + dark.size; ) {
    before = cut.size + dark.size;
    for (const { device } of found.values()) {
      const parents = device.parents;
      const feeds = device.powerFeeds;
      if (feeds.length > 0 && feeds.every((id) => dark.has(id) || isCause(id))) dark.add(device.id);
      const isolated =
        parents.length > 0 &&
        parents.every(
          (link) =>
            isLost(link.deviceId) ||
            (link.deviceId === deviceId && link.port === port) ||
            isLinkLost(link),
        );
      if (dark.has(device.id) || isolated) cut.add(device.id);
    }
  }
  return cut;
}

function hangsOnPort(device: Device, deviceId: string, port: string): boolean {
  return device.parents.some((link) => link.deviceId === deviceId && link.port === port);
}

function belowOf(config: Config): Below {
  const known = belowByConfig.get(config);
  if (known) return known;
  const network = new Map<string, Device[]>();
  const power = new Map<string, Device[]>();
  for (const device of config.devices) {
    for (const parentId of new Set(device.parents.map((link) => link.deviceId)))
      push(network, parentId, device);
    for (const feedId of device.powerFeeds) push(power, feedId, device);
  }
  const below = { network, power };
  belowByConfig.set(config, below);
  return below;
}

function push(map: Map<string, Device[]>, key: string, device: Device): void {
  const list = map.get(key);
  if (list) list.push(device);
  else map.set(key, [device]);
}
