import type { KnownDevice } from './link-devices.ts';
import { shortName } from './name-devices.ts';

/**
 * Which power systems feed a device, by the names that people gave to outlets: an outlet feeds a
 * device when its label holds the whole name of it ("core-1 PSU A"). A label that fits several
 * devices equally well feeds none.
 */
export function feedsByOutlet(devices: readonly KnownDevice[]): (id: string) => readonly string[] {
  const feeds = new Map<string, Set<string>>();
  for (const { id: powerId, facts } of devices) {
    for (const { label } of facts?.outlets ?? []) {
      const fed = deviceOf(label, devices);
      if (fed === null || fed === powerId) continue;
      feeds.set(fed, (feeds.get(fed) ?? new Set()).add(powerId));
    }
  }
  return (id) => [...(feeds.get(id) ?? [])];
}

const SHORTEST_NAME = 3;

function deviceOf(label: string, devices: readonly KnownDevice[]): string | null {
  let best = { id: null as string | null, length: 0 };
  for (const { id, name, facts } of devices) {
    const names = [id, shortName(name), shortName(facts?.sysName ?? '')];
    const length = Math.max(...names.map((each) => (isNamed(label, each) ? each.length : 0)));
    if (length === 0 || length < best.length) continue;
    best = length === best.length ? { id: null, length } : { id, length };
  }
  return best.id;
}

/** Whether the name stands in the label with nothing else of a name around it. */
function isNamed(label: string, name: string): boolean {
  if (name.length < SHORTEST_NAME) return false;
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(^|[^a-z0-9._-])${pattern}($|[^a-z0-9._-])`, 'i').test(label);
}
