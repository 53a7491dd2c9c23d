import { describe, expect, test } from 'vitest';
import { audit } from '../../alerting/auditor.ts';
import type { Topology } from '../../alerting/topology.ts';
import type { TierTargets } from '../../config/model.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';

const INCIDENT = 'inc-000001';

const OWED: Partial<TierTargets> = {
  ...{ updateEveryMs: 30 * MINUTE, updateGraceMs: 10 * MINUTE, noticeWithinMs: null },
};

function withTargets(change: Partial<TierTargets>, rest: Partial<Topology> = {}): Topology {
  const base = topology();
  const targets = (tier: 1 | 2 | 3 | 4) => ({ ...base.tiers[tier], ...change });
  const tiers = { 1: targets(1), 2: targets(2), 3: targets(3), 4: targets(4) };
  return { ...base, tiers, ...rest };
}

/** Until the incident of `deviceId` was acknowledged by `first`. */
function acknowledged(deviceId: string, topo: Topology = withTargets(OWED)): Network {
  const network = new Network(topo);
  network.run(MINUTE);
  network.silence(deviceId);
  network.run(2 * MINUTE);
  network.acknowledge(INCIDENT);
  return network;
}

const note = (network: Network) =>
  network.command({ type: 'note', incidentId: INCIDENT, by: 'second', text: 'fan ordered' });
const incident = (network: Network) => network.incidents()[0]!;
const since = (network: Network, count: number) => network.pageList().slice(count);

describe('after the acknowledgement', () => {
  test('whoever acknowledged is asked for an update when it is due', () => {
    const network = acknowledged('core-1');
    const before = network.pages().length;
    network.run(30 * MINUTE - SECOND);
    expect(since(network, before)).toEqual([]);
    network.run(SECOND);
    network.pollAll();
    expect(since(network, before)).toEqual(['first update-due']);
    network.run(9 * MINUTE);
    expect(since(network, before)).toHaveLength(1);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('anything that a person puts on record puts it off', () => {
    const network = acknowledged('core-1');
    const before = network.pages().length;
    network.run(25 * MINUTE);
    note(network);
    network.run(29 * MINUTE);
    expect(since(network, before)).toEqual([]);
    network.run(2 * MINUTE);
    expect(since(network, before)).toEqual(['first update-due']);
    note(network);
    network.run(29 * MINUTE);
    expect(incident(network).acknowledgedBy).toBe('first');
    network.run(2 * MINUTE);
    expect(since(network, before)).toEqual(['first update-due', 'first update-due']);
  });

  test('without one it lapses: a new clock from the second level, and all who were told hear of it', () => {
    const network = acknowledged('core-1');
    const before = network.pages().length;
    network.run(40 * MINUTE + 10 * SECOND);
    expect(incident(network)).toMatchObject({ acknowledgedAt: null, episode: 2, breachedAt: null });
    expect(since(network, before)).toEqual(['first update-due', 'second lapsed', 'first lapsed']);
    const lapsedAt = incident(network).clockStartedAt;
    expect(incident(network).acknowledgeBy).toBe(lapsedAt + 15 * MINUTE);
    network.run(3 * MINUTE);
    expect(since(network, before + 3), 'the lead is three minutes after the second').toEqual([
      'lead escalated',
    ]);
    network.restart(withTargets(OWED));
    expect(network.acknowledge(INCIDENT, 'second')).toEqual({ accepted: true });
    network.run(29 * MINUTE);
    const now = network.pages().length;
    network.run(2 * MINUTE);
    expect(since(network, now)).toEqual(['second update-due']);
  });

  test('is asked first, even when the service was down for longer than the grace', () => {
    const network = acknowledged('core-1');
    const before = network.pages().length;
    network.now += HOUR;
    network.restart(withTargets(OWED));
    network.run(2 * MINUTE);
    expect(since(network, before)).toEqual(['first update-due']);
    expect(network.eventsOf('clock-step-taken').at(-1)).toMatchObject({ late: true });
    network.run(9 * MINUTE);
    expect(incident(network).acknowledgedBy).toBeNull();
  });

  test('of tiers 3 and 4 nothing falls due in the quiet hours of whoever acknowledged', () => {
    const quietHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 120, timeZone: 'UTC' }];
    const people = topology().people.map((each) =>
      each.id === 'first' ? { ...each, quietHours } : each,
    );
    const network = acknowledged('acc-1', withTargets(OWED, { people }));
    const before = network.pages().length;
    network.run(100 * MINUTE);
    expect(since(network, before).filter((each) => each.endsWith('update-due'))).toEqual([]);
    network.run(20 * MINUTE);
    expect(since(network, before)).toContain('first update-due');
  });

  test('nothing is owed once nothing fails any more', () => {
    const network = acknowledged('core-1');
    const before = network.pages().length;
    network.run(28 * MINUTE);
    network.restore('core-1');
    network.run(HOUR);
    expect(since(network, before)).toEqual(['first resolved']);
  });

  test('customers are to be told in time, once', () => {
    const targets = { updateEveryMs: null, noticeWithinMs: 30 * MINUTE };
    const network = acknowledged('core-1', withTargets(targets));
    const before = network.pages().length;
    network.run(90 * MINUTE);
    expect(since(network, before)).toEqual(['first notice-due']);
    const told = acknowledged('core-1', withTargets(targets));
    told.command({
      ...{ type: 'publish-notice', incidentId: INCIDENT, by: 'lead', text: 'sorry' },
      expectedAt: null,
    });
    const count = told.pages().length;
    told.run(90 * MINUTE);
    expect(since(told, count)).toEqual([]);
  });
});

describe('the auditor', () => {
  test('finds an acknowledgement that ought to have lapsed, and none that has', () => {
    const network = acknowledged('core-1');
    network.run(31 * MINUTE);
    const subjects = (now: number) => audit(network.state, now, now).map(({ subject }) => subject);
    expect(subjects(network.now + 9 * MINUTE)).toEqual([]);
    expect(subjects(network.now + 11 * MINUTE)).toContain(`clock:${INCIDENT}`);
    network.run(15 * MINUTE);
    expect(subjects(network.now)).toEqual([]);
  });
});

describe('once the deadline has passed', () => {
  test('everyone told is told again at the pace for that, and later steps still come', () => {
    const change = { repeatEveryMs: null, repeatAfterBreachMs: 5 * MINUTE };
    const network = new Network(withTargets(change));
    network.run(MINUTE);
    network.silence('core-1');
    network.run(16 * MINUTE);
    const breach = network.pages().filter(({ kind }) => kind === 'breached');
    expect(new Set(breach.map(({ personId }) => personId))).toEqual(
      new Set(['first', 'second', 'lead']),
    );
    const before = network.pages().length;
    network.run(11 * MINUTE);
    const repeats = network.pages().slice(before);
    expect(repeats.map(({ kind }) => kind)).toEqual(Array(6).fill('repeat'));
    expect(repeats[3]!.queuedAt - repeats[0]!.queuedAt).toBe(5 * MINUTE);
  });
});

describe('a rule that says ahead that it will hold', () => {
  const rules = [
    {
      ...rule('many', 1, { customers: { atLeast: 100, atMost: null } }, 60 * MINUTE),
      warnAfterMs: 30 * MINUTE,
    },
    ...RULES,
  ];

  test('is told once, with the tier and the instant, though somebody has acknowledged', () => {
    const network = acknowledged('acc-1', topology({ gradingRules: rules }));
    const before = network.pages().length;
    network.run(50 * MINUTE);
    expect(since(network, before)).toEqual(['first forecast']);
    const { facts, queuedAt } = network.pages().at(-1)!;
    expect(facts.forecast).toEqual({ tier: 1, at: queuedAt + 30 * MINUTE });
    network.run(10 * MINUTE);
    expect(incident(network).tier).toBe(1);
  });

  test('is not told when its condition ends before', () => {
    const network = acknowledged('acc-1', topology({ gradingRules: rules }));
    network.run(20 * MINUTE);
    network.restore('acc-1');
    network.run(HOUR);
    expect(network.eventsOf('forecast-made')).toEqual([]);
  });
});
