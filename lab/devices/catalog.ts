import type { Device, Role } from '../../config/model.ts';
import { branchUps, headquartersUps, powerStrip } from './power.ts';
import { linuxServer } from './server.ts';
import { type DeviceShape, ethernetPort } from './shape.ts';
import { accessSwitch, aggregationSwitch, coreSwitch } from './switches.ts';

/** What the lab needs to know of a configured device. */
export type LabDevice = Pick<
  Device,
  'id' | 'address' | 'port' | 'role' | 'parents' | 'powerFeeds' | 'credentialId'
>;

const SHAPE_BY_ROLE: Readonly<Record<Role, DeviceShape>> = {
  core: coreSwitch,
  aggregation: aggregationSwitch,
  access: accessSwitch,
  power: branchUps,
  server: linuxServer,
  cpe: accessSwitch,
};

/** Where the role alone does not say it. */
const SHAPE_BY_ID: Readonly<Record<string, DeviceShape>> = {
  'ups-hq': headquartersUps,
  'ups-north': branchUps,
};

/** Ends of a link that no parent relation declares: the two core switches side by side. */
export const INTERCONNECTS = [
  { upper: { deviceId: 'core-1', port: 'Te1/1' }, lower: { deviceId: 'core-2', port: 'Te1/1' } },
] as const;

/** Speed of a port that only the configuration of another device mentions. */
const MENTIONED_PORT_MBPS = 1000;

/**
 * The shape of every device. A port that another device names as the way to it exists even where
 * the shape does not list it.
 */
export function shapesOf(devices: readonly LabDevice[]): ReadonlyMap<string, DeviceShape> {
  return new Map(devices.map((device) => [device.id, withMentionedPorts(device, devices)]));
}

function withMentionedPorts(device: LabDevice, devices: readonly LabDevice[]): DeviceShape {
  const shape = shapeOf(device);
  const names = new Set(shape.ports.map((port) => port.name));
  const mentioned = devices
    .flatMap((other) => other.parents)
    .flatMap(({ deviceId, port }) => (deviceId === device.id && port !== null ? [port] : []));
  const uplinks = device.parents.map((_, index) => shape.uplinks[index] ?? `Up${index + 1}`);
  const added = [...new Set([...mentioned, ...uplinks])].filter((name) => !names.has(name));
  const ports = [...shape.ports, ...added.map((name) => ethernetPort(name, MENTIONED_PORT_MBPS))];
  return { ...shape, ports, uplinks };
}

function shapeOf(device: LabDevice): DeviceShape {
  const named = SHAPE_BY_ID[device.id];
  if (named !== undefined) return named;
  if (device.role === 'power' && device.id.includes('pdu')) return powerStrip;
  return SHAPE_BY_ROLE[device.role];
}
