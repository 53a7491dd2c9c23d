import type { Config, Device } from '../config/model.ts';

const leadingPorts = new WeakMap<Config, ReadonlyMap<string, ReadonlySet<string>>>();

/**
 * Ports of the device that the configuration counts on: its own important ones, those that lead to
 * devices below it, and the ends of declared links.
 */
export function namedPortsOf(config: Config, device: Device): ReadonlySet<string> {
  let byDevice = leadingPorts.get(config);
  if (byDevice === undefined) {
    byDevice = leadingPortsOf(config);
    leadingPorts.set(config, byDevice);
  }
  const leading = byDevice.get(device.id);
  if (device.importantPorts.length === 0) return leading ?? NO_PORTS;
  return new Set([...device.importantPorts, ...(leading ?? [])]);
}

/** Most devices have none: one for all of them. */
const NO_PORTS: ReadonlySet<string> = new Set();

function leadingPortsOf(config: Config): ReadonlyMap<string, ReadonlySet<string>> {
  const byDevice = new Map<string, Set<string>>();
  const add = (deviceId: string, port: string) => {
    const known = byDevice.get(deviceId);
    if (known === undefined) byDevice.set(deviceId, new Set([port]));
    else known.add(port);
  };
  for (const { parents } of config.devices) {
    for (const { deviceId, port } of parents) if (port !== null) add(deviceId, port);
  }
  for (const { ends } of config.links) {
    for (const { deviceId, port } of ends) add(deviceId, port);
  }
  return byDevice;
}
