import { canonicalAddress } from '../../config/address.ts';
import type { DeviceFacts, NeighbourFacts } from './device-facts.ts';
import { shortName } from './name-devices.ts';
import { findPort } from './read-neighbours.ts';

/** A device in the sense of discovery: found, or configured and out of the range (`facts` null). */
export interface KnownDevice {
  readonly id: string;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly facts: DeviceFacts | null;
}

/** A cable between two devices, as one or both of them see it. Ports are null where nobody named them. */
export interface DeviceLink {
  readonly ends: readonly [LinkEnd, LinkEnd];
}

export interface LinkEnd {
  readonly id: string;
  readonly port: string | null;
}

/** A neighbour that is none of the devices. */
export interface StrangeNeighbour {
  readonly seenBy: string;
  readonly port: string | null;
  readonly neighbour: NeighbourFacts;
}

export interface Linked {
  readonly links: readonly DeviceLink[];
  readonly strangers: readonly StrangeNeighbour[];
}

/** Joins what the devices say of their neighbours: each cable once, with the port names of both ends. */
export function linkDevices(devices: readonly KnownDevice[]): Linked {
  const find = finderOf(devices);
  const byId = new Map(devices.map((device) => [device.id, device]));
  const links = new Map<string, DeviceLink[]>();
  const strangers: StrangeNeighbour[] = [];
  for (const device of devices) {
    for (const neighbour of device.facts?.neighbours ?? []) {
      const peer = find(neighbour);
      if (peer === null) {
        strangers.push({ seenBy: device.id, port: neighbour.localPort, neighbour });
      } else if (peer !== device.id) {
        const remote = byId.get(peer)!;
        const port = remotePortName(remote, neighbour);
        addLink(links, { id: device.id, port: neighbour.localPort }, { id: peer, port });
      }
    }
  }
  return { links: [...links.values()].flat(), strangers };
}

/** Both ends tell of a cable, each in its own words: an end that knows more completes the other. */
function addLink(links: Map<string, DeviceLink[]>, near: LinkEnd, far: LinkEnd): void {
  const ends: [LinkEnd, LinkEnd] = near.id < far.id ? [near, far] : [far, near];
  const pair = ends.map(({ id }) => id).join(' ');
  const known = links.get(pair) ?? [];
  const place = known.findIndex((link) =>
    link.ends.every(({ port }, end) => {
      const other = ends[end]!.port;
      return port === null || other === null || port === other;
    }),
  );
  if (place === -1) {
    links.set(pair, [...known, { ends }]);
    return;
  }
  const [a, b] = known[place]!.ends;
  const joined = { ends: [withPort(a, ends[0]), withPort(b, ends[1])] } as const;
  links.set(pair, known.with(place, joined));
}

function withPort({ id, port }: LinkEnd, other: LinkEnd): LinkEnd {
  return { id, port: port ?? other.port };
}

/** The far port as the far device calls it; as the neighbour told it where that device was not asked. */
function remotePortName(remote: KnownDevice, { remotePort }: NeighbourFacts): string | null {
  if (remotePort === '') return null;
  if (remote.facts !== null) return findPort(remote.facts.ports, remotePort)?.name ?? null;
  const isMac = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(remotePort);
  return isMac || /^\d+$/.test(remotePort) ? null : remotePort;
}

/** Finds the device that a neighbour is: by chassis id, by an address, by its name. */
function finderOf(devices: readonly KnownDevice[]): (neighbour: NeighbourFacts) => string | null {
  const chassis = new UniqueKeys();
  const addresses = new UniqueKeys();
  const names = new UniqueKeys();
  for (const { id, name, addresses: own, facts } of devices) {
    for (const address of own) addresses.add(address, id);
    for (const each of [id, name]) names.add(shortName(each).toLowerCase(), id);
    if (facts === null) continue;
    for (const address of facts.ownAddresses) addresses.add(address, id);
    for (const { mac } of facts.ports) if (mac !== null) chassis.add(mac, id);
    if (facts.chassisId !== null) chassis.add(facts.chassisId, id);
    names.add(shortName(facts.sysName).toLowerCase(), id);
  }
  return ({ chassisId, addresses: told, sysName }) => {
    const byChassis = chassisId === null ? null : chassis.get(chassisId);
    if (byChassis !== null) return byChassis;
    for (const address of told) {
      const byAddress = addresses.get(canonicalAddress(address));
      if (byAddress !== null) return byAddress;
    }
    return names.get(shortName(sysName).toLowerCase());
  };
}

/** Keys that lead to one device; one that several have leads to none. */
class UniqueKeys {
  readonly #ids = new Map<string, string | null>();

  add(key: string, id: string): void {
    if (key === '') return;
    const known = this.#ids.get(key);
    this.#ids.set(key, known === undefined || known === id ? id : null);
  }

  get(key: string): string | null {
    return this.#ids.get(key) ?? null;
  }
}
