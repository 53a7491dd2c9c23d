import type { EngineChange } from '../collector/engine-watch.ts';
import type { ConditionFacts } from '../collector/observation.ts';
import type { ReceivedNotification } from '../collector/traps/notification.ts';
import type { EscalationStep, FaultKind, Tier, TierTargets } from '../config/model.ts';
import type { JournalTail } from '../lib/journal.ts';
import type { LocalText } from '../lib/local-text.ts';
import { type DurationMs, type EpochMs, SECOND } from '../lib/time.ts';
import type { AlertNote } from './alerts/alert-note.ts';
import type { AlertFacts, SenderWord } from './alerts/received-alert.ts';
import type { OutsiderRight } from './answer-rights.ts';
import type { Cause, CauseTimes } from './causes.ts';
import type { DutyFacts } from './duties.ts';
import type { DutyEvent } from './duty-events.ts';
import { deviceOfFault } from './fault-key.ts';
import type { FlapFacts, FlapRate } from './flaps.ts';
import type { GradingEvidence, GradingInputs } from './grading-inputs.ts';
import type { PageEvent, ToldByPage } from './page-events.ts';
import type { PersonEvent } from './person-events.ts';
import type { HeldBy, SetBy } from './tier-hold.ts';
import type { Topology } from './topology.ts';

/** `unreachable`: everything above it is down, so it cannot be judged; `unknown`: not observed by us. */
export type Health = 'up' | 'degraded' | 'down' | 'unreachable' | 'unknown';
export const HEALTH_STATES: readonly Health[] = [
  'up',
  'degraded',
  'down',
  'unreachable',
  'unknown',
];

export type HealthReason =
  | 'confirmed-failure'
  | 'confirmed-recovery'
  | 'parents-down'
  | 'parents-recovered'
  | 'fault-raised'
  | 'faults-cleared'
  | 'not-observed'
  | 'service-restarted'
  | 'added'
  | 'removed';

/** How a fault belongs to its incident. */
export type MemberRelation =
  | 'root'
  | 'behind'
  | 'fed-by'
  | 'link'
  | 'same-device'
  | 'same-site'
  | 'redundancy'
  | 'reported'
  | 'storm';

export type PageKind =
  | 'opened'
  | 'escalated'
  | 'reminder'
  | 'repeat'
  | 'breached'
  | 'upgraded'
  | 'reopened'
  | 'update-due'
  | 'notice-due'
  | 'lapsed'
  | 'forecast'
  | 'duty-due'
  | 'duty-overdue'
  | 'acknowledged'
  | 'resolved';

export type { GradingEvidence, GradingInputs };

/** What a page says, frozen when it is queued; the words are put together per language when it is sent. */
export interface PageFacts {
  readonly incidentId: string;
  readonly tier: Tier;
  readonly rootDeviceId: string;
  readonly rootDeviceName: string;
  readonly component: string | null;
  readonly faultKind: FaultKind;
  readonly faultText: LocalText;
  /** Of the device that it is about. */
  readonly siteName: string;
  /** Other sites that are affected, the worst first; left out when there are none, and in older journals. */
  readonly otherSiteNames?: readonly string[];
  readonly because: LocalText;
  /** Its first sign, of this time when it was open before: the first poll that failed, or that told of it. */
  readonly startedAt: EpochMs;
  /** When it opened first. */
  readonly openedAt: EpochMs;
  /** When it opened again; older journals do not have it. */
  readonly reopenedAt?: EpochMs | null;
  readonly acknowledgeBy: EpochMs;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: EpochMs | null;
  /** First good poll; null while it lasts. Older journals do not have it. */
  readonly restoredAt?: EpochMs | null;
  /** What it has been about, in order; left out where that is one fault from its start on, and in older journals. */
  readonly causes?: readonly CauseFacts[];
  /** It ended because what it is about was taken out of the configuration; left out otherwise, and in older journals. */
  readonly isRemoved?: true;
  /** The fault is over, and what came of it is not; left out otherwise. */
  readonly isCauseOver?: true;
  /** Devices that hang on the cause, root excluded: how many, and the first few names. */
  readonly affectedCount: number;
  readonly affectedNames: readonly string[];
  /** How many of them are confirmed down or cut off by the facts that `because` tells; left out where that is not fewer, and in older journals. */
  readonly confirmedCount?: number;
  readonly batteryMinutes: number | null;
  /** Since when what hangs on an empty battery is silent; left out otherwise, and in older journals. */
  readonly darkSince?: EpochMs;
  /** The reminder's share of the response time, e.g. 0.5; null for other kinds. */
  readonly reminderRatio: number | null;
  /** Of a forecast: the tier that it becomes, and when; left out for other kinds. */
  readonly forecast?: { readonly tier: Tier; readonly at: EpochMs };
  /** Of what comes and goes, or did until it settled; left out otherwise, and in older journals. */
  readonly flapping?: FlapFacts;
  /** What is still to be done about it, of a page that says so; left out for other kinds. */
  readonly duty?: DutyFacts;
  /** What the rule of an alert says; left out for other faults. */
  readonly alertNote?: AlertNote;
}

/** One of the faults that an incident has been about. */
export interface CauseFacts extends CauseTimes {
  readonly deviceName: string;
  readonly component: string | null;
  readonly faultKind: FaultKind;
  /** Whether it is the one that the page names as its fault. */
  readonly isTold: boolean;
}

/** What an agent tells of how long it has run. */
export interface UptimeReading {
  readonly readAt: EpochMs;
  /** RFC 3418 sysUpTime: hundredths of a second, modulo 2^32. */
  readonly ticks: number;
  /** RFC 3411 snmpEngineBoots; null where it is not known (v1, v2c). */
  readonly boots: number | null;
}

/** How often the collector's proof of observation enters the journal. */
export const LEASE_INTERVAL_MS: DurationMs = 10 * SECOND;
/** Longer than this without proof: the service was not observing. */
export const LEASE_GAP_MS: DurationMs = 3 * LEASE_INTERVAL_MS;

interface At {
  readonly at: EpochMs;
}

/**
 * Every fact the service keeps. Append-only: a change of mind is a new event. `at` is when it was
 * decided; where the fact holds from an earlier instant, `since` says so.
 */
export type DomainEvent =
  | (At & {
      readonly type: 'service-started';
      readonly version: string;
      /** Random, new at each start: tells its pages from those of any other journal; older journals do not have it. */
      readonly runId?: string;
    })
  | (At & {
      readonly type: 'service-stopped';
      /** Pages whose try had not ended; empty: no try was under way. Older journals do not have it. */
      readonly unreportedPageIds?: readonly string[];
    })
  | (At & { readonly type: 'topology-loaded'; readonly hash: string; readonly topology: Topology })
  /** Proof that the collector was observing up to `at`; time without it is unknown, never up. */
  | (At & { readonly type: 'lease-renewed' })
  /** A request that a provider has signed was taken: the same one is refused from now on. */
  | (At & {
      readonly type: 'callback-taken';
      readonly channelId: string;
      readonly callbackId: string;
    })
  /** The wall clock was set: `at` is by the new one, and whatever runs moves with it (clock-steps.ts). */
  | (At & {
      readonly type: 'clock-stepped';
      /** Ahead where it is positive. */
      readonly byMs: DurationMs;
      readonly cause: 'set' | 'restart';
    })
  /** What a step of the wall clock did to an open incident, whose times before it are by the old clock. */
  | (At & {
      readonly type: 'incident-clock-moved';
      readonly incidentId: string;
      readonly byMs: DurationMs;
      readonly cause: 'set' | 'restart';
      readonly acknowledgeBy: EpochMs;
    })
  /** How far the archive of reports reaches, and the hash of its last entry: one that ends before was cut. */
  | (At & { readonly type: 'report-archive-noted' } & JournalTail)
  | (At & {
      readonly type: 'health-changed';
      readonly deviceId: string;
      readonly from: Health;
      readonly to: Health;
      /** From when the new state holds: the first failed (or first good) poll of the confirmed run. */
      readonly since: EpochMs;
      readonly reason: HealthReason;
      /** Of a device that answers again: what it told of its run. Left out when it told nothing. */
      readonly uptime?: UptimeReading;
      /** Of a device that answers again: proven not to have restarted since then; see uptime-proof.ts. */
      readonly ranSince?: EpochMs;
    })
  /** A trap or inform, or a summary of several, as told: it changes no health. */
  | (At & { readonly type: 'notification-received' } & ReceivedNotification)
  /** The SNMPv3 engine at the device's address is not what it was: a device was exchanged, or does not keep its boots. */
  | (At & { readonly type: 'snmp-engine-changed'; readonly deviceId: string } & EngineChange)
  /** The device has more series than one may have: so many are shown nowhere. */
  | (At & {
      readonly type: 'series-left-out';
      readonly deviceId: string;
      readonly count: number;
    })
  /** The fault comes and goes too often: its incident stays open and pages nobody anew until it settles. */
  | (At & {
      readonly type: 'flapping-started';
      readonly faultKey: string;
      readonly deviceId: string;
      readonly count: number;
    })
  | (At & {
      readonly type: 'flapping-ended';
      readonly faultKey: string;
      readonly deviceId: string;
    })
  | (At & {
      readonly type: 'fault-raised';
      readonly faultKey: string;
      readonly deviceId: string;
      /** null: the device as a whole. */
      readonly component: string | null;
      readonly kind: FaultKind;
      readonly level: 'warning' | 'critical';
      readonly since: EpochMs;
      readonly text: LocalText;
      readonly facts: ConditionFacts;
      /** Of a fault that another program has told of. */
      readonly alert?: AlertFacts;
      /** Of a power feed that only its loads tell of: nobody has seen it fail. */
      readonly inferred?: true;
    })
  | (At & {
      readonly type: 'fault-updated';
      readonly faultKey: string;
      readonly level: 'warning' | 'critical';
      readonly text: LocalText;
      readonly facts: ConditionFacts;
      /** Of an alert, where what its senders say has changed; left out otherwise, and in older journals. */
      readonly senders?: readonly SenderWord[];
    })
  | (At & {
      readonly type: 'fault-cleared';
      readonly faultKey: string;
      readonly since: EpochMs;
      /** What it is about was taken out of the configuration, nothing has recovered; left out otherwise, and in older journals. */
      readonly isRemoved?: true;
    })
  | (At & {
      readonly type: 'incident-opened';
      readonly incidentId: string;
      readonly rootFaultKey: string;
      readonly startedAt: EpochMs;
      readonly tier: Tier;
      readonly evidence: GradingEvidence;
      /** The policy as it stood; a later edit does not change a running incident. */
      readonly policyId: string;
      readonly steps: Readonly<Record<Tier, readonly EscalationStep[]>>;
      readonly targets: Readonly<Record<Tier, TierTargets>>;
      readonly acknowledgeBy: EpochMs;
    })
  | (At & {
      readonly type: 'incident-reopened';
      readonly incidentId: string;
      /** First sign of this time; older journals do not have it. */
      readonly startedAt?: EpochMs;
      /** As the rules grade it this time; older journals do not have it and keep that of the time before. */
      readonly tier?: Tier;
      readonly evidence?: GradingEvidence;
      readonly episode: number;
      readonly acknowledgeBy: EpochMs;
    })
  | (At & {
      readonly type: 'incident-graded';
      readonly incidentId: string;
      readonly from: Tier;
      readonly to: Tier;
      readonly evidence: GradingEvidence;
      readonly acknowledgeBy: EpochMs;
      readonly needsFreshAcknowledgement: boolean;
      /** The rules call for another tier than this; left out when they do not. */
      readonly held?: HeldBy;
      /** A person has set the tier; left out when the rules have. */
      readonly setBy?: SetBy;
    })
  | (At & {
      readonly type: 'member-added';
      readonly incidentId: string;
      readonly faultKey: string;
      readonly relation: MemberRelation;
    })
  | (At & {
      readonly type: 'member-removed';
      readonly incidentId: string;
      readonly faultKey: string;
      readonly reason: 'cleared' | 'split-off' | 'removed';
    })
  /** The root is over and another fault of the same cause lasts: the incident is about that one now. */
  | (At & {
      readonly type: 'incident-root-passed';
      readonly incidentId: string;
      /** The one that is the root from now on, a member already. */
      readonly faultKey: string;
      /** The one that is over, and how long it lasted, all its times in this incident together. */
      readonly over: { readonly faultKey: string; readonly heldMs: DurationMs };
    })
  | (At & {
      readonly type: 'incident-acknowledged';
      readonly incidentId: string;
      readonly by: string;
      readonly via: string;
      /** Of somebody who was not of its chain; left out otherwise, and in older journals. */
      readonly right?: OutsiderRight;
    })
  /** Whoever acknowledged has not said for too long how it stands: a fresh acknowledgement is needed. */
  | (At & {
      readonly type: 'acknowledgement-lapsed';
      readonly incidentId: string;
      /** Whose it was. */
      readonly by: string;
      readonly episode: number;
      readonly acknowledgeBy: EpochMs;
    })
  /** A rule is about to hold if things go on as they do. */
  | (At & {
      readonly type: 'forecast-made';
      readonly incidentId: string;
      readonly ruleId: string;
      readonly tier: Tier;
      readonly expectedAt: EpochMs;
    })
  | (At & {
      readonly type: 'incident-noted';
      readonly incidentId: string;
      readonly by: string;
      readonly text: string;
    })
  | (At & {
      readonly type: 'incident-resolved';
      readonly incidentId: string;
      readonly by: string | null;
      readonly reason: 'recovered' | 'person' | 'removed';
      readonly text: string;
      /** First good poll after the last fault, or `at` when some still last; left out of what was removed, and in older journals. */
      readonly restoredAt?: EpochMs;
      /** What it was about, in order, where that is more than one fault from its start to its end; older journals do not have it. */
      readonly causes?: readonly Cause[];
      /** How often its cause came, where that came and went; left out otherwise, and in older journals. */
      readonly flapped?: FlapRate;
    })
  | (At & {
      readonly type: 'response-breached';
      readonly incidentId: string;
      readonly episode: number;
      readonly deadline: EpochMs;
    })
  /** A step of the response clock was carried out; `late`: it fell due while the service was not running. */
  | (At & {
      readonly type: 'clock-step-taken';
      readonly incidentId: string;
      readonly episode: number;
      readonly step: string;
      readonly dueAt: EpochMs;
      readonly late: boolean;
      /** Left out when everyone got a page of this step; older journals do not have it. */
      readonly toldBy?: readonly ToldByPage[];
      /** The step before, which reached nobody: this one did not wait for its own time. Left out otherwise. */
      readonly afterLost?: string;
      /** The silence for which it paged nobody; left out when none was in force. */
      readonly silencedBy?: string;
    })
  | PersonEvent
  | DutyEvent
  | PageEvent;

/** No device and no incident has a space in its id. */
export const ARCHIVE_SUBJECT = 'report archive';

/** What an event is about, for reading one incident's or device's timeline; null for the service itself. */
export function subjectOf(event: DomainEvent): string | null {
  if ('incidentId' in event) return event.incidentId;
  if ('deviceId' in event) return event.deviceId;
  if ('faultKey' in event) return deviceOfFault(event.faultKey);
  if (event.type === 'report-archive-noted') return ARCHIVE_SUBJECT;
  return null;
}
