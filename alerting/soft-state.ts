import type { Condition, Outcome } from '../collector/observation.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import { freshSight, type OwnSight } from './own-sight.ts';

/**
 * What the engine remembers between ticks but does not journal: unconfirmed observations and how
 * long a grading condition has held. Losing it at a restart costs a few polls, never a record.
 */
export interface SoftState {
  readonly devices: Map<string, SoftDevice>;
  /** Devices confirmed silent that wait for their parents to be judged. */
  readonly held: Set<string>;
  /** Root fault key → rule id → since when the rule's condition has held; null when it does not. */
  readonly heldConditions: Map<string, Map<string, EpochMs | null>>;
  /** Incident id → since when its facts call for a milder tier. */
  readonly milderSince: Map<string, EpochMs>;
  /** Incident id → what its sentence last said of redundancy groups. */
  readonly groupsTold: Map<string, string>;
  /** Whether anybody answers. */
  ownSight: OwnSight;
  /** When it was last noticed that nobody had looked for a while; null: it was not. */
  sightLostAt: EpochMs | null;
  /** Devices that left the configuration unseen while monitoring is blind: it is no less blind for that. */
  readonly goneUnseen: Set<string>;
  /** When the schedules were last searched for gaps, and as they were then. */
  coverLook: { readonly of: string; readonly at: EpochMs } | null;
  /** Alerts of other programs; null until the first look. */
  alerts: SoftAlerts | null;
  /** Key of a storm of alerts → when the latest of its site and tier came, oldest first; bounded. */
  readonly alertTimes: Map<string, EpochMs[]>;
}

export interface SoftAlerts {
  /** By fingerprint: the fault, who says that it fires, and when its text was last taken. */
  readonly active: Map<string, SoftAlert>;
  /** By fingerprint and sender: when it was over by its word, and when we heard of it; oldest first, bounded. */
  readonly ended: Map<string, { readonly endsAt: EpochMs; readonly at: EpochMs }>;
  lookedAt: EpochMs | null;
}

export interface SoftAlert {
  readonly faultKey: string;
  /** By sender; whoever has told its end is none of them. */
  readonly toldBy: Map<string, ToldBy>;
  /** The latest end of those that say so no more: told, or their time was up; 0 before the first. */
  overAt: EpochMs;
  textAt: EpochMs;
}

/** Until when it fires by the word of one sender, unless that says it again. */
export interface ToldBy {
  readonly expiresAt: EpochMs;
  /** The sender said until when. */
  readonly isExpiryTold: boolean;
  /** After a restart, or a time in which nobody listened, it has as long as this. */
  readonly timeoutMs: DurationMs;
  /** When it last said so, and how long after the time before; 0 where it is not known. */
  readonly saidAt: EpochMs;
  readonly everyMs: DurationMs;
}

export interface SoftDevice {
  /** Failed polls in a row. */
  failures: number;
  firstFailedAt: EpochMs | null;
  /** Failed polls in a row to which nobody answered at all, and the start of the first of them. */
  silences: number;
  silentSince: EpochMs | null;
  /** Good polls in a row. */
  successes: number;
  firstOkAt: EpochMs | null;
  lastOkAt: EpochMs | null;
  lastObservedAt: EpochMs | null;
  /** Start of the last poll that told of the parts. */
  lastFullAt: EpochMs | null;
  lastFailure: { readonly outcome: Outcome; readonly detail: LocalText } | null;
  /** When the confirmed silence began to wait for the parents. */
  heldSince: EpochMs | null;
  /** Fault key → full polls in a row in which an active fault was not seen, and the first of them. */
  readonly missing: Map<string, { polls: number; readonly firstAt: EpochMs }>;
  /** Conditions of the last full poll by fault key. */
  conditions: ReadonlyMap<string, Condition>;
}

/** What the engine knows before the first observation. */
export function emptySoftState(): SoftState {
  return {
    devices: new Map(),
    held: new Set(),
    heldConditions: new Map(),
    milderSince: new Map(),
    groupsTold: new Map(),
    ownSight: freshSight(),
    sightLostAt: null,
    goneUnseen: new Set(),
    coverLook: null,
    alerts: null,
    alertTimes: new Map(),
  };
}

/** The soft state of a device; a fresh one when it was never observed. */
export function softDevice(soft: SoftState, deviceId: string): SoftDevice {
  const known = soft.devices.get(deviceId);
  if (known !== undefined) return known;
  const fresh: SoftDevice = {
    failures: 0,
    firstFailedAt: null,
    silences: 0,
    silentSince: null,
    successes: 0,
    firstOkAt: null,
    lastOkAt: null,
    lastObservedAt: null,
    lastFullAt: null,
    lastFailure: null,
    heldSince: null,
    missing: new Map(),
    conditions: new Map(),
  };
  soft.devices.set(deviceId, fresh);
  return fresh;
}
