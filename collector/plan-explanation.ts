import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { DoubtedValues } from './doubted-values.ts';
import type { Outcome } from './observation.ts';
import type { ExplainedTurns } from './plan/explain.ts';
import type { PollCost } from './plan/poll-cost.ts';
import type { RoundTripFacts } from './snmp-client.ts';

/** How one device is polled and why so, for people: plain data without a secret. */
export interface DevicePlanExplanation {
  readonly deviceId: string;
  readonly explainedAt: EpochMs;
  readonly snmpVersion: 'v1' | 'v2c' | 'v3';
  readonly sysName: string | null;
  readonly sysDescr: string | null;
  readonly sysObjectId: string | null;
  /** Profiles in use, with the reason each was chosen. */
  readonly profiles: readonly {
    readonly id: string;
    readonly title: string;
    readonly reason: LocalText;
  }[];
  /** What is certain of the device by now; null: not enough polls have said the same. */
  readonly confirmed: 'answering' | 'silent' | null;
  readonly lanes: readonly LaneExplanation[];
  readonly confirming: ConfirmingExplanation;
  readonly wire: WireExplanation;
  /** What the last full poll sent; null before the first one. */
  readonly lastFullPoll: PollTraffic | null;
  /** What the last full poll sent that walked everything; null when none did since the start. */
  readonly lastWalk: PollTraffic | null;
  /** null until the device has been walked. */
  readonly plan: PlanExplanation | null;
  /** What of the last full poll was not believed as it was sent; nothing while that is too old. */
  readonly doubted: DoubtedValues;
  /** What the device has that nothing here can read. */
  readonly notUnderstood: readonly LocalText[];
}

/** `heartbeat`: does it answer; `full`: everything that its profiles name. */
export interface LaneExplanation {
  readonly lane: 'heartbeat' | 'full';
  readonly everyMs: DurationMs;
  readonly lastAt: EpochMs | null;
  readonly lastTookMs: DurationMs | null;
  readonly lastOutcome: Outcome | null;
  /** Why not ok, or what could not be read; blank when all is well. */
  readonly lastDetail: LocalText;
  /** null: at present none is planned. */
  readonly nextAt: EpochMs | null;
  /** Why then. */
  readonly pace: LocalText;
}

/** How it is made sure that a device has begun or ceased to answer. */
export interface ConfirmingExplanation {
  /** Between the heartbeats that do it. */
  readonly everyMs: DurationMs;
  /** Polls in a row that fail, or that answer again. */
  readonly failures: number;
  readonly successes: number;
}

export interface WireExplanation {
  /** The longest wait for one reply. */
  readonly timeoutMs: DurationMs;
  /** Further tries of one request after the first. */
  readonly retries: number;
  /** Bound on a whole full poll. */
  readonly deadlineMs: DurationMs;
  /** null before the device was first asked. */
  readonly roundTrips: RoundTripFacts | null;
}

/** Datagrams of one full poll. */
export interface PollTraffic {
  readonly at: EpochMs;
  readonly packetsSent: number;
  /** Of those, tries after the first. */
  readonly packetsRetried: number;
}

/** What the next full poll asks for, and what was learned. */
export interface PlanExplanation {
  readonly cost: PollCost;
  readonly batch: BatchExplanation;
  /** What else was learned about the agent, each with its reason. */
  readonly learned: readonly LocalText[];
  /** Objects that are read only in some polls. */
  readonly turns: readonly ExplainedTurns[];
  /** Scalars, as the columns of tables. */
  readonly scalars: readonly ColumnsExplanation[];
  readonly tables: readonly TableExplanation[];
  /** The first objects that the device refused or did not answer; `refusedCount` counts all. */
  readonly refused: readonly RefusedObject[];
  readonly refusedCount: number;
  /** Polls along the plan since everything was walked, and until it is walked again at the latest. */
  readonly pollsSinceWalk: number;
  readonly pollsUntilWalk: number;
  /** What has everything walked again before that. */
  readonly walkedAgainWhen: readonly LocalText[];
}

export interface BatchExplanation {
  /** What one request asks for at most. */
  readonly varbinds: number;
  /** What the varbinds of one reply are planned to take at most. */
  readonly octets: number;
  readonly why: LocalText;
}

export interface TableExplanation {
  readonly profile: string;
  readonly name: string;
  readonly rows: number;
  /** When the rows were learned by walking. */
  readonly learnedAt: EpochMs;
  /** How it is noticed that rows come and go. */
  readonly rowChanges: LocalText;
  /** Those that are read alike for the same reason together. */
  readonly columns: readonly ColumnsExplanation[];
}

/** How objects are kept up to date, as `CARE` in plan/layout.ts has it. */
export const READING_WAYS = ['always', 'rare', 'lowHalf', 'nothing', 'still'] as const;

export interface ColumnsExplanation {
  readonly care: (typeof READING_WAYS)[number];
  readonly why: LocalText;
  readonly names: readonly string[];
  /** Cells that hold a value. */
  readonly cells: number;
}

export interface RefusedObject {
  readonly oid: string;
  /** With its index; null where no profile names it. */
  readonly name: string | null;
  /** Polls until it is asked for again; null: not before the table is walked again. */
  readonly pollsLeft: number | null;
}
