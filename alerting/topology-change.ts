import { createHash } from 'node:crypto';
import { canonicalJson } from '../lib/canonical-json.ts';
import type { Deciding } from './deciding.ts';
import { removeFault } from './faults.ts';
import { clearFaultsOfGoneGroups } from './group-faults.ts';
import { noteGoneUnseen } from './self-watch.ts';
import type { Topology } from './topology.ts';

/**
 * Takes over another topology, unless it is the one in force. Faults of devices that are gone are
 * cleared first, so that no incident waits for a device that nobody polls. Returns whether it changed.
 */
export function decideTopology(deciding: Deciding, topology: Topology): boolean {
  const hash = createHash('sha256').update(canonicalJson(topology)).digest('hex');
  if (hash === deciding.state.topologyHash) return false;
  const present = new Set(topology.devices.map((device) => device.id));
  const gone = [...deciding.state.devices.values()].filter(
    ({ deviceId }) => !present.has(deviceId),
  );
  for (const device of gone) {
    for (const faultKey of [...device.faultKeys]) removeFault(deciding, faultKey);
  }
  noteGoneUnseen(
    deciding,
    gone.map(({ deviceId }) => deviceId),
  );
  clearFaultsOfGoneGroups(deciding, topology.redundancyGroups);
  deciding.emit({ type: 'topology-loaded', at: deciding.now, hash, topology });
  return true;
}
