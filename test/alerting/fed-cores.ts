import type { Topology, TopologyDevice } from '../../alerting/topology.ts';
import { type Condition, NO_FACTS } from '../../collector/observation.ts';
import { say } from '../../lib/local-text.ts';
import { SECOND } from '../../lib/time.ts';
import { defaultRules } from '../config/default-rules.ts';
import { type Network, topology } from './network.ts';

const POLL_EVERY = 10;
/** All that lose their power together. */
export const IDS = [
  ...['core-1', 'core-2', 'agg-1', 'acc-1', 'acc-2', 'ups-1', 'pdu-1', 'srv-1', 'agg-2'],
  'ups-2',
];

/** Hangs on none of them: it proves that the network, and not we, is dark. */
const LIVING = 'branch-1';

/** The cores and a server live on a PDU that a UPS feeds; both are managed through core-2. */
export function fedCores(change: Readonly<Record<string, Partial<TopologyDevice>>> = {}): Topology {
  const base = topology();
  const like = (id: string) => base.devices.find((each) => each.id === id)!;
  const copy = (id: string, of: string) => ({ ...like(of), id, name: id });
  const feeds: Readonly<Record<string, readonly string[]>> = {
    ...{ 'core-1': ['pdu-1'], 'core-2': ['pdu-1'], 'srv-1': ['pdu-1'], 'pdu-1': ['ups-1'] },
    ...{ 'agg-1': ['ups-2'], 'acc-1': ['ups-2'], 'acc-2': ['ups-2'] },
  };
  const devices = [
    ...base.devices,
    copy('pdu-1', 'ups-1'),
    copy('ups-2', 'ups-1'),
    copy(LIVING, 'acc-1'),
  ].map((each) => ({
    ...each,
    powerFeeds: feeds[each.id] ?? [],
    ...(each.id === LIVING ? { siteId: 'south', role: 'access' as const, parents: [] } : {}),
    ...(each.id === 'ups-2'
      ? { siteId: 'north', parents: [{ deviceId: 'agg-1', port: null }] }
      : {}),
    ...change[each.id],
  }));
  return { ...base, devices, gradingRules: defaultRules() };
}

/** What a power system tells on battery. */
export const onBatteryFor = (batteryMinutes: number): Condition => ({
  ...({ component: 'battery', kind: 'on-battery', level: 'critical' } as const),
  text: say('on battery', '由电池供电'),
  facts: { ...NO_FACTS, batteryMinutes },
});

/** Incidents that are not over. */
export const open = (network: Network) =>
  network.incidents().filter(({ resolvedAt }) => resolvedAt === null);

/** Polls every device each ten seconds at its own moment, in the order given. */
export function runStaggered(network: Network, order: readonly string[], durationMs: number): void {
  const until = network.now + durationMs;
  while (network.now < until) {
    const at = Math.round(network.now / SECOND) % POLL_EVERY;
    if (at === 0) network.tick([{ kind: 'lease' }]);
    for (const [index, id] of [...order, LIVING].entries())
      if (index % POLL_EVERY === at) network.poll(id);
    network.tick([]);
    network.deliverAll();
    network.now += SECOND;
  }
}
