import type { FaultKind } from '../config/model.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { EngineChange } from './engine-watch.ts';

/** How polling a device once ended. `refused`: the host is up and says nobody listens; `skipped`: not tried. */
export const OUTCOMES = [
  'ok',
  'timeout',
  'refused',
  'unreachable',
  'auth-failed',
  'bad-response',
  'skipped',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/**
 * The complete result of polling one device once. A heartbeat says only whether it answers; a full
 * poll also says what is wrong with its parts.
 */
export interface Observation {
  readonly deviceId: string;
  readonly kind: 'heartbeat' | 'full';
  readonly outcome: Outcome;
  /** One short sentence for people: the reason when not ok, else blank. Holds no secret. */
  readonly detail: LocalText;
  readonly startedAt: EpochMs;
  readonly finishedAt: EpochMs;
  /** Round trip of the answered request, null when none was. */
  readonly rttMs: DurationMs | null;
  /** RFC 3418 sysUpTime in hundredths of a second, modulo 2^32; null when not answered. */
  readonly sysUpTimeTicks: number | null;
  /** RFC 3411 snmpEngineBoots of the engine that answered; null or left out where it is not known (v1, v2c). */
  readonly engineBoots?: number | null;
  /** Left out as long as the SNMPv3 engine is the one that it was. */
  readonly engineChange?: EngineChange;
  /** Of the first full poll from which series had to be left out: how many. Told again when that was over in between. */
  readonly seriesLeftOut?: number;
  /**
   * Everything currently wrong with parts of the device. null: this poll says nothing about parts
   * (a heartbeat, or a failed poll). A part that is absent from a list is well.
   */
  readonly conditions: readonly Condition[] | null;
  /** Components that this poll could not read (a table that failed half way): their conditions stay as they were. */
  readonly unreadComponents: readonly string[];
}

/** One thing wrong with one part of a device, as seen in one poll. */
export interface Condition {
  /** The part: `port:Te1/1`, `battery`, `sensor:Inlet`. Stable across polls. */
  readonly component: string;
  readonly kind: FaultKind;
  readonly level: 'warning' | 'critical';
  /** A short sentence, with device text already cleaned. */
  readonly text: LocalText;
  readonly facts: ConditionFacts;
}

/** Numbers that grading and pages use; null when the device does not tell. */
export interface ConditionFacts {
  /** For `port-down`: the port's name, to match `parents[].port` in the configuration. */
  readonly port: string | null;
  /** Minutes of battery left, as reported. */
  readonly batteryMinutes: number | null;
  /** State of charge, 0..1. */
  readonly chargeRatio: number | null;
  /** The measured value in its base unit. */
  readonly value: number | null;
  /** Of parts that carry on for each other: how many are lost. Left out of everything else. */
  readonly parts?: { readonly lost: number; readonly of: number };
}

export const NO_FACTS: ConditionFacts = {
  port: null,
  batteryMinutes: null,
  chargeRatio: null,
  value: null,
};

const STANDBY = 'standby';

/**
 * Whether the condition only says that the device stands by, which is as it should be unless it is
 * the primary of a redundancy group.
 */
export function tellsStandby({ kind, component }: Pick<Condition, 'kind' | 'component'>): boolean {
  if (kind !== 'switched-over') return false;
  return component === STANDBY || component.startsWith(`${STANDBY}:`);
}
