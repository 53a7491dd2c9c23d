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
  /** Longest first; of more than MOST_LISTED the longest, and whatever lists them says so. */
  readonly listed: readonly Outage[];
  /** The first of them, as many as a picture can show. */
  readonly longest: readonly Outage[];
  /** All of them. */
  readonly count: number;
}

/** A year of a thousand devices with fifty each; the document of a larger network stays readable. */
const MOST_LISTED = 50_000;
const MOST_DRAWN = 200;

/** Every outage of the devices in `[from, to)`, in order of length. */
export function findOutages(
  deviceIds: readonly string[],
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): Outages {
  let listed: Outage[] = [];
  let count = 0;
  /** Shorter ones cannot be among the longest any more. */
  let shortestMs = 0;
  for (const deviceId of deviceIds) {
    for (const segment of segments.notUp(deviceId, from, to)) {
      if (segment.state !== 'down' && segment.state !== 'unreachable') continue;
      count += 1;
      if (segment.to - segment.from < shortestMs) continue;
      listed.push({ deviceId, state: segment.state, from: segment.from, to: segment.to });
    }
    if (listed.length <= 2 * MOST_LISTED) continue;
    listed = keepLongest(listed);
    const shortest = listed.at(-1)!;
    shortestMs = shortest.to - shortest.from;
  }
  listed = keepLongest(listed);
  return { listed, longest: listed.slice(0, MOST_DRAWN), count };
}

/** Of equally long ones, the earlier; the sort is stable, and devices come in the order of their ids. */
function keepLongest(outages: readonly Outage[]): Outage[] {
  return outages
    .toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from)
    .slice(0, MOST_LISTED);
}
