import {
  type DomainEvent,
  type Health,
  LEASE_INTERVAL_MS,
  subjectOf,
} from '../../alerting/events.ts';
import type { Topology, TopologyDevice } from '../../alerting/topology.ts';
import type { MaintenanceWindow, Role } from '../../config/model.ts';
import type { JournalEntry } from '../../lib/journal.ts';
import type { EpochMs } from '../../lib/time.ts';
import type { Period } from '../../reports/period.ts';

/** All stories are told in seconds after this instant. */
export const STORY_START = Date.UTC(2026, 10, 1);

export function second(seconds: number): EpochMs {
  return STORY_START + seconds * 1000;
}

/** A period that is no calendar one: `[from, to)` in seconds. */
export function stretch(from: number, to: number): Period {
  return { kind: 'day', name: 'story', timeZone: 'UTC', from: second(from), to: second(to) };
}

export function started(at: number): DomainEvent {
  return { type: 'service-started', at: second(at), version: '1' };
}

export function stopped(at: number): DomainEvent {
  return { type: 'service-stopped', at: second(at) };
}

export function lease(at: number): DomainEvent {
  return { type: 'lease-renewed', at: second(at) };
}

/** `device` has been `to` since `since`, confirmed at `at`; it proves not to have restarted since `ranSince`. */
export function health(
  at: number,
  since: number,
  to: Health,
  device = 'a',
  ranSince?: number,
): DomainEvent {
  return {
    type: 'health-changed',
    at: second(at),
    deviceId: device,
    from: 'unknown',
    to,
    since: second(since),
    reason: 'confirmed-failure',
    ...(ranSince === undefined ? {} : { ranSince: second(ranSince) }),
  };
}

export interface DeviceSketch {
  readonly id: string;
  readonly siteId?: string;
  readonly tags?: readonly string[];
  readonly role?: Role;
  readonly customers?: number;
  readonly powerFeeds?: readonly string[];
  /** Seconds of the story. */
  readonly commissionedAt?: number;
  readonly retiredAt?: number;
}

export function topology(
  at: number,
  devices: readonly (string | DeviceSketch)[] = ['a'],
  windows: readonly MaintenanceWindow[] = [],
  targetPpm = 999_000,
): DomainEvent {
  const sketches = devices.map((device) => (typeof device === 'string' ? { id: device } : device));
  const siteIds = new Set(sketches.map(({ siteId }: DeviceSketch) => siteId ?? 'site-1'));
  const tier = { acknowledgeWithinMs: 900_000, reminderRatios: [], repeatEveryMs: null };
  const body: Topology = {
    devices: sketches.map(describeDevice),
    sites: Array.from(siteIds, (id) => ({ id, name: `Site ${id}`, timeZone: 'UTC' })),
    redundancyGroups: [],
    people: [],
    channels: [],
    escalationPolicies: [],
    tiers: { 1: tier, 2: tier, 3: tier, 4: tier },
    gradingRules: [],
    maintenanceWindows: windows,
    flapping: { windowMs: 1, enterAbove: 1, leaveBelow: 1 },
    targetPpm,
    timeZone: 'UTC',
  };
  return { type: 'topology-loaded', at: second(at), hash: '', topology: body };
}

function describeDevice(sketch: DeviceSketch): TopologyDevice {
  return {
    id: sketch.id,
    name: `Device ${sketch.id}`,
    siteId: sketch.siteId ?? 'site-1',
    role: sketch.role ?? 'access',
    parents: [],
    powerFeeds: sketch.powerFeeds ?? [],
    tags: sketch.tags ?? [],
    customers: sketch.customers ?? 0,
    failuresToConfirm: 3,
    successesToClear: 1,
    ...(sketch.commissionedAt === undefined
      ? {}
      : { commissionedAt: second(sketch.commissionedAt) }),
    ...(sketch.retiredAt === undefined ? {} : { retiredAt: second(sketch.retiredAt) }),
    staleAfterMs: 60_000,
  };
}

export function window(
  id: string,
  startsAt: number,
  endsAt: number,
  scope: Partial<Pick<MaintenanceWindow, 'deviceIds' | 'siteIds' | 'tags'>> = { deviceIds: ['a'] },
): MaintenanceWindow {
  return {
    id,
    reason: 'planned',
    owner: 'duty-primary',
    startsAt: second(startsAt),
    endsAt: second(endsAt),
    deviceIds: [],
    siteIds: [],
    tags: [],
    ...scope,
  };
}

/** Leases from `from` to `to`, both included, as a working service renews them. */
export function leases(from: number, to: number): DomainEvent[] {
  const step = LEASE_INTERVAL_MS / 1000;
  const found: DomainEvent[] = [];
  for (let at = from; at <= to; at += step) found.push(lease(at));
  return found;
}

/** Puts events in the order of their instants, those of one instant as they are given. */
export function inOrder(
  ...events: readonly (DomainEvent | readonly DomainEvent[])[]
): DomainEvent[] {
  return events.flat().sort((a: DomainEvent, b: DomainEvent) => a.at - b.at);
}

export function toEntries(events: readonly DomainEvent[]): JournalEntry<DomainEvent>[] {
  return events.map((event, index) => ({
    sequence: index + 1,
    at: event.at,
    subject: subjectOf(event),
    event,
    hash: '',
  }));
}
