import { expect, test } from 'vitest';
import { renderAlerting } from '../../alerting/exposition.ts';
import { MINUTE } from '../../lib/time.ts';
import { Network } from './network.ts';

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
