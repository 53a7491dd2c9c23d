import { describe, expect, it } from 'vitest';
import { timestampOf } from '../../collector/told-date.ts';
import { pollOf, valuesOf, wrongThings } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const APC = '1.3.6.1.4.1.318.1.1.1';
const STATUS = `${APC}.4.1.1.0`;
const ON_BATTERY_TICKS = `${APC}.2.1.2.0`;
const INPUT_TENTHS = `${APC}.3.3.1.0`;
const RUNTIME_TICKS = `${APC}.2.2.3.0`;
const REPLACE = `${APC}.2.2.4.0`;
const CONTACT = `${APC}.8.1.0`;

const APC_ON_MAINS: Readonly<Record<string, Plain>> = {
  '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.318.1.3.27',
  [`${APC}.1.1.1.0`]: 'Smart-UPS X 750',
  [`${APC}.2.1.1.0`]: 2,
  [ON_BATTERY_TICKS]: 0,
  [`${APC}.2.1.3.0`]: '06/24/2021',
  [`${APC}.2.2.1.0`]: 99,
  [`${APC}.2.3.1.0`]: 994,
  [RUNTIME_TICKS]: 360_000,
  [REPLACE]: 1,
  [INPUT_TENTHS]: 2301,
  [STATUS]: 2,
  [`${APC}.4.3.3.0`]: 431,
  [CONTACT]: 1,
};

describe('an APC UPS', () => {
  it('tells the normal model in base units, the finer reading first', async () => {
    const poll = await pollOf(APC_ON_MAINS).poll();
    expect(wrongThings(poll)).toEqual([]);
    expect(valuesOf(poll, 'power_charge_ratio')).toEqual({ '': 0.994 });
    expect(valuesOf(poll, 'power_runtime_seconds')).toEqual({ '': 3600 });
    expect(valuesOf(poll, 'power_input_volts')).toEqual({ 1: 230.1 });
    expect(valuesOf(poll, 'power_load_ratio')).toEqual({ 1: 0.431 });
    expect(valuesOf(poll, 'power_on_battery')).toEqual({ '': 0 });
    expect(valuesOf(poll, 'power_battery_replaced_timestamp_seconds')).toEqual({
      '': Date.UTC(2021, 5, 24, 12) / 1000,
    });
  });

  it('is on battery when state and time agree, and not by its state alone', async () => {
    const alone = await pollOf({ ...APC_ON_MAINS, [STATUS]: 3 }).poll();
    expect(wrongThings(alone)).toEqual([]);
    const agreed = await pollOf({ ...APC_ON_MAINS, [STATUS]: 3, [ON_BATTERY_TICKS]: 900 }).poll();
    expect(wrongThings(agreed)).toEqual(['battery on-battery warning']);
    expect(agreed.evaluation?.conditions[0]?.facts).toMatchObject({
      batteryMinutes: expect.closeTo(60),
      chargeRatio: 0.994,
    });
  });

  it('in a battery test is not on battery', async () => {
    const testing = { ...APC_ON_MAINS, [STATUS]: 15, [ON_BATTERY_TICKS]: 900 };
    expect(wrongThings(await pollOf(testing).poll())).toEqual([]);
  });

  it('behind a card that has lost it is unknown: nothing shown, raised or taken back', async () => {
    const ups = pollOf({ ...APC_ON_MAINS, [REPLACE]: 2 });
    expect(wrongThings(await ups.poll())).toEqual(['battery replace-battery warning']);
    ups.set(CONTACT, 2);
    ups.set(REPLACE, 1);
    ups.set(STATUS, 3);
    const lost = await ups.poll();
    expect(wrongThings(lost)).toEqual(['card power-supply warning']);
    expect(lost.evaluation?.unreadComponents).toContain('battery');
    for (const metric of ['power_charge_ratio', 'power_on_battery', 'power_input_volts']) {
      expect(valuesOf(lost, metric), metric).toEqual({});
    }
    ups.set(CONTACT, 1);
    ups.set(STATUS, 2);
    const back = await ups.poll();
    expect(wrongThings(back)).toEqual([]);
    expect(valuesOf(back, 'power_charge_ratio')).toEqual({ '': 0.994 });
  });
});

describe('a Huawei site', () => {
  const HW = '1.3.6.1.4.1.2011.6.164.1';
  const site: Readonly<Record<string, Plain>> = {
    '1.3.6.1.2.1.1.2.0': 'oid:1.3.6.1.4.1.2011.6.164.1.2',
    [`${HW}.1.1.3.0`]: 1,
    [`${HW}.4.2.3.0`]: 3,
    [`${HW}.5.2.1.1.4.1`]: 2312,
    [`${HW}.6.1.3.0`]: 535,
    [`${HW}.4.4.2.1.3.5`]: 780,
  };

  it('that discharges with mains and full bus is in a test; without mains it is on battery', async () => {
    expect(wrongThings(await pollOf(site).poll())).toEqual([]);
    const dark = await pollOf({ ...site, [`${HW}.5.2.1.1.4.1`]: 0 }).poll();
    expect(wrongThings(dark)).toEqual(['battery on-battery warning']);
    expect(valuesOf(dark, 'power_dc_volts')).toEqual({ '': 53.5 });
    expect(dark.evaluation?.conditions[0]?.facts.chargeRatio).toBe(0.78);
  });
});

describe('a day that a device tells', () => {
  const told = (text: string) => timestampOf(Buffer.from(text, 'latin1'));
  const noon = (year: number, month: number, day: number) =>
    Date.UTC(year, month - 1, day, 12) / 1000;

  it('is read in the forms that devices use', () => {
    expect(told('06/24/2021')).toBe(noon(2021, 6, 24));
    expect(told('06/24/21')).toBe(noon(2021, 6, 24));
    expect(told('11/02/98')).toBe(noon(1998, 11, 2));
    expect(told('2021-06-24')).toBe(noon(2021, 6, 24));
    expect(timestampOf(Uint8Array.from([7, 229, 6, 24, 10, 0, 0, 0]))).toBe(noon(2021, 6, 24));
  });

  it('is none when there is no such day', () => {
    for (const text of ['', 'Unknown', '13/41/2021', '02/30/2021', '0000-00-00', 'abcdefgh']) {
      expect(told(text), text).toBeNull();
    }
  });
});
