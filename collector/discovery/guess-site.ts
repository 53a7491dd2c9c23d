import type { DeviceFacts } from './device-facts.ts';
import type { Guess } from './guess-role.ts';
import { slugOf } from './name-devices.ts';
import { placeOf } from './place-of.ts';

export interface SiteGuess extends Guess<string> {
  /** Name for people; null when the site is configured already. */
  readonly name: string | null;
}

export interface KnownSite {
  readonly id: string;
  readonly name: string;
}

/** Where devices go that tell nothing. */
const UNPLACED = { id: 'unplaced', name: 'Not placed yet' } as const;

const ROLE_LIKE =
  /^(core|agg|aggr|dist|acc|access|edge|sw|switch|rtr|router|srv|server|ups|pdu|ap|fw|host|device)$/;

/** Letters that no id can have. */
const OTHER_SCRIPT = /[^\P{L}\p{Script=Latin}]/u;

/**
 * Where each device stands: a configured site that its location or name names, else the place that
 * its location names (`placeOf`: no rack, no room), else the word its name begins with, where another
 * device shares it. In the order of the devices.
 */
export function guessSites(
  devices: readonly DeviceFacts[],
  known: readonly KnownSite[],
): SiteGuess[] {
  const prefixes = sharedPrefixes(devices);
  const numbered = numberedIds(devices, known);
  return devices.map((facts) => guessSite(facts, known, prefixes, numbered));
}

/** Ids of places that are written in other letters, in the order of their names. */
function numberedIds(
  devices: readonly DeviceFacts[],
  known: readonly KnownSite[],
): ReadonlyMap<string, string> {
  const taken = new Set(known.map(({ id }) => id));
  const isNew = (place: string) =>
    OTHER_SCRIPT.test(place) && !known.some((site) => isNamed(site, place));
  const places = new Set(devices.map(({ sysLocation }) => placeOf(sysLocation)));
  const ids = new Map<string, string>();
  let number = 0;
  for (const place of [...places].filter(isNew).sort()) {
    do number += 1;
    while (taken.has(`site-${number}`));
    ids.set(place, `site-${number}`);
  }
  return ids;
}

function guessSite(
  { sysLocation, sysName }: DeviceFacts,
  known: readonly KnownSite[],
  prefixes: ReadonlySet<string>,
  numbered: ReadonlyMap<string, string>,
): SiteGuess {
  const location = sysLocation.trim();
  const place = placeOf(location);
  const told = known.find((site) => isNamed(site, location) || isNamed(site, place));
  const because = `its location is "${location}"`;
  if (told !== undefined) return { value: told.id, name: null, reason: because };
  const parts = partsOf(sysName);
  const named = known.find(({ id }) => parts.includes(id));
  if (named !== undefined) {
    return { value: named.id, name: null, reason: `"${named.id}" in its name` };
  }
  const slug = numbered.get(place) ?? slugOf(place);
  if (slug !== '') return { value: slug, name: place, reason: because };
  const prefix = parts[0] ?? '';
  if (prefixes.has(prefix)) {
    return { value: prefix, name: prefix, reason: `its name begins with "${prefix}"` };
  }
  const isKnown = known.some(({ id }) => id === UNPLACED.id);
  return {
    value: UNPLACED.id,
    name: isKnown ? null : UNPLACED.name,
    reason:
      location === ''
        ? 'nothing tells where it stands'
        : `nothing tells where it stands: its location is "${location}"`,
  };
}

/** Whether the text is the id or the name of the site, however its words are parted. */
function isNamed({ id, name }: KnownSite, text: string): boolean {
  if (text === '') return false;
  if (OTHER_SCRIPT.test(text) || OTHER_SCRIPT.test(name)) return text === name;
  const slug = slugOf(text);
  return slug !== '' && (slug === id || slug === slugOf(name));
}

function sharedPrefixes(devices: readonly DeviceFacts[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { sysName } of devices) {
    const [prefix = '', ...rest] = partsOf(sysName);
    if (rest.length === 0 || ROLE_LIKE.test(prefix) || !/^[a-z][a-z0-9]+$/.test(prefix)) continue;
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([prefix]) => prefix));
}

function partsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== '');
}
