import { expect, it } from 'vitest';
import { pollOf, valuesOf, wrongThings } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const STANDARD = '1.3.6.1.2.1.33.1';
const XUPS = '1.3.6.1.4.1.534.1';
const MGE = '1.3.6.1.4.1.705.1';
const APC = '1.3.6.1.4.1.318.1.1.1';
const LOST = ['card power-supply warning'];

/** A battery that runs down, as UPS-MIB has it. */
const STANDARD_LOW: Readonly<Record<string, Plain>> = {
  [`${STANDARD}.2.1.0`]: 3,
  [`${STANDARD}.2.2.0`]: 900,
  [`${STANDARD}.2.4.0`]: 15,
  [`${STANDARD}.3.3.1.3.1`]: 0,
  [`${STANDARD}.4.1.0`]: 5,
  [`${STANDARD}.4.4.1.5.1`]: 104,
};
const STANDARD_FAULTS = [
  'battery battery-low critical',
  'battery on-battery warning',
  'output output-overload critical',
];

/** One maker's MIB beside UPS-MIB on the same card, and how either tells that the UPS is lost. */
const CARDS: readonly [string, Readonly<Record<string, Plain>>, Readonly<Record<string, Plain>>][] =
  [
    [
      'APC tells it',
      {
        '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.318.1.3.27',
        [`${APC}.4.1.1.0`]: 3,
        [`${APC}.2.1.2.0`]: 90_000,
        [`${APC}.2.2.1.0`]: 15,
        [`${APC}.8.1.0`]: 1,
      },
      { [`${APC}.8.1.0`]: 2 },
    ],
    [
      'an alarm of Eaton tells it',
      {
        '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.534.1',
        [`${XUPS}.4.5.0`]: 5,
        [`${XUPS}.2.5.0`]: 2,
        [`${XUPS}.7.1.0`]: 0,
      },
      { [`${XUPS}.7.1.0`]: 1, [`${XUPS}.7.2.1.2.1`]: `oid:${XUPS}.7.26` },
    ],
    [
      'an alarm of UPS-MIB tells it on a card of MGE',
      {
        '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.705.1',
        [`${MGE}.7.3.0`]: 1,
        [`${MGE}.7.7.0`]: 1,
        [`${MGE}.5.2.0`]: 15,
        [`${STANDARD}.6.1.0`]: 0,
      },
      { [`${STANDARD}.6.1.0`]: 1, [`${STANDARD}.6.2.1.2.1`]: `oid:${STANDARD}.6.3.20` },
    ],
  ];

it.each(CARDS)('what a card says of a lost UPS is old in every MIB: %s', async (_, own, lost) => {
  const card = pollOf({ ...STANDARD_LOW, ...own, '1.3.6.1.2.1.2.2.1.8.1': 1 });
  expect(wrongThings(await card.poll()).sort()).toEqual(STANDARD_FAULTS);
  for (const [oid, value] of Object.entries(lost)) card.set(oid, value);
  const poll = await card.poll();
  expect(wrongThings(poll)).toEqual(LOST);
  const told = poll.evaluation!.samples.map(({ metric }) => metric.name);
  expect(told.filter((name) => name.startsWith('threenines_power_'))).toEqual([]);
  expect(poll.evaluation!.unreadComponents).toEqual(expect.arrayContaining(['battery', 'output']));
});

it('what the card itself measures, and its ports, go on', async () => {
  const card = pollOf({
    ...STANDARD_LOW,
    '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.318.1.3.27',
    [`${APC}.1.1.0`]: 'Smart-UPS',
    [`${APC}.8.1.0`]: 2,
    '1.3.6.1.4.1.318.1.1.25.1.2.1.3.1.1': 'Rack',
    '1.3.6.1.4.1.318.1.1.25.1.2.1.6.1.1': 24,
  });
  const poll = await card.poll();
  expect(valuesOf(poll, 'sensor_celsius')).toEqual({ Rack: 24 });
  expect(valuesOf(poll, 'power_charge_ratio')).toEqual({});
});
