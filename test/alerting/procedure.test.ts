import { describe, expect, test } from 'vitest';
import type { Command } from '../../alerting/inputs.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';
import { Network, RULES, topology } from './network.ts';

const INCIDENT = 'inc-000001';
const REVIEW = {
  rootCause: 'A fan stopped and the router switched itself off.',
  actions: [{ text: 'Replace all fans of that age', ownerId: 'lead', dueOn: '2026-12-31' }],
};

function failing(deviceId: string): Network {
  const network = new Network(topology({ gradingRules: withServiceRules(RULES) }));
  network.run(MINUTE);
  network.silence(deviceId);
  network.run(2 * MINUTE);
  return network;
}

function over(deviceId: string): Network {
  const network = failing(deviceId);
  network.restore(deviceId);
  network.run(5 * MINUTE);
  return network;
}

const close = (network: Network) =>
  network.command({ type: 'close', incidentId: INCIDENT, by: 'lead' });
const review = (network: Network, change: object = {}) =>
  network.command({
    ...{ type: 'write-review', incidentId: INCIDENT, by: 'lead' },
    review: { ...REVIEW, ...change },
  });

describe('the procedure of an incident', () => {
  test('stages, notices and review are in its timeline and survive a restart', () => {
    const network = failing('core-1');
    const stage = { type: 'reach-stage', incidentId: INCIDENT, by: 'first' } as const;
    network.command({ ...stage, stage: 'reported-up', text: '', personId: 'lead' });
    network.command({ ...stage, stage: 'assigned', text: 'team of three', personId: 'second' });
    const expectedAt = network.now + HOUR;
    const notice = { type: 'publish-notice', incidentId: INCIDENT, by: 'lead' } as const;
    expect(network.command({ ...notice, text: 'Being mended', expectedAt })).toEqual({
      accepted: true,
    });
    network.restart(topology({ gradingRules: withServiceRules(RULES) }));
    expect([...network.incidents()[0]!.stages]).toEqual(['reported-up', 'assigned']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('of tier 2 closes only after a review with a root cause and a corrective action', () => {
    const network = failing('core-1');
    expect(close(network)).toMatchObject({ accepted: false, reason: 'not-resolved' });
    expect(review(network)).toMatchObject({ accepted: false, reason: 'not-resolved' });
    network.restore('core-1');
    network.run(5 * MINUTE);
    expect(close(network)).toMatchObject({ accepted: false, reason: 'review-missing' });
    expect(review(network, { actions: [] })).toMatchObject({ reason: 'action-missing' });
    const stranger = [{ ...REVIEW.actions[0], ownerId: 'ghost' }];
    expect(review(network, { actions: stranger })).toMatchObject({ reason: 'no-such-person' });
    expect(review(network)).toEqual({ accepted: true });
    expect(close(network)).toEqual({ accepted: true });
    expect(close(network)).toMatchObject({ accepted: false, reason: 'already-over' });
  });

  test('of tier 4 closes without one', () => {
    expect(close(over('acc-1'))).toEqual({ accepted: true });
  });

  test('an incident that was of tier 2 and became milder is still reviewed', () => {
    const network = failing('core-1');
    const incident = network.incidents()[0]!;
    expect(incident.tierReachedAt.has(2)).toBe(true);
    incident.tier = 3;
    network.restore('core-1');
    network.run(5 * MINUTE);
    expect(close(network)).toMatchObject({ reason: 'review-missing' });
  });
});

const report = (
  network: Network,
  change: Partial<Extract<Command, { type: 'report-fault' }>> = {},
) =>
  network.command({
    ...{ type: 'report-fault', by: 'first', customer: 'Harbour hospital', contact: '' },
    ...{ text: 'no internet', deviceId: null, siteId: null },
    ...change,
  });
const held = (network: Network) => [...network.state.reports.values()][0]!;

describe('what a customer reports', () => {
  test('joins the incident of the device, or of what the device hangs on', () => {
    for (const deviceId of ['agg-1', 'acc-2']) {
      const network = failing('agg-1');
      expect(report(network, { deviceId })).toEqual({ accepted: true, ids: ['rep-000001'] });
      expect(held(network).incidentId, deviceId).toBe(INCIDENT);
      expect(network.incidents()).toHaveLength(1);
    }
  });

  test('joins the worst incident of the site that it names', () => {
    const network = failing('core-1');
    report(network, { siteId: 'hq' });
    expect(held(network).incidentId).toBe(INCIDENT);
  });

  test('is an incident of its own when nothing explains it, until it is answered', () => {
    const network = failing('acc-2');
    report(network, { deviceId: 'acc-1' });
    network.run(MINUTE);
    expect(held(network).incidentId).toBe('inc-000002');
    expect(network.incidents()[1]).toMatchObject({ tier: 4, rootKind: 'customer-report' });
    expect(network.pages().at(-1)!.facts).toMatchObject({
      rootDeviceName: 'north',
      because: { en: 'Harbour hospital: no internet' },
    });
    network.run(10 * MINUTE);
    expect(network.incidents()[1]!.resolvedAt).toBeNull();
    const answer = { type: 'answer-report', by: 'second', reportId: 'rep-000001' } as const;
    network.command({ ...answer, text: 'router restarted' });
    network.run(MINUTE);
    expect(network.incidents()[1]!.resolvedAt).not.toBeNull();
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('has its own clocks: warned before, breached exactly when the hour is over', () => {
    const network = failing('core-1');
    report(network, { deviceId: 'core-1' });
    network.acknowledge(INCIDENT);
    network.run(47 * MINUTE);
    expect(network.incidents()).toHaveLength(1);
    network.run(2 * MINUTE);
    expect(network.incidents()[1]).toMatchObject({ rootKind: 'customer-report', tier: 4 });
    expect(network.pages().at(-1)!.facts.because.en).toContain('waits for a response');
    network.run(10 * MINUTE);
    expect(network.eventsOf('customer-report-breached')).toEqual([]);
    network.run(2 * MINUTE);
    expect(network.eventsOf('customer-report-breached')).toMatchObject([
      { clock: 'respond', deadline: held(network).respondBy },
    ]);
  });

  test('answered in time breaches nothing', () => {
    const network = failing('core-1');
    report(network, { deviceId: 'core-1' });
    const reply = { by: 'second', reportId: 'rep-000001', text: 'on it' };
    network.command({ type: 'respond-to-report', ...reply });
    network.run(2 * HOUR);
    network.command({ type: 'answer-report', ...reply });
    network.run(10 * MINUTE);
    expect(network.eventsOf('customer-report-breached')).toEqual([]);
    expect(network.incidents()).toHaveLength(1);
    expect(network.command({ type: 'answer-report', ...reply })).toMatchObject({
      reason: 'already-over',
    });
  });

  test('about what does not exist is refused', () => {
    const network = failing('core-1');
    expect(report(network, { deviceId: 'core-9' })).toMatchObject({ reason: 'no-such-device' });
    expect(report(network, { siteId: 'moon' })).toMatchObject({ reason: 'no-such-site' });
  });
});
