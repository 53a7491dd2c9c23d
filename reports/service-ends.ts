import type { EpochMs } from '../lib/time.ts';
import { byCodeUnits } from './figures.ts';
import type { Segment, SegmentStore } from './segments.ts';

/** A device that went out of service, removed or retired, while its users were without it. */
export interface ServiceEnd {
  readonly deviceId: string;
  readonly state: 'down' | 'unreachable';
  /** When it was lost, and when it went out of service: from then on its time is in no figure. */
  readonly lostSince: EpochMs;
  readonly at: EpochMs;
  /** When it was back in service; null: not in the time that is counted. */
  readonly backAt: EpochMs | null;
}

interface Lost {
  readonly state: ServiceEnd['state'];
  readonly since: EpochMs;
  readonly to: EpochMs;
}

/**
 * Devices that went out of service in `[from, to)` while lost, in order of time. A stretch that nobody
 * saw between the two, as of a service that was stopped to change its configuration, changes nothing.
 */
export function findServiceEnds(
  deviceIds: Iterable<string>,
  segments: SegmentStore,
  from: EpochMs,
  to: EpochMs,
): ServiceEnd[] {
  const found: ServiceEnd[] = [];
  for (const deviceId of deviceIds) {
    let lost: Lost | null = null;
    for (const segment of segments.notUp(deviceId, segments.from, to)) {
      const own = adjoining(lost, segment);
      if (own !== null && segment.state === 'out-of-service' && segment.from >= from) {
        const backAt = segment.to < to ? segment.to : null;
        found.push({
          ...{ deviceId, state: own.state, lostSince: own.since },
          ...{ at: segment.from, backAt },
        });
      }
      lost = lostAfter(own, segment);
    }
  }
  return found.sort((a, b) => a.at - b.at || byCodeUnits(a.deviceId, b.deviceId));
}

/** What was lost up to the very start of a stretch. */
function adjoining(lost: Lost | null, { from }: Segment): Lost | null {
  return lost?.to === from ? lost : null;
}

/** What is lost at the end of a stretch. */
function lostAfter(own: Lost | null, { state, from, to }: Segment): Lost | null {
  if (state === 'down' || state === 'unreachable') return { state, since: own?.since ?? from, to };
  return own !== null && state === 'unknown' ? { ...own, to } : null;
}
