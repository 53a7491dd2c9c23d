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
