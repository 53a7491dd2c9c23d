import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import type { TierTargets } from '../../config/model.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

const INCIDENT = 'inc-000001';

function withTargets(change: Partial<TierTargets>, rest: Partial<Topology> = {}): Topology {
  const base = topology(rest);
  const { tiers } = base;
  const targets = (tier: 1 | 2 | 3 | 4) => ({ ...tiers[tier], ...change });
  return { ...base, tiers: { 1: targets(1), 2: targets(2), 3: targets(3), 4: targets(4) } };
}

const NOTICE = { noticeWithinMs: HOUR };

function failing(deviceId: string, topo = withTargets(NOTICE)): Network {
  const network = new Network(topo);
  network.run(MINUTE);
  for (const id of [deviceId, 'acc-1', 'acc-2']) network.silence(id);
  network.run(2 * MINUTE);
  return network;
}

const drafts = (network: Network) => network.eventsOf('notice-drafted');

describe('the draft of a customer notice', () => {
  test('is there with the acknowledgement: where, since when, who is affected, what is known', () => {
    const network = failing('agg-1');
    expect(drafts(network)).toEqual([]);
    network.acknowledge(INCIDENT);
    expect(drafts(network)).toMatchObject([
      {
        incidentId: INCIDENT,
        episode: 1,
        text: {
          en: 'Since 2026-11-01 00:01:10 GMT+0 service has been disrupted at north. About 200 customers are affected. As far as is known: aggregation equipment: not answering. Our engineers are working on it.',
          'zh-CN':
            '自 2026-11-01 00:01:10 GMT+0 起，north 的服务受到影响。约 200 个用户受影响。目前所知原因：汇聚设备：设备无响应。我方工程师正在处理。',
        },
      },
    ]);
    expect(network.eventsOf('notice-published')).toEqual([]);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('names no device, and the sites by their names', () => {
    const base = topology();
    const sites = base.sites.map((site) => ({ ...site, name: `City ${site.id}` }));
    const network = failing('agg-1', withTargets(NOTICE, { sites }));
    network.acknowledge(INCIDENT);
    const { text } = drafts(network)[0]!;
    expect(text.en).toContain('at City north.');
    for (const told of Object.values(text)) expect(told).not.toMatch(/agg-1|acc-/);
  });

  test('is made once for each acknowledgement, and anew after a fresh one', () => {
    const network = failing('agg-1');
    network.acknowledge(INCIDENT);
    network.run(10 * MINUTE);
    expect(drafts(network)).toHaveLength(1);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.restore(id);
    network.run(5 * MINUTE);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    network.acknowledge(INCIDENT);
    expect(drafts(network).map(({ episode }) => episode)).toEqual([1, 2]);
  });

  test('is none where customers need not be told, nor once they were', () => {
    const silent = failing('agg-1', topology());
    silent.acknowledge(INCIDENT);
    expect(drafts(silent)).toEqual([]);
    const told = failing('agg-1');
    const notice = { type: 'publish-notice', incidentId: INCIDENT, by: 'lead' } as const;
    told.command({ ...notice, text: 'we know', expectedAt: null });
    told.acknowledge(INCIDENT);
    expect(drafts(told)).toEqual([]);
  });

  test.each([
    [0, 0],
    [3, 1],
  ])('of a tier that tells key customers alone, %i of them: %i', (keyCustomers, count) => {
    const base = topology();
    const devices = base.devices.map((each) =>
      each.id === 'acc-1' ? { ...each, keyCustomers } : each,
    );
    const keyOnly = { noticeWithinMs: null, keyNoticeWithinMs: HOUR };
    const network = failing('agg-1', withTargets(keyOnly, { devices }));
    network.acknowledge(INCIDENT);
    expect(drafts(network)).toHaveLength(count);
    network.run(2 * HOUR);
    expect(network.pageList().filter((page) => page.endsWith('notice-due'))).toHaveLength(count);
  });
});
