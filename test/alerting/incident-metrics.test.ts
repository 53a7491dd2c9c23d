import { expect, test } from 'vitest';
import { renderAlerting } from '../../alerting/exposition.ts';
import { MINUTE } from '../../lib/time.ts';
import { Network } from './network.ts';
import { tellsDown } from './ports-down.ts';

const linesOf = (network: Network, name: string) =>
  [...renderAlerting(network.state, network.now, network.now)]
    .join('')
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`));

test('without an incident there is a nought for each tier and stage, at no site', () => {
  const network = new Network();
  network.run(MINUTE);
  const lines = linesOf(network, 'threenines_incidents');
  expect(lines).toHaveLength(12);
  for (const line of lines) expect(line).toMatch(/,site="–"\} 0$/);
});

test('an incident counts at the site of its cause', () => {
  const network = new Network();
  network.silence('core-1');
  network.run(MINUTE);
  const counted = linesOf(network, 'threenines_incidents').filter((line) => !line.endsWith(' 0'));
  expect(counted).toHaveLength(1);
  expect(counted[0]).toMatch(/stage="open",site="hq"\} 1$/);
});

test('the site of an incident is that of its cause; where it is felt is told beside it', () => {
  const network = new Network();
  network.run(MINUTE);
  // The port of a core at hq, behind which all of north is.
  tellsDown(network, 'core-1', 'Te1');
  network.run(MINUTE);
  for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
  network.run(2 * MINUTE);
  expect(network.incidents()).toHaveLength(1);
  expect(network.incidents()[0]!.evidence.inputs.siteId).toBe('north');
  const sitesIn = (name: string) =>
    linesOf(network, name)
      .filter((line) => !line.endsWith(' 0'))
      .map((line) => /site="(.*?)"/.exec(line)![1]);
  expect(sitesIn('threenines_incidents')).toEqual(['hq']);
  expect(sitesIn('threenines_incident_info')).toEqual(['hq']);
  expect(sitesIn('threenines_incident_opened_timestamp_seconds')).toEqual(['hq']);
  expect(sitesIn('threenines_incident_affects_info')).toEqual(['north']);
});

test('an outage is told where devices are down or unreachable by it, as long as it lasts', () => {
  const network = new Network();
  const told = () =>
    linesOf(network, 'threenines_site_outage_told')
      .filter((line) => line.endsWith(' 1'))
      .map((line) => /site="(.*)"/.exec(line)![1]);
  network.run(MINUTE);
  expect(linesOf(network, 'threenines_site_outage_told')).toHaveLength(3);
  expect(told()).toEqual([]);
  network.silence('agg-1');
  network.run(2 * MINUTE);
  expect(told()).toEqual(['north']);
  network.restore('agg-1');
  network.run(2 * MINUTE);
  expect(told()).toEqual([]);
  // Both cores: what hangs on them elsewhere cannot be reached.
  for (const id of ['core-1', 'core-2', 'agg-1', 'agg-2']) network.silence(id);
  network.run(2 * MINUTE);
  expect(told()).toEqual(['hq', 'north', 'south']);
});

test('an incident has its title in both languages', () => {
  const network = new Network();
  network.silence('core-1');
  network.run(MINUTE);
  const [info] = linesOf(network, 'threenines_incident_info');
  const { sentence } = network.incidents()[0]!.evidence;
  expect(info).toContain(`title="${sentence.en}",title_zh="${sentence['zh-CN']}"`);
});
