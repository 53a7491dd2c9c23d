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

  it('lean on the discharge the further it has gone, and span what both say', () => {
    const aged = (minutes: number) =>
      run(minutes, (minute) => ({ runtimeMs: 60 * MINUTE, chargeRatio: 1 - minute / 20 }));
    const early = aged(2)!;
    const late = aged(8)!;
    expect(late.basis).toBe('reported-and-discharge');
    expect(early.likelyMs).toBeGreaterThan(late.likelyMs);
    // The battery really lasts 12 more minutes; the estimate of 60 stays within the span.
    expect(late.lowMs).toBeLessThanOrEqual(12 * MINUTE);
    expect(late.highMs).toBeGreaterThanOrEqual(60 * MINUTE);
    expect(late.likelyMs).toBeLessThan(30 * MINUTE);
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
});
