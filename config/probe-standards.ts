import type { DurationMs } from '../lib/time.ts';
import type { Role } from './model.ts';

/** Rounds of probes of every device, and what the path to it must be like. */
export interface ProbesConfig {
  readonly everyMs: DurationMs;
  /** What measures; `icmp` where there is fping, else the polls. */
  readonly by: 'icmp' | 'snmp';
  /** To each device in a round. */
  readonly packets: number;
  readonly standards: PathStandards;
  /** Later ones count more; an empty list names everything. */
  readonly overrides: readonly {
    readonly deviceIds: readonly string[];
    readonly siteIds: readonly string[];
    readonly roles: readonly Role[];
    readonly standards: Partial<PathStandards>;
  }[];
}

/** The most that is good; null: any. */
export interface PathStandards {
  readonly lossRatio: number | null;
  readonly roundTripMs: DurationMs | null;
  readonly jitterMs: DurationMs | null;
}
