import type { RedundancyGroup, Role } from '../config/model.ts';
import type { TopologyDevice } from './topology.ts';

/**
 * Faults that are about no device stand in its place under a name that no device can have:
 * `_service` for Threenines itself, `_site:hq` for what is known only by its site, `_group:cores` for
 * a redundancy group.
 */
export const SERVICE_SUBJECT = '_service';
/** For alerts of other programs about what is no device of ours. */
export const ALERT_SUBJECT = '_alerts';
const SITE_PREFIX = '_site:';
const GROUP_PREFIX = '_group:';
const SERVICE_NAME = 'Threenines';
const ALERT_NAME = 'Prometheus';

/** Shown where there is no site. */
export const NO_SITE = '–';

/** The subject of a fault that is known only by its site. */
export function siteSubject(siteId: string): string {
  return `${SITE_PREFIX}${siteId}`;
}

/** The subject of the faults of a redundancy group. */
export function groupSubjectId(groupId: string): string {
  return `${GROUP_PREFIX}${groupId}`;
}

/** The redundancy group that a subject stands for; null for anything else. */
export function groupOfSubject(subjectId: string): string | null {
  return subjectId.startsWith(GROUP_PREFIX) ? subjectId.slice(GROUP_PREFIX.length) : null;
}

/** The site that a subject stands for; null for anything else. */
export function siteOfSubject(subjectId: string): string | null {
  return subjectId.startsWith(SITE_PREFIX) ? subjectId.slice(SITE_PREFIX.length) : null;
}

/** What is shown for a subject that is Threenines itself, or another program; null for anything else. */
export function programName(subjectId: string): string | null {
  if (subjectId === SERVICE_SUBJECT) return SERVICE_NAME;
  return subjectId === ALERT_SUBJECT ? ALERT_NAME : null;
}

/** A redundancy group as the subject of its faults: at a site, with the role that it serves. */
export function groupSubject(
  { id, name }: Pick<RedundancyGroup, 'id' | 'name'>,
  siteId: string,
  role: Role,
): TopologyDevice {
  return { ...STANDS_ALONE, id: groupSubjectId(id), name, siteId, role };
}

/** Whether a fault's subject is something else than a device. */
export function hasNoDevice(subjectId: string): boolean {
  return subjectId.startsWith('_');
}

/** Such a subject; null for a device, and for a group, which only the graph knows. */
export function subjectWithoutDevice(
  subjectId: string,
  siteNames: ReadonlyMap<string, string>,
): TopologyDevice | null {
  if (!hasNoDevice(subjectId) || subjectId.startsWith(GROUP_PREFIX)) return null;
  const siteId = subjectId.startsWith(SITE_PREFIX) ? subjectId.slice(SITE_PREFIX.length) : '';
  const name = siteId === '' ? ownName(subjectId) : (siteNames.get(siteId) ?? siteId);
  return { ...STANDS_ALONE, id: subjectId, name, siteId, role: 'server' };
}

/** Nothing hangs on it and no path leads to it. */
const STANDS_ALONE = {
  parents: [],
  powerFeeds: [],
  tags: [],
  customers: 0,
  failuresToConfirm: 1,
  successesToClear: 1,
  staleAfterMs: Number.MAX_SAFE_INTEGER,
};

function ownName(subjectId: string): string {
  return subjectId === ALERT_SUBJECT ? ALERT_NAME : SERVICE_NAME;
}
