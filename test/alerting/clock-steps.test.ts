import { describe, expect, test } from 'vitest';
import { audit } from '../../alerting/auditor.ts';
import { withServiceRules } from '../../alerting/service-faults.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { ResponseFold } from '../../reports/response-compliance.ts';
import { Network, RULES, topology } from './network.ts';

const topo = () => topology({ gradingRules: withServiceRules(RULES) });

/** Minutes of elapsed time from the opening, whatever the wall clock said, at which each step was taken. */
function stepsByElapsedTime(network: Network, openedMs: number): readonly string[] {
  let setBackMs = 0;
  return network.events.flatMap((event) => {
    if (event.type === 'clock-stepped') setBackMs -= event.byMs;
    if (event.type !== 'clock-step-taken' || event.incidentId !== 'inc-000001') return [];
    return [`${event.step} ${(event.at + setBackMs - openedMs) / MINUTE}`];
  });
}

const STEPS = [
  'step:2:0 0',
  'step:2:1 5',
  'reminder:0.5 7.5',
  'step:2:2 8',
  'reminder:0.8 12',
  'breach 15.166666666666666',
];

function withOpenIncident(): { network: Network; openedMs: number } {
  const network = new Network(topo());
  network.silence('core-1');
  network.run(30 * SECOND);
  return { network, openedMs: network.now };
}

describe('a wall clock that is set while a response clock runs', () => {
  test.each([
    ['back by an hour', HOUR],
    ['back by ten minutes', 10 * MINUTE],
    ['ahead by ten minutes', -10 * MINUTE],
    ['ahead by a day', -DAY],
  ])('%s: every step, reminder and breach comes after the same elapsed time', (_, setBackMs) => {
    const { network, openedMs } = withOpenIncident();
    network.run(2 * MINUTE);
    network.setClockBack(setBackMs);
    network.run(16 * MINUTE);
    expect(stepsByElapsedTime(network, openedMs)).toEqual(STEPS);
    const late = network.eventsOf('clock-step-taken').filter((event) => event.late);
    // Looked at every ten seconds, a deadline and one millisecond are seen ten seconds later.
    expect(late.map(({ step }) => step)).toEqual(['breach']);
    expect(network.eventsOf('response-breached')).toHaveLength(1);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('back and ahead again, twice: the clock of the first opening is not moved by any of it', () => {
    const { network, openedMs } = withOpenIncident();
    for (const byMs of [HOUR, -HOUR, -3 * HOUR, 3 * HOUR]) {
      network.run(2 * MINUTE);
      network.setClockBack(byMs);
    }
    network.run(8 * MINUTE);
    expect(stepsByElapsedTime(network, openedMs)).toEqual(STEPS);
  });

  test('the time left is what it was, and the auditor sees nothing stuck', () => {
    const { network } = withOpenIncident();
    network.run(2 * MINUTE);
    const left = () => network.incidents()[0]!.acknowledgeBy - network.now;
    const before = left();
    network.setClockBack(HOUR);
    network.tick([]);
    expect(left()).toBe(before);
    expect(audit(network.state, network.now, network.now)).toEqual([]);
  });

  test('is on the timeline, and an incident of its own that passes', () => {
    const { network } = withOpenIncident();
    network.run(2 * MINUTE);
    network.setClockBack(HOUR);
    network.run(20 * SECOND);
    expect(network.eventsOf('incident-clock-moved')).toMatchObject([
      { incidentId: 'inc-000001', byMs: -HOUR },
    ]);
    const [, told] = network.incidents();
    expect(told).toMatchObject({ rootKind: 'clock-stepped', tier: 4, resolvedAt: null });
    expect(told!.rootText.en).toBe(
      'the clock of the machine was set back by 1 h; clocks run on in elapsed time',
    );
    network.run(15 * MINUTE);
    expect(network.incidents()[1]!.resolvedAt).not.toBeNull();
  });

  test('a drift of less than a second is none', () => {
    const { network } = withOpenIncident();
    network.setClockBack(900);
    network.run(MINUTE);
    expect(network.eventsOf('clock-stepped')).toEqual([]);
  });

  test('the report counts the response by the time that passed', () => {
    const { network } = withOpenIncident();
    network.run(2 * MINUTE);
    network.setClockBack(HOUR);
    network.run(2 * MINUTE);
    network.acknowledge('inc-000001');
    const fold = new ResponseFold(0, network.now + DAY);
    for (const event of network.events) fold.apply(event);
    const [, two] = fold.read(network.now).tiers;
    expect(two).toMatchObject({ acknowledgedInTime: 1, medianAcknowledgeMs: 4 * MINUTE });
  });

  test('a page that is tried again is the same page, to the second', () => {
    const { network } = withOpenIncident();
    network.delivers = false;
    network.setClockBack(HOUR);
    network.tick([]);
    const [page] = network.pages();
    expect(page).toMatchObject({ queuedAt: network.now, keyAt: network.now + HOUR });
  });

  test('nothing counts as unobserved that was observed', () => {
    const { network } = withOpenIncident();
    network.setClockBack(-HOUR);
    network.run(2 * MINUTE);
    expect(network.eventsOf('health-changed').filter(({ to }) => to === 'unknown')).toEqual([]);
  });

  test('the clocks of a customer are not moved either', () => {
    const network = new Network(topo());
    network.command({
      ...{ type: 'report-fault', by: null, customer: 'c', contact: '', text: 'no dial tone' },
      ...{ deviceId: 'acc-1', siteId: null },
    });
    network.setClockBack(5 * HOUR);
    network.run(HOUR + MINUTE);
    expect(network.eventsOf('customer-report-breached')).toMatchObject([{ clock: 'respond' }]);
  });
});

describe('a start with a wall clock behind the journal', () => {
  test('goes on from the last record: the time without the service counts as none', () => {
    const { network } = withOpenIncident();
    network.run(2 * MINUTE);
    const leftMs = network.incidents()[0]!.acknowledgeBy - network.now;
    network.setClockBack(HOUR);
    network.restart(topo());
    expect(network.incidents()[0]!.acknowledgeBy - network.now).toBe(leftMs);
    expect(network.eventsOf('clock-stepped')).toMatchObject([{ cause: 'restart', byMs: -HOUR }]);
    network.run(leftMs + 20 * SECOND);
    expect(network.eventsOf('response-breached')).toHaveLength(1);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('one that is ahead is taken as it is: steps that fell due meanwhile are late', () => {
    const { network } = withOpenIncident();
    network.now += 20 * MINUTE;
    network.restart(topo());
    network.tick([]);
    expect(network.eventsOf('clock-stepped')).toEqual([]);
    expect(network.eventsOf('response-breached')).toHaveLength(1);
  });
});
