import type { Language } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { AuthorityDuty } from './authority-duty.ts';
import type { Channel } from './channels/model.ts';
import type { DeliveryConfig } from './delivery.ts';
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts';
import type { ProbesConfig } from './probe-standards.ts';
import type { Profile } from './profile.ts';
import type { QuietHours, Schedule } from './schedule/schedule.ts';
import type { WorkCalendar } from './schedule/working-days.ts';
import type { TierTargets } from './tier-targets.ts';

/**
 * The configuration as the rest of the program sees it: parsed once, checked, frozen. Every default
 * is already filled in; every reference (a device's site, a step's person) is known to exist.
 */
export interface Config {
  readonly service: ServiceConfig;
  readonly polling: PollingConfig;
  readonly flapping: FlappingConfig;
  readonly objective: Objective;
  /** null: no traps are received. */
  readonly traps: TrapsConfig | null;
  /** null or left out: nothing is written to InfluxDB. */
  readonly influx?: InfluxConfig | null;
  /** null or left out: no report is sent by itself. */
  readonly reports?: ReportsConfig | null;
  /** null or left out: devices are not probed beside their polls. */
  readonly probes?: ProbesConfig | null;
  readonly sites: readonly Site[];
  readonly devices: readonly Device[];
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly links: readonly Link[];
  readonly redundancyGroups: readonly RedundancyGroup[];
  readonly people: readonly Person[];
  readonly teams: readonly Team[];
  readonly schedules: readonly Schedule[];
  /** Ids of who is paged when an escalation reaches nobody else. */
  readonly catchAll: readonly string[];
  /** A sign of life to a watcher outside; null: none is given. */
  readonly beat: Beat | null;
  readonly channels: readonly Channel[];
  readonly escalationPolicies: readonly EscalationPolicy[];
  readonly delivery: DeliveryConfig;
  readonly tiers: Readonly<Record<Tier, TierTargets>>;
  readonly gradingRules: readonly GradingRule[];
  /** What authorities are to be told; left out or empty: nothing. */
  readonly authorities?: readonly AuthorityDuty[];
  /** On which days people work, by zone; where none is named, from Monday to Friday. */
  readonly workCalendars?: readonly WorkCalendar[];
  readonly maintenanceWindows: readonly MaintenanceWindow[];
  readonly profiles: readonly Profile[];
}

/** 1 critical 特别重大 · 2 major 重大 · 3 significant 较大 · 4 general 一般. */
export type Tier = 1 | 2 | 3 | 4;
export const TIERS: readonly Tier[] = [1, 2, 3, 4];

export type { Language };

export interface ServiceConfig {
  readonly listenHost: string;
  readonly listenPort: number;
  /** Absolute path; holds the journal. */
  readonly dataFolder: string;
  /** How people reach the console from outside; links in pages start with it. No trailing slash. */
  readonly consoleUrl: string;
  /**
   * Where telephones and message providers reach `/a/` and `/api/v1/callbacks/`; null: acknowledge
   * links begin with `consoleUrl`, and providers are not told to call back. No trailing slash.
   */
  readonly publicUrl: string | null;
  /** Further names, in lower case, under which the service may be asked; none when left out. */
  readonly hosts?: readonly string[];
  /** IANA zone in which periods and times are shown unless a site or person has its own. */
  readonly timeZone: string;
  readonly language: Language;
  /** True for the built-in demo network: the console and the log say so plainly. */
  readonly demo: boolean;
}

/** Where traps and informs of the configured devices are received. */
export interface TrapsConfig {
  readonly listenHost: string;
  /** UDP. */
  readonly listenPort: number;
}

/** InfluxDB 1.x, for those who keep more than the console's pictures need. */
export interface InfluxConfig {
  readonly url: string;
  readonly database: string;
  readonly user: string | null;
  readonly password: Secret | null;
  /** Kept on disk while the server is away. */
  readonly bufferBytes: number;
}

/** Reports that are frozen and mailed by themselves when their period is over. */
export interface ReportsConfig {
  /** People with a mail contact; each gets the report in their language. */
  readonly personIds: readonly string[];
  readonly every: readonly ('month' | 'quarter' | 'year')[];
  /** From the start of the first day after the period. */
  readonly afterMs: DurationMs;
  readonly format: 'pdf' | 'html' | 'csv' | 'json';
}

export interface PollingConfig {
  readonly heartbeatMs: DurationMs;
  readonly fullPollMs: DurationMs;
  /** Wait for one reply. */
  readonly timeoutMs: DurationMs;
  /** Further tries of one request after the first. */
  readonly retries: number;
  /** Failed polls in a row before a device is confirmed not answering. */
  readonly failuresToConfirm: number;
  /** Good polls in a row before it is confirmed back. */
  readonly successesToClear: number;
  /** Wait between the quick re-probes that confirm a change. */
  readonly confirmMs: DurationMs;
  /** Bound on a whole full poll of one device. */
  readonly deadlineMs: DurationMs;
  /** Polls in progress at once, over all devices. */
  readonly concurrency: number;
  /** Threads that poll beside the main one; 0: the main one polls. null: as the machine allows. */
  readonly threads: number | null;
}

export interface FlappingConfig {
  readonly windowMs: DurationMs;
  /** More confirmed changes than this inside the window: flapping. */
  readonly enterAbove: number;
  /** Fewer than this inside the window: no longer flapping. */
  readonly leaveBelow: number;
}

export interface Objective {
  /** 0.999 for 99.9 %. Kept as parts per million so that the arithmetic stays in integers. */
  readonly targetPpm: number;
}

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  /** Customers cut off when the whole site is, beside those of its devices. */
  readonly customers: number;
  /** As `customers`, of those whose service must not fail: emergency, government, hospital, finance. */
  readonly keyCustomers: number;
  /** Whether a generator can take over from the batteries. */
  readonly generator: boolean;
  /** Battery time assumed where nothing tells it, minutes. */
  readonly batteryMinutes: number;
}

/** Assumed when a system on battery does not tell how long it lasts, and its site does not either. */
export const USUAL_BATTERY_MINUTES = 30;

export type Role = 'core' | 'aggregation' | 'access' | 'power' | 'server' | 'cpe';
export const ROLES: readonly Role[] = ['core', 'aggregation', 'access', 'power', 'server', 'cpe'];

/** One path towards the core: the device above, and the port there that leads to this one (null when not declared). */
export interface ParentLink {
  readonly deviceId: string;
  readonly port: string | null;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  /** IPv4 or IPv6 address, never a name: names are resolved when the configuration is loaded. */
  readonly address: string;
  readonly port: number;
  /** Whether its replies count from any address and port, by id and credential alone. */
  readonly replyFromAnyAddress: boolean;
  readonly siteId: string;
  readonly role: Role;
  readonly credentialId: string;
  /** Empty for the top of the network as the collector sees it. */
  readonly parents: readonly ParentLink[];
  /** Devices (UPS, PDU, rectifier) that feed this one; it goes dark when all of them do. */
  readonly powerFeeds: readonly string[];
  /** Port names whose loss is a fault even though nothing else says so. */
  readonly importantPorts: readonly string[];
  /** Profile ids to apply beside those that match by themselves. */
  readonly profiles: readonly string[];
  readonly tags: readonly string[];
  /** From when it counts as in service, and from when no longer; null: while it is in the file. */
  readonly commissionedAt: EpochMs | null;
  readonly retiredAt: EpochMs | null;
  /** Customers served through this device alone; 0 when not declared. */
  readonly customers: number;
  /** Of them or beside them, those whose service must not fail: emergency, government, hospital, finance. */
  readonly keyCustomers: number;
  readonly polling: PollingConfig;
}

/** One end of a link: a port of a device. */
export interface LinkEnd {
  readonly deviceId: string;
  readonly port: string;
}

/** A declared link between two ports; lost at both ends it is one trouble. */
export interface Link {
  readonly id: string;
  readonly ends: readonly [LinkEnd, LinkEnd];
}

/** A configured secret with its value, so that a log or an error can name it without showing it. */
export interface Secret {
  /** `env:NAME`, `file:PATH` or `plain:<secret>`: where it came from. */
  readonly source: string;
  reveal(): string;
}

export type Credential =
  | { readonly id: string; readonly version: 'v1' | 'v2c'; readonly community: Secret }
  | {
      readonly id: string;
      readonly version: 'v3';
      readonly user: string;
      readonly level: 'noAuthNoPriv' | 'authNoPriv' | 'authPriv';
      readonly authentication: AuthenticationProtocol | null;
      readonly authenticationPassword: Secret | null;
      readonly privacy: PrivacyProtocol | null;
      readonly privacyPassword: Secret | null;
      readonly contextName: string;
    };

export type AuthenticationProtocol = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
/** `…c` are the Reeder key-extension variants that Cisco devices use. */
export type PrivacyProtocol = 'des' | 'aes128' | 'aes192' | 'aes256' | 'aes192c' | 'aes256c';

/** At least `need` of the members must work; fewer than all is "redundancy lost". */
export interface RedundancyGroup {
  readonly id: string;
  readonly name: string;
  /** Empty for a group of links. */
  readonly deviceIds: readonly string[];
  /** Ids of links; left out for a group of devices. */
  readonly linkIds?: readonly string[];
  readonly need: number;
  /** The members that carry the service while all is well; the others stand by. Left out when all share it. */
  readonly primaryIds?: readonly string[];
}

export interface Contact {
  readonly channelId: string;
  /** Mail address, telephone number …; null for a channel that has one fixed destination. */
  readonly address: string | null;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly logins: readonly string[];
  readonly language: Language;
  readonly timeZone: string;
  /** In order of preference. */
  readonly contacts: readonly Contact[];
  /** When only incidents of tiers 1 and 2 page. */
  readonly quietHours: readonly QuietHours[];
  /** May acknowledge every incident, also those whose escalation does not name them; left out otherwise. */
  readonly answersAll?: true;
  /** Approves reviews; where nobody does, any second person may. Left out otherwise. */
  readonly approvesReviews?: true;
}

/** The address is asked again and again for as long as all is well; its silence is the alarm. */
export interface Beat {
  readonly url: Secret;
  readonly everyMs: DurationMs;
}

/** People who work together. */
export interface Team {
  readonly id: string;
  readonly name: string;
  readonly personIds: readonly string[];
  /** Who is told when a schedule of the team has a gap. */
  readonly managerId: string | null;
}

export type { Channel };

export interface EscalationStep {
  /** After the incident opened (or its clock restarted), unless acknowledged by then. */
  readonly afterMs: DurationMs;
  readonly personIds: readonly string[];
  /** Whoever is on call there when the step is due. Older journals do not have it. */
  readonly scheduleIds?: readonly string[];
  /** Every member of these. Older journals do not have it. */
  readonly teamIds?: readonly string[];
  /** Only these channels of each person; all of them when empty. */
  readonly channelIds: readonly string[];
}

/** Which steps run for which tier. */
export interface EscalationPolicy {
  readonly id: string;
  /** The policy applies to incidents at these sites; to all when empty. The first that applies wins. */
  readonly siteIds: readonly string[];
  readonly steps: Readonly<Record<Tier, readonly EscalationStep[]>>;
}

export type { TierTargets };

export { FAULT_KINDS, type FaultKind };

export interface NumberRange {
  readonly atLeast: number | null;
  readonly atMost: number | null;
}

/** Path redundancy left for what the root cause serves. */
export type Redundancy = 'full' | 'degraded' | 'none';

/** The generator of a site: carries the load, stands still, or there is none. */
export const GENERATOR_STATES = ['running', 'off', 'none'] as const;
export type GeneratorState = (typeof GENERATOR_STATES)[number];

/** Every field that is not null must hold; of `anyOf`, one. An unknown input never satisfies a range. */
export interface GradingCondition {
  readonly faultKinds: readonly FaultKind[] | null;
  readonly levels: readonly ('warning' | 'critical')[] | null;
  readonly roles: readonly Role[] | null;
  readonly redundancy: readonly Redundancy[] | null;
  /** Highest role among devices of the affected site: whether it is a core, aggregation or access site. */
  readonly siteRoles: readonly Role[] | null;
  readonly devicesDown: NumberRange | null;
  readonly coreDevicesDown: NumberRange | null;
  /** The most devices down or unreachable that hang on one aggregation device. Older journals lack this and what else may be left out. */
  readonly domainDevicesDown?: NumberRange | null;
  /** Devices down or unreachable at the worst site, percent of those in service there. */
  readonly sitePercent: NumberRange | null;
  /** Sites with at least 80 % of their devices down or unreachable, or with no way out left. */
  readonly sitesDown: NumberRange | null;
  readonly sitesPercent: NumberRange | null;
  readonly customers: NumberRange | null;
  readonly customersPercent: NumberRange | null;
  readonly keyCustomers?: NumberRange | null;
  /** Devices that we cannot observe, percent of all. */
  readonly unknownPercent?: NumberRange | null;
  readonly generator?: readonly GeneratorState[] | null;
  /** Working members of a redundancy group that has lost some. */
  readonly membersLeft?: NumberRange | null;
  /** Of a bad path: devices at its site whose paths are bad as well, percent of those that answer; 0 where one does. */
  readonly sitePathsPercent?: NumberRange | null;
  /** A standby serves in place of a primary. */
  readonly switchedOver?: boolean | null;
  readonly batteryMinutes: NumberRange | null;
  readonly flapping: boolean | null;
  /** Of an alert: its severity label is one of these; blank for none. Older journals do not have it. */
  readonly alertSeverities?: readonly string[] | null;
  /** Of an alert: its severity label is none of these. */
  readonly exceptSeverities?: readonly string[] | null;
  /** The incident already has this tier: for rules such as "tier 2 not restored in two hours". */
  readonly currentTier: Tier | null;
  readonly anyOf: readonly GradingCondition[] | null;
}

/** First match from the top decides the tier. */
export interface GradingRule {
  readonly id: string;
  readonly tier: Tier;
  readonly when: GradingCondition;
  /** How long the condition must have held. */
  readonly forMs: DurationMs;
  /** Once the condition has held this long, those paged are told when the rule will hold. */
  readonly warnAfterMs?: DurationMs;
}

/** Planned work. Half-open `[startsAt, endsAt)`. */
export interface MaintenanceWindow {
  readonly id: string;
  readonly reason: string;
  readonly owner: string;
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  /** A device is covered when it is named, or its site, or one of its tags is. */
  readonly deviceIds: readonly string[];
  readonly siteIds: readonly string[];
  readonly tags: readonly string[];
}
