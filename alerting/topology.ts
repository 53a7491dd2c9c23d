import type { AuthorityDuty } from '../config/authority-duty.ts';
import type { DeliveryConfig } from '../config/delivery.ts';
import type {
  EscalationPolicy,
  FlappingConfig,
  GradingRule,
  Language,
  Link,
  MaintenanceWindow,
  RedundancyGroup,
  Role,
  Team,
  Tier,
  TierTargets,
} from '../config/model.ts';
import type { QuietHours, Schedule } from '../config/schedule/schedule.ts';
import type { WorkCalendar } from '../config/schedule/working-days.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';

/**
 * The part of the configuration that decides incidents. It enters the journal as an event whenever
 * it changes, so that a replay needs nothing but the journal. It holds no secret and no address.
 */
export interface Topology {
  readonly devices: readonly TopologyDevice[];
  readonly sites: readonly {
    readonly id: string;
    readonly name: string;
    readonly timeZone: string;
    /** Older journals lack what follows. */
    readonly customers?: number;
    readonly keyCustomers?: number;
    readonly generator?: boolean;
    readonly batteryMinutes?: number;
  }[];
  /** Older journals have none. */
  readonly links?: readonly Link[];
  readonly redundancyGroups: readonly RedundancyGroup[];
  readonly people: readonly TopologyPerson[];
  /** Older journals do not have it. */
  readonly teams?: readonly Team[];
  /** Older journals do not have it. */
  readonly schedules?: readonly Schedule[];
  /** Who is paged when an escalation reaches nobody else. Older journals do not have it. */
  readonly catchAll?: readonly string[];
  /** How pages are carried out; older journals do not have it. */
  readonly delivery?: DeliveryConfig;
  /** Which channels exist and of which kind; their addresses and keys stay outside the journal. */
  readonly channels: readonly { readonly id: string; readonly kind: string }[];
  readonly escalationPolicies: readonly EscalationPolicy[];
  readonly tiers: Readonly<Record<Tier, TierTargets>>;
  readonly gradingRules: readonly GradingRule[];
  /** Older journals lack this and the next. */
  readonly authorities?: readonly AuthorityDuty[];
  readonly workCalendars?: readonly WorkCalendar[];
  readonly maintenanceWindows: readonly MaintenanceWindow[];
  readonly flapping: FlappingConfig;
  readonly targetPpm: number;
  readonly timeZone: string;
}

export interface TopologyDevice {
  readonly id: string;
  readonly name: string;
  readonly siteId: string;
  readonly role: Role;
  readonly parents: readonly { readonly deviceId: string; readonly port: string | null }[];
  readonly powerFeeds: readonly string[];
  readonly tags: readonly string[];
  readonly customers: number;
  /** Older journals do not have it. */
  readonly keyCustomers?: number;
  readonly failuresToConfirm: number;
  readonly successesToClear: number;
  /** In service from and until; null or left out (older journals): as long as it is in the topology. */
  readonly commissionedAt?: EpochMs | null;
  readonly retiredAt?: EpochMs | null;
  /** Without an observation for this long the device is not observed. */
  /** Runs on this very machine: it answers over no network. Left out otherwise. */
  readonly isLocal?: true;
  readonly staleAfterMs: DurationMs;
}

export interface TopologyPerson {
  readonly id: string;
  readonly name: string;
  readonly language: Language;
  readonly timeZone: string;
  /** In order of preference. */
  readonly channelIds: readonly string[];
  /** May acknowledge incidents of whose chain they are not; left out otherwise, and in older journals. */
  readonly answersAll?: true;
  /** Approves reviews; left out otherwise, and in older journals. */
  readonly approvesReviews?: true;
  /** When only incidents of tiers 1 and 2 page. Older journals do not have it. */
  readonly quietHours?: readonly QuietHours[];
}
