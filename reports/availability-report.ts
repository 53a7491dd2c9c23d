import type { DomainEvent } from '../alerting/events.ts';
import type { JournalEntry } from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';
import { type Amendment, touches } from './amendments.ts';
import type { StateDurations } from './availability.ts';
import { type BurnRate, deriveBurnRates } from './burn-rate.ts';
import {
  type CustomerFigures,
  type DeviceFigures,
  type DeviceTime,
  deriveCustomers,
  deriveGroup,
  derivePair,
  derivePowerFeeds,
  deriveRoles,
  deriveSites,
  deriveTags,
  type GroupFigures,
} from './figures.ts';
import { deriveHeatMap, type HeatMap } from './heat-map.ts';
import type { IncidentFigures } from './incident-records.ts';
import { deriveKnownPart, type KnownPart } from './known-part.ts';
import type { Ledger } from './ledger.ts';
import { findLostMoves, type LostMove } from './lost-moves.ts';
import { findOutages, type Outages } from './outages.ts';
import type { Period } from './period.ts';
import { derivePrevious, type PreviousFigures } from './previous-period.ts';
import { deriveRedundancy, type RedundancyFigures } from './redundancy.ts';
import { ReportFold } from './report-fold.ts';
import type { ResponseCompliance } from './response-compliance.ts';
import type { RuleChange } from './roster-history.ts';
import { findServiceEnds, type ServiceEnd } from './service-ends.ts';
import { deriveTimelines, type Timeline } from './timelines.ts';

const WORST_DEVICES = 10;
/** More would not be read. */
const MOST_CHANGES = 200;

/** Availability, error budget and response compliance of a period. */
export interface AvailabilityReport {
  readonly period: Period;
  /** Of one site alone; null: of everything. */
  readonly siteId: string | null;
  /** What is counted: up to here. The end of the period, or what is judged so far (see Ledger.judgedTo). */
  readonly countedTo: EpochMs;
  readonly isRunning: boolean;
  /** In a running period: from here to `countedTo` nobody has observed. Else null. */
  readonly unobservedFrom: EpochMs | null;
  /** How little of it is known; null where that is as good as all. */
  readonly known: KnownPart | null;
  /** In force when the period began. */
  readonly targetPpm: number;
  /** Where no device was in service in the period: when the first one came into service, if any has. */
  readonly firstInServiceAt?: EpochMs;
  /** What was changed while it ran, oldest first: `count` of them, the first are listed. */
  readonly ruleChanges: { readonly listed: readonly RuleChange[]; readonly count: number };
  /** Devices that went out of service while they were down, oldest first; the first are listed. */
  readonly serviceEnds: { readonly listed: readonly ServiceEnd[]; readonly count: number };
  /** Devices that came to another site while they were down, oldest first; the first are listed. */
  readonly lostMoves: { readonly listed: readonly LostMove[]; readonly count: number };
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
  readonly incidents: IncidentFigures;
  readonly tags: readonly GroupFigures[];
  /** Devices by the power system that feeds them. */
  readonly powerFeeds: readonly GroupFigures[];
  readonly redundancyGroups: readonly RedundancyFigures[];
  readonly burnRates: readonly BurnRate[];
  readonly heatMap: HeatMap;
  readonly outages: Outages;
  readonly timelines: readonly Timeline[];
  /** Corrections that touch the period. */
  readonly amendments: readonly Amendment[];
  /** The period before, for comparison; null when nothing was in service in it. */
  readonly previous: PreviousFigures | null;
}

/** What a report may be told beside the journal. */
export interface ReportOptions {
  readonly amendments?: readonly Amendment[];
  /** Only the devices of this site. */
  readonly siteId?: string | null;
}

/**
 * Folds a journal into the report of a period, in one pass and with memory bounded by the number
 * of devices and their changes. Hand in all entries: those before the period set the states it
 * starts with, those after it settle what was open at its end (an outage confirmed a minute later,
 * a late acknowledgement). The report of a closed period does not depend on `now`.
 */
export function buildAvailabilityReport(
  entries: Iterable<JournalEntry<DomainEvent>>,
  period: Period,
  now: EpochMs,
  { amendments = [], siteId = null }: ReportOptions = {},
): AvailabilityReport {
  const fold = new ReportFold(period, amendments, siteId);
  for (const entry of entries) fold.apply(entry);
  return readReport(fold, now, amendments, siteId);
}

/** The report that a fold over the whole journal stands for. Reads the fold for good: once only. */
export function readReport(
  fold: ReportFold,
  now: EpochMs,
  amendments: readonly Amendment[],
  siteId: string | null,
): AvailabilityReport {
  const { period, ledger, segments, history, current } = fold;
  const { from } = period;
  const targetPpm = fold.targetOf(period);
  const countedTo = fold.close(now);
  const redundancyGroups = fold.groupsIn(from, countedTo).flatMap(({ parts, sharedSiteIds }) => {
    const figures = deriveRedundancy(parts, segments, period, countedTo, targetPpm, sharedSiteIds);
    return figures ?? [];
  });
  const ended = findServiceEnds(fold.roster.devices.keys(), segments, from, countedTo);
  const moves = findLostMoves(history.movesIn(from, countedTo), segments, countedTo).filter(
    ({ fromSiteId, toSiteId }) => siteId === null || fromSiteId === siteId || toSiteId === siteId,
  );
  fold.keepToSite();
  const times = fold.times(from, countedTo, period.to);
  const stretches = fold.stretches(times, from, countedTo);
  const figures = deriveFigures(times, targetPpm, stretches);
  const deviceIds = times.map(({ device }) => device.id);
  const outages = findOutages(deviceIds, segments, from, countedTo);
  const there = new Set(deviceIds);
  const told = ended.filter((end) => !isAmended(end, amendments));
  const ends = told.filter(({ deviceId, at }) => at > from && there.has(deviceId));
  // What left at the very start was there until then.
  const concerned = new Set(fold.times(from - 1, countedTo).map(({ device }) => device.id));
  const changes = history.changesIn(from, countedTo, concerned, { ends: told, moves });
  return {
    period,
    siteId,
    countedTo,
    isRunning: countedTo < period.to,
    unobservedFrom: unobservedFrom(ledger, period, countedTo),
    known: deriveKnownPart(times, segments, from, countedTo),
    amendments: amendments.filter(
      (each) =>
        touches(each, period) && (siteId === null || each.deviceIds.some((id) => there.has(id))),
    ),
    responses: fold.readResponses(current, now),
    incidents: fold.readIncidents(current),
    redundancyGroups,
    serviceEnds: { listed: ends.slice(0, MOST_CHANGES), count: ends.length },
    lostMoves: { listed: moves.slice(0, MOST_CHANGES), count: moves.length },
    ruleChanges: { listed: changes.slice(0, MOST_CHANGES), count: changes.length },
    burnRates: deriveBurnRates(stretches, segments, from, countedTo, targetPpm),
    heatMap: deriveHeatMap(times, segments, period, countedTo),
    outages,
    timelines: deriveTimelines(outages, segments, from, countedTo),
    previous: derivePrevious(fold, now),
    ...figures,
    ...(times.length === 0 && fold.firstInServiceAt !== null
      ? { firstInServiceAt: fold.firstInServiceAt }
      : {}),
  };
}

/** Time that a person took out of service is told with the amendment. */
function isAmended({ deviceId, at }: ServiceEnd, amendments: readonly Amendment[]): boolean {
  return amendments.some(
    ({ state, deviceIds, from, to }) =>
      state === 'out-of-service' && from <= at && at < to && deviceIds.includes(deviceId),
  );
}

/** A gap that may still be going on. Those before it are in the figures, as is all of a closed period. */
function unobservedFrom(ledger: Ledger, period: Period, countedTo: EpochMs): EpochMs | null {
  if (countedTo === period.to) return null;
  const { provenTo, settledTo } = ledger.memory;
  const from = Math.max(period.from, provenTo ?? countedTo, settledTo);
  return from < countedTo ? from : null;
}

/**
 * The numbers of a report over booked time; `times` ordered by device id. `stretches`: the same time
 * cut where a device's site, role, customers, tags or feeds changed.
 */
export function deriveFigures(
  times: readonly DeviceTime[],
  targetPpm: number,
  stretches: readonly DeviceTime[] = times,
): Pick<
  AvailabilityReport,
  | 'targetPpm'
  | 'fleet'
  | 'customers'
  | 'sites'
  | 'roles'
  | 'tags'
  | 'powerFeeds'
  | 'devices'
  | 'worstDevices'
> {
  const devices = times.map(({ device, durations, proven, futureMs }) => ({
    facts: device,
    ...derivePair(durations, targetPpm, futureMs, proven),
  }));
  return {
    targetPpm,
    fleet: deriveGroup('all', 'all', times, targetPpm),
    customers: deriveCustomers(stretches, targetPpm),
    sites: deriveSites(stretches, targetPpm),
    roles: deriveRoles(stretches, targetPpm),
    tags: deriveTags(stretches, targetPpm),
    powerFeeds: derivePowerFeeds(stretches, targetPpm),
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
