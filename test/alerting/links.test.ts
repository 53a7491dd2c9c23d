import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import type { Link } from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';
import { tellsDown } from './ports-down.ts';

function link(id: string, a: string, b: string): Link {
  const [first, second] = [a, b].map((text) => {
    const [deviceId, port] = text.split(' ');
    return { deviceId: deviceId!, port: port! };
  });
  return { id, ends: [first!, second!] };
}

/** Both links of agg-2, the only one of agg-1, and one between the two that no parent names. */
const LINKS: readonly Link[] = [
  link('one', 'core-1 Te1', 'agg-1 Te49'),
  link('left', 'core-1 Te2', 'agg-2 Te49'),
  link('right', 'core-2 Te2', 'agg-2 Te50'),
  link('ring', 'agg-1 Te60', 'agg-2 Te60'),
];

/** The rules of a quiet house: only what lasts is an incident. */
const PATIENT = RULES.map((each) => ({ ...each, forMs: Math.max(each.forMs, 3 * MINUTE) }));

function withLinks(change: Partial<Topology> = {}): Topology {
  return topology({ links: LINKS, ...change });
}

const open = (network: Network) =>
  network.incidents().filter(({ resolvedAt }) => resolvedAt === null);

const ENDS: readonly (readonly [string, readonly [string, string][]])[] = [
  [
    'the upper end first',
    [
      ['core-1', 'Te2'],
      ['agg-2', 'Te49'],
    ],
  ],
  [
    'the lower end first',
    [
      ['agg-2', 'Te49'],
      ['core-1', 'Te2'],
    ],
  ],
];

describe('a link that is lost', () => {
  test.each(ENDS)('%s: one incident, one page, graded by what it serves', (_, ends) => {
    const network = new Network(withLinks());
    network.run(MINUTE);
    for (const [deviceId, port] of ends) {
      tellsDown(network, deviceId, port);
      network.run(20 * SECOND);
    }
    network.run(MINUTE);
    expect(network.incidents()).toHaveLength(1);
    const [incident] = network.incidents();
    expect([...incident!.members.values()].sort()).toEqual(['link', 'root']);
    expect(incident).toMatchObject({ tier: 3, rootDeviceId: ends[0]![0] });
    const { role, redundancy } = incident!.evidence.inputs;
    expect({ role, redundancy }).toEqual({ role: 'aggregation', redundancy: 'degraded' });
    const port = ends[0]![1];
    expect(incident!.evidence.sentence).toEqual({
      en: `agg-2 (aggregation) has lost a redundant part (port ${port} is down (link core-1 Te2 – agg-2 Te49))`,
      'zh-CN': `agg-2（汇聚）失去冗余（端口 ${port} 已断开（链路 core-1 Te2 – agg-2 Te49））`,
    });
    expect(network.pageList()).toEqual(['first opened']);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('told by both ends in one moment is one incident all the same', () => {
    const network = new Network(withLinks({ gradingRules: PATIENT }));
    tellsDown(network, 'core-1', 'Te2');
    tellsDown(network, 'agg-2', 'Te49');
    network.run(5 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.pageList()).toEqual(['first opened']);
  });

  test('lasts as long as one of its ends says so, whichever told first', () => {
    const network = new Network(withLinks());
    tellsDown(network, 'core-1', 'Te2');
    tellsDown(network, 'agg-2', 'Te49');
    network.run(MINUTE);
    tellsDown(network, 'core-1');
    network.run(10 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(open(network)).toHaveLength(1);
    tellsDown(network, 'agg-2');
    network.run(MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.pageList().filter((page) => page === 'first resolved')).toHaveLength(1);
  });

  test('opens its incident again when it is lost again, though the other end tells first', () => {
    const network = new Network(withLinks());
    tellsDown(network, 'core-1', 'Te2');
    network.run(MINUTE);
    tellsDown(network, 'core-1');
    network.run(5 * MINUTE);
    expect(open(network)).toEqual([]);
    tellsDown(network, 'agg-2', 'Te49');
    network.run(20 * SECOND);
    tellsDown(network, 'core-1', 'Te2');
    network.run(MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ episode: 2, resolvedAt: null });
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('that the lower end alone tells is no path any more', () => {
    const network = new Network(withLinks());
    tellsDown(network, 'agg-2', 'Te49');
    network.run(20 * SECOND);
    tellsDown(network, 'core-2', 'Te2');
    network.run(20 * SECOND);
    const { inputs } = network.incidents()[0]!.evidence;
    expect(network.incidents()).toHaveLength(1);
    expect(inputs.devicesDown).toBe(0);
    const hanging = network.pages().map(({ facts }) => facts.affectedNames);
    expect(hanging).toEqual([[]]);
  });

  test('between two devices of which none is the other’s parent is one incident of its own', () => {
    const network = new Network(withLinks());
    tellsDown(network, 'agg-1', 'Te60');
    tellsDown(network, 'agg-2', 'Te60');
    network.run(MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ tier: 3, rootKind: 'port-down' });
    expect(network.incidents()[0]!.evidence.sentence.en).toContain('link agg-1 Te60 – agg-2 Te60');
  });
});

describe('a link to a device below', () => {
  const DOWN: readonly Link[] = [...LINKS, link('below', 'agg-2 Gi1', 'acc-3 Up1')];
  const wider = (): Topology => {
    const accessLink = rule('access-link', 4, { faultKinds: ['port-down'], roles: ['access'] });
    const base = withLinks({ links: DOWN, gradingRules: [...RULES, accessLink] });
    const acc = base.devices.find(({ id }) => id === 'acc-1')!;
    const parents = [{ deviceId: 'agg-2', port: 'Gi1' }];
    return { ...base, devices: [...base.devices, { ...acc, id: 'acc-3', name: 'acc-3', parents }] };
  };

  test('is another story than an uplink that is lost after it', () => {
    const network = new Network(wider());
    network.run(MINUTE);
    tellsDown(network, 'agg-2', 'Gi1');
    network.silence('acc-3');
    network.run(MINUTE);
    tellsDown(network, 'core-1', 'Te2');
    network.run(MINUTE);
    const told = network.incidents().map(({ rootDeviceId, tier }) => `${rootDeviceId} ${tier}`);
    expect(told).toEqual(['agg-2 4', 'core-1 3']);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('is no sign that the device itself dies after it', () => {
    const network = new Network(wider());
    network.run(MINUTE);
    tellsDown(network, 'agg-2', 'Gi1');
    network.silence('acc-3');
    network.run(MINUTE);
    network.silence('agg-2');
    network.run(MINUTE);
    const roots = network.incidents().map(({ rootDeviceId, rootKind }) => [rootDeviceId, rootKind]);
    expect(roots).toContainEqual(['agg-2', 'device-down']);
    expect(network.incidents()[0]!.rootKind).toBe('port-down');
  });
});

describe('a link to a device that is dead', () => {
  test('that no parent names joins the incident of the device, told before or after', () => {
    for (const isToldBefore of [true, false]) {
      const network = new Network(withLinks());
      network.run(MINUTE);
      if (isToldBefore) {
        tellsDown(network, 'agg-1', 'Te60');
        network.run(20 * SECOND);
      }
      network.silence('agg-2');
      tellsDown(network, 'core-1', 'Te2');
      tellsDown(network, 'core-2', 'Te2');
      network.run(2 * MINUTE);
      tellsDown(network, 'agg-1', 'Te60');
      network.run(2 * MINUTE);
      expect(network.incidents()).toHaveLength(1);
      expect(network.incidents()[0]).toMatchObject({ rootDeviceId: 'agg-2', tier: 2 });
      expect([...network.incidents()[0]!.members.values()].sort()).toEqual([
        'link',
        'link',
        'link',
        'root',
      ]);
      expect(network.liveText()).toBe(network.replayedText());
    }
  });

  test('that the living lower end tells joins the incident of the dead parent', () => {
    const network = new Network(withLinks());
    network.run(MINUTE);
    network.silence('core-2');
    network.silence('ups-1');
    network.silence('srv-1');
    tellsDown(network, 'agg-2', 'Te50');
    network.run(3 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ rootDeviceId: 'core-2' });
    expect([...network.incidents()[0]!.members]).toContainEqual([
      'agg-2/port:Te50/port-down',
      'link',
    ]);
  });

  test('that is cut off joins the incident of what cuts it off', () => {
    const network = new Network(withLinks());
    tellsDown(network, 'core-1', 'Te1');
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(MINUTE);
    tellsDown(network, 'agg-2', 'Te60');
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]!.rootDeviceId).toBe('core-1');
  });
});

describe('a parent named without its port', () => {
  test('has the port of the one declared link that leads there', () => {
    const base = topology();
    const devices = base.devices.map((each) =>
      each.id === 'agg-1' ? { ...each, parents: [{ deviceId: 'core-1', port: null }] } : each,
    );
    const network = new Network(withLinks({ devices }));
    tellsDown(network, 'core-1', 'Te1');
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    expect(network.state.devices.get('agg-1')!.health).toBe('unreachable');
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ rootDeviceId: 'core-1', tier: 2 });
  });
});
