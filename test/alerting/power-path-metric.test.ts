import { expect, test } from 'vitest';
import { renderAlerting } from '../../alerting/exposition.ts';
import { MINUTE } from '../../lib/time.ts';
import { Network } from './network.ts';

/** The paths of a network in which devices hang on these feeds. */
function pathsOf(feeds: Readonly<Record<string, readonly string[]>>): string[] {
  const network = new Network();
  network.run(MINUTE);
  const { topology } = network.state;
  const devices = topology!.devices.map((device) => ({
    ...device,
    powerFeeds: feeds[device.id] ?? [],
  }));
  const state = { ...network.state, topology: { ...topology!, devices } };
  return [...renderAlerting(state, network.now, network.now)]
    .join('')
    .split('\n')
    .flatMap((line) => {
      const labels = /^threenines_power_path_info\{source="(.+)",target="(.+)",site=".+"\} 1$/;
      const [, source, target] = labels.exec(line) ?? [];
      return source === undefined ? [] : [`${source} > ${target}`];
    })
    .sort();
}

test('a device has a path from every power system above it, through others too', () => {
  expect(pathsOf({ 'srv-1': ['core-1', 'core-2'], 'core-1': ['ups-1'] })).toEqual([
    'core-1 > srv-1',
    'core-2 > srv-1',
    'ups-1 > core-1',
    'ups-1 > srv-1',
  ]);
});

test('feeds that go round in a circle end', () => {
  expect(pathsOf({ 'core-1': ['ups-1'], 'ups-1': ['core-1'] })).toEqual([
    'core-1 > ups-1',
    'ups-1 > core-1',
  ]);
});
