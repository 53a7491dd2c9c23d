import { plainText } from '../../lib/device-text.ts';
import type { Varbind } from '../snmp-client.ts';

/** RFC 2579 DisplayString and RFC 3411 SnmpAdminString hold at most so many octets. */
const LONGEST_TEXT = 255;
/** IEEE 802 address. */
const MAC_OCTETS = 6;

/** Text as it stands but for characters that can deceive a reader or break a screen; numbers and OIDs as digits. */
export function textLabel(value: Varbind['value']): string {
  if (value instanceof Uint8Array) return plainText(value, LONGEST_TEXT);
  return value === null ? '' : String(value);
}

/** `0x` and hexadecimal digits; OIDs and numbers as digits, without octets nothing. */
export function octetsLabel(value: Varbind['value']): string {
  if (!(value instanceof Uint8Array)) return value === null ? '' : String(value);
  if (value.length === 0) return '';
  return `0x${hexOf(value.subarray(0, LONGEST_TEXT)).join('')}`;
}

/** Six octets as `00:1B:21:0A:0B:0C`: what is missing is zero, what is too much is left out. */
export function macLabel(value: Varbind['value']): string {
  if (!(value instanceof Uint8Array)) return value === null ? '' : String(value);
  const octets = new Uint8Array(MAC_OCTETS);
  octets.set(value.subarray(0, MAC_OCTETS));
  return hexOf(octets).join(':');
}

function hexOf(octets: Uint8Array): string[] {
  return Array.from(octets, (octet) => octet.toString(16).toUpperCase().padStart(2, '0'));
}
