import { canonicalAddress, faultOfAddress } from './address.ts';
import { readCredential } from './credential.ts';
import { findCycles } from './cycles.ts';
import type { DeviceEntry, DevicesFile } from './devices-schema.ts';
import {
  checkNoRepeats,
  checkReference,
  checkTimeZone,
  checkUniqueIds,
  type Findings,
  type KnownIds,
} from './findings.ts';
import type {
  Credential,
  Device,
  ParentLink,
  PollingConfig,
  RedundancyGroup,
  Site,
} from './model.ts';
import { overridePolling } from './polling.ts';
import { show } from './problem-text.ts';
import type { SecretSources } from './secret.ts';

export interface DevicesPart {
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly sites: readonly Site[];
  readonly devices: readonly Device[];
  readonly redundancyGroups: readonly RedundancyGroup[];
}

/** What devices.yaml takes from the other files. */
export interface DevicesContext {
  readonly secrets: SecretSources;
  readonly polling: PollingConfig;
  readonly timeZone: string;
  readonly profileIds: KnownIds;
}

/** Checks devices.yaml beyond its schema and gives its part of the configuration. */
export function readDevicesFile(
  findings: Findings,
  file: DevicesFile,
  context: DevicesContext,
): DevicesPart {
  checkUniqueIds(findings, ['credentials'], file.credentials);
  checkUniqueIds(findings, ['sites'], file.sites);
  checkUniqueIds(findings, ['devices'], file.devices);
  checkUniqueIds(findings, ['redundancyGroups'], file.redundancyGroups);
  const credentials = new Map(
    file.credentials.map((entry, index) => [
      entry.id,
      readCredential(findings, ['credentials', index], entry, context.secrets),
    ]),
  );
  const sites = file.sites.map((entry, index): Site => {
    const path = ['sites', index, 'timeZone'];
    if (entry.timeZone !== undefined) checkTimeZone(findings, path, entry.timeZone);
    const { id, name = id, timeZone = context.timeZone } = entry;
    return { id, name, timeZone };
  });
  const devices = file.devices.map((entry, index) => readDevice(findings, index, entry, context));
  checkDeviceReferences(findings, devices, file, context.profileIds);
  checkAddresses(findings, devices);
  checkCycles(findings, devices);
  return { credentials, sites, devices, redundancyGroups: readGroups(findings, file) };
}

function readDevice(
  findings: Findings,
  index: number,
  entry: DeviceEntry,
  context: DevicesContext,
): Device {
  const path = ['devices', index];
  const addressFault = faultOfAddress(entry.address);
  if (addressFault !== null) findings.error([...path, 'address'], addressFault);
  for (const key of ['feeds', 'importantPorts', 'profiles', 'tags'] as const) {
    checkNoRepeats(findings, [...path, key], entry[key]);
  }
  const parents = entry.parents.map(readParent);
  const parentNames = parents.map(({ deviceId, port }) => `${deviceId} ${port ?? ''}`.trim());
  checkNoRepeats(findings, [...path, 'parents'], parentNames);
  return {
    id: entry.id,
    name: entry.name ?? entry.id,
    address: addressFault === null ? canonicalAddress(entry.address) : entry.address,
    port: entry.port,
    replyFromAnyAddress: entry.replyFromAnyAddress,
    siteId: entry.site,
    role: entry.role,
    credentialId: entry.credential,
    parents,
    powerFeeds: entry.feeds,
    importantPorts: entry.importantPorts,
    profiles: entry.profiles,
    tags: entry.tags,
    customers: entry.customers,
    polling:
      entry.polling === undefined
        ? context.polling
        : overridePolling(findings, [...path, 'polling'], entry.polling, context.polling),
  };
}

/** `core-1`, or `core-1 Te1/3`: everything after the first space is the port. */
function readParent(text: string): ParentLink {
  const space = text.indexOf(' ');
  if (space < 0) return { deviceId: text, port: null };
  return { deviceId: text.slice(0, space), port: text.slice(space + 1).trim() || null };
}

function checkDeviceReferences(
  findings: Findings,
  devices: readonly Device[],
  file: DevicesFile,
  profileIds: KnownIds,
): void {
  const siteIds = new Set(file.sites.map((site) => site.id));
  const credentialIds = new Set(file.credentials.map((credential) => credential.id));
  const byId = new Map(devices.map((device) => [device.id, device]));
  const deviceIds = new Set(byId.keys());
  devices.forEach((device, index) => {
    const path = ['devices', index];
    checkReference(findings, [...path, 'site'], device.siteId, siteIds, 'site');
    const credentialPath = [...path, 'credential'];
    checkReference(findings, credentialPath, device.credentialId, credentialIds, 'credential');
    device.parents.forEach(({ deviceId }, parent) => {
      const place = [...path, 'parents', parent];
      if (deviceId === device.id) findings.error(place, `${show(deviceId)} is its own parent`);
      else checkReference(findings, place, deviceId, deviceIds, 'device');
    });
    device.powerFeeds.forEach((feedId, feed) => {
      const place = [...path, 'feeds', feed];
      const role = byId.get(feedId)?.role;
      if (feedId === device.id) findings.error(place, `${show(feedId)} feeds itself`);
      else if (role === undefined) checkReference(findings, place, feedId, deviceIds, 'device');
      else if (role !== 'power') {
        findings.warning(place, `${show(feedId)} feeds others but its role is ${role}, not power`);
      }
    });
    device.profiles.forEach((profileId, profile) => {
      checkReference(findings, [...path, 'profiles', profile], profileId, profileIds, 'profile');
    });
  });
}

/** Two devices behind one address and port would be one and the same. */
function checkAddresses(findings: Findings, devices: readonly Device[]): void {
  const owners = new Map<string, string>();
  devices.forEach((device, index) => {
    const place = `${device.address} port ${device.port}`;
    const owner = owners.get(place);
    if (owner === undefined) owners.set(place, device.id);
    else {
      const message = `${place} is already the address of ${show(owner)}`;
      findings.error(['devices', index, 'address'], message);
    }
  });
}

function checkCycles(findings: Findings, devices: readonly Device[]): void {
  const ids = devices.map((device) => device.id);
  const indexOf = new Map(devices.map((device, index) => [device.id, index]));
  const byId = new Map(devices.map((device) => [device.id, device]));
  const report = (key: 'parents' | 'feeds', linksOf: (device: Device) => readonly string[]) => {
    for (const cycle of findCycles(ids, (id) => linksOf(byId.get(id)!))) {
      if (cycle.length < 2) continue;
      const message = `${key} go round in a circle: ${[...cycle, cycle[0]].join(' → ')}`;
      findings.error(['devices', indexOf.get(cycle[0]!)!, key], message);
    }
  };
  report('parents', (device) => device.parents.map((parent) => parent.deviceId));
  report('feeds', (device) => device.powerFeeds);
}

function readGroups(findings: Findings, file: DevicesFile): RedundancyGroup[] {
  const deviceIds = new Set(file.devices.map((device) => device.id));
  return file.redundancyGroups.map((entry, index) => {
    const path = ['redundancyGroups', index];
    checkNoRepeats(findings, [...path, 'devices'], entry.devices);
    entry.devices.forEach((id, member) => {
      checkReference(findings, [...path, 'devices', member], id, deviceIds, 'device');
    });
    const memberCount = new Set(entry.devices).size;
    if (entry.need > memberCount) {
      const message = `${entry.need} of ${memberCount} devices cannot work; expected at most ${memberCount}`;
      findings.error([...path, 'need'], message);
    }
    const { id, name = id, devices, need } = entry;
    return { id, name, deviceIds: devices, need };
  });
}
