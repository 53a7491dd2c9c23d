import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';

/** The rules of a quiet house: only what lasts is an incident. */
const PATIENT = RULES.map((each) => ({ ...each, forMs: Math.max(each.forMs, 3 * MINUTE) }));

/** The device with two links has a device behind it. */
function withChild(change: Partial<Topology> = {}): Topology {
  const base = topology();
  const behind = base.devices.find((each) => each.id === 'acc-1')!;
  const child = {
    ...behind,
    id: 'acc-3',
    name: 'acc-3',
    siteId: 'south',
    parents: [{ deviceId: 'agg-2', port: null }],
  };
  return { ...base, devices: [...base.devices, child], ...change };
}

function lose(network: Network, coreId: string): void {
  network.setConditions(coreId, [
    {
      component: 'port:Te2',
      kind: 'port-down',
      level: 'warning',
      text: say('port Te2 is down', '端口 Te2 已断开'),
      facts: { port: 'Te2', batteryMinutes: null, chargeRatio: null, value: null },
    },
  ]);
}

function die(network: Network): void {
  for (const id of ['agg-2', 'acc-3']) network.silence(id);
}

function loseBoth(network: Network): void {
  for (const id of ['core-1', 'core-2']) lose(network, id);
}

function recover(network: Network): void {
  for (const id of ['agg-2', 'acc-3']) network.restore(id);
}

const health = (network: Network, id: string) => network.state.devices.get(id)!.health;

const ORDERS: readonly (readonly [string, (network: Network) => void])[] = [
  [
    'ports told with the silence',
    (network) => {
      die(network);
      loseBoth(network);
    },
  ],
  [
    'ports told before the silence',
    (network) => {
      loseBoth(network);
      network.run(20 * SECOND);
      die(network);
    },
  ],
  [
    'ports told a full poll after the silence',
    (network) => {
      die(network);
      network.run(MINUTE);
      loseBoth(network);
    },
  ],
  [
    'one port told before, the other long after',
    (network) => {
      lose(network, 'core-2');
      network.run(10 * SECOND);
      die(network);
      network.run(2 * MINUTE);
      lose(network, 'core-1');
    },
  ],
];

describe('a device with two links that dies is itself the cause', () => {
  test.each(ORDERS)('%s: down, one incident titled by the device, one page', (_, happens) => {
    const network = new Network(withChild({ gradingRules: PATIENT }));
    network.run(MINUTE);
    happens(network);
    network.run(5 * MINUTE);
    expect(health(network, 'agg-2')).toBe('down');
    expect(health(network, 'acc-3')).toBe('unreachable');
    expect(network.incidents()).toHaveLength(1);
    const [incident] = network.incidents();
    expect(incident).toMatchObject({ rootDeviceId: 'agg-2', rootKind: 'device-down', tier: 2 });
    expect([...incident!.members.values()].sort()).toEqual(['link', 'link', 'root']);
    expect(incident!.evidence.sentence.en).toBe(
      'agg-2 (aggregation) has no redundant path, 1 device unreachable behind it, 100 % of site south down, 100 customers affected',
    );
    expect(network.pageList()).toEqual(['first opened']);
    expect(network.pages()[0]!.facts).toMatchObject({
      rootDeviceId: 'agg-2',
      affectedNames: ['acc-3'],
    });
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('where a lost link pages at once, the incident it opened becomes that of the device', () => {
    const network = new Network(withChild());
    network.run(MINUTE);
    lose(network, 'core-1');
    network.run(10 * SECOND);
    expect(network.incidents()[0]).toMatchObject({ rootDeviceId: 'core-1', tier: 3 });
    lose(network, 'core-2');
    die(network);
    network.run(4 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ rootDeviceId: 'agg-2', tier: 2 });
    expect(network.pageList()).toEqual(['first opened', 'first upgraded']);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('its links go with it when it recovers, and nobody is told of them', () => {
    const network = new Network(withChild({ gradingRules: PATIENT }));
    die(network);
    loseBoth(network);
    network.run(4 * MINUTE);
    recover(network);
    network.run(40 * SECOND);
    for (const id of ['core-1', 'core-2']) network.setConditions(id, []);
    network.run(10 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(network.pageList()).toEqual(['first opened', 'first resolved']);
  });

  test('a port still down after it answers becomes an incident of its own', () => {
    const network = new Network(withChild({ gradingRules: PATIENT }));
    die(network);
    loseBoth(network);
    network.run(4 * MINUTE);
    recover(network);
    network.setConditions('core-1', []);
    network.run(10 * MINUTE);
    const [first, second] = network.incidents();
    expect(first!.resolvedAt).not.toBeNull();
    expect(second).toMatchObject({ rootDeviceId: 'core-2', rootKind: 'port-down', tier: 3 });
    expect(network.incidents()).toHaveLength(2);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('both ports still down after it answers split off once', () => {
    const network = new Network(withChild({ gradingRules: PATIENT }));
    die(network);
    loseBoth(network);
    network.run(4 * MINUTE);
    recover(network);
    network.run(20 * MINUTE);
    const splits = network.eventsOf('member-removed').filter((each) => each.reason === 'split-off');
    expect(splits).toHaveLength(2);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
  });

  test('a link lost long before keeps its incident, and the device has its own', () => {
    const network = new Network(withChild());
    lose(network, 'core-1');
    network.run(MINUTE);
    network.acknowledge('inc-000001');
    network.run(60 * MINUTE);
    lose(network, 'core-2');
    die(network);
    network.run(MINUTE);
    const [link, dead] = network.incidents();
    expect(link).toMatchObject({ rootDeviceId: 'core-1', rootKind: 'port-down' });
    expect(dead).toMatchObject({ rootDeviceId: 'agg-2', rootKind: 'device-down', tier: 2 });
    expect(network.incidents()).toHaveLength(2);
  });

  test('a dead parent beside a port that is down leaves it unproven', () => {
    const network = new Network(withChild({ gradingRules: PATIENT }));
    network.silence('core-1');
    lose(network, 'core-2');
    die(network);
    network.run(3 * MINUTE);
    expect(health(network, 'agg-2')).toBe('unreachable');
    network.restore('core-1');
    lose(network, 'core-1');
    network.run(5 * MINUTE);
    expect(health(network, 'agg-2')).toBe('down');
    const open = network.incidents().filter((each) => each.resolvedAt === null);
    expect(open.map((each) => each.rootDeviceId)).toEqual(['agg-2']);
  });

  test('a link beside one that is down already has no other path', () => {
    const network = new Network(withChild());
    lose(network, 'core-1');
    network.run(10 * SECOND);
    lose(network, 'core-2');
    network.run(10 * SECOND);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]!.evidence.inputs.redundancy).toBe('none');
    expect(network.incidents()[0]!.evidence.sentence.en).toContain('has no path left');
  });
});

describe('a device that cannot be observed', () => {
  test.each(['refused', 'timeout'] as const)(
    'and then is silent (%s) stays one incident',
    (end) => {
      const network = new Network();
      network.silence('acc-1', 'auth-failed');
      network.run(2 * MINUTE);
      const silentFrom = network.now;
      network.silence('acc-1', end);
      network.run(2 * MINUTE);
      expect(health(network, 'acc-1')).toBe('down');
      expect(network.state.devices.get('acc-1')!.healthSince).toBeGreaterThan(silentFrom);
      expect(network.incidents()).toHaveLength(1);
      expect(network.incidents()[0]).toMatchObject({ rootKind: 'device-down', resolvedAt: null });
      expect(network.incidents()[0]!.evidence.sentence.en).toContain('acc-1 (access) is down');
      expect(network.pageList()).toEqual(['first opened']);
      network.silence('acc-1', 'auth-failed');
      network.run(2 * MINUTE);
      expect(health(network, 'acc-1')).toBe('unknown');
      expect(network.incidents()[0]).toMatchObject({
        rootKind: 'monitoring-blind',
        resolvedAt: null,
      });
      network.restore('acc-1');
      network.run(MINUTE);
      const toFirst = network.pageList().filter((page) => page.startsWith('first'));
      expect(toFirst).toEqual(['first opened', 'first resolved']);
      expect(network.incidents()).toHaveLength(1);
      expect(network.liveText()).toBe(network.replayedText());
    },
  );

  test('is not down because one poll was lost', () => {
    const network = new Network();
    network.silence('acc-1', 'auth-failed');
    network.run(2 * MINUTE);
    network.silence('acc-1', 'timeout');
    network.run(20 * SECOND);
    network.silence('acc-1', 'auth-failed');
    network.run(MINUTE);
    expect(network.eventsOf('health-changed').some((event) => event.to === 'down')).toBe(false);
  });

  test('and is down after that was acknowledged asks for a fresh acknowledgement', () => {
    const network = new Network();
    network.silence('acc-1', 'auth-failed');
    network.run(2 * MINUTE);
    network.acknowledge('inc-000001');
    network.silence('acc-1', 'timeout');
    network.run(2 * MINUTE);
    expect(network.incidents()[0]).toMatchObject({ episode: 2, acknowledgedAt: null });
    expect(network.incidents()).toHaveLength(1);
  });

  test('behind parents that die is still not observed, and nobody is told that it recovered', () => {
    const network = new Network();
    network.silence('acc-1', 'auth-failed');
    network.run(2 * MINUTE);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(5 * MINUTE);
    expect(health(network, 'acc-1')).toBe('unreachable');
    expect(network.eventsOf('incident-resolved')).toEqual([]);
  });
});

describe('what carries on when a device is down', () => {
  test('without a redundancy group it is the path that is left, never a standby', () => {
    const network = new Network(
      topology({
        redundancyGroups: [],
        gradingRules: [rule('any', 2, {})],
        devices: topology().devices.filter(({ id }) => !['agg-1', 'acc-1', 'acc-2'].includes(id)),
      }),
    );
    network.silence('core-1');
    network.run(MINUTE);
    expect(network.incidents()[0]!.evidence.sentence).toEqual({
      en: 'core-1 (core) is down, a path is left through core-2',
      'zh-CN': 'core-1（核心）中断，仍可经 core-2 到达',
    });
  });
});
