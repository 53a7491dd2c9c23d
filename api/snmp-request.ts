import { isIP } from 'node:net';
import { EXPORTER_MODULES, findExporterModule } from '../collector/exporter/exporter-modules.ts';
import { canonicalAddress } from '../config/address.ts';
import type { Device } from '../config/model.ts';

/** Parameters of a URL as they stand: one that is repeated is a list. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

export type SnmpRequest =
  | { readonly ok: true; readonly device: Device; readonly modules: readonly string[] }
  /** A sentence for whoever configured the scrape; it repeats nothing of the request. */
  | { readonly ok: false; readonly message: string };

const DEFAULT_MODULE = 'if_mib';
/** A name of snmp_exporter's own configuration. Here each device has its own credential, so it says nothing. */
const LONGEST_AUTH = 200;
/** They would ask the device for something else than its poll has. */
const NOT_OFFERED = ['snmp_context', 'snmp_engineid'];
const SNMP_PORT = 161;

/** Understands `/snmp?target=…&module=…` as snmp_exporter does, for configured devices only. */
export function parseSnmpRequest(query: Query, devices: readonly Device[]): SnmpRequest {
  const targets = valuesOf(query.target);
  if (targets.length !== 1 || targets[0] === '')
    return refusal('The parameter target must be given exactly once.');
  const auths = valuesOf(query.auth);
  if (auths.length > 1) return refusal('The parameter auth must be given at most once.');
  if (auths.some((auth) => auth.length > LONGEST_AUTH))
    return refusal(`The parameter auth is too long; expected at most ${LONGEST_AUTH} characters.`);
  if (NOT_OFFERED.some((name) => valuesOf(query[name]).some((value) => value !== '')))
    return refusal('A context or engine cannot be chosen: this answers from the last poll.');
  const modules = modulesOf(query.module);
  if (modules.some((name) => findExporterModule(name) === null)) {
    const known = EXPORTER_MODULES.map(({ name }) => name).join(', ');
    return refusal(`Unknown module. There are: ${known}.`);
  }
  const found = findDevices(targets[0]!, devices);
  if (found.length === 0)
    return refusal('Unknown target. Only configured devices are answered for.');
  if (found.length > 1)
    return refusal('Several devices have this address. Name one by its id or with its port.');
  return { ok: true, device: found[0]!, modules };
}

function refusal(message: string): SnmpRequest {
  return { ok: false, message };
}

function valuesOf(parameter: string | readonly string[] | undefined): readonly string[] {
  if (parameter === undefined) return [];
  return typeof parameter === 'string' ? [parameter] : parameter;
}

/** Separated by commas or repeated, each once, in the order asked. */
function modulesOf(parameter: string | readonly string[] | undefined): readonly string[] {
  const names = valuesOf(parameter).flatMap((value) => value.split(','));
  return names.length === 0 ? [DEFAULT_MODULE] : [...new Set(names)];
}

/** By id, else by address and port; an address alone means port 161, or whatever port its only device has. */
function findDevices(target: string, devices: readonly Device[]): readonly Device[] {
  const named = devices.filter((device) => device.id === target);
  if (named.length > 0) return named;
  const place = placeOf(target.replace(/^udp6?:\/\//, ''));
  if (place === null) return [];
  const there = devices.filter((device) => canonicalAddress(device.address) === place.address);
  if (place.port !== null) return there.filter(({ port }) => port === place.port);
  const usual = there.filter(({ port }) => port === SNMP_PORT);
  return usual.length > 0 ? usual : there;
}

/** `192.0.2.1`, `192.0.2.1:161`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:161`; null when it is none. */
function placeOf(target: string): { address: string; port: number | null } | null {
  if (isIP(target) !== 0) return { address: canonicalAddress(target), port: null };
  const match = /^(?:\[([^\]]+)\]|([0-9.]+))(?::(\d{1,5}))?$/.exec(target);
  const address = match?.[1] ?? match?.[2];
  if (address === undefined || isIP(address) === 0) return null;
  const port = match?.[3];
  return { address: canonicalAddress(address), port: port === undefined ? null : Number(port) };
}
