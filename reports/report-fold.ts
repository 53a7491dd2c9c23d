import type { DomainEvent } from '../alerting/events.ts';
import type { RedundancyGroup } from '../config/model.ts';
import type { JournalEntry } from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';
import { type Amendment, amendedRanSink, amendedSink, amendmentsByDevice } from './amendments.ts';
import { byCodeUnits, type DeviceStretch, type DeviceTime } from './figures.ts';
import { type IncidentFigures, type IncidentRecord, IncidentRecords } from './incident-records.ts';
import { IncidentSites } from './incident-sites.ts';
import { Ledger } from './ledger.ts';
import type { Timeline } from './ledger-memory.ts';
import { type Period, periodAt } from './period.ts';
import { type ResponseCompliance, ResponseFold } from './response-compliance.ts';
import { applyToRoster, emptyRoster, type RosterDevice } from './roster.ts';
import { RosterHistory, type Stretch } from './roster-history.ts';
import { SegmentStore } from './segments.ts';

/** What is folded beside time, once for the period and once for the one before it. */
export interface Window {
  readonly period: Period;
  readonly responses: ResponseFold;
  readonly incidents: IncidentRecords;
}

/** What a redundancy group was in the parts of a period, and the sites that it is of beside the report's. */
export interface GroupParts {
  readonly parts: readonly Stretch<RedundancyGroup>[];
  readonly sharedSiteIds: readonly string[];
}

/**
 * One pass over a journal for a period and the one before it, with memory bounded by the devices and
 * their changes. Every entry is wanted: those before set the states, those after settle what was open.
 */
export class ReportFold {
  readonly period: Period;
  readonly current: Window;
  readonly previous: Window;
  readonly segments: SegmentStore;
  readonly roster = emptyRoster();
  readonly history = new RosterHistory();
  readonly ledger: Ledger;
  /** When the first device, of the site where the report is of one, came into the configuration. */
  firstInServiceAt: EpochMs | null = null;
  /** Of a site: which incidents are of it; null: all are wanted. */
  readonly #sites: IncidentSites | null;
  /** Only devices of this site; null: all. */
  readonly #siteId: string | null;
  readonly #sink;

  constructor(period: Period, amendments: readonly Amendment[] = [], siteId: string | null = null) {
    this.period = period;
    const before = periodAt(period.kind, period.from - 1, period.timeZone);
    this.current = windowOf(period);
    // A trend tells no stories.
    this.previous = windowOf(before, 0);
    this.#siteId = siteId;
    this.#sites = siteId === null ? null : new IncidentSites(siteId);
    // A millisecond more: what a device comes into at the very end, and how much of it, is of the next.
    const segments = new SegmentStore(Math.min(before.from, period.from), period.to + 1);
    this.segments = segments;
    const byDevice = amendmentsByDevice(amendments);
    this.#sink = amendedSink(byDevice, (...interval) => segments.add(...interval));
    const ranSink = amendedRanSink(byDevice, (...span) => segments.addProven(...span));
    this.ledger = new Ledger(this.#sink, undefined, ranSink);
  }

  apply({ event }: Pick<JournalEntry<DomainEvent>, 'event'>): void {
    this.ledger.apply(event);
    this.#sites?.apply(event);
    if (event.type === 'lease-renewed') return;
    if (event.type === 'health-changed') {
      const { deviceId, to, since, at } = event;
      if (to === 'up' || to === 'degraded') this.segments.addAnswer(deviceId, Math.min(since, at));
      return;
    }
    for (const window of [this.current, this.previous]) {
      window.responses.apply(event);
      window.incidents.apply(event);
    }
    this.#noteFirst(event);
    applyToRoster(this.roster, event, this.period.to);
    this.history.apply(event, this.period.to);
  }

  #noteFirst(event: DomainEvent): void {
    if (this.firstInServiceAt !== null || event.type !== 'topology-loaded') return;
    const isOfReport = (siteId: string) => this.#siteId === null || siteId === this.#siteId;
    if (event.topology.devices.some(({ siteId }) => isOfReport(siteId)))
      this.firstInServiceAt = event.at;
  }

  /** The response clocks of a window, of the site where the report is of one. */
  readResponses({ responses }: Window, now: EpochMs): ResponseCompliance {
    return responses.read(this.ledger.notBefore(now), this.#isWanted);
  }

  /** The incidents of a window; in the report of a site those of it, with where else their cause is. */
  readIncidents({ incidents, responses }: Window): IncidentFigures {
    const { records, unlistedCount, withoutTimelineCount, acknowledge, resolve, ...rest } =
      incidents.read(this.#isWanted);
    return {
      records: this.#markElsewhere(records),
      ...{ unlistedCount, withoutTimelineCount, acknowledge, resolve },
      neverAcknowledgedCount: responses.neverAcknowledgedCount(this.#isWanted),
      ...rest,
    };
  }

  #markElsewhere(records: readonly IncidentRecord[]): readonly IncidentRecord[] {
    const sites = this.#sites;
    if (sites === null) return records;
    return records.map((record) => {
      const rootElsewhere = sites.rootElsewhere(record.id);
      return rootElsewhere === null ? record : { ...record, rootElsewhere };
    });
  }

  readonly #isWanted = (incidentId: string) => this.#sites?.has(incidentId) ?? true;

  /** Books what is still open, up to where time can be judged at `now`, and returns that instant. Once only. */
  close(now: EpochMs): EpochMs {
    const { from, to } = this.period;
    const countedTo = Math.max(from, Math.min(to, this.ledger.judgedTo(now)));
    this.ledger.readOpen(countedTo === to ? to + 1 : countedTo, this.#sink);
    return countedTo;
  }

  /**
   * To a site's report, what a device did while it was elsewhere is time out of service. Once only, and
   * after what is of several sites has been counted.
   */
  keepToSite(): void {
    if (this.#siteId !== null) this.#maskOtherSites(this.#siteId);
  }

  /**
   * The redundancy groups of `[from, to)`, each as one thing wherever its members are. Of a site: those
   * with a member that was at it in that time, with the other sites that they are of.
   */
  groupsIn(from: EpochMs, to: EpochMs): GroupParts[] {
    return this.history.groupsIn(from, to).flatMap((parts) => {
      if (this.#siteId === null) return [{ parts, sharedSiteIds: [] }];
      const memberIds = new Set(parts.flatMap(({ value }) => value.deviceIds));
      const siteIds = new Set<string>();
      for (const id of memberIds) {
        for (const { value } of this.history.stretchesOf(id, from, to)) siteIds.add(value.siteId);
      }
      if (!siteIds.delete(this.#siteId)) return [];
      return [{ parts, sharedSiteIds: Array.from(siteIds).sort(byCodeUnits) }];
    });
  }

  /** The objective of a period: the one in force when it begins. */
  targetOf({ from }: Period): number {
    return this.history.objectiveAt(from, this.roster.targetPpm);
  }

  /**
   * The same time in stretches in which a device's site, role, customers, tags and feeds did not
   * change: a stretch for nearly every device, which is then its time as it is.
   */
  stretches(times: readonly DeviceTime[], from: EpochMs, to: EpochMs): DeviceStretch[] {
    return times.flatMap((time): DeviceStretch[] => {
      const { id } = time.device;
      const parts = this.history.stretchesOf(id, from, to);
      if (parts.length < 2) return [{ ...time, from, to }];
      return parts.map(({ value: device, ...part }) => ({
        ...part,
        device,
        durations: this.segments.durations(id, part.from, part.to),
        proven: this.segments.proven(id, part.from, part.to),
        futureMs: part.to === to ? time.futureMs : 0,
      }));
    });
  }

  #maskOtherSites(siteId: string): void {
    const { from, to } = this.segments;
    for (const id of this.roster.devices.keys()) {
      for (const { value, ...part } of this.history.stretchesOf(id, from, to)) {
        if (value.siteId !== siteId) this.segments.mask(id, part.from, part.to);
      }
    }
  }

  /** The devices in service at some time in `[from, to)`, ordered by id. `endsAt`: up to where a future counts. */
  times(from: EpochMs, to: EpochMs, endsAt: EpochMs = to): DeviceTime[] {
    const times: DeviceTime[] = [];
    if (to <= from) return times;
    for (const device of this.roster.devices.values()) {
      if (!this.#isAtSite(device)) continue;
      if (!this.segments.has(device.id)) continue;
      const durations = this.segments.durations(device.id, from, to);
      if (durations['out-of-service'] === to - from) continue;
      const proven = this.segments.proven(device.id, from, to);
      const timeline = this.ledger.memory.timelines.get(device.id)!;
      // One that has left the site by now has no future there.
      const isHere = this.#siteId === null || device.siteId === this.#siteId;
      const futureMs = isHere ? futureService(timeline, to, endsAt) : 0;
      times.push({ device, durations, proven, futureMs });
    }
    return times.sort((a, b) => byCodeUnits(a.device.id, b.device.id));
  }

  /** Whether it is of the site at any time that is kept; those that never were are out at once. */
  #isAtSite({ id, siteId }: RosterDevice): boolean {
    if (this.#siteId === null || siteId === this.#siteId) return true;
    const { from, to } = this.segments;
    const parts = this.history.stretchesOf(id, from, to);
    return parts.some(({ value }) => value.siteId === this.#siteId);
  }
}

/** The part of `[from, to)` in which a device will be in service, by what is known now. */
export function futureService(timeline: Timeline, from: EpochMs, to: EpochMs): number {
  if (!timeline.inService) return 0;
  const start = Math.max(from, timeline.commissionedAt ?? from);
  return Math.max(0, Math.min(to, timeline.retiredAt ?? to) - start);
}

function windowOf(period: Period, mostTimelines?: number): Window {
  const { from, to } = period;
  return {
    period,
    responses: new ResponseFold(from, to),
    incidents: new IncidentRecords(from, to, mostTimelines),
  };
}
