import { describe, expect, test } from 'vitest';
import { renderPage } from '../../alerting/page-text.ts';
import type { Observation } from '../../collector/observation.ts';
import { NO_TEXT } from '../../lib/local-text.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { cut, healthOf, IDS, network, open, reconnect, rotations, run } from './cut-off.ts';
import { Network } from './network.ts';

describe('a service that is cut off from the network', () => {
  test.each(rotations)(
    'says so once, and blames nobody, whoever is polled first: %s',
    (...order) => {
      const net = new Network(network());
      run(net, MINUTE, order);
      cut(net);
      const cutAt = net.now;
      run(net, 20 * MINUTE, order);
      expect(net.incidents()).toMatchObject([
        { rootDeviceId: '_service', rootKind: 'collector-blind', tier: 1 },
      ]);
      expect(net.incidents()[0]!.openedAt - cutAt).toBeLessThan(MINUTE);
      expect(net.eventsOf('fault-raised').map(({ kind }) => kind)).toEqual(['collector-blind']);
      expect(healthOf(net)).toEqual(new Set(['unknown']));
      expect(net.pageList().filter((each) => each === 'first opened')).toHaveLength(1);
      reconnect(net);
      run(net, 10 * MINUTE, order);
      expect(open(net)).toEqual([]);
      expect(net.incidents()).toHaveLength(1);
      expect(net.pageList().filter((each) => each === 'first resolved')).toHaveLength(1);
      expect(healthOf(net)).toEqual(new Set(['up']));
      expect(net.liveText()).toBe(net.replayedText());
    },
  );

  test('says what it knows, in both languages', () => {
    const net = new Network(network());
    run(net, MINUTE);
    cut(net);
    run(net, MINUTE);
    const page = net.pages()[0]!;
    const text = (language: 'en' | 'zh-CN') =>
      renderPage(page, language, 'UTC', net.now, { incident: 'http://x', acknowledge: null }).text;
    expect(text('en')).toContain(
      'monitoring is blind (none of the 9 devices answers: this service ' +
        'is cut off from the network, or all of it is down)',
    );
    expect(text('zh-CN')).toContain('全部 9 台设备均无应答：监控服务与网络断开，或全网中断');
  });

  test('of a thousand devices pages as often as one of nine', () => {
    const base = network();
    const [like] = base.devices.filter(({ id }) => id === 'acc-1');
    const more = Array.from({ length: 1000 }, (_, at) => ({
      ...like!,
      ...{ id: `more-${at}`, name: `more-${at}`, powerFeeds: at % 2 === 0 ? ['ups-1'] : [] },
      parents: at % 3 === 0 ? [] : [{ deviceId: 'agg-1', port: null }],
    }));
    const ids = [...IDS, ...more.map(({ id }) => id)];
    const net = new Network({ ...base, devices: [...base.devices, ...more] });
    run(net, 30 * SECOND, ids);
    cut(net, ids);
    run(net, 2 * MINUTE, ids);
    expect(net.incidents()).toHaveLength(1);
    expect(net.pages().length).toBeLessThanOrEqual(3);
    reconnect(net, ids);
    run(net, 2 * MINUTE, ids);
    expect(open(net)).toEqual([]);
    expect(net.incidents()).toHaveLength(1);
  });

  test('knows it still after a restart, and says it is over only when it is', () => {
    const net = new Network(network());
    run(net, MINUTE);
    cut(net);
    run(net, 5 * MINUTE);
    net.restart(network());
    run(net, 20 * MINUTE);
    expect(net.incidents()).toHaveLength(1);
    expect(open(net)).toHaveLength(1);
    expect(net.pageList()).not.toContain('first resolved');
    expect(net.eventsOf('incident-reopened')).toEqual([]);
    reconnect(net);
    run(net, 5 * MINUTE);
    expect(open(net)).toEqual([]);
  });

  test('starts cut off', () => {
    const net = new Network(network());
    net.restart(network());
    cut(net);
    run(net, 5 * MINUTE);
    expect(open(net)).toMatchObject([{ rootKind: 'collector-blind', tier: 1 }]);
  });

  test('finds afterwards who is really down, since it could see again', () => {
    const net = new Network(network());
    run(net, MINUTE);
    cut(net);
    run(net, 30 * MINUTE);
    reconnect(
      net,
      IDS.filter((id) => id !== 'core-1'),
    );
    const backAt = net.now;
    run(net, 5 * MINUTE);
    const down = open(net).find(({ rootDeviceId }) => rootDeviceId === 'core-1');
    expect(down).toMatchObject({ rootKind: 'device-down', tier: 2 });
    expect(down!.startedAt).toBeGreaterThanOrEqual(backAt);
    expect(open(net)).toHaveLength(1);
    expect(net.liveText()).toBe(net.replayedText());
  });

  test('does not hold against a device what it asked before the end', () => {
    const net = new Network(network());
    run(net, MINUTE);
    cut(net);
    run(net, 5 * MINUTE);
    const sentAt = net.now;
    net.now += 2 * SECOND;
    reconnect(net);
    net.poll('core-2');
    net.now += SECOND;
    for (let answer = 0; answer < 3; answer++) {
      const late = { deviceId: 'core-1', kind: 'heartbeat', outcome: 'timeout' } as const;
      const rest = { rttMs: null, sysUpTimeTicks: null, conditions: null, unreadComponents: [] };
      const observation = { ...late, ...rest, detail: { en: '', 'zh-CN': '' } };
      const times = { startedAt: sentAt, finishedAt: net.now };
      net.tick([{ kind: 'observation', observation: { ...observation, ...times } }]);
    }
    run(net, 2 * MINUTE);
    expect(net.eventsOf('fault-raised').map(({ kind }) => kind)).toEqual(['collector-blind']);
  });

  test('waits for those that begin to fail later, as long as nobody answers', () => {
    const net = new Network(network());
    run(net, MINUTE);
    cut(net);
    for (let poll = 0; poll < 3; poll++) {
      net.tick([{ kind: 'lease' }]);
      net.poll('core-2');
      net.now += 10 * SECOND;
    }
    for (const id of ['core-1', 'branch-1']) net.poll(id);
    for (let second = 0; second < 30; second++) {
      net.tick(second % 10 === 0 ? [{ kind: 'lease' }] : []);
      net.now += SECOND;
    }
    expect(net.eventsOf('fault-raised')).toEqual([]);
    run(net, 5 * MINUTE);
    expect(net.eventsOf('fault-raised').map(({ kind }) => kind)).toEqual(['collector-blind']);
  });

  test('waits no longer than a minute for those that do not even fail', () => {
    const net = new Network(network());
    run(net, MINUTE);
    cut(net);
    for (let second = 0; second < 90; second++) {
      if (second % 10 === 0) net.tick([{ kind: 'lease' }]);
      if (second % 10 === 1) net.poll('core-2');
      if (second === 5) net.poll('core-1');
      net.tick([]);
      net.now += SECOND;
    }
    expect(net.eventsOf('fault-raised').map(({ faultKey }) => faultKey)).toContain(
      'core-2/*/device-down',
    );
  });

  test('is not misled by what runs on its own machine', () => {
    const net = new Network(
      network(({ id }) => (id === 'srv-1' ? { isLocal: true, parents: [] } : {})),
    );
    run(net, MINUTE);
    cut(
      net,
      IDS.filter((id) => id !== 'srv-1'),
    );
    run(net, 5 * MINUTE);
    expect(open(net)).toMatchObject([{ rootKind: 'collector-blind', tier: 1 }]);
    expect(net.state.devices.get('srv-1')!.health).toBe('up');
  });

  test('stays so while the wall clock is set', () => {
    const net = new Network(network());
    run(net, MINUTE);
    cut(net);
    run(net, 5 * MINUTE);
    net.setClockBack(HOUR);
    run(net, 5 * MINUTE);
    net.setClockBack(-2 * HOUR);
    run(net, 5 * MINUTE);
    expect(open(net).filter(({ rootKind }) => rootKind !== 'clock-stepped')).toMatchObject([
      { rootKind: 'collector-blind' },
    ]);
    reconnect(net);
    run(net, 5 * MINUTE);
    expect(open(net).filter(({ rootKind }) => rootKind !== 'clock-stepped')).toEqual([]);
    expect(net.liveText()).toBe(net.replayedText());
  });

  test.each([DAY, -DAY])(
    'is not misled by a poll that was under way when the clock was set back by %d ms',
    (byMs) => {
      const net = new Network(network());
      run(net, MINUTE);
      const startedAt = net.now;
      const answer: Observation = {
        ...{ deviceId: 'acc-1', kind: 'full', outcome: 'ok', detail: NO_TEXT, rttMs: 1 },
        ...{ startedAt, finishedAt: startedAt, sysUpTimeTicks: null, conditions: [] },
        unreadComponents: [],
      };
      const failure: Observation = {
        ...answer,
        deviceId: 'agg-2',
        outcome: 'timeout',
        conditions: null,
      };
      net.setClockBack(byMs);
      for (const observation of [answer, failure]) net.tick([{ kind: 'observation', observation }]);
      run(net, MINUTE);
      cut(net);
      const cutAt = net.now;
      run(net, 5 * MINUTE);
      const told = net.eventsOf('fault-raised').filter(({ kind }) => kind !== 'clock-stepped');
      expect(told.map(({ kind }) => kind)).toEqual(['collector-blind']);
      expect(told[0]!.since - cutAt).toBeGreaterThanOrEqual(0);
      expect(told[0]!.since - cutAt).toBeLessThan(MINUTE);
    },
  );

  test.each([DAY, -DAY])(
    'nor is the silence of one dated by the clock before it was set back by %d ms',
    (byMs) => {
      const net = new Network(network());
      run(net, MINUTE);
      const { now: startedAt } = net;
      const failure: Observation = {
        ...{ deviceId: 'acc-1', kind: 'full', outcome: 'timeout', detail: NO_TEXT, rttMs: null },
        ...{ startedAt, finishedAt: startedAt, sysUpTimeTicks: null, conditions: null },
        unreadComponents: [],
      };
      net.silence('acc-1');
      net.setClockBack(byMs);
      net.tick([]);
      net.tick([{ kind: 'observation', observation: failure }]);
      run(net, 2 * MINUTE);
      const [down] = net.eventsOf('fault-raised').filter(({ kind }) => kind === 'device-down');
      expect(down!.since).toBe(startedAt - byMs);
    },
  );
});

describe('a network that has lost almost everything', () => {
  test.each(['branch-1', 'acc-2'])('is told as it is as long as %s answers', (living) => {
    const net = new Network(network(() => ({ parents: [] })));
    run(net, MINUTE);
    cut(
      net,
      IDS.filter((id) => id !== living),
    );
    run(net, 5 * MINUTE);
    expect(open(net).some(({ rootKind }) => rootKind === 'collector-blind')).toBe(false);
    expect(open(net)[0]!.tier).toBe(1);
    expect(net.state.devices.get('core-1')!.health).toBe('down');
  });

  test('is told as it is as long as one refuses to answer', () => {
    const net = new Network(network());
    run(net, MINUTE);
    cut(net);
    net.silence('branch-1', 'auth-failed');
    run(net, 5 * MINUTE);
    expect(net.state.devices.get('core-1')!.health).toBe('down');
    expect(open(net).some(({ rootKind }) => rootKind === 'collector-blind')).toBe(false);
  });

  test('and has one way in is told by the device there', () => {
    const net = new Network(
      network(({ id }) =>
        id === 'core-1' ? {} : { parents: [{ deviceId: 'core-1', port: null }], powerFeeds: [] },
      ),
    );
    run(net, MINUTE);
    cut(net);
    run(net, 5 * MINUTE);
    expect(open(net)).toMatchObject([{ rootDeviceId: 'core-1', rootKind: 'device-down' }]);
  });

  test('one after the other is told one by one', () => {
    const net = new Network(network());
    run(net, MINUTE);
    for (const id of ['branch-1', 'core-1', 'core-2']) {
      net.silence(id);
      run(net, 2 * MINUTE);
    }
    expect(net.state.devices.get('core-2')!.health).toBe('down');
    expect(open(net).some(({ rootKind }) => rootKind === 'collector-blind')).toBe(false);
  });
});
