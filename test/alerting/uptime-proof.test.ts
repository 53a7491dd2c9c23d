import { describe, expect, it } from 'vitest';
import { proveRun } from '../../alerting/uptime-proof.ts';
import type { Observation } from '../../collector/observation.ts';
import { NO_TEXT } from '../../lib/local-text.ts';

/** Hundredths of a second in a day, and when the 32 bits of sysUpTime are used up: 497 d 2 h 27 m 52.96 s. */
const DAY_TICKS = 8_640_000;
const MODULUS = 4_294_967_296;
const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 20);

function seen(ticks: number | null, boots: number | null = null): Observation {
  return {
    ...{ deviceId: 'a', kind: 'heartbeat', outcome: 'ok', detail: NO_TEXT },
    ...{ startedAt: NOW, finishedAt: NOW, rttMs: 1, sysUpTimeTicks: ticks, engineBoots: boots },
    ...{ conditions: null, unreadComponents: [] },
  };
}

function told(agoMs: number, ticks: number, boots: number | null = null, ranSinceAgoMs?: number) {
  const ranSince = ranSinceAgoMs === undefined ? null : NOW - ranSinceAgoMs;
  return { readAt: NOW - agoMs, ticks, boots, ranSince };
}

describe('since when a device is proven to run', () => {
  it('by its uptime: two days', () => {
    expect(proveRun(null, seen(2 * DAY_TICKS)).ranSince).toBe(NOW - 48 * HOUR_MS);
  });

  it('not at all without an uptime', () => {
    expect(proveRun(null, seen(null))).toEqual({});
  });

  it('over the wrap after 497 days: ten minutes after it, as the reading an hour ago has it', () => {
    // 50 minutes before the wrap it stood at 2^32 − 300,000 ticks; now, 10 minutes after, at 60,000.
    const before = told(HOUR_MS, MODULUS - 300_000, null, 400 * 24 * HOUR_MS);
    expect(proveRun(before, seen(60_000)).ranSince).toBe(NOW - 400 * 24 * HOUR_MS);
  });

  it('no further than the start of the agent, when the reading before put it elsewhere', () => {
    // The same 60,000 ticks, but the reading before was far from the wrap: it restarted.
    const before = told(HOUR_MS, 100 * DAY_TICKS, null, 100 * 24 * HOUR_MS);
    expect(proveRun(before, seen(60_000)).ranSince).toBe(NOW - 600_000);
  });

  it('no further than its uptime where that went back, by an agent that does not count its starts', () => {
    const before = told(30 * 24 * HOUR_MS, 5 * DAY_TICKS, 7);
    expect(proveRun(before, seen(60_000, 7)).ranSince).toBe(NOW - 600_000);
  });

  it('no further than its uptime where that did not grow by what passed: it restarted in between', () => {
    // An hour ago it had run for 60 s; now for 40 min, so it restarted 20 min after that reading.
    expect(proveRun(told(HOUR_MS, 6_000, 1), seen(240_000, 1)).ranSince).toBe(NOW - 2_400_000);
  });

  it('by the same number of engine boots over a wrap, with a clock that is off by a hundredth', () => {
    // 10 days: its clock counted 9 d 22 h, of which 9 days lay before the wrap.
    const before = told(10 * 24 * HOUR_MS, MODULUS - 9 * DAY_TICKS, 7, 300 * 24 * HOUR_MS);
    const now = 22 * 360_000;
    expect(proveRun(before, seen(now, 7)).ranSince).toBe(NOW - 300 * 24 * HOUR_MS);
    expect(proveRun({ ...before, boots: null }, seen(now)).ranSince).toBe(NOW - 22 * HOUR_MS);
  });

  it('no further than its uptime when the engine has booted, even where the uptimes would fit', () => {
    const before = told(HOUR_MS, MODULUS - 300_000, 7, 400 * 24 * HOUR_MS);
    expect(proveRun(before, seen(60_000, 8)).ranSince).toBe(NOW - 600_000);
  });

  it('not at all by a clock that stands still', () => {
    expect(proveRun(told(HOUR_MS, 3 * DAY_TICKS), seen(3 * DAY_TICKS)).ranSince).toBeUndefined();
  });

  it('allows for clocks that drift, and no more', () => {
    // After 10 days: 10 s for the answer and a two-thousandth, 432 s; 400 s apart is within that.
    const tenDays = 10 * 24 * HOUR_MS;
    const before = told(tenDays, MODULUS - 9 * DAY_TICKS, null, 300 * 24 * HOUR_MS);
    expect(proveRun(before, seen(DAY_TICKS + 40_000)).ranSince).toBe(NOW - 300 * 24 * HOUR_MS);
    expect(proveRun(before, seen(DAY_TICKS + 50_000)).ranSince).toBe(NOW - 24 * HOUR_MS - 500_000);
  });
});
