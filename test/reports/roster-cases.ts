import { base, down, type LedgerCase, running, withWindow } from './ledger-case.ts';
import { health, inOrder, leases, started, stopped, topology, window } from './story.ts';

const twoDevices = [
  started(-600),
  topology(-600, ['a', 'b']),
  health(-600, -600, 'up'),
  health(-600, -600, 'up', 'b'),
];

export const rosterCases: readonly LedgerCase[] = [
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
    // Seen at 1804: the next lease will decide about the 4 s since the last one.
    name: 'a period that is still running, between two leases',
    events: inOrder(base, leases(-600, 1800)),
    now: 1804,
    countedTo: 1800,
    expected: { a: { up: 1800 } },
  },
  {
    // Leases come every 10 s; one that is more than 30 s old proves that nobody is observing.
    name: 'a period that is still running, without a lease for as long as is allowed',
    events: inOrder(base, leases(-600, 1800)),
    now: 1830,
    countedTo: 1800,
    expected: { a: { up: 1800 } },
  },
  {
    name: 'a period that is still running, with a lease overdue',
    events: inOrder(base, leases(-600, 1800)),
    now: 1831,
    expected: { a: { up: 1800, unknown: 31 } },
  },
  {
    name: 'a period that is still running, after the service stopped',
    events: inOrder(base, leases(-600, 1800), stopped(1803)),
    now: 1810,
    expected: { a: { up: 1800, unknown: 10 } },
  },
  {
    // b is known to be down since 1802, but that proves nothing of a: both are judged up to the lease.
    name: 'a period that is still running, with a change after the last lease',
    events: inOrder(twoDevices, leases(-600, 1800), [health(1804, 1802, 'down', 'b')]),
    now: 1806,
    countedTo: 1800,
    expected: { a: { up: 1800 }, b: { up: 1800 } },
  },
  {
    name: 'a period that is still running, with a change before the last lease',
    events: inOrder(
      twoDevices,
      leases(-600, 1800),
      [health(1804, 1802, 'down', 'b')],
      leases(1810, 1810),
    ),
    now: 1812,
    countedTo: 1810,
    expected: { a: { up: 1810 }, b: { up: 1802, down: 8 } },
  },
  {
    name: 'a period that is still running, with a change and no lease after it',
    events: inOrder(twoDevices, leases(-600, 1800), [health(1804, 1802, 'down', 'b')]),
    now: 1841,
    expected: { a: { up: 1800, unknown: 41 }, b: { up: 1802, unknown: 39 } },
  },
  {
    // Seen at 3604, with the last lease at 3598: the end of the hour still waits for its proof.
    name: 'a period that has just ended, before its last lease',
    events: inOrder(base, leases(-602, 3598)),
    now: 3604,
    countedTo: 3598,
    expected: { a: { up: 3598 } },
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
