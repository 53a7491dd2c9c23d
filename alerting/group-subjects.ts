import type { RedundancyGroup } from '../config/model.ts';
import { ROLE_ORDER } from '../config/role-names.ts';
import type { GraphLink, Links } from './links.ts';
import { groupSubject } from './subjects.ts';
import type { TopologyDevice } from './topology.ts';

/** Ids of the members of a group, devices or links. */
export function memberIdsOf({ deviceIds, linkIds = [] }: RedundancyGroup): readonly string[] {
  return deviceIds.length > 0 ? deviceIds : linkIds;
}

/** A group as the subject of faults of its own, under a name that no device can have. */
export interface GroupNode {
  readonly group: RedundancyGroup;
  readonly subject: TopologyDevice;
}

/** Subjects of the groups: the site of the first member, the most important role that is served. */
export function groupSubjectsOf(
  groups: readonly RedundancyGroup[],
  devices: ReadonlyMap<string, TopologyDevice>,
  links: Links,
): ReadonlyMap<string, GroupNode> {
  const nodes = new Map<string, GroupNode>();
  for (const group of groups) {
    const served = memberIdsOf(group).flatMap((id) => {
      const link = links.byId.get(id);
      const deviceId = link === undefined ? id : servedBy(link, devices);
      return devices.get(deviceId) ?? [];
    });
    const [first] = served;
    if (first === undefined) continue;
    const roles = new Set(served.map(({ role }) => role));
    const role = ROLE_ORDER.find((each) => roles.has(each)) ?? first.role;
    const subject = groupSubject(group, first.siteId, role);
    nodes.set(subject.id, { group, subject });
  }
  return nodes;
}

/** The device that a link serves: the one below it, else the less important one. */
function servedBy(
  { ends: [a, b] }: GraphLink,
  devices: ReadonlyMap<string, TopologyDevice>,
): string {
  const isParent = (parentId: string, childId: string) =>
    devices.get(childId)?.parents.some(({ deviceId }) => deviceId === parentId) === true;
  if (isParent(a.deviceId, b.deviceId)) return b.deviceId;
  if (isParent(b.deviceId, a.deviceId)) return a.deviceId;
  const rank = (id: string) => ROLE_ORDER.indexOf(devices.get(id)?.role ?? 'server');
  return rank(a.deviceId) > rank(b.deviceId) ? a.deviceId : b.deviceId;
}
