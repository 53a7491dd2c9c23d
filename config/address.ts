import { isIP, isIPv4 } from 'node:net';
import { show } from './problem-text.ts';

/**
 * Says what keeps a text from being the address of one device, or null when nothing does. Only
 * literals: a monitoring system must reach its devices when names cannot be resolved.
 */
export function faultOfAddress(address: string): string | null {
  const example = 'expected an IPv4 or IPv6 address such as 192.0.2.1 or 2001:db8::1';
  if (isIP(address) === 0) {
    const isName = /^(?=.*[A-Za-z])[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$/.test(address);
    const reason = isName
      ? ' (names are not resolved, so that devices stay reachable without DNS)'
      : '';
    return `${show(address)} is not an address; ${example}${reason}`;
  }
  const canonical = canonicalAddress(address);
  if (canonical === '0.0.0.0' || canonical === '::') {
    return `${show(address)} stands for no address; ${example}`;
  }
  const isGroup = isIPv4(address) ? Number(address.split('.')[0]) >= 224 : /^ff/.test(canonical);
  return isGroup ? `${show(address)} is not the address of one device; ${example}` : null;
}

/** One spelling for each address: `2001:DB8:0::1` and `2001:db8::1` are the same (RFC 5952). */
export function canonicalAddress(address: string): string {
  if (isIPv4(address)) return address;
  const [literal = '', zone] = address.split('%');
  const host = URL.parse(`http://[${literal}]/`)?.hostname.slice(1, -1) ?? literal.toLowerCase();
  return zone === undefined ? host : `${host}%${zone}`;
}
