import type { Link } from '../../config/model.ts';
import type { DeviceLink } from './link-devices.ts';

/** A link for devices.yaml, its ends as they stand there: "core-1 Te1/3". */
export interface ProposedLink {
  readonly id: string;
  readonly ends: readonly [string, string];
}

const LONGEST_ID = 63;

/**
 * Links of which both ports are known, sorted, without those that have an end in a link that is
 * configured. Each is named after its two devices.
 */
export function proposeLinks(
  links: readonly DeviceLink[],
  configured: readonly Link[],
): readonly ProposedLink[] {
  const configuredEnds = configured.flatMap(({ ends }) => ends);
  const taken = new Set(configuredEnds.map(({ deviceId, port }) => `${deviceId} ${port}`));
  const ids = new Set(configured.map(({ id }) => id));
  const found = links.flatMap(({ ends }) => {
    const [a, b] = ends;
    if (a.port === null || b.port === null) return [];
    return [{ name: `${a.id}-${b.id}`, ends: [`${a.id} ${a.port}`, `${b.id} ${b.port}`] as const }];
  });
  found.sort((a, b) => byName(a.ends[0], b.ends[0]) || byName(a.ends[1], b.ends[1]));
  return found.flatMap(({ name, ends }) => {
    if (ends.some((end) => taken.has(end))) return [];
    for (const end of ends) taken.add(end);
    const id = freeId(name, ids);
    ids.add(id);
    return [{ id, ends }];
  });
}

function freeId(name: string, ids: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? '' : `-${number}`;
    const id = name.slice(0, LONGEST_ID - suffix.length) + suffix;
    if (!ids.has(id)) return id;
  }
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
