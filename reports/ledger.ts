import { type DomainEvent, type Health, LEASE_GAP_MS } from '../alerting/events.ts';
import type { Topology, TopologyDevice } from '../alerting/topology.ts';
import type { EpochMs } from '../lib/time.ts';
import {
  emptyLedgerMemory,
  type LedgerMemory,
  MOST_UNSEEN_SPANS,
  newTimeline,
  type Timeline,
  type UnseenSpan,
} from './ledger-memory.ts';
import { approveWindows, maintenanceSpans } from './maintenance.ts';

/** What a device's time is booked under; exactly one at every instant. */
export type LedgerState = Health | 'maintenance' | 'out-of-service';
export const LEDGER_STATES: readonly LedgerState[] = [
  'up',
  'degraded',
  'down',
  'unreachable',
  'maintenance',
  'unknown',
  'out-of-service',
];

/** Takes one half-open interval `[from, to)` of a device's time, never empty. */
export type IntervalSink = (
  deviceId: string,
  state: LedgerState,
  from: EpochMs,
  to: EpochMs,
) => void;

/**
 * Takes a stretch of unknown or unreachable time in which the device is proven to have run: it tells
 * of the device, not of the service. Always inside what the interval sink got or will get.
 */
export type RanSink = (
  deviceId: string,
  state: 'unknown' | 'unreachable',
  from: EpochMs,
  to: EpochMs,
) => void;

/**
 * Folds the journal into per-device time. Rules, in the order in which they win:
 *
 * - out-of-service: before the device is in a loaded topology, and after it has left it; before the
 *   date of its commissioning and after that of its retirement, where these were told in time. Of the
 *   devices of the journal's first topology, time between their commissioning and that topology is
 *   unknown instead: they were in service, and nobody looked;
 * - maintenance: inside a window that was loaded before it started (see maintenance.ts);
 * - unknown: not proven to be observed. Leases prove observation up to their instant. After
 *   `service-stopped`, and when an event shows the last lease to be older than LEASE_GAP_MS, time
 *   counts as unknown from that lease on: until the service starts again and then until each
 *   device's own next `health-changed`, or, when the service merely stalled, until it went on;
 * - else the device's health, from the `since` of its last change.
 *
 * A device that comes back and can prove not to have restarted since an instant (`ranSince`) has run
 * through its unknown and unreachable time since then. That is told beside the intervals: whoever
 * used the device was still without it as far as anybody can say.
 *
 * Booked time is never rewritten: a `since` that reaches back before the device's previous change,
 * a gap, a start of the service or its own commissioning is moved up to it. The same holds when
 * the wall clock is set back. A clock that jumps far ahead and back leaves unknown time behind it.
 */
export class Ledger {
  readonly memory: LedgerMemory;
  readonly #sink: IntervalSink;
  readonly #ranSink: RanSink;
  /** Those with unproven time: a lease comes every few seconds and must not look at all devices. */
  readonly #waiting = new Set<Timeline>();

  /**
   * `sink` gets every interval once it can no longer change and is proven or known to be lost, each
   * device's in order and without holes. `ranSink` gets what evidence later says of some of them.
   */
  constructor(
    sink: IntervalSink,
    memory: LedgerMemory = emptyLedgerMemory(),
    ranSink: RanSink = () => {},
  ) {
    this.#sink = sink;
    this.#ranSink = ranSink;
    this.memory = memory;
    for (const timeline of memory.timelines.values()) {
      if (timeline.unproven.length > 0) this.#waiting.add(timeline);
    }
  }

  apply(event: DomainEvent): void {
    this.#noticeGap(event.at);
    switch (event.type) {
      case 'service-started':
        this.#start(event.at);
        break;
      case 'service-stopped':
        this.#stop();
        break;
      case 'lease-renewed':
        if (!this.memory.stopped) this.#prove(event.at);
        break;
      case 'topology-loaded':
        this.#load(event.topology, event.at);
        break;
      case 'health-changed':
        this.#changeHealth(event);
        break;
    }
  }

  /**
   * Hands every device's open time up to `now` to `sink`, as it would be booked if nothing more
   * came: in its health as far as leases prove it, the rest unknown. Changes nothing.
   */
  readOpen(now: EpochMs, sink: IntervalSink): void {
    for (const timeline of this.memory.timelines.values()) this.readOpenOf(timeline, now, sink);
  }

  /** The same for one device. */
  readOpenOf(timeline: Timeline, now: EpochMs, sink: IntervalSink): void {
    for (const { state, from, to } of timeline.unproven) {
      if (from < now) sink(timeline.deviceId, state, from, Math.min(to, now));
    }
    if (!timeline.inService) {
      book(timeline, 'out-of-service', timeline.openFrom, now, sink);
      return;
    }
    const provenTo = Math.min(now, this.memory.provenTo ?? timeline.openFrom);
    book(timeline, timeline.health, timeline.openFrom, provenTo, sink);
    book(timeline, 'unknown', Math.max(timeline.openFrom, provenTo), now, sink);
  }

  /** `now`, or the end of what is booked already where the wall clock was set back behind it. */
  notBefore(now: EpochMs): EpochMs {
    return Math.max(now, this.memory.settledTo);
  }

  /**
   * Up to where time can be judged at `now`. While the service observes, that is the last lease:
   * the moments since then are neither proven nor lost, the next lease decides; a change of one
   * device's health in them proves nothing of the others. Once it has stopped or its lease is
   * overdue it is `now`, and the time in between is unknown.
   */
  judgedTo(now: EpochMs): EpochMs {
    const at = this.notBefore(now);
    const { provenTo, stopped } = this.memory;
    if (provenTo === null || stopped || at - provenTo > LEASE_GAP_MS) return at;
    return Math.min(at, provenTo);
  }

  #noticeGap(at: EpochMs): void {
    // Nothing is proven before the first entry; it only says from where gaps are counted.
    this.memory.provenTo ??= at;
    const { provenTo, stopped } = this.memory;
    if (stopped || at - provenTo <= LEASE_GAP_MS) return;
    for (const timeline of this.#inService()) {
      this.#settle(timeline, timeline.health, provenTo);
      this.#settle(timeline, 'unknown', at);
    }
    this.#prove(at);
    this.memory.resumedAt = at;
  }

  #start(at: EpochMs): void {
    const { stopped, resumedAt } = this.memory;
    // The gap may have been noticed at this event or, written a moment earlier, at one before it.
    const wasDead = stopped || (resumedAt !== null && at - resumedAt <= LEASE_GAP_MS);
    if (wasDead) {
      for (const timeline of this.#inService()) {
        this.#settle(timeline, 'unknown', at);
        timeline.health = 'unknown';
      }
    }
    this.memory.stopped = false;
    this.#prove(at);
  }

  #stop(): void {
    for (const timeline of this.#inService()) {
      this.#settle(timeline, timeline.health, this.memory.provenTo ?? timeline.openFrom);
      timeline.health = 'unknown';
    }
    this.memory.stopped = true;
  }

  #prove(at: EpochMs): void {
    this.memory.provenTo = Math.max(at, this.memory.provenTo ?? at);
    if (this.#waiting.size === 0) return;
    const timelines = [...this.#waiting];
    this.#waiting.clear();
    for (const timeline of timelines) {
      const waiting = timeline.unproven;
      timeline.unproven = [];
      for (const { state, from, to } of waiting) this.#hand(timeline, state, from, to);
      const runs = timeline.unprovenRuns;
      timeline.unprovenRuns = [];
      for (const run of runs) this.#handRun(timeline, run);
    }
  }

  /** To the sink as far as observation is proven; the rest waits. */
  #hand(timeline: Timeline, state: LedgerState, from: EpochMs, to: EpochMs): void {
    const provenTo = Math.max(from, Math.min(to, this.memory.provenTo ?? to));
    if (provenTo > from) this.#sink(timeline.deviceId, state, from, provenTo);
    if (to <= provenTo) return;
    timeline.unproven.push({ state, from: provenTo, to });
    this.#waiting.add(timeline);
  }

  #load(topology: Topology, at: EpochMs): void {
    const { timelines } = this.memory;
    const wanted = new Set(topology.devices.map(({ id }) => id));
    for (const timeline of this.#inService()) {
      if (wanted.has(timeline.deviceId)) continue;
      this.#settle(timeline, timeline.health, at);
      timeline.inService = false;
      timeline.unseen = [];
      timeline.windows = [];
      timeline.pastMaintenance = [];
    }
    const approve = approveWindows(topology.maintenanceWindows, at);
    const isFirst = timelines.size === 0;
    for (const device of topology.devices) {
      let timeline = timelines.get(device.id);
      if (timeline === undefined) {
        timeline = newTimeline(device.id);
        timelines.set(device.id, timeline);
      }
      if (!timeline.inService) {
        if (isFirst) this.#settleBefore(timeline, device, at);
        this.#settle(timeline, 'out-of-service', at);
        timeline.inService = true;
        timeline.health = 'unknown';
        timeline.windowsFrom = at;
        timeline.commissionedAt = device.commissionedAt ?? null;
        timeline.retiredAt = null;
      }
      this.#takeDates(timeline, device, at);
      const inForceFrom = Math.max(timeline.windowsFrom, at);
      timeline.pastMaintenance = maintenanceSpans(timeline, timeline.openFrom, inForceFrom);
      timeline.windows = approve(device, timeline.windows);
      timeline.windowsFrom = inForceFrom;
    }
  }

  /** Before the journal began a device was in service by its own dates, and not observed. */
  #settleBefore(timeline: Timeline, device: TopologyDevice, at: EpochMs): void {
    const { commissionedAt, retiredAt } = device;
    if (typeof commissionedAt !== 'number' || commissionedAt >= at) return;
    this.#settle(timeline, 'out-of-service', commissionedAt);
    this.#settle(timeline, 'unknown', Math.min(at, retiredAt ?? at));
  }

  /**
   * Dates in devices.yaml, as far as they are told in time: time that has passed stays as it was
   * observed. A device taken into service stays in it, and one retired in hindsight leaves now.
   */
  #takeDates(timeline: Timeline, device: TopologyDevice, at: EpochMs): void {
    const isAhead = timeline.commissionedAt !== null && timeline.commissionedAt > at;
    const commissionedAt = isAhead ? (device.commissionedAt ?? null) : timeline.commissionedAt;
    const told = device.retiredAt ?? null;
    const isOver = timeline.retiredAt !== null && timeline.retiredAt <= at;
    const isKept = told !== null && isOver && told <= at;
    const retiredAt = told === null ? null : isKept ? timeline.retiredAt : Math.max(told, at);
    if (commissionedAt === timeline.commissionedAt && retiredAt === timeline.retiredAt) return;
    this.#settle(timeline, timeline.health, at);
    timeline.commissionedAt = commissionedAt;
    timeline.retiredAt = retiredAt;
  }

  #changeHealth(event: DomainEvent & { type: 'health-changed' }): void {
    const timeline = this.memory.timelines.get(event.deviceId);
    // A stopped service observes nothing, and a device out of service has no health to keep.
    if (timeline === undefined || !timeline.inService || this.memory.stopped) return;
    if (timeline.health === event.to) return;
    const since = Math.min(event.since, event.at);
    this.#settle(timeline, timeline.health, since);
    timeline.health = event.to;
    if (event.to !== 'up' && event.to !== 'degraded') return;
    if (event.ranSince !== undefined) this.#proveRun(timeline, event.ranSince, since);
    timeline.unseen = [];
  }

  #proveRun(timeline: Timeline, ranSince: EpochMs, until: EpochMs): void {
    for (const { state, from, to } of timeline.unseen) {
      this.#handRun(timeline, { state, from: Math.max(from, ranSince), to: Math.min(to, until) });
    }
  }

  #handRun(timeline: Timeline, { state, from, to }: UnseenSpan): void {
    if (to <= from) return;
    const provenTo = Math.max(from, Math.min(to, this.memory.provenTo ?? to));
    if (provenTo > from) this.#ranSink(timeline.deviceId, state, from, provenTo);
    if (to > provenTo) timeline.unprovenRuns.push({ state, from: provenTo, to });
  }

  *#inService(): Generator<Timeline> {
    for (const timeline of this.memory.timelines.values()) if (timeline.inService) yield timeline;
  }

  /** Books the open time up to `to`, if any, for good. */
  #settle(timeline: Timeline, state: LedgerState, to: EpochMs): void {
    if (to <= timeline.openFrom) return;
    book(timeline, state, timeline.openFrom, to, (_, booked, from, until) => {
      this.#hand(timeline, booked, from, until);
      if (booked !== 'unknown' && booked !== 'unreachable') return;
      timeline.unseen.push({ state: booked, from, to: until });
      if (timeline.unseen.length > MOST_UNSEEN_SPANS) timeline.unseen.shift();
    });
    timeline.openFrom = to;
    timeline.pastMaintenance = timeline.pastMaintenance.filter((span) => span.to > to);
    this.memory.settledTo = Math.max(this.memory.settledTo, to);
  }
}

/** Hands `[from, to)` to the sink: outside the dates of service as such, inside maintenance as maintenance. */
function book(
  timeline: Timeline,
  state: LedgerState,
  from: EpochMs,
  to: EpochMs,
  sink: IntervalSink,
): void {
  const { deviceId, commissionedAt, retiredAt } = timeline;
  const servedFrom = Math.min(to, Math.max(from, commissionedAt ?? from));
  const servedTo = Math.max(servedFrom, Math.min(to, retiredAt ?? to));
  if (servedFrom > from) sink(deviceId, 'out-of-service', from, servedFrom);
  if (servedTo > servedFrom) bookService(timeline, state, servedFrom, servedTo, sink);
  if (to > servedTo) sink(deviceId, 'out-of-service', servedTo, to);
}

function bookService(
  timeline: Timeline,
  state: LedgerState,
  from: EpochMs,
  to: EpochMs,
  sink: IntervalSink,
): void {
  let bookedTo = from;
  const spans = state === 'out-of-service' ? [] : maintenanceSpans(timeline, from, to);
  for (const span of spans) {
    if (span.from > bookedTo) sink(timeline.deviceId, state, bookedTo, span.from);
    sink(timeline.deviceId, 'maintenance', span.from, span.to);
    bookedTo = span.to;
  }
  if (to > bookedTo) sink(timeline.deviceId, state, bookedTo, to);
}
