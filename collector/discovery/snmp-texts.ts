import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { canonicalAddress } from '../../config/address.ts';
import { textOf } from '../reading.ts';
import type { Varbind } from '../snmp-client.ts';

const MAC_OCTETS = 6;

/** The octets a device sent; empty for anything else. */
export function octetsOf(varbind: Varbind | undefined): Uint8Array {
  return varbind?.value instanceof Uint8Array ? varbind.value : new Uint8Array();
}

/** Text of a cell, safe to store and show; empty when there is none. */
export function cleanTextOf(varbind: Varbind | undefined): string {
  return varbind === undefined ? '' : textOf(varbind);
}

/** `aa:bb:cc:dd:ee:ff`; null for what is no address of one network card. */
export function macOf(octets: Uint8Array): string | null {
  if (octets.length !== MAC_OCTETS || octets.every((octet) => octet === 0)) return null;
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':');
}

/** `80001f88…`; null for no octets. */
export function hexOf(octets: Uint8Array): string | null {
  return octets.length === 0 ? null : Buffer.from(octets).toString('hex');
}

/** An IPv4 or IPv6 address from its 4 or 16 octets; null for another length. */
export function addressOf(octets: readonly number[]): string | null {
  if (octets.length !== 4 && octets.length !== 16) return null;
  if (octets.some((octet) => octet > 255)) return null;
  return canonicalAddress(ipaddr.fromByteArray([...octets]).toString());
}

/** Whether the address can tell one device from another: no loopback, link-local or empty one. */
export function isTelling(address: string): boolean {
  if (isIPv4(address)) return !/^(127|0|169\.254|22[4-9]|2[3-5]\d)\./.test(`${address}.`);
  return !/^(::1?$|fe[89ab]|ff)/.test(address);
}

/** The sub-identifiers of a row's index. */
export function indexParts(index: string): number[] {
  return index.split('.').map(Number);
}
