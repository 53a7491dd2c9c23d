import { describe, expect, test } from 'vitest';
import { withServiceRules } from '../../alerting/service-faults.ts';
import type { Topology } from '../../alerting/topology.ts';
import type { Layer, Schedule } from '../../config/schedule/schedule.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network, RULES, START, topology } from './network.ts';

const LAYER: Layer = {
  id: 'weeks',
  personIds: ['first', 'second'],
  firstAt: '2026-10-26T00:00',
  shiftMs: 7 * DAY,
  endsAt: null,
  hours: [],
  holidays: 'also',
};

function withSchedule(layer: Partial<Layer>, change: Partial<Schedule> = {}): Topology {
  const schedule: Schedule = {
    ...{ id: 'noc', name: 'NOC', timeZone: 'UTC', teamId: null, managerIds: ['lead'] },
    ...{ isPartial: false, layers: [{ ...LAYER, ...layer }], holidays: [], overrides: [] },
    ...change,
  };
  return topology({
    schedules: [schedule],
    catchAll: ['second'],
    gradingRules: withServiceRules(RULES),
  });
}

/** Time passes in steps of a minute, in which every device is polled. */
function pass(network: Network, durationMs: number): void {
  const until = network.now + durationMs;
  while (network.now < until) {
    network.now += MINUTE;
    network.pollAll();
  }
}

describe('a gap in the cover', () => {
  const ends = (text: string) => withSchedule({ endsAt: text });

  test('is an incident a week before it opens, and pages the manager of the schedule alone', () => {
    const network = new Network(ends('2026-11-08T02:00'));
    pass(network, HOUR);
    expect(network.incidents()).toEqual([]);
    pass(network, HOUR + 10 * MINUTE);
    expect(network.incidents()).toMatchObject([
      { rootDeviceId: '_service', rootComponent: 'schedule:noc', rootKind: 'cover-gap', tier: 4 },
    ]);
    expect(network.pageList()).toEqual(['lead opened']);
    const { because, rootDeviceName } = network.pages()[0]!.facts;
    expect(rootDeviceName).toBe('Threenines');
    expect(because.en).toBe('nobody is on call for NOC from 2026-11-08 02:00:00 GMT+0 on');
    expect(because['zh-CN']).toContain('无人值班');
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is urgent in the last day', () => {
    const network = new Network(ends('2026-11-01T20:00'));
    network.now += SECOND;
    network.tick([]);
    expect(network.incidents()).toMatchObject([{ tier: 3 }]);
  });

  test('ends when someone takes the time over, and the manager hears of it', () => {
    const topo = withSchedule({
      hours: [{ days: [1, 2, 3, 5, 6, 7], from: 0, to: 0 }],
    });
    const network = new Network(topo);
    pass(network, 2 * MINUTE);
    const thursday = Date.parse('2026-11-05T00:00Z');
    expect(network.pages()[0]!.facts.because.en).toBe(
      'nobody is on call for NOC from 2026-11-05 00:00:00 GMT+0 to 2026-11-06 00:00:00 GMT+0',
    );
    network.command({
      ...{ type: 'add-override', by: 'lead', scheduleId: 'noc', personId: 'first' },
      ...{ replacesId: null, from: thursday, to: thursday + DAY, reason: '' },
    });
    pass(network, 2 * MINUTE);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    expect(network.pageList()).toEqual(['lead opened', 'lead resolved']);
  });

  test('is told again after the override that closed it is taken back', () => {
    const network = new Network(ends('2026-11-05T00:00'));
    pass(network, MINUTE);
    const from = Date.parse('2026-11-05T00:00Z');
    const outcome = network.command({
      ...{ type: 'add-override', by: 'lead', scheduleId: 'noc', personId: 'first' },
      ...{ replacesId: null, from, to: from + 40 * DAY, reason: '' },
    });
    pass(network, 2 * MINUTE);
    expect(network.incidents()[0]!.resolvedAt).not.toBeNull();
    const [overrideId] = outcome.accepted ? (outcome.ids ?? []) : [];
    network.command({ type: 'remove-override', by: 'lead', overrideId: overrideId! });
    pass(network, 2 * MINUTE);
    expect(network.pageList()).toEqual(['lead opened', 'lead resolved', 'lead reopened']);
  });

  test('that is meant to be is told to nobody', () => {
    const network = new Network(withSchedule({ endsAt: '2026-11-02T00:00' }, { isPartial: true }));
    pass(network, HOUR);
    expect(network.incidents()).toEqual([]);
  });

  test('of a schedule without a manager pages the catch-all', () => {
    const topo = withSchedule({ endsAt: '2026-11-03T00:00' }, { managerIds: [] });
    const network = new Network(topo);
    pass(network, MINUTE);
    expect(network.pageList()).toEqual(['second opened']);
    expect(START).toBeLessThan(network.now);
  });
});

describe('grading rules for faults of no device', () => {
  test('come first, and not where the configuration has rules of its own for them', () => {
    const own = {
      ...RULES[0]!,
      id: 'own',
      when: { ...RULES[0]!.when, faultKinds: ['cover-gap' as const] },
    };
    const ids = (rules: typeof RULES) => withServiceRules(rules).map(({ id }) => id);
    expect(ids([])).toContain('service-cover-gap');
    expect(ids([own])).not.toContain('service-cover-gap');
    expect(ids(RULES).at(-1)).toBe(RULES.at(-1)!.id);
  });
});
