import { describe, expect, it } from 'vitest';
import {
  hasRestarted,
  isSteady,
  newDeviceClock,
  stepDeviceClock,
  uptimeStep,
} from '../../collector/device-clock.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';

const WRAP = 2 ** 32;

describe('two readings of sysUpTime', () => {
  it.each([
    ['continues', 100_000, 106_000, MINUTE],
    ['continues', 100_000, 105_700, MINUTE],
    ['continues', 100_000, 106_900, MINUTE],
    ['continues', 100_000, 100_000, 200],
    ['stands', 100_000, 100_000, MINUTE],
    ['restarted', 100_000, 500, MINUTE],
    ['restarted', 500, 180_000, HOUR],
    ['jumped', 100_000, 900_000, MINUTE],
    ['jumped', 900_000, 100_000, MINUTE],
    ['jumped', 100_000, 100_060, MINUTE],
    ['untold', Number.NaN, 500, MINUTE],
    ['untold', 500, Number.NaN, MINUTE],
    ['continues', WRAP - 3000, 3000, MINUTE],
    ['restarted', WRAP - 3000, 1000, MINUTE],
    ['restarted', WRAP - 900_000, 1000, MINUTE],
    ['continues', WRAP - 3000, 357_000, HOUR],
  ])('say that it %s: %d, %d after %d ms', (step, before, now, wallMs) => {
    expect(uptimeStep(before, now, wallMs)).toBe(step);
  });

  it('say nothing about a restart where one is missing', () => {
    expect(hasRestarted(null, 500, MINUTE)).toBe(false);
    expect(hasRestarted(100_000, 500, MINUTE)).toBe(true);
  });
});

describe('the clock of a device', () => {
  it('has begun anew when snmpEngineBoots is another, whatever the uptime says', () => {
    const clock = newDeviceClock();
    stepDeviceClock(clock, 6000, 0, 7);
    expect(stepDeviceClock(clock, 12_000, MINUTE, 7)).toBe('continues');
    expect(stepDeviceClock(clock, 18_000, 2 * MINUTE, null)).toBe('continues');
    expect(stepDeviceClock(clock, 24_000, 3 * MINUTE, 8)).toBe('restarted');
    expect(stepDeviceClock(clock, 30_000, 4 * MINUTE, 1)).toBe('restarted');
  });

  it('is not trusted after three jumps, and trusted again when it has run well', () => {
    const clock = newDeviceClock();
    const steps = [0, 1, 2, 3].map((polls) =>
      stepDeviceClock(clock, 50_000 + polls * 60_000, polls * MINUTE, null),
    );
    expect(steps).toEqual(['untold', 'jumped', 'jumped', 'untold']);
    expect(isSteady(clock)).toBe(false);
    const after = [4, 5, 6].map((polls) =>
      stepDeviceClock(clock, 230_000 + (polls - 3) * 6000, polls * MINUTE, null),
    );
    expect(after.at(-1)).toBe('continues');
    expect(isSteady(clock)).toBe(true);
    expect(stepDeviceClock(clock, 100, 7 * MINUTE, null)).toBe('restarted');
  });

  it('that stands is a cache for five minutes, then no clock', () => {
    const clock = newDeviceClock();
    stepDeviceClock(clock, 6000, 0, null);
    expect(stepDeviceClock(clock, 6000, 30 * SECOND, null)).toBe('stands');
    expect(stepDeviceClock(clock, 12_000, MINUTE, null)).toBe('continues');
    expect(stepDeviceClock(clock, 12_000, 5 * MINUTE, null)).toBe('stands');
    expect(isSteady(clock)).toBe(true);
    expect(stepDeviceClock(clock, 12_000, 6 * MINUTE, null)).toBe('untold');
    expect(isSteady(clock)).toBe(false);
  });
});
