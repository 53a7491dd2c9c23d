import type { Topology, TopologyDevice } from '../../alerting/topology.ts';

/** Which devices hang on which power feeds, and whether a branch has a way of its own. */
export const FEEDINGS = ['server', 'branch', 'cores', 'north', 'both'] as const;
export type Feeding = (typeof FEEDINGS)[number];

/** On one PDU behind a UPS, both managed through core-2: dark, they can only be cut off. */
const OF_CORES = { 'core-1': 'pdu-1', 'core-2': 'pdu-1', 'srv-1': 'pdu-1', 'pdu-1': 'ups-1' };
/** On a UPS that is managed through the aggregation that it feeds. */
const OF_NORTH = { 'agg-1': 'ups-2', 'acc-1': 'ups-2', 'acc-2': 'ups-2' };

/** The network of a seed: the same devices, on other power. */
export function withFeeds(base: Topology, feeding: Feeding): Topology {
  if (feeding === 'server') return base;
  const hasCores = feeding === 'cores' || feeding === 'both';
  const hasNorth = feeding === 'north' || feeding === 'both';
  const like = (id: string, of: string, change: Partial<TopologyDevice>): TopologyDevice => ({
    ...base.devices.find((each) => each.id === of)!,
    ...{ id, name: id },
    ...change,
  });
  const through = (deviceId: string) => [{ deviceId, port: null }];
  const more = [
    like('branch-1', 'acc-1', { siteId: 'south', parents: [] }),
    ...(hasCores ? [like('pdu-1', 'ups-1', { parents: through('core-2') })] : []),
    ...(hasNorth ? [like('ups-2', 'ups-1', { siteId: 'north', parents: through('agg-1') })] : []),
  ];
  const feeds: Readonly<Record<string, string>> = {
    'srv-1': 'ups-1',
    ...(hasCores ? OF_CORES : {}),
    ...(hasNorth ? OF_NORTH : {}),
  };
  const devices = [...base.devices, ...more].map((each) => {
    const feed = feeds[each.id];
    return { ...each, powerFeeds: feed === undefined ? [] : [feed] };
  });
  return { ...base, devices };
}
