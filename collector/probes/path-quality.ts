import type { DurationMs } from '../../lib/time.ts';

/** How well a device is reached, from the round trips of some packets; null: nothing came back. */
export interface PathQuality {
  /** 0..1 */
  readonly lossRatio: number;
  /** Mean of what came back. */
  readonly roundTripMs: DurationMs | null;
  /** Mean difference between successive round trips (as RFC 3550 §6.4.1 looks at them); null with fewer than two. */
  readonly jitterMs: DurationMs | null;
}

/** null for no packets at all. A packet without a round trip is lost. */
export function qualityOf(roundTripsMs: readonly (DurationMs | null)[]): PathQuality | null {
  if (roundTripsMs.length === 0) return null;
  const back = roundTripsMs.filter((each) => each !== null);
  const differences = back.slice(1).map((each, place) => Math.abs(each - back[place]!));
  return {
    lossRatio: (roundTripsMs.length - back.length) / roundTripsMs.length,
    roundTripMs: meanOf(back),
    jitterMs: meanOf(differences),
  };
}

function meanOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
