import { describe, expect, test } from 'vitest';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { cut, IDS, network, open, reconnect, rotations, run } from './cut-off.ts';
import { onBatteryFor } from './fed-cores.ts';
import { Network, RULES, rule } from './network.ts';
import { tellsDown } from './ports-down.ts';

describe('a network that is silent altogether', () => {
  describe.each(rotations)('whose entries all hang on one UPS, %s first', (...order) => {
    const onOneUps = network(({ id, powerFeeds }) =>
      id === 'branch-1' ? { powerFeeds: ['ups-1'] } : { powerFeeds },
    );
    const cutWith = (batteryMinutes: number) => {
      const net = new Network(onOneUps);
      run(net, MINUTE, order);
      net.setConditions('ups-1', [onBatteryFor(batteryMinutes)]);
      run(net, 20 * SECOND, order);
      cut(net);
      run(net, 6 * MINUTE, order);
      return net;
    };

    test('has lost its power when that told that it runs out: one incident, no blindness', () => {
      const net = cutWith(2);
      expect(net.incidents()).toMatchObject([{ rootDeviceId: 'ups-1', rootKind: 'on-battery' }]);
      expect(net.incidents()[0]!.evidence.sentence.en).toContain('is dark since 00:01');
      const told = net.pageList();
      expect(told.filter((each) => each === 'first opened')).toHaveLength(1);
      reconnect(net);
      net.setConditions('ups-1', []);
      run(net, 12 * MINUTE, order);
      expect(open(net)).toEqual([]);
      expect(net.incidents()).toHaveLength(1);
      expect(net.liveText()).toBe(net.replayedText());
    });

    test('is cut off when that was to last for long', () => {
      const net = cutWith(40);
      expect(open(net).map(({ rootKind }) => rootKind)).toEqual(['on-battery', 'collector-blind']);
    });
  });

  test('and sees one core dead since makes one incident of it, whoever tells first', () => {
    const links = [
      {
        id: 'core-link',
        ends: [
          { deviceId: 'core-1', port: 'Te2' },
          { deviceId: 'core-2', port: 'Te2' },
        ],
      },
      {
        id: 'agg-link',
        ends: [
          { deviceId: 'core-1', port: 'Te1' },
          { deviceId: 'agg-1', port: 'Gi1' },
        ],
      },
    ] as const;
    const hasty = withServiceRules([...RULES, rule('port', 3, { faultKinds: ['port-down'] })]);
    for (const order of rotations) {
      const net = new Network({ ...network(), links, gradingRules: hasty });
      run(net, MINUTE, order);
      cut(net);
      run(net, 2 * MINUTE, order);
      reconnect(
        net,
        IDS.filter((id) => id !== 'core-1'),
      );
      tellsDown(net, 'core-2', 'Te2');
      tellsDown(net, 'agg-1', 'Gi1');
      run(net, 5 * MINUTE, order);
      expect(open(net)).toMatchObject([{ rootDeviceId: 'core-1', rootKind: 'device-down' }]);
      expect(net.incidents()).toHaveLength(2);
      net.restore('core-1');
      for (const id of ['core-2', 'agg-1']) net.setConditions(id, []);
      run(net, 6 * MINUTE, order);
      expect(open(net)).toEqual([]);
      expect(net.incidents()).toHaveLength(2);
      expect(net.liveText()).toBe(net.replayedText());
    }
  });
});
