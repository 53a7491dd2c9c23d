import { canonicalAddress, faultOfAddress } from './address.ts';
import { checkCredential } from './credential.ts';
import { findCycles } from './cycles.ts';
import { readParent } from './devices-file.ts';
import type { DeviceEntry, DevicesFile } from './devices-schema.ts';
import { type Draft, entriesOf, isWhole } from './draft.ts';
import {
  checkNoRepeats,
  checkReference,
  checkReferences,
  checkTimeZone,
  checkUniqueIds,
  type Findings,
  type KnownIds,
  knownIds,
} from './findings.ts';
import { checkPolling, type KnownPolling } from './polling.ts';
import { type Path, show } from './problem-text.ts';
import { checkGroups, checkLinks } from './redundancy-checks.ts';
import type { SecretSources } from './secret.ts';

/** What devices.yaml takes from the other files. */
export interface DevicesContext {
  readonly secrets: SecretSources;
  readonly polling: KnownPolling;
  readonly profileIds: KnownIds;
}

/** What other files refer to. */
export interface KnownDevices {
  readonly deviceIds: KnownIds;
  readonly siteIds: KnownIds;
  readonly tags: KnownIds;
}

/** A devices.yaml that cannot be read. */
export const UNKNOWN_DEVICES: KnownDevices = { deviceIds: null, siteIds: null, tags: null };

type DeviceDraft = Draft<DeviceEntry>;
type Links = (device: DeviceDraft) => readonly string[];

const parentsOf: Links = ({ parents }) =>
  entriesOf(parents).map(([, text]) => readParent(text).deviceId);
const feedsOf: Links = ({ feeds }) => entriesOf(feeds).map(([, id]) => id);

/** Checks devices.yaml beyond its schema. */
export function checkDevicesFile(
  findings: Findings,
  file: Draft<DevicesFile>,
  context: DevicesContext,
): KnownDevices {
  for (const section of ['credentials', 'sites', 'devices', 'links', 'redundancyGroups'] as const) {
    checkUniqueIds(findings, [section], file[section]);
  }
  for (const [index, entry] of entriesOf(file.credentials)) {
    checkCredential(findings, ['credentials', index], entry, context.secrets);
  }
  for (const [index, entry] of entriesOf(file.sites)) {
    checkTimeZone(findings, ['sites', index, 'timeZone'], entry.timeZone);
  }
  const devices = entriesOf(file.devices);
  for (const [index, entry] of devices) checkDevice(findings, index, entry, context);
  checkDeviceReferences(findings, file, context.profileIds);
  checkAddresses(findings, devices);
  checkCircles(findings, devices, 'parents', parentsOf);
  checkCircles(findings, devices, 'feeds', feedsOf);
  checkLinks(findings, file);
  checkGroups(findings, file);
  return {
    deviceIds: knownIds(file.devices),
    siteIds: knownIds(file.sites),
    tags: tagsOf(file.devices),
  };
}

function checkDevice(
  findings: Findings,
  index: number,
  entry: DeviceDraft,
  context: DevicesContext,
): void {
  const path = ['devices', index];
  const fault = entry.address === null ? null : faultOfAddress(entry.address);
  if (fault !== null) findings.error([...path, 'address'], fault);
  for (const key of ['feeds', 'importantPorts', 'profiles', 'tags'] as const) {
    checkNoRepeats(findings, [...path, key], entry[key]);
  }
  const parents = entry.parents?.map((text) => (text === null ? null : pathOf(text)));
  checkNoRepeats(findings, [...path, 'parents'], parents);
  checkDates(findings, path, entry);
  if (entry.polling) {
    checkPolling(findings, [...path, 'polling'], entry.polling, context.polling);
  }
}

function checkDates(findings: Findings, path: Path, entry: DeviceDraft): void {
  for (const key of ['commissioned', 'retired'] as const) {
    const date = entry[key] ?? null;
    if (date !== null && !isDate(date)) {
      findings.error([...path, key], `${show(date)} is not a date of the calendar`);
    }
  }
  const { commissioned, retired } = entry;
  if (!commissioned || !retired || !isDate(commissioned) || !isDate(retired)) return;
  if (Temporal.PlainDate.compare(commissioned, retired) >= 0) {
    const message = `retired ${retired}, not after it is commissioned (${commissioned})`;
    findings.error([...path, 'retired'], message);
  }
}

function isDate(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text).toString() === text;
  } catch {
    return false;
  }
}

/** A parent as it is compared: spaces around the port do not make another path. */
function pathOf(text: string): string {
  const { deviceId, port } = readParent(text);
  return port === null ? deviceId : `${deviceId} ${port}`;
}

function checkDeviceReferences(
  findings: Findings,
  file: Draft<DevicesFile>,
  profileIds: KnownIds,
): void {
  const siteIds = knownIds(file.sites);
  const credentialIds = knownIds(file.credentials);
  const deviceIds = knownIds(file.devices);
  const roles = new Map(entriesOf(file.devices).map(([, { id, role }]) => [id, role]));
  for (const [index, device] of entriesOf(file.devices)) {
    const path = ['devices', index];
    checkReference(findings, [...path, 'site'], device.site, siteIds, 'site');
    const credentialPath = [...path, 'credential'];
    checkReference(findings, credentialPath, device.credential, credentialIds, 'credential');
    for (const [place, text] of entriesOf(device.parents)) {
      const { deviceId } = readParent(text);
      const at = [...path, 'parents', place];
      if (deviceId === device.id) findings.error(at, `${show(deviceId)} is its own parent`);
      else checkReference(findings, at, deviceId, deviceIds, 'device');
    }
    for (const [place, feedId] of entriesOf(device.feeds)) {
      const at = [...path, 'feeds', place];
      const role = roles.get(feedId) ?? null;
      if (feedId === device.id) findings.error(at, `${show(feedId)} feeds itself`);
      else checkReference(findings, at, feedId, deviceIds, 'device');
      if (feedId !== device.id && role !== null && role !== 'power') {
        findings.warning(at, `${show(feedId)} feeds others but its role is ${role}, not power`);
      }
    }
    checkReferences(findings, [...path, 'profiles'], device.profiles, profileIds, 'profile');
  }
}

/** Two devices behind one address and port would be one and the same. */
function checkAddresses(findings: Findings, devices: readonly [number, DeviceDraft][]): void {
  const owners = new Map<string, string>();
  for (const [index, { id, address, port }] of devices) {
    if (address === null || port === null || faultOfAddress(address) !== null) continue;
    const place = `${canonicalAddress(address)} port ${port}`;
    const owner = owners.get(place);
    if (owner === undefined) owners.set(place, id === null ? `devices[${index}]` : show(id));
    else {
      const message = `${place} is already the address of ${owner}`;
      findings.error(['devices', index, 'address'], message);
    }
  }
}

function checkCircles(
  findings: Findings,
  devices: readonly [number, DeviceDraft][],
  key: 'parents' | 'feeds',
  linksOf: Links,
): void {
  const byId = new Map<string, [number, DeviceDraft]>();
  for (const [index, device] of devices) {
    if (device.id !== null) byId.set(device.id, [index, device]);
  }
  for (const cycle of findCycles([...byId.keys()], (id) => linksOf(byId.get(id)![1]))) {
    if (cycle.length < 2) continue;
    const message = `${key} go round in a circle: ${[...cycle, cycle[0]].join(' → ')}`;
    findings.error(['devices', byId.get(cycle[0]!)![0], key], message);
  }
}

/** Every tag of a device; null when one may be missing. */
function tagsOf(devices: Draft<DevicesFile>['devices']): KnownIds {
  if (!isWhole(devices) || devices.some(({ tags }) => tags === null)) return null;
  return new Set(devices.flatMap(({ tags }) => entriesOf(tags).map(([, tag]) => tag)));
}
