import { expect, it } from 'vitest';
import type { Condition } from '../../collector/observation.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE } from '../../lib/time.ts';
import { defaultRules } from '../config/default-rules.ts';
import { Network, topology } from './network.ts';

const bad = (en: string): Partial<Condition> => ({
  component: 'path',
  kind: 'path-quality',
  level: 'warning',
  text: say(en, en),
});

const LOSS = bad('packet loss 12 %, standard 1 %');
const NORTH = ['agg-1', 'acc-1', 'acc-2'];

function network() {
  const one = new Network(topology({ gradingRules: defaultRules() }));
  one.run(2 * MINUTE);
  return one;
}

it('one bad path is of tier 4 after ten minutes, and its words follow the measures, not their figures', () => {
  const one = network();
  one.setConditions('acc-1', [LOSS]);
  one.run(9 * MINUTE);
  expect(one.incidents()).toEqual([]);
  one.run(2 * MINUTE);
  expect(one.incidents()).toMatchObject([
    { tier: 4, evidence: { ruleId: 's4-8-path-below-standard', inputs: { sitePathsPercent: 33 } } },
  ]);
  const told = () => one.state.faults.get('acc-1/path/path-quality')?.text.en;
  one.setConditions('acc-1', [bad('packet loss 14.5 %, standard 1 %')]);
  one.run(MINUTE);
  expect(told()).toBe('packet loss 12 %, standard 1 %');
  const both = 'packet loss 14.5 %, standard 1 %; jitter 80 ms, standard 30 ms';
  one.setConditions('acc-1', [bad(both)]);
  one.run(MINUTE);
  expect(told()).toBe(both);
  expect(one.incidents()).toHaveLength(1);
  expect(one.liveText()).toBe(one.replayedText());
});

it('the bad paths of a whole site are one incident of tier 3', () => {
  const one = network();
  for (const id of NORTH) one.setConditions(id, [LOSS]);
  one.run(7 * MINUTE);
  const [incident, ...more] = one.incidents();
  expect(more).toEqual([]);
  expect(incident).toMatchObject({
    tier: 3,
    evidence: { ruleId: 's3-11-all-paths-of-a-site', inputs: { sitePathsPercent: 100 } },
  });
  expect([...incident!.members.values()].sort()).toEqual(['root', 'same-site', 'same-site']);
  expect(incident!.evidence.sentence).toMatchObject({
    en: expect.stringContaining('the paths to all devices at site north are below their standards'),
    'zh-CN': expect.stringContaining('站点 north 所有设备的链路质量均低于标准'),
  });
  for (const id of NORTH) one.setConditions(id, []);
  one.run(10 * MINUTE);
  expect(one.incidents().map(({ resolvedAt }) => resolvedAt !== null)).toEqual([true]);
  expect(one.liveText()).toBe(one.replayedText());
});

it('one path that turns bad last raises the incident that there is', () => {
  const one = network();
  one.setConditions('acc-1', [LOSS]);
  one.run(12 * MINUTE);
  expect(one.incidents()).toMatchObject([{ tier: 4 }]);
  for (const id of NORTH) one.setConditions(id, [LOSS]);
  one.run(7 * MINUTE);
  expect(one.incidents()).toMatchObject([{ tier: 3, rootDeviceId: 'acc-1' }]);
});
