import type { DomainEvent } from '../../alerting/events.ts';
import type { LedgerState } from '../../reports/ledger.ts';
import { running } from './ledger-case.ts';
import { type DeviceSketch, health, inOrder, leases, started, topology, window } from './story.ts';

// An hour, [0, 3600), of a group of devices a and b (and c where there are three), all up since -595.
// All numbers are seconds.

export interface GroupCase {
  readonly name: string;
  readonly events: readonly DomainEvent[];
  /** The group's time; the states not named are 0. */
  readonly expected: Partial<Record<LedgerState, number>>;
  readonly proven?: { readonly unknown?: number; readonly unreachable?: number };
  readonly redundancyLost?: number;
  /** Bad and agreed time of both figures. */
  readonly service: readonly [used: number, agreed: number];
  readonly device: readonly [used: number, agreed: number];
}

interface Telling {
  readonly need?: number;
  readonly devices?: readonly DeviceSketch[];
  readonly windows?: Parameters<typeof topology>[2];
}

const PAIR: readonly DeviceSketch[] = [{ id: 'a' }, { id: 'b' }];

function grouped({ need = 1, devices = PAIR, windows = [] }: Telling = {}): DomainEvent[] {
  const told = topology(-600, devices, windows);
  if (told.type !== 'topology-loaded') throw new Error('not a topology');
  const deviceIds = devices.map(({ id }) => id);
  const redundancyGroups = [{ id: 'group', name: 'Group', deviceIds, need }];
  return [
    started(-600),
    { ...told, topology: { ...told.topology, redundancyGroups } },
    ...deviceIds.map((id) => health(-590, -595, 'up', id)),
  ];
}

/** One device in one state over `[since, until)`; on its return it proves to have run since `ranSince`. */
const lost = (
  device: string,
  state: 'down' | 'unreachable' | 'unknown',
  since: number,
  until: number,
  ranSince?: number,
) => [health(since + 5, since, state, device), health(until + 5, until, 'up', device, ranSince)];

const onlyA = window('w', 2000, 2300, { deviceIds: ['a'] });
const both = window('w', 2000, 2300, { deviceIds: ['a', 'b'] });

export const groupCases: readonly GroupCase[] = [
  {
    // One alone in [500, 800) and [900, 1000), both down in [800, 900).
    name: 'one of two: both fail, for a while at once',
    events: inOrder(grouped(), running, lost('a', 'down', 500, 900), lost('b', 'down', 800, 1000)),
    expected: { up: 3100, degraded: 400, down: 100 },
    redundancyLost: 400,
    service: [100, 3600],
    device: [100, 3600],
  },
  {
    // The work on a, [2000, 2300), leaves b; b down [2100, 2400) by itself. [2100, 2300): b's failure
    // is what the group is without; [2300, 2400): a works.
    name: 'one of two: a failure beside the planned work on the other is an outage',
    events: inOrder(grouped({ windows: [onlyA] }), running, lost('b', 'down', 2100, 2400)),
    expected: { up: 3300, down: 200, degraded: 100 },
    redundancyLost: 100,
    service: [200, 3600],
    device: [200, 3600],
  },
  {
    // As above, and a is taken down by its work in [2010, 2290): it is planned whatever a does.
    name: 'one of two: the work takes its device down, the other fails',
    events: inOrder(
      grouped({ windows: [onlyA] }),
      running,
      lost('a', 'down', 2010, 2290),
      lost('b', 'down', 2100, 2200),
    ),
    expected: { up: 3500, down: 100 },
    service: [100, 3600],
    device: [100, 3600],
  },
  {
    // Both in the window [2000, 2300), whatever they do in it; b is down to 2400.
    name: 'one of two: planned work on both',
    events: inOrder(grouped({ windows: [both] }), running, lost('b', 'down', 2100, 2400)),
    expected: { up: 3200, maintenance: 300, degraded: 100 },
    redundancyLost: 100,
    service: [0, 3300],
    device: [0, 3300],
  },
  {
    // The work alone leaves one of the two that are needed: what b does in it changes nothing.
    name: 'two of two: planned work on one',
    events: inOrder(grouped({ need: 2, windows: [onlyA] }), running, lost('b', 'down', 2100, 2200)),
    expected: { up: 3300, maintenance: 300 },
    service: [0, 3300],
    device: [0, 3300],
  },
  {
    // The work on a leaves b and c, which would do; c down [2100, 2200).
    name: 'two of three: planned work on one, another fails',
    events: inOrder(
      grouped({ need: 2, devices: [...PAIR, { id: 'c' }], windows: [onlyA] }),
      running,
      lost('c', 'down', 2100, 2200),
    ),
    expected: { up: 3500, down: 100 },
    service: [100, 3600],
    device: [100, 3600],
  },
  {
    // The work on a leaves b, which nobody sees in [2100, 2200).
    name: 'one of two: planned work on one, the other is not observed',
    events: inOrder(grouped({ windows: [onlyA] }), running, lost('b', 'unknown', 2100, 2200)),
    expected: { up: 3500, unknown: 100 },
    service: [0, 3600],
    device: [0, 3600],
  },
  {
    // From 1000 on b is all there is; it is down [2000, 2500).
    name: 'one of two: one is retired, the one that is left fails',
    events: inOrder(
      grouped({ devices: [{ id: 'a', retiredAt: 1000 }, { id: 'b' }] }),
      running,
      lost('b', 'down', 2000, 2500),
    ),
    expected: { up: 3100, down: 500 },
    service: [500, 3600],
    device: [500, 3600],
  },
  {
    // From 1000 on it needs the one that there is.
    name: 'two of two: one is retired',
    events: inOrder(
      grouped({ need: 2, devices: [{ id: 'a', retiredAt: 1000 }, { id: 'b' }] }),
      running,
    ),
    expected: { up: 3600 },
    service: [0, 3600],
    device: [0, 3600],
  },
  {
    // Before 1000 there is a alone, and it is down [500, 700).
    name: 'one of two: the second is not commissioned yet when the first fails',
    events: inOrder(
      grouped({ devices: [{ id: 'a' }, { id: 'b', commissionedAt: 1000 }] }),
      running,
      lost('a', 'down', 500, 700),
    ),
    expected: { up: 3400, down: 200 },
    service: [200, 3600],
    device: [200, 3600],
  },
  {
    // Nothing is left from 2000 on.
    name: 'one of two: both are retired',
    events: inOrder(
      grouped({
        devices: [
          { id: 'a', retiredAt: 1000 },
          { id: 'b', retiredAt: 2000 },
        ],
      }),
      running,
    ),
    expected: { up: 2000, 'out-of-service': 1600 },
    service: [0, 2000],
    device: [0, 2000],
  },
  {
    // Both behind the dead parent in [500, 800), both run since -5000: 300 s lost to customers, none of
    // it by the devices.
    name: 'one of two: both behind a dead parent and proven to have run',
    events: inOrder(
      grouped(),
      running,
      lost('a', 'unreachable', 500, 800, -5000),
      lost('b', 'unreachable', 500, 800, -5000),
    ),
    expected: { up: 3300, unreachable: 300 },
    proven: { unreachable: 300 },
    service: [300, 3600],
    device: [0, 3600],
  },
  {
    // The same without a proof: 300 s that say nothing of the devices are left out.
    name: 'one of two: both behind a dead parent, nothing proven',
    events: inOrder(
      grouped(),
      running,
      lost('a', 'unreachable', 500, 800),
      lost('b', 'unreachable', 500, 800),
    ),
    expected: { up: 3300, unreachable: 300 },
    service: [300, 3600],
    device: [0, 3300],
  },
  {
    // b restarted at 700: a carries the proof for all of [500, 800).
    name: 'one of two: one of those behind a dead parent is proven to have run',
    events: inOrder(
      grouped(),
      running,
      lost('a', 'unreachable', 500, 800, -5000),
      lost('b', 'unreachable', 500, 800, 700),
    ),
    expected: { up: 3300, unreachable: 300 },
    proven: { unreachable: 300 },
    service: [300, 3600],
    device: [0, 3600],
  },
  {
    // Both are needed, and b is proven only in [700, 800).
    name: 'two of two: behind a dead parent both must be proven',
    events: inOrder(
      grouped({ need: 2 }),
      running,
      lost('a', 'unreachable', 500, 800, -5000),
      lost('b', 'unreachable', 500, 800, 700),
    ),
    expected: { up: 3300, unreachable: 300 },
    proven: { unreachable: 100 },
    service: [300, 3600],
    device: [0, 3400],
  },
  {
    // a down by itself [500, 900), b unreachable [600, 700): in that time b alone could have carried it.
    name: 'one of two: one failed, the other is behind a dead parent',
    events: inOrder(
      grouped(),
      running,
      lost('a', 'down', 500, 900),
      lost('b', 'unreachable', 600, 700),
    ),
    expected: { up: 3200, degraded: 300, unreachable: 100 },
    redundancyLost: 300,
    service: [100, 3600],
    device: [0, 3500],
  },
  {
    // a down [500, 900) is enough to be without two, wherever b is.
    name: 'two of two: one failed, the other is behind a dead parent',
    events: inOrder(
      grouped({ need: 2 }),
      running,
      lost('a', 'down', 500, 900),
      lost('b', 'unreachable', 600, 700, -5000),
    ),
    expected: { up: 3200, down: 400 },
    service: [400, 3600],
    device: [400, 3600],
  },
  {
    // Nobody looked in [1000, 1203), in which both ran: the service is not proven, the devices are.
    name: 'one of two: a gap through which both have run',
    events: inOrder(grouped(), leases(-600, 1000), started(1200), leases(1200, 3660), [
      health(1205, 1203, 'up', 'a', -5000),
      health(1205, 1203, 'up', 'b', -5000),
    ]),
    expected: { up: 3397, unknown: 203 },
    proven: { unknown: 203 },
    service: [0, 3600],
    device: [0, 3600],
  },
  {
    // The gap [1000, 1203) again; a has run since 1100 only, b restarted in 1203: 103 s.
    name: 'one of two: a gap through part of which one has run',
    events: inOrder(grouped(), leases(-600, 1000), started(1200), leases(1200, 3660), [
      health(1205, 1203, 'up', 'a', 1100),
      health(1205, 1203, 'up', 'b'),
    ]),
    expected: { up: 3397, unknown: 203 },
    proven: { unknown: 103 },
    service: [0, 3600],
    device: [0, 3600],
  },
  {
    // a unknown [500, 900), b down [600, 800): a could have worked in it.
    name: 'one of two: one is not observed, the other fails',
    events: inOrder(
      grouped(),
      running,
      lost('a', 'unknown', 500, 900),
      lost('b', 'down', 600, 800),
    ),
    expected: { up: 3400, unknown: 200 },
    service: [0, 3600],
    device: [0, 3600],
  },
];
