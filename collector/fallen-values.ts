import type { FallenDef } from '../config/profile.ts';
import type { EpochMs } from '../lib/time.ts';
import type { Value } from './reading.ts';

/** A value as it was at a poll. */
export interface PastValue {
  readonly at: EpochMs;
  readonly value: number;
}

/** An hour, polled each minute: polls that come faster push the oldest out. */
const MOST_PAST_VALUES = 60;

/**
 * How far the value is below the highest that it has had in the time that counts, 0 or more; as a
 * share of that where asked. undefined until it was told twice, for as long as it must be known, and
 * while it is not told. Remembers it.
 */
export function fallenBy(
  past: Map<string, PastValue[]>,
  key: string,
  { withinMs, knownForMs, asShare }: FallenDef,
  value: Value | undefined,
  now: EpochMs,
): number | undefined {
  if (typeof value !== 'number') {
    past.delete(key);
    return undefined;
  }
  const before = (past.get(key) ?? []).filter(({ at }) => at < now && now - at <= withinMs);
  past.set(key, [...before, { at: now, value }].slice(-MOST_PAST_VALUES));
  const [oldest] = before;
  if (oldest === undefined || now - oldest.at < knownForMs) return undefined;
  const highest = before.reduce((most, one) => Math.max(most, one.value), value);
  const fallen = Number((highest - value).toPrecision(12));
  return asShare ? (highest > 0 ? fallen / highest : 0) : fallen;
}
