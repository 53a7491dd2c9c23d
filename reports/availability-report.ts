import type { DomainEvent } from '../alerting/events.ts';
import type { JournalEntry } from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';
import { noDurations, type StateDurations } from './availability.ts';
import {
  byCodeUnits,
  type CustomerFigures,
  type DeviceFigures,
  type DeviceTime,
  deriveCustomers,
  deriveGroup,
  derivePair,
  deriveRoles,
  deriveSites,
  type GroupFigures,
} from './figures.ts';
import { Ledger, type LedgerState } from './ledger.ts';
import type { Period } from './period.ts';
import { type ResponseCompliance, ResponseFold } from './response-compliance.ts';
import { applyToRoster, emptyRoster } from './roster.ts';

const WORST_DEVICES = 10;

/** Availability, error budget and response compliance of a period. */
export interface AvailabilityReport {
  readonly period: Period;
  /** What is counted: up to here. The end of the period, or what is judged so far (see Ledger.judgedTo). */
  readonly countedTo: EpochMs;
  readonly isRunning: boolean;
  /** In a running period: from here to `countedTo` nobody has observed. Else null. */
  readonly unobservedFrom: EpochMs | null;
  readonly targetPpm: number;
  /** All devices, unweighted. */
  readonly fleet: GroupFigures;
  readonly customers: CustomerFigures | null;
  readonly sites: readonly GroupFigures[];
  readonly roles: readonly GroupFigures[];
  /** Every device in service at some time in the period, ordered by id. */
  readonly devices: readonly DeviceFigures[];
  /** Up to ten devices with the most time down or unreachable, worst first; those without any are left out. */
  readonly worstDevices: readonly DeviceFigures[];
  readonly responses: ResponseCompliance;
}

/**
 * Folds a journal into the report of a period, in one pass and with memory bounded by the number
 * of devices. Hand in all entries: those before the period set the states it starts with, those
 * after it settle what was open at its end (an outage confirmed a minute later, a late
 * acknowledgement). The report of a closed period does not depend on `now`.
 */
export function buildAvailabilityReport(
  entries: Iterable<JournalEntry<DomainEvent>>,
  period: Period,
  now: EpochMs,
): AvailabilityReport {
  const times = new Map<string, StateDurations>();
  const addWithin = (countedTo: EpochMs) => {
    return (deviceId: string, state: LedgerState, from: EpochMs, to: EpochMs) => {
      const countedMs = Math.min(to, countedTo) - Math.max(from, period.from);
      if (countedMs <= 0) return;
      const durations = times.get(deviceId) ?? noDurations();
      durations[state] += countedMs;
      times.set(deviceId, durations);
    };
  };
  const ledger = new Ledger(addWithin(period.to));
  const roster = emptyRoster();
  const responses = new ResponseFold(period.from, period.to);
  for (const { event } of entries) {
    ledger.apply(event);
    responses.apply(event);
    applyToRoster(roster, event, period.to);
  }
  const countedTo = Math.max(period.from, Math.min(period.to, ledger.judgedTo(now)));
  ledger.readOpen(countedTo, addWithin(countedTo));
  const inPeriod: DeviceTime[] = [];
  for (const device of roster.devices.values()) {
    const durations = times.get(device.id);
    if (durations === undefined || !wasInService(durations)) continue;
    const staysInService = ledger.memory.timelines.get(device.id)?.inService === true;
    inPeriod.push({ device, durations, futureMs: staysInService ? period.to - countedTo : 0 });
  }
  inPeriod.sort((a, b) => byCodeUnits(a.device.id, b.device.id));
  return {
    period,
    countedTo,
    isRunning: countedTo < period.to,
    unobservedFrom: unobservedFrom(ledger, period, countedTo),
    responses: responses.read(ledger.notBefore(now)),
    ...deriveFigures(inPeriod, roster.targetPpm),
  };
}

/** A gap that may still be going on. Those before it are in the figures, as is all of a closed period. */
function unobservedFrom(ledger: Ledger, period: Period, countedTo: EpochMs): EpochMs | null {
  if (countedTo === period.to) return null;
  const { provenTo, settledTo } = ledger.memory;
  const from = Math.max(period.from, provenTo ?? countedTo, settledTo);
  return from < countedTo ? from : null;
}

/** The numbers of a report over booked time; `times` ordered by device id. */
export function deriveFigures(
  times: readonly DeviceTime[],
  targetPpm: number,
): Pick<
  AvailabilityReport,
  'targetPpm' | 'fleet' | 'customers' | 'sites' | 'roles' | 'devices' | 'worstDevices'
> {
  const devices = times.map(({ device, durations, futureMs }) => ({
    facts: device,
    ...derivePair(durations, targetPpm, futureMs),
  }));
  return {
    targetPpm,
    fleet: deriveGroup('all', 'all', times, targetPpm),
    customers: deriveCustomers(times, targetPpm),
    sites: deriveSites(times, targetPpm),
    roles: deriveRoles(times, targetPpm),
    devices,
    worstDevices: devices
      .filter(({ service }) => service.usedMs > 0)
      .sort((a, b) => b.service.usedMs - a.service.usedMs)
      .slice(0, WORST_DEVICES),
  };
}

/** Whether a device had any time in service: one that had none has no figures. */
export function wasInService(durations: Readonly<StateDurations>): boolean {
  const { 'out-of-service': _, ...inService } = durations;
  return Object.values(inService).some((ms) => ms > 0);
}
