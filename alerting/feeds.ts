import type { TopologyDevice } from './topology.ts';

/** A power feed, and what goes dark with it and with nothing else. */
export interface FeedNode {
  readonly id: string;
  /** Devices that have power through it alone, directly or through other feeds. */
  readonly hangingIds: ReadonlySet<string>;
  /**
   * Those of them to which a way leads that does not go through another one: the death of one
   * explains nothing about the silence of the next. One that has neither parents nor children bears no
   * witness: nobody has said what lies in front of it, and that may be what failed.
   */
  readonly entryIds: ReadonlySet<string>;
  /** Every way to it leads through what it feeds: dark, it can only be cut off, never be seen to fail. */
  readonly isInBand: boolean;
}

type Devices = ReadonlyMap<string, Pick<TopologyDevice, 'parents' | 'powerFeeds'>>;

/** The feeds of a topology by id. `fed`: devices that name each as a feed. */
export function feedsOf(
  devices: Devices,
  fed: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, FeedNode> {
  const feeds = new Map<string, FeedNode>();
  const placed = placedIn(devices);
  for (const id of fed.keys()) {
    const hangingIds = hangingOn(devices, fed, id);
    const isEntry = (each: string) => placed.has(each) && !leadsThrough(devices, hangingIds, each);
    const entryIds = new Set([...hangingIds].filter(isEntry));
    feeds.set(id, { id, hangingIds, entryIds, isInBand: leadsThrough(devices, hangingIds, id) });
  }
  return feeds;
}

/** Feeds above a device: its own and theirs. A circle of feeds ends. */
export function feedsAbove(devices: Devices, deviceId: string): ReadonlySet<string> {
  const above = new Set<string>(devices.get(deviceId)?.powerFeeds);
  for (const id of above) for (const next of devices.get(id)?.powerFeeds ?? []) above.add(next);
  return above;
}

/** Devices of which something is said about their place in the network. */
function placedIn(devices: Devices): ReadonlySet<string> {
  const placed = new Set<string>();
  for (const [id, { parents }] of devices) {
    if (parents.length > 0) placed.add(id);
    for (const { deviceId } of parents) placed.add(deviceId);
  }
  return placed;
}

function hangingOn(
  devices: Devices,
  fed: ReadonlyMap<string, readonly string[]>,
  feedId: string,
): ReadonlySet<string> {
  const dark = new Set([feedId]);
  for (const id of dark) {
    for (const next of fed.get(id) ?? []) {
      if (devices.get(next)!.powerFeeds.every((each) => dark.has(each))) dark.add(next);
    }
  }
  dark.delete(feedId);
  return dark;
}

/** Whether every way from above to the device goes through one of `ids`. */
function leadsThrough(devices: Devices, ids: ReadonlySet<string>, deviceId: string): boolean {
  const seen = new Set([deviceId]);
  for (const each of seen) {
    const parents = devices.get(each)?.parents ?? [];
    if (parents.length === 0) return false;
    for (const parent of parents) if (!ids.has(parent.deviceId)) seen.add(parent.deviceId);
  }
  return true;
}
