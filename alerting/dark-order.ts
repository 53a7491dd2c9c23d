import type { Device } from '../config/model.ts';

/** A device on a power feed that goes dark, and when. */
export interface DarkDevice {
  readonly id: string;
  /** Minutes from now; null: it lives on, by the feeds in `keptBy`. */
  readonly minutes: number | null;
  readonly keptBy: readonly string[];
}

/**
 * What hangs on a power system and in which order it dies when that one goes dark after
 * `minutesLeft`: a device is dark when the last of its feeds is, and a UPS on the way lasts as long
 * again as its own battery (`minutesOf`; null where it has none or does not tell). Those that live on
 * come last. A feed that is on mains and does not hang on the system lasts.
 */
export function darkOrder(
  devices: readonly Pick<Device, 'id' | 'powerFeeds'>[],
  systemId: string,
  minutesLeft: number,
  minutesOf: (id: string) => number | null,
): DarkDevice[] {
  const feedsOf = new Map(devices.map(({ id, powerFeeds }) => [id, powerFeeds]));
  const ends = new Map<string, number>([[systemId, minutesLeft]]);
  /** When the output of a power system ends. */
  const endOf = (id: string): number => {
    const known = ends.get(id);
    if (known !== undefined) return known;
    // Feeds that go round in a circle are none: configuration refuses them.
    ends.set(id, Number.POSITIVE_INFINITY);
    const feeds = feedsOf.get(id) ?? [];
    const inputEnds =
      feeds.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...feeds.map((feed) => endOf(feed)));
    const end = inputEnds + (minutesOf(id) ?? 0);
    ends.set(id, end);
    return end;
  };
  const hangs = hangingOn(devices, systemId);
  return devices
    .filter(({ id }) => hangs.has(id))
    .map(({ id, powerFeeds }) => {
      const end = Math.max(...powerFeeds.map(endOf));
      const keptBy = powerFeeds.filter((feed) => endOf(feed) === Number.POSITIVE_INFINITY);
      return { id, minutes: Number.isFinite(end) ? end : null, keptBy };
    })
    .sort(
      (a, b) =>
        (a.minutes ?? Number.MAX_VALUE) - (b.minutes ?? Number.MAX_VALUE) ||
        a.id.localeCompare(b.id, 'en', { numeric: true }),
    );
}

/** Everything that a system feeds, directly or through others. */
function hangingOn(
  devices: readonly Pick<Device, 'id' | 'powerFeeds'>[],
  systemId: string,
): ReadonlySet<string> {
  const fedBy = new Map<string, string[]>();
  for (const { id, powerFeeds } of devices) {
    for (const feed of powerFeeds) fedBy.set(feed, [...(fedBy.get(feed) ?? []), id]);
  }
  const hanging = new Set<string>();
  const queue = [systemId];
  for (const id of queue) {
    for (const fed of fedBy.get(id) ?? []) {
      if (hanging.has(fed) || fed === systemId) continue;
      hanging.add(fed);
      queue.push(fed);
    }
  }
  return hanging;
}
