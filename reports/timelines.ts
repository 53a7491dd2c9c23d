import type { EpochMs } from '../lib/time.ts';
import type { Outages } from './outages.ts';
import type { Segment, SegmentStore } from './segments.ts';

/** How a device's time went: everything that was not `up`, in order, clipped to what is counted. */
export interface Timeline {
  readonly deviceId: string;
  readonly stretches: readonly Segment[];
}

/** As many rows as a picture has. */
const MOST_DEVICES = 15;
/** Of more, the longest: shorter ones are finer than a picture shows. */
const MOST_STRETCHES = 400;

/** The time of the devices with the longest outages, in the order of those. */
export function deriveTimelines(
  { longest }: Pick<Outages, 'longest'>,
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): readonly Timeline[] {
  const deviceIds = [...new Set(longest.map(({ deviceId }) => deviceId))].slice(0, MOST_DEVICES);
  return deviceIds.map((deviceId) => {
    const stretches = [...segments.notUp(deviceId, from, to)];
    if (stretches.length <= MOST_STRETCHES) return { deviceId, stretches };
    const longestFirst = stretches.toSorted((a, b) => b.to - b.from - (a.to - a.from));
    const kept = longestFirst.slice(0, MOST_STRETCHES).sort((a, b) => a.from - b.from);
    return { deviceId, stretches: kept };
  });
}
