import type { Incident } from './state.ts';

/** Where an incident is, and where it is felt. */
export interface IncidentSites {
  /** The site of the device that it is about. */
  readonly siteId: string;
  /** Other sites with devices that are down or cut off, the worst first. */
  readonly otherSiteIds: readonly string[];
}

/**
 * The sites of an incident, of one that is over those when it was at its worst. `ownSiteId`: of its
 * root; null where that is no longer configured, and the worst affected site has to do.
 */
export function sitesOf(
  { evidence, gravest, resolvedAt }: Pick<Incident, 'evidence' | 'gravest' | 'resolvedAt'>,
  ownSiteId: string | null,
): IncidentSites {
  const { inputs } = (resolvedAt === null ? null : gravest) ?? evidence;
  const siteId = ownSiteId ?? inputs.siteId;
  const affected = inputs.siteIds ?? [inputs.siteId];
  return { siteId, otherSiteIds: affected.filter((id) => id !== siteId && id !== '') };
}
