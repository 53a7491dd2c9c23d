import { describe, expect, test } from 'vitest';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, START, topology } from './network.ts';

const topo = () => {
  const anyAlert = rule('any-alert', 4, { faultKinds: ['alert'] });
  return topology({ gradingRules: withServiceRules([...RULES, anyAlert]) });
};

function report(network: Network, about: { deviceId?: string; siteId?: string }): string {
  const outcome = network.command({
    ...{ type: 'report-fault', by: null, customer: 'school', contact: '', text: 'no network' },
    ...{ deviceId: about.deviceId ?? null, siteId: about.siteId ?? null },
  });
  return outcome.accepted ? outcome.ids![0]! : 'refused';
}

const open = (network: Network) =>
  network.incidents().filter(({ resolvedAt }) => resolvedAt === null);
const opened = (network: Network) =>
  network.pages().filter(({ kind }) => kind === 'opened' || kind === 'upgraded');

describe('what a customer reported before the network noticed', () => {
  test.each([
    ['the device', { deviceId: 'acc-1' }, 'acc-1', 4],
    ['its site', { siteId: 'north' }, 'acc-1', 4],
    ['a device behind it', { deviceId: 'acc-1' }, 'agg-1', 2],
    ['the site of what hangs on it', { siteId: 'north' }, 'core-1', 2],
  ] as const)('%s: the outage is the cause of the same incident', (_, about, dead, tier) => {
    const network = new Network(topo());
    const reportId = report(network, about);
    network.run(20 * SECOND);
    expect(network.incidents()).toMatchObject([{ tier: 4, rootKind: 'customer-report' }]);
    network.silence(dead);
    for (const id of ['agg-1', 'acc-1', 'acc-2'])
      if (dead === 'core-1' || (dead === 'agg-1' && id !== 'agg-1')) network.silence(id);
    network.run(2 * MINUTE);
    expect(network.incidents()).toMatchObject([{ tier, rootDeviceId: dead, resolvedAt: null }]);
    const kinds = tier === 4 ? ['opened'] : ['opened', 'upgraded'];
    expect(opened(network).map(({ kind }) => kind)).toEqual(kinds);
    expect(network.state.reports.get(reportId)!.incidentId).toBe('inc-000001');
    expect(report(network, { siteId: 'north' })).toBe('rep-000002');
    network.run(10 * SECOND);
    expect(network.state.reports.get('rep-000002')!.incidentId).toBe('inc-000001');
    expect(open(network)).toHaveLength(1);
    for (const id of ['core-1', 'agg-1', 'acc-1', 'acc-2']) network.restore(id);
    network.run(2 * MINUTE);
    expect(open(network), 'the outage is over, whatever is still owed to the customer').toEqual([]);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('two reports of one outage end up in one incident', () => {
    const network = new Network(topo());
    report(network, { deviceId: 'acc-1' });
    report(network, { deviceId: 'acc-2' });
    network.run(20 * SECOND);
    expect(open(network)).toHaveLength(2);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    expect(open(network)).toMatchObject([{ id: 'inc-000001', rootDeviceId: 'agg-1' }]);
    expect([...network.state.reports.values()].map(({ incidentId }) => incidentId)).toEqual([
      'inc-000001',
      'inc-000001',
    ]);
  });

  test('whoever acknowledged the word of a customer hears that the device is down', () => {
    const network = new Network(topo());
    report(network, { deviceId: 'acc-1' });
    network.run(20 * SECOND);
    network.acknowledge('inc-000001');
    network.silence('acc-1');
    network.run(2 * MINUTE);
    expect(network.incidents()).toMatchObject([
      { episode: 2, acknowledgedAt: null, rootDeviceId: 'acc-1' },
    ]);
    expect(network.pages().at(-1)).toMatchObject({ personId: 'first', episode: 2 });
  });

  test('an outage elsewhere is an incident of its own', () => {
    const network = new Network(topo());
    report(network, { siteId: 'south' });
    network.silence('acc-1');
    network.run(2 * MINUTE);
    expect(open(network)).toHaveLength(2);
  });

  test('a report that is answered takes no outage in', () => {
    const network = new Network(topo());
    const reportId = report(network, { deviceId: 'acc-1' });
    network.run(20 * SECOND);
    network.command({ type: 'answer-report', by: 'first', reportId, text: 'mended' });
    network.run(MINUTE);
    network.silence('acc-1');
    network.run(2 * MINUTE);
    expect(open(network)).toMatchObject([{ id: 'inc-000002' }]);
  });

  test('an alert about the device is no answer: the word of the customer stays, and nobody hears that it is over', () => {
    const network = new Network(topo());
    const reportId = report(network, { deviceId: 'acc-1' });
    network.run(20 * SECOND);
    tellsOfFan(network);
    network.run(MINUTE);
    tellsOfFan(network, network.now);
    network.run(5 * MINUTE);
    expect(open(network)).toMatchObject([{ rootKind: 'customer-report' }]);
    const isOfReport = ({ incidentId }: { incidentId: string }) => incidentId === 'inc-000001';
    expect(network.eventsOf('incident-resolved').filter(isOfReport)).toEqual([]);
    network.command({ type: 'answer-report', by: 'first', reportId, text: 'mended' });
    network.run(5 * MINUTE);
    expect(open(network)).toEqual([]);
  });

  test('a report does not disappear into an incident by which no service is lost', () => {
    const network = new Network(topo());
    tellsOfFan(network);
    network.run(MINUTE);
    const before = network.incidents().length;
    network.acknowledge('inc-000001');
    report(network, { deviceId: 'acc-1' });
    report(network, { siteId: 'north' });
    network.run(MINUTE);
    expect(before).toBe(1);
    const reported = open(network).filter(({ rootKind }) => rootKind === 'customer-report');
    expect(reported).toHaveLength(1);
    expect(network.pages().at(-1)).toMatchObject({ incidentId: reported[0]!.id, kind: 'opened' });
    expect([...network.state.reports.values()].map(({ incidentId }) => incidentId)).toEqual([
      reported[0]!.id,
      reported[0]!.id,
    ]);
  });
});

/** An alert of a fan of acc-1 that ends at that instant; left out: it fires. */
function tellsOfFan(network: Network, endsAt: number | null = null): void {
  const times = { startsAt: START, endsAt, expiresAt: network.now + 60 * MINUTE };
  network.tick([
    {
      kind: 'alerts',
      alerts: [
        {
          ...{ fingerprint: 'f'.repeat(16), name: 'FanNoisy', severity: 'critical', labels: {} },
          ...{ ...times, url: null, timeoutMs: MINUTE, subjectId: 'acc-1' },
          text: say('noisy', '噪声'),
        },
      ],
    },
  ]);
}
