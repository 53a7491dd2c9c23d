import type { DomainEvent } from '../../alerting/events.ts';
import { base, down, type LedgerCase, running } from './ledger-case.ts';
import { health, inOrder, lease, leases, started, stopped, topology } from './story.ts';

export const observationCases: readonly LedgerCase[] = [
  { name: 'up all the time', events: inOrder(base, running), expected: { a: { up: 3600 } } },
  {
    // down [600, 900); confirmed at 630, which does not matter.
    name: 'an outage inside the period',
    events: inOrder(base, running, down(600, 900)),
    expected: { a: { down: 300, up: 3300 } },
  },
  {
    // down [-120, 300), of which [0, 300) is inside.
    name: 'an outage that began before the period',
    events: inOrder(base, running, down(-120, 300)),
    expected: { a: { down: 300, up: 3300 } },
  },
  {
    // down from 3590, confirmed 20 s after the period's end: [3590, 3600) is inside.
    name: 'an outage at the very end, confirmed after it',
    events: inOrder(base, running, health(3620, 3590, 'down')),
    expected: { a: { down: 10, up: 3590 } },
  },
  {
    // down [3000, …): open, so it counts to the end.
    name: 'an outage still open at the end',
    events: inOrder(base, running, health(3030, 3000, 'down')),
    expected: { a: { down: 600, up: 3000 } },
  },
  {
    // degraded [1000, 2000).
    name: 'degraded for a while',
    events: inOrder(base, running, health(1000, 1000, 'degraded'), health(2000, 2000, 'up')),
    expected: { a: { degraded: 1000, up: 2600 } },
  },
  {
    // The parent is down [100, 400); b hangs behind it.
    name: 'a device behind a dead parent',
    events: inOrder(
      [started(-600), topology(-600, ['a', 'b'])],
      [health(-590, -595, 'up'), health(-590, -595, 'up', 'b')],
      running,
      down(100, 400),
      [health(130, 100, 'unreachable', 'b'), health(405, 400, 'up', 'b')],
    ),
    expected: { a: { down: 300, up: 3300 }, b: { unreachable: 300, up: 3300 } },
  },
  {
    // Ten outages of 3 s, one each minute from 600: 30 s, counted second by second.
    name: 'flapping',
    events: inOrder(
      base,
      running,
      Array.from({ length: 10 }, (_, index) => down(600 + index * 60, 603 + index * 60)).flatMap(
        ([off, on]) => [
          { ...off, at: off!.at - 29_000 } as DomainEvent,
          { ...on, at: on!.at - 4_000 } as DomainEvent,
        ],
      ),
    ),
    expected: { a: { down: 30, up: 3570 } },
  },
  {
    // Last lease 1000, stopped; started 1100; first seen again 1102: unknown [1000, 1102).
    name: 'a clean restart',
    events: inOrder(base, leases(-600, 1000), stopped(1001), started(1100), [
      ...leases(1100, 3660),
      health(1105, 1102, 'up'),
    ]),
    expected: { a: { unknown: 102, up: 3498 } },
  },
  {
    // Last lease 1000, then dead; started 1200; seen 1203: unknown [1000, 1203).
    name: 'a crash',
    events: inOrder(base, leases(-600, 1000), started(1200), leases(1200, 3660), [
      health(1205, 1203, 'up'),
    ]),
    expected: { a: { unknown: 203, up: 3397 } },
  },
  {
    // As before, but the confirmation claims the state from before the crash: only from 1200 on is
    // anybody looking. unknown [1000, 1200).
    name: 'a crash, after which the state is said to have held all along',
    events: inOrder(base, leases(-600, 1000), started(1200), leases(1200, 3660), [
      health(1205, 500, 'down'),
    ]),
    expected: { a: { up: 1000, unknown: 200, down: 2400 } },
  },
  {
    // down [900, 1000), then nobody looks until the start at 1200, and this device is first seen
    // from 1990 on: unknown [1000, 1990).
    name: 'a crash, after which one device stays unseen for long',
    events: inOrder(base, leases(-600, 1000), health(930, 900, 'down'), started(1200), [
      ...leases(1200, 3660),
      health(2000, 1990, 'up'),
    ]),
    expected: { a: { up: 900 + 1610, down: 100, unknown: 990 } },
  },
  {
    // The events of one start may be written in another order: the gap shows at the topology.
    name: 'a crash whose gap shows before the start is recorded',
    events: [
      ...inOrder(base, leases(-600, 1000)),
      topology(1200),
      started(1200),
      ...inOrder(leases(1200, 3660), health(1305, 1300, 'up')),
    ],
    expected: { a: { up: 1000 + 2300, unknown: 300 } },
  },
  {
    // A killed service that is back within three lease intervals leaves no gap by itself.
    name: 'a crash of a few seconds',
    events: inOrder(base, leases(-600, 1000), started(1008), leases(1010, 3660)),
    expected: { a: { up: 3600 } },
  },
  {
    // Stopped and started at once still is unseen time: unknown [1000, 1006).
    name: 'a clean restart of a few seconds',
    events: inOrder(base, leases(-600, 1000), stopped(1002), started(1004), [
      ...leases(1010, 3660),
      health(1006, 1006, 'up'),
    ]),
    expected: { a: { up: 3594, unknown: 6 } },
  },
  {
    // The process hangs from 1000 to 1310 and goes on: the state before holds again from 1310.
    name: 'a stall without restart',
    events: inOrder(base, leases(-600, 1000), leases(1310, 3660)),
    expected: { a: { up: 3290, unknown: 310 } },
  },
  {
    // The stalled engine says "unknown" itself, from before the gap, and sees the device at 1320.
    name: 'a stall that the engine notices too',
    events: [
      ...inOrder(base, leases(-600, 1000)),
      health(1310, 1000, 'unknown'),
      ...inOrder(leases(1310, 3660), health(1325, 1320, 'up')),
    ],
    expected: { a: { up: 3280, unknown: 320 } },
  },
  {
    // 30 s without a lease is within what is taken as observed.
    name: 'a pause of exactly three lease intervals',
    events: inOrder(base, leases(-600, 1000), leases(1030, 3660)),
    expected: { a: { up: 3600 } },
  },
  {
    name: 'a pause one second longer',
    events: inOrder(base, leases(-600, 1000), leases(1031, 3660)),
    expected: { a: { up: 3569, unknown: 31 } },
  },
  {
    // Nothing after the lease at 3000: [3000, 3600) is not proven.
    name: 'a service that died before the end and has not come back',
    events: inOrder(base, leases(-600, 3000)),
    expected: { a: { up: 3000, unknown: 600 } },
  },
  {
    // It comes back after the period: the same answer.
    name: 'a service that died before the end and came back later',
    events: inOrder(base, leases(-600, 3000), started(9000), leases(9000, 9060), [
      health(9005, 9002, 'up'),
    ]),
    now: 9060,
    expected: { a: { up: 3000, unknown: 600 } },
  },
  {
    // As after the crash: from 1200 on somebody is looking. unknown [1000, 1200).
    name: 'a clean restart, after which the state is said to have held all along',
    events: inOrder(base, leases(-600, 1000), stopped(1001), started(1200), [
      ...leases(1200, 3660),
      health(1205, 500, 'down'),
    ]),
    expected: { a: { up: 1000, unknown: 200, down: 2400 } },
  },
  {
    // What a stopped service is said to see is not seen: unknown [1000, 2003).
    name: 'changes recorded while the service was stopped',
    events: inOrder(base, leases(-600, 1000), stopped(1000), health(1500, 1500, 'up'), [
      health(1600, 1600, 'down'),
      lease(1510),
      started(2000),
      ...leases(2000, 3660),
      health(2005, 2003, 'up'),
    ]),
    expected: { a: { up: 1000 + 1597, unknown: 1003 } },
  },
];
