import type { Role } from '../../config/model.ts';
import type { Guess } from './guess-role.ts';
import type { DeviceLink, LinkEnd } from './link-devices.ts';

/** A device as its place is worked out: `role` null when neither a person nor the device itself tells. */
export interface PlacedDevice {
  readonly id: string;
  readonly role: Role | null;
  readonly routes: boolean;
}

export interface Places {
  /** For every device without a role. */
  readonly roles: ReadonlyMap<string, Guess<Role>>;
  /** For every device: the ends of links one step nearer to the core. */
  readonly parents: ReadonlyMap<string, readonly LinkEnd[]>;
}

/** Roles of devices that carry nobody else's traffic. */
const LEAVES: ReadonlySet<Role | null> = new Set<Role | null>(['power', 'server']);

/**
 * Works out which way the core is. It begins at the core devices, or, in a part of the network that
 * has none, at the device with the most neighbours; parents are the neighbours one step nearer.
 */
export function placeInNetwork(
  devices: readonly PlacedDevice[],
  links: readonly DeviceLink[],
): Places {
  const byId = new Map(devices.map((device) => [device.id, device]));
  const isLeaf = (id: string) => LEAVES.has(byId.get(id)?.role ?? null);
  const ends = endsByDevice(links);
  const network = devices.filter(({ id }) => !isLeaf(id));
  const peersOf = (id: string) =>
    new Set((ends.get(id) ?? []).map((end) => end.id).filter((peer) => !isLeaf(peer)));
  const steps = stepsFromCore(network, peersOf);
  const parents = new Map(
    devices.map(({ id }) => [
      id,
      (ends.get(id) ?? []).filter((end) => isNearer(end.id, id, steps, isLeaf)),
    ]),
  );
  const roles = new Map<string, Guess<Role>>();
  for (const { id, role } of devices) {
    if (role === null) roles.set(id, roleByPlace(id, [...peersOf(id)], steps));
  }
  return { roles, parents };
}

function endsByDevice(links: readonly DeviceLink[]): Map<string, LinkEnd[]> {
  const byDevice = new Map<string, LinkEnd[]>();
  for (const { ends } of links) {
    const [a, b] = ends;
    byDevice.set(a.id, [...(byDevice.get(a.id) ?? []), b]);
    byDevice.set(b.id, [...(byDevice.get(b.id) ?? []), a]);
  }
  return byDevice;
}

function isNearer(
  peer: string,
  id: string,
  steps: ReadonlyMap<string, number>,
  isLeaf: (id: string) => boolean,
): boolean {
  if (isLeaf(peer)) return false;
  return isLeaf(id) || steps.get(peer)! < steps.get(id)!;
}

/** Links to the nearest device of the core, for every device of the network. */
function stepsFromCore(
  network: readonly PlacedDevice[],
  peersOf: (id: string) => ReadonlySet<string>,
): Map<string, number> {
  const steps = new Map<string, number>();
  const spread = (roots: readonly string[]) => {
    for (const root of roots) steps.set(root, 0);
    const queue = [...roots];
    for (const id of queue) {
      for (const peer of peersOf(id)) {
        if (steps.has(peer)) continue;
        steps.set(peer, steps.get(id)! + 1);
        queue.push(peer);
      }
    }
  };
  spread(network.filter(({ role }) => role === 'core').map(({ id }) => id));
  const byWeight = network.toSorted(
    (a, b) =>
      peersOf(b.id).size - peersOf(a.id).size ||
      Number(b.routes) - Number(a.routes) ||
      a.id.localeCompare(b.id, 'en', { numeric: true }),
  );
  for (const { id } of byWeight) if (!steps.has(id)) spread([id]);
  return steps;
}

function roleByPlace(
  id: string,
  peers: readonly string[],
  steps: ReadonlyMap<string, number>,
): Guess<Role> {
  if (peers.length === 0) {
    return { value: 'access', reason: 'nothing tells what it is for, please check' };
  }
  const step = steps.get(id)!;
  const below = peers.filter((peer) => steps.get(peer)! > step).length;
  if (step === 0) {
    return { value: 'core', reason: `${below} neighbours, the most here, please check` };
  }
  return below > 0
    ? { value: 'aggregation', reason: `stands between the core and ${below} others` }
    : { value: 'access', reason: 'stands at the edge: nothing hangs on it' };
}
