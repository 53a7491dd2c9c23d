import type { FaultKind, GeneratorState, Redundancy, Role, Tier } from '../config/model.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs } from '../lib/time.ts';

/** What the grade was decided from; recomputing the rule over it gives the same tier. */
export interface GradingEvidence {
  readonly ruleId: string;
  /** Every rule that matched, top first. */
  readonly matchedRuleIds: readonly string[];
  readonly inputs: GradingInputs;
  /** Reads after "tier 2 because": `aggregation agg-3 has no redundant path, 14 devices unreachable behind it`. */
  readonly sentence: LocalText;
  /** The sentence without what was in doubt then; left out where nothing was. */
  readonly withoutDoubt?: LocalText;
  /** As the sentence, of now: the cause comes and goes, rather than being there; left out otherwise. */
  readonly isFlapping?: true;
}

export interface GradingInputs {
  readonly faultKind: FaultKind;
  readonly level: 'warning' | 'critical';
  readonly rootDeviceId: string;
  readonly role: Role;
  readonly redundancy: Redundancy;
  /** The worst affected site, else that of the cause. */
  readonly siteId: string;
  readonly siteRole: Role;
  /** Affected sites, the worst first, the first few of them; older journals lack this. */
  readonly siteIds?: readonly string[];
  readonly devicesDown: number;
  readonly coreDevicesDown: number;
  /** Older journals lack this and what else may be left out. */
  readonly domainDevicesDown?: number;
  readonly siteDevices: number;
  readonly sitePercent: number;
  readonly sitesDown: number;
  readonly sitesPercent: number;
  readonly customers: number;
  readonly customersPercent: number;
  readonly keyCustomers?: number;
  readonly unknownPercent?: number;
  readonly generator?: GeneratorState;
  /** Of the redundancy group that has the fewest left, where one has lost members: how many work. */
  readonly membersLeft?: number;
  /** Of a bad path: as many paths at its site are bad, percent of the devices that answer there. */
  readonly sitePathsPercent?: number;
  /** Whether a standby of such a group serves in place of a primary. */
  readonly switchedOver?: boolean;
  /** Minutes left on battery, null when no battery is involved or it does not tell. */
  readonly batteryMinutes: number | null;
  readonly flapping: boolean;
  /** Of an alert: its severity label; left out for other faults. */
  readonly alertSeverity?: string;
  readonly currentTier: Tier | null;
  /** Since the first sign of it. */
  readonly durationMs: DurationMs;
}
