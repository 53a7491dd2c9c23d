import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import type { EscalationStep } from '../../config/model.ts';
import type { Layer, Schedule } from '../../config/schedule/schedule.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, START, topology } from './network.ts';

// START is Sunday 2026-11-01, 00:00 UTC.
const SHIFTS: Layer = {
  id: 'shifts',
  personIds: ['first', 'second'],
  firstAt: '2026-11-01T00:00',
  shiftMs: 12 * HOUR,
  endsAt: null,
  hours: [],
  holidays: 'also',
};

function schedule(change: Partial<Schedule> = {}): Schedule {
  return {
    ...{ id: 'noc', name: 'NOC', timeZone: 'UTC', teamId: null, managerIds: ['lead'] },
    isPartial: false,
    ...{ layers: [SHIFTS], holidays: [], overrides: [], ...change },
  };
}

const onCall = (afterMs: number): EscalationStep => ({
  ...{ afterMs, personIds: [], scheduleIds: ['noc'], channelIds: [] },
});
const named = (afterMs: number, ...personIds: string[]): EscalationStep => ({
  ...{ afterMs, personIds, channelIds: [] },
});

function withPolicy(steps: readonly EscalationStep[], change: Partial<Topology> = {}): Topology {
  const escalationPolicies = [
    { id: 'default', siteIds: [], steps: { 1: steps, 2: steps, 3: steps, 4: steps } },
  ];
  return topology({ escalationPolicies, schedules: [schedule()], catchAll: ['lead'], ...change });
}

/** The network some time after its start, with a core silent from then on. */
function failingAt(afterMs: number, topo: Topology, deviceId = 'core-1'): Network {
  const network = new Network(topo);
  network.now = START + afterMs;
  network.tick([{ kind: 'lease' }]);
  network.pollAll();
  network.pollAll();
  network.silence(deviceId);
  network.run(30 * SECOND);
  return network;
}

function quiet(topo: Topology, personId: string): Topology {
  const hours = { days: [1, 2, 3, 4, 5, 6, 7], from: 22 * 60, to: 7 * 60, timeZone: 'UTC' };
  const people = topo.people.map((person) =>
    person.id === personId ? { ...person, quietHours: [hours] } : person,
  );
  return { ...topo, people };
}

describe('a step that names a schedule', () => {
  test('pages whoever is on call when it falls due', () => {
    expect(failingAt(HOUR, withPolicy([onCall(0)])).pageList()).toEqual(['first opened']);
    expect(failingAt(13 * HOUR, withPolicy([onCall(0)])).pageList()).toEqual(['second opened']);
  });

  test('a step due after the hand-over pages the next one, though it opened before', () => {
    const network = failingAt(12 * HOUR - 3 * MINUTE, withPolicy([onCall(0), onCall(5 * MINUTE)]));
    expect(network.pageList()).toEqual(['first opened']);
    network.run(6 * MINUTE);
    expect(network.pageList()).toEqual(['first opened', 'second escalated']);
  });

  test('the policy is frozen, the schedule is not: an exception made meanwhile counts', () => {
    const network = failingAt(HOUR, withPolicy([named(0, 'first'), onCall(5 * MINUTE)]));
    const { now } = network;
    const outcome = network.command({
      ...{ type: 'add-override', by: 'lead', scheduleId: 'noc', personId: 'lead' },
      ...{ replacesId: null, from: now, to: now + HOUR, reason: 'first is ill' },
    });
    expect(outcome).toEqual({ accepted: true, ids: ['ovr-000001'] });
    network.run(6 * MINUTE);
    expect(network.pageList()).toEqual(['first opened', 'lead escalated']);
  });

  test('nobody on call: the next step is taken at once', () => {
    const ended = { ...SHIFTS, endsAt: '2026-11-01T00:30' };
    const topo = withPolicy([onCall(0), named(20 * MINUTE, 'second')], {
      schedules: [schedule({ layers: [ended] })],
    });
    expect(failingAt(HOUR, topo).pageList()).toEqual(['second opened']);
  });

  test('nobody at all: the catch-all is paged, once, and so after a restart', () => {
    const ended = { ...SHIFTS, endsAt: '2026-11-01T00:30' };
    const topo = withPolicy([onCall(0), onCall(5 * MINUTE)], {
      schedules: [schedule({ layers: [ended] })],
    });
    const network = failingAt(HOUR, topo);
    expect(network.pageList()).toEqual(['lead opened']);
    network.restart(topo);
    network.run(2 * MINUTE);
    expect(network.pageList()).toEqual(['lead opened']);
  });

  test('a team is paged as a whole', () => {
    const step = { ...named(0), teamIds: ['noc'] };
    const team = { id: 'noc', name: 'NOC', personIds: ['second', 'lead'], managerId: null };
    const network = failingAt(HOUR, withPolicy([step], { teams: [team] }));
    expect(network.pageList()).toEqual(['second opened', 'lead opened']);
  });
});

describe('exceptions', () => {
  test('a swap trades turns both ways, survives a restart, and is taken back as one', () => {
    const topo = withPolicy([onCall(0)]);
    const network = new Network(topo);
    const outcome = network.command({
      ...{ type: 'swap-turns', by: 'lead', scheduleId: 'noc', reason: '' },
      first: { personId: 'first', from: START + DAY, to: START + DAY + 12 * HOUR },
      second: { personId: 'second', from: START + DAY + 12 * HOUR, to: START + 2 * DAY },
    });
    expect(outcome).toEqual({ accepted: true, ids: ['ovr-000001', 'ovr-000002'] });
    network.restart(topo);
    expect(network.replayedText()).toBe(network.liveText());
    const halves = [...network.state.overrides.values()];
    expect(halves.map(({ personId, replacesId }) => [personId, replacesId])).toEqual([
      ['second', 'first'],
      ['first', 'second'],
    ]);
    network.command({ type: 'remove-override', by: 'lead', overrideId: 'ovr-000002' });
    expect(network.state.overrides.size).toBe(0);
  });

  test('what cannot be is refused and changes nothing', () => {
    const network = new Network(withPolicy([onCall(0)]));
    const base = {
      type: 'add-override',
      ...{ by: 'lead', scheduleId: 'noc', personId: 'first' },
      ...{ replacesId: null, from: START, to: START + HOUR, reason: '' },
    } as const;
    const reasons = [
      { ...base, scheduleId: 'moc' },
      { ...base, personId: 'ghost' },
      { ...base, replacesId: 'first' },
      { ...base, to: START },
      { ...base, to: START + 100 * DAY },
      { ...base, from: START - 2 * HOUR, to: START - HOUR },
    ].map((command) => network.command(command));
    expect(reasons.map((each) => !each.accepted && each.reason)).toEqual([
      'no-such-schedule',
      'no-such-person',
      'same-person',
      'bad-span',
      'span-too-long',
      'already-over',
    ]);
    expect(reasons[4]).toMatchObject({
      limit: { of: 'override-span', most: 92 * DAY, asked: 100 * DAY },
    });
    expect(network.state.overrides.size).toBe(0);
  });
});

describe('quiet hours', () => {
  const night = 23 * HOUR;

  test('never hold a page of tiers 1 and 2', () => {
    const network = failingAt(night, quiet(withPolicy([named(0, 'first')]), 'first'));
    expect(network.pages()[0]).toMatchObject({ personId: 'first', notBefore: null });
  });

  test('of tier 4, the page waits for the morning and the next step is taken at once', () => {
    const topo = quiet(withPolicy([named(0, 'first'), named(20 * MINUTE, 'second')]), 'first');
    const network = failingAt(night, topo, 'acc-1');
    network.delivers = false;
    network.run(MINUTE);
    expect(network.pages().map(({ personId, notBefore }) => [personId, notBefore])).toEqual([
      ['first', START + 31 * HOUR],
      ['second', null],
    ]);
  });

  test('what was acknowledged meanwhile never disturbs', () => {
    const network = failingAt(night, quiet(withPolicy([named(0, 'first')]), 'first'), 'acc-1');
    network.delivers = false;
    network.run(40 * MINUTE);
    expect(network.pageList()).toEqual(['first opened']);
    network.acknowledge('inc-000001');
    network.run(MINUTE);
    expect(network.pages().map(({ status }) => status)).toEqual(['cancelled']);
  });

  test('what may still go out is not put off by what waits for the morning', () => {
    const topo = quiet(withPolicy([named(0, 'first'), named(10 * MINUTE, 'first')]), 'first');
    const network = failingAt(22 * HOUR - 5 * MINUTE, topo, 'acc-1');
    network.delivers = false;
    network.run(15 * MINUTE);
    const waiting = () => network.pages().filter(({ status }) => status === 'queued');
    expect(waiting().map(({ kind, notBefore }) => [kind, notBefore])).toEqual([
      ['opened', null],
      ['escalated', START + 31 * HOUR],
    ]);
    network.now = START + 31 * HOUR;
    network.tick([{ kind: 'lease' }]);
    expect(waiting()).toMatchObject([{ kind: 'breached', replacedCount: 2 }]);
  });

  test('an end that waits for the morning gives way when it opens again in the night', () => {
    const topo = quiet(withPolicy([named(0, 'first')]), 'first');
    const network = failingAt(22 * HOUR - 2 * MINUTE, topo, 'acc-1');
    network.run(3 * MINUTE);
    network.delivers = false;
    network.restore('acc-1');
    network.run(MINUTE);
    network.silence('acc-1');
    network.run(2 * MINUTE);
    expect(network.pages().map(({ kind, status }) => `${kind} ${status}`)).toEqual([
      'opened sent',
      'resolved cancelled',
      'reopened queued',
    ]);
  });

  test('a worse tier breaks the silence', () => {
    const topo = quiet(withPolicy([named(0, 'first')]), 'first');
    const network = failingAt(night, topo, 'acc-1');
    network.delivers = false;
    network.run(MINUTE);
    for (const id of ['agg-1', 'acc-2']) network.silence(id);
    network.run(2 * MINUTE);
    const awake = network.pages().filter(({ notBefore }) => notBefore === null);
    expect(awake.length).toBeGreaterThan(0);
  });
});
