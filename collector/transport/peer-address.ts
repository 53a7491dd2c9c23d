import { isIP, isIPv6, SocketAddress } from 'node:net';

export type AddressFamily = 'IPv4' | 'IPv6';
export const ADDRESS_FAMILIES: readonly AddressFamily[] = ['IPv4', 'IPv6'];

/** Which of our sockets reach the address. IPv4 in IPv6 clothes (::ffff:192.0.2.1) is IPv4. */
export function familyOf(address: string): AddressFamily {
  return isIPv6(comparableAddress(address)) ? 'IPv6' : 'IPv4';
}

/** The same address always as the same text; the zone of a link-local one is left out. */
export function comparableAddress(address: string): string {
  const plain = address.replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const canonical = new SocketAddress({ address: plain, family: 'ipv6' }).address;
  return canonical.startsWith('::ffff:') && canonical.includes('.')
    ? canonical.slice('::ffff:'.length)
    : canonical;
}

/** For sockets: no name is ever resolved, and an address costs nothing. */
export function numericLookup(
  name: string,
  _options: unknown,
  callback: (error: Error | null, address: string, family: number) => void,
): void {
  const family = isIP(name);
  if (family === 0) callback(new Error('names are not resolved here'), '', 0);
  else callback(null, name, family);
}
