import { describe, expect, it } from 'vitest';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { pollOf, valuesOf, wrongThings } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';
import { CHARGE, INPUT_VOLTS, LOAD, MINUTES, SECONDS, SOURCE, STATUS, UPS } from './ups-objects.ts';

const TEST_RESULT = `${UPS}.7.3.0`;
const ALARM = `${UPS}.6.2.1.2.7`;
const alarm = (number: number) => `oid:${UPS}.6.3.${number}`;

const ON_MAINS: Readonly<Record<string, Plain>> = {
  [`${UPS}.1.1.0`]: 'Maker',
  [`${UPS}.1.2.0`]: 'Model 3000',
  [STATUS]: 2,
  [SECONDS]: 0,
  [MINUTES]: 42,
  [CHARGE]: 100,
  [`${UPS}.2.5.0`]: 545,
  [`${UPS}.2.7.0`]: 27,
  [`${UPS}.3.3.1.2.1`]: 500,
  [INPUT_VOLTS]: 231,
  [SOURCE]: 3,
  [`${UPS}.4.4.1.2.1`]: 230,
  [`${UPS}.4.4.1.4.1`]: 1200,
  [LOAD]: 45,
  [TEST_RESULT]: 6,
};

describe('a UPS that speaks RFC 1628', () => {
  it('on mains is well, and its values are in base units', async () => {
    const poll = await pollOf(ON_MAINS).poll();
    expect(wrongThings(poll)).toEqual([]);
    expect(valuesOf(poll, 'power_on_battery')).toEqual({ '': 0 });
    expect(valuesOf(poll, 'power_runtime_seconds')).toEqual({ '': 2520 });
    expect(valuesOf(poll, 'power_charge_ratio')).toEqual({ '': 1 });
    expect(valuesOf(poll, 'power_battery_volts')).toEqual({ '': 54.5 });
    expect(valuesOf(poll, 'power_input_hertz')).toEqual({ 1: 50 });
    expect(valuesOf(poll, 'power_load_ratio')).toEqual({ 1: 0.45 });
    expect(valuesOf(poll, 'power_state')).toEqual({ ups: 0, battery: 0 });
    expect(poll.evaluation?.values.get('upsIdentModel')).toBe('Model 3000');
  });

  it('on battery says so with minutes and charge', async () => {
    const ups = pollOf({ ...ON_MAINS, [SOURCE]: 5, [SECONDS]: 30, [INPUT_VOLTS]: 0 });
    const poll = await ups.poll();
    expect(wrongThings(poll)).toEqual(['battery on-battery warning']);
    expect(poll.evaluation?.conditions[0]?.facts).toEqual({
      port: null,
      batteryMinutes: expect.closeTo(42),
      chargeRatio: 1,
      value: 30,
    });
    expect(valuesOf(poll, 'power_on_battery')).toEqual({ '': 1 });
  });

  it('that claims battery with full mains and 0 s is not believed', async () => {
    expect(wrongThings(await pollOf({ ...ON_MAINS, [SOURCE]: 5 }).poll())).toEqual([]);
  });

  it('that calls its source "other" is believed by the alarm and the seconds', async () => {
    const values = { ...ON_MAINS, [SOURCE]: 1, [SECONDS]: 12, [ALARM]: alarm(2), [INPUT_VOLTS]: 0 };
    expect(wrongThings(await pollOf(values).poll())).toEqual(['battery on-battery warning']);
  });

  it('in a battery test is not on battery', async () => {
    const values = { ...ON_MAINS, [SOURCE]: 5, [SECONDS]: 8, [TEST_RESULT]: 5 };
    expect(wrongThings(await pollOf(values).poll())).toEqual([]);
  });

  it('that runs down is low before it is empty', async () => {
    const ups = pollOf({
      ...ON_MAINS,
      [SOURCE]: 5,
      [SECONDS]: 600,
      [MINUTES]: 14,
      [INPUT_VOLTS]: 0,
    });
    expect(wrongThings(await ups.poll())).toContain('battery battery-low warning');
    ups.set(MINUTES, 4);
    expect(wrongThings(await ups.poll())).toContain('battery battery-low critical');
    ups.set(MINUTES, 6);
    expect(wrongThings(await ups.poll())).toContain('battery battery-low critical');
    ups.set(MINUTES, 7);
    expect(wrongThings(await ups.poll())).toContain('battery battery-low warning');
    ups.set(STATUS, 3);
    expect(wrongThings(await ups.poll())).toContain('battery battery-low critical');
  });

  describe('that says 0 minutes', () => {
    const EMPTY = { [MINUTES]: 0, [CHARGE]: 1, [STATUS]: 4 };
    const ON_BATTERY = { ...ON_MAINS, [SOURCE]: 5, [SECONDS]: 600, [INPUT_VOLTS]: 0 };
    const leftOf = (poll: Awaited<ReturnType<ReturnType<typeof pollOf>['poll']>>) =>
      poll.evaluation?.conditions.map(({ kind, facts }) => [kind, facts.batteryMinutes]);

    it('has none left on battery, and so its forecast', async () => {
      const ups = pollOf({ ...ON_BATTERY, ...EMPTY, [STATUS]: 2, [CHARGE]: 2 });
      const poll = await ups.poll();
      expect(leftOf(poll)).toEqual([
        ['on-battery', 0],
        ['battery-low', 0],
      ]);
      expect(valuesOf(poll, 'power_runtime_seconds')).toEqual({ '': 0 });
      expect(valuesOf(poll, 'power_forecast_seconds')).toEqual({ low: 0, likely: 0, high: 0 });
    });

    it('has none left where it tells no charge either', async () => {
      const ups = pollOf({ ...ON_BATTERY, [MINUTES]: 0, [CHARGE]: 255 });
      expect(leftOf(await ups.poll())).toEqual([
        ['on-battery', 0],
        ['battery-low', 0],
      ]);
    });

    it('has none left while its battery is depleted, also on mains again', async () => {
      const poll = await pollOf({ ...ON_MAINS, ...EMPTY }).poll();
      expect(leftOf(poll)).toEqual([['battery-low', 0]]);
    });

    it.each([
      ['on mains', ON_MAINS],
      ['on battery', ON_BATTERY],
    ])('%s with a charged battery tells nothing by it', async (_, values) => {
      const poll = await pollOf({ ...values, [MINUTES]: 0, [CHARGE]: 96 }).poll();
      expect(valuesOf(poll, 'power_runtime_seconds')).toEqual({});
      expect(leftOf(poll)?.flatMap(([, minutes]) => minutes ?? [])).toEqual([]);
    });
  });

  it('whose numbers mean "not there" gives no such values and no faults', async () => {
    const poll = await pollOf({
      ...ON_MAINS,
      [MINUTES]: 65_535,
      [CHARGE]: 255,
      [`${UPS}.2.7.0`]: 0,
      [`${UPS}.2.5.0`]: 65_535,
      [LOAD]: 4_294_967_295,
    }).poll();
    for (const metric of [
      'runtime_seconds',
      'charge_ratio',
      'battery_celsius',
      'battery_volts',
      'load_ratio',
    ]) {
      expect(valuesOf(poll, `power_${metric}`)).toEqual({});
    }
    expect(wrongThings(poll)).toEqual([]);
  });

  it('that counts in tenths of volts, or in text, is understood', async () => {
    const poll = await pollOf({
      ...ON_MAINS,
      [INPUT_VOLTS]: 2313,
      [CHARGE]: '97',
      [`${UPS}.3.3.1.2.1`]: 4998,
    }).poll();
    expect(valuesOf(poll, 'power_input_volts')).toEqual({ 1: 231.3 });
    expect(valuesOf(poll, 'power_input_hertz')).toEqual({ 1: 49.98 });
    expect(valuesOf(poll, 'power_charge_ratio')).toEqual({ '': 0.97 });
  });

  it.each([
    [1, 'battery replace-battery warning'],
    [6, 'input power-input warning'],
    [8, 'output output-overload critical'],
    [13, 'ups power-supply critical'],
    [16, 'ups fan warning'],
    [20, 'card power-supply warning'],
    [23, 'ups power-supply critical'],
  ])('with alarm %i has: %s', async (number, expected) => {
    expect(wrongThings(await pollOf({ ...ON_MAINS, [ALARM]: alarm(number) }).poll())).toEqual([
      expected,
    ]);
  });

  it('is overloaded at once above its rating, and after a while near it', async () => {
    const ups = pollOf({ ...ON_MAINS, [LOAD]: 104 });
    expect(wrongThings(await ups.poll())).toEqual(['output output-overload critical']);
    ups.set(LOAD, 96);
    expect(wrongThings(await ups.poll())).toEqual(['output output-overload critical']);
    const near = pollOf({ ...ON_MAINS, [LOAD]: 92 });
    expect(wrongThings(await near.poll())).toEqual([]);
    expect(wrongThings(await near.poll())).toEqual([]);
    expect(wrongThings(await near.poll())).toEqual(['output output-overload warning']);
    near.set(LOAD, 86);
    expect(wrongThings(await near.poll())).toEqual(['output output-overload warning']);
    near.set(LOAD, 84);
    expect(wrongThings(await near.poll())).toEqual([]);
  });

  it('whose alarm table cannot be read keeps the conditions that hang on it', async () => {
    const ups = pollOf({ ...ON_MAINS, [ALARM]: alarm(13) });
    expect(wrongThings(await ups.poll())).toEqual(['ups power-supply critical']);
    ups.client.fail = (_, oids) =>
      oids.some((oid) => oid.startsWith(`${UPS}.6.2`))
        ? { failure: 'timeout', detail: POLL_DETAILS.noReply }
        : null;
    const poll = await ups.poll();
    expect(poll.outcome).toBe('ok');
    expect(poll.detail.en).toContain('no reply in time');
    expect(wrongThings(poll)).toEqual([]);
    expect(poll.evaluation?.unreadComponents).toContain('ups');
    ups.client.fail = null;
    expect(wrongThings(await ups.poll())).toEqual(['ups power-supply critical']);
  });
});

describe('a UPS that tells hardly anything', () => {
  it('is not said to be on mains', async () => {
    const poll = await pollOf({ [`${UPS}.1.2.0`]: 'Model 1' }).poll();
    expect(valuesOf(poll, 'power_on_battery')).toEqual({});
  });
});
