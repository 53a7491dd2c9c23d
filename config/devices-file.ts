import type { EpochMs } from '../lib/time.ts';
import { canonicalAddress } from './address.ts';
import { deriveCredential } from './credential.ts';
import type { DeviceEntry, DevicesFile } from './devices-schema.ts';
import type { Config, Device, LinkEnd, ParentLink } from './model.ts';
import { overridePolling } from './polling.ts';
import type { SecretSources } from './secret.ts';
import type { ServicePart } from './service-file.ts';

export type DevicesPart = Pick<
  Config,
  'credentials' | 'sites' | 'devices' | 'links' | 'redundancyGroups'
>;

/** The part of the configuration that a devices.yaml without errors gives. */
export function deriveDevices(
  file: DevicesFile,
  service: ServicePart,
  secrets: SecretSources,
): DevicesPart {
  const zones = new Map(file.sites.map(({ id, timeZone }) => [id, timeZone]));
  const zoneOf = (siteId: string) => zones.get(siteId) ?? service.service.timeZone;
  return {
    credentials: new Map(
      file.credentials.map((entry) => [entry.id, deriveCredential(entry, secrets)]),
    ),
    sites: file.sites.map(({ id, name = id, timeZone = service.service.timeZone, ...site }) => ({
      id,
      name,
      timeZone,
      customers: site.customers,
      keyCustomers: site.keyCustomers,
      generator: site.generator,
      batteryMinutes: site.batteryMinutes,
    })),
    devices: file.devices.map((entry) => deriveDevice(entry, service, zoneOf)),
    links: file.links.map(({ id, ends }) => ({
      id,
      ends: [readLinkEnd(ends[0]!), readLinkEnd(ends[1]!)],
    })),
    redundancyGroups: file.redundancyGroups.map(
      ({ id, name = id, devices, links, need, primary }) => ({
        id,
        name,
        deviceIds: devices,
        linkIds: links,
        need,
        primaryIds: primary,
      }),
    ),
  };
}

function deriveDevice(
  entry: DeviceEntry,
  { polling }: ServicePart,
  zoneOf: (siteId: string) => string,
): Device {
  return {
    id: entry.id,
    name: entry.name ?? entry.id,
    address: canonicalAddress(entry.address),
    port: entry.port,
    replyFromAnyAddress: entry.replyFromAnyAddress,
    siteId: entry.site,
    role: entry.role,
    credentialId: entry.credential,
    parents: entry.parents.map(readParent),
    powerFeeds: entry.feeds,
    importantPorts: entry.importantPorts,
    profiles: entry.profiles,
    tags: entry.tags,
    commissionedAt: dateIn(entry.commissioned, zoneOf(entry.site)),
    retiredAt: dateIn(entry.retired, zoneOf(entry.site)),
    customers: entry.customers,
    keyCustomers: entry.keyCustomers,
    polling: entry.polling === undefined ? polling : overridePolling(entry.polling, polling),
  };
}

/** The start of a day of the calendar in a zone; null when none is told. */
function dateIn(date: string | undefined, timeZone: string): EpochMs | null {
  if (date === undefined) return null;
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone }).epochMilliseconds;
}

/** `core-1 Te1/3` */
export function readLinkEnd(text: string): LinkEnd {
  const { deviceId, port } = readParent(text);
  return { deviceId, port: port ?? '' };
}

/** `core-1`, or `core-1 Te1/3`: everything after the first space is the port. */
export function readParent(text: string): ParentLink {
  const space = text.indexOf(' ');
  if (space < 0) return { deviceId: text, port: null };
  return { deviceId: text.slice(0, space), port: text.slice(space + 1).trim() || null };
}
