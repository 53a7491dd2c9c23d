import { describe, expect, test } from 'vitest';
import type { CommandOutcome } from '../../alerting/inputs.ts';
import type { Incident } from '../../alerting/state.ts';
import { heldBy, type TierHold, tierFor } from '../../alerting/tier-hold.ts';
import type { Tier } from '../../config/model.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

const INCIDENT = 'inc-000001';

function failing(...deviceIds: string[]): Network {
  const network = new Network();
  network.run(MINUTE);
  for (const id of deviceIds) network.silence(id);
  network.run(2 * MINUTE);
  return network;
}

const incident = (network: Network): Incident => network.incidents()[0]!;
const set = (network: Network, tier: Tier, reason = '', by = 'lead'): CommandOutcome =>
  network.command({ type: 'set-tier', incidentId: INCIDENT, by, tier, reason });
const tell = (network: Network) =>
  network.command({
    ...{ type: 'publish-notice', incidentId: INCIDENT, by: 'lead' },
    ...{ text: 'We are working on it', expectedAt: null },
  });

describe('a person sets the tier', () => {
  test('worse without a reason: the deadline moves forward and its first page goes out', () => {
    const network = failing('acc-1');
    expect(incident(network).tier).toBe(4);
    const before = network.pages().length;
    expect(set(network, 2)).toEqual({ accepted: true });
    expect(incident(network).acknowledgeBy).toBe(network.now + 15 * MINUTE);
    network.pollAll();
    expect(network.pageList().slice(before)).toEqual(['first upgraded']);
    expect(network.pages().at(-1)!.facts.because.en).toMatch(/^lead set it \(acc-1/);
    network.run(3 * HOUR);
    expect(incident(network).tier, 'tier 2 not restored in two hours').toBe(1);
  });

  test('milder only with a reason, and no deadline moves', () => {
    const network = failing('core-1');
    const { acknowledgeBy } = incident(network);
    expect(set(network, 3)).toMatchObject({ accepted: false, reason: 'reason-missing' });
    expect(set(network, 3, 'being replaced')).toEqual({ accepted: true });
    expect(incident(network)).toMatchObject({ tier: 3, acknowledgeBy });
    network.run(30 * MINUTE);
    expect(incident(network).tier, 'the rules go on saying tier 2').toBe(3);
    expect(network.eventsOf('incident-graded').filter(({ from, to }) => from !== to)).toHaveLength(
      1,
    );
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('milder, and the first of the milder tier sleeps: nobody is woken for it', () => {
    const base = topology();
    const quietHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 720, timeZone: 'UTC' }];
    const asleep = base.people.map((each) => (each.id === 'lead' ? { ...each, quietHours } : each));
    const [policy] = base.escalationPolicies;
    const [start] = policy!.steps[4];
    const four = [
      { ...start!, personIds: ['lead'] },
      { ...start!, personIds: ['second'], afterMs: 48 * MINUTE },
    ];
    const escalationPolicies = [{ ...policy!, steps: { ...policy!.steps, 4: four } }];
    const network = new Network({ ...base, people: asleep, escalationPolicies });
    network.run(MINUTE);
    network.silence('core-1');
    network.run(2 * MINUTE);
    const before = network.pages().length;
    set(network, 4, 'being replaced', 'first');
    network.run(2 * MINUTE);
    expect(network.pageList().slice(before)).toEqual([]);
    network.run(50 * MINUTE);
    expect(network.pageList()).toContain('second escalated');
  });

  test('facts worse than those it was set for apply at once, and the person is overruled', () => {
    const network = failing('core-1');
    set(network, 4, 'nothing hangs on it');
    network.silence('core-2');
    network.run(MINUTE);
    expect(incident(network)).toMatchObject({ tier: 1, tierHold: null });
  });

  test('worse than the rules: they do not make it milder', () => {
    const network = failing('acc-1');
    set(network, 3, 'a hospital is behind it');
    network.run(30 * MINUTE);
    expect(incident(network).tier).toBe(3);
    set(network, 2);
    network.run(30 * MINUTE);
    expect(incident(network).tier, 'the rules have said tier 4 for an hour').toBe(2);
  });

  test('until it is taken back: then the rules decide, milder after their ten minutes', () => {
    const network = failing('acc-1');
    const release = () =>
      network.command({ type: 'release-tier', incidentId: INCIDENT, by: 'second', reason: '' });
    expect(release()).toMatchObject({ reason: 'no-tier-set' });
    set(network, 3);
    expect(release()).toEqual({ accepted: true });
    network.run(9 * MINUTE);
    expect(incident(network).tier).toBe(3);
    network.run(2 * MINUTE);
    expect(incident(network).tier).toBe(4);
  });

  test('what was set milder and is taken back is upgraded at once', () => {
    const network = failing('core-1');
    set(network, 4, 'a drill');
    network.command({ type: 'release-tier', incidentId: INCIDENT, by: 'second', reason: '' });
    expect(incident(network).tier).toBe(2);
  });

  test('raised to tier 2 after the acknowledgement, a fresh one is needed', () => {
    const network = failing('acc-1');
    network.acknowledge(INCIDENT);
    set(network, 2);
    expect(incident(network)).toMatchObject({ acknowledgedAt: null, episode: 2 });
    expect(network.acknowledge(INCIDENT)).toEqual({ accepted: true });
  });

  test('milder than tier 1 takes two people within an hour', () => {
    const network = failing('core-1', 'core-2');
    expect(incident(network).tier).toBe(1);
    const confirm = (by: string) =>
      network.command({ type: 'confirm-tier', incidentId: INCIDENT, by });
    expect(confirm('second')).toMatchObject({ reason: 'nothing-proposed' });
    expect(set(network, 2, 'planned work')).toEqual({ accepted: true });
    expect(incident(network).tier).toBe(1);
    expect(confirm('lead')).toMatchObject({ reason: 'same-person' });
    network.run(61 * MINUTE);
    expect(confirm('second')).toMatchObject({ reason: 'nothing-proposed' });
    set(network, 2, 'planned work');
    expect(confirm('second')).toEqual({ accepted: true });
    expect(incident(network).tierHold).toMatchObject({ by: 'lead', confirmedBy: 'second' });
    network.run(5 * MINUTE);
    expect(incident(network).tier).toBe(2);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('what it sets survives a restart, and ends when the incident opens anew', () => {
    const network = failing('core-1');
    set(network, 3, 'being replaced');
    network.restart();
    network.run(5 * MINUTE);
    expect(incident(network).tier).toBe(3);
    network.restore('core-1');
    network.run(5 * MINUTE);
    expect(set(network, 1)).toMatchObject({ reason: 'already-resolved' });
    network.silence('core-1');
    network.run(5 * MINUTE);
    expect(incident(network)).toMatchObject({ tier: 2, tierHold: null, episode: 2 });
  });
});

describe('the tier of what the rules call for', () => {
  const hold = (tier: Tier, rulesTier: Tier): TierHold => ({
    ...{ tier, rulesTier, by: 'lead', confirmedBy: null, at: 0, reason: '' },
  });
  const cases: [string, TierHold | null, Tier | null, readonly Tier[]][] = [
    ['nobody has said anything', null, null, [1, 2, 3, 4]],
    ['set worse: only what is worse still applies', hold(2, 4), null, [1, 2, 2, 2]],
    ['set milder: only what is worse than the rules said then', hold(4, 2), null, [1, 4, 4, 4]],
    ['set as it is', hold(3, 3), null, [1, 2, 3, 3]],
    ['customers were told of tier 2', null, 2, [1, 2, 2, 2]],
    ['both: the worse of them', hold(2, 2), 3, [1, 2, 2, 2]],
  ];
  test.each(cases)('%s', (_, tierHold, toldTier, expected) => {
    const tiers = ([1, 2, 3, 4] as const).map((rules) => tierFor({ tierHold, toldTier }, rules));
    expect(tiers).toEqual(expected);
  });

  test('says what keeps it', () => {
    expect(heldBy({ tierHold: hold(2, 2), toldTier: 3 }, 4)).toBe('person');
    expect(heldBy({ tierHold: null, toldTier: 3 }, 4)).toBe('customers');
    expect(heldBy({ tierHold: hold(2, 2), toldTier: 3 }, 1)).toBeNull();
  });
});

describe('what customers were told', () => {
  test('keeps the tier from becoming milder until the end', () => {
    const network = failing('core-1', 'agg-2');
    expect(incident(network).tier).toBe(2);
    tell(network);
    expect(set(network, 3, 'half is back')).toMatchObject({ reason: 'customers-told' });
    network.restart();
    expect(incident(network).toldTier).toBe(2);
    network.restore('core-1');
    network.run(5 * MINUTE);
    network.silence('core-1');
    network.run(2 * MINUTE);
    expect(incident(network)).toMatchObject({ toldTier: null, episode: 2 });
  });

  test('the rules alone would have made it milder', () => {
    const tiers = [true, false].map((isTold) => {
      const network = failing('acc-1');
      set(network, 2);
      if (isTold) tell(network);
      network.command({ type: 'release-tier', incidentId: INCIDENT, by: 'lead', reason: '' });
      network.run(15 * MINUTE);
      return incident(network).tier;
    });
    expect(tiers).toEqual([2, 4]);
  });
});
