import { canonicalAddress } from '../../config/address.ts';
import { type Config, type Device, ROLES, type Role } from '../../config/model.ts';
import { cleanText } from '../../lib/device-text.ts';
import type { DeviceFacts } from './device-facts.ts';
import { feedsByOutlet } from './feeds-by-outlet.ts';
import type { Discovered } from './find-agents.ts';
import { type Guess, guessRoleOf } from './guess-role.ts';
import { guessSites, type SiteGuess } from './guess-site.ts';
import { type KnownDevice, type LinkEnd, linkDevices } from './link-devices.ts';
import { type FoundDevice, mergeDuplicates } from './merge-duplicates.ts';
import { findMoved, type KnownBefore, type MovedDevice } from './moved-devices.ts';
import { chooseId, shortName, slugOf } from './name-devices.ts';
import { notesOf } from './notes.ts';
import { placeInNetwork } from './place-in-network.ts';
import { type ProposedLink, proposeLinks } from './propose-links.ts';

/** What devices.yaml says already, and what is known beside it. */
export type Configured = Pick<Config, 'devices' | 'sites' | 'links'> &
  KnownBefore & {
    /** Whether a person wrote this key, even an empty one: it is left as it is then. */
    isWritten(deviceId: string, key: 'parents' | 'feeds'): boolean;
  };

export const NOTHING_CONFIGURED: Configured = {
  devices: [],
  sites: [],
  links: [],
  isWritten: () => false,
  wasAsked: () => false,
  engineIdOf: () => null,
};

export interface ProposedDevice {
  readonly id: string;
  readonly name: string | null;
  readonly address: string;
  readonly port: number;
  readonly site: string;
  readonly role: Role;
  readonly credential: string;
  readonly parents: readonly string[];
  readonly feeds: readonly string[];
  /** What it is and why it stands here; one line each. */
  readonly comments: readonly string[];
}

/** Lines for a device that is configured already. */
export interface ProposedLinks {
  readonly id: string;
  /** Empty: nothing to add. */
  readonly parents: readonly string[];
  readonly feeds: readonly string[];
}

export interface Proposal {
  readonly sites: readonly { readonly id: string; readonly name: string }[];
  /** By site, then role, then id: the order in which they stand in the file. */
  readonly devices: readonly ProposedDevice[];
  readonly additions: readonly ProposedLinks[];
  readonly links: readonly ProposedLink[];
  /** What a person should know and no line of the file can say. */
  readonly notes: readonly string[];
}

/** One device on the way into the file. */
interface Candidate {
  readonly id: string;
  readonly found: FoundDevice;
  /** null: it is new. */
  readonly configured: Device | null;
}

const LONGEST_DESCRIPTION = 80;

/** What to write into devices.yaml after discovery. The same answers always give the same proposal. */
export function proposeDevices(discovered: Discovered, configured: Configured): Proposal {
  const ownerOf = ownersByAddress(configured.devices);
  const merged = mergeDuplicates(discovered.devices, (facts) => ownerOf(facts) !== null);
  const moved = findMoved(merged.devices, configured.devices, configured, discovered);
  const candidates = chooseIds(merged.devices, configured.devices, ownerOf, moved);
  const known = [...candidates.map(knownDevice), ...outOfRange(candidates, configured.devices)];
  const linked = linkDevices(known);
  const { links } = linked;
  const ownRoles = new Map(
    candidates.map(({ id, found, configured: device }) => [
      id,
      device === null
        ? guessRoleOf(found.facts)
        : { value: device.role, reason: 'it is configured so' },
    ]),
  );
  const configuredRoles = new Map(configured.devices.map(({ id, role }) => [id, role]));
  const places = placeInNetwork(
    known.map(({ id, facts }) => ({
      id,
      role: ownRoles.get(id)?.value ?? configuredRoles.get(id) ?? null,
      routes: facts?.isForwarding === true,
    })),
    links,
  );
  const parents = safeLinks(configured.devices, 'parents', known, (id) =>
    (places.parents.get(id) ?? []).map(parentText),
  );
  const feeds = safeLinks(configured.devices, 'feeds', known, feedsByOutlet(known));
  const fresh = candidates.filter((candidate) => candidate.configured === null);
  const sites = guessSites(
    fresh.map(({ found }) => found.facts),
    configured.sites,
  );
  const devices = fresh.map((candidate, place) =>
    propose(candidate, {
      site: sites[place]!,
      role: ownRoles.get(candidate.id) ?? places.roles.get(candidate.id)!,
      parents: parents.get(candidate.id) ?? [],
      feeds: feeds.get(candidate.id) ?? [],
    }),
  );
  const additions = candidates
    .filter(({ configured: device }) => device !== null)
    .map(({ id }) => ({
      id,
      parents: configured.isWritten(id, 'parents') ? [] : (parents.get(id) ?? []),
      feeds: configured.isWritten(id, 'feeds') ? [] : (feeds.get(id) ?? []),
    }))
    .filter((links) => links.parents.length + links.feeds.length > 0);
  return {
    sites: newSites(sites),
    devices: devices.toSorted(inFileOrder),
    additions,
    links: proposeLinks(links, configured.links),
    notes: notesOf({ discovered, merged, moved, linked, configured, parents, known }),
  };
}

/** Finds the configured device at an address and port. */
function ownersByAddress(
  devices: readonly Device[],
): (facts: Pick<DeviceFacts, 'address' | 'port'>) => Device | null {
  const owners = new Map(devices.map((device) => [`${device.address} ${device.port}`, device]));
  return ({ address, port }) => owners.get(`${canonicalAddress(address)} ${port}`) ?? null;
}

function chooseIds(
  found: readonly FoundDevice[],
  configured: readonly Device[],
  ownerOf: (facts: DeviceFacts) => Device | null,
  moved: readonly MovedDevice[],
): Candidate[] {
  const taken = new Set(configured.map(({ id }) => id));
  const nameOf = ({ facts }: FoundDevice) => slugOf(shortName(facts.sysName));
  const sameName = Map.groupBy(found, nameOf);
  return found.map((each) => {
    const device =
      ownerOf(each.facts) ?? moved.find(({ found: one }) => one === each)?.device ?? null;
    const id = device?.id ?? chooseId(each.facts, sameName.get(nameOf(each))!.length, taken);
    taken.add(id);
    return { id, found: each, configured: device };
  });
}

function knownDevice({ id, found, configured }: Candidate): KnownDevice {
  const asked = [found.facts, ...found.alsoAt].map(({ address }) => canonicalAddress(address));
  const own = asked.filter((address) => !/^(127\.|::1$)/.test(address));
  return { id, name: configured?.name ?? id, addresses: own, facts: found.facts };
}

/** Configured devices that were not asked or did not answer: neighbours may be among them. */
function outOfRange(candidates: readonly Candidate[], devices: readonly Device[]): KnownDevice[] {
  const asked = new Set(candidates.map(({ id }) => id));
  return devices
    .filter(({ id }) => !asked.has(id))
    .map(({ id, name, address }) => ({
      id,
      name,
      addresses: /^(127\.|::1$)/.test(address) ? [] : [address],
      facts: null,
    }));
}

/** `core-1 Te1/3` */
function parentText({ id, port }: LinkEnd): string {
  return port === null ? id : `${id} ${port}`;
}

/**
 * The links of every device, sorted, without those that would lead round in a circle together with
 * what is configured: the file must stay one that loads.
 */
function safeLinks(
  configured: readonly Device[],
  key: 'parents' | 'feeds',
  devices: readonly KnownDevice[],
  linksOf: (id: string) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const targetOf = (link: string) => link.split(' ')[0]!;
  const above = new Map<string, Set<string>>(
    configured.map((device) => [
      device.id,
      new Set(
        key === 'parents' ? device.parents.map(({ deviceId }) => deviceId) : device.powerFeeds,
      ),
    ]),
  );
  const leadsTo = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(above.get(from) ?? [])].some((next) => leadsTo(next, to, seen));
  };
  const safe = new Map<string, readonly string[]>();
  for (const { id } of devices.toSorted((a, b) => byName(a.id, b.id))) {
    const links = [...new Set(linksOf(id))].toSorted(byName);
    const kept = links.filter((link) => !leadsTo(targetOf(link), id));
    above.set(id, new Set([...(above.get(id) ?? []), ...kept.map(targetOf)]));
    safe.set(id, kept);
  }
  return safe;
}

interface Placed {
  readonly site: SiteGuess;
  readonly role: Guess<Role>;
  readonly parents: readonly string[];
  readonly feeds: readonly string[];
}

function propose({ id, found }: Candidate, { site, role, parents, feeds }: Placed): ProposedDevice {
  const { facts, alsoAt, why } = found;
  const { sysName, sysDescr } = facts;
  const also = alsoAt.map(({ address, port }) =>
    port === facts.port ? address : `${address} port ${port}`,
  );
  const described = cleanText(sysDescr, LONGEST_DESCRIPTION);
  return {
    id,
    name: sysName === '' || sysName === id ? null : sysName,
    address: canonicalAddress(facts.address),
    port: facts.port,
    site: site.value,
    role: role.value,
    credential: facts.credentialId,
    parents,
    feeds,
    comments: [
      ...(described === '' ? [] : [described]),
      `role: ${role.reason}; site: ${site.reason}`,
      ...(also.length === 0 ? [] : [`also answers at ${also.join(', ')} (${why})`]),
    ],
  };
}

function newSites(guesses: readonly SiteGuess[]): { id: string; name: string }[] {
  const names = new Map<string, string>();
  for (const { value, name } of guesses) {
    if (name !== null && !names.has(value)) names.set(value, name);
  }
  return [...names].map(([id, name]) => ({ id, name })).toSorted((a, b) => byName(a.id, b.id));
}

function inFileOrder(a: ProposedDevice, b: ProposedDevice): number {
  const role = ROLES.indexOf(a.role) - ROLES.indexOf(b.role);
  return byName(a.site, b.site) || role || byName(a.id, b.id);
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
