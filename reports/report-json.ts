import { type EpochMs, formatInstant } from '../lib/time.ts';
import type { Availability } from './availability.ts';
import type { AvailabilityReport } from './availability-report.ts';
import type { AvailabilityPair, DeviceFigures } from './figures.ts';
import type { IncidentFigures } from './incident-records.ts';
import type { KnownPart } from './known-part.ts';
import type { PreviousFigures } from './previous-period.ts';
import type { RedundancyFigures } from './redundancy.ts';
import type { FrozenMark } from './report-notes.ts';
import type { Timeline } from './timelines.ts';

const REPORT_FORMAT = 'threenines-availability/2';

/**
 * The report as JSON, indented, ending in a line feed; equal reports give equal bytes. Fields only
 * ever get added to this form; anything else raises the number in `format`. (In the first, `resolvedFirst`
 * was called `neverAcknowledged`, and `before` of a change was what `whileIn` is.)
 *
 * - Instants (`from`, `to`, `countedTo`) are RFC 3339 in UTC; the period is half-open `[from, to)`.
 * - `countedTo` is the end of the period or, while it runs, the last proof of observation;
 *   `unobservedFrom` is set when nobody has observed from then to `countedTo`.
 * - `known`, where little of the period is: `measuredMs` of the `wholeMs` of all devices, `since` when
 *   (null: from its start, or never). It is left out where the period is known as good as whole.
 * - `…Ms` are whole milliseconds, `…Ppm` parts per million rounded down (998996 is 99.8996 %), null
 *   where there is no time to judge; `…Minutes` whole minutes rounded down.
 * - `statesMs`: time per state `up, degraded, down, unreachable, maintenance, unknown,
 *   out-of-service`; it adds up to the counted length of the period times the number of devices.
 * - `service` and `device` are the two figures (as customers saw it; the device's own faults), each
 *   with `availabilityPpm`, its bounds `lowPpm` and `highPpm`, `coveragePpm`, `agreedMs` (time under
 *   the promise so far), `budgetMs` for the whole period, `usedMs`, `leftMs` (negative when
 *   overdrawn) and `verdict`: `met`, `missed` or `not-proven`.
 * - `projectedUsedMs`: what is used at the end of the period if the rest of it goes like the part counted.
 * - `verdictOn`: what every `verdict` is about, `period` or, while it runs, `period-so-far`: up to
 *   `countedTo`, unlike the budget. `missed` so far can still become `met` unless `leftMs` is negative.
 * - `provenMs`: unseen time in which the device is proven to have run; good for `device`, not for `service`.
 * - `tags` and `powerFeeds` (devices by what feeds them) overlap; `redundancyGroups` count as one thing,
 *   in the report of each site that a member is at: `sharedSiteIds` are then the other sites of it.
 *   A group is `unreachable` where members behind a dead parent could have carried it; see group-state.ts.
 * - `burnRates[].windows[]`: `rateMilli` 1000 uses up exactly the budget; null without measured time;
 *   `countedMs` is less than `windowMs` where the window would begin before the period.
 * - `heatMap`: parts of the period, for all devices together and for those with the most time lost.
 * - `outages.longest`: `[from, to)` clipped to the period, longest first: all of them, unless `count`
 *   is larger than the list; then the shortest are left out.
 * - `timelines`: of the devices with the longest outages, every stretch that was not `up`.
 * - `incidents`: those that opened in the period, all of them, with breaches, pages and their timeline;
 *   it is left out where there are more than can be kept (`withoutTimelineCount`). Figures are of all.
 *   `neverAcknowledgedCount`: `neverAcknowledged` of all tiers; an incident that was open twice has two
 *   response clocks. `resolve` is the time open: `restoredMs`, in which one that came back was resolved
 *   in between, is not in it.
 * - In the report of a site, incidents and response clocks are those of it: their cause, something
 *   that folded into them, or something that they left without a path is at it. `rootElsewhere` is there where the cause is at another site.
 * - `frozen`: when, by whom and from which entry of the journal; null while figures can still change.
 * - `targetPpm`: in force when the period began. `ruleChanges`: what was changed while it ran, each
 *   stretch of time being counted by what was in force in it; of more than 200 the first are listed.
 *   Devices are `added` and `removed`. `commissioned` and `retired` are instants, empty for none; when
 *   such a day comes, the device is `in-service` or `out-of-service`.
 *   `whileIn`: the state of a device that left, or moved, while it was lost.
 * - `serviceEnds`, left out when there are none: devices that went out of service, removed or retired,
 *   while they were down; their time from `at` on, until `backAt`, is in no figure.
 * - `lostMoves`, left out when there are none: devices that came to another site at `at` while they were
 *   down; the outage counts at one site before, at the other from then on, to `until` (null: it goes on).
 *   In both, `stateSince`, where it did not answer since before it was in `state`; `hasMaintenance`:
 *   part of the outage was in planned work, which is in no figure.
 * - `previous`: the period before; null when nothing was in service in it.
 * - `amendments`: corrections that touch the period, by whom and why.
 * - `responses[]`: response clocks per tier, each counted once in `acknowledgedInTime`, `breached`,
 *   `resolvedFirst` (resolved before the deadline without an acknowledgement) or `running`. A breach is
 *   counted under the tier whose clock ran out, whatever the incident was graded later.
 *   `neverAcknowledged`: those that ended with the incident resolved and nobody having acknowledged: all
 *   of `resolvedFirst`, and of `breached` those that nobody answered late either.
 */
export function renderReportJson(
  report: AvailabilityReport,
  frozen: FrozenMark | null = null,
): string {
  return `${JSON.stringify(toDocument(report, frozen), null, 2)}\n`;
}

/** The document before it is text; see read-report-json.ts for the way back. */
export type ReportDocument = ReturnType<typeof toDocument>;

function toDocument(report: AvailabilityReport, frozen: FrozenMark | null) {
  const { period, fleet, customers, responses } = report;
  return {
    format: REPORT_FORMAT,
    period: {
      name: period.name,
      kind: period.kind,
      timeZone: period.timeZone,
      from: formatInstant(period.from),
      to: formatInstant(period.to),
    },
    countedTo: formatInstant(report.countedTo),
    isRunning: report.isRunning,
    verdictOn: report.isRunning ? 'period-so-far' : 'period',
    unobservedFrom: report.unobservedFrom === null ? null : formatInstant(report.unobservedFrom),
    ...(report.known === null ? {} : { known: knownDocument(report.known) }),
    targetPpm: report.targetPpm,
    frozen: frozen === null ? null : frozenDocument(frozen),
    ...(report.serviceEnds.count === 0 ? {} : { serviceEnds: endsDocument(report) }),
    ...(report.lostMoves.count === 0 ? {} : { lostMoves: movesDocument(report) }),
    ruleChanges: changesDocument(report),
    fleet: { deviceCount: fleet.deviceCount, ...pairDocument(fleet) },
    customers:
      customers === null
        ? null
        : {
            customers: customers.customers,
            lostCustomerMinutes: customers.lostCustomerMinutes,
            ...ratioDocument(customers),
          },
    siteId: report.siteId,
    sites: report.sites.map(({ id, name, deviceCount, ...pair }) => {
      return { id, name, deviceCount, ...pairDocument(pair) };
    }),
    roles: report.roles.map(({ id, deviceCount, ...pair }) => {
      return { role: id, deviceCount, ...pairDocument(pair) };
    }),
    tags: report.tags.map(({ id, deviceCount, ...pair }) => {
      return { tag: id, deviceCount, ...pairDocument(pair) };
    }),
    powerFeeds: report.powerFeeds.map(({ id, deviceCount, ...pair }) => {
      return { feedId: id, deviceCount, ...pairDocument(pair) };
    }),
    redundancyGroups: report.redundancyGroups.map(redundancyDocument),
    burnRates: report.burnRates,
    outages: outagesDocument(report),
    timelines: report.timelines.map(timelineDocument),
    heatMap: {
      buckets: report.heatMap.buckets.map(({ label, ...span }) => {
        return { label, ...spanDocument(span) };
      }),
      all: report.heatMap.all.cells,
      devices: report.heatMap.devices,
    },
    amendments: report.amendments.map((amendment) => ({
      ...amendment,
      at: formatInstant(amendment.at),
      ...spanDocument(amendment),
    })),
    previous: report.previous === null ? null : previousDocument(report.previous),
    incidents: incidentsDocument(report.incidents),
    worstDeviceIds: report.worstDevices.map(({ facts }) => facts.id),
    devices: report.devices.map(deviceDocument),
    incidentCount: responses.incidentCount,
    responses: responses.tiers,
  };
}

function knownDocument({ since, measuredMs, wholeMs, deviceCount }: KnownPart) {
  return { since: since === null ? null : formatInstant(since), measuredMs, wholeMs, deviceCount };
}

function changesDocument({ ruleChanges: { count, listed } }: AvailabilityReport) {
  return { count, listed: listed.map((each) => ({ ...each, at: formatInstant(each.at) })) };
}

function endsDocument({ serviceEnds: { count, listed } }: AvailabilityReport) {
  return {
    count,
    listed: listed.map(({ deviceId, state, lostSince, at, backAt, stateSince, ...rest }) => ({
      deviceId,
      state,
      lostSince: formatInstant(lostSince),
      at: formatInstant(at),
      backAt: backAt === null ? null : formatInstant(backAt),
      ...stateSinceDocument(stateSince),
      ...rest,
    })),
  };
}

function movesDocument({ lostMoves: { count, listed } }: AvailabilityReport) {
  return {
    count,
    listed: listed.map(({ lostSince, at, until, stateSince, ...rest }) => ({
      ...rest,
      lostSince: formatInstant(lostSince),
      at: formatInstant(at),
      until: until === null ? null : formatInstant(until),
      ...stateSinceDocument(stateSince),
    })),
  };
}

function stateSinceDocument(stateSince?: EpochMs) {
  return stateSince === undefined ? {} : { stateSince: formatInstant(stateSince) };
}

function outagesDocument({ outages: { count, listed } }: AvailabilityReport) {
  return { count, longest: listed.map((outage) => ({ ...outage, ...spanDocument(outage) })) };
}

function frozenDocument({ revision, frozenAt, by, throughSequence, inputsHash }: FrozenMark) {
  return { revision, at: formatInstant(frozenAt), by, throughSequence, inputsHash };
}

function redundancyDocument(group: RedundancyFigures) {
  const { id, name, deviceIds, need, redundancyLostMs, sharedSiteIds, ...pair } = group;
  const shared = sharedSiteIds.length === 0 ? {} : { sharedSiteIds };
  return { id, name, deviceIds, need, redundancyLostMs, ...shared, ...pairDocument(pair) };
}

function deviceDocument({ facts, ...pair }: DeviceFigures) {
  const { id, name, siteId, siteName, role, customers, tags, powerFeeds } = facts;
  return { id, name, siteId, siteName, role, customers, tags, powerFeeds, ...pairDocument(pair) };
}

function timelineDocument({ deviceId, stretches }: Timeline) {
  return {
    deviceId,
    stretches: stretches.map(({ state, ...span }) => ({ state, ...spanDocument(span) })),
  };
}

function spanDocument({ from, to }: { readonly from: EpochMs; readonly to: EpochMs }) {
  return { from: formatInstant(from), to: formatInstant(to) };
}

function previousDocument({ service, device, ...rest }: PreviousFigures) {
  return { ...rest, service: figureDocument(service), device: figureDocument(device) };
}

function incidentsDocument({ records, ...figures }: IncidentFigures) {
  const instant = (at: EpochMs | null) => (at === null ? null : formatInstant(at));
  return {
    ...figures,
    records: records.map((record) => ({
      ...record,
      startedAt: formatInstant(record.startedAt),
      openedAt: formatInstant(record.openedAt),
      acknowledgedAt: instant(record.acknowledgedAt),
      resolvedAt: instant(record.resolvedAt),
      timeline: record.timeline?.map((entry) => ({ ...entry, at: formatInstant(entry.at) })),
    })),
  };
}

function pairDocument({ durations, proven, service, device }: AvailabilityPair) {
  return {
    statesMs: durations,
    provenMs: proven,
    service: figureDocument(service),
    device: figureDocument(device),
  };
}

function figureDocument(figure: Availability) {
  const { agreedMs, budgetMs, usedMs, leftMs, projectedUsedMs } = figure;
  return { ...ratioDocument(figure), agreedMs, budgetMs, usedMs, leftMs, projectedUsedMs };
}

function ratioDocument({
  ratioPpm,
  lowPpm,
  highPpm,
  coveragePpm,
  verdict,
}: Pick<Availability, 'ratioPpm' | 'lowPpm' | 'highPpm' | 'coveragePpm' | 'verdict'>) {
  return { availabilityPpm: ratioPpm, lowPpm, highPpm, coveragePpm, verdict };
}
