import { describe, expect, it } from 'vitest';
import { KeptRegistry } from '../../collector/kept-registry.ts';
import { identifyPorts, type PortChange, type PortFacts } from '../../collector/port-identity.ts';
import { DAY, HOUR } from '../../lib/time.ts';

function row(index: number, name: string, rest: Partial<PortFacts> = {}): PortFacts {
  return { index: String(index), name, descr: '', mac: '', alias: '', type: 6, ...rest };
}

/** A device whose rows are read again and again; each reading tells `LABEL CHANGE @SLOT` by row. */
function device() {
  const kept = new KeptRegistry();
  let nowMs = 0;
  return {
    get registry() {
      return kept.registry;
    },
    relabelled: new Map() as ReadonlyMap<string, string>,
    wait(ms: number) {
      nowMs += ms;
    },
    read(rows: readonly PortFacts[], isComplete = true): string[] {
      const { matches, relabelled } = identifyPorts(kept.registry, rows, nowMs, isComplete);
      // As between two polls.
      kept.rest();
      this.relabelled = relabelled;
      return matches.map(({ port, change }) => `${port.label} ${change} @${port.slot}`);
    },
    changes(rows: readonly PortFacts[]): PortChange[] {
      return identifyPorts(kept.registry, rows, nowMs, true).matches.map(({ change }) => change);
    },
  };
}

describe('a port', () => {
  it('is the same by its name when two change places in one poll', () => {
    const switched = device();
    switched.read([row(1, 'A'), row(2, 'B')]);
    expect(switched.read([row(1, 'B'), row(2, 'A')])).toEqual([
      'B renumbered @1',
      'A renumbered @0',
    ]);
    expect(switched.read([row(1, 'B'), row(2, 'A')])).toEqual(['B same @1', 'A same @0']);
  });

  it('is the same when a card is put in and every index behind it moves', () => {
    const chassis = device();
    const ports = ['Gi1/1', 'Gi1/2', 'Gi3/1', 'Gi3/2'];
    chassis.read(ports.map((name, at) => row(at + 1, name)));
    const after = ['Gi1/1', 'Gi1/2', 'Gi2/1', 'Gi3/1', 'Gi3/2'];
    expect(chassis.read(after.map((name, at) => row(at + 1, name)))).toEqual([
      'Gi1/1 same @0',
      'Gi1/2 same @1',
      'Gi2/1 new @4',
      'Gi3/1 renumbered @2',
      'Gi3/2 renumbered @3',
    ]);
  });

  it('is another one when its index is used again under another name', () => {
    const router = device();
    router.read([row(7, 'ppp0', { type: 23 }), row(1, 'eth0')]);
    expect(router.read([row(7, 'tun4', { type: 131 }), row(1, 'eth0')])).toEqual([
      'tun4 new @2',
      'eth0 same @1',
    ]);
  });

  it('is another one when its index goes to a port that is known already', () => {
    const router = device();
    router.read([row(1, 'A'), row(2, 'B')]);
    expect(router.read([row(1, 'B')])).toEqual(['B renumbered @1']);
  });

  it('without a name goes by its description', () => {
    const old = device();
    old.read([row(1, '', { descr: 'Port 1' }), row(2, '', { descr: 'Port 2' })]);
    expect(old.read([row(9, '', { descr: 'Port 2' }), row(2, '', { descr: 'Port 1' })])).toEqual([
      'Port 2 renumbered @1',
      'Port 1 renumbered @0',
    ]);
  });

  it('keeps its name when the names cannot be read for once, if not its counters without any', () => {
    const flaky = device();
    flaky.read([row(1, 'A', { descr: 'x' }), row(2, 'B', { descr: 'y' })]);
    expect(flaky.read([row(1, '', { descr: 'x' }), row(2, '', { descr: 'y' })])).toEqual([
      'A same @0',
      'B same @1',
    ]);
    expect(flaky.read([row(1, ''), row(2, '')])).toEqual(['A renumbered @0', 'B renumbered @1']);
    expect(flaky.read([row(1, 'A'), row(2, 'B')])).toEqual(['A same @0', 'B same @1']);
  });

  it('without anything but its index goes by that', () => {
    const card = device();
    expect(card.read([row(1, ''), row(2, '')])).toEqual(['1 new @0', '2 new @1']);
    expect(card.read([row(2, ''), row(1, '')])).toEqual(['2 same @1', '1 same @0']);
  });

  it.each<[string, Partial<PortFacts>]>([
    ['description', { descr: 'Intel 82574L' }],
    ['MAC address', { mac: '00005e005301' }],
    ['alias', { alias: 'uplink to core' }],
  ])('that is renamed is told by its %s, and relabelled', (_, mark) => {
    const server = device();
    server.read([row(3, 'eth0', mark), row(4, 'eth1')]);
    expect(server.read([row(3, 'lan0', mark), row(4, 'eth1')])).toEqual([
      'lan0 renamed @0',
      'eth1 same @1',
    ]);
    expect([...server.relabelled]).toEqual([['eth0', 'lan0']]);
  });

  it('is not told by what another port says too, or a port of another type', () => {
    const server = device();
    const shared = { mac: '00005e005301', descr: 'Ethernet', alias: 'spare' };
    server.read([row(1, 'eth0', shared), row(2, 'eth1', shared)]);
    expect(server.read([row(5, 'a', shared), row(6, 'b', shared)])).toEqual([
      'a new @2',
      'b new @3',
    ]);
    const bond = device();
    bond.read([row(1, 'eth0', { mac: '00005e005301' })]);
    expect(bond.read([row(2, 'bond0', { mac: '00005e005301', type: 161 })])).toEqual([
      'bond0 new @1',
    ]);
  });

  it('is told by its name although another one has its MAC address now, with other counters', () => {
    const server = device();
    const a = { mac: '00005e005301' };
    const b = { mac: '00005e005302' };
    server.read([row(1, 'eth0', a), row(2, 'eth1', b)]);
    expect(server.read([row(1, 'eth0', b), row(2, 'eth1', a)])).toEqual([
      'eth0 renumbered @0',
      'eth1 renumbered @1',
    ]);
  });
});

describe('names that are not unique', () => {
  it('carry the index, all of them, in whatever order', () => {
    const router = device();
    expect(router.read([row(7, 'lan'), row(1, 'lan'), row(9, 'wan')])).toEqual([
      'lan#7 new @0',
      'lan#1 new @1',
      'wan new @2',
    ]);
  });

  it('do not take the series of a port that had the name alone', () => {
    const router = device();
    router.read([row(1, 'lan')]);
    expect(router.read([row(1, 'lan'), row(7, 'lan')])).toEqual([
      'lan renumbered @0',
      'lan#7 new @1',
    ]);
    expect(router.read([row(7, 'lan')])).toEqual(['lan#7 renumbered @1']);
    expect(router.read([row(7, 'lan')])).toEqual(['lan#7 same @1']);
  });

  it('are told apart by what else they say, when they are renumbered', () => {
    const router = device();
    const a = { mac: '00005e005301' };
    const b = { mac: '00005e005302' };
    router.read([row(1, 'lan', a), row(2, 'lan', b)]);
    expect(router.read([row(1, 'lan', b), row(2, 'lan', a)])).toEqual([
      'lan#2 renumbered @1',
      'lan#1 renumbered @0',
    ]);
  });

  it('and nothing else to tell them apart are never guessed at', () => {
    const router = device();
    router.read([row(1, 'lan'), row(2, 'lan')]);
    expect(router.read([row(1, 'lan'), row(3, 'lan')])).toEqual([
      'lan#1 renumbered @0',
      'lan#3 new @2',
    ]);
  });

  it('at an index that has another MAC address now are other ports', () => {
    const router = device();
    router.read([row(1, 'lan', { mac: '00005e005301' }), row(2, 'lan', { mac: '00005e005302' })]);
    expect(
      router.read([row(1, 'lan', { mac: '00005e005309' }), row(2, 'lan', { mac: '00005e005302' })]),
    ).toEqual(['lan#1 new @2', 'lan#2 same @1']);
  });
});

describe('a port that is gone', () => {
  it('gets its place back when it returns, under whatever index', () => {
    const chassis = device();
    chassis.read([row(1, 'A'), row(2, 'B')]);
    expect(chassis.read([row(1, 'A')])).toEqual(['A same @0']);
    chassis.wait(HOUR);
    expect(chassis.read([row(1, 'A'), row(5, 'B')])).toEqual(['A same @0', 'B returned @1']);
    expect(chassis.changes([row(1, 'A'), row(5, 'B')])).toEqual(['same', 'same']);
  });

  it('is not gone when its row could only not be read', () => {
    const chassis = device();
    chassis.read([row(1, 'A'), row(2, 'B')]);
    chassis.read([row(1, 'A')], false);
    expect(chassis.read([row(1, 'A'), row(2, 'B')])).toEqual(['A same @0', 'B same @1']);
  });

  it('is forgotten after a day, and its place is given to another', () => {
    const chassis = device();
    chassis.read([row(1, 'A'), row(2, 'B')]);
    chassis.read([row(1, 'A')]);
    chassis.wait(DAY);
    chassis.read([row(1, 'A')]);
    expect(chassis.read([row(1, 'A'), row(2, 'B')])).toEqual(['A same @0', 'B new @1']);
  });

  it('makes no more than a thousand memories, of those gone last', () => {
    const access = device();
    for (let session = 0; session < 3000; session += 1) {
      access.wait(1);
      access.read([row(session, `ppp${session}`, { type: 23 })]);
    }
    expect(access.registry.ports.length).toBe(1001);
    expect(access.registry.slotCount).toBeLessThanOrEqual(1003);
    expect(access.read([row(9, 'ppp2998', { type: 23 })])[0]).toContain('returned');
  });
});
