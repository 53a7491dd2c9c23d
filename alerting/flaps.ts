import type { GradingCondition } from '../config/model.ts';
import type { DurationMs, EpochMs } from '../lib/time.ts';
import type { EngineState, Fault, Flap, Incident } from './state.ts';

/**
 * A fault that comes and goes is one condition: it holds from when the fault was seen to flap until it
 * has settled, over all the moments in which the fault was away.
 */

/** How often a fault came since it began to flap, as people are told: that never sinks while it flaps. */
export interface FlapRate {
  readonly count: number;
  /** From the first time to the last. */
  readonly windowMs: DurationMs;
  /** The first time; pages of older journals do not have it. */
  readonly firstAt?: EpochMs;
  /** Whether it came more often, as far as that is still known. */
  readonly isMore: boolean;
}

/** Instants kept per fault; more than any `enterAbove`. */
export const LONGEST_FLAP_HISTORY = 256;

/** That a fault comes and goes. */
export interface FlapFacts {
  /** How often it came; null: it has settled, and that is no longer known. */
  readonly rate: FlapRate | null;
  /** Whether it was there when that was put down. */
  readonly isThere: boolean;
}

/** Since when the fault is known to flap; null: it does not. */
export function flappingSince(state: EngineState, faultKey: string): EpochMs | null {
  return state.flaps.get(faultKey)?.flappingSince ?? null;
}

/** Whether the fault comes and goes. */
export function isFlapping(state: EngineState, faultKey: string): boolean {
  return flappingSince(state, faultKey) !== null;
}

/** Since when one of the faults flaps, the earliest of them; null: none does. */
export function firstFlappingSince(state: EngineState, faults: readonly Fault[]): EpochMs | null {
  const all = faults.map(({ key }) => flappingSince(state, key)).filter((at) => at !== null);
  return all.length === 0 ? null : Math.min(...all);
}

/** How often the fault was raised within the window that ends now. */
export function raisedLately({ raisedAt }: Flap, windowMs: DurationMs, now: EpochMs): number {
  return raisedAt.filter((at) => now - at <= windowMs).length;
}

/** How often a flapping fault comes; null: it does not flap. */
export function flapRate(state: EngineState, faultKey: string): FlapRate | null {
  const flap = state.flaps.get(faultKey);
  const windowMs = state.topology?.flapping.windowMs;
  if (flap === undefined || flap.flappingSince === null || windowMs === undefined) return null;
  // It began with the first of those that made it too often.
  const beganAt = flap.flappingSince - windowMs;
  const raisedAt = flap.raisedAt.filter((at) => at >= beganAt);
  const [firstAt = flap.flappingSince] = raisedAt;
  const lastAt = raisedAt.at(-1) ?? firstAt;
  const count = raisedAt.length;
  const isMore = count >= LONGEST_FLAP_HISTORY;
  return { count, windowMs: lastAt - firstAt, firstAt, isMore };
}

/** What is to be said of an incident whose cause comes and goes, or did until it settled; null otherwise. */
export function flapFacts(
  state: EngineState,
  {
    rootFaultKey,
    evidence,
    resolvedAt,
    flapped,
  }: Pick<Incident, 'rootFaultKey' | 'evidence' | 'resolvedAt' | 'flapped'>,
): FlapFacts | null {
  const running = resolvedAt === null ? flapRate(state, rootFaultKey) : null;
  if (running === null && evidence.isFlapping !== true) return null;
  const rate = running ?? flapped ?? null;
  return { rate, isThere: resolvedAt === null && state.faults.has(rootFaultKey) };
}

/** How often the cause of an incident that ends now came, for its record: nothing where it did not come and go. */
export function flappedToKeep(
  state: EngineState,
  incident: Incident,
): { readonly flapped?: FlapRate } {
  const rate = flapFacts(state, incident)?.rate ?? null;
  return rate === null ? {} : { flapped: rate };
}

/** The same after the wall clock was set. */
export function shiftRate({ firstAt, ...rate }: FlapRate, byMs: DurationMs): FlapRate {
  return { ...rate, ...(firstAt === undefined ? {} : { firstAt: firstAt + byMs }) };
}

/** Whether a rule, or a part of it, holds only of what flaps. */
export function speaksOfFlapping({ flapping, anyOf }: GradingCondition): boolean {
  return flapping === true || (anyOf ?? []).some(speaksOfFlapping);
}
