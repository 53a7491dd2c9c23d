import type { Health } from '../alerting/events.ts';
import type { EpochMs } from '../lib/time.ts';
import type { LedgerState } from './ledger.ts';
import type { ApprovedWindow, Span } from './maintenance.ts';

/** Before any journal: the earliest instant a Date can hold. */
const BEGINNING: EpochMs = -8_640_000_000_000_000;

/** Booked, but later than the last proof of observation: handed on when that has come. */
export interface UnprovenInterval {
  readonly state: LedgerState;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface UnseenSpan extends Span {
  readonly state: 'unknown' | 'unreachable';
}

/** Stretches remembered for a proof; of more, the oldest are forgotten and stay unproven. */
export const MOST_UNSEEN_SPANS = 64;

/** One device's time. Everything before `openFrom` is booked for good; from there on `health` holds. */
export interface Timeline {
  readonly deviceId: string;
  inService: boolean;
  health: Health;
  openFrom: EpochMs;
  /** The end of what is booked, in order; empty as soon as it is proven. */
  unproven: UnprovenInterval[];
  /** Unknown and unreachable time since the device was last seen at work, for a proof that it ran. */
  unseen: UnseenSpan[];
  /** Proofs that the device ran in time that itself is not proven yet. */
  unprovenRuns: UnseenSpan[];
  /** From when and to when the device is in service by its own dates; null: no such date. */
  commissionedAt: EpochMs | null;
  retiredAt: EpochMs | null;
  /** Maintenance in force, and since when. */
  windows: readonly ApprovedWindow[];
  windowsFrom: EpochMs;
  /** Maintenance under earlier topologies that is not booked yet. */
  pastMaintenance: readonly Span[];
}

/** The ledger's whole memory: plain data, so that it can be kept as a snapshot. */
export interface LedgerMemory {
  readonly timelines: Map<string, Timeline>;
  /** Up to here the collector is known to have observed; null before the first entry. */
  provenTo: EpochMs | null;
  /** Between `service-stopped` and `service-started`. */
  stopped: boolean;
  /** End of the last gap in the leases; null when there was none. */
  resumedAt: EpochMs | null;
  /** Nothing before this is open any more for at least one device; may be later than `provenTo`. */
  settledTo: EpochMs;
}

/** What a ledger knows before the first event. */
export function emptyLedgerMemory(): LedgerMemory {
  return {
    timelines: new Map(),
    provenTo: null,
    stopped: false,
    resumedAt: null,
    settledTo: BEGINNING,
  };
}

/** Of a device that is not in service yet. */
export function newTimeline(deviceId: string): Timeline {
  return {
    deviceId,
    inService: false,
    health: 'unknown',
    openFrom: BEGINNING,
    unproven: [],
    unseen: [],
    unprovenRuns: [],
    commissionedAt: null,
    retiredAt: null,
    windows: [],
    windowsFrom: BEGINNING,
    pastMaintenance: [],
  };
}
