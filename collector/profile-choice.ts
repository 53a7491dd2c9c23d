import type { Profile } from '../config/profile.ts';
import { type LocalText, say } from '../lib/local-text.ts';
import { compareOids, isWithin } from './oid.ts';
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

/** What probing has told. */
export interface Probed {
  /** Ids of the profiles that the device has something of. */
  readonly profileIds: ReadonlySet<string>;
  /** Numbers below 1.3.6.1.4.1 under which the device has something. */
  readonly makers: readonly string[];
}

/**
 * Which profiles the device has something of, found with GETNEXT. First the makers under whose number
 * it has anything are counted up, whatever it says it is; then the profiles of these makers and of
 * standard MIBs are asked for. null when the device did not answer, so that nothing is known.
 */
export async function probeProfiles(
  profiles: readonly Profile[],
  identity: DeviceIdentity,
  client: SnmpClient,
  bounds: RequestBounds,
): Promise<Probed | null> {
  const makers = await makersOf(identity, client, bounds);
  if (makers === null) return null;
  const probes = probesFor(profiles, makers);
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
  return { profileIds: found, makers };
}

/** More makers than any device has things of. */
const MOST_MAKERS = 16;

/** null when the device did not answer. One that cannot be asked so has what its sysObjectID says. */
async function makersOf(
  { sysObjectId }: DeviceIdentity,
  client: SnmpClient,
  bounds: RequestBounds,
): Promise<string[] | null> {
  const own = enterpriseOf(sysObjectId);
  const makers = new Set(own === null ? [] : [own]);
  let after = ENTERPRISES.slice(0, -1);
  for (let count = 0; count < MOST_MAKERS; count += 1) {
    const answer = await client.getBulk([after], 1, bounds);
    const failure = answer.error?.failure;
    if (failure === 'timeout' || failure === 'unreachable' || failure === 'refused') return null;
    const [varbind] = answer.varbinds;
    const maker = varbind === undefined ? null : enterpriseOf(varbind.oid);
    if (maker === null || NO_VALUE.has(varbind!.type)) break;
    // An agent that goes backwards would be asked for ever.
    if (compareOids(`${ENTERPRISES}${maker}`, after) <= 0) break;
    makers.add(maker);
    after = `${ENTERPRISES}${maker}.${LARGEST_SUB_IDENTIFIER}`;
  }
  return [...makers];
}

/** RFC 2578 §3.5: what comes after everything below a number. */
const LARGEST_SUB_IDENTIFIER = 4_294_967_295;

function probesFor(profiles: readonly Profile[], makers: readonly string[]): Probe[] {
  return profiles.flatMap(({ id, match }) =>
    match.probeOids
      .filter((oid) => {
        const maker = enterpriseOf(oid);
        return maker === null || makers.includes(maker);
      })
      .map((oid) => ({ profileId: id, oid })),
  );
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
): readonly ChosenProfile[] {
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
  chosen.sort(
    (a, b) => b.profile.precedence - a.profile.precedence || (a.profile.id < b.profile.id ? -1 : 1),
  );
  return shareChoice(profiles, chosen);
}

/** More ways to choose among the profiles than a network has kinds of devices. */
const MOST_CHOICES = 1_000;
const choices = new WeakMap<readonly Profile[], Map<string, readonly ChosenProfile[]>>();

/** The same choice for all devices for which the same was chosen out of these profiles for the same reasons. */
function shareChoice(
  profiles: readonly Profile[],
  chosen: readonly ChosenProfile[],
): readonly ChosenProfile[] {
  let known = choices.get(profiles);
  if (known === undefined) {
    known = new Map();
    choices.set(profiles, known);
  }
  const key = JSON.stringify(chosen.map(({ profile, reason }) => [profile.id, reason]));
  const shared = known.get(key);
  if (shared !== undefined) return shared;
  if (known.size >= MOST_CHOICES) known.clear();
  known.set(key, chosen);
  return chosen;
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
  return match.probeOids.length === 1
    ? say(`the device answers ${oids}`, `设备应答 ${oids}`)
    : say(`the device answers one of ${oids}`, `设备应答其中之一：${oids}`);
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
