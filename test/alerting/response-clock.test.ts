import { describe, expect, test } from 'vitest';
import { clockStatus } from '../../alerting/response-clock.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { exampleConfig } from '../config/default-rules.ts';
import { Network, rule, topology } from './network.ts';

/** A core switch that fell silent: tier 2, opened 30 s later. */
function networkWithIncident(): Network {
  const network = new Network();
  network.silence('core-1');
  network.run(30 * SECOND);
  return network;
}

describe('the response clock', () => {
  test('tier 2: first at once, second after 5 min, reminder at 7:30, lead at 8, reminder at 12, breach at 15', () => {
    const network = networkWithIncident();
    const openedAt = network.now;
    network.run(20 * MINUTE);
    const taken = network
      .eventsOf('clock-step-taken')
      .map((event) => [event.step, event.dueAt - openedAt, event.late]);
    expect(taken).toEqual([
      ['step:2:0', 0, false],
      ['step:2:1', 5 * MINUTE, false],
      ['reminder:0.5', 7.5 * MINUTE, false],
      ['step:2:2', 8 * MINUTE, false],
      ['reminder:0.8', 12 * MINUTE, false],
      ['breach', 15 * MINUTE + 1, true],
    ]);
    expect(network.eventsOf('response-breached')).toHaveLength(1);
  });

  test('each tier has its own time: 15, 15, 30 and 60 minutes', () => {
    // The targets that are shipped, and the deadlines that the engine makes of them.
    const { tiers } = exampleConfig();
    const breachedAfter = ([1, 2, 3, 4] as const).map((tier) => {
      const gradingRules = [rule('any', tier, { faultKinds: ['device-down'] })];
      const network = new Network(topology({ tiers, gradingRules }));
      // Nothing hangs on it that tier 3 and 4 would wait for.
      network.silence('acc-1');
      network.run(30 * SECOND);
      const openedAt = network.now;
      network.run(65 * MINUTE);
      const [breach] = network.eventsOf('response-breached');
      const [reminder] = network
        .eventsOf('clock-step-taken')
        .filter(({ step }) => step === 'reminder:0.5');
      return [breach!.deadline - openedAt, reminder!.dueAt - openedAt];
    });
    expect(breachedAfter).toEqual([
      [15 * MINUTE, 7.5 * MINUTE],
      [15 * MINUTE, 7.5 * MINUTE],
      [30 * MINUTE, 15 * MINUTE],
      [60 * MINUTE, 30 * MINUTE],
    ]);
  });

  test('a step that is planned for after the deadline is not brought forward by the breach', () => {
    const { escalationPolicies, people } = topology();
    const [policy] = escalationPolicies;
    const [start] = policy!.steps[2];
    const later = [
      { ...start!, personIds: ['head'], afterMs: 20 * MINUTE },
      { ...start!, personIds: ['director'], afterMs: 25 * MINUTE },
    ];
    const steps = { ...policy!.steps, 2: [...policy!.steps[2], ...later] };
    const network = new Network(
      topology({
        people: [...people, ...['head', 'director'].map((id) => ({ ...people[0]!, id }))],
        escalationPolicies: [{ ...policy!, steps }],
      }),
    );
    network.silence('core-1');
    network.run(30 * SECOND);
    network.run(15 * MINUTE + SECOND);
    expect(network.pageList()).toContain('head breached');
    expect(network.pageList().join()).not.toContain('director');
    network.run(10 * MINUTE);
    expect(network.pageList()).toContain('director escalated');
  });

  test('who has left the configuration is not paged again and again', () => {
    const network = networkWithIncident();
    network.run(6 * MINUTE);
    const before = topology();
    const people = before.people.filter(({ id }) => id !== 'second');
    network.tick([{ kind: 'topology', topology: { ...before, people } }]);
    const queued = network.pages().filter(({ personId }) => personId === 'second').length;
    network.run(30 * MINUTE);
    expect(network.pageList()).toContain('first breached');
    expect(network.pages().filter(({ personId }) => personId === 'second')).toHaveLength(queued);
  });

  test('how long it is not restored is said anew each hour, and each day later on', () => {
    const network = networkWithIncident();
    network.acknowledge('inc-000001');
    const said = () =>
      network.eventsOf('incident-graded').map(({ evidence }) => evidence.sentence.en);
    network.run(70 * MINUTE);
    expect(said().at(-1)).toContain('not restored for more than 1h');
    const before = said().length;
    network.run(6 * HOUR);
    // Six hours, and what the lapse of the acknowledgement makes of it.
    expect(said().length - before).toBeLessThan(9);
    network.run(2 * DAY);
    expect(said().at(-1)).toContain('not restored for more than 2d');
    expect(said().length - before).toBeLessThan(9 + 18 + 2);
  });

  test('a reminder goes to everyone told and one level up', () => {
    const network = networkWithIncident();
    network.run(7.5 * MINUTE);
    expect(network.pageList().slice(-3)).toEqual([
      'first reminder',
      'second reminder',
      'lead reminder',
    ]);
  });

  test('an acknowledgement ends it: nothing more is sent, and what waits is cancelled', () => {
    const network = networkWithIncident();
    network.delivers = false;
    network.run(5 * MINUTE);
    network.acknowledge('inc-000001');
    network.run(30 * MINUTE);
    expect(network.pages().map((page) => [page.personId, page.status])).toEqual([
      ['first', 'sent'],
      ['second', 'cancelled'],
    ]);
    expect(clockStatus(network.incidents()[0]!, network.now)).toBe('met');
  });

  test('at the deadline it is met, one millisecond later it is breached', () => {
    const inTime = networkWithIncident();
    inTime.now = inTime.incidents()[0]!.acknowledgeBy;
    inTime.acknowledge('inc-000001');
    expect(inTime.eventsOf('response-breached')).toEqual([]);

    const late = networkWithIncident();
    late.now = late.incidents()[0]!.acknowledgeBy + 1;
    late.acknowledge('inc-000001');
    expect(late.eventsOf('response-breached')).toHaveLength(1);
    expect(clockStatus(late.incidents()[0]!, late.now)).toBe('breached');
  });

  test('a step that reaches nobody hands its time to the next one', () => {
    const base = topology();
    const steps = [
      { afterMs: 0, personIds: ['nobody'], channelIds: [] },
      { afterMs: 5 * MINUTE, personIds: ['second'], channelIds: [] },
    ];
    const network = new Network(
      topology({
        escalationPolicies: [
          { ...base.escalationPolicies[0]!, steps: { 1: steps, 2: steps, 3: steps, 4: steps } },
        ],
      }),
    );
    network.silence('core-1');
    network.run(30 * SECOND);
    expect(network.pageList()).toEqual(['second opened']);
  });

  test('repeats go out at their interval, and after a pause of the service only the latest', () => {
    const tiers = topology().tiers;
    const repeating = topology({
      tiers: { ...tiers, 2: { ...tiers[2], reminderRatios: [], repeatEveryMs: 3 * MINUTE } },
    });
    const network = new Network(repeating);
    network.silence('core-1');
    network.run(30 * SECOND);
    network.run(4 * MINUTE);
    const repeats = () => network.pages().filter((page) => page.kind === 'repeat').length;
    expect(repeats()).toBe(1);
    network.now += 4 * MINUTE;
    network.restart(repeating);
    network.now += SECOND;
    network.tick([]);
    const steps = network.eventsOf('clock-step-taken').map((event) => event.step);
    expect(steps.filter((step) => step.startsWith('repeat'))).toEqual(['repeat:2:1', 'repeat:2:2']);
  });
});

describe('restart', () => {
  test('the same incident, the same deadline, no page lost and none doubled', () => {
    const network = networkWithIncident();
    const before = network.incidents()[0]!;
    const pagesBefore = network.pageList();
    network.now += 10 * SECOND;
    network.restart();
    network.run(MINUTE);
    const after = network.incidents()[0]!;
    expect(after.id).toBe(before.id);
    expect(after.acknowledgeBy).toBe(before.acknowledgeBy);
    expect(network.incidents()).toHaveLength(1);
    expect(network.pageList()).toEqual(pagesBefore);
  });

  test('a page queued before the crash is still queued after it, under the same key', () => {
    const network = new Network();
    network.delivers = false;
    network.silence('core-1');
    network.run(30 * SECOND);
    const [page] = network.pages();
    network.restart();
    expect(network.pages().map((each) => [each.id, each.status])).toEqual([[page!.id, 'queued']]);
  });

  test('steps that fell due while the service was down are taken once, marked late', () => {
    const network = networkWithIncident();
    network.now += 13 * MINUTE;
    network.restart();
    network.run(MINUTE);
    const late = network.eventsOf('clock-step-taken').filter((event) => event.late);
    expect(late.map((event) => event.step)).toEqual([
      'step:2:1',
      'reminder:0.5',
      'step:2:2',
      'reminder:0.8',
    ]);
    const keys = network.pages().map((page) => page.id);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('a deadline that passed while the service was down is a recorded breach', () => {
    const network = networkWithIncident();
    network.now += 20 * MINUTE;
    network.restore('core-1');
    network.restart();
    network.run(MINUTE);
    expect(network.eventsOf('response-breached')).toHaveLength(1);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
  });

  test('a wall clock set back repeats nothing', () => {
    const network = networkWithIncident();
    network.run(6 * MINUTE);
    const pages = network.pageList();
    network.now -= 60 * MINUTE;
    network.run(5 * MINUTE);
    expect(network.pageList()).toEqual(pages);
    expect(network.incidents()).toHaveLength(1);
  });
});
