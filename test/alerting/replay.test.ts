import { describe, expect, test } from 'vitest';
import type { Command } from '../../alerting/inputs.ts';
import { worstTierOf } from '../../alerting/replay/outcomes.ts';
import { replayJournal } from '../../alerting/replay/replay.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import type { Topology } from '../../alerting/topology.ts';
import type { AuthorityDuty } from '../../config/authority-duty.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, START, topology } from './network.ts';

const owed = (topo: Topology): Topology => ({
  ...topo,
  tiers: {
    ...topo.tiers,
    2: { ...topo.tiers[2], updateEveryMs: 30 * MINUTE, updateGraceMs: 10 * MINUTE },
  },
});

/** Two hours with a dead aggregation, a lost link, a UPS, people at work, a restart and a re-opening. */
function eventful(): Network {
  const topo = owed(topology());
  const network = new Network(topo);
  network.run(2 * MINUTE);
  network.silence('agg-1');
  network.silence('acc-1');
  network.silence('acc-2');
  network.run(7 * MINUTE);
  network.acknowledge('inc-000001', 'second');
  network.setConditions('ups-1', [{ component: 'ups', kind: 'on-battery' }]);
  network.run(20 * MINUTE);
  network.command({ type: 'note', incidentId: 'inc-000001', by: 'second', text: 'fibre cut' });
  network.run(45 * MINUTE);
  network.restart(topo);
  network.run(5 * MINUTE);
  network.setConditions('ups-1', []);
  for (const id of ['agg-1', 'acc-1', 'acc-2']) network.restore(id);
  network.run(12 * MINUTE);
  network.silence('agg-1');
  network.run(20 * MINUTE);
  return network;
}

const read = (network: Network) => (visit: (event: Network['events'][number]) => void) =>
  network.events.forEach(visit);
const all = { from: null, to: null, topology: null };

describe('a replay of a journal', () => {
  test('by the rules of the time pages whom the service paged, when it did', () => {
    const network = eventful();
    const replay = replayJournal(read(network), all)!;
    expect(replay.recorded.length).toBeGreaterThan(1);
    const moments = (incidents: typeof replay.recorded) =>
      incidents.map(({ rootFaultKey, grades, breachCount, pages }) => ({
        rootFaultKey,
        tiers: grades.map(({ tier }) => tier),
        breachCount,
        pages: pages.map(({ personId, kind, tier }) => ({ personId, kind, tier })),
      }));
    expect(moments(replay.replayed)).toEqual(moments(replay.recorded));
    // The story looks once in ten seconds, a replay whenever something falls due.
    const instants = (incidents: typeof replay.recorded) =>
      incidents.flatMap(({ pages }) => pages.map(({ at }) => at));
    const then = instants(replay.recorded);
    const apart = instants(replay.replayed).map((at, index) => Math.abs(at - then[index]!));
    expect(Math.max(...apart)).toBeLessThanOrEqual(15 * SECOND);
    expect(replay).toMatchObject({ unknownFactCount: 0, undoneActCount: 0 });
  });

  test('decides over what customers report as the service did', () => {
    const topo = topology({ gradingRules: withServiceRules(RULES) });
    const network = new Network(topo);
    const about = (deviceId: string) => ({
      ...{ type: 'report-fault', by: null, customer: 'school', contact: '', text: 'no network' },
      ...{ deviceId, siteId: null },
    });
    network.command(about('acc-1') as Command);
    network.run(5 * MINUTE);
    network.silence('agg-1');
    for (const id of ['acc-1', 'acc-2']) network.silence(id);
    network.run(5 * MINUTE);
    // The outage is known, and explains this one.
    network.command(about('acc-2') as Command);
    network.run(20 * MINUTE);
    for (const id of ['agg-1', 'acc-1', 'acc-2']) network.restore(id);
    network.run(10 * MINUTE);
    const third = network.command(about('core-1') as Command);
    network.run(10 * MINUTE);
    const reportId = third.accepted ? third.ids![0]! : '';
    network.command({ type: 'answer-report', by: 'first', reportId, text: 'mended' });
    network.run(10 * MINUTE);
    const replay = replayJournal(read(network), all)!;
    const told = (incidents: typeof replay.recorded) =>
      incidents.map(({ rootFaultKey, grades, pages }) => ({
        rootFaultKey,
        tiers: grades.map(({ tier }) => tier),
        pages: pages.map(({ personId, kind, tier }) => ({ personId, kind, tier })),
      }));
    // Two of what customers said, and of what is still owed to them.
    expect(replay.recorded.length).toBeGreaterThan(2);
    expect(told(replay.replayed)).toEqual(told(replay.recorded));
  });

  test('counts pages about authorities neither then nor now', () => {
    const authority: AuthorityDuty = {
      ...{ id: 'written', name: 'written report', from: 'graded', reminderRatios: [0.5] },
      withinMs: { 1: 30 * MINUTE, 2: 30 * MINUTE, 3: null, 4: null },
    };
    const network = new Network(topology({ authorities: [authority] }));
    network.run(2 * MINUTE);
    network.silence('core-1');
    network.run(40 * MINUTE);
    expect(network.pageList()).toContain('first duty-due');
    const { recorded, replayed } = replayJournal(read(network), all)!;
    expect(recorded[0]!.pages.length).toBeGreaterThan(2);
    const told = (each: typeof recorded) =>
      each[0]!.pages.map(({ kind, personId }) => [kind, personId]);
    expect(told(replayed)).toEqual(told(recorded));
  });

  test('is the same each time, and leaves the journal as it is', () => {
    const network = eventful();
    const before = JSON.stringify(network.events);
    const first = JSON.stringify(replayJournal(read(network), all));
    expect(JSON.stringify(replayJournal(read(network), all))).toBe(first);
    expect(JSON.stringify(network.events)).toBe(before);
  });

  test('by other rules and people shows what would have been', () => {
    const network = eventful();
    const steps = [{ afterMs: 0, personIds: ['lead'], channelIds: [] }];
    const changed = owed(
      topology({
        gradingRules: [rule('all-critical', 1, { roles: ['aggregation'] }), ...RULES],
        escalationPolicies: [
          { id: 'lead-only', siteIds: [], steps: { 1: steps, 2: steps, 3: steps, 4: steps } },
        ],
      }),
    );
    const { recorded, replayed } = replayJournal(read(network), { ...all, topology: changed })!;
    expect(worstTierOf(recorded[0]!)).toBe(2);
    expect(worstTierOf(replayed[0]!)).toBe(1);
    const people = new Set(replayed.flatMap(({ pages }) => pages).map(({ personId }) => personId));
    expect(people).toEqual(new Set(['lead']));
  });

  test('without a device of the time leaves out what is known of it, and says how much', () => {
    const network = eventful();
    const base = topology();
    const changed = {
      ...base,
      devices: base.devices.filter(({ id }) => !['ups-1', 'srv-1'].includes(id)),
    };
    const replay = replayJournal(read(network), { ...all, topology: changed })!;
    expect(replay.unknownFactCount).toBeGreaterThan(0);
    expect(replay.replayed.map(({ rootFaultKey }) => rootFaultKey).join()).not.toContain('ups-1');
  });

  test('of a part goes on with what was open then, and ends where it is told to', () => {
    const network = eventful();
    // Before the battery: what holds for a while is counted from the start of a replay on.
    const from = START + 8 * MINUTE;
    const to = START + 60 * MINUTE;
    const replay = replayJournal(read(network), { from, to, topology: null })!;
    const pages = replay.replayed.flatMap((incident) => incident.pages);
    expect(pages.every(({ at }) => at >= from && at < to)).toBe(true);
    expect(replay.replayed[0]!.id).toBe('inc-000001');
    expect(pages.map(({ kind }) => kind)).toEqual(
      replay.recorded.flatMap((incident) => incident.pages).map(({ kind }) => kind),
    );
    expect(
      replayJournal(read(network), { from: network.now + 1, to: null, topology: null }),
    ).toBeNull();
  });
});
