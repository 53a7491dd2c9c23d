import { isIPv4 } from 'node:net';
import { canonicalAddress } from '../../config/address.ts';
import type { Config, Credential, Device } from '../../config/model.ts';

/** Devices at one address that have the same credential. */
export interface Sharers {
  readonly credential: Credential;
  readonly devices: readonly Device[];
}

/** What is known of an address from which notifications may come. */
export interface TrapSource {
  readonly address: string;
  readonly sharers: readonly Sharers[];
}

/** The configured devices by address. */
export type TrapSources = ReadonlyMap<string, TrapSource>;

/** Prefix of an IPv4 address as a socket for both families tells it (RFC 4291 §2.5.5.2). */
const MAPPED = '::ffff:';

/** Which devices may send notifications from where, and how each is known. */
export function trapSources(config: Config): TrapSources {
  const byAddress = new Map<string, Map<string, Device[]>>();
  for (const device of config.devices) {
    const address = sourceAddress(device.address);
    const byCredential = byAddress.get(address) ?? new Map<string, Device[]>();
    byAddress.set(address, byCredential);
    const devices = byCredential.get(device.credentialId) ?? [];
    byCredential.set(device.credentialId, [...devices, device]);
  }
  const sources = new Map<string, TrapSource>();
  for (const [address, byCredential] of byAddress) {
    const sharers = [...byCredential].flatMap(([id, devices]) => {
      const credential = config.credentials.get(id);
      return credential === undefined ? [] : [{ credential, devices }];
    });
    sources.set(address, { address, sharers });
  }
  return sources;
}

/** An address as `dgram` tells it, in the spelling of the configuration. */
export function sourceAddress(address: string): string {
  if (isIPv4(address)) return address;
  const plain = canonicalAddress(address);
  if (!plain.startsWith(MAPPED)) return plain;
  const rest = address.slice(address.lastIndexOf(':') + 1);
  if (isIPv4(rest)) return rest;
  const [high = 0, low = 0] = plain
    .slice(MAPPED.length)
    .split(':')
    .map((part) => parseInt(part, 16));
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}

/** The engine that signed a notification, in hexadecimal, and as which engine a device answers. */
export interface SenderEngine {
  readonly id: string;
  readonly engineIdOf: (deviceId: string) => string | null;
}

/**
 * Those of the devices that can have sent it: those that answer polls as the SNMPv3 engine that
 * signed it, where some do, and of them the one that is polled at the port it came from, where one is.
 * More than one means that nothing tells them apart.
 */
export function sendersAt(
  devices: readonly Device[],
  port: number,
  engine: SenderEngine | null,
): readonly Device[] {
  if (devices.length < 2) return devices;
  const ofEngine =
    engine === null ? [] : devices.filter(({ id }) => engine.engineIdOf(id) === engine.id);
  const possible = ofEngine.length > 0 ? ofEngine : devices;
  const atPort = possible.filter((device) => device.port === port);
  return atPort.length > 0 ? atPort : possible;
}
