import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import type { Link, RedundancyGroup } from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, START, topology } from './network.ts';
import { tellsDown } from './ports-down.ts';

const GROUP_RULES = [
  ...RULES,
  rule('group-short', 2, { faultKinds: ['redundancy-lost'], redundancy: ['none'] }),
  rule('group', 3, { faultKinds: ['redundancy-lost', 'switched-over'] }),
];

const CORES: RedundancyGroup = {
  id: 'cores',
  name: 'core pair',
  deviceIds: ['core-1', 'core-2'],
  need: 1,
  primaryIds: ['core-1'],
};

function withGroups(groups: readonly RedundancyGroup[], change: Partial<Topology> = {}): Topology {
  return topology({ redundancyGroups: groups, gradingRules: GROUP_RULES, ...change });
}

const kinds = (network: Network) => [...network.state.faults.values()].map(({ key }) => key).sort();
const open = (network: Network) =>
  network.incidents().filter(({ resolvedAt }) => resolvedAt === null);

describe('a redundancy group that loses a member', () => {
  test('and its primary: redundancy lost and switched over, in the incident of the member', () => {
    const network = new Network(withGroups([CORES]));
    network.run(MINUTE);
    network.silence('core-1');
    network.run(2 * MINUTE);
    expect(kinds(network)).toEqual([
      '_group:cores/*/redundancy-lost',
      '_group:cores/*/switched-over',
      'core-1/*/device-down',
    ]);
    expect(network.incidents()).toHaveLength(1);
    const [incident] = network.incidents();
    expect([...incident!.members.values()].sort()).toEqual(['redundancy', 'redundancy', 'root']);
    expect(incident!.evidence.inputs).toMatchObject({
      redundancy: 'degraded',
      membersLeft: 1,
      switchedOver: true,
    });
    expect(incident!.evidence.sentence).toEqual({
      en: 'core-1 (core) is down, its standby carries the service, 1 of 2 left in core pair, switched over to core-2',
      'zh-CN': 'core-1（核心）中断，业务由备用设备承载，core pair 剩余 1/2，已切换至 core-2',
    });
    const texts = Object.fromEntries(
      [...network.state.faults.values()].map(({ kind, text }) => [kind, text.en]),
    );
    expect(texts).toMatchObject({
      'redundancy-lost': '1 of 2 left, 1 needed; lost: core-1',
      'switched-over': 'core-2 in place of core-1',
    });
    network.restore('core-1');
    network.run(2 * MINUTE);
    expect(kinds(network)).toEqual([]);
    expect(open(network)).toEqual([]);
    expect(network.pageList()).toEqual(['first opened', 'first resolved']);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('that stands by: redundancy is lost, and nothing has switched over', () => {
    const network = new Network(withGroups([CORES]));
    network.silence('core-2');
    for (const id of ['ups-1', 'srv-1']) network.silence(id);
    network.run(2 * MINUTE);
    expect(kinds(network)).toContain('_group:cores/*/redundancy-lost');
    expect(kinds(network)).not.toContain('_group:cores/*/switched-over');
    expect(network.incidents()[0]!.evidence.inputs).not.toHaveProperty('switchedOver');
  });

  test('and has fewer than it needs, though some serve: critical, and graded as no redundancy', () => {
    const group = {
      id: 'switches',
      name: 'switches',
      deviceIds: ['acc-1', 'acc-2', 'agg-2'],
      need: 2,
    };
    const network = new Network(withGroups([group]));
    network.silence('acc-1');
    network.run(2 * MINUTE);
    const lost = () => network.state.faults.get('_group:switches/*/redundancy-lost');
    expect(lost()).toMatchObject({ level: 'warning', facts: { value: 2 } });
    network.silence('acc-2');
    network.run(2 * MINUTE);
    expect(lost()).toMatchObject({ level: 'critical', facts: { value: 1 } });
    expect(lost()!.text.en).toBe('1 of 3 left, 2 needed; lost: acc-1, acc-2');
    expect(network.incidents().map(({ evidence }) => evidence.inputs.redundancy)).toEqual([
      'none',
      'none',
    ]);
  });

  test('whose own fault is over goes on in the incident of the other lost member', () => {
    const group = {
      id: 'switches',
      name: 'switches',
      deviceIds: ['acc-1', 'acc-2', 'agg-2'],
      need: 1,
    };
    const network = new Network(withGroups([group]));
    network.silence('acc-1');
    network.run(MINUTE);
    network.silence('acc-2');
    network.run(2 * MINUTE);
    network.restore('acc-1');
    network.run(2 * MINUTE);
    expect(open(network)).toMatchObject([{ rootDeviceId: 'acc-2' }]);
    expect([...open(network)[0]!.members.values()]).toContain('redundancy');
    expect(network.incidents()).toHaveLength(2);
  });

  test('behind something else: in the incident of that', () => {
    const group = { id: 'switches', name: 'switches', deviceIds: ['acc-1', 'agg-2'], need: 1 };
    const network = new Network(withGroups([group]));
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect([...network.incidents()[0]!.members.values()].sort()).toEqual(['redundancy', 'root']);
  });

  test('that no rule makes an incident is one of its own, and turns into that of the member', () => {
    const rules = [
      { ...rule('late', 2, { faultKinds: ['device-down'] }), forMs: 3 * MINUTE },
      rule('group', 3, { faultKinds: ['redundancy-lost'] }),
    ];
    const network = new Network(withGroups([CORES], { gradingRules: rules }));
    network.silence('core-2');
    for (const id of ['ups-1', 'srv-1']) network.silence(id);
    network.run(MINUTE);
    expect(network.incidents()).toMatchObject([{ rootDeviceId: 'core-2' }]);
    const opened = network.eventsOf('incident-opened')[0]!;
    expect(opened).toMatchObject({ rootFaultKey: '_group:cores/*/redundancy-lost', tier: 3 });
    expect(opened.evidence.sentence).toEqual({
      en: 'core pair (core): 1 of 2 left, 1 needed; lost: core-2, 2 devices unreachable behind it',
      'zh-CN': 'core pair（核心）：剩余 1/2，需要 1；失去：core-2，其后 2 台设备不可达',
    });
    network.run(5 * MINUTE);
    expect(network.incidents()).toMatchObject([{ rootKind: 'device-down', tier: 2 }]);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('to planned work raises nothing; another one lost meanwhile does', () => {
    const window = {
      ...{ id: 'work', name: 'work', startsAt: START, endsAt: START + 60 * MINUTE },
      ...{ deviceIds: ['core-1'], siteIds: [], tags: [] },
    };
    const network = new Network(withGroups([CORES], { maintenanceWindows: [window] as never }));
    network.silence('core-1');
    network.run(5 * MINUTE);
    expect(kinds(network).filter((key) => key.startsWith('_group'))).toEqual([]);
    for (const id of ['core-2', 'ups-1', 'srv-1']) network.silence(id);
    network.run(2 * MINUTE);
    expect(network.state.faults.get('_group:cores/*/redundancy-lost')).toMatchObject({
      level: 'critical',
      facts: { value: 0 },
    });
  });

  test('stays short of it through a restart, until the member is seen again', () => {
    const network = new Network(withGroups([CORES]));
    network.silence('core-1');
    network.run(2 * MINUTE);
    network.restart(withGroups([CORES]));
    network.run(30 * SECOND);
    expect(network.eventsOf('fault-cleared')).toEqual([]);
    network.restore('core-1');
    network.run(MINUTE);
    expect(kinds(network)).toEqual([]);
  });

  test('and is taken out of the configuration takes its faults with it', () => {
    const network = new Network(
      withGroups([CORES], { gradingRules: [rule('g', 3, { faultKinds: ['redundancy-lost'] })] }),
    );
    network.silence('core-1');
    network.run(2 * MINUTE);
    expect(open(network)).toHaveLength(1);
    network.tick([{ kind: 'topology', topology: withGroups([]) }]);
    network.run(MINUTE);
    expect(kinds(network).filter((key) => key.startsWith('_group'))).toEqual([]);
    expect(open(network).map(({ rootDeviceId }) => rootDeviceId)).not.toContain('_group:cores');
  });
});

describe('links that stand in for each other', () => {
  const link = (id: string, core: string, agg: string): Link => ({
    id,
    ends: [
      { deviceId: 'core-1', port: core },
      { deviceId: 'agg-1', port: agg },
    ],
  });
  const BUNDLE: RedundancyGroup = {
    ...{ id: 'bundle', name: 'bundle north', deviceIds: [], linkIds: ['a', 'b'], need: 1 },
  };
  const bundled = () =>
    withGroups([CORES, BUNDLE], { links: [link('a', 'Te1', 'Te49'), link('b', 'Te11', 'Te50')] });

  test('one lost: redundancy lost, one incident, told with how many are left', () => {
    const network = new Network(bundled());
    tellsDown(network, 'core-1', 'Te1');
    tellsDown(network, 'agg-1', 'Te49');
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    const [incident] = network.incidents();
    expect(incident).toMatchObject({ tier: 3 });
    expect([...incident!.members.values()].sort()).toEqual(['link', 'redundancy', 'root']);
    expect(incident!.evidence.inputs).toMatchObject({
      role: 'aggregation',
      redundancy: 'degraded',
      membersLeft: 1,
    });
    expect(incident!.evidence.sentence.en).toBe(
      'agg-1 (aggregation) has lost a redundant part (port Te1 is down (link core-1 Te1 – agg-1 Te49)), 1 of 2 left in bundle north',
    );
    expect(network.pages()[0]!.facts.affectedNames).toEqual([]);
    expect(network.pageList()).toEqual(['first opened']);
  });

  test('all lost: the path is lost, and what hung on it is cut off', () => {
    const network = new Network(bundled());
    tellsDown(network, 'core-1', 'Te1');
    network.run(MINUTE);
    tellsDown(network, 'core-1', 'Te1', 'Te11');
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    expect(network.state.devices.get('agg-1')!.health).toBe('unreachable');
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ tier: 2 });
    expect(network.incidents()[0]!.evidence.inputs).toMatchObject({
      redundancy: 'none',
      devicesDown: 3,
      membersLeft: 0,
    });
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('a device silent behind one lost link of two is down itself', () => {
    const network = new Network(bundled());
    tellsDown(network, 'core-1', 'Te1');
    network.run(MINUTE);
    network.silence('agg-1');
    network.run(2 * MINUTE);
    expect(network.state.devices.get('agg-1')!.health).toBe('down');
  });
});
