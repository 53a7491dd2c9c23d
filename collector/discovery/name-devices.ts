import type { DeviceFacts } from './device-facts.ts';

const LONGEST_ID = 63;

/** Names that devices carry out of the box say nothing about which one it is. */
const FACTORY_NAMES: ReadonlySet<string> = new Set([
  'localhost',
  'switch',
  'router',
  'unknown',
  'ups',
  'mikrotik',
  'hostname',
  'noname',
]);

/** What is left of a text as an id (`config/schema-terms.ts`): empty when nothing is. */
export function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, LONGEST_ID)
    .replace(/[^a-z0-9]+$/, '');
}

/** Whether many devices carry it out of the box. */
export function isFactoryName(slug: string): boolean {
  return FACTORY_NAMES.has(slug);
}

/** The name without its domain, where the domain is one: `core-1.example.net` is `core-1`. */
export function shortName(name: string): string {
  return /^[\d.]+$/.test(name) ? name : (name.split('.')[0] ?? name);
}

/** `device-192-0-2-7`, for a device without a name of its own. */
export function nameOfAddress(address: string): string {
  return `device-${slugOf(address.replace(/[.:]+/g, '-'))}`;
}

/**
 * An id that no other device has: from the system name, else from the address. Where several have
 * one name, the address goes behind it.
 */
export function chooseId(
  facts: Pick<DeviceFacts, 'sysName' | 'address' | 'port'>,
  sameNameCount: number,
  taken: ReadonlySet<string>,
): string {
  const own = slugOf(shortName(facts.sysName));
  const byAddress = nameOfAddress(facts.address);
  const isUseful = own !== '' && !isFactoryName(own);
  const wanted = isUseful ? own : byAddress;
  const place = byAddress.slice('device-'.length);
  const candidates = [
    ...(isUseful && sameNameCount > 1 ? [] : [wanted]),
    `${wanted}-${place}`,
    `${wanted}-${place}-${facts.port}`,
  ].map((id) => id.slice(-LONGEST_ID).replace(/^[^a-z0-9]+/, ''));
  return candidates.find((id) => !taken.has(id)) ?? candidates.at(-1)!;
}
