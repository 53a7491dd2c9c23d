import type { DomainEvent } from '../alerting/events.ts';
import type { RedundancyGroup, Role } from '../config/model.ts';
import type { EpochMs } from '../lib/time.ts';

/** What a report says about a device beside its time. */
export interface RosterDevice {
  readonly id: string;
  readonly name: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly role: Role;
  readonly customers: number;
  readonly tags: readonly string[];
  readonly powerFeeds: readonly string[];
}

/** 99.9 %: the promise when no topology says otherwise. */
const DEFAULT_TARGET_PPM = 999_000;

/** Devices as the topologies describe them, those gone again included, and the objective. */
export interface Roster {
  readonly devices: Map<string, RosterDevice>;
  redundancyGroups: readonly RedundancyGroup[];
  targetPpm: number;
}

/** No devices, and the promise of 99.9 %. */
export function emptyRoster(): Roster {
  return { devices: new Map(), redundancyGroups: [], targetPpm: DEFAULT_TARGET_PPM };
}

/**
 * Takes in a topology. One loaded at `before` or later only adds devices that were not known: with
 * the end of a period there, a later rename, move or new objective leaves its report as it was.
 */
export function applyToRoster(roster: Roster, event: DomainEvent, before: EpochMs): void {
  if (event.type !== 'topology-loaded') return;
  const { topology } = event;
  const isLate = event.at >= before;
  const siteNames = new Map(topology.sites.map(({ id, name }) => [id, name]));
  if (!isLate) {
    roster.targetPpm = topology.targetPpm;
    roster.redundancyGroups = topology.redundancyGroups;
  }
  for (const { id, name, siteId, role, customers, tags, powerFeeds } of topology.devices) {
    if (isLate && roster.devices.has(id)) continue;
    const siteName = siteNames.get(siteId) ?? siteId;
    const device = { id, name, siteId, siteName, role, customers, tags, powerFeeds };
    roster.devices.set(id, device);
  }
}
