import { describe, expect, test } from 'vitest';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { fedCores, IDS, runStaggered } from './fed-cores.ts';
import { Network, topology } from './network.ts';

/** The port of a core towards the device with two links is down. */
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

/** The device with two links has died and both cores have told so; then one of them dies as well. */
function deadWithParentDeadAfterIt(): Network {
  const network = new Network();
  network.run(MINUTE);
  network.silence('agg-2');
  for (const id of ['core-1', 'core-2']) lose(network, id);
  network.run(3 * MINUTE);
  network.silence('core-2');
  network.run(3 * MINUTE);
  return network;
}

const open = (network: Network) =>
  network.incidents().filter(({ resolvedAt }) => resolvedAt === null);

describe('a device back behind a parent that stays dead', () => {
  test('ends its incident without the word of that parent, at the first good poll', () => {
    const network = deadWithParentDeadAfterIt();
    expect(open(network).map(({ rootDeviceId }) => rootDeviceId)).toEqual(['agg-2', 'core-2']);
    network.restore('agg-2');
    network.setConditions('core-1', []);
    const backAt = network.now;
    network.run(3 * MINUTE);
    const [own, core] = network.incidents();
    expect(own).toMatchObject({ rootDeviceId: 'agg-2', restoredAt: backAt + 10 * SECOND });
    expect(own!.resolvedAt).not.toBeNull();
    expect([...core!.members]).toContainEqual(['core-2/port:Te2/port-down', 'link']);
    expect(network.incidents()).toHaveLength(2);
    expect(network.pageList().filter((page) => page === 'first resolved')).toHaveLength(1);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('the link goes with that parent when it comes back with the port up', () => {
    const network = deadWithParentDeadAfterIt();
    network.restore('agg-2');
    network.setConditions('core-1', []);
    network.run(5 * MINUTE);
    network.restore('core-2');
    network.setConditions('core-2', []);
    network.run(5 * MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.incidents()).toHaveLength(2);
  });

  test('the link becomes an incident of its own when that parent comes back and tells it as lost', () => {
    const network = deadWithParentDeadAfterIt();
    network.restore('agg-2');
    network.setConditions('core-1', []);
    network.run(5 * MINUTE);
    network.restore('core-2');
    network.run(5 * MINUTE);
    expect(open(network)).toHaveLength(1);
    expect(open(network)[0]).toMatchObject({ rootKind: 'port-down', rootDeviceId: 'core-2' });
  });

  test('a parent that cannot be read holds it no longer, and its old word pages nobody', () => {
    const network = new Network();
    network.silence('agg-2');
    for (const id of ['core-1', 'core-2']) lose(network, id);
    network.run(3 * MINUTE);
    network.silence('core-2', 'auth-failed');
    network.run(3 * MINUTE);
    network.restore('agg-2');
    network.setConditions('core-1', []);
    network.run(30 * MINUTE);
    expect(open(network)).toMatchObject([{ rootKind: 'monitoring-blind', rootDeviceId: 'core-2' }]);
    expect(network.incidents()).toHaveLength(2);
    network.restore('core-2');
    network.setConditions('core-2', []);
    network.run(2 * MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.incidents()).toHaveLength(2);
  });
});

describe('what a device told of its links before it died', () => {
  test('belongs to its own death, not to an incident of its own', () => {
    const base = topology();
    const network = new Network(
      topology({ gradingRules: base.gradingRules.map((rule) => ({ ...rule, forMs: 3 * MINUTE })) }),
    );
    network.run(MINUTE);
    lose(network, 'core-2');
    network.run(20 * SECOND);
    network.silence('core-2');
    network.run(10 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.incidents()[0]).toMatchObject({ rootDeviceId: 'core-2' });
    expect([...network.incidents()[0]!.members.values()]).toContain('link');
  });
});

describe('what is told of a device that does not start when its power is back', () => {
  test('stays with it, and neither leaves nor joins again meanwhile', () => {
    const links = [
      {
        id: 'core-link',
        ends: [
          { deviceId: 'core-1', port: 'Te2' },
          { deviceId: 'core-2', port: 'Te2' },
        ],
      },
    ] as const;
    const network = new Network({ ...fedCores(), links });
    runStaggered(network, IDS, MINUTE);
    for (const id of IDS) network.silence(id);
    runStaggered(network, IDS, 2 * MINUTE);
    for (const id of IDS) if (id !== 'core-1') network.restore(id);
    lose(network, 'core-2');
    runStaggered(network, IDS, 4 * MINUTE);
    const [incident] = open(network);
    expect(open(network)).toHaveLength(1);
    expect(Object.fromEntries(incident!.members)).toMatchObject({
      'core-1/*/device-down': 'fed-by',
      '_group:cores/*/redundancy-lost': 'redundancy',
      'core-2/port:Te2/port-down': 'link',
    });
    runStaggered(network, IDS, 20 * MINUTE);
    for (const type of ['member-added', 'member-removed'] as const) {
      const told = network
        .eventsOf(type)
        .map(({ faultKey, incidentId }) => `${incidentId} ${faultKey}`);
      expect(told.length, type).toBeGreaterThan(0);
      expect(told, type).toEqual([...new Set(told)]);
    }
    // It had its time to start: it is an incident of its own by now, with what is told of it.
    expect(open(network)).toMatchObject([{ rootDeviceId: 'core-1', rootKind: 'device-down' }]);
    network.restore('core-1');
    network.setConditions('core-2', []);
    runStaggered(network, IDS, 10 * MINUTE);
    expect(open(network)).toEqual([]);
    expect(network.incidents()).toHaveLength(2);
    expect(network.liveText()).toBe(network.replayedText());
  });
});
