import type { EpochMs } from '../lib/time.ts';
import type { SegmentStore } from './segments.ts';

/** One stretch in which a device was out of service for its users, clipped to the period. */
export interface Outage {
  readonly deviceId: string;
  readonly state: 'down' | 'unreachable';
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface Outages {
  /** The longest ones, longest first. */
  readonly longest: readonly Outage[];
  readonly count: number;
}

const MOST_LISTED = 200;

/** Every outage of the devices in `[from, to)`; all are counted, the longest are listed. */
export function findOutages(
  deviceIds: readonly string[],
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): Outages {
  let longest: Outage[] = [];
  let count = 0;
  for (const deviceId of deviceIds) {
    for (const segment of segments.notUp(deviceId, from, to)) {
      if (segment.state !== 'down' && segment.state !== 'unreachable') continue;
      count += 1;
      longest.push({ deviceId, state: segment.state, from: segment.from, to: segment.to });
    }
    if (longest.length > 8 * MOST_LISTED) longest = keepLongest(longest);
  }
  return { longest: keepLongest(longest), count };
}

/** Of equally long ones, the earlier; the sort is stable, and devices come in the order of their ids. */
function keepLongest(outages: readonly Outage[]): Outage[] {
  return outages
    .toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)
    .slice(0, MOST_LISTED);
}
