import { describe, expect, it } from 'vitest';
import {
  type BatteryReading,
  forecastPower,
  noDischarge,
  type PowerForecast,
} from '../../collector/power-forecast.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { pollOf, valuesOf } from './full-poll-fixtures.ts';

const NOTHING: BatteryReading = {
  onBattery: true,
  runtimeMs: null,
  chargeRatio: null,
  loadRatio: null,
  busVolts: null,
};

/** Polls every 30 s for so many minutes; `at` tells what is read after so many. */
function run(
  minutes: number,
  at: (minute: number) => Partial<BatteryReading>,
): PowerForecast | null {
  const memory = noDischarge();
  let last: PowerForecast | null = null;
  for (let second = 0; second <= minutes * 60; second += 30) {
    last = forecastPower(memory, { ...NOTHING, ...at(second / 60) }, second * SECOND);
  }
  return last;
}

const inMinutes = (forecast: PowerForecast | null) =>
  forecast === null
    ? null
    : [forecast.lowMs, forecast.likelyMs, forecast.highMs].map((ms) => Math.round(ms / MINUTE));

describe('minutes to dark', () => {
  it('are what the system estimates, with the error such estimates have', () => {
    const forecast = run(0, () => ({ runtimeMs: 30 * MINUTE }));
    expect(forecast).toMatchObject({ onBattery: true, basis: 'reported' });
    expect(inMinutes(forecast)).toEqual([21, 30, 36]);
  });

  it('on mains are what it would last if the mains failed now', () => {
    const forecast = run(0, () => ({ onBattery: false, runtimeMs: 30 * MINUTE }));
    expect(forecast).toMatchObject({ onBattery: false, basis: 'reported' });
    expect(run(0, () => ({ onBattery: false, chargeRatio: 1 }))).toBeNull();
  });

  it('follow the charge where nothing is estimated: 1 % a minute from 90 % is 90 minutes', () => {
    const forecast = run(10, (minute) => ({ chargeRatio: 1 - minute / 100 }));
    expect(forecast?.basis).toBe('discharge');
    expect(inMinutes(forecast)).toEqual([82, 90, 99]);
  });

  it('halve when the load doubles after the charge was measured', () => {
    const steady = run(10, (minute) => ({ chargeRatio: 1 - minute / 100, loadRatio: 0.3 }));
    const doubled = run(10, (minute) => ({
      chargeRatio: 1 - minute / 100,
      loadRatio: minute < 10 ? 0.3 : 0.6,
    }));
    expect(doubled!.likelyMs / steady!.likelyMs).toBeCloseTo(0.5, 1);
  });

  it('are those of the discharge once it proves less than reported, and span what both say', () => {
    // A battery that has aged: full it lasts 20 minutes, and the system still reckons with 60.
    const aged = (minutes: number) =>
      run(minutes, (minute) => ({
        runtimeMs: (60 - minute) * MINUTE,
        chargeRatio: 1 - minute / 20,
      }));
    const late = aged(8)!;
    expect(late).toMatchObject({ basis: 'reported-and-discharge', reportDoubt: 'too-long' });
    expect(late.reportedMs).toBe(52 * MINUTE);
    expect(late.likelyMs / MINUTE).toBeCloseTo(12, 0);
    expect(late.lowMs).toBeLessThanOrEqual(12 * MINUTE);
    expect(late.highMs).toBeGreaterThanOrEqual(52 * MINUTE);
  });

  it('are those reported while the charge has hardly fallen, or falls in steps that tell little', () => {
    const slow = run(4, (minute) => ({
      runtimeMs: 60 * MINUTE - minute,
      chargeRatio: 1 - minute / 100,
    }))!;
    expect(slow).toMatchObject({ basis: 'reported-and-discharge', reportDoubt: null });
    expect(Math.round(slow.likelyMs / MINUTE)).toBe(60);
    const oneStep = run(3, (minute) => ({
      runtimeMs: 60 * MINUTE - minute,
      chargeRatio: minute < 3 ? 1 : 0.94,
    }))!;
    expect(oneStep.reportDoubt).toBeNull();
  });

  it('are those reported where these are the shorter', () => {
    const forecast = run(8, (minute) => ({
      runtimeMs: (14 - minute) * MINUTE,
      chargeRatio: 1 - minute / 100,
    }))!;
    expect(forecast).toMatchObject({ likelyMs: 6 * MINUTE, reportDoubt: null });
  });

  it('are the shorter of two that agree within their error, and nothing is doubted', () => {
    const forecast = run(10, (minute) => ({
      runtimeMs: (95 - minute) * MINUTE,
      chargeRatio: 1 - minute / 90,
    }))!;
    expect(forecast.reportDoubt).toBeNull();
    expect(Math.round(forecast.likelyMs / MINUTE)).toBe(80);
  });

  it('do not reckon with a report that stands still while the charge falls', () => {
    const frozen = (value: number, minutes: number) =>
      run(minutes, (minute) => ({ runtimeMs: value * MINUTE, chargeRatio: 1 - minute / 50 }))!;
    expect(frozen(240, 2).reportDoubt).toBeNull();
    const long = frozen(240, 10);
    expect(long).toMatchObject({ basis: 'discharge', reportDoubt: 'stale' });
    expect(long.reportedMs).toBe(240 * MINUTE);
    expect(inMinutes(long)).toEqual([36, 40, 44]);
    // Nor with one that is too short: it says nothing either.
    expect(inMinutes(frozen(5, 10))).toEqual([36, 40, 44]);
    // A report that moves again is one again.
    const moved = run(10, (minute) => ({
      runtimeMs: (minute < 9 ? 30 : 20) * MINUTE,
      chargeRatio: 1 - minute / 50,
    }))!;
    expect(moved).toMatchObject({ likelyMs: 20 * MINUTE, reportDoubt: null });
  });

  it('reckon with a report that stands still while the charge does', () => {
    const forecast = run(30, () => ({ runtimeMs: 240 * MINUTE, chargeRatio: 1 }));
    expect(forecast).toMatchObject({ basis: 'reported', reportDoubt: null });
  });

  it('of a plant that reports the same while its bus falls come from the bus', () => {
    const forecast = run(10, (minute) => ({
      runtimeMs: 480 * MINUTE,
      busVolts: 49 - minute * 0.1,
    }));
    expect(forecast).toMatchObject({ basis: 'voltage', reportDoubt: 'stale' });
    expect(inMinutes(forecast)).toEqual([19, 34, 48]);
  });

  it('say less surely what readings in steps say less surely', () => {
    const smooth = run(6, (minute) => ({ chargeRatio: 1 - minute / 100 }))!;
    const stepped = run(6, (minute) => ({ chargeRatio: 1 - Math.floor(minute / 3) * 0.03 }))!;
    const spread = ({ lowMs, highMs }: PowerForecast) => highMs / lowMs;
    expect(spread(stepped)).toBeGreaterThan(spread(smooth));
  });

  it('of a 48 V plant come from the fall towards its disconnect', () => {
    const forecast = run(10, (minute) => ({ busVolts: 49 - minute * 0.1 }));
    expect(forecast?.basis).toBe('voltage');
    expect(inMinutes(forecast)).toEqual([19, 34, 48]);
  });

  it('are unknown where nothing tells, or nothing has fallen yet', () => {
    expect(run(10, () => ({}))).toBeNull();
    expect(run(10, () => ({ chargeRatio: 0.98 }))).toBeNull();
    expect(run(1, (minute) => ({ chargeRatio: 1 - minute / 10 }))).toBeNull();
  });

  it('begin anew with each discharge', () => {
    const memory = noDischarge();
    for (let minute = 0; minute <= 10; minute += 1) {
      forecastPower(memory, { ...NOTHING, chargeRatio: 1 - minute / 20 }, minute * MINUTE);
    }
    forecastPower(memory, { ...NOTHING, onBattery: false, chargeRatio: 0.5 }, 11 * MINUTE);
    expect(forecastPower(memory, { ...NOTHING, chargeRatio: 0.5 }, 12 * MINUTE)).toBeNull();
  });
});

describe('a poll of a UPS', () => {
  const UPS = '1.3.6.1.2.1.33.1';

  it('exports the forecast with its bounds', async () => {
    const poll = await pollOf({
      [`${UPS}.1.2.0`]: 'Model',
      [`${UPS}.2.1.0`]: 2,
      [`${UPS}.2.2.0`]: 30,
      [`${UPS}.2.3.0`]: 40,
      [`${UPS}.2.4.0`]: 90,
      [`${UPS}.3.3.1.3.1`]: 0,
      [`${UPS}.4.1.0`]: 5,
    }).poll();
    expect(valuesOf(poll, 'power_forecast_seconds')).toEqual({
      low: 1680,
      likely: 2400,
      high: 2880,
    });
    expect(poll.evaluation?.forecast).toMatchObject({ onBattery: true, basis: 'reported' });
  });

  it('whose runtime stands still is graded by its discharge, and says what it reports', async () => {
    const ups = pollOf({
      [`${UPS}.1.2.0`]: 'Model',
      [`${UPS}.2.1.0`]: 2,
      [`${UPS}.2.2.0`]: 30,
      [`${UPS}.2.3.0`]: 90,
      [`${UPS}.2.4.0`]: 100,
      [`${UPS}.3.3.1.3.1`]: 0,
      [`${UPS}.4.1.0`]: 5,
    });
    const told = async (charge: number) => {
      ups.set(`${UPS}.2.4.0`, charge);
      const { evaluation } = await ups.poll();
      return evaluation!;
    };
    const first = (await told(100)).conditions[0]!;
    expect(first).toMatchObject({ kind: 'on-battery', facts: { batteryMinutes: 90 } });
    expect(first.text.en).toBe('the load runs on battery');
    for (const charge of [95, 90, 85]) await told(charge);
    const last = await told(80);
    const [condition] = last.conditions;
    expect(condition?.facts.batteryMinutes).toBeCloseTo(16);
    expect(condition?.text).toEqual({
      en: 'the load runs on battery; the 90 min that it reports stand still while the battery runs down',
      'zh-CN': '负载由电池供电；设备上报的 90 分钟在电量下降时一直未变，不予采信',
    });
    // The reading stays what was sent.
    const runtime = last.readings.find(({ metric }) => metric.endsWith('power_runtime_seconds'));
    expect(runtime).toMatchObject({ value: 5400, source: { raw: 90 } });
    expect(last.forecast).toMatchObject({ reportedMs: 90 * MINUTE, reportDoubt: 'stale' });
  });
});
