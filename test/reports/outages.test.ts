import { expect, it } from 'vitest';
import { seededRandom } from '../../lib/random.ts';
import { findOutages, type Outage } from '../../reports/outages.ts';
import { SegmentStore } from '../../reports/segments.ts';

const LISTED = 50_000;

it('of more outages than are listed, lists the longest, of equal ones the earlier, and counts all', () => {
  const random = seededRandom(3);
  const deviceIds = Array.from({ length: 12 }, (_, place) => `d${place}`);
  const each = 15_000;
  const segments = new SegmentStore(0, each * 1000);
  const all: Outage[] = [];
  for (const deviceId of deviceIds) {
    for (let place = 0; place < each; place += 1) {
      const from = place * 1000;
      // A few lengths for so many: where the list ends, thousands are equally long.
      const to = from + 1 + Math.floor(random.next() * 4);
      const state = random.next() < 0.5 ? 'down' : 'unreachable';
      segments.add(deviceId, state, from, to);
      segments.add(deviceId, 'up', to, from + 1000);
      all.push({ deviceId, state, from, to });
    }
  }
  const longest = all.toSorted((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from);
  const found = findOutages(deviceIds, segments, 0, each * 1000);
  expect(found.count).toBe(all.length);
  expect(found.listed).toEqual(longest.slice(0, LISTED));
  expect(found.longest).toEqual(longest.slice(0, 200));
});
