import { contradictionsOf } from './contradictions.ts';
import type { DeviceFacts } from './device-facts.ts';
import type { Discovered } from './find-agents.ts';
import type { KnownDevice, Linked, StrangeNeighbour } from './link-devices.ts';
import type { Merged } from './merge-duplicates.ts';
import type { MovedDevice } from './moved-devices.ts';
import type { Configured } from './propose.ts';

const MOST_LISTED = 20;

interface NoteFacts {
  readonly discovered: Discovered;
  readonly merged: Merged;
  readonly moved: readonly MovedDevice[];
  readonly linked: Linked;
  readonly configured: Configured;
  /** What discovery would write for each device. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly known: readonly KnownDevice[];
}

/** What a person should know beside the file, one sentence each, in a stable order. */
export function notesOf(facts: NoteFacts): string[] {
  return [
    ...lockedNotes(facts.discovered),
    ...engineNotes(facts.merged),
    ...movedNotes(facts.moved),
    ...differenceNotes(facts),
    ...contradictionsOf({ ...facts.configured, known: facts.known, linked: facts.linked }),
    ...strangerNotes(facts.linked.strangers),
  ];
}

function lockedNotes({ locked }: Discovered): string[] {
  return listed(
    locked.map(({ address, port }) => placeText({ address, port })),
    (places) => `answers, but lets none of the credentials in: ${places}`,
  );
}

function engineNotes({ sharedEngines }: Merged): string[] {
  return sharedEngines.map((sharing) => {
    const names = sharing.map((each) => `${each.sysName || 'nameless'} (${placeText(each)})`);
    return `${names.join(', ')} share the SNMPv3 engine id ${sharing[0]!.engineId}: give each its own`;
  });
}

function placeText({ address, port }: Pick<DeviceFacts, 'address' | 'port'>): string {
  return port === 161 ? address : `${address} port ${port}`;
}

/** Devices that are silent where they are configured: whoever reads it decides which of the two is wrong. */
function movedNotes(moved: readonly MovedDevice[]): string[] {
  const all = moved.map(({ device, found: { facts }, by }) => {
    const same =
      by === 'engine-id'
        ? 'the device with its SNMP engine id answers'
        : `a device of its name (${facts.sysName}) answers`;
    const other = by === 'engine-id' ? '' : ', if it is another one, give that another name';
    return `${device.id}: has fallen silent at ${placeText(device)}, but ${same} at ${placeText(facts)}: if it has moved, write that address${other}; the file is left as it is`;
  });
  return all.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** Parents that a person wrote and the neighbours contradict: the file is left as it is. */
function differenceNotes({ configured, parents, known }: NoteFacts): string[] {
  const asked = new Set(known.flatMap(({ id, facts }) => (facts === null ? [] : [id])));
  return configured.devices.flatMap((device) => {
    const seen = parents.get(device.id) ?? [];
    if (!asked.has(device.id) || seen.length === 0) return [];
    if (!configured.isWritten(device.id, 'parents')) return [];
    const written = device.parents.map(({ deviceId }) => deviceId);
    const missing = seen.filter((link) => !written.includes(link.split(' ')[0]!));
    if (missing.length === 0) return [];
    const has = written.length === 0 ? 'none' : written.join(', ');
    return [
      `${device.id}: its neighbours say that it also hangs on ${missing.join(', ')}; the file says ${has} and is left as it is`,
    ];
  });
}

function strangerNotes(strangers: readonly StrangeNeighbour[]): string[] {
  const byName = new Map<string, string>();
  for (const { seenBy, port, neighbour } of strangers) {
    const name = neighbour.sysName || neighbour.chassisId || neighbour.addresses[0];
    if (name === undefined || byName.has(name)) continue;
    const at = port === null ? seenBy : `${seenBy} ${port}`;
    const address = neighbour.addresses[0];
    byName.set(name, `${name}${address === undefined ? '' : ` ${address}`} at ${at}`);
  }
  return listed(
    [...byName.values()].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    (names) => `seen as neighbours, but not among the devices: ${names}`,
  );
}

/** One sentence for a list that may be long; none for an empty one. */
function listed(items: readonly string[], sentence: (items: string) => string): string[] {
  if (items.length === 0) return [];
  const more = items.length - MOST_LISTED;
  const shown = items.slice(0, MOST_LISTED).join(', ');
  return [sentence(more > 0 ? `${shown} and ${more} more` : shown)];
}
