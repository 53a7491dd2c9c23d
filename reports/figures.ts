import { ROLES } from '../config/model.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import {
  type Availability,
  addDurations,
  deriveAvailability,
  deriveRatios,
  noDurations,
  nothingProven,
  type ProvenRun,
  type Ratios,
  type StateDurations,
} from './availability.ts';
import type { RosterDevice } from './roster.ts';

/** One device's time in a period, as the ledger booked it. */
export interface DeviceTime {
  readonly device: RosterDevice;
  readonly durations: Readonly<StateDurations>;
  readonly proven: Readonly<ProvenRun>;
  /** The part of the period still to come, 0 for a device that is out of service now. */
  readonly futureMs: DurationMs;
}

/** A part of a device's time in which it was what `device` says. */
export interface DeviceStretch extends DeviceTime {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Both figures over the same time. */
export interface AvailabilityPair {
  readonly durations: Readonly<StateDurations>;
  /** Unseen time in which the device is proven to have run. */
  readonly proven: Readonly<ProvenRun>;
  readonly service: Availability;
  readonly device: Availability;
}

export interface DeviceFigures extends AvailabilityPair {
  readonly facts: RosterDevice;
}

/** Devices taken together: their milliseconds are added up, percentages are never averaged. */
export interface GroupFigures extends AvailabilityPair {
  readonly id: string;
  readonly name: string;
  readonly deviceCount: number;
}

/** Service figures with every device weighted by the customers behind it. */
export interface CustomerFigures extends Ratios {
  readonly customers: number;
  /** Whole customer-minutes out of service, rounded down. */
  readonly lostCustomerMinutes: number;
}

/** The service and the device figure over the same durations. */
export function derivePair(
  durations: Readonly<StateDurations>,
  targetPpm: number,
  futureMs: DurationMs,
  proven: Readonly<ProvenRun> = nothingProven(),
): AvailabilityPair {
  return {
    durations,
    proven,
    service: deriveAvailability(durations, 'service', targetPpm, futureMs),
    device: deriveAvailability(durations, 'device', targetPpm, futureMs, proven),
  };
}

/** The unweighted figures of several devices together: their time is added up, not their ratios averaged. */
export function deriveGroup(
  id: string,
  name: string,
  times: readonly DeviceTime[],
  targetPpm: number,
): GroupFigures {
  const durations = noDurations();
  const proven = nothingProven();
  let futureMs = 0;
  for (const time of times) {
    addDurations(durations, time.durations);
    proven.unknown += time.proven.unknown;
    proven.unreachable += time.proven.unreachable;
    futureMs += time.futureMs;
  }
  const pair = derivePair(durations, targetPpm, futureMs, proven);
  const deviceCount = new Set(times.map(({ device }) => device.id)).size;
  return { id, name, deviceCount, ...pair };
}

/** A group per site that has devices, ordered by site id. */
export function deriveSites(times: readonly DeviceTime[], targetPpm: number): GroupFigures[] {
  const bySite = Map.groupBy(times, ({ device }) => device.siteId);
  return Array.from(bySite.keys())
    .sort(byCodeUnits)
    .map((siteId) => {
      const members = bySite.get(siteId)!;
      return deriveGroup(siteId, members[0]!.device.siteName, members, targetPpm);
    });
}

/** A group per role that has devices, most important role first. */
export function deriveRoles(times: readonly DeviceTime[], targetPpm: number): GroupFigures[] {
  const byRole = Map.groupBy(times, ({ device }) => device.role);
  return ROLES.filter((role) => byRole.has(role)).map((role) =>
    deriveGroup(role, role, byRole.get(role)!, targetPpm),
  );
}

/** A group per tag, ordered by tag; a device with two tags counts in both. */
export function deriveTags(times: readonly DeviceTime[], targetPpm: number): GroupFigures[] {
  return deriveOverlapping(times, targetPpm, ({ tags }) => tags);
}

/** A group per UPS, PDU or rectifier: the devices that hang on it, ordered by its id. */
export function derivePowerFeeds(times: readonly DeviceTime[], targetPpm: number): GroupFigures[] {
  return deriveOverlapping(times, targetPpm, ({ powerFeeds }) => powerFeeds);
}

function deriveOverlapping(
  times: readonly DeviceTime[],
  targetPpm: number,
  keysOf: (device: RosterDevice) => readonly string[],
): GroupFigures[] {
  const names = new Map(times.map(({ device }) => [device.id, device.name]));
  const groups = new Map<string, DeviceTime[]>();
  for (const time of times) {
    for (const key of keysOf(time.device)) {
      const members = groups.get(key);
      if (members === undefined) groups.set(key, [time]);
      else members.push(time);
    }
  }
  return Array.from(groups.keys())
    .sort(byCodeUnits)
    .map((key) => deriveGroup(key, names.get(key) ?? key, groups.get(key)!, targetPpm));
}

const MINUTE_MS = 60_000n;

/** Null when no device has customers declared. */
export function deriveCustomers(
  times: readonly DeviceTime[],
  targetPpm: number,
): CustomerFigures | null {
  const counts = new Map<string, number>();
  let isDeclared = false;
  let good = 0n;
  let bad = 0n;
  let unknown = 0n;
  for (const { device, durations } of times) {
    // Milliseconds times customers leave the safe integers behind within a month.
    const weight = BigInt(device.customers);
    isDeclared ||= device.customers > 0;
    // Of a device whose number changed, the last.
    counts.set(device.id, device.customers);
    good += weight * BigInt(durations.up + durations.degraded);
    bad += weight * BigInt(durations.down + durations.unreachable);
    unknown += weight * BigInt(durations.unknown);
  }
  if (!isDeclared) return null;
  const customers = counts.values().reduce((sum, count) => sum + count, 0);
  const ratios = deriveRatios(good, bad, unknown, targetPpm);
  return { customers, lostCustomerMinutes: Number(bad / MINUTE_MS), ...ratios };
}

/** The order of ids everywhere: the same on every machine, whatever its language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
