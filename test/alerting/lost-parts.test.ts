import { expect, it } from 'vitest';
import { type Condition, NO_FACTS } from '../../collector/observation.ts';
import { say } from '../../lib/local-text.ts';
import { MINUTE } from '../../lib/time.ts';
import { Network, RULES, rule, topology } from './network.ts';

const dead = (component: string, lost: number): Partial<Condition> => ({
  component,
  kind: 'power-supply',
  level: lost === 4 ? 'critical' : 'warning',
  text: say(
    `${component} failed (${lost} of 4 lost)`,
    `${component} 故障（4 个中失去 ${lost} 个）`,
  ),
  facts: { ...NO_FACTS, parts: { lost, of: 4 } },
});

it('how many parts are lost is kept true in the fault and in what its grade rests on', () => {
  const network = new Network(
    topology({ gradingRules: [...RULES, rule('part', 4, { faultKinds: ['power-supply'] })] }),
  );
  network.run(MINUTE);
  network.setConditions('core-1', [dead('rectifier:1', 1)]);
  network.run(MINUTE);
  expect(network.incidents()[0]?.evidence.sentence.en).toContain('(1 of 4 lost)');
  network.setConditions('core-1', [dead('rectifier:1', 2), dead('rectifier:2', 2)]);
  network.run(MINUTE);
  expect(network.incidents()[0]?.evidence.sentence.en).toContain('(2 of 4 lost)');
  expect(network.state.faults.get('core-1/rectifier:1/power-supply')?.facts.parts).toEqual({
    lost: 2,
    of: 4,
  });
  expect(network.liveText()).toBe(network.replayedText());
});

it('supplies of one device that are lost are one incident that says how many, over a restart too', () => {
  const network = new Network(
    topology({ gradingRules: [...RULES, rule('part', 4, { faultKinds: ['power-supply'] })] }),
  );
  network.run(MINUTE);
  network.setConditions('core-1', [dead('psu:1', 2), dead('psu:2', 2)]);
  network.setConditions('core-2', [dead('psu:1', 1)]);
  network.run(MINUTE);
  const open = () => network.incidents().filter(({ resolvedAt }) => resolvedAt === null);
  const told = () =>
    open().map(({ rootDeviceId, members, evidence }) => [
      rootDeviceId,
      members.size,
      /\(\w+ of \d lost\)/.exec(evidence.sentence.en)?.[0],
    ]);
  expect(told()).toEqual([
    ['core-1', 2, '(2 of 4 lost)'],
    ['core-2', 1, '(1 of 4 lost)'],
  ]);
  // The one that was lost first works again: what is left of the incident is the other.
  network.setConditions('core-1', [dead('psu:2', 1)]);
  network.run(MINUTE);
  expect(open()).toHaveLength(2);
  network.setConditions('core-1', []);
  network.run(2 * MINUTE);
  expect(open().map(({ rootDeviceId }) => rootDeviceId)).toEqual(['core-2']);
  expect(network.liveText()).toBe(network.replayedText());
});
