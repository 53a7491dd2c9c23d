import { DAY, type DurationMs, type EpochMs, HOUR } from '../lib/time.ts';
import { PPM } from './availability.ts';
import { byCodeUnits, type DeviceStretch } from './figures.ts';
import type { SegmentStore } from './segments.ts';

/** Windows that end where counting ends; long ones tell a slow loss, short ones a fast one. */
export const BURN_WINDOWS_MS: readonly DurationMs[] = [HOUR, 6 * HOUR, DAY, 3 * DAY];

/** How fast a budget is used up: 1000 (thousandths) uses exactly all of it in the period. */
export interface BurnRate {
  /** `all` for the fleet, else a site's id. */
  readonly id: string;
  readonly name: string;
  readonly windows: readonly BurnWindow[];
}

export interface BurnWindow {
  readonly windowMs: DurationMs;
  /** What of it lies in the period: less, where it would begin before. */
  readonly countedMs: DurationMs;
  /** Lost ÷ measured time, over what the objective allows; thousandths, rounded up; null: no time measured. */
  readonly rateMilli: number | null;
}

/**
 * Burn rates of the fleet and of each site. Only of these: of a single device every outage burns
 * at the full rate, which says nothing that "down" does not.
 */
export function deriveBurnRates(
  stretches: readonly DeviceStretch[],
  segments: SegmentStore,
  from: EpochMs,
  countedTo: EpochMs,
  targetPpm: number,
): BurnRate[] {
  const bySite = Map.groupBy(stretches, ({ device }) => device.siteId);
  const rates = (members: readonly DeviceStretch[]) =>
    BURN_WINDOWS_MS.map((windowMs) => ({
      windowMs,
      countedMs: Math.min(windowMs, Math.max(0, countedTo - from)),
      rateMilli: burn(
        members,
        segments,
        Math.max(from, countedTo - windowMs),
        countedTo,
        targetPpm,
      ),
    }));
  const sites = Array.from(bySite.keys()).sort(byCodeUnits);
  return [
    { id: 'all', name: 'all', windows: rates(stretches) },
    ...sites.map((id) => {
      const members = bySite.get(id)!;
      return { id, name: members[0]!.device.siteName, windows: rates(members) };
    }),
  ];
}

function burn(
  members: readonly DeviceStretch[],
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
  targetPpm: number,
): number | null {
  let lost = 0;
  let measured = 0;
  for (const { device, ...part } of members) {
    const [start, end] = [Math.max(from, part.from), Math.min(to, part.to)];
    if (end <= start) continue;
    const { up, degraded, down, unreachable } = segments.durations(device.id, start, end);
    lost += down + unreachable;
    measured += up + degraded + down + unreachable;
  }
  if (measured === 0 || targetPpm >= PPM) return null;
  const allowed = BigInt(measured) * BigInt(PPM - targetPpm);
  const used = BigInt(lost) * BigInt(PPM) * 1000n;
  return Number((used + allowed - 1n) / allowed);
}
