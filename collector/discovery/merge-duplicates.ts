import { canonicalAddress } from '../../config/address.ts';
import type { DeviceFacts } from './device-facts.ts';

/** One device, however many of its addresses answered. */
export interface FoundDevice {
  /** As told at the address it is best asked at. */
  readonly facts: DeviceFacts;
  /** Where else it answered. */
  readonly alsoAt: readonly DeviceFacts[];
  /** Why those are the same device; empty when there are none. */
  readonly why: string;
}

export interface Merged {
  readonly devices: readonly FoundDevice[];
  /** Different devices that share one SNMPv3 engine id, by id: a defect that people should know of. */
  readonly sharedEngines: readonly (readonly DeviceFacts[])[];
}

/** Whether the device at an address is configured already: its address stays then. */
export type IsConfigured = (facts: Pick<DeviceFacts, 'address' | 'port'>) => boolean;

/**
 * Puts the answers of one device together. Two are the same when they have the engine id (RFC 3411
 * §5), name and kind in common, or when each lists the address of the other among its own. An engine
 * id alone does not prove it: cloned systems share theirs.
 */
export function mergeDuplicates(
  answers: readonly DeviceFacts[],
  isConfigured: IsConfigured,
): Merged {
  const groups: { members: DeviceFacts[]; why: string }[] = [];
  for (const facts of answers) {
    const [group, why] = findGroup(groups, facts);
    if (group === null) groups.push({ members: [facts], why: '' });
    else {
      group.members.push(facts);
      group.why ||= why;
    }
  }
  const devices = groups.map(({ members, why }) => {
    const facts = bestOf(members, isConfigured);
    return { facts, alsoAt: members.filter((each) => each !== facts), why };
  });
  return { devices, sharedEngines: sharedEngines(devices) };
}

function findGroup<Group extends { readonly members: readonly DeviceFacts[] }>(
  groups: readonly Group[],
  facts: DeviceFacts,
): [Group, string] | [null, ''] {
  for (const group of groups) {
    for (const member of group.members) {
      const why = whySame(member, facts);
      if (why !== null) return [group, why];
    }
  }
  return [null, ''];
}

/** The reason why two answers come from one device; null when they need not. */
function whySame(a: DeviceFacts, b: DeviceFacts): string | null {
  if (a.sysName !== b.sysName || a.sysObjectId !== b.sysObjectId) return null;
  if (a.engineId !== null && a.engineId === b.engineId) return 'same SNMP engine id and name';
  if (a.engineId !== null && b.engineId !== null) return null;
  const owns = (one: DeviceFacts, other: DeviceFacts) =>
    one.ownAddresses.includes(canonicalAddress(other.address));
  return owns(a, b) && owns(b, a) ? 'each lists the address of the other' : null;
}

/** A configured address stays; else a loopback address, which no port can take down; else the first. */
function bestOf(members: readonly DeviceFacts[], isConfigured: IsConfigured): DeviceFacts {
  const isLoopback = ({ address, loopbackAddresses }: DeviceFacts) =>
    loopbackAddresses.includes(canonicalAddress(address));
  return members.find(isConfigured) ?? members.find(isLoopback) ?? members[0]!;
}

function sharedEngines(devices: readonly FoundDevice[]): DeviceFacts[][] {
  const byEngine = new Map<string, DeviceFacts[]>();
  for (const { facts } of devices) {
    if (facts.engineId === null) continue;
    byEngine.set(facts.engineId, [...(byEngine.get(facts.engineId) ?? []), facts]);
  }
  return [...byEngine.values()].filter((sharing) => sharing.length > 1);
}
