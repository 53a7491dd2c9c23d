import { base, down, type LedgerCase, running } from './ledger-case.ts';
import { health, inOrder, leases, started, stopped, topology, window } from './story.ts';

const crash = (ranSince?: number) =>
  inOrder(base, leases(-600, 1000), started(1200), leases(1200, 3660), [
    health(1205, 1203, 'up', 'a', ranSince),
  ]);

/** What a device proves of the time in which it was not seen. */
export const evidenceCases: readonly LedgerCase[] = [
  {
    // Nobody looked in [1000, 1203); the device has run since -5000: all 203 s are proven.
    name: 'a gap in which the device did not reboot',
    events: crash(-5000),
    expected: { a: { up: 3397, unknown: 203 } },
    proven: { a: { unknown: 203 } },
  },
  {
    // It started at 1100: of [1000, 1203) the 103 s after that are proven, the 100 s before are not.
    name: 'a reboot in the gap',
    events: crash(1100),
    expected: { a: { up: 3397, unknown: 203 } },
    proven: { a: { unknown: 103 } },
  },
  {
    // It started at 1203, when it was seen: nothing is proven.
    name: 'a device that started when it was seen again',
    events: crash(1203),
    expected: { a: { up: 3397, unknown: 203 } },
  },
  {
    name: 'a device that tells nothing after the gap',
    events: crash(),
    expected: { a: { up: 3397, unknown: 203 } },
  },
  {
    // down [900, 1000) stays down; of the gap [1000, 1203) 203 s are proven.
    name: 'an outage before the gap is no matter of proof',
    events: inOrder(
      base,
      leases(-600, 1000),
      health(930, 900, 'down'),
      [started(1200)],
      leases(1200, 3660),
      health(1205, 1203, 'up', 'a', -5000),
    ),
    expected: { a: { up: 900 + 2397, down: 100, unknown: 203 } },
    proven: { a: { unknown: 203 } },
  },
  {
    // Behind a dead parent in [600, 900), and it ran: a cut cable is no fault of the device.
    name: 'a device that ran behind its dead parent',
    events: inOrder(
      [started(-600), topology(-600, ['a', 'b'])],
      [health(-590, -595, 'up'), health(-590, -595, 'up', 'b')],
      running,
      down(600, 900),
      [health(630, 600, 'unreachable', 'b'), health(905, 900, 'up', 'b', -9000)],
    ),
    expected: { a: { down: 300, up: 3300 }, b: { unreachable: 300, up: 3300 } },
    proven: { b: { unreachable: 300 } },
  },
  {
    // Behind a dead parent in [600, 900) and restarted at 700: 200 s are proven.
    name: 'a device that restarted behind its dead parent',
    events: inOrder(
      [started(-600), topology(-600, ['a', 'b'])],
      [health(-590, -595, 'up'), health(-590, -595, 'up', 'b')],
      running,
      down(600, 900),
      [health(630, 600, 'unreachable', 'b'), health(905, 900, 'up', 'b', 700)],
    ),
    expected: { a: { down: 300, up: 3300 }, b: { unreachable: 300, up: 3300 } },
    proven: { b: { unreachable: 200 } },
  },
  {
    // Two restarts, [1000, 1102) and [1500, 1604). What the first return proved counts for the first
    // gap alone; the second return proves nothing.
    name: 'two gaps, of which one is proven',
    events: inOrder(
      base,
      leases(-600, 1000),
      [stopped(1001), started(1100), health(1105, 1102, 'up', 'a', -5000)],
      leases(1100, 1500),
      [stopped(1501), started(1600), health(1606, 1604, 'up')],
      leases(1600, 3660),
    ),
    expected: { a: { up: 3600 - 102 - 104, unknown: 206 } },
    proven: { a: { unknown: 102 } },
  },
  {
    // Never seen between the two stops: both gaps, [1000, 1604) in one, are proven together.
    name: 'a device that is seen again only after the second restart',
    events: inOrder(
      base,
      leases(-600, 1000),
      [stopped(1001), started(1100)],
      leases(1100, 1500),
      [stopped(1501), started(1600), health(1606, 1604, 'up', 'a', -5000)],
      leases(1600, 3660),
    ),
    expected: { a: { up: 2996, unknown: 604 } },
    proven: { a: { unknown: 604 } },
  },
  {
    // Unknown [1000, 1203) but for the window [1050, 1100): 50 + 103 s are left to prove.
    name: 'maintenance in a gap needs no proof',
    events: inOrder(
      [started(-600), topology(-600, ['a'], [window('w', 1050, 1100)])],
      health(-590, -595, 'up'),
      leases(-600, 1000),
      started(1200),
      leases(1200, 3660),
      health(1205, 1203, 'up', 'a', -5000),
    ),
    expected: { a: { up: 3397, unknown: 153, maintenance: 50 } },
    proven: { a: { unknown: 153 } },
  },
  {
    // The gap [3500, 3803) runs over the end of the period: the 100 s in it are proven after it.
    name: 'a gap across the end of the period, proven after it',
    events: inOrder(base, leases(-600, 3500), started(3800), leases(3800, 3860), [
      health(3805, 3803, 'up', 'a', -5000),
    ]),
    now: 3860,
    expected: { a: { up: 3500, unknown: 100 } },
    proven: { a: { unknown: 100 } },
  },
  {
    // It failed to answer in [600, 900): down is down, whatever its uptime.
    name: 'a device that was down and did not reboot',
    events: inOrder(base, running, health(630, 600, 'down'), health(905, 900, 'up', 'a', -5000)),
    expected: { a: { up: 3300, down: 300 } },
  },
];
