import { withServiceRules } from '../../alerting/service-faults.ts';
import type { Topology, TopologyDevice } from '../../alerting/topology.ts';
import { SECOND } from '../../lib/time.ts';
import { defaultRules } from '../config/default-rules.ts';
import { type Network, topology } from './network.ts';

const POLL_EVERY = 10;
export const IDS = [
  'core-1',
  'core-2',
  'agg-1',
  'acc-1',
  'acc-2',
  'agg-2',
  'ups-1',
  'srv-1',
  'branch-1',
];

/** Both cores and a server on one UPS that is reached through core-2, and a branch with a way of its own. */
export function network(
  change: (device: TopologyDevice) => Partial<TopologyDevice> = () => ({}),
): Topology {
  const base = topology();
  const branch = { ...base.devices.find(({ id }) => id === 'acc-1')!, id: 'branch-1', parents: [] };
  const fed = new Set(['core-1', 'core-2', 'srv-1']);
  const devices = [...base.devices, { ...branch, name: 'branch-1', siteId: 'south' }].map(
    (each) => {
      const whole = { ...each, powerFeeds: fed.has(each.id) ? ['ups-1'] : [] };
      return { ...whole, ...change(whole) };
    },
  );
  return { ...base, devices, gradingRules: withServiceRules(defaultRules()) };
}

/** Polls every device each ten seconds at its own moment, in the order given. */
export function run(net: Network, durationMs: number, order: readonly string[] = IDS): void {
  const until = net.now + durationMs;
  while (net.now < until) {
    const at = Math.round(net.now / SECOND) % POLL_EVERY;
    if (at === 0) net.tick([{ kind: 'lease' }]);
    for (const [index, id] of order.entries()) if (index % POLL_EVERY === at) net.poll(id);
    net.tick([]);
    net.deliverAll();
    net.now += SECOND;
  }
}

export const cut = (net: Network, ids: readonly string[] = IDS) => {
  for (const id of ids) net.silence(id);
};
export const reconnect = (net: Network, ids: readonly string[] = IDS) => {
  for (const id of ids) net.restore(id);
};
export const open = (net: Network) =>
  net.incidents().filter(({ resolvedAt }) => resolvedAt === null);
export const healthOf = (net: Network) =>
  new Set([...net.state.devices.values()].map((each) => each.health));
export const rotations = IDS.map((_, at) => [...IDS.slice(at), ...IDS.slice(0, at)]);
