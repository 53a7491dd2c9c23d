import { unknownHabits } from '../agent-habits.ts';
import { BatchSize } from '../batch-size.ts';
import { isMissing, numberOf } from '../reading.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import type { RequestBounds, SnmpClient, Varbind } from '../snmp-client.ts';
import { type ColumnToRead, type Reading, readColumns, readScalars } from '../table-reader.ts';
import type { DeviceFacts, OutletFacts, PortNames } from './device-facts.ts';
import { chassisText, LOCAL_CHASSIS, readNeighbours } from './read-neighbours.ts';
import { OUTLET_NAMES, POWER_MARKERS, powerReason, readOutlets } from './read-outlets.ts';
import {
  addressOf,
  cleanTextOf,
  hexOf,
  indexParts,
  isTelling,
  macOf,
  octetsOf,
} from './snmp-texts.ts';

/** SNMPv2-MIB system (RFC 3418), snmpEngine (RFC 3411), IP-MIB and BRIDGE-MIB scalars. */
const SCALARS = {
  sysDescr: '1.3.6.1.2.1.1.1.0',
  sysObjectId: '1.3.6.1.2.1.1.2.0',
  sysName: '1.3.6.1.2.1.1.5.0',
  sysLocation: '1.3.6.1.2.1.1.6.0',
  sysServices: '1.3.6.1.2.1.1.7.0',
  snmpEngineId: '1.3.6.1.6.3.10.2.1.1.0',
  ipForwarding: '1.3.6.1.2.1.4.1.0',
  dot1dBaseNumPorts: '1.3.6.1.2.1.17.1.2.0',
  ...LOCAL_CHASSIS,
} as const;

const PORTS: readonly ColumnToRead[] = [
  { name: 'ifDescr', oid: '1.3.6.1.2.1.2.2.1.2' },
  { name: 'ifType', oid: '1.3.6.1.2.1.2.2.1.3' },
  { name: 'ifPhysAddress', oid: '1.3.6.1.2.1.2.2.1.6' },
  { name: 'ifName', oid: '1.3.6.1.2.1.31.1.1.1.1' },
  { name: 'ifAlias', oid: '1.3.6.1.2.1.31.1.1.1.18' },
];
/** IP-MIB ipAddrTable (IPv4 alone, the index is the address) and ipAddressTable (RFC 4293). */
const ADDRESSES: readonly ColumnToRead[] = [
  { name: 'ipAdEntIfIndex', oid: '1.3.6.1.2.1.4.20.1.2' },
  { name: 'ipAddressIfIndex', oid: '1.3.6.1.2.1.4.34.1.3' },
];
const IF_TYPE_LOOPBACK = 24;
const FORWARDING = 1;
/** Addresses of a router that routes for thousands are not needed to know it again. */
const MOST_OWN_ADDRESSES = 256;

export interface FactsDeps {
  readonly client: SnmpClient;
  readonly selfMetrics: SelfMetrics;
  readonly bounds: RequestBounds;
}

/** Asks a device that lets us in what it is and what is around it. What it cannot tell is empty. */
export async function readFacts(
  at: Pick<DeviceFacts, 'address' | 'port' | 'credentialId'>,
  deps: FactsDeps,
): Promise<DeviceFacts> {
  const reading: Reading = { ...deps, batch: new BatchSize(), habits: unknownHabits() };
  const oids = [...Object.values(SCALARS), ...Object.values(POWER_MARKERS)];
  const { varbinds } = await readScalars(reading, oids);
  const read = (name: keyof typeof SCALARS) => present(varbinds.get(SCALARS[name]));
  const number = (name: keyof typeof SCALARS) => {
    const varbind = read(name);
    return varbind === undefined ? null : numberOf(varbind);
  };
  const { ports, types } = await readPorts(reading);
  const own = await readAddresses(reading, types);
  const chassis = octetsOf(read('lldpLocChassisId'));
  const power = powerReason(cleanTextOf(read('sysObjectId')), (oid) => present(varbinds.get(oid)));
  const isNetwork = power === null;
  return {
    ...at,
    sysObjectId: cleanTextOf(read('sysObjectId')),
    sysDescr: cleanTextOf(read('sysDescr')),
    sysName: cleanTextOf(read('sysName')),
    sysLocation: cleanTextOf(read('sysLocation')),
    sysServices: number('sysServices'),
    isForwarding: number('ipForwarding') === null ? null : number('ipForwarding') === FORWARDING,
    bridgePorts: number('dot1dBaseNumPorts') ?? 0,
    engineId: hexOf(octetsOf(read('snmpEngineId'))),
    ...own,
    ports,
    chassisId:
      chassis.length === 0
        ? null
        : chassisText(
            number('lldpLocChassisIdSubtype'),
            chassis,
            cleanTextOf(read('lldpLocChassisId')),
          ),
    neighbours: await readNeighbours(reading, ports),
    power,
    outlets: isNetwork ? [] : await outletsOf(reading, varbinds),
  };
}

function present(varbind: Varbind | undefined): Varbind | undefined {
  return varbind === undefined || isMissing(varbind) ? undefined : varbind;
}

async function outletsOf(
  reading: Reading,
  scalars: ReadonlyMap<string, Varbind>,
): Promise<OutletFacts[]> {
  const cells = (await readColumns(reading, OUTLET_NAMES)).cells;
  return readOutlets(cells, present(scalars.get(POWER_MARKERS.upsIdentAttachedDevices)));
}

async function readPorts(
  reading: Reading,
): Promise<{ ports: PortNames[]; types: ReadonlyMap<string, number | null> }> {
  const { cells } = await readColumns(reading, PORTS);
  const at = (column: string, index: string) => present(cells.get(column)!.get(index));
  const indexes = new Set([...cells.get('ifDescr')!.keys(), ...cells.get('ifName')!.keys()]);
  const ports = [...indexes].map((index) => {
    const descr = cleanTextOf(at('ifDescr', index));
    return {
      index,
      name: cleanTextOf(at('ifName', index)) || descr,
      descr,
      alias: cleanTextOf(at('ifAlias', index)),
      mac: macOf(octetsOf(at('ifPhysAddress', index))),
    };
  });
  const types = new Map(
    [...cells.get('ifType')!].map(([index, varbind]) => [index, numberOf(varbind)]),
  );
  return { ports, types };
}

async function readAddresses(
  reading: Reading,
  types: ReadonlyMap<string, number | null>,
): Promise<Pick<DeviceFacts, 'ownAddresses' | 'loopbackAddresses'>> {
  const { cells } = await readColumns(reading, ADDRESSES);
  const found = new Map<string, string>();
  const note = (address: string | null, varbind: Varbind) => {
    if (address === null || !isTelling(address) || found.size >= MOST_OWN_ADDRESSES) return;
    found.set(address, String(numberOf(varbind) ?? ''));
  };
  for (const [index, varbind] of cells.get('ipAdEntIfIndex')!) {
    note(addressOf(indexParts(index)), varbind);
  }
  // The index is the kind of address, its length and its octets; kinds beyond 2 carry a zone.
  for (const [index, varbind] of cells.get('ipAddressIfIndex')!) {
    const [kind = 0, ...octets] = indexParts(index);
    if (kind <= 2) note(addressOf(octets.slice(1)), varbind);
  }
  const ownAddresses = [...found.keys()];
  return {
    ownAddresses,
    loopbackAddresses: ownAddresses.filter(
      (address) => types.get(found.get(address)!) === IF_TYPE_LOOPBACK,
    ),
  };
}
