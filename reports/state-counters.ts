import { type EpochMs, MINUTE } from '../lib/time.ts';
import { noDurations, type StateDurations } from './availability.ts';
import type { LedgerState } from './ledger.ts';

/**
 * How far counters run behind. An outage is confirmed some polls after it began, and a counter that
 * had counted that time as up already could not take it back.
 */
export const COUNTER_LAG_MS = 5 * MINUTE;

interface DeviceCounter {
  /** Time before this is counted and never looked at again. */
  countedTo: EpochMs;
  readonly durations: StateDurations;
}

/** Time per device and state that only ever grows, from the start of the service on. */
export class StateCounters {
  readonly #byDevice = new Map<string, DeviceCounter>();
  readonly #bySite = new Map<string, StateDurations>();
  #startFrom: EpochMs = Number.NEGATIVE_INFINITY;

  /** All counters at zero, as after the start of a process; only time from `from` on counts. */
  restart(from: EpochMs): void {
    this.#byDevice.clear();
    this.#bySite.clear();
    this.#startFrom = from;
  }

  /**
   * Counts the part of `[from, to)` that is not counted yet, for the device and for the site where it
   * is now. Each device's intervals come in order.
   */
  count(
    { id: deviceId, siteId }: { readonly id: string; readonly siteId: string },
    state: LedgerState,
    from: EpochMs,
    to: EpochMs,
  ): void {
    if (state === 'out-of-service') return;
    let counter = this.#byDevice.get(deviceId);
    if (counter === undefined) {
      counter = { countedTo: this.#startFrom, durations: noDurations() };
      this.#byDevice.set(deviceId, counter);
    }
    const newMs = to - Math.max(from, counter.countedTo);
    if (newMs <= 0) return;
    counter.durations[state] += newMs;
    const site = this.#bySite.get(siteId) ?? noDurations();
    site[state] += newMs;
    this.#bySite.set(siteId, site);
    counter.countedTo = to;
  }

  read(deviceId: string): StateDurations {
    return { ...(this.#byDevice.get(deviceId)?.durations ?? noDurations()) };
  }

  /** Time of all devices of each site, those that have left it too: a sum must not go back either. */
  readSites(): Iterable<readonly [siteId: string, durations: StateDurations]> {
    return this.#bySite;
  }
}
