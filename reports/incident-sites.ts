import type { DomainEvent } from '../alerting/events.ts';
import { deviceOfFault, faultKeyOf } from '../alerting/fault-key.ts';
import { groupOfSubject, programName, siteOfSubject } from '../alerting/subjects.ts';
import type { TopologyDevice } from '../alerting/topology.ts';
import type { RootElsewhere } from './incident-records.ts';

interface Subject {
  readonly name: string;
  /** A redundancy group may have members at several. */
  readonly siteIds: readonly string[];
}

/**
 * Which incidents are of one site: those whose cause, or any fault that folded into them, is at it, and
 * those that left a device of it without a path. A device is where it was when that happened: one that
 * moves on takes no incident with it.
 */
export class IncidentSites {
  readonly #siteId: string;
  readonly #siteNames = new Map<string, string>();
  readonly #subjects = new Map<string, Subject>();
  readonly #groups = new Map<string, Subject>();
  /** Of every incident: one may come to the site long after it began elsewhere. */
  readonly #roots = new Map<string, RootElsewhere | 'here'>();
  readonly #ofSite = new Set<string>();
  /** The incident that a fault is in, while it lasts. */
  readonly #incidentOf = new Map<string, string>();
  readonly #parents = new Map<string, TopologyDevice['parents']>();
  /** Devices of the site behind something that is dead. */
  readonly #unreachable = new Set<string>();

  constructor(siteId: string) {
    this.#siteId = siteId;
  }

  apply(event: DomainEvent): void {
    switch (event.type) {
      case 'topology-loaded':
        this.#load(event);
        return;
      case 'health-changed':
        this.#noteHealth(event);
        return;
      case 'incident-opened':
        this.#open(event);
        this.#take(event.incidentId, event.rootFaultKey);
        return;
      case 'member-added':
        this.#take(event.incidentId, event.faultKey);
        return;
      case 'fault-cleared':
        this.#incidentOf.delete(event.faultKey);
        return;
      default:
    }
  }

  /** Whether the incident was of the site at any time. */
  has(incidentId: string): boolean {
    return this.#ofSite.has(incidentId);
  }

  /** Where its cause is, if that is elsewhere; null when it is at the site. */
  rootElsewhere(incidentId: string): RootElsewhere | null {
    const root = this.#roots.get(incidentId) ?? 'here';
    return root === 'here' ? null : root;
  }

  #open({ incidentId, rootFaultKey }: DomainEvent & { type: 'incident-opened' }): void {
    const { name, siteIds } = this.#subjectOf(deviceOfFault(rootFaultKey));
    if (siteIds.includes(this.#siteId)) {
      this.#roots.set(incidentId, 'here');
      return;
    }
    const [first = null] = siteIds;
    const siteName = first === null ? null : (this.#siteNames.get(first) ?? first);
    this.#roots.set(incidentId, { deviceName: name, siteName });
  }

  #take(incidentId: string, faultKey: string): void {
    this.#incidentOf.set(faultKey, incidentId);
    const { siteIds } = this.#subjectOf(deviceOfFault(faultKey));
    if (siteIds.includes(this.#siteId)) this.#ofSite.add(incidentId);
    // What is behind it may be unreachable before the incident opens.
    else for (const deviceId of this.#unreachable) this.#noteCausesOf(deviceId);
  }

  #noteHealth({ deviceId, to }: DomainEvent & { type: 'health-changed' }): void {
    this.#unreachable.delete(deviceId);
    if (to !== 'unreachable' || !this.#subjectOf(deviceId).siteIds.includes(this.#siteId)) return;
    this.#unreachable.add(deviceId);
    this.#noteCausesOf(deviceId);
  }

  /** Every path of an unreachable device is dead: whatever is dead on them took it away. */
  #noteCausesOf(deviceId: string): void {
    const above = new Set([deviceId]);
    for (const id of above) {
      for (const { deviceId: parentId, port } of this.#parents.get(id) ?? []) {
        above.add(parentId);
        this.#noteCause(faultKeyOf(parentId, null, 'device-down'));
        if (port !== null) this.#noteCause(faultKeyOf(parentId, `port:${port}`, 'port-down'));
      }
    }
  }

  #noteCause(faultKey: string): void {
    const incidentId = this.#incidentOf.get(faultKey);
    if (incidentId !== undefined) this.#ofSite.add(incidentId);
  }

  #load({ topology }: DomainEvent & { type: 'topology-loaded' }): void {
    for (const { id, name } of topology.sites) this.#siteNames.set(id, name);
    for (const { id, name, siteId, parents } of topology.devices) {
      this.#parents.set(id, parents);
      this.#subjects.set(id, { name, siteIds: [siteId] });
    }
    for (const { id, name, deviceIds } of topology.redundancyGroups) {
      const siteIds = new Set(deviceIds.flatMap((each) => this.#subjects.get(each)?.siteIds ?? []));
      this.#groups.set(id, { name, siteIds: [...siteIds] });
    }
  }

  #subjectOf(id: string): Subject {
    const groupId = groupOfSubject(id);
    const found = groupId === null ? this.#subjects.get(id) : this.#groups.get(groupId);
    if (found !== undefined) return found;
    const siteId = siteOfSubject(id);
    if (siteId === null) return { name: programName(id) ?? id, siteIds: [] };
    return { name: this.#siteNames.get(siteId) ?? siteId, siteIds: [siteId] };
  }
}
