import { describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, rule, topology } from './network.ts';

const ID = 'inc-000001';

/** What was paged after the opening, `9 lead escalated tier 2`: minute, person, kind, tier. */
function pagesOf(network: Network, openedAt: number): readonly string[] {
  return network.pages().map(({ queuedAt, personId, kind, facts }) => {
    const minute = Math.floor((queuedAt - openedAt) / MINUTE);
    return `${minute} ${personId} ${kind} tier ${facts.tier}`;
  });
}

function setTier(network: Network, tier: 1 | 2 | 3 | 4): void {
  const outcome = network.command({
    ...{ type: 'set-tier', incidentId: ID, tier, by: 'first', reason: 'as seen on site' },
  });
  expect(outcome.accepted).toBe(true);
}

function lastTierTold(network: Network): ReadonlyMap<string, number> {
  return new Map(network.pages().map(({ personId, facts }) => [personId, facts.tier]));
}

describe('a tier that the incident had before, unacknowledged', () => {
  test('is told at once to whoever heard of a milder one, and goes on with its escalation', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(30 * SECOND);
    const openedAt = network.now;
    network.run(4 * MINUTE);
    setTier(network, 4);
    network.run(5 * MINUTE);
    expect(lastTierTold(network).get('first'), 'the reminder said so').toBe(4);
    setTier(network, 2);
    network.run(10 * SECOND);
    expect([...lastTierTold(network).values()]).toEqual([2, 2, 2]);
    const since = pagesOf(network, openedAt).filter((page) => page.startsWith('9 '));
    expect(since.toSorted()).toEqual([
      '9 first upgraded tier 2',
      '9 lead escalated tier 2',
      '9 second escalated tier 2',
    ]);
    network.run(7 * MINUTE);
    expect(network.eventsOf('response-breached')).toMatchObject([
      { deadline: openedAt + 15 * MINUTE },
    ]);
    const steps = network.eventsOf('clock-step-taken');
    expect(steps.filter(({ step, late }) => late && step !== 'breach')).toEqual([]);
    const afterDeadline = steps.filter(({ at }) => at > openedAt + 15 * MINUTE);
    expect(afterDeadline.map(({ step }) => step)).toEqual(['breach']);
  });

  test('pages nobody who has heard of nothing milder', () => {
    const network = new Network();
    network.silence('core-1');
    network.run(30 * SECOND);
    setTier(network, 3);
    network.run(10 * SECOND);
    setTier(network, 2);
    network.run(MINUTE);
    expect(network.pageList()).toEqual(['first opened']);
  });

  test('by the rules: milder for ten minutes and worse again', () => {
    const rules = [
      rule('hot', 2, { faultKinds: ['temperature'], levels: ['critical'] }),
      rule('warm', 4, { faultKinds: ['temperature'] }),
    ];
    const network = new Network(topology({ gradingRules: rules }));
    network.setConditions('core-1', [{ level: 'critical' }]);
    network.run(20 * SECOND);
    const openedAt = network.incidents()[0]!.openedAt;
    network.run(MINUTE);
    network.setConditions('core-1', [{ level: 'warning' }]);
    network.run(11 * MINUTE);
    expect(network.incidents()[0]!.tier).toBe(4);
    // The second reminder comes, and says tier 4.
    expect(lastTierTold(network).get('lead')).toBe(4);
    network.setConditions('core-1', [{ level: 'critical' }]);
    network.run(30 * SECOND);
    expect([...lastTierTold(network).values()]).toEqual([2, 2, 2]);
    network.run(10 * MINUTE);
    const late = network
      .eventsOf('clock-step-taken')
      .filter(({ dueAt }) => dueAt > openedAt + 15 * MINUTE + 1);
    expect(late).toEqual([]);
  });
});

describe('a worse tier than the clock has had', () => {
  function upgradedAfter(minutes: number): { network: Network; openedAt: number } {
    const network = new Network();
    network.silence('acc-1');
    network.run(90 * SECOND);
    const { openedAt } = network.incidents()[0]!;
    network.run(minutes * MINUTE - (network.now - openedAt));
    setTier(network, 2);
    return { network, openedAt };
  }

  function dueMinutes(network: Network, openedAt: number, from: number): readonly string[] {
    return network
      .eventsOf('clock-step-taken')
      .filter(({ at }) => at >= openedAt + from * MINUTE)
      .map(({ step, dueAt }) => `${step} ${(dueAt - openedAt) / MINUTE}`);
  }

  test('gives reminders of its own, counted from the upgrade', () => {
    const { network, openedAt } = upgradedAfter(35);
    network.run(15 * MINUTE + 10 * SECOND);
    expect(dueMinutes(network, openedAt, 35)).toEqual([
      'step:2:0 35',
      'step:2:1 40',
      'reminder:0.5:2 42.5',
      'step:2:2 43',
      'reminder:0.8:2 47',
      `breach ${50 + 1 / MINUTE}`,
    ]);
  });

  test('close to the deadline, reaches everyone and reminds before it', () => {
    const { network, openedAt } = upgradedAfter(55);
    network.run(5 * MINUTE + 10 * SECOND);
    expect(dueMinutes(network, openedAt, 55)).toEqual([
      'step:2:0 55',
      `step:2:1 ${55 + 5 / 3}`,
      'reminder:0.5:2 57.5',
      `step:2:2 ${55 + 8 / 3}`,
      'reminder:0.8:2 59',
      `breach ${60 + 1 / MINUTE}`,
    ]);
  });
});
