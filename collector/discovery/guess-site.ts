import type { DeviceFacts } from './device-facts.ts';
import type { Guess } from './guess-role.ts';
import { slugOf } from './name-devices.ts';

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

/** What agents say out of the box. */
const FACTORY_LOCATIONS =
  /^(unknown|none|n\/?a|not set|location|server room|right here, right now\.?|sitting on the dock of the bay.*|somewhere|default)?$/i;
const ROLE_LIKE =
  /^(core|agg|aggr|dist|acc|access|edge|sw|switch|rtr|router|srv|server|ups|pdu|ap|fw|host|device)$/;

/**
 * Where each device stands: a configured site that its location or name names, else its location
 * (sysLocation up to the first comma), else the word its name begins with, where another device
 * shares it. In the order of the devices.
 */
export function guessSites(
  devices: readonly DeviceFacts[],
  known: readonly KnownSite[],
): SiteGuess[] {
  const prefixes = sharedPrefixes(devices);
  return devices.map((facts) => guessSite(facts, known, prefixes));
}

function guessSite(
  { sysLocation, sysName }: DeviceFacts,
  known: readonly KnownSite[],
  prefixes: ReadonlySet<string>,
): SiteGuess {
  const location = sysLocation.trim();
  const place = FACTORY_LOCATIONS.test(location) ? '' : (location.split(/[,;|]/)[0] ?? '').trim();
  const slugs = new Set([slugOf(location), slugOf(place)].filter((slug) => slug !== ''));
  const told = known.find(({ id, name }) => slugs.has(id) || slugs.has(slugOf(name)));
  const because = `its location is "${location}"`;
  if (told !== undefined) return { value: told.id, name: null, reason: because };
  const parts = partsOf(sysName);
  const named = known.find(({ id }) => parts.includes(id));
  if (named !== undefined) {
    return { value: named.id, name: null, reason: `"${named.id}" in its name` };
  }
  const slug = slugOf(place);
  if (slug !== '') return { value: slug, name: place, reason: because };
  const prefix = parts[0] ?? '';
  if (prefixes.has(prefix)) {
    return { value: prefix, name: prefix, reason: `its name begins with "${prefix}"` };
  }
  const isKnown = known.some(({ id }) => id === UNPLACED.id);
  return {
    value: UNPLACED.id,
    name: isKnown ? null : UNPLACED.name,
    reason: 'nothing tells where it stands',
  };
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
