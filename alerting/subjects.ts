import type { TopologyDevice } from './topology.ts';

/**
 * Faults that are about no device stand in its place under a name that no device can have:
 * `_service` for Threenines itself, `_site:hq` for what is known only by its site.
 */
export const SERVICE_SUBJECT = '_service';
/** For alerts of other programs about what is no device of ours. */
export const ALERT_SUBJECT = '_alerts';
const SITE_PREFIX = '_site:';
const SERVICE_NAME = 'Threenines';
const ALERT_NAME = 'Prometheus';

/** Shown where there is no site. */
export const NO_SITE = '–';

/** The subject of a fault that is known only by its site. */
export function siteSubject(siteId: string): string {
  return `${SITE_PREFIX}${siteId}`;
}

/** Whether a fault's subject is something else than a device. */
export function hasNoDevice(subjectId: string): boolean {
  return subjectId.startsWith('_');
}

/** Such a subject, which nothing hangs on and no path leads to; null for a device. */
export function subjectWithoutDevice(
  subjectId: string,
  siteNames: ReadonlyMap<string, string>,
): TopologyDevice | null {
  if (!hasNoDevice(subjectId)) return null;
  const siteId = subjectId.startsWith(SITE_PREFIX) ? subjectId.slice(SITE_PREFIX.length) : '';
  return {
    id: subjectId,
    name: siteId === '' ? ownName(subjectId) : (siteNames.get(siteId) ?? siteId),
    siteId,
    role: 'server',
    parents: [],
    powerFeeds: [],
    tags: [],
    customers: 0,
    failuresToConfirm: 1,
    successesToClear: 1,
    staleAfterMs: Number.MAX_SAFE_INTEGER,
  };
}

function ownName(subjectId: string): string {
  return subjectId === ALERT_SUBJECT ? ALERT_NAME : SERVICE_NAME;
}
