import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network } from './network.ts';
import { tellsDown } from './ports-down.ts';

const roots = (network: Network) =>
  network.incidents().map(({ rootDeviceId, rootKind }) => `${rootDeviceId} ${rootKind}`);

/** agg-2 has both cores as parents; nothing says which of its own ports lead to them. */
describe('a port of which nobody says where it leads', () => {
  test('lost with a parent of its device was the way to it: one incident, one page', () => {
    const network = new Network();
    network.run(MINUTE);
    network.silence('core-1');
    tellsDown(network, 'agg-2', 'Te49');
    network.run(3 * MINUTE);
    expect(roots(network)).toEqual(['core-1 device-down']);
    const relations = [...network.incidents()[0]!.members.values()].sort();
    expect(relations).toEqual(['link', 'redundancy', 'root']);
    expect(network.pageList().filter((page) => page.endsWith('opened'))).toEqual(['first opened']);
    network.restore('core-1');
    tellsDown(network, 'agg-2');
    network.run(5 * MINUTE);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(network.liveText()).toBe(network.replayedText());
  });

  test.each([
    ['the parent first', ['core-1', 'agg-2']],
    ['the child first', ['agg-2', 'core-1']],
  ])('lost with the port of a parent to it is the same cable: %s', (_, order) => {
    const network = new Network();
    network.run(MINUTE);
    for (const deviceId of order) {
      if (deviceId === 'agg-2') tellsDown(network, 'agg-2', 'Te49');
      else tellsDown(network, 'core-1', 'Te2');
      network.run(20 * SECOND);
    }
    network.run(2 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    expect(network.pageList().filter((page) => page.endsWith('opened'))).toHaveLength(1);
    tellsDown(network, 'agg-2');
    tellsDown(network, 'core-1');
    network.run(5 * MINUTE);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(network.liveText()).toBe(network.replayedText());
  });

  test('is another cable when it was lost long before', () => {
    const network = new Network();
    tellsDown(network, 'agg-2', 'Te49');
    network.run(10 * MINUTE);
    tellsDown(network, 'core-1', 'Te2');
    network.run(MINUTE);
    expect(roots(network)).toEqual(['agg-2 port-down', 'core-1 port-down']);
  });

  test('still lost when the parent is back stands for itself', () => {
    const network = new Network();
    network.run(MINUTE);
    network.silence('core-1');
    tellsDown(network, 'agg-2', 'Te49');
    network.run(3 * MINUTE);
    network.restore('core-1');
    network.run(5 * MINUTE);
    expect(roots(network)).toEqual(['core-1 device-down', 'agg-2 port-down']);
    expect(network.incidents().map(({ resolvedAt }) => resolvedAt === null)).toEqual([false, true]);
  });

  test('lost long before the parent is a trouble of its own', () => {
    const network = new Network();
    tellsDown(network, 'agg-2', 'Te49');
    network.run(10 * MINUTE);
    network.silence('core-1');
    network.run(3 * MINUTE);
    expect(roots(network)).toEqual(['agg-2 port-down', 'core-1 device-down']);
  });

  test('lost long after the parent is a trouble of its own', () => {
    const network = new Network();
    network.run(MINUTE);
    network.silence('core-1');
    network.run(10 * MINUTE);
    tellsDown(network, 'agg-2', 'Te49');
    network.run(30 * SECOND);
    expect(roots(network)).toEqual(['core-1 device-down', 'agg-2 port-down']);
  });

  test('waits no longer than the parent takes to answer again', () => {
    const network = new Network();
    network.run(MINUTE);
    network.silence('core-1');
    tellsDown(network, 'agg-2', 'Te49');
    network.run(10 * SECOND);
    expect(roots(network)).toEqual([]);
    network.restore('core-1');
    network.run(20 * SECOND);
    expect(roots(network)).toEqual(['agg-2 port-down']);
  });
});
