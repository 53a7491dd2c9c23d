import type { DomainEvent } from '../alerting/events.ts';
import type { Topology } from '../alerting/topology.ts';
import type { MaintenanceWindow } from '../config/model.ts';
import type { JournalEntry } from '../lib/journal.ts';
import type { EpochMs } from '../lib/time.ts';
import {
  addDurations,
  noDurations,
  nothingProven,
  type ProvenRun,
  type StateDurations,
} from './availability.ts';
import { wasInService } from './availability-report.ts';
import { byCodeUnits, type DeviceTime } from './figures.ts';
import { Ledger } from './ledger.ts';
import { emptyLedgerMemory, type LedgerMemory } from './ledger-memory.ts';
import { lateWindows } from './maintenance.ts';
import { type Period, periodAt } from './period.ts';
import { futureService } from './report-fold.ts';
import { applyToRoster, emptyRoster, type Roster, type RosterDevice, targetAt } from './roster.ts';
import { COUNTER_LAG_MS, StateCounters } from './state-counters.ts';

/** The running calendar periods that are kept up to date. */
export const LIVE_WINDOWS = ['month', 'quarter', 'year'] as const;
export type LiveWindow = (typeof LIVE_WINDOWS)[number];

/** Months of booked time kept per device: this year's, and as many again. */
const MONTHS_KEPT = 24;

/** Time of the devices in a running period, ready for the same derivations as a report. */
export interface LiveTimes {
  readonly period: Period;
  readonly countedTo: EpochMs;
  readonly targetPpm: number;
  /** Ordered by device id. */
  readonly times: readonly DeviceTime[];
}

/** Booked time of one device; the key is the instant at which a month of the zone starts. */
export type MonthBook = Map<EpochMs, MonthTime>;

export interface MonthTime {
  readonly durations: StateDurations;
  readonly proven: ProvenRun;
}

/** Everything the live ledger remembers of the journal; plain data, so that it can be kept. */
export interface LiveLedgerState {
  readonly ledger: LedgerMemory;
  readonly roster: Roster;
  readonly books: Map<string, MonthBook>;
}

/** A live ledger that knows nothing yet, or goes on from a state that was kept. The zone is where months begin. */
export function createLiveLedger(timeZone: string, state?: LiveLedgerState): LiveLedger {
  return new LiveLedger(
    timeZone,
    state ?? { ledger: emptyLedgerMemory(), roster: emptyRoster(), books: new Map() },
  );
}

/**
 * The ledger kept up to date as entries come, so that /metrics and the console show at any moment
 * the very figures that the report will. It keeps months, of which quarters and years are sums.
 */
export class LiveLedger {
  readonly timeZone: string;
  readonly state: LiveLedgerState;
  readonly #ledger: Ledger;
  readonly #counters = new StateCounters();
  #lastMonth: Period | null = null;
  /** By where they begin; a device in service for years before the journal began has unknown time in many. */
  readonly #months = new Map<EpochMs, Period>();

  constructor(timeZone: string, state: LiveLedgerState) {
    this.timeZone = timeZone;
    this.state = state;
    this.#ledger = new Ledger(
      (deviceId, state, from, to) => {
        const device = this.state.roster.devices.get(deviceId);
        if (device !== undefined) this.#counters.count(device, state, from, to);
        if (state === 'out-of-service') return;
        this.#book(deviceId, from, to, ({ durations }, ms) => {
          durations[state] += ms;
        });
      },
      state.ledger,
      (deviceId, state, from, to) =>
        this.#book(deviceId, from, to, ({ proven }, ms) => {
          proven[state] += ms;
        }),
    );
  }

  /** Takes in the next entry; entries come in the order of the journal, each once. */
  apply({ event }: Pick<JournalEntry<DomainEvent>, 'event'>): void {
    if (event.type === 'service-started') this.#counters.restart(this.#finalTo());
    this.#ledger.apply(event);
    applyToRoster(this.state.roster, event, Number.POSITIVE_INFINITY);
  }

  /** Maintenance of a topology, loaded now or at `at` again, that is running and will not count in full; see maintenance.ts. */
  lateWindows(topology: Topology, at: EpochMs): MaintenanceWindow[] {
    const { timelines } = this.state.ledger;
    return lateWindows(topology, at, (deviceId) => timelines.get(deviceId)?.windows ?? []);
  }

  /** Devices that were ever in service, as far as remembered. */
  deviceIds(): Iterable<string> {
    return this.state.roster.devices.keys();
  }

  /** Every device's time in the running month, quarter or year. */
  read(window: LiveWindow, now: EpochMs): LiveTimes {
    const devices = Array.from(this.state.roster.devices.values());
    devices.sort((a, b) => byCodeUnits(a.id, b.id));
    return this.#readOf(devices, window, now);
  }

  /** The same, so many devices at a time; what comes in between two parts counts for the later ones. */
  *readInParts(window: LiveWindow, now: EpochMs, deviceCount: number): Generator<LiveTimes> {
    const devices = Array.from(this.state.roster.devices.values());
    devices.sort((a, b) => byCodeUnits(a.id, b.id));
    for (let from = 0; from < devices.length; from += deviceCount) {
      yield this.#readOf(devices.slice(from, from + deviceCount), window, now);
    }
  }

  /** The same for one device; `times` is empty when it was not in service in that period. */
  readDevice(deviceId: string, window: LiveWindow, now: EpochMs): LiveTimes {
    const device = this.state.roster.devices.get(deviceId);
    return this.#readOf(device === undefined ? [] : [device], window, now);
  }

  /**
   * Time per state since the service started, for counters, which must never go back: it runs
   * COUNTER_LAG_MS behind. Null for a device that is not in service.
   */
  countStates(
    deviceId: string,
  ): { readonly device: RosterDevice; readonly durations: StateDurations } | null {
    const timeline = this.state.ledger.timelines.get(deviceId);
    const device = this.state.roster.devices.get(deviceId);
    if (!timeline?.inService || device === undefined) return null;
    this.#ledger.readOpenOf(timeline, this.#finalTo(), (_, state, from, to) => {
      this.#counters.count(device, state, from, to);
    });
    return { device, durations: this.#counters.read(deviceId) };
  }

  /** The same for all devices of each site together, as far as `countStates` has counted them. */
  countSites(): Iterable<readonly [siteId: string, durations: StateDurations]> {
    return this.#counters.readSites();
  }

  #readOf(devices: readonly RosterDevice[], window: LiveWindow, now: EpochMs): LiveTimes {
    const period = periodAt(window, now, this.timeZone);
    const countedTo = Math.max(period.from, Math.min(period.to, this.#ledger.judgedTo(now)));
    const times: DeviceTime[] = [];
    for (const device of devices) {
      const time = this.#timeOf(device, period, countedTo);
      if (time !== null) times.push(time);
    }
    const targetPpm = targetAt(this.state.roster, period.from);
    return { period, countedTo, targetPpm, times };
  }

  #timeOf(device: RosterDevice, period: Period, countedTo: EpochMs): DeviceTime | null {
    const timeline = this.state.ledger.timelines.get(device.id);
    if (timeline === undefined) return null;
    const durations = noDurations();
    const proven = nothingProven();
    for (const [monthFrom, booked] of this.state.books.get(device.id) ?? []) {
      if (monthFrom < period.from || monthFrom >= period.to) continue;
      addDurations(durations, booked.durations);
      proven.unknown += booked.proven.unknown;
      proven.unreachable += booked.proven.unreachable;
    }
    this.#ledger.readOpenOf(timeline, countedTo, (_, state, from, to) => {
      const countedMs = to - Math.max(from, period.from);
      if (countedMs > 0 && state !== 'out-of-service') durations[state] += countedMs;
    });
    if (!wasInService(durations)) return null;
    const inServiceMs = Object.values(durations).reduce((sum, ms) => sum + ms, 0);
    durations['out-of-service'] = countedTo - period.from - inServiceMs;
    return { device, durations, proven, futureMs: futureService(timeline, countedTo, period.to) };
  }

  /** Up to here the counters take time as final. */
  #finalTo(): EpochMs {
    return (this.state.ledger.provenTo ?? Number.NEGATIVE_INFINITY) - COUNTER_LAG_MS;
  }

  #book(
    deviceId: string,
    from: EpochMs,
    to: EpochMs,
    add: (time: MonthTime, ms: number) => void,
  ): void {
    let book = this.state.books.get(deviceId);
    if (book === undefined) {
      book = new Map();
      this.state.books.set(deviceId, book);
    }
    for (let start = from; start < to; ) {
      const month = this.#monthAt(start);
      const end = Math.min(to, month.to);
      let time = book.get(month.from);
      if (time === undefined) {
        time = { durations: noDurations(), proven: nothingProven() };
        book.set(month.from, time);
      }
      add(time, end - start);
      start = end;
    }
    // A device's time is booked in order, so the first month of the book is the oldest.
    for (const monthFrom of book.keys()) {
      if (book.size <= MONTHS_KEPT) return;
      book.delete(monthFrom);
    }
  }

  /** Time is booked as it passes, so the month found last is nearly always the one wanted. */
  #monthAt(at: EpochMs): Period {
    const last = this.#lastMonth;
    if (last !== null && at >= last.from && at < last.to) return last;
    const month = this.#months.get(at) ?? periodAt('month', at, this.timeZone);
    this.#months.set(month.from, month);
    this.#lastMonth = month;
    return month;
  }
}
