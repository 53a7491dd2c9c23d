import { describe, expect, it } from 'vitest';
import { pollOf, valuesOf, wrongThings } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';
import { CHARGE, INPUT_VOLTS, LOAD, MINUTES, SECONDS, SOURCE, STATUS, UPS } from './ups-objects.ts';

const ON_BATTERY: Readonly<Record<string, Plain>> = {
  [STATUS]: 2,
  [SECONDS]: 30,
  [MINUTES]: 40,
  [CHARGE]: 90,
  [INPUT_VOLTS]: 0,
  [SOURCE]: 5,
  [LOAD]: 45,
};
const OUT = 'output output-overload critical';
const ON = 'battery on-battery warning';
const LOW = 'battery battery-low warning';
const NEARLY_EMPTY = 'battery battery-low critical';

describe('limits of the normal power model, whatever the maker', () => {
  it('tell minutes, charge and words with the fault', async () => {
    const poll = await pollOf({ ...ON_BATTERY, [MINUTES]: 4, [CHARGE]: 18 }).poll();
    const low = poll.evaluation!.conditions.find(({ kind }) => kind === 'battery-low');
    expect(low).toEqual({
      component: 'battery',
      kind: 'battery-low',
      level: 'critical',
      text: { en: 'the battery is nearly empty', 'zh-CN': '电池即将耗尽' },
      facts: { port: null, batteryMinutes: 4, chargeRatio: 0.18, value: 240 },
    });
  });

  it('do not judge a battery that bears no load', async () => {
    const recharging = { ...ON_BATTERY, [SOURCE]: 3, [SECONDS]: 0, [INPUT_VOLTS]: 230 };
    expect(wrongThings(await pollOf({ ...recharging, [MINUTES]: 3, [CHARGE]: 8 }).poll())).toEqual(
      [],
    );
  });

  it.each([
    [24, [ON, NEARLY_EMPTY], { '': 0 }],
    [25, [ON, LOW], {}],
    [96, [ON], {}],
  ])('at a charge of %i percent and 0 minutes give %j', async (charge, faults, seconds) => {
    const poll = await pollOf({
      '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.318.1.3.27',
      '1.3.6.1.4.1.318.1.1.1.4.1.1.0': 3,
      '1.3.6.1.4.1.318.1.1.1.2.1.2.0': 900,
      '1.3.6.1.4.1.318.1.1.1.2.2.1.0': charge,
      '1.3.6.1.4.1.318.1.1.1.2.2.3.0': 0,
    }).poll();
    expect(wrongThings(poll)).toEqual(faults);
    expect(valuesOf(poll, 'power_runtime_seconds')).toEqual(seconds);
    const minutes = poll.evaluation!.conditions.map(({ facts }) => facts.batteryMinutes);
    expect(new Set(minutes)).toEqual(new Set([charge === 24 ? 0 : null]));
  });

  it('leave a fault that stands as it was while its value is not told, and end it with the outage', async () => {
    const ups = pollOf({ ...ON_BATTERY, [MINUTES]: 65_535, [CHARGE]: 18 });
    expect(wrongThings(await ups.poll())).toEqual([ON, NEARLY_EMPTY]);
    ups.set(CHARGE, 255);
    const untold = await ups.poll();
    expect(valuesOf(untold, 'power_charge_ratio')).toEqual({});
    expect(untold.evaluation!.unreadComponents).toContain('battery');
    ups.set(CHARGE, 22);
    expect(wrongThings(await ups.poll())).toEqual([ON, NEARLY_EMPTY]);
    ups.set(CHARGE, 255);
    ups.set(SOURCE, 3);
    ups.set(SECONDS, 0);
    ups.set(INPUT_VOLTS, 230);
    const over = await ups.poll();
    expect(wrongThings(over)).toEqual([]);
    expect(over.evaluation!.unreadComponents).not.toContain('battery');
  });

  it('take nothing back because a card has lost its UPS', async () => {
    const APC = '1.3.6.1.4.1.318.1.1.1';
    const ups = pollOf({
      '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.318.1.3.27',
      [`${APC}.4.1.1.0`]: 3,
      [`${APC}.2.1.2.0`]: 900,
      [`${APC}.2.3.1.0`]: 150,
      [`${APC}.4.3.3.0`]: 1010,
      [`${APC}.8.1.0`]: 1,
    });
    expect(wrongThings(await ups.poll())).toEqual([ON, NEARLY_EMPTY, OUT]);
    ups.set(`${APC}.8.1.0`, 2);
    const lost = await ups.poll();
    expect(wrongThings(lost)).toEqual(['card power-supply warning']);
    expect(lost.evaluation!.unreadComponents).toEqual(
      expect.arrayContaining(['battery', 'output']),
    );
    ups.set(`${APC}.8.1.0`, 1);
    ups.set(`${APC}.2.3.1.0`, 230);
    ups.set(`${APC}.4.3.3.0`, 960);
    expect(wrongThings(await ups.poll())).toEqual([ON, NEARLY_EMPTY, OUT]);
  });

  it('do not call rectifiers overloaded that give all they can to charge batteries', async () => {
    const poll = await pollOf({
      '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.2011.6.164.1',
      '1.3.6.1.4.1.2011.6.164.1.3.1.10.0': 100,
      '1.3.6.1.4.1.2011.6.164.1.6.1.3.0': 540,
      '1.3.6.1.4.1.2011.6.164.1.4.2.3.0': 2,
    }).poll();
    expect(valuesOf(poll, 'power_load_ratio')).toEqual({ total: 1 });
    expect(wrongThings(poll)).toEqual([]);
  });
});

describe('a battery that is too warm', () => {
  const batteries: Readonly<Record<string, Readonly<Record<string, Plain>>>> = {
    'UPS-MIB': { [SOURCE]: 3, [`${UPS}.2.7.0`]: 52 },
    APC: {
      '1.3.6.1.4.1.318.1.1.1.4.1.1.0': 2,
      '1.3.6.1.4.1.318.1.1.1.2.2.2.0': 52,
      '1.3.6.1.4.1.318.1.1.1.2.3.2.0': 521,
      [`${UPS}.2.7.0`]: 52,
    },
    MGE: { '1.3.6.1.4.1.705.1.7.3.0': 2, '1.3.6.1.4.1.705.1.5.7.0': 52 },
    Delta: {
      '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.2254.2.4',
      '1.3.6.1.4.1.2254.2.4.5.1.0': 0,
      '1.3.6.1.4.1.2254.2.4.7.9.0': 52,
    },
    Eltek: {
      '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.12148.10',
      '1.3.6.1.4.1.12148.10.2.3.0': 1,
      '1.3.6.1.4.1.12148.10.10.7.5.0': 52,
      '1.3.6.1.4.1.12148.10.10.18.3.1.6.1': 52,
    },
    'a Huawei plant': {
      '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.2011.6.164.1',
      '1.3.6.1.4.1.2011.6.164.1.4.2.3.0': 1,
      '1.3.6.1.4.1.2011.6.164.1.4.4.2.1.6.1': 521,
      '1.3.6.1.4.1.2011.6.164.1.4.4.2.1.6.2': 210,
    },
    'a large Huawei UPS': {
      '1.3.6.1.4.1.2011.6.174.1.2.101.1.1.1': 3,
      '1.3.6.1.4.1.2011.6.174.1.6.100.1.6.1': 521,
    },
  };

  it.each(Object.keys(batteries))('is one fault of %s, in two languages', async (maker) => {
    const device = pollOf(batteries[maker]!);
    await device.poll();
    const { conditions } = (await device.poll()).evaluation!;
    expect(conditions.map(({ component, kind, level }) => [component, kind, level])).toEqual([
      ['battery', 'temperature', 'critical'],
    ]);
    expect(conditions[0]!.text.en).toMatch(/batter.*52(\.1)? °C/);
    expect(conditions[0]!.text['zh-CN']).toMatch(/^[^A-Za-z]*52(\.1)? °C$/);
  });

  it('is judged by the device itself where it does', async () => {
    const device = pollOf({
      '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.12148.10',
      '1.3.6.1.4.1.12148.10.2.3.0': 1,
      '1.3.6.1.4.1.12148.10.10.7.5.0': 41,
      '1.3.6.1.4.1.12148.10.10.7.1.0': 1,
    });
    for (let polls = 0; polls < 3; polls += 1) await device.poll();
    expect(wrongThings(await device.poll())).toEqual([]);
  });
});
