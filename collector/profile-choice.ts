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
const ENTERPRISES = '1.3.6.1.4.1.';
/** UCD and net-snmp: an agent that many makers build in. */
const ANYBODYS: ReadonlySet<string> = new Set(['2021', '8072']);

const NO_VALUE: ReadonlySet<VarbindType> = new Set<VarbindType>([
  'null',
  'no-such-object',
  'no-such-instance',
  'end-of-mib-view',
]);

/** One beginning of a profile that is asked for. */
interface Probe {
  readonly profileId: string;
  readonly oid: string;
}

/**
 * Which profiles the device has something of, found with GETNEXT: those of standard MIBs, of its own
 * maker, and those that its family lists. A device whose identity tells little (no family, or one
 * that only says "net-snmp") is asked for all of them. null when the device did not answer, so that
 * nothing is known.
 */
export async function probeProfiles(
  profiles: readonly Profile[],
  identity: DeviceIdentity,
  client: SnmpClient,
  bounds: RequestBounds,
): Promise<ReadonlySet<string> | null> {
  const probes = probesFor(profiles, identity);
  const found = new Set<string>();
  for (let start = 0; start < probes.length; start += PROBES_AT_ONCE) {
    const group = probes.slice(start, start + PROBES_AT_ONCE);
    const oids = group.map(({ oid }) => oid);
    const answer = await client.getBulk(oids, 1, bounds);
    if (answer.error !== null) {
      if (!(await probeSingly(group, client, bounds, found))) return null;
      continue;
    }
    for (const { profileId, oid } of group) {
      if (answer.varbinds.some((varbind) => isBelow(oid, varbind))) found.add(profileId);
    }
  }
  return found;
}

function probesFor(profiles: readonly Profile[], identity: DeviceIdentity): Probe[] {
  const family = familyByIdentity(profiles, identity);
  const isWeak = family === null || family.profile.isWeak;
  const own = enterpriseOf(identity.sysObjectId);
  const listed = new Set(family?.profile.modules);
  return profiles.flatMap(({ id, isFamily, match }) => {
    // What a device says it is counts more than what it answers.
    if (isFamily && !isWeak) return [];
    return match.probeOids
      .filter((oid) => {
        const maker = enterpriseOf(oid);
        return isWeak || maker === null || ANYBODYS.has(maker) || maker === own || listed.has(id);
      })
      .map((oid) => ({ profileId: id, oid }));
  });
}

function enterpriseOf(oid: string | null): string | null {
  if (!oid?.startsWith(ENTERPRISES)) return null;
  return oid.slice(ENTERPRISES.length).split('.')[0] ?? null;
}

/** Some agents fail a request of several objects for one of them. False when one is not answered at all. */
async function probeSingly(
  group: readonly Probe[],
  client: SnmpClient,
  bounds: RequestBounds,
  found: Set<string>,
): Promise<boolean> {
  for (const { profileId, oid } of group) {
    const answer = await client.getBulk([oid], 1, bounds);
    const failure = answer.error?.failure;
    if (failure !== undefined && failure !== 'no-such-name' && failure !== 'bad-response') {
      return false;
    }
    if (isBelow(oid, answer.varbinds[0])) found.add(profileId);
  }
  return true;
}

/** Whether a next instance below `root` was really told: an agent that echoes the question has told nothing. */
function isBelow(root: string, varbind: Varbind | undefined): boolean {
  if (varbind === undefined || varbind.oid === root || !isWithin(root, varbind.oid)) return false;
  return !NO_VALUE.has(varbind.type);
}

/**
 * Every profile that applies, the one that counts most first, with the reason for each. Of families
 * only one is taken: the one that the device says it is, by the longest beginning of sysObjectID, of
 * equals the one whose sysDescr fits too, else the first that it answers.
 */
export function chooseProfiles(
  profiles: readonly Profile[],
  configuredIds: readonly string[],
  identity: DeviceIdentity,
  probed: ReadonlySet<string>,
): ChosenProfile[] {
  const named = familyByIdentity(profiles, identity);
  const family = isStrong(named) ? named : (familyByProbe(profiles, probed) ?? named);
  const chosen: ChosenProfile[] = family === null ? [] : [family];
  for (const profile of profiles) {
    if (profile === family?.profile) continue;
    const isConfigured = configuredIds.includes(profile.id);
    if (profile.isFamily && !isConfigured) continue;
    const reason = isConfigured ? CONFIGURED : reasonFor(profile, identity, probed, family);
    if (reason !== null) chosen.push({ profile, reason });
  }
  return chosen.sort(
    (a, b) => b.profile.precedence - a.profile.precedence || (a.profile.id < b.profile.id ? -1 : 1),
  );
}

const CONFIGURED = say('named in the configuration', '由配置指定');

function isStrong(family: ChosenProfile | null): boolean {
  return family !== null && !family.profile.isWeak;
}

function familyByIdentity(
  profiles: readonly Profile[],
  identity: DeviceIdentity,
): ChosenProfile | null {
  let best: { readonly chosen: ChosenProfile; readonly rank: number } | null = null;
  for (const profile of profiles) {
    const fit = profile.isFamily ? fitOf(profile, identity) : null;
    if (fit !== null && (best === null || fit.rank > best.rank)) {
      best = { chosen: { profile, reason: fit.reason }, rank: fit.rank };
    }
  }
  return best?.chosen ?? null;
}

function familyByProbe(
  profiles: readonly Profile[],
  probed: ReadonlySet<string>,
): ChosenProfile | null {
  const answered = profiles
    .filter((profile) => profile.isFamily && probed.has(profile.id))
    .sort((a, b) => b.precedence - a.precedence);
  const [first] = answered;
  return first === undefined ? null : { profile: first, reason: answers(first) };
}

function answers({ match }: Profile): LocalText {
  const oids = match.probeOids.join(', ');
  return say(`the device answers ${oids}`, `设备应答 ${oids}`);
}

function reasonFor(
  profile: Profile,
  identity: DeviceIdentity,
  probed: ReadonlySet<string>,
  family: ChosenProfile | null,
): LocalText | null {
  if (profile.match.always) return say('applies to every device', '适用于所有设备');
  const fit = fitOf(profile, identity);
  if (fit !== null) return fit.reason;
  if (probed.has(profile.id)) return answers(profile);
  const isListed = family?.profile.modules.includes(profile.id) === true;
  if (!isListed || profile.match.probeOids.length > 0) return null;
  return say(`part of ${family?.profile.id}`, `属于 ${family?.profile.id}`);
}

/** Points by which a fit of sysDescr beside the same beginning of sysObjectID counts more. */
const DESCR_POINTS = 0.5;

/** How well what the device says it is fits; null: it does not. */
function fitOf(
  { match }: Profile,
  { sysObjectId, sysDescr }: DeviceIdentity,
): { readonly reason: LocalText; readonly rank: number } | null {
  const { sysObjectIdPrefixes, sysDescrContains, sysDescrExcept } = match;
  if (sysDescrExcept.some((text) => sysDescr?.includes(text))) return null;
  const prefix = longestPrefix(sysObjectIdPrefixes, sysObjectId);
  const part = sysDescrContains.find((text) => sysDescr?.includes(text));
  if (sysObjectIdPrefixes.length > 0 && prefix === null) return null;
  if (sysDescrContains.length > 0 && part === undefined) return null;
  if (prefix === null && part === undefined) return null;
  const rank = (prefix?.split('.').length ?? 0) + (part === undefined ? 0 : DESCR_POINTS);
  if (prefix === null) {
    return { reason: say(`sysDescr contains "${part}"`, `sysDescr 包含“${part}”`), rank };
  }
  if (part === undefined) {
    return {
      reason: say(`sysObjectID begins with ${prefix}`, `sysObjectID 以 ${prefix} 开头`),
      rank,
    };
  }
  const reason = say(
    `sysObjectID begins with ${prefix} and sysDescr contains "${part}"`,
    `sysObjectID 以 ${prefix} 开头且 sysDescr 包含“${part}”`,
  );
  return { reason, rank };
}

function longestPrefix(prefixes: readonly string[], oid: string | null): string | null {
  if (oid === null) return null;
  const fitting = prefixes.filter((prefix) => isWithin(prefix, oid));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}
