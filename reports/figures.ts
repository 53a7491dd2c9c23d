import { ROLES } from '../config/model.ts';
import type { DurationMs } from '../lib/time.ts';
import {
  type Availability,
  addDurations,
  deriveAvailability,
  deriveRatios,
  noDurations,
  type Ratios,
  type StateDurations,
} from './availability.ts';
import type { RosterDevice } from './roster.ts';

/** One device's time in a period, as the ledger booked it. */
export interface DeviceTime {
  readonly device: RosterDevice;
  readonly durations: Readonly<StateDurations>;
  /** The part of the period still to come, 0 for a device that is out of service now. */
  readonly futureMs: DurationMs;
}

/** Both figures over the same time. */
export interface AvailabilityPair {
  readonly durations: Readonly<StateDurations>;
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
): AvailabilityPair {
  return {
    durations,
    service: deriveAvailability(durations, 'service', targetPpm, futureMs),
    device: deriveAvailability(durations, 'device', targetPpm, futureMs),
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
  let futureMs = 0;
  for (const time of times) {
    addDurations(durations, time.durations);
    futureMs += time.futureMs;
  }
  return { id, name, deviceCount: times.length, ...derivePair(durations, targetPpm, futureMs) };
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

const MINUTE_MS = 60_000n;

/** Null when no device has customers declared. */
export function deriveCustomers(
  times: readonly DeviceTime[],
  targetPpm: number,
): CustomerFigures | null {
  let customers = 0;
  let good = 0n;
  let bad = 0n;
  let unknown = 0n;
  for (const { device, durations } of times) {
    // Milliseconds times customers leave the safe integers behind within a month.
    const weight = BigInt(device.customers);
    customers += device.customers;
    good += weight * BigInt(durations.up + durations.degraded);
    bad += weight * BigInt(durations.down + durations.unreachable);
    unknown += weight * BigInt(durations.unknown);
  }
  if (customers === 0) return null;
  const ratios = deriveRatios(good, bad, unknown, targetPpm);
  return { customers, lostCustomerMinutes: Number(bad / MINUTE_MS), ...ratios };
}

/** The order of ids everywhere: the same on every machine, whatever its language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
