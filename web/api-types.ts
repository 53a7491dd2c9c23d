/** Answers of the public API as the console reads them; `/api/v1/openapi.json` has the whole. */

export type Language = 'en' | 'zh-CN';
export type LocalText = Readonly<Record<Language, string>>;
export type Tier = 1 | 2 | 3 | 4;
export type Health = 'up' | 'degraded' | 'down' | 'unreachable' | 'unknown';
/** RFC 3339 in UTC. */
export type Instant = string;

export interface List<Item> {
  readonly items: readonly Item[];
}

export interface Summary {
  readonly now: Instant;
  readonly timeZone: string;
  readonly demo: boolean;
  readonly lab: boolean;
  readonly dataAt: Instant | null;
  readonly sequence: number;
  readonly devices: Readonly<Record<Health, number>>;
  readonly tiers: readonly TierCounts[];
}

export interface TierCounts {
  readonly tier: Tier;
  readonly name: LocalText;
  readonly open: number;
  readonly breached: number;
  readonly acknowledged: number;
}

export interface PersonRef {
  readonly id: string;
  readonly name: string;
}

export interface ResponseClock {
  readonly startedAt: Instant;
  readonly acknowledgeBy: Instant;
  readonly status: 'running' | 'met' | 'breached' | 'stopped';
}

/** One of the faults that an incident has been about, with its own time. */
export interface Cause {
  readonly faultKey: string;
  readonly title: LocalText;
  readonly isTitle: boolean;
  readonly startedAt: Instant;
  readonly since: Instant;
  readonly endedAt: Instant | null;
  readonly heldMs: number;
  readonly count: number;
}

export interface Incident {
  readonly id: string;
  /** Which of its response clocks; an acknowledgement is for one. */
  readonly episode: number;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  readonly tier: Tier;
  readonly tierName: LocalText;
  readonly title: LocalText;
  readonly because: LocalText;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly siteName: string | null;
  readonly otherSites: readonly { readonly id: string; readonly name: string }[];
  readonly startedAt: Instant;
  readonly openedAt: Instant;
  readonly reopenedAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: PersonRef | null;
  readonly resolvedAt: Instant | null;
  readonly restoredAt: Instant | null;
  readonly isRemoved: boolean;
  readonly flappingSince: Instant | null;
  readonly causes: readonly Cause[];
  readonly clock: ResponseClock;
  readonly affectedCount: number;
  readonly cutOffCount: number;
  readonly confirmedCount: number | null;
  readonly affectedNames: readonly string[];
  readonly paged: readonly PersonRef[];
  /** To whom pages wait to go out, and none has yet. */
  readonly beingPaged: readonly PersonRef[];
}

export interface Dependent {
  readonly id: string;
  readonly name: string;
  readonly health: Health;
  readonly via: 'network' | 'power';
  readonly hasOtherPath: boolean;
}

export interface IncidentMember {
  readonly faultKey: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly health: Health;
  readonly component: string | null;
  readonly kindName: LocalText;
  readonly relationName: LocalText;
  readonly text: LocalText;
  readonly description: string | null;
  readonly runbookUrl: string | null;
  readonly since: Instant | null;
}

export interface Page {
  readonly id: string;
  readonly person: PersonRef;
  readonly channelId: string;
  readonly kindName: LocalText;
  readonly queuedAt: Instant;
  readonly status: 'queued' | 'sent' | 'abandoned' | 'cancelled';
  /** It waits because its person has got as many pages as they may within that time. */
  readonly isHeldBack: boolean;
  readonly replacedBy: string | null;
  readonly attempts: number;
  readonly finishedAt: Instant | null;
  readonly lastFailure: LocalText | null;
}

export interface IncidentDetail extends Incident {
  readonly setTier: {
    readonly tier: Tier;
    readonly by: PersonRef;
    readonly confirmedBy: PersonRef | null;
    readonly at: Instant;
    readonly reason: string;
    readonly rulesTier: Tier;
  } | null;
  readonly proposedTier: {
    readonly tier: Tier;
    readonly by: PersonRef;
    readonly at: Instant;
    readonly lastsUntil: Instant;
    readonly reason: string;
  } | null;
  readonly toldTier: Tier | null;
  readonly updateDueAt: Instant | null;
  readonly lapsesAt: Instant | null;
  readonly noticeDueAt: Instant | null;
  readonly openMs: number | null;
  readonly faultText: LocalText;
  readonly ruleId: string;
  readonly members: readonly IncidentMember[];
  readonly memberCount: number;
  readonly affected: readonly Dependent[];
  readonly pages: readonly Page[];
  readonly resolution: {
    readonly by: PersonRef | null;
    readonly reason: 'recovered' | 'person' | 'removed';
    readonly text: string;
  } | null;
}

export interface TimelineEntry {
  readonly sequence: number;
  readonly at: Instant;
  readonly type: string;
  readonly text: LocalText;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly siteId: string;
  readonly siteName: string;
  readonly roleName: LocalText;
  readonly address: string;
  readonly health: Health;
  readonly healthSince: Instant | null;
  readonly flapping: boolean;
  readonly inMaintenance: boolean;
  readonly openFaults: number;
}

export interface DeviceList extends List<Device> {
  readonly nextCursor: string | null;
}

export interface RelatedDevice {
  readonly id: string;
  readonly name: string;
  readonly health: Health;
}

export interface Port {
  readonly index: number;
  readonly name: string;
  readonly alias: string;
  readonly adminStatus: string;
  readonly operStatus: string;
  readonly undeclaredOperStatus: number | null;
  readonly speedBps: number | null;
  readonly receiveBps: number | null;
  readonly transmitBps: number | null;
}

export interface Reading {
  readonly component: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly undeclaredState: number | null;
  /** Where it comes from; null: computed from several. */
  readonly source: {
    readonly title: string;
    readonly object: string;
    readonly oid: string;
    readonly grade: number | null;
    readonly stateText: string | null;
  } | null;
}

export interface Observed {
  readonly sysName: string | null;
  readonly sysDescr: string | null;
  readonly sysObjectId: string | null;
  readonly profiles: readonly { readonly id: string; readonly reason: LocalText }[];
  readonly uptimeSeconds: number | null;
  readonly lastPollAt: Instant | null;
  readonly lastOutcome: string | null;
  readonly lastDetail: LocalText;
  readonly rttMs: number | null;
  readonly replyFromAnyAddress: boolean;
  readonly strayReplies: { readonly count: number; readonly lastFrom: string | null };
  readonly snmpEngine: { readonly id: string; readonly sharedWith: readonly string[] } | null;
  readonly ports: readonly Port[];
  readonly readings: readonly Reading[];
  readonly forecast: PowerForecast | null;
}

/** Minutes until the load goes dark. */
export interface PowerForecast {
  readonly onBattery: boolean;
  readonly lowMinutes: number;
  readonly likelyMinutes: number;
  readonly highMinutes: number;
  readonly basis: 'reported' | 'discharge' | 'reported-and-discharge' | 'voltage';
  readonly reportedMinutes: number | null;
  /** Why what is reported does not count; null: it does, or nothing is. */
  readonly reportDoubt: 'stale' | 'too-long' | null;
}

/** How well the device is reached, and the most that is good. */
export interface PathProbe {
  readonly probe: 'icmp' | 'snmp';
  readonly lossRatio: number | null;
  readonly roundTripMs: number | null;
  readonly jitterMs: number | null;
  readonly broken: readonly string[];
}

export interface DarkDevice extends RelatedDevice {
  /** null: it lives on by `keptBy`. */
  readonly minutes: number | null;
  readonly keptBy: readonly string[];
}

export interface DeviceDetail extends Device {
  readonly tags: readonly string[];
  readonly parents: readonly (RelatedDevice & { readonly port: string | null })[];
  readonly powerFeeds: readonly RelatedDevice[];
  readonly dependents: readonly Dependent[];
  readonly darkOrder: readonly DarkDevice[];
  readonly probe: PathProbe | null;
  readonly incidents: readonly Incident[];
  readonly observed: Observed | null;
}

/** How a device is polled; the parts of it that the console shows. */
export interface DevicePlan {
  readonly lanes: readonly {
    readonly lane: 'heartbeat' | 'full';
    readonly everyMs: number;
    readonly nextAt: Instant | null;
    readonly pace: LocalText;
  }[];
  readonly wire: {
    readonly roundTrips: { readonly waitsMs: readonly number[] } | null;
  };
  readonly plan: LearnedPlan | null;
  readonly doubted: {
    readonly refused: readonly (DoubtedValue & { readonly reason: string })[];
    readonly refusedCount: number;
    readonly rescaled: readonly DoubtedValue[];
  };
  readonly notUnderstood: readonly LocalText[];
}

/** A value that was not believed as it was sent. */
export interface DoubtedValue {
  readonly oid: string;
  readonly object: string;
  readonly raw: number | string | null;
  readonly why: LocalText;
}

export interface LearnedPlan {
  readonly cost: {
    readonly requestCount: number;
    readonly varbinds: number;
    readonly requestOctets: number;
    readonly replyOctets: number;
    readonly requestsToWalk: number;
  };
  readonly batch: { readonly varbinds: number; readonly why: LocalText };
  readonly learned: readonly LocalText[];
  readonly tables: readonly {
    readonly profile: string;
    readonly name: string;
    readonly rows: number;
    readonly learnedAt: Instant;
    readonly columns: readonly ReadColumns[];
  }[];
  readonly refused: readonly { readonly oid: string; readonly name: string | null }[];
  readonly refusedCount: number;
  readonly pollsUntilWalk: number;
}

export interface ReadColumns {
  readonly care: 'always' | 'rare' | 'lowHalf' | 'nothing' | 'still';
  readonly why: LocalText;
  readonly names: readonly string[];
}

export interface InboxMessage {
  readonly id: string;
  readonly incidentId: string;
  readonly kindName: LocalText;
  readonly tier: Tier;
  readonly personName: string;
  readonly at: Instant;
  readonly subject: string;
  readonly text: string;
}

export interface LabFailure {
  readonly deviceId: string;
  readonly part: string | null;
  readonly title: LocalText;
  readonly active: boolean;
}

/** RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Who did it first, where that is the problem. */
  readonly name?: string | null;
}
