import { describe, expect, test } from 'vitest';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, START, topology } from './network.ts';

describe('health is confirmed before it is believed', () => {
  test('every device is up after its first good poll', () => {
    const network = new Network();
    expect(new Set([...network.state.devices.values()].map((each) => each.health))).toEqual(
      new Set(['up']),
    );
  });

  test('one lost poll changes nothing', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(10 * SECOND);
    network.restore('core-1');
    network.run(MINUTE);
    expect(network.eventsOf('health-changed').filter((event) => event.to === 'down')).toEqual([]);
    expect(network.incidents()).toEqual([]);
  });

  test('what was seen before is not said to be asked wrongly, whatever a new process guesses', () => {
    const network = new Network();
    const { devices } = topology();
    const fresh = { ...devices.find(({ id }) => id === 'srv-1')!, id: 'srv-2', name: 'srv-2' };
    network.tick([{ kind: 'topology', topology: topology({ devices: [...devices, fresh] }) }]);
    for (const id of ['srv-1', 'srv-2']) network.silence(id, 'timeout', POLL_DETAILS.neverReplied);
    for (const _ of [1, 2, 3, 4, 5]) {
      network.poll('srv-2');
      network.run(10 * SECOND);
    }
    const why = (id: string) => network.state.faults.get(`${id}/*/device-down`)!.text;
    expect(why('srv-2')).toEqual(POLL_DETAILS.neverReplied);
    expect(why('srv-1')).toEqual(POLL_DETAILS.noReply);
  });

  test('the third failed poll in a row confirms an outage that began at the first', () => {
    const network = new Network();
    network.run(MINUTE);
    network.silence('core-1');
    network.run(30 * SECOND);
    const [down] = network.eventsOf('health-changed').filter((event) => event.to === 'down');
    expect(down).toMatchObject({
      deviceId: 'core-1',
      since: START + 70 * SECOND,
      at: START + 90 * SECOND,
      reason: 'confirmed-failure',
    });
  });

  test('two good polls in a row end it, from the first of them', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(30 * SECOND);
    network.restore('core-1');
    network.run(10 * SECOND);
    expect(network.state.devices.get('core-1')!.health).toBe('down');
    network.run(10 * SECOND);
    expect(network.eventsOf('health-changed').at(-1)).toMatchObject({
      deviceId: 'core-1',
      to: 'up',
      since: START + 40 * SECOND,
      at: START + 50 * SECOND,
    });
  });

  test('a device that refuses our credentials is not observed, and that is a fault of its own', () => {
    const network = new Network();
    network.silence('acc-1', 'auth-failed');
    network.run(MINUTE);
    expect(network.state.devices.get('acc-1')!.health).toBe('unknown');
    expect(network.incidents().map((each) => [each.rootKind, each.tier])).toEqual([
      ['monitoring-blind', 4],
    ]);
    network.restore('acc-1');
    network.run(MINUTE);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
  });

  test('a device that nobody polls becomes unknown, not up and not down', () => {
    const network = new Network();
    network.now += MINUTE;
    for (let minute = 0; minute < 5; minute++) {
      network.tick([{ kind: 'lease' }]);
      network.now += 20 * SECOND;
      network.poll('core-1');
    }
    expect(network.state.devices.get('core-2')!.health).toBe('unknown');
    expect(network.state.devices.get('core-1')!.health).toBe('up');
  });

  test('when our own process stood still, the time is unknown for every device', () => {
    const network = new Network();
    network.run(MINUTE);
    const lastLease = network.state.leaseAt!;
    network.now += 10 * MINUTE;
    network.tick([]);
    const changes = network.eventsOf('health-changed').filter((event) => event.to === 'unknown');
    expect(changes).toHaveLength(topology().devices.length);
    expect(new Set(changes.map((event) => event.since))).toEqual(new Set([lastLease]));
  });

  test('a clock set back while our own process stood still does not hide that it did', () => {
    const network = new Network();
    network.run(MINUTE);
    network.now += 10 * MINUTE;
    network.setClockBack(10 * MINUTE);
    network.tick([]);
    expect(network.state.devices.get('core-1')!.health).toBe('unknown');
    network.pollAll();
    expect(network.state.devices.get('core-1')!.health).toBe('up');
  });

  test('a clock set back in a process that is at work makes nothing unknown', () => {
    const network = new Network();
    network.run(MINUTE);
    network.setClockBack(10 * MINUTE);
    network.run(2 * MINUTE);
    expect(network.eventsOf('health-changed').filter(({ to }) => to === 'unknown')).toEqual([]);
  });
});

describe('parents first', () => {
  test('what lies behind a dead device is unreachable, and makes one incident', () => {
    const network = new Network();
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    const health = (id: string) => network.state.devices.get(id)!.health;
    expect([health('agg-1'), health('acc-1'), health('acc-2')]).toEqual([
      'down',
      'unreachable',
      'unreachable',
    ]);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]!.evidence.inputs).toMatchObject({
      devicesDown: 3,
      redundancy: 'none',
      customers: 200,
      sitePercent: 100,
    });
  });

  test('a child confirmed before its parent waits and asks for the parent to be polled', () => {
    const network = new Network();
    network.silence('acc-1');
    network.silence('agg-1');
    const probes: string[] = [];
    for (let poll = 0; poll < 3; poll++) {
      network.now += 5 * SECOND;
      network.poll('acc-1');
      probes.push(...network.engine.tick([], network.now).probeDeviceIds);
    }
    expect(network.state.devices.get('acc-1')!.health).toBe('up');
    network.now += 2 * SECOND;
    expect(network.engine.tick([], network.now).probeDeviceIds).toContain('agg-1');
    network.run(MINUTE);
    expect(network.state.devices.get('acc-1')!.health).toBe('unreachable');
    expect(network.incidents()).toHaveLength(1);
  });

  test('a child with another living parent is down by itself', () => {
    const network = new Network();
    network.silence('core-1');
    network.silence('agg-2');
    network.run(2 * MINUTE);
    expect(network.state.devices.get('agg-2')!.health).toBe('down');
  });

  test('what stays silent when the root is back gets an incident of its own', () => {
    const network = new Network();
    for (const id of ['agg-1', 'acc-1']) network.silence(id);
    network.run(2 * MINUTE);
    network.restore('agg-1');
    network.run(3 * MINUTE);
    const [first, second] = network.incidents();
    expect(first).toMatchObject({ rootDeviceId: 'agg-1' });
    expect(first!.resolvedAt).not.toBeNull();
    expect(second).toMatchObject({ rootDeviceId: 'acc-1', tier: 4, resolvedAt: null });
  });

  test('a lost link joins the incident of the device that it cut off', () => {
    const network = new Network();
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(MINUTE);
    network.setConditions('core-1', [
      {
        component: 'port:Te1',
        kind: 'port-down',
        text: say('port Te1 is down', '端口 Te1 已断开'),
        facts: { port: 'Te1', batteryMinutes: null, chargeRatio: null, value: null },
      },
    ]);
    network.run(MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect([...network.incidents()[0]!.members.values()].sort()).toEqual(['link', 'root']);
  });

  const linkDown = {
    component: 'port:Te1',
    kind: 'port-down' as const,
    text: { en: 'port Te1 is down', 'zh-CN': '端口 Te1 已断开' },
    facts: { port: 'Te1', batteryMinutes: null, chargeRatio: null, value: null },
  };

  test('the only link to a device fails: its first page says what hangs on it', () => {
    const network = new Network();
    network.setConditions('core-1', [linkDown]);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(10 * SECOND);
    expect(network.incidents()[0]).toMatchObject({ rootDeviceId: 'core-1', tier: 2 });
    const [page] = network.pages();
    expect(page!.facts.because.en).toBe('agg-1 (aggregation) has no path left (port Te1 is down)');
    expect(page!.facts.affectedNames).toEqual(['agg-1', 'acc-1', 'acc-2']);
  });

  test('behind a port that is down everything is unreachable, and it stays one incident', () => {
    const network = new Network();
    network.setConditions('core-1', [linkDown]);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    const health = (id: string) => network.state.devices.get(id)!.health;
    expect(['agg-1', 'acc-1', 'acc-2'].map(health)).toEqual(Array(3).fill('unreachable'));
    expect(network.incidents()).toHaveLength(1);
    expect(network.pageList()).toEqual(['first opened']);
    expect(network.incidents()[0]!.evidence.sentence.en).toBe(
      'agg-1 (aggregation) has no redundant path, 2 devices unreachable behind it, 100 % of site north down, 200 customers affected',
    );
  });

  test('a lost link with another path left is lost redundancy', () => {
    const network = new Network();
    network.setConditions('core-1', [
      { ...linkDown, component: 'port:Te2', facts: { ...linkDown.facts, port: 'Te2' } },
    ]);
    network.run(MINUTE);
    expect(network.incidents()[0]).toMatchObject({ tier: 3, rootDeviceId: 'core-1' });
    expect(network.incidents()[0]!.evidence.inputs.redundancy).toBe('degraded');
    expect(network.state.devices.get('agg-2')!.health).toBe('up');
  });

  test('a silent device waits until the parent has told of its ports', () => {
    const network = new Network();
    network.silence('agg-1');
    for (let poll = 0; poll < 3; poll++) {
      network.now += 5 * SECOND;
      network.poll('agg-1');
      network.poll('core-1', 'heartbeat');
    }
    expect(network.state.devices.get('agg-1')!.health).toBe('up');
    network.now += 2 * SECOND;
    expect(network.engine.tick([], network.now).probeDeviceIds).toEqual(['core-1']);
    network.setConditions('core-1', [linkDown]);
    network.poll('core-1');
    expect(network.state.devices.get('agg-1')!.health).toBe('unreachable');
  });

  test('devices that lose power with an empty battery fold into the power incident', () => {
    const network = new Network();
    const battery = (minutes: number) => ({
      component: 'battery',
      kind: 'on-battery' as const,
      text: say('on battery', '由电池供电'),
      facts: { port: null, batteryMinutes: minutes, chargeRatio: null, value: null },
    });
    network.setConditions('ups-1', [battery(20)]);
    network.run(MINUTE);
    expect(network.incidents()[0]).toMatchObject({ rootKind: 'on-battery', tier: 2 });
    network.setConditions('ups-1', [battery(0)]);
    network.silence('srv-1');
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ tier: 1 });
    expect([...network.incidents()[0]!.members.values()]).toContain('fed-by');
  });
});
