import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import type { LedgerState } from '../../reports/ledger.ts';
import {
  health,
  inOrder,
  lease,
  leases,
  second,
  started,
  stopped,
  stretch,
  toEntries,
  topology,
  window,
} from './story.ts';

// Every case is an hour, [0, 3600), seen at 3660 unless it says otherwise. All numbers are seconds;
// the ledger counts milliseconds. The service starts at -600 and renews its lease every 10 s; an
// interval of more than 30 s without a lease is a gap.

type Seconds = Partial<Record<LedgerState, number>>;

interface Case {
  readonly name: string;
  readonly events: readonly DomainEvent[];
  /** Per device; the states not named are 0. A device not named must not be in the report. */
  readonly expected: Readonly<Record<string, Seconds>>;
  readonly period?: readonly [from: number, to: number];
  readonly now?: number;
}

/** Device a, up since -595. */
const base = [started(-600), topology(-600), health(-590, -595, 'up')];
const withWindow = (startsAt: number, endsAt: number) => [
  started(-600),
  topology(-600, ['a'], [window('w', startsAt, endsAt)]),
  health(-590, -595, 'up'),
];
const running = leases(-600, 3660);
const down = (since: number, until: number) => [
  health(since + 30, since, 'down'),
  health(until + 5, until, 'up'),
];

const cases: readonly Case[] = [
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
  {
    name: 'maintenance inside the period',
    events: inOrder(withWindow(1200, 1800), running),
    expected: { a: { maintenance: 600, up: 3000 } },
  },
  {
    // Window [-300, 200): [0, 200) is inside.
    name: 'maintenance across the start of the period',
    events: inOrder(withWindow(-300, 200), running),
    expected: { a: { maintenance: 200, up: 3400 } },
  },
  {
    // down [1100, 1900) around the window [1200, 1800): 100 before, 100 after.
    name: 'an outage around the maintenance',
    events: inOrder(withWindow(1200, 1800), running, down(1100, 1900)),
    expected: { a: { down: 200, maintenance: 600, up: 2800 } },
  },
  {
    // down [1300, 2000), window to 1800: the 200 s after it count.
    name: 'maintenance that overruns',
    events: inOrder(withWindow(1200, 1800), running, down(1300, 2000)),
    expected: { a: { down: 200, maintenance: 600, up: 2800 } },
  },
  {
    // The window [1200, 1800) first appears at 1300: it does not count. down [1250, 2000).
    name: 'maintenance declared after it began',
    events: inOrder(base, running, down(1250, 2000), [
      topology(1300, ['a'], [window('w', 1200, 1800)]),
    ]),
    expected: { a: { down: 750, up: 2850 } },
  },
  {
    name: 'maintenance declared at the instant it begins',
    events: inOrder(base, running, topology(1200, ['a'], [window('w', 1200, 1800)])),
    expected: { a: { up: 3600 } },
  },
  {
    // Approved to 1800, stretched to 2400 at 1500: the stretch does not count. down [1250, 2400).
    name: 'maintenance made longer while it ran',
    events: inOrder(withWindow(1200, 1800), running, down(1250, 2400), [
      topology(1500, ['a'], [window('w', 1200, 2400)]),
    ]),
    expected: { a: { up: 1200 + 1200, maintenance: 600, down: 600 } },
  },
  {
    // Approved to 1800, cut at 1500 to end at 1600: [1200, 1600).
    name: 'maintenance made shorter while it ran',
    events: inOrder(withWindow(1200, 1800), running, [
      topology(1500, ['a'], [window('w', 1200, 1600)]),
    ]),
    expected: { a: { maintenance: 400, up: 3200 } },
  },
  {
    // Gone from the topology at 1500: [1200, 1500) keeps standing.
    name: 'maintenance called off while it ran',
    events: inOrder(withWindow(1200, 1800), running, topology(1500)),
    expected: { a: { maintenance: 300, up: 3300 } },
  },
  {
    // Gone from the topology long after it was over: the past stays as it was.
    name: 'maintenance deleted afterwards',
    events: inOrder(withWindow(1200, 1800), running, topology(3000)),
    expected: { a: { maintenance: 600, up: 3000 } },
  },
  {
    // Moved at 1000 from [1200, 1800) to [2000, 2300): only the new time counts.
    name: 'maintenance moved before it began',
    events: inOrder(withWindow(1200, 1800), running, [
      topology(1000, ['a'], [window('w', 2000, 2300)]),
    ]),
    expected: { a: { maintenance: 300, up: 3300 } },
  },
  {
    // [1200, 1800) and [1500, 2100): together 900 s, not 1200.
    name: 'two windows that overlap',
    events: inOrder(
      [started(-600), topology(-600, ['a'], [window('w', 1200, 1800), window('v', 1500, 2100)])],
      health(-590, -595, 'up'),
      running,
    ),
    expected: { a: { maintenance: 900, up: 2700 } },
  },
  {
    // By site: a and b. By tag: c. At 1300 d gets the tag, too late for the window that runs.
    name: 'maintenance of a site and of a tag',
    events: inOrder(
      started(-600),
      topology(
        -600,
        [{ id: 'a', siteId: 's' }, { id: 'b', siteId: 's' }, { id: 'c', tags: ['t'] }, { id: 'd' }],
        [window('w', 1200, 1800, { siteIds: ['s'], tags: ['t'] })],
      ),
      ['a', 'b', 'c', 'd'].map((id) => health(-590, -595, 'up', id)),
      running,
      topology(
        1300,
        [
          { id: 'a', siteId: 's' },
          { id: 'b', siteId: 's' },
          { id: 'c', tags: ['t'] },
          { id: 'd', tags: ['t'] },
        ],
        [window('w', 1200, 1800, { siteIds: ['s'], tags: ['t'] })],
      ),
    ),
    expected: {
      a: { maintenance: 600, up: 3000 },
      b: { maintenance: 600, up: 3000 },
      c: { maintenance: 600, up: 3000 },
      d: { up: 3600 },
    },
  },
  {
    // Unknown [1000, 1703) but for the window [1200, 1500) in it: 703 - 300.
    name: 'maintenance while the service was dead',
    events: inOrder(withWindow(1200, 1500), leases(-600, 1000), started(1700), [
      ...leases(1700, 3660),
      health(1705, 1703, 'up'),
    ]),
    expected: { a: { up: 1000 + 1897, unknown: 403, maintenance: 300 } },
  },
  {
    // A confirmation reaches back over a reload of the topology: down [1190, 1400), and of the
    // window [1200, 1300) nothing is lost.
    name: 'an outage confirmed across a reload and a window',
    events: inOrder(
      withWindow(1200, 1300),
      running,
      topology(1250, ['a'], [window('w', 1200, 1300)]),
      [health(1320, 1190, 'down'), health(1405, 1400, 'up')],
    ),
    expected: { a: { down: 110, maintenance: 100, up: 3390 } },
  },
  {
    // b appears at 1200 and is first seen at 1210: out of service 1200, unknown 10, up 2390.
    name: 'a device added in the middle',
    events: inOrder(base, running, topology(1200, ['a', 'b']), health(1215, 1210, 'up', 'b')),
    expected: { a: { up: 3600 }, b: { 'out-of-service': 1200, unknown: 10, up: 2390 } },
  },
  {
    // b is down from 2000 and taken out at 2400; it has no future in the period.
    name: 'a device removed in the middle, while down',
    events: inOrder(
      [started(-600), topology(-600, ['a', 'b'])],
      [health(-590, -595, 'up'), health(-590, -595, 'up', 'b')],
      running,
      health(2030, 2000, 'down', 'b'),
      topology(2400),
    ),
    expected: { a: { up: 3600 }, b: { up: 2000, down: 400, 'out-of-service': 1200 } },
  },
  {
    // a leaves at 1000 and is back at 2000, seen from 2005: what it was before does not count.
    name: 'a device removed and added again',
    events: inOrder(base, running, topology(1000, ['b']), topology(2000, ['a']), [
      health(2010, 1500, 'up'),
    ]),
    expected: {
      a: { up: 1000 + 1600, 'out-of-service': 1000 },
      b: { unknown: 1000, 'out-of-service': 2600 },
    },
  },
  {
    name: 'a device that left before the period',
    events: inOrder(base, running, topology(-300, ['b'])),
    expected: { b: { unknown: 3600 } },
  },
  {
    name: 'a device that comes after the period',
    events: inOrder(base, running, topology(3630, ['a', 'b'])),
    expected: { a: { up: 3600 } },
  },
  {
    name: 'a device that never answered and was never judged',
    events: inOrder([started(-600), topology(-600)], running),
    expected: { a: { unknown: 3600 } },
  },
  {
    // degraded from 1000; then a failure whose run is said to start at 990, before that change.
    name: 'a change that reaches back before the one before it',
    events: inOrder(base, running, [
      health(1000, 1000, 'degraded'),
      health(1030, 990, 'down'),
      health(1105, 1100, 'up'),
    ]),
    expected: { a: { up: 1000 + 2500, down: 100 } },
  },
  {
    // A state cannot begin after it was decided.
    name: 'a change dated into the future',
    events: inOrder(base, running, health(1000, 5000, 'down'), health(1105, 1100, 'up')),
    expected: { a: { up: 3500, down: 100 } },
  },
  {
    // The clock reaches 2000, is set back to 1500 and lives that time again; in the second pass the
    // device is down [1600, 1700). Nothing was booked since -595, so that stands.
    name: 'the clock set back, with nothing booked in between',
    events: [
      ...inOrder(base, leases(-600, 2000)),
      ...inOrder(leases(1500, 3660), down(1600, 1700)),
    ],
    expected: { a: { up: 3500, down: 100 } },
  },
  {
    // As before, but down [1900, 1950) is booked in the first pass: the second pass cannot go back
    // behind 1950, and its outage shrinks to nothing there.
    name: 'the clock set back behind what is booked',
    events: [
      ...inOrder(base, leases(-600, 2000), health(1901, 1900, 'down'), health(1951, 1950, 'up')),
      ...inOrder(leases(1500, 3660), down(1600, 1700)),
    ],
    expected: { a: { up: 3550, down: 50 } },
  },
  {
    // The clock jumps from 1000 to 2000: nobody can say what that time was. It was not up.
    name: 'the clock set forward',
    events: inOrder(base, leases(-600, 1000), leases(2000, 3660)),
    expected: { a: { up: 2600, unknown: 1000 } },
  },
  {
    // Seen at 1800 with the last lease at 1800: half the hour, and nothing of the rest.
    name: 'a period that is still running',
    events: inOrder(base, leases(-600, 1800), down(600, 900)),
    now: 1800,
    expected: { a: { down: 300, up: 1500 } },
  },
  {
    // Seen at 1804: the 4 s since the last lease are not proven yet.
    name: 'a period that is still running, between two leases',
    events: inOrder(base, leases(-600, 1800)),
    now: 1804,
    expected: { a: { up: 1800, unknown: 4 } },
  },
  {
    name: 'a period that has not begun',
    events: inOrder(base, leases(-600, -100)),
    now: -100,
    expected: {},
  },
  {
    name: 'a device in maintenance all the time',
    events: inOrder(withWindow(-500, 4000), running, down(600, 900)),
    expected: { a: { maintenance: 3600 } },
  },
  { name: 'a journal with nothing in it', events: [], expected: {} },
];

describe('the ledger, worked out by hand', () => {
  it.each(cases)('$name', ({ events, expected, period = [0, 3600], now = 3660 }) => {
    const report = buildAvailabilityReport(toEntries(events), stretch(...period), second(now));
    const found = Object.fromEntries(
      report.devices.map(({ facts, durations }) => [
        facts.id,
        Object.fromEntries(
          Object.entries(durations)
            .filter(([, ms]) => ms > 0)
            .map(([state, ms]) => [state, ms / 1000]),
        ),
      ]),
    );
    expect(found).toEqual(expected);
    const countedMs = Math.max(0, Math.min(second(period[1]), second(now)) - second(period[0]));
    for (const { durations } of report.devices) {
      const sumMs = Object.values(durations).reduce((sum, ms) => sum + ms, 0);
      expect(sumMs).toBe(countedMs);
    }
  });
});
