import type { EpochMs } from '../lib/time.ts';
import type { Availability } from './availability.ts';
import type { AvailabilityReport } from './availability-report.ts';
import type { AvailabilityPair, DeviceFigures, GroupFigures } from './figures.ts';
import type { LostState } from './lost-runs.ts';
import type { ReportDocument } from './report-json.ts';
import type { RuleChange } from './roster-history.ts';

type Pair = Pick<ReportDocument['fleet'], 'statesMs' | 'provenMs' | 'service' | 'device'>;
type Figure = ReportDocument['fleet']['service'];

/**
 * Reads the JSON form of a report back, also one that an earlier version wrote: what it did not have
 * is empty. Rendered again one of this version gives the same document. Throws when it is none.
 */
export function readReportJson(text: string): AvailabilityReport {
  const told = JSON.parse(text) as ReportDocument;
  const siteNames = new Map(told.sites.map(({ id, name }) => [id, name]));
  const devices = told.devices.map((device) => deviceOf(device, siteNames));
  const byId = new Map(devices.map((device) => [device.facts.id, device]));
  const nameOf = (id: string) => byId.get(id)?.facts.name ?? id;
  const group = (id: string, name: string, each: Pair & { deviceCount: number }): GroupFigures => {
    return { id, name, deviceCount: each.deviceCount, ...pairOf(each) };
  };
  return {
    period: { ...told.period, from: at(told.period.from), to: at(told.period.to) },
    siteId: told.siteId,
    countedTo: at(told.countedTo),
    isRunning: told.isRunning,
    unobservedFrom: instant(told.unobservedFrom),
    known: told.known === undefined ? null : { ...told.known, since: instant(told.known.since) },
    targetPpm: told.targetPpm,
    ruleChanges: {
      count: told.ruleChanges?.count ?? 0,
      listed: (told.ruleChanges?.listed ?? []).map((each) => {
        const change = { ...each, at: at(each.at) };
        return isFirstFormat(told) ? ofFirstFormat(change) : change;
      }),
    },
    serviceEnds: {
      count: told.serviceEnds?.count ?? 0,
      listed: (told.serviceEnds?.listed ?? []).map(({ stateSince, ...end }) => {
        return {
          ...end,
          lostSince: at(end.lostSince),
          at: at(end.at),
          backAt: instant(end.backAt),
          ...stateSinceOf(stateSince),
        };
      }),
    },
    lostMoves: {
      count: told.lostMoves?.count ?? 0,
      listed: (told.lostMoves?.listed ?? []).map(({ stateSince, ...move }) => {
        return {
          ...move,
          lostSince: at(move.lostSince),
          at: at(move.at),
          until: instant(move.until),
          ...stateSinceOf(stateSince),
        };
      }),
    },
    fleet: group('all', 'all', told.fleet),
    customers: customersOf(told.customers),
    sites: told.sites.map((each) => group(each.id, each.name, each)),
    roles: told.roles.map((each) => group(each.role, each.role, each)),
    tags: told.tags.map((each) => group(each.tag, each.tag, each)),
    powerFeeds: told.powerFeeds.map((each) => group(each.feedId, nameOf(each.feedId), each)),
    redundancyGroups: told.redundancyGroups.map(
      ({ id, name, deviceIds, need, redundancyLostMs, sharedSiteIds = [], ...pair }) => {
        return { id, name, deviceIds, need, redundancyLostMs, sharedSiteIds, ...pairOf(pair) };
      },
    ),
    devices,
    worstDevices: told.worstDeviceIds.flatMap((id) => byId.get(id) ?? []),
    ...evidenceOf(told),
  };
}

/** How many outages a picture is drawn of; see outages.ts. */
const MOST_DRAWN = 200;

function evidenceOf(told: ReportDocument) {
  const listed = told.outages.longest.map(spanOf);
  return {
    burnRates: told.burnRates.map(({ windows, ...rest }) => {
      const whole = windows.map((each) => ({
        ...each,
        countedMs: each.countedMs ?? each.windowMs,
      }));
      return { ...rest, windows: whole };
    }),
    outages: { listed, longest: listed.slice(0, MOST_DRAWN), count: told.outages.count },
    timelines: (told.timelines ?? []).map(({ deviceId, stretches }) => ({
      deviceId,
      stretches: stretches.map(spanOf),
    })),
    heatMap: {
      buckets: told.heatMap.buckets.map(spanOf),
      all: { deviceId: null, cells: told.heatMap.all },
      devices: told.heatMap.devices,
    },
    amendments: told.amendments.map((each) => ({ ...spanOf(each), at: at(each.at) })),
    previous: previousOf(told.previous),
    responses: { incidentCount: told.incidentCount, tiers: tiersOf(told) },
    incidents: incidentsOf(told.incidents),
  };
}

function isFirstFormat({ format }: { readonly format: string }): boolean {
  return format === 'threenines-availability/1';
}

/** Of a device that was removed while it was lost, `before` was the state that it was in. */
function ofFirstFormat(change: RuleChange): RuleChange {
  const { what, before } = change;
  if (what !== 'removed' || before === '') return change;
  return { ...change, before: '', whileIn: before as LostState };
}

/** `neverAcknowledged` was the name of what was resolved first; all of them were not told by tier. */
function tiersOf(told: ReportDocument): AvailabilityReport['responses']['tiers'] {
  if (!isFirstFormat(told)) return told.responses;
  return told.responses.map(({ neverAcknowledged, ...tier }) => {
    return { ...tier, resolvedFirst: neverAcknowledged ?? 0, neverAcknowledged: null };
  });
}

function incidentsOf({ records, ...figures }: ReportDocument['incidents']) {
  return {
    ...figures,
    withoutTimelineCount: figures.withoutTimelineCount ?? 0,
    repeatOffenderCount: figures.repeatOffenderCount ?? figures.repeatOffenders.length,
    records: records.map((record) => ({
      ...record,
      breachedTiers: record.breachedTiers ?? [],
      startedAt: at(record.startedAt),
      openedAt: at(record.openedAt),
      acknowledgedAt: instant(record.acknowledgedAt),
      resolvedAt: instant(record.resolvedAt),
      timeline: record.timeline?.map((entry) => ({ ...entry, at: at(entry.at) })) ?? null,
    })),
  };
}

function previousOf(told: ReportDocument['previous']): AvailabilityReport['previous'] {
  if (told === null) return null;
  const { service, device, ...rest } = told;
  return { ...rest, service: figureOf(service), device: figureOf(device) };
}

function customersOf(told: ReportDocument['customers']): AvailabilityReport['customers'] {
  if (told === null) return null;
  const { availabilityPpm: ratioPpm, ...rest } = told;
  return { ...rest, ratioPpm };
}

function deviceOf(
  device: ReportDocument['devices'][number],
  siteNames: ReadonlyMap<string, string>,
): DeviceFigures {
  const { id, name, siteId, role, customers, tags, powerFeeds } = device;
  const siteName = device.siteName ?? siteNames.get(siteId) ?? siteId;
  const facts = { id, name, siteId, siteName, role, customers, tags, powerFeeds };
  return { facts, ...pairOf(device) };
}

function pairOf({ statesMs, provenMs, service, device }: Pair): AvailabilityPair {
  return {
    durations: statesMs,
    proven: provenMs,
    service: figureOf(service),
    device: figureOf(device),
  };
}

function figureOf({ availabilityPpm: ratioPpm, ...rest }: Figure): Availability {
  return { ...rest, ratioPpm };
}

function spanOf<Span extends { readonly from: string; readonly to: string }>(span: Span) {
  return { ...span, from: at(span.from), to: at(span.to) };
}

function stateSinceOf(stateSince?: string) {
  return stateSince === undefined ? {} : { stateSince: at(stateSince) };
}

function instant(text: string | null): EpochMs | null {
  return text === null ? null : at(text);
}

function at(text: string): EpochMs {
  return Temporal.Instant.from(text).epochMilliseconds;
}
