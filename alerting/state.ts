import type { ConditionFacts } from '../collector/observation.ts';
import type { EscalationStep, FaultKind, Tier, TierTargets } from '../config/model.ts';
import type { Override } from '../config/schedule/schedule.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { AlertFacts } from './alerts/received-alert.ts';
import type { Cause } from './causes.ts';
import type { HeldAuthorityClock, HeldReviewDuty } from './duties.ts';
import type {
  GradingEvidence,
  Health,
  MemberRelation,
  PageFacts,
  PageKind,
  UptimeReading,
} from './events.ts';
import type { FlapRate } from './flaps.ts';
import type { HeldReport, RecordedStage } from './procedure.ts';
import type { Silence } from './silence.ts';
import type { TierHold, TierProposal } from './tier-hold.ts';
import type { Topology } from './topology.ts';

/**
 * The fold of the journal: `apply` alone changes it, and replaying the journal gives it again, byte
 * for byte. Time-dependent facts (running, breached, minutes left) are derived, never stored.
 */
export interface EngineState {
  topology: Topology | null;
  topologyHash: string;
  startedAt: EpochMs | null;
  /** Of the present start; null in a journal that has none yet. */
  runId: string | null;
  /** Last instant at which the collector is known to have observed. */
  leaseAt: EpochMs | null;
  readonly devices: Map<string, DeviceState>;
  /** Devices that left the configuration, by id: the names that they had last. The oldest give way. */
  readonly formerNames: Map<string, string>;
  readonly faults: Map<string, Fault>;
  /** Open incidents, and resolved ones that can still re-open. */
  readonly incidents: Map<string, Incident>;
  /** Incidents that are not resolved. */
  readonly openIncidentIds: Set<string>;
  /** Key of a fault that is or was the root → its latest incident that is held. */
  readonly incidentByRoot: Map<string, string>;
  /** Active faults that belong to no incident. */
  readonly standaloneFaultKeys: Set<string>;
  /** Active faults of kind `on-generator`: asked for at every grade of every incident. */
  readonly generatorFaultKeys: Set<string>;
  /** Pages not yet finished, and finished ones of incidents still held. */
  readonly pages: Map<string, Page>;
  /** Recent confirmed changes per fault key, for flapping. */
  readonly flaps: Map<string, Flap>;
  lastIncidentNumber: number;
  /** Exceptions to the schedules made by people, in the order in which they were made. */
  readonly overrides: Map<string, Override>;
  lastOverrideNumber: number;
  /** In force, to come, and ended lately. */
  readonly silences: Map<string, HeldSilence>;
  lastSilenceNumber: number;
  /** Faults that customers have told, until a while after they were answered. */
  readonly reports: Map<string, HeldReport>;
  lastReportNumber: number;
  /** What providers have signed and we have acted on, oldest first; left out before the first. */
  takenCallbacks?: Set<string>;
  /** Pages whose try had not ended when the service stopped; left out while it runs, and after it was killed. */
  unreportedPageIds?: readonly string[];
  /** Instant of the last event; null before the first. */
  lastEventAt: EpochMs | null;
  /** The last time that the wall clock was set, as far as it was seen. */
  clockStep: ClockStep | null;
}

/** The wall clock of the machine was set: by so much, ahead where it is positive. */
export interface ClockStep {
  readonly at: EpochMs;
  readonly byMs: DurationMs;
  /** `restart`: found at a start, against the last event; `set`: seen at work, against elapsed time. */
  readonly cause: 'set' | 'restart';
}

/** A silence with what it has hidden so far. */
export interface HeldSilence extends Silence {
  readonly hiddenIncidentIds: Set<string>;
}

export interface DeviceState {
  readonly deviceId: string;
  health: Health;
  healthSince: EpochMs;
  /** The last state that was observed, kept while `unknown`. */
  lastKnownHealth: Health;
  /** What it last told of its run, and since when it is proven to run; null before it told anything. */
  uptime: (UptimeReading & { readonly ranSince: EpochMs | null }) | null;
  /** Keys of the active faults of this device and its parts. */
  readonly faultKeys: Set<string>;
}

/** How often one fault was raised lately. */
export interface Flap {
  /** When it was raised, oldest first; bounded by count, older ones are dropped. */
  readonly raisedAt: EpochMs[];
  /** Since when that is too often; null: it is not. */
  flappingSince: EpochMs | null;
}

export interface Fault {
  /** `<deviceId>/<component or *>/<kind>`. */
  readonly key: string;
  readonly deviceId: string;
  readonly component: string | null;
  readonly kind: FaultKind;
  level: 'warning' | 'critical';
  readonly since: EpochMs;
  readonly raisedAt: EpochMs;
  text: LocalText;
  facts: ConditionFacts;
  /** When `facts` were told. */
  factsAt: EpochMs;
  /** The last minutes of battery that it told, kept when it tells none any more; left out until it has. */
  toldBattery?: { readonly minutes: number; readonly at: EpochMs };
  /** Of a fault that another program has told of. */
  alert?: AlertFacts;
  /** Of a power feed that only its loads tell of: nobody has seen it fail. */
  readonly inferred?: true;
  incidentId: string | null;
}

export interface Incident {
  readonly id: string;
  /** The cause as far as it is known: a lost link may turn out to be the first sign of a dead device. */
  rootFaultKey: string;
  rootDeviceId: string;
  rootComponent: string | null;
  rootKind: FaultKind;
  rootText: LocalText;
  /** What it has been about since it opened (again), in order. */
  readonly causes: Cause[];
  /** How often its root came until it settled; kept from there on. */
  flapped?: FlapRate;
  /** Faults that are or were its root: whichever of them returns, it is this incident. */
  readonly rootKeys: Set<string>;
  /** Its first sign, of this time when it was open before: the first poll that failed, or that told of it. */
  startedAt: EpochMs;
  /** As `startedAt`, over pauses too short to count: what rules such as "not restored in two hours" count from. */
  troubleSince: EpochMs;
  /** When it opened first. */
  readonly openedAt: EpochMs;
  /** When it last opened again; null when it never did. */
  reopenedAt: EpochMs | null;
  tier: Tier;
  evidence: GradingEvidence;
  evidenceAt: EpochMs;
  /** Of the tier that it has, when that was at its worst; null since it opened again. */
  gravest: GradingEvidence | null;
  /** What a person has set the tier to; kept after the end, for the record. */
  tierHold: TierHold | null;
  /** A tier milder than 1 that waits for a second person. */
  tierProposal: TierProposal | null;
  /** The worst tier that customers were told since it opened (again): it does not become milder. */
  toldTier: Tier | null;
  /** When the incident first was of this tier or a worse one; for rules such as "tier 2 not restored in two hours". */
  readonly tierReachedAt: Map<Tier, EpochMs>;
  readonly policyId: string;
  readonly steps: Readonly<Record<Tier, readonly EscalationStep[]>>;
  readonly targets: Readonly<Record<Tier, TierTargets>>;
  /** Faults folded in, root included, while they last. */
  readonly members: Map<string, MemberRelation>;
  /** From 1; every new response clock (re-opened, or upgraded after the acknowledgement) starts one. */
  episode: number;
  /** When the running response clock started. */
  clockStartedAt: EpochMs;
  /** When the escalation steps of the present tier began, and why. */
  stepsStartedAt: EpochMs;
  /** The worst tier of this clock: its escalation began at `stepsStartedAt`. */
  worstOfClock: Tier;
  /** From when the reminders count: the start of the clock, or when a tier that it had not had shortened it. */
  remindersFrom: EpochMs;
  /** When it last got worse within this clock; null: it has not. */
  upgradedAt: EpochMs | null;
  stepsReason: 'opened' | 'upgraded' | 'reopened' | 'lapsed';
  /** The escalation began above the first level: see escalation-level.ts. */
  fromSecondLevel: boolean;
  acknowledgeBy: EpochMs;
  acknowledgedAt: EpochMs | null;
  acknowledgedBy: string | null;
  /** Who has joined the chain of their own accord. */
  readonly joinedIds: Set<string>;
  /** Who tried to acknowledge in this episode and may not: put on record once. */
  readonly refusedIds: Set<string>;
  /** The clock after whose acknowledgement a customer notice was drafted last; null: none was. */
  draftedEpisode: number | null;
  /** When a person last put something on record, the acknowledgement included; null before it. */
  lastUpdateAt: EpochMs | null;
  /** When an update was asked for that has not come yet. */
  updateAskedAt: EpochMs | null;
  breachedAt: EpochMs | null;
  resolvedAt: EpochMs | null;
  /** First good poll after the latest of its faults that cleared. What lasted ended there once it is resolved: null then, if it left the configuration instead. */
  restoredAt: EpochMs | null;
  /** Steps of this clock already taken: `step:0`, `reminder:0.5`, `repeat:3`, `breach`. */
  readonly stepsTaken: Set<string>;
  /** Those of them that paged nobody because of a silence, and that nothing has made up for since. */
  readonly silencedSteps: Set<string>;
  /** Rules of which it was said ahead that they are about to hold. */
  readonly forecastRuleIds: Set<string>;
  /** Steps of the procedure that people have recorded. */
  readonly stages: Set<RecordedStage>;
  reviewedAt: EpochMs | null;
  reviewedBy: string | null;
  /** Of the review that was written last. */
  approvedAt: EpochMs | null;
  /** Since it ended; null where none is required, and while it is open. */
  reviewDuty: HeldReviewDuty | null;
  /** Whether nobody acknowledged in time, in any of its clocks. */
  wasBreached: boolean;
  /** When the incident before it of the same fault ended; null: none is held. */
  readonly previousEndedAt: EpochMs | null;
  /** By authority: by when it is to be told. */
  readonly authorityClocks: Map<string, HeldAuthorityClock>;
  /** After the end and, where one is needed, the review; null: not yet. */
  closedAt: EpochMs | null;
  /** Page ids that belong to this incident. */
  readonly pageIds: string[];
}

/** When the present time of the incident began: it may have been open before. */
export function openedThisTimeAt(incident: Pick<Incident, 'openedAt' | 'reopenedAt'>): EpochMs {
  return incident.reopenedAt ?? incident.openedAt;
}

export interface PageConfirmation {
  readonly status: 'delivered' | 'failed';
  readonly at: EpochMs;
  readonly reason: LocalText;
}

export type PageStatus = 'queued' | 'sent' | 'abandoned' | 'cancelled';

export interface Page {
  readonly id: string;
  readonly incidentId: string;
  readonly episode: number;
  readonly step: string;
  readonly personId: string;
  readonly channelId: string;
  readonly kind: PageKind;
  readonly urgent: boolean;
  readonly queuedAt: EpochMs;
  /** `queuedAt` as it was at first, where a step of the wall clock has moved it: part of what tells a mail from others. */
  keyAt?: EpochMs;
  readonly giveUpAt: EpochMs;
  /** Held until the quiet hours of the recipient are over; null: goes out at once. */
  readonly notBefore: EpochMs | null;
  facts: PageFacts;
  status: PageStatus;
  /** Since when its recipient waits: when it, or the first of the pages it stands for, might have gone out. */
  waitingSince: EpochMs;
  /** When its first try failed; left out while none has. */
  firstFailedAt?: EpochMs;
  /** Since when nothing could be delivered: the first failed try of it or of those that it stands for; left out while none has failed. */
  failingSince?: EpochMs;
  /** How many older pages it stands for that waited in vain. */
  replacedCount: number;
  /** The newer page that stands for this one. */
  replacedBy: string | null;
  attempts: number;
  nextAttemptAt: EpochMs;
  /** The end of a try is not known (cut off, no answer, the service killed meanwhile): the recipient may have it. */
  mayHaveGoneOut: boolean;
  finishedAt: EpochMs | null;
  lastFailure: LocalText | null;
  /** When the far end first said no to it; left out when it never has. */
  refusedAt?: EpochMs;
  receipt: string | null;
  /** The page with which it went out as one summary, of which that was the first; left out by itself. */
  inSummary?: string;
  /** What the provider said became of it; null, or left out, as long as it has said nothing. */
  confirmation?: PageConfirmation | null;
}

/** Signed requests that are remembered: years of replies; the oldest goes first. */
export const MOST_TAKEN_CALLBACKS = 10_000;

/** The state before the first event. */
export function emptyState(): EngineState {
  return {
    topology: null,
    topologyHash: '',
    startedAt: null,
    runId: null,
    leaseAt: null,
    devices: new Map(),
    formerNames: new Map(),
    faults: new Map(),
    incidents: new Map(),
    openIncidentIds: new Set(),
    incidentByRoot: new Map(),
    standaloneFaultKeys: new Set(),
    generatorFaultKeys: new Set(),
    pages: new Map(),
    flaps: new Map(),
    lastIncidentNumber: 0,
    overrides: new Map(),
    lastOverrideNumber: 0,
    silences: new Map(),
    lastSilenceNumber: 0,
    reports: new Map(),
    lastReportNumber: 0,
    lastEventAt: null,
    clockStep: null,
  };
}
