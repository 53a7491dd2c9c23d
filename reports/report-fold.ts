import type { DomainEvent } from '../alerting/events.ts';
import type { JournalEntry } from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';
import { type Amendment, amendedRanSink, amendedSink, amendmentsByDevice } from './amendments.ts';
import { byCodeUnits, type DeviceTime } from './figures.ts';
import { IncidentRecords } from './incident-records.ts';
import { Ledger } from './ledger.ts';
import type { Timeline } from './ledger-memory.ts';
import { type Period, periodAt } from './period.ts';
import { ResponseFold } from './response-compliance.ts';
import { applyToRoster, emptyRoster } from './roster.ts';
import { SegmentStore } from './segments.ts';

/** What is folded beside time, once for the period and once for the one before it. */
export interface Window {
  readonly period: Period;
  readonly responses: ResponseFold;
  readonly incidents: IncidentRecords;
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
  readonly ledger: Ledger;
  /** Only devices of this site; null: all. */
  readonly #siteId: string | null;
  readonly #sink;

  constructor(period: Period, amendments: readonly Amendment[] = [], siteId: string | null = null) {
    this.period = period;
    const before = periodAt(period.kind, period.from - 1, period.timeZone);
    this.current = windowOf(period);
    this.previous = windowOf(before);
    this.#siteId = siteId;
    const segments = new SegmentStore(Math.min(before.from, period.from), period.to);
    this.segments = segments;
    const byDevice = amendmentsByDevice(amendments);
    this.#sink = amendedSink(byDevice, (...interval) => segments.add(...interval));
    const ranSink = amendedRanSink(byDevice, (...span) => segments.addProven(...span));
    this.ledger = new Ledger(this.#sink, undefined, ranSink);
  }

  apply({ event }: Pick<JournalEntry<DomainEvent>, 'event'>): void {
    this.ledger.apply(event);
    if (event.type === 'health-changed' || event.type === 'lease-renewed') return;
    for (const window of [this.current, this.previous]) {
      window.responses.apply(event);
      window.incidents.apply(event);
    }
    applyToRoster(this.roster, event, this.period.to);
  }

  /** Books what is still open, up to where time can be judged at `now`, and returns that instant. Once only. */
  close(now: EpochMs): EpochMs {
    const { from, to } = this.period;
    const countedTo = Math.max(from, Math.min(to, this.ledger.judgedTo(now)));
    this.ledger.readOpen(countedTo, this.#sink);
    return countedTo;
  }

  /** The devices in service at some time in `[from, to)`, ordered by id. `endsAt`: up to where a future counts. */
  times(from: EpochMs, to: EpochMs, endsAt: EpochMs = to): DeviceTime[] {
    const times: DeviceTime[] = [];
    if (to <= from) return times;
    for (const device of this.roster.devices.values()) {
      if (this.#siteId !== null && device.siteId !== this.#siteId) continue;
      if (!this.segments.has(device.id)) continue;
      const durations = this.segments.durations(device.id, from, to);
      if (durations['out-of-service'] === to - from) continue;
      const proven = this.segments.proven(device.id, from, to);
      const timeline = this.ledger.memory.timelines.get(device.id)!;
      times.push({ device, durations, proven, futureMs: futureService(timeline, to, endsAt) });
    }
    return times.sort((a, b) => byCodeUnits(a.device.id, b.device.id));
  }
}

/** The part of `[from, to)` in which a device will be in service, by what is known now. */
export function futureService(timeline: Timeline, from: EpochMs, to: EpochMs): number {
  if (!timeline.inService) return 0;
  const start = Math.max(from, timeline.commissionedAt ?? from);
  return Math.max(0, Math.min(to, timeline.retiredAt ?? to) - start);
}

function windowOf(period: Period): Window {
  const { from, to } = period;
  return {
    period,
    responses: new ResponseFold(from, to),
    incidents: new IncidentRecords(from, to),
  };
}
