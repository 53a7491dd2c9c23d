import { expect, test } from 'vitest';
import { Engine } from '../../alerting/engine.ts';
import { emptyState } from '../../alerting/state.ts';
import type { Condition, Observation } from '../../collector/observation.ts';
import { NO_FACTS } from '../../collector/observation.ts';
import { NO_TEXT, say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { rule, START, topology } from './network.ts';

const DEVICES = 24;
const PER_TICK = 5;
const ids = Array.from({ length: DEVICES }, (_, index) => `sw-${index}`);

/** As many incidents as devices, each of a temperature that is graded worse after a minute. */
function story(incidentsPerTick: number) {
  const engine = new Engine(emptyState(), incidentsPerTick);
  const [core] = topology().devices;
  const gradingRules = [
    rule('hot-for-long', 2, { faultKinds: ['temperature'] }, MINUTE),
    rule('hot', 4, { faultKinds: ['temperature'] }),
  ];
  const devices = ids.map((id) => ({ ...core!, id, name: id }));
  const topo = topology({ devices, redundancyGroups: [], gradingRules });
  const ticks: { readonly graded: number; readonly at: number }[] = [];
  let now = START;
  const look = (inputs: Parameters<Engine['tick']>[0]) => {
    for (let hasMore = true, pending = inputs; hasMore; pending = []) {
      const result = engine.tick(pending, now);
      ({ hasMore } = result);
      const graded = result.events.filter(({ type }) => type === 'incident-graded').length;
      ticks.push({ graded, at: now });
    }
  };
  look([
    { kind: 'started', version: 'test', runId: 'run' },
    { kind: 'topology', topology: topo },
  ]);
  for (let passed = 0; passed < 90 * SECOND; passed += 30 * SECOND) {
    now += SECOND;
    look([
      { kind: 'lease' },
      ...ids.map((id) => ({ kind: 'observation' as const, observation: hot(id, now) })),
    ]);
    for (let second = 0; second < 29; second += 1) {
      now += SECOND;
      look([{ kind: 'lease' }]);
    }
  }
  return { engine, ticks };
}

function hot(deviceId: string, at: number): Observation {
  const text = say('too hot', '温度过高');
  const condition: Condition = {
    ...{ component: 'part', kind: 'temperature', level: 'critical', text },
    facts: NO_FACTS,
  };
  return {
    ...{ deviceId, kind: 'full', outcome: 'ok', detail: NO_TEXT, startedAt: at, finishedAt: at },
    ...{ rttMs: 1, sysUpTimeTicks: null, conditions: [condition], unreadComponents: [] },
  };
}

test('a look at many incidents takes several ticks of few each, and leads to the same within the second', () => {
  const whole = story(Number.POSITIVE_INFINITY);
  const sliced = story(PER_TICK);
  const upgrades = ({ ticks }: ReturnType<typeof story>) =>
    ticks.filter(({ graded }) => graded > 0);
  expect(upgrades(whole).map(({ graded }) => graded)).toEqual([DEVICES]);
  expect(Math.max(...upgrades(sliced).map(({ graded }) => graded))).toBeLessThanOrEqual(PER_TICK);
  expect(upgrades(sliced).reduce((sum, { graded }) => sum + graded, 0)).toBe(DEVICES);
  expect(new Set(upgrades(sliced).map(({ at }) => at))).toEqual(new Set([upgrades(whole)[0]!.at]));
  const seen = ({ engine: { state } }: ReturnType<typeof story>) => [
    ...[...state.incidents.values()].map(({ id, rootFaultKey, tier }) => [id, rootFaultKey, tier]),
    ...[...state.pages.keys()].sort(),
  ];
  expect(seen(sliced)).toEqual(seen(whole));
});
