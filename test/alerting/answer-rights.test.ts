import { describe, expect, test } from 'vitest';
import { REOPEN_WITHIN_MS } from '../../alerting/apply-incident.ts';
import type { Command } from '../../alerting/inputs.ts';
import type { Topology, TopologyPerson } from '../../alerting/topology.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';
import { Network, topology } from './network.ts';

const INCIDENT = 'inc-000001';

function person(id: string, change: Partial<TopologyPerson> = {}): TopologyPerson {
  return { id, name: id, language: 'en', timeZone: 'UTC', channelIds: ['mail'], ...change };
}

/** Beside the chain of first, second and lead: a guest, an administrator, and two of a team. */
function withOthers(change: Partial<Topology> = {}): Topology {
  const base = topology();
  const others = [person('guest'), person('admin', { answersAll: true }), person('mate')];
  return { ...base, people: [...base.people, ...others], ...change };
}

function failing(topo: Topology = withOthers()): Network {
  const network = new Network(topo);
  network.run(MINUTE);
  network.silence('core-1');
  network.run(2 * MINUTE);
  return network;
}

const acknowledge = (network: Network, by: string, more: object = {}) =>
  network.command({
    type: 'acknowledge',
    incidentId: INCIDENT,
    by,
    via: 'test',
    ...more,
  } as Command);
const incident = (network: Network) => network.incidents()[0]!;

describe('who may acknowledge', () => {
  test.each(['first', 'second', 'lead'])('somebody of the frozen chain: %s', (by) => {
    const network = failing();
    expect(acknowledge(network, by)).toEqual({ accepted: true });
    expect(network.eventsOf('incident-acknowledged')).toMatchObject([{ by }]);
    expect(network.eventsOf('incident-acknowledged')[0]).not.toHaveProperty('right');
  });

  test('nobody else: the attempt is refused, on record once, and the clock runs on', () => {
    const network = failing();
    expect(acknowledge(network, 'guest')).toMatchObject({
      accepted: false,
      reason: 'not-on-chain',
    });
    acknowledge(network, 'guest');
    expect(network.eventsOf('acknowledgement-refused')).toMatchObject([
      { by: 'guest', via: 'test', incidentId: INCIDENT },
    ]);
    expect(incident(network).acknowledgedAt).toBeNull();
    network.run(20 * MINUTE);
    expect(network.pageList()).toContain('second escalated');
    expect(network.eventsOf('response-breached')).toHaveLength(1);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('an attempt is on record again for the next clock', () => {
    const network = failing();
    acknowledge(network, 'guest');
    network.restore('core-1');
    network.run(5 * MINUTE);
    network.silence('core-1');
    network.run(2 * MINUTE);
    expect(incident(network).episode).toBe(2);
    acknowledge(network, 'guest');
    expect(network.eventsOf('acknowledgement-refused')).toHaveLength(2);
  });

  test('whoever takes it over, who is of the chain from then on', () => {
    const network = failing();
    acknowledge(network, 'guest');
    expect(acknowledge(network, 'guest', { takesOver: true })).toEqual({ accepted: true });
    expect(network.eventsOf('incident-acknowledged')).toMatchObject([
      { by: 'guest', via: 'test', right: 'took-over' },
    ]);
    expect(incident(network)).toMatchObject({ acknowledgedBy: 'guest' });
    network.restore('core-1');
    network.run(5 * MINUTE);
    network.silence('core-1');
    network.run(2 * MINUTE);
    expect(acknowledge(network, 'guest')).toEqual({ accepted: true });
    expect(network.eventsOf('incident-acknowledged')[1]).not.toHaveProperty('right');
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('whoever has joined is paged when the deadline of the next clock passes', () => {
    const network = failing();
    acknowledge(network, 'guest', { takesOver: true });
    network.restore('core-1');
    network.run(5 * MINUTE);
    network.silence('core-1');
    network.run(20 * MINUTE);
    expect(network.pageList()).toContain('guest breached');
  });

  test('taking over what one is of the chain of is a plain acknowledgement', () => {
    const network = failing();
    expect(acknowledge(network, 'second', { takesOver: true })).toEqual({ accepted: true });
  });

  test('somebody who may answer for every incident, and that is on record', () => {
    const network = failing();
    expect(acknowledge(network, 'admin')).toEqual({ accepted: true });
    expect(network.eventsOf('incident-acknowledged')).toMatchObject([
      { by: 'admin', right: 'answers-all' },
    ]);
  });

  test('the catch-all, a member of a team of the chain, and who was paged', () => {
    const base = topology();
    const steps = [{ afterMs: 0, personIds: [], teamIds: ['noc'], channelIds: [] }];
    const network = failing(
      withOthers({
        teams: [{ id: 'noc', name: 'noc', personIds: ['first', 'mate'], managerId: null }],
        catchAll: ['guest'],
        escalationPolicies: [
          { ...base.escalationPolicies[0]!, steps: { 1: steps, 2: steps, 3: steps, 4: steps } },
        ],
      }),
    );
    expect(acknowledge(network, 'lead')).toMatchObject({ reason: 'not-on-chain' });
    expect(acknowledge(network, 'guest')).toEqual({ accepted: true });
  });

  test('the policy counts that the incident opened with, not one that came later', () => {
    const network = failing();
    const base = withOthers();
    const only = [{ afterMs: 0, personIds: ['guest'], channelIds: [] }];
    const policy = { ...base.escalationPolicies[0]! };
    network.tick([
      {
        kind: 'topology',
        topology: withOthers({
          escalationPolicies: [{ ...policy, steps: { 1: only, 2: only, 3: only, 4: only } }],
        }),
      },
    ]);
    expect(acknowledge(network, 'guest')).toMatchObject({ reason: 'not-on-chain' });
    expect(acknowledge(network, 'lead')).toEqual({ accepted: true });
  });
});

describe('which outbreak is meant', () => {
  test('an answer to an earlier one does not acknowledge the next', () => {
    const network = failing();
    network.restore('core-1');
    network.run(5 * MINUTE);
    network.silence('core-1');
    network.run(2 * MINUTE);
    expect(acknowledge(network, 'first', { episode: 1 })).toMatchObject({
      accepted: false,
      reason: 'other-episode',
    });
    expect(incident(network).acknowledgedAt).toBeNull();
    expect(acknowledge(network, 'first', { episode: 2 })).toEqual({ accepted: true });
  });

  test('nor a new clock after the acknowledgement has lapsed', () => {
    const base = withOthers();
    const owed = { ...base.tiers[1], updateEveryMs: 10 * MINUTE, updateGraceMs: MINUTE };
    const network = failing({ ...base, tiers: { 1: owed, 2: owed, 3: owed, 4: owed } });
    acknowledge(network, 'first', { episode: 1 });
    network.run(HOUR / 4);
    expect(network.eventsOf('acknowledgement-lapsed')).toHaveLength(1);
    expect(acknowledge(network, 'first', { episode: 1 })).toMatchObject({
      reason: 'other-episode',
    });
  });

  test('what is long over is over, whatever was meant', () => {
    const network = failing();
    network.restore('core-1');
    network.run(REOPEN_WITHIN_MS);
    expect(acknowledge(network, 'guest', { episode: 1 })).toMatchObject({
      reason: 'already-resolved',
    });
    expect(network.eventsOf('acknowledgement-refused')).toEqual([]);
  });
});
