import type { DomainEvent } from '../../alerting/events.ts';
import { base, down, running } from './ledger-case.ts';
import { health, inOrder, leases, started, stopped, topology, window } from './story.ts';

// An hour, [0, 3600), of device a, which is up but for what is told; b is there throughout. Seconds.

export interface ServiceEndCase {
  readonly name: string;
  readonly events: readonly DomainEvent[];
  /** Lost since, out of service at, back in service at; and what of it is in the figures. */
  readonly expected: readonly {
    readonly state: 'down' | 'unreachable';
    readonly lostSince: number;
    readonly at: number;
    readonly backAt: number | null;
  }[];
  readonly down?: number;
  readonly outOfService?: number;
  /** The changes that are listed: instant, what, device, before. */
  readonly changes: readonly string[];
}

const withB = [
  started(-600),
  topology(-600, ['a', 'b']),
  health(-590, -595, 'up'),
  health(-590, -595, 'up', 'b'),
];

export const serviceEndCases: readonly ServiceEndCase[] = [
  {
    // Down since 1000, taken out at 1060, in again at 3000 and up from 3002: 60 s count, 1940 s do not.
    name: 'taken out while down, and added again',
    events: inOrder(
      withB,
      running,
      health(1009, 1000, 'down'),
      topology(1060, ['b']),
      topology(3000, ['a', 'b']),
      health(3005, 3002, 'up'),
    ),
    expected: [{ state: 'down', lostSince: 1000, at: 1060, backAt: 3000 }],
    down: 60,
    outOfService: 1940,
    changes: ['1060 removed a down', '3000 added a '],
  },
  {
    name: 'taken out while unreachable, for good',
    events: inOrder(withB, running, health(1009, 1000, 'unreachable'), topology(1060, ['b'])),
    expected: [{ state: 'unreachable', lostSince: 1000, at: 1060, backAt: null }],
    outOfService: 2540,
    changes: ['1060 removed a unreachable'],
  },
  {
    // Last lease at 1050: unknown [1050, 1080), in which the configuration was changed.
    name: 'taken out while down, with the service stopped for it',
    events: inOrder(
      withB,
      leases(-600, 1050),
      health(1009, 1000, 'down'),
      stopped(1055),
      started(1079),
      topology(1080, ['b']),
      health(1085, 1081, 'up', 'b'),
      leases(1080, 3660),
    ),
    expected: [{ state: 'down', lostSince: 1000, at: 1080, backAt: null }],
    down: 50,
    outOfService: 2520,
    changes: ['1080 removed a down'],
  },
  {
    // Down since 1000, planned work from 1100 on, taken out in it at 1300: 100 s of the outage count.
    name: 'taken out in planned work, not having answered since before it',
    events: inOrder(
      [started(-600), topology(-600, ['a', 'b'], [window('w', 1100, 1500)])],
      ['a', 'b'].map((id) => health(-590, -595, 'up', id)),
      running,
      health(1009, 1000, 'down'),
      topology(1300, ['b'], [window('w', 1100, 1500)]),
    ),
    expected: [{ state: 'down', lostSince: 1000, at: 1300, backAt: null }],
    down: 100,
    outOfService: 2300,
    changes: ['1300 removed a down'],
  },
  {
    // It answered at 1200, in the work: what came after is part of that.
    name: 'taken out in planned work, having answered in it',
    events: inOrder(
      [started(-600), topology(-600, ['a', 'b'], [window('w', 1100, 1500)])],
      ['a', 'b'].map((id) => health(-590, -595, 'up', id)),
      running,
      health(1009, 1000, 'down'),
      health(1205, 1200, 'up'),
      health(1259, 1250, 'down'),
      topology(1300, ['b'], [window('w', 1100, 1500)]),
    ),
    expected: [],
    down: 100,
    outOfService: 2300,
    changes: ['1300 removed a '],
  },
  {
    name: 'taken out while it works',
    events: inOrder(withB, running, down(500, 600), topology(1060, ['b'])),
    expected: [],
    down: 100,
    outOfService: 2540,
    changes: ['1060 removed a '],
  },
  {
    // The date of its retirement comes while it is down.
    name: 'retired while down',
    events: inOrder(
      [started(-600), topology(-600, [{ id: 'a', retiredAt: 1060 }]), health(-590, -595, 'up')],
      running,
      health(1009, 1000, 'down'),
    ),
    expected: [{ state: 'down', lostSince: 1000, at: 1060, backAt: null }],
    down: 60,
    outOfService: 2540,
    changes: ['1060 out-of-service a down'],
  },
  {
    name: 'what an installation begins with is not added to it',
    events: inOrder(base, running),
    expected: [],
    changes: [],
  },
  {
    // Declared in time, edited at 1500 while it runs, called off at 1600: [1200, 1600) counts.
    name: 'a window edited and called off',
    events: inOrder(
      [started(-600), topology(-600, ['a'], [window('w', 1200, 1800)]), health(-590, -595, 'up')],
      running,
      topology(1500, ['a'], [window('w', 1200, 2400)]),
      topology(1600, ['a'], []),
    ),
    expected: [],
    changes: [
      '1500 maintenance w 2026-11-01T00:20:00.000Z/2026-11-01T00:30:00.000Z a',
      '1600 maintenance w 2026-11-01T00:20:00.000Z/2026-11-01T00:40:00.000Z a',
    ],
  },
  {
    // Declared at 1000 in time, and deleted at 2000, after its end: nothing was changed.
    name: 'a window declared in time and deleted afterwards',
    events: inOrder(
      base,
      running,
      topology(1000, ['a'], [window('w', 1200, 1800)]),
      topology(2000, ['a'], []),
    ),
    expected: [],
    changes: [],
  },
  {
    name: 'a window declared after it began',
    events: inOrder(base, running, topology(1300, ['a'], [window('w', 1200, 1800)])),
    expected: [],
    changes: ['1300 maintenance w '],
  },
  {
    name: 'a window of a device that is not in the report',
    events: inOrder(
      base,
      running,
      topology(1300, ['a'], [window('w', 1200, 1800, { deviceIds: ['z'] })]),
    ),
    expected: [],
    changes: [],
  },
];
