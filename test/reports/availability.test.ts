import { describe, expect, it } from 'vitest';
import { deriveAvailability, formatPpm, noDurations } from '../../reports/availability.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { parsePeriod } from '../../reports/period.ts';
import { health, inOrder, leases, second, started, stretch, toEntries, topology } from './story.ts';

const DAY_MS = 86_400_000;
const TARGET_PPM = 999_000;

describe('verdict and bounds', () => {
  it('is met when even all unknown time as down reaches the target', () => {
    // low = 999/1000 = 99.9 % exactly.
    const durations = { ...noDurations(), up: 999_000, unknown: 1000 };
    expect(deriveAvailability(durations, 'service', TARGET_PPM)).toMatchObject({
      ratioPpm: 1_000_000,
      lowPpm: 999_000,
      highPpm: 1_000_000,
      coveragePpm: 999_000,
      verdict: 'met',
    });
  });

  it('is not proven as soon as one unknown millisecond could have missed it', () => {
    const durations = { ...noDurations(), up: 998_999, unknown: 1001 };
    expect(deriveAvailability(durations, 'service', TARGET_PPM).verdict).toBe('not-proven');
  });

  it('is missed when even all unknown time as up does not reach it', () => {
    // high = (997 999 + 1000) / 1 000 000 = 99.8999 %.
    const durations = { ...noDurations(), up: 997_999, unknown: 1000, down: 1001 };
    expect(deriveAvailability(durations, 'service', TARGET_PPM)).toMatchObject({
      highPpm: 998_999,
      verdict: 'missed',
    });
  });

  it('is not proven without any time to judge', () => {
    const durations = { ...noDurations(), maintenance: 5000, 'out-of-service': 5000 };
    expect(deriveAvailability(durations, 'service', TARGET_PPM)).toEqual({
      ratioPpm: null,
      lowPpm: null,
      highPpm: null,
      coveragePpm: null,
      agreedMs: 0,
      budgetMs: 0,
      usedMs: 0,
      leftMs: 0,
      projectedUsedMs: 0,
      verdict: 'not-proven',
    });
  });

  it('has a ratio but no proof with unknown time alone', () => {
    const durations = { ...noDurations(), unknown: 5000 };
    expect(deriveAvailability(durations, 'device', TARGET_PPM)).toMatchObject({
      ratioPpm: null,
      lowPpm: 0,
      highPpm: 1_000_000,
      coveragePpm: 0,
      verdict: 'not-proven',
    });
  });

  it('counts time behind a dead parent as down for the service and leaves it out for the device', () => {
    const durations = { ...noDurations(), up: 900, degraded: 50, down: 10, unreachable: 40 };
    expect(deriveAvailability(durations, 'service', TARGET_PPM)).toMatchObject({
      ratioPpm: 950_000,
      agreedMs: 1000,
      usedMs: 50,
    });
    // 950 / 960 = 98.9583… %.
    expect(deriveAvailability(durations, 'device', TARGET_PPM)).toMatchObject({
      ratioPpm: 989_583,
      agreedMs: 960,
      usedMs: 10,
    });
  });
});

describe('error budget', () => {
  it.each([
    // The table of a 99.9 % promise: 28, 29, 30, 31 days; a quarter; years.
    [28, 2_419_200],
    [29, 2_505_600],
    [30, 2_592_000],
    [31, 2_678_400],
    [90, 7_776_000],
    [365, 31_536_000],
    [366, 31_622_400],
  ])('of %d days is %d ms', (days, budgetMs) => {
    const durations = { ...noDurations(), up: days * DAY_MS };
    expect(deriveAvailability(durations, 'service', TARGET_PPM).budgetMs).toBe(budgetMs);
  });

  it('holds the whole period while that runs, and can be overdrawn', () => {
    const durations = { ...noDurations(), up: 9 * DAY_MS, down: DAY_MS };
    expect(deriveAvailability(durations, 'service', TARGET_PPM, 20 * DAY_MS)).toMatchObject({
      agreedMs: 10 * DAY_MS,
      budgetMs: 2_592_000,
      usedMs: DAY_MS,
      leftMs: 2_592_000 - DAY_MS,
    });
  });

  it('is rounded down to whole milliseconds', () => {
    const durations = { ...noDurations(), up: 1999 };
    expect(deriveAvailability(durations, 'service', TARGET_PPM).budgetMs).toBe(1);
  });

  it('stays exact for ten thousand devices over a year', () => {
    const year = 366 * DAY_MS;
    const durations = { ...noDurations(), up: 10_000 * year - 1, down: 1 };
    expect(deriveAvailability(durations, 'service', TARGET_PPM)).toMatchObject({
      ratioPpm: 999_999,
      budgetMs: 10_000 * 31_622_400,
    });
  });
});

describe('percentages', () => {
  it.each([
    [998_996, '99.899 %'],
    [999_999, '99.999 %'],
    [1_000_000, '100.000 %'],
    [999_000, '99.900 %'],
    [50, '0.005 %'],
    [9, '0.000 %'],
    [0, '0.000 %'],
    [null, '–'],
  ])('%s ppm print as %s', (ppm, text) => {
    expect(formatPpm(ppm)).toBe(text);
  });
});

describe('a whole fleet', () => {
  // Two devices at site s, one at t; an hour; b is down 360 s, c unknown 36 s.
  const events = inOrder(
    started(-60),
    topology(-60, [
      { id: 'a', siteId: 's', role: 'core', customers: 300 },
      { id: 'b', siteId: 's', customers: 100 },
      { id: 'c', siteId: 't' },
    ]),
    ['a', 'b', 'c'].map((id) => health(-50, -55, 'up', id)),
    leases(-60, 3660),
    [health(1030, 1000, 'down', 'b'), health(1365, 1360, 'up', 'b')],
    [health(3000, 3000, 'unknown', 'c'), health(3036, 3036, 'up', 'c')],
  );
  const report = buildAvailabilityReport(toEntries(events), stretch(0, 3600), second(3660));

  it('adds up milliseconds, unweighted', () => {
    // 3 × 3600 s, of them down 360 and unknown 36.
    expect(report.fleet.deviceCount).toBe(3);
    expect(report.fleet.durations.down).toBe(360_000);
    expect(report.fleet.durations.unknown).toBe(36_000);
    const total = Object.values(report.fleet.durations).reduce((sum, ms) => sum + ms, 0);
    expect(total).toBe(3 * 3_600_000);
  });

  it('weights by customers beside it', () => {
    // 300 × 3600 s good; 100 × (3240 good, 360 bad): bad share 36 000 / 1 440 000 = 2.5 %.
    expect(report.customers).toMatchObject({
      customers: 400,
      ratioPpm: 975_000,
      lostCustomerMinutes: 600,
      verdict: 'missed',
    });
  });

  it('groups by site and by role', () => {
    expect(
      report.sites.map(({ id, deviceCount, durations }) => [id, deviceCount, durations.down]),
    ).toEqual([
      ['s', 2, 360_000],
      ['t', 1, 0],
    ]);
    expect(report.roles.map(({ id, deviceCount }) => [id, deviceCount])).toEqual([
      ['core', 1],
      ['access', 2],
    ]);
  });

  it('names the worst devices and nobody who was never down', () => {
    expect(report.worstDevices.map(({ facts }) => facts.id)).toEqual(['b']);
  });

  it('keeps the ten worst, worst first', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `d${index + 10}`);
    const many = inOrder(
      started(-60),
      topology(-60, ids),
      ids.map((id) => health(-50, -55, 'up', id)),
      leases(-60, 3660),
      ids.flatMap((id, index) => [
        health(1000, 1000, index % 2 ? 'down' : 'unreachable', id),
        health(1001 + index, 1001 + index, 'up', id),
      ]),
    );
    const { worstDevices } = buildAvailabilityReport(
      toEntries(many),
      stretch(0, 3600),
      second(3660),
    );
    expect(worstDevices.map(({ facts }) => facts.id)).toEqual(ids.toReversed().slice(0, 10));
  });

  it('keeps the names, customers and objective of the time before the period ended', () => {
    const later = [
      ...toEntries(events),
      ...toEntries([topology(3700, [{ id: 'a', siteId: 'x', customers: 9 }], [], 900_000)]),
    ];
    const again = buildAvailabilityReport(later, stretch(0, 3600), second(9000));
    expect(again.targetPpm).toBe(999_000);
    expect(again.devices.map(({ facts }) => facts)).toEqual(
      report.devices.map(({ facts }) => facts),
    );
    expect(again.fleet).toEqual(report.fleet);
  });
});

describe('real calendars', () => {
  it.each([
    // The clocks go back: 25 hours; forward: 23; a leap day; a leap February of 29 days.
    ['2026-10-25', 'Europe/Berlin', 25 * 3600],
    ['2026-03-29', 'Europe/Berlin', 23 * 3600],
    ['2028-02-29', 'Asia/Shanghai', 24 * 3600],
    ['2028-02', 'Asia/Shanghai', 29 * 24 * 3600],
  ])('%s in %s has %d seconds, one hour of them down', (name, timeZone, seconds) => {
    const parsed = parsePeriod(name, timeZone);
    if (!parsed.ok) throw new Error(parsed.message);
    const { period } = parsed;
    const from = (period.from - second(0)) / 1000;
    const events = inOrder(
      started(from - 60),
      topology(from - 60),
      health(from - 50, from - 55, 'up'),
      leases(from - 60, from + seconds + 60),
      [health(from + 7230, from + 7200, 'down'), health(from + 10_805, from + 10_800, 'up')],
    );
    const report = buildAvailabilityReport(toEntries(events), period, period.to + 60_000);
    expect(report.fleet.durations).toEqual({
      ...noDurations(),
      up: (seconds - 3600) * 1000,
      down: 3_600_000,
    });
    expect(report.fleet.service.budgetMs).toBe(seconds);
    expect(report.isRunning).toBe(false);
  });
});
