import { describe, expect, test } from 'vitest';
import { say } from '../../lib/local-text.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, START, topology } from './network.ts';

const MINUTES_30 = 30 * MINUTE;

describe('grading', () => {
  test('a rule matches only after its condition has held for its time', () => {
    const network = new Network();
    network.silence('acc-1');
    network.run(30 * SECOND);
    expect(network.incidents()).toEqual([]);
    network.run(10 * SECOND);
    expect(network.incidents()[0]).toMatchObject({ tier: 4, startedAt: START + 10 * SECOND });
  });

  test('the evidence names the deciding rule, all that matched, and reads as a sentence', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(MINUTE);
    const { evidence } = network.incidents()[0]!;
    expect(evidence.ruleId).toBe('core-degraded');
    expect(evidence.sentence).toEqual({
      en: 'core-1 (core) is down, its standby carries the service, 1 of 2 left in cores',
      'zh-CN': 'core-1（核心）中断，业务由备用设备承载，cores 剩余 1/2',
    });
  });

  test('a fault is told in the language of its reader, in the incident, its grade and its pages', () => {
    const network = new Network();
    const text = say('port Gi0/3 is down', '端口 Gi0/3 已断开');
    network.setConditions('acc-1', [{ component: 'port:Gi0/3', kind: 'port-down', text }]);
    network.run(MINUTE);
    const [incident] = network.incidents();
    expect(incident).toMatchObject({ rootKind: 'port-down', rootText: text });
    expect(incident!.evidence.sentence).toEqual({
      en: 'acc-1 (access): port Gi0/3 is down',
      'zh-CN': 'acc-1（接入）：端口 Gi0/3 已断开',
    });
    expect(network.eventsOf('page-queued')[0]!.facts.faultText).toEqual(text);
  });

  test('a silent device is told with what its polls said, else by how they ended', () => {
    const network = new Network();
    const detail = say('nobody listens', '无程序监听');
    network.silence('acc-1', 'refused', detail);
    network.silence('acc-2', 'refused');
    network.run(2 * MINUTE);
    const textOf = (deviceId: string) =>
      network.eventsOf('fault-raised').find((event) => event.deviceId === deviceId)?.text;
    expect(textOf('acc-1')).toEqual(detail);
    expect(textOf('acc-2')).toEqual({ en: 'refused', 'zh-CN': '被拒绝' });
  });

  test('a worse tier is taken at once, and before the acknowledgement it only shortens the clock', () => {
    const network = new Network();
    const battery = (minutes: number) => ({
      component: 'battery',
      kind: 'on-battery' as const,
      facts: { port: null, batteryMinutes: minutes, chargeRatio: null, value: null },
    });
    network.setConditions('ups-1', [battery(40)]);
    network.run(10 * SECOND);
    const deadline = network.incidents()[0]!.acknowledgeBy;
    network.run(5 * MINUTE);
    network.setConditions('ups-1', [battery(12)]);
    network.run(10 * SECOND);
    expect(network.incidents()[0]).toMatchObject({ tier: 1, acknowledgeBy: deadline });
    expect(network.pageList()).toContain('first upgraded');
  });

  test('tier 1 after the acknowledgement starts a new clock and asks for a fresh one', () => {
    const network = new Network();
    const battery = (minutes: number) => ({
      component: 'battery',
      kind: 'on-battery' as const,
      facts: { port: null, batteryMinutes: minutes, chargeRatio: null, value: null },
    });
    network.setConditions('ups-1', [battery(40)]);
    network.run(MINUTE);
    network.acknowledge('inc-000001');
    network.setConditions('ups-1', [battery(12)]);
    network.run(10 * SECOND);
    expect(network.incidents()[0]).toMatchObject({
      tier: 1,
      acknowledgedAt: null,
      episode: 2,
      acknowledgeBy: network.now + 15 * MINUTE,
    });
  });

  test('a milder tier is taken only after ten milder minutes, and pages nobody', () => {
    const network = new Network();
    for (const id of ['core-1', 'core-2']) network.silence(id);
    network.run(MINUTE);
    expect(network.incidents()[0]!.tier).toBe(1);
    const pagesBefore = network.pages().length;
    network.restore('core-2');
    network.run(9 * MINUTE);
    expect(network.incidents()[0]!.tier).toBe(1);
    const kindsBefore = network.pageList().length;
    network.run(2 * MINUTE);
    expect(network.incidents().find((each) => each.resolvedAt === null)!.tier).toBe(2);
    expect(kindsBefore).toBeGreaterThanOrEqual(pagesBefore);
    expect(network.pages().filter((page) => page.kind === 'opened')).toHaveLength(2);
  });

  test('tier 2 not restored in two hours becomes tier 1 and stays there', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(MINUTE);
    network.acknowledge('inc-000001');
    network.run(118 * MINUTE);
    expect(network.incidents()[0]!.tier).toBe(2);
    network.run(3 * MINUTE);
    expect(network.incidents()[0]!.tier).toBe(1);
    network.run(60 * MINUTE);
    expect(network.incidents()[0]!.tier).toBe(1);
  });
});

describe('the end of an incident', () => {
  test('whoever was told of the start is told of the end, once', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(6 * MINUTE);
    network.restore('core-1');
    network.run(MINUTE);
    expect(network.pageList()).toEqual([
      'first opened',
      'second escalated',
      'first resolved',
      'second resolved',
    ]);
    network.run(10 * MINUTE);
    expect(network.pages()).toHaveLength(4);
  });

  test('nobody is told of the end of what they never heard of', () => {
    const network = new Network();
    network.delivers = false;
    network.silence('core-1');
    network.run(MINUTE);
    network.restore('core-1');
    network.run(MINUTE);
    expect(network.pages().map((page) => [page.kind, page.status])).toEqual([
      ['opened', 'cancelled'],
    ]);
  });

  test('a page that arrives after it was cancelled is followed by the end', () => {
    const network = new Network();
    network.delivers = false;
    network.silence('core-1');
    network.run(MINUTE);
    network.restore('core-1');
    network.run(MINUTE);
    network.deliver(network.pages()[0]!);
    network.now += SECOND;
    network.tick([]);
    expect(network.pages().map((page) => [page.kind, page.status])).toEqual([
      ['opened', 'sent'],
      ['resolved', 'queued'],
    ]);
  });

  test('the same fault within half an hour re-opens the incident with a new clock', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(MINUTE);
    network.restore('core-1');
    network.run(10 * MINUTE);
    network.silence('core-1');
    network.run(MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ episode: 2, resolvedAt: null });
    expect(network.pageList()).toEqual(['first opened', 'first resolved', 'first reopened']);
  });

  test('a re-opened incident counts the time of this failure, and keeps when it opened first', () => {
    const network = new Network();
    const incident = () => ({ ...network.incidents()[0]! });
    const told = () => network.pages().at(-1)!.facts;
    network.silence('core-1');
    network.run(MINUTE);
    const { startedAt, openedAt } = incident();
    const repairedAt = network.now;
    network.restore('core-1');
    network.run(10 * MINUTE);
    const { restoredAt, resolvedAt } = incident();
    expect(restoredAt! - repairedAt).toBeLessThanOrEqual(10 * SECOND);
    expect(restoredAt).toBeLessThan(resolvedAt!);
    expect(told()).toMatchObject({ startedAt, restoredAt, openedAt, reopenedAt: null });

    const failedAgainAt = network.now;
    network.silence('core-1');
    network.run(MINUTE);
    const again = incident();
    expect(again.startedAt).toBeGreaterThanOrEqual(failedAgainAt);
    expect(again.reopenedAt).toBeGreaterThan(again.startedAt);
    expect(again).toMatchObject({ openedAt, resolvedAt: null, restoredAt: null });
    const { startedAt: failingSince, reopenedAt } = again;
    expect(told()).toMatchObject({ startedAt: failingSince, openedAt, reopenedAt });
  });

  test('time in which a flapping device answered at the end is not part of how long it lasted', () => {
    const network = new Network();
    for (let round = 0; round < 6; round++) {
      network.silence('core-1');
      network.run(40 * SECOND);
      network.restore('core-1');
      network.run(30 * SECOND);
    }
    const answersFor30s = network.now - 30 * SECOND;
    network.run(20 * MINUTE);
    const { restoredAt, resolvedAt } = network.incidents()[0]!;
    expect(resolvedAt! - restoredAt!).toBeGreaterThan(5 * MINUTE);
    expect(Math.abs(restoredAt! - answersFor30s)).toBeLessThanOrEqual(10 * SECOND);
  });

  test('after that it is another incident', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(MINUTE);
    network.restore('core-1');
    network.run(MINUTES_30 + 5 * MINUTE);
    network.silence('core-1');
    network.run(MINUTE);
    expect(network.incidents().map((each) => each.id)).toEqual(['inc-000001', 'inc-000002']);
  });

  test('a flapping device is one incident and one page, and its downtime still counts', () => {
    const network = new Network();
    for (let round = 0; round < 8; round++) {
      network.silence('core-1');
      network.run(40 * SECOND);
      network.restore('core-1');
      network.run(30 * SECOND);
    }
    expect(network.incidents()).toHaveLength(1);
    const flapping = network.eventsOf('flapping-started').map(({ deviceId }) => deviceId);
    expect(flapping.sort()).toEqual(['_group:cores', 'core-1']);
    const toDown = network.eventsOf('health-changed').filter((event) => event.to === 'down');
    expect(toDown).toHaveLength(8);
    const duringFlapping = network.pages().length;
    network.run(30 * MINUTE);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(network.eventsOf('flapping-ended')).toHaveLength(2);
    expect(duringFlapping).toBeLessThanOrEqual(12);
  });
});

describe('planned work and people', () => {
  test('maintenance keeps incidents from opening until it ends; the record goes on', () => {
    const window = {
      id: 'work',
      reason: 'line card',
      owner: 'first',
      startsAt: START,
      endsAt: START + 10 * MINUTE,
      deviceIds: ['core-1'],
      siteIds: [],
      tags: [],
    };
    const network = new Network(topology({ maintenanceWindows: [window] }));
    network.silence('core-1');
    network.run(9 * MINUTE);
    expect(network.incidents()).toEqual([]);
    expect(network.state.devices.get('core-1')!.health).toBe('down');
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
  });

  test('work on a device does not hide what hangs on it and is not declared', () => {
    const work = {
      ...{ id: 'work', reason: 'line card', owner: 'first', siteIds: [], tags: [] },
      ...{ startsAt: START, endsAt: START + HOUR },
    };
    const cutOff = (...deviceIds: string[]) => {
      const network = new Network(topology({ maintenanceWindows: [{ ...work, deviceIds }] }));
      for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
      network.run(10 * MINUTE);
      return network;
    };
    const told = cutOff('agg-1', 'acc-1');
    expect(told.incidents().map(({ rootDeviceId }) => rootDeviceId)).toEqual(['agg-1']);
    expect(told.pageList()).toContain('first opened');
    for (const id of ['agg-1', 'acc-1', 'acc-2']) told.restore(id);
    told.run(5 * MINUTE);
    expect(told.pageList().at(-1)).toContain('resolved');
    const declared = cutOff('agg-1', 'acc-1', 'acc-2');
    expect(declared.incidents()).toEqual([]);
    declared.run(55 * MINUTE);
    expect(declared.incidents()).toHaveLength(1);
  });

  test('an incident over planned work says so, and which part of it nobody has planned', () => {
    const work = {
      ...{ id: 'work', reason: 'line card', owner: 'first', siteIds: [], tags: [] },
      ...{ startsAt: START, endsAt: START + HOUR, deviceIds: ['agg-1', 'acc-1'] },
    };
    const network = new Network(topology({ maintenanceWindows: [work] }));
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    const [incident] = network.incidents();
    expect(incident).toMatchObject({ rootDeviceId: 'agg-1' });
    const { en, 'zh-CN': zh } = incident!.evidence.sentence;
    expect(en).toMatch(/, planned work covers agg-1, but not acc-2$/);
    expect(zh).toMatch(/，计划维护范围包括 agg-1，但不包括 acc-2$/);
    expect(network.pages()[0]!.facts.because.en).toContain('but not acc-2');
    network.run(HOUR);
    expect(incident!.evidence.sentence.en).not.toContain('planned work');
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('work on one of two parents is not told where the other one is the cause', () => {
    const work = {
      ...{ id: 'work', reason: 'line card', owner: 'first', siteIds: [], tags: [] },
      ...{ startsAt: START, endsAt: START + HOUR, deviceIds: ['core-1', 'agg-1'] },
    };
    const network = new Network(topology({ maintenanceWindows: [work] }));
    for (const id of ['core-1', 'core-2', 'agg-2', 'ups-1', 'srv-1']) network.silence(id);
    network.run(10 * MINUTE);
    expect(network.incidents().map(({ rootDeviceId }) => rootDeviceId)).toEqual(['core-2']);
  });

  test('an incident cannot be resolved by hand while it is still failing', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(MINUTE);
    const command = {
      type: 'resolve',
      incidentId: 'inc-000001',
      by: 'first',
      text: 'done',
    } as const;
    expect(network.command(command)).toMatchObject({ accepted: false, reason: 'still-failing' });
  });

  test('one of tier 4 may be ended while it fails, and comes back only after it had cleared', () => {
    const network = new Network();
    network.silence('acc-1');
    network.run(2 * MINUTE);
    const command = {
      type: 'resolve',
      incidentId: 'inc-000001',
      by: 'first',
      text: 'taken out of use',
    } as const;
    expect(network.command(command)).toEqual({ accepted: true });
    network.run(40 * MINUTE);
    expect(network.pageList()).toEqual(['first opened', 'first resolved']);
    expect(network.incidents()).toHaveLength(1);
    expect(network.liveText()).toBe(network.replayedText());
    network.restore('acc-1');
    network.run(MINUTE);
    network.silence('acc-1');
    network.run(2 * MINUTE);
    expect(network.incidents().filter((each) => each.resolvedAt === null)).toHaveLength(1);
  });

  test('the second acknowledgement is told who came first', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(MINUTE);
    expect(network.acknowledge('inc-000001', 'first')).toEqual({ accepted: true });
    expect(network.acknowledge('inc-000001', 'second')).toEqual({
      accepted: false,
      reason: 'already-acknowledged',
      by: 'first',
    });
    expect(network.acknowledge('inc-000099')).toMatchObject({ reason: 'no-such-incident' });
  });

  test('a device taken out of the configuration takes its incident with it', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(MINUTE);
    const without = topology({
      devices: topology().devices.filter((each) => each.id !== 'core-1'),
    });
    network.tick([{ kind: 'topology', topology: without }]);
    expect(network.eventsOf('incident-resolved')[0]).toMatchObject({ reason: 'removed' });
    expect(network.liveText()).toBe(network.replayedText());
  });
});
