import { numberOf } from '../reading.ts';
import type { Varbind } from '../snmp-client.ts';
import { type ColumnToRead, type Reading, readColumns } from '../table-reader.ts';
import type { NeighbourFacts, PortNames } from './device-facts.ts';
import { addressOf, cleanTextOf, indexParts, isTelling, macOf, octetsOf } from './snmp-texts.ts';

type Cells = ReadonlyMap<string, ReadonlyMap<string, Varbind>>;

/** LLDP-MIB (IEEE 802.1AB-2005): lldpLocalSystemData and lldpRemoteSystemsData. */
const LLDP = '1.0.8802.1.1.2.1';
const LOCAL_PORTS: readonly ColumnToRead[] = [
  { name: 'lldpLocPortIdSubtype', oid: `${LLDP}.3.7.1.2` },
  { name: 'lldpLocPortId', oid: `${LLDP}.3.7.1.3` },
  { name: 'lldpLocPortDesc', oid: `${LLDP}.3.7.1.4` },
];
const REMOTE: readonly ColumnToRead[] = [
  { name: 'lldpRemChassisIdSubtype', oid: `${LLDP}.4.1.1.4` },
  { name: 'lldpRemChassisId', oid: `${LLDP}.4.1.1.5` },
  { name: 'lldpRemPortIdSubtype', oid: `${LLDP}.4.1.1.6` },
  { name: 'lldpRemPortId', oid: `${LLDP}.4.1.1.7` },
  { name: 'lldpRemPortDesc', oid: `${LLDP}.4.1.1.8` },
  { name: 'lldpRemSysName', oid: `${LLDP}.4.1.1.9` },
  { name: 'lldpRemSysDesc', oid: `${LLDP}.4.1.1.10` },
];
/** Read for its index alone, which holds the address. */
const REMOTE_ADDRESSES: readonly ColumnToRead[] = [
  { name: 'lldpRemManAddrIfSubtype', oid: `${LLDP}.4.2.1.3` },
];
export const LOCAL_CHASSIS = {
  lldpLocChassisIdSubtype: `${LLDP}.3.1.0`,
  lldpLocChassisId: `${LLDP}.3.2.0`,
} as const;

/** LldpChassisIdSubtype and LldpPortIdSubtype differ in where they count a MAC address and a name. */
const CHASSIS_MAC = 4;
const CHASSIS_NETWORK_ADDRESS = 5;
const PORT_MAC = 3;

/** CISCO-CDP-MIB cdpCacheTable. */
const CDP = '1.3.6.1.4.1.9.9.23.1.2.1.1';
const CDP_CACHE: readonly ColumnToRead[] = [
  { name: 'cdpCacheAddressType', oid: `${CDP}.3` },
  { name: 'cdpCacheAddress', oid: `${CDP}.4` },
  { name: 'cdpCacheDeviceId', oid: `${CDP}.6` },
  { name: 'cdpCacheDevicePort', oid: `${CDP}.7` },
  { name: 'cdpCachePlatform', oid: `${CDP}.8` },
];

/** What is kept of one device's neighbours: a switch that floods LLDP makes no endless list. */
const MOST_NEIGHBOURS = 1_000;

/** Comparable text of a chassis id: a MAC address, an IP address, or what it says. */
export function chassisText(subtype: number | null, octets: Uint8Array, text: string): string {
  const mac = subtype === CHASSIS_MAC ? macOf(octets) : null;
  if (mac !== null) return mac;
  // The first octet of a network address is its family (IANA address family numbers).
  const network =
    subtype === CHASSIS_NETWORK_ADDRESS ? addressOf(Array.from(octets.slice(1))) : null;
  return network ?? text.toLowerCase();
}

/** Everything that LLDP and CDP saw at the ports of a device; what cannot be read is left out. */
export async function readNeighbours(
  reading: Reading,
  ports: readonly PortNames[],
): Promise<NeighbourFacts[]> {
  const remote = (await readColumns(reading, REMOTE)).cells;
  const lldp =
    remote.get('lldpRemChassisId')!.size === 0 ? [] : await lldpOf(reading, remote, ports);
  const cache = (await readColumns(reading, CDP_CACHE)).cells;
  return [...lldp, ...cdpOf(cache, ports)].slice(0, MOST_NEIGHBOURS);
}

async function lldpOf(
  reading: Reading,
  remote: Cells,
  ports: readonly PortNames[],
): Promise<NeighbourFacts[]> {
  const local = (await readColumns(reading, LOCAL_PORTS)).cells;
  const managed = (await readColumns(reading, REMOTE_ADDRESSES)).cells;
  const addresses = addressesByRow(managed.get('lldpRemManAddrIfSubtype')!);
  return [...remote.get('lldpRemChassisId')!.keys()].map((index) => {
    const at = (column: string) => remote.get(column)!.get(index);
    const port = indexParts(index)[1];
    return {
      protocol: 'lldp',
      localPort: port === undefined ? null : localPortName(String(port), local, ports),
      chassisId:
        chassisText(
          numberAt(at('lldpRemChassisIdSubtype')),
          octetsOf(at('lldpRemChassisId')),
          cleanTextOf(at('lldpRemChassisId')),
        ) || null,
      sysName: cleanTextOf(at('lldpRemSysName')),
      remotePort: portText(at('lldpRemPortIdSubtype'), at('lldpRemPortId')),
      addresses: addresses.get(index) ?? [],
      description: cleanTextOf(at('lldpRemSysDesc')),
    };
  });
}

/** lldpRemManAddrTable is indexed by time mark, local port, neighbour, address family, length and octets. */
function addressesByRow(cells: ReadonlyMap<string, Varbind>): Map<string, string[]> {
  const byRow = new Map<string, string[]>();
  for (const index of cells.keys()) {
    const parts = indexParts(index);
    const address = addressOf(parts.slice(5));
    if (address === null || !isTelling(address)) continue;
    const row = parts.slice(0, 3).join('.');
    byRow.set(row, [...(byRow.get(row) ?? []), address]);
  }
  return byRow;
}

/** lldpLocPortNum need not be the ifIndex: the port's own id and description come first. */
function localPortName(number: string, local: Cells, ports: readonly PortNames[]): string | null {
  const id = local.get('lldpLocPortId')!.get(number);
  const text = portText(local.get('lldpLocPortIdSubtype')!.get(number), id);
  const description = cleanTextOf(local.get('lldpLocPortDesc')!.get(number));
  const found = findPort(ports, text) ?? findPort(ports, description);
  return (found ?? ports.find(({ index }) => index === number))?.name ?? null;
}

/** A port by any of the names it goes by. Null when none or several have it. */
export function findPort(ports: readonly PortNames[], text: string): PortNames | null {
  if (text === '') return null;
  const ways: ((port: PortNames) => boolean)[] = [
    ({ name }) => name === text,
    ({ descr }) => descr === text,
    ({ mac }) => mac === text,
    ({ alias }) => alias === text,
    ({ index }) => index === text,
    ({ name, descr }) => [name, descr].some((each) => samePort(each, text)),
  ];
  for (const matches of ways) {
    const found = ports.filter(matches);
    if (found.length > 0) return found.length === 1 ? found[0]! : null;
  }
  return null;
}

/** `GigabitEthernet1/0/1` and `Gi1/0/1`: one begins as the other does, and the numbers are the same. */
function samePort(a: string, b: string): boolean {
  const [, aWord = '', aNumber] = /^([a-z-]+) ?(\d[\d/.:]*)$/i.exec(a) ?? [];
  const [, bWord = '', bNumber] = /^([a-z-]+) ?(\d[\d/.:]*)$/i.exec(b) ?? [];
  if (aNumber === undefined || aNumber !== bNumber) return false;
  const [short, long] = [aWord.toLowerCase(), bWord.toLowerCase()].sort(
    (x, y) => x.length - y.length,
  );
  return short!.length >= 2 && long!.startsWith(short!);
}

function portText(subtype: Varbind | undefined, id: Varbind | undefined): string {
  const mac = numberAt(subtype) === PORT_MAC ? macOf(octetsOf(id)) : null;
  return mac ?? cleanTextOf(id);
}

function cdpOf(cache: Cells, ports: readonly PortNames[]): NeighbourFacts[] {
  return [...cache.get('cdpCacheDeviceId')!.keys()].map((index) => {
    const at = (column: string) => cache.get(column)!.get(index);
    const address = addressOf(Array.from(octetsOf(at('cdpCacheAddress'))));
    const ifIndex = index.split('.')[0];
    return {
      protocol: 'cdp',
      localPort: ports.find((port) => port.index === ifIndex)?.name ?? null,
      chassisId: null,
      // NX-OS writes the serial number behind the name: `sw-1(FOX1234)`.
      sysName: cleanTextOf(at('cdpCacheDeviceId')).replace(/\(.*\)$/, ''),
      remotePort: cleanTextOf(at('cdpCacheDevicePort')),
      addresses: address !== null && isTelling(address) ? [address] : [],
      description: cleanTextOf(at('cdpCachePlatform')),
    };
  });
}

function numberAt(varbind: Varbind | undefined): number | null {
  return varbind === undefined ? null : numberOf(varbind);
}
