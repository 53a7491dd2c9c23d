import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import type { AuthorityDuty } from '../../config/authority-duty.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';

const INCIDENT = 'inc-000001';
const REPORT: AuthorityDuty = {
  ...{ id: 'written', name: 'written report', from: 'graded', reminderRatios: [0.5, 0.8] },
  withinMs: { 1: HOUR, 2: 4 * HOUR, 3: null, 4: null },
};

/** Nothing gets worse for lasting long. */
const STEADY = RULES.filter(({ id }) => id !== 'two-not-restored');

function withAuthorities(change: Partial<AuthorityDuty> = {}, rest: Partial<Topology> = {}) {
  return topology({ authorities: [{ ...REPORT, ...change }], gradingRules: STEADY, ...rest });
}

/** Of tier 2: `core-1` has failed, and the incident is a moment old. */
function failing(topo: Topology = withAuthorities(), deviceId = 'core-1'): Network {
  const network = new Network(topo);
  network.run(MINUTE);
  network.silence(deviceId);
  network.run(30 * SECOND);
  return network;
}

const clock = (network: Network) => network.incidents()[0]!.authorityClocks.get('written');
const duties = (network: Network) =>
  network
    .pages()
    .filter(({ kind }) => kind.startsWith('duty'))
    .map(({ personId, kind, step }) => `${personId} ${kind} ${step.split(':').at(-1)}`);
const tell = (network: Network, change: object = {}) =>
  network.command({
    ...{ type: 'tell-authority', incidentId: INCIDENT, by: 'lead', authorityId: 'written' },
    ...{ toldAt: null, reference: 'MIIT-77', text: '', ...change },
  });

describe('what an authority is to be told', () => {
  test('nothing where nothing is configured, nor of a tier of which it is not', () => {
    expect(failing(topology()).eventsOf('authority-clock-started')).toEqual([]);
    const milder = failing(withAuthorities(), 'acc-1');
    milder.run(2 * MINUTE);
    expect(milder.incidents()[0]!.tier).toBe(4);
    expect(milder.eventsOf('authority-clock-started')).toEqual([]);
  });

  test('is asked for at shares of the time, and its breach is recorded when the time is over', () => {
    const network = failing();
    network.acknowledge(INCIDENT, 'first');
    const { startedAt, dueAt } = clock(network)!;
    expect(dueAt - startedAt).toBe(4 * HOUR);
    expect(startedAt).toBe(network.incidents()[0]!.openedAt);
    network.run(2 * HOUR - MINUTE);
    expect(duties(network)).toEqual([]);
    network.run(2 * MINUTE);
    expect(duties(network)).toEqual(['first duty-due 0.5']);
    network.run(dueAt - network.now);
    expect(network.eventsOf('authority-clock-breached')).toEqual([]);
    network.run(10 * SECOND);
    expect(network.eventsOf('authority-clock-breached')).toMatchObject([{ deadline: dueAt }]);
    expect(duties(network).slice(1)).toEqual([
      'first duty-due 0.8',
      'first duty-overdue written',
      'lead duty-overdue written',
    ]);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is asked of nobody any more once it is done, whatever still waits', () => {
    const network = failing();
    network.acknowledge(INCIDENT, 'first');
    network.delivers = false;
    network.run(2 * HOUR + MINUTE);
    const waiting = () => network.pages().filter(({ kind }) => kind.startsWith('duty'));
    expect(waiting()).toMatchObject([{ kind: 'duty-due', status: 'queued' }]);
    expect(tell(network)).toMatchObject({ accepted: true });
    network.run(MINUTE);
    expect(waiting()).toMatchObject([{ kind: 'duty-due', status: 'cancelled' }]);
    expect(network.eventsOf('page-cancelled').at(-1)).toMatchObject({ reason: 'done' });
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('runs on after the end of the incident, and ends when a person has told', () => {
    const network = failing();
    network.acknowledge(INCIDENT, 'first');
    network.restore('core-1');
    network.run(2 * HOUR + MINUTE);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(duties(network)).toEqual(['first duty-due 0.5']);
    expect(tell(network)).toEqual({ accepted: true });
    network.run(4 * HOUR);
    expect(duties(network)).toHaveLength(1);
    expect(network.eventsOf('authority-clock-breached')).toEqual([]);
    expect(network.eventsOf('authority-told')).toMatchObject([
      { by: 'lead', reference: 'MIIT-77', authorityId: 'written' },
    ]);
    expect(tell(network)).toMatchObject({ reason: 'already-over' });
    expect(network.pages().filter(({ kind }) => kind === 'resolved')).toHaveLength(1);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('takes when it was told, but not before the incident nor to come', () => {
    const network = failing();
    network.run(HOUR);
    const { startedAt } = network.incidents()[0]!;
    expect(tell(network, { toldAt: startedAt - 1 })).toMatchObject({ reason: 'bad-instant' });
    expect(tell(network, { toldAt: network.now + 1 })).toMatchObject({ reason: 'bad-instant' });
    expect(tell(network, { authorityId: 'none' })).toMatchObject({ reason: 'no-such-authority' });
    expect(tell(network, { toldAt: startedAt + MINUTE })).toEqual({ accepted: true });
    expect(clock(network)!.toldAt).toBe(startedAt + MINUTE);
  });

  test('a worse tier shortens it, never lengthens it; a milder one changes nothing', () => {
    const worse = rule('worse', 1, { currentTier: 2 }, 30 * MINUTE);
    const network = failing(withAuthorities({}, { gradingRules: [worse, ...STEADY] }));
    network.acknowledge(INCIDENT, 'first');
    network.run(31 * MINUTE);
    const started = network.eventsOf('authority-clock-started');
    expect(started.map(({ clock: { tier } }) => tier)).toEqual([2, 1]);
    expect(clock(network)!.dueAt).toBe(started[1]!.at + HOUR);
    const late = rule('worse', 1, { currentTier: 2 }, 3 * HOUR + 30 * MINUTE);
    const later = failing(withAuthorities({}, { gradingRules: [late, ...STEADY] }));
    later.run(3 * HOUR + 31 * MINUTE);
    expect(later.incidents()[0]!.tier).toBe(1);
    expect(later.eventsOf('authority-clock-started')).toHaveLength(1);
  });

  test('counts from the first failed poll where it is to', () => {
    const network = failing(withAuthorities({ from: 'detected' }));
    expect(clock(network)!.startedAt).toBe(network.incidents()[0]!.startedAt);
  });

  test('keeps to what was configured when it began', () => {
    const network = failing();
    network.tick([{ kind: 'topology', topology: topology() }]);
    network.run(4 * HOUR + MINUTE);
    expect(network.eventsOf('authority-clock-breached')).toHaveLength(1);
  });

  test('after a pause of the service there is one reminder, and a set clock moves it along', () => {
    const topo = withAuthorities();
    const network = failing(topo);
    network.acknowledge(INCIDENT, 'first');
    network.now += 3.5 * HOUR;
    network.restart(topo);
    network.run(MINUTE);
    expect(duties(network)).toEqual(['first duty-due 0.8']);
    const leftMs = clock(network)!.dueAt - network.now;
    network.setClockBack(2 * HOUR);
    network.run(10 * SECOND);
    expect(clock(network)!.dueAt - network.now).toBe(leftMs - 10 * SECOND);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('that was missed is not asked for anew by a worse tier, however far the clock is set back', () => {
    const worse = rule('worse', 1, { currentTier: 2 }, 4 * HOUR + 30 * MINUTE);
    const network = failing(withAuthorities({}, { gradingRules: [worse, ...STEADY] }));
    network.acknowledge(INCIDENT, 'first');
    network.run(4 * HOUR + 31 * MINUTE);
    expect(network.incidents()[0]!.tier).toBe(1);
    const asked = duties(network);
    network.setClockBack(24 * HOUR);
    network.run(2 * HOUR);
    expect(network.eventsOf('authority-clock-started')).toHaveLength(1);
    expect(network.eventsOf('authority-clock-breached')).toHaveLength(1);
    expect(duties(network)).toEqual(asked);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('whoever was paged is asked where nobody has acknowledged', () => {
    const network = failing();
    network.run(2 * HOUR + MINUTE);
    expect(duties(network)).toEqual(
      ['first', 'second', 'lead'].map((who) => `${who} duty-due 0.5`),
    );
  });
});
