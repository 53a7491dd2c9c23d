import { describe, expect, test } from 'vitest';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';

function withPair(primaryIds?: readonly string[]): Network {
  const group = { id: 'cores', name: 'core pair', deviceIds: ['core-1', 'core-2'], need: 1 };
  const network = new Network(
    topology({
      gradingRules: [...RULES, rule('switched', 3, { switchedOver: true })],
      redundancyGroups: [{ ...group, ...(primaryIds === undefined ? {} : { primaryIds }) }],
    }),
  );
  network.run(MINUTE);
  return network;
}

function standsBy(network: Network, deviceId: string): void {
  network.setConditions(deviceId, [
    {
      component: 'standby:HSRP 5.10',
      kind: 'switched-over',
      level: 'warning',
      text: say('HSRP 5.10 stands by', 'HSRP 5.10 处于备用'),
    },
  ]);
}

describe('a device that tells that it stands by', () => {
  test('and is the primary of a group has been switched away from, until it serves again', () => {
    const network = withPair(['core-1']);
    standsBy(network, 'core-1');
    network.run(20 * SECOND);
    const [incident] = network.incidents();
    expect(incident).toMatchObject({ tier: 3, rootKind: 'switched-over', rootDeviceId: 'core-1' });
    expect(incident!.evidence.inputs).toMatchObject({ redundancy: 'degraded', switchedOver: true });
    expect(incident!.evidence.sentence).toEqual({
      en: 'core-1 (core): HSRP 5.10 stands by',
      'zh-CN': 'core-1（核心）：HSRP 5.10 处于备用',
    });
    network.setConditions('core-1', []);
    network.poll('core-1');
    expect(network.state.faults.size).toBe(1);
    network.run(20 * SECOND);
    expect(network.state.faults.size).toBe(0);
    expect(incident!.resolvedAt).not.toBeNull();
    expect(network.pageList()).toEqual(['first opened', 'first resolved']);
    expect(network.liveText()).toBe(network.replayedText());
  });

  test.each([[['core-1']], [undefined]] as const)(
    'and is no primary (of %s) does what it is there for',
    (primaryIds) => {
      const network = withPair(primaryIds);
      standsBy(network, 'core-2');
      network.run(10 * MINUTE);
      expect(network.state.faults.size).toBe(0);
      expect(network.incidents()).toEqual([]);
    },
  );
});
