import { describe, expect, it } from 'vitest';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { formatLost, formatSpan } from '../../reports/format-time.ts';
import { parsePeriod } from '../../reports/period.ts';
import { REPORT_WORDS } from '../../reports/report-words.ts';
import { health, inOrder, leases, second, started, toEntries, topology } from './story.ts';

const words = REPORT_WORDS.en;

describe('time that was lost', () => {
  it.each([
    [86_401, '1m 27s', '1m 26s'],
    [86_000, '1m 26s', '1m 26s'],
    [999, '<1s', '<1s'],
    [0, '0s', '0s'],
  ])('of %d ms is rounded up, what is left down', (ms, lost, left) => {
    expect(formatLost(ms, words)).toBe(lost);
    expect(formatSpan(ms, words)).toBe(left);
  });

  it('never reads as the whole budget where the budget is overdrawn', () => {
    const parsed = parsePeriod('2026-11-01', 'UTC');
    if (!parsed.ok) throw new Error(parsed.message);
    const back = { ...health(3700, 3686, 'up'), since: second(3686) + 401 };
    const events = inOrder(
      [started(-600), topology(-600), health(-590, -595, 'up'), health(3630, 3600, 'down')],
      [back as ReturnType<typeof health>, ...leases(-600, 90_000)],
    );
    const report = buildAvailabilityReport(toEntries(events), parsed.period, second(100_000));
    expect(report.fleet.service).toMatchObject({ usedMs: 86_401, budgetMs: 86_400, leftMs: -1 });
    const text = JSON.stringify(composeDocument(report, 'en', null).blocks);
    expect(text).toContain('1m 27s of 1m 26s');
  });
});

describe('a burn rate window that would begin before the period', () => {
  it('says how much of it was counted', () => {
    const parsed = parsePeriod('2026-11-01', 'UTC');
    if (!parsed.ok) throw new Error(parsed.message);
    const events = inOrder([started(-600), topology(-600)], leases(-600, 90_000));
    const report = buildAvailabilityReport(toEntries(events), parsed.period, second(100_000));
    const [, , day, threeDays] = report.burnRates[0]!.windows;
    expect(day).toMatchObject({ windowMs: 86_400_000, countedMs: 86_400_000 });
    expect(threeDays).toMatchObject({ windowMs: 3 * 86_400_000, countedMs: 86_400_000 });
    const text = JSON.stringify(composeDocument(report, 'en', null).blocks);
    expect(text).toContain('1d (of 3d)');
  });
});
