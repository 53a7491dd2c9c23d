import { expect } from 'vitest';
import type { Observation } from '../../collector/observation.ts';
import { FORGED } from '../../lab/hostile/modes/replies.ts';
import type { HostileRig } from './rig.ts';

const PORTS = [1, 2, 3, 4].map((port) => `Gi0/${port}`);

/** The last poll told the truth, all of it, and nothing else is shown. */
export function expectTruth(rig: HostileRig, observation: Observation): void {
  expect(observation).toMatchObject({ outcome: 'ok', unreadComponents: [] });
  expect(rig.detail.lastDetail.en).toBe('');
  expect(rig.detail).toMatchObject({ sysName: 'honest', sysDescr: 'a switch that is asked' });
  expect(rig.detail.ports.map(({ name }) => name)).toEqual(PORTS);
  expect(Object.values(rig.series('interface_oper_status'))).toEqual([1, 1, 1, 1]);
  expect(rig.series('power_charge_ratio')).toEqual({ '': 0.97 });
  expect(rig.shown).not.toContain(FORGED);
}

/** Nothing of the last poll counted, and nothing is shown of it. */
export function expectNothing(
  rig: HostileRig,
  observation: Observation,
  outcome: Observation['outcome'] = 'timeout',
): void {
  expect(observation.outcome).toBe(outcome);
  expect(observation.conditions).toBeNull();
  expect(rig.detail).toMatchObject({ sysName: null, ports: [], readings: [] });
  expect(rig.exposition().series.size).toBe(0);
  expect(rig.shown).not.toContain(FORGED);
}
