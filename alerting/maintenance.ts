import type { MaintenanceWindow } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Graph } from './graph.ts';
import type { TopologyDevice } from './topology.ts';

/** Whether a window names the device: itself, its site, or one of its tags. */
function covers(window: MaintenanceWindow, device: TopologyDevice): boolean {
  return (
    window.deviceIds.includes(device.id) ||
    window.siteIds.includes(device.siteId) ||
    window.tags.some((tag) => device.tags.includes(tag))
  );
}

/** Whether the device is not in service by its own dates: not commissioned yet, or retired. */
function isOutOfService({ commissionedAt, retiredAt }: TopologyDevice, now: EpochMs): boolean {
  const isEarly = typeof commissionedAt === 'number' && now < commissionedAt;
  return isEarly || (typeof retiredAt === 'number' && now >= retiredAt);
}

/**
 * Whether planned work covers the device now, or it is not in service. It keeps new incidents from opening over the device
 * alone (what hangs on it and is not declared is cut off, and told); monitoring and availability go on
 * beneath it, and an incident that was open stays open.
 */
export function isInMaintenance(graph: Graph, deviceId: string, now: EpochMs): boolean {
  const device = graph.devices.get(deviceId);
  if (device === undefined) return false;
  if (isOutOfService(device, now)) return true;
  return graph.topology.maintenanceWindows.some(
    (window) => window.startsAt <= now && now < window.endsAt && covers(window, device),
  );
}
