import type { DeviceFacts, NeighbourFacts } from '../../collector/discovery/device-facts.ts';

/** What a nameless device tells that tells nothing. */
export function facts(name: string, more: Partial<DeviceFacts> = {}): DeviceFacts {
  return {
    address: '192.0.2.1',
    port: 161,
    credentialId: 'campus',
    sysObjectId: '1.3.6.1.4.1.9.1.1',
    sysDescr: '',
    sysName: name,
    sysLocation: '',
    sysServices: null,
    isForwarding: null,
    bridgePorts: 0,
    engineId: null,
    ownAddresses: [],
    loopbackAddresses: [],
    ports: [],
    chassisId: null,
    neighbours: [],
    power: null,
    outlets: [],
    ...more,
  };
}

export function neighbour(more: Partial<NeighbourFacts>): NeighbourFacts {
  return {
    protocol: 'lldp',
    localPort: null,
    chassisId: null,
    sysName: '',
    remotePort: '',
    addresses: [],
    description: '',
    ...more,
  };
}

/** Ports with these names, and MAC addresses made of their place. */
export function ports(...names: string[]): DeviceFacts['ports'] {
  return names.map((name, place) => ({
    index: String(place + 1),
    name,
    descr: name,
    alias: '',
    mac: null,
  }));
}
