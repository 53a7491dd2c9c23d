import type { Profile } from '../config/profile.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import { isWithin } from './oid.ts';
import type { RequestBounds, SnmpClient, Varbind, VarbindType } from './snmp-client.ts';

/** What the device says it is. */
export interface DeviceIdentity {
  readonly sysObjectId: string | null;
  readonly sysDescr: string | null;
  readonly sysName: string | null;
}

export interface ChosenProfile {
  readonly profile: Profile;
  /** For people: why it was chosen. */
  readonly reason: LocalText;
}

const PROBES_AT_ONCE = 8;

const NO_VALUE: ReadonlySet<VarbindType> = new Set<VarbindType>([
  'null',
  'no-such-object',
  'no-such-instance',
  'end-of-mib-view',
]);

/**
 * The profiles whose probe has something below it, found with GETNEXT. null when the device did not
 * answer, so that nothing is known.
 */
export async function probeProfiles(
  profiles: readonly Profile[],
  client: SnmpClient,
  bounds: RequestBounds,
): Promise<ReadonlySet<string> | null> {
  const probes = profiles.filter((profile) => profile.match.probeOid !== null);
  const found = new Set<string>();
  for (let start = 0; start < probes.length; start += PROBES_AT_ONCE) {
    const group = probes.slice(start, start + PROBES_AT_ONCE);
    const oids = group.map((profile) => profile.match.probeOid!);
    const answer = await client.getBulk(oids, 1, bounds);
    if (answer.error !== null) {
      if (!(await probeSingly(group, client, bounds, found))) return null;
      continue;
    }
    group.forEach((profile, place) => {
      const oid = oids[place]!;
      if (answer.varbinds.some((varbind) => isBelow(oid, varbind))) found.add(profile.id);
    });
  }
  return found;
}

/** Some agents fail a request of several objects for one of them. False when one is not answered at all. */
async function probeSingly(
  group: readonly Profile[],
  client: SnmpClient,
  bounds: RequestBounds,
  found: Set<string>,
): Promise<boolean> {
  for (const profile of group) {
    const oid = profile.match.probeOid!;
    const answer = await client.getBulk([oid], 1, bounds);
    const failure = answer.error?.failure;
    if (failure !== undefined && failure !== 'no-such-name' && failure !== 'bad-response') {
      return false;
    }
    if (isBelow(oid, answer.varbinds[0])) found.add(profile.id);
  }
  return true;
}

/** Whether a next instance below `root` was really told: an agent that echoes the question has told nothing. */
function isBelow(root: string, varbind: Varbind | undefined): boolean {
  if (varbind === undefined || varbind.oid === root || !isWithin(root, varbind.oid)) return false;
  return !NO_VALUE.has(varbind.type);
}

/** Every profile that applies, the one that counts most first, with the reason for each. */
export function chooseProfiles(
  profiles: readonly Profile[],
  configuredIds: readonly string[],
  identity: DeviceIdentity,
  probed: ReadonlySet<string>,
): ChosenProfile[] {
  const chosen: ChosenProfile[] = [];
  for (const profile of profiles) {
    const reason = reasonFor(profile, configuredIds, identity, probed);
    if (reason !== null) chosen.push({ profile, reason });
  }
  return chosen.sort(
    (a, b) => b.profile.precedence - a.profile.precedence || (a.profile.id < b.profile.id ? -1 : 1),
  );
}

function reasonFor(
  profile: Profile,
  configuredIds: readonly string[],
  identity: DeviceIdentity,
  probed: ReadonlySet<string>,
): LocalText | null {
  const { match } = profile;
  if (configuredIds.includes(profile.id)) return say('named in the configuration', '由配置指定');
  if (match.always) return say('applies to every device', '适用于所有设备');
  const prefix = longestPrefix(match.sysObjectIdPrefixes, identity.sysObjectId);
  if (prefix !== null) {
    return say(`sysObjectID begins with ${prefix}`, `sysObjectID 以 ${prefix} 开头`);
  }
  const part = match.sysDescrContains.find((text) => identity.sysDescr?.includes(text));
  if (part !== undefined) {
    return say(`sysDescr contains "${part}"`, `sysDescr 包含“${part}”`);
  }
  if (!probed.has(profile.id)) return null;
  return say(`the device answers ${match.probeOid}`, `设备应答 ${match.probeOid}`);
}

function longestPrefix(prefixes: readonly string[], oid: string | null): string | null {
  if (oid === null) return null;
  const fitting = prefixes.filter((prefix) => isWithin(prefix, oid));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}
