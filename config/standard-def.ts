import type { LocalText } from '../lib/local-text.ts';
import type { FaultKind } from './fault-kinds.ts';

/**
 * Built-in limits for what no device limit judges: of every reading of a class, every pool of a kind,
 * or a value of the normal power model, whatever profile reads it. What is left of
 * batteries: while the load is on them.
 */
export interface StandardDef {
  readonly of: (typeof STANDARD_SUBJECTS)[number];
  readonly kind: FaultKind;
  readonly level: 'warning' | 'critical';
  /** In the base unit of what is judged; one of the two is there. */
  readonly atLeast: number | null;
  readonly atMost: number | null;
  /** In their place while the fault stands. */
  readonly stayAtLeast: number | null;
  readonly stayAtMost: number | null;
  readonly forPolls: number;
  /** Of ports, in place of `forPolls`: so long. */
  readonly forMinutes: number;
  /** Only titles that contain one of these, in any case; all when empty. */
  readonly only: readonly string[];
  /** Titles that contain one of these are left out. */
  readonly except: readonly string[];
  /** Ids of profiles whose readings are left out. */
  readonly exceptProfiles: readonly string[];
  /** Holds only when it does of every one that the device has, two or more, and is said once. */
  readonly ofAll: boolean;
  /** `{row}`, `{value}` and `{percent}` are filled in. */
  readonly text: LocalText;
}

/** Values of the normal power model, of which a device has one each. */
export const POWER_SUBJECTS = [
  'battery-runtime',
  'battery-charge',
  'battery-temperature',
  'dc-bus',
  'output-load',
] as const;

export const STANDARD_SUBJECTS = [
  'processor',
  'memory',
  'storage',
  'temperature',
  'fanspeed',
  'port-errors',
  'port-discards',
  'port-utilization',
  ...POWER_SUBJECTS,
] as const;
