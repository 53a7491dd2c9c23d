import type { DomainEvent } from '../alerting/events.ts';
import type { Topology } from '../alerting/topology.ts';
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
  /** Objectives that held before, oldest first, each until an instant; left out while there was only one. */
  earlierTargets?: { readonly until: EpochMs; readonly targetPpm: number }[];
}

/** More changes of the objective than anybody makes in the longest period. */
const MOST_EARLIER_TARGETS = 1_000;

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
  if (!isLate) {
    changeTarget(roster, topology.targetPpm, event.at);
    roster.redundancyGroups = topology.redundancyGroups;
  }
  for (const device of describeDevices(topology)) {
    if (isLate && roster.devices.has(device.id)) continue;
    roster.devices.set(device.id, device);
  }
}

/** The objective that held at `at`, the first known one before all others. */
export function targetAt({ earlierTargets = [], targetPpm }: Roster, at: EpochMs): number {
  return earlierTargets.find(({ until }) => at < until)?.targetPpm ?? targetPpm;
}

function changeTarget(roster: Roster, targetPpm: number, at: EpochMs): void {
  // Until the first topology there is nobody to whom anything was promised.
  if (roster.devices.size > 0 && roster.targetPpm !== targetPpm) {
    roster.earlierTargets ??= [];
    roster.earlierTargets.push({ until: at, targetPpm: roster.targetPpm });
    if (roster.earlierTargets.length > MOST_EARLIER_TARGETS) roster.earlierTargets.shift();
  }
  roster.targetPpm = targetPpm;
}

/** The devices of a topology as reports know them. */
export function* describeDevices(topology: Topology): Generator<RosterDevice> {
  const siteNames = new Map(topology.sites.map(({ id, name }) => [id, name]));
  for (const { id, name, siteId, role, customers, tags, powerFeeds } of topology.devices) {
    const siteName = siteNames.get(siteId) ?? siteId;
    yield { id, name, siteId, siteName, role, customers, tags, powerFeeds };
  }
}
