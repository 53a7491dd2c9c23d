import { expect, it } from 'vitest';
import { pollOf, wrongThings } from './full-poll-fixtures.ts';

const RECTIFIERS = '1.3.6.1.4.1.2011.6.164.1.3.2.2.1.99';
const PLANT = { '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.2011.6.164.1' };

it('one rectifier of four that has failed is a warning that says so, the last one is critical', async () => {
  const device = pollOf({
    ...PLANT,
    ...Object.fromEntries([1, 2, 3, 4].map((row) => [`${RECTIFIERS}.${row}`, 1])),
  });
  expect(wrongThings(await device.poll())).toEqual([]);
  device.set(`${RECTIFIERS}.3`, 2);
  const first = await device.poll();
  expect(wrongThings(first)).toEqual(['rectifier:3 power-supply warning']);
  expect(first.evaluation?.conditions[0]).toMatchObject({
    text: {
      en: expect.stringMatching(/ \(1 of 4 lost\)$/),
      'zh-CN': expect.stringMatching(/（4 个中失去 1 个）$/),
    },
    facts: { parts: { lost: 1, of: 4 } },
  });
  for (const row of [1, 2, 4]) device.set(`${RECTIFIERS}.${row}`, 2);
  const last = await device.poll();
  expect(wrongThings(last)).toEqual([
    ...[1, 2, 3, 4].map((row) => `rectifier:${row} power-supply critical`),
    'rectifiers power-supply critical',
  ]);
  expect(last.evaluation?.conditions[0]?.text.en).toMatch(/ \(all 4 lost\)$/);
});

it('the only supply there is that fails is critical, and what is not fitted does not carry on for it', async () => {
  const state = '1.3.6.1.4.1.9.9.13.1.5.1.3';
  const device = pollOf({ [`${state}.1`]: 3, [`${state}.2`]: 5 });
  expect(wrongThings(await device.poll())).toEqual(['psu:supply 1 power-supply critical']);
});

const ENTITY = '1.3.6.1.2.1.47.1.1.1.1.7';
const FRU = '1.3.6.1.4.1.9.9.117.1.1.2.1';
const ENVMON = '1.3.6.1.4.1.9.9.13.1.5.1';

/** Supplies of one device that two MIBs tell of, and a third place that an operator has switched off. */
function twiceTold(second: { envmon: number; fru: number }) {
  return pollOf({
    [`${ENTITY}.1`]: 'PSU A',
    [`${ENTITY}.2`]: 'PSU B',
    [`${ENTITY}.3`]: 'PSU C',
    [`${ENVMON}.2.1`]: 'PS1',
    [`${ENVMON}.2.2`]: 'PS2',
    [`${ENVMON}.3.1`]: 1,
    [`${ENVMON}.3.2`]: second.envmon,
    [`${FRU}.1.1`]: 1,
    [`${FRU}.1.2`]: 1,
    [`${FRU}.1.3`]: 2,
    [`${FRU}.2.1`]: 2,
    [`${FRU}.2.2`]: second.fru,
    [`${FRU}.2.3`]: 1,
  });
}

it('a dead supply that two MIBs tell of is one fault, and one that is switched off is none', async () => {
  expect(wrongThings(await twiceTold({ envmon: 1, fru: 2 }).poll())).toEqual([]);
  expect(wrongThings(await twiceTold({ envmon: 3, fru: 8 }).poll())).toEqual([
    'psu:supply 2 power-supply warning',
  ]);
});

it('a dead supply that only one of two MIBs tells of is told', async () => {
  expect(wrongThings(await twiceTold({ envmon: 1, fru: 8 }).poll())).toEqual([
    'psu:PSU B power-supply warning',
  ]);
});

it('supplies of a table of all sorts of parts are known by their names, and stand in for none but supplies', async () => {
  const operating = '1.3.6.1.4.1.2636.3.1.13.1';
  const device = pollOf({
    '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.2636.1.1.1.2.143',
    [`${operating}.5.2.1.0.0`]: 'PEM 0',
    [`${operating}.5.2.2.0.0`]: 'PEM 1',
    [`${operating}.5.9.1.0.0`]: 'Routing Engine 0',
    [`${operating}.5.9.2.0.0`]: 'Routing Engine 1',
    [`${operating}.6.2.1.0.0`]: 6,
    [`${operating}.6.2.2.0.0`]: 2,
    [`${operating}.6.9.1.0.0`]: 6,
    [`${operating}.6.9.2.0.0`]: 2,
  });
  expect(wrongThings(await device.poll()).toSorted()).toEqual([
    'part:PEM 0 sensor warning',
    'part:Routing Engine 0 sensor critical',
  ]);
});
