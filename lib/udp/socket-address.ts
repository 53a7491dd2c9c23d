import { isIPv6, SocketAddress } from 'node:net';
import { networkInterfaces } from 'node:os';

export type IpFamily = 'IPv4' | 'IPv6';

/** Room for an address of either family. */
export const SOCKET_ADDRESS_OCTETS = 28;

/** Linux `<sys/socket.h>`. */
export const AF_INET = 2;
export const AF_INET6 = 10;

const IPV4_ADDRESS_OCTETS = 16;
/** `struct sockaddr_in` and `sockaddr_in6`: the family in two octets, then the port, network order. */
const PORT_AT = 2;
const IPV4_AT = 4;
const IPV4_END = 8;
const IPV6_AT = 8;
const IPV6_END = 24;
const SCOPE_AT = 24;

const LITTLE_ENDIAN = true;

/** An address and port as the system takes them; null when `address` is no numeric one. */
export function socketAddressOf(address: string, port: number): Uint8Array | null {
  const [plain = '', zone] = address.split('%');
  const isV6 = isIPv6(plain);
  const octets = new Uint8Array(isV6 ? SOCKET_ADDRESS_OCTETS : IPV4_ADDRESS_OCTETS);
  const fields = new DataView(octets.buffer);
  fields.setUint16(0, isV6 ? AF_INET6 : AF_INET, LITTLE_ENDIAN);
  fields.setUint16(PORT_AT, port);
  if (isV6) {
    const groups = ipv6Groups(plain);
    for (const [place, group] of groups.entries()) fields.setUint16(IPV6_AT + 2 * place, group);
    fields.setUint32(SCOPE_AT, zone === undefined ? 0 : scopeOf(zone), LITTLE_ENDIAN);
    return octets;
  }
  const parts = plain.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return null;
  octets.set(parts, IPV4_AT);
  return octets;
}

/** Whether two are the same address and port; the zone of an IPv6 address does not count. */
export function isSameSocketAddress(octets: Uint8Array, at: number, other: Uint8Array): boolean {
  if (octets[at] !== other[0]) return false;
  if (octets[at + PORT_AT] !== other[PORT_AT]) return false;
  if (octets[at + PORT_AT + 1] !== other[PORT_AT + 1]) return false;
  const isV4 = other[0] === AF_INET;
  const end = isV4 ? IPV4_END : IPV6_END;
  for (let place = isV4 ? IPV4_AT : IPV6_AT; place < end; place += 1) {
    if (octets[at + place] !== other[place]) return false;
  }
  return true;
}

/** The port of the socket address that begins there. */
export function portAt(octets: Uint8Array, at: number): number {
  return octets[at + PORT_AT]! * 256 + octets[at + PORT_AT + 1]!;
}

/** The address as text, without a zone. */
export function addressAt(octets: Uint8Array, at: number): string {
  if (octets[at] === AF_INET) return octets.subarray(at + IPV4_AT, at + IPV4_END).join('.');
  const groups: string[] = [];
  for (let place = at + IPV6_AT; place < at + IPV6_END; place += 2) {
    groups.push((octets[place]! * 256 + octets[place + 1]!).toString(16));
  }
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

/** RFC 4291 §2.2: eight groups, of which a run of zeros may be left out, the last two perhaps as IPv4. */
function ipv6Groups(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = new Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0);
  return [...before, ...(tail === undefined ? [] : zeros), ...after];
}

function groupsOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

/** RFC 4007 §11: a zone is the number of an interface, or its name. 0 when there is none of that name. */
function scopeOf(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone);
  const addresses = networkInterfaces()[zone] ?? [];
  return addresses.find((entry) => entry.family === 'IPv6')?.scopeid ?? 0;
}
