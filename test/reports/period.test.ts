import { describe, expect, it } from 'vitest';
import { parsePeriod, periodAt } from '../../reports/period.ts';

function parse(text: string, timeZone = 'Asia/Shanghai') {
  const parsed = parsePeriod(text, timeZone);
  if (!parsed.ok) throw new Error(parsed.message);
  const { kind, name, from, to } = parsed.period;
  return { kind, name, from: new Date(from).toISOString(), hours: (to - from) / 3_600_000 };
}

describe('periods', () => {
  it.each([
    // Shanghai is UTC+8 all year: a day starts at 16:00 UTC of the day before.
    ['2026', 'year', '2025-12-31T16:00:00.000Z', 365 * 24],
    ['2028', 'year', '2027-12-31T16:00:00.000Z', 366 * 24],
    ['2026-Q4', 'quarter', '2026-09-30T16:00:00.000Z', 92 * 24],
    ['2026-11', 'month', '2026-10-31T16:00:00.000Z', 30 * 24],
    ['2028-02', 'month', '2028-01-31T16:00:00.000Z', 29 * 24],
    ['2026-11-22', 'day', '2026-11-21T16:00:00.000Z', 24],
    // Monday 16 November 2026; week 1 of 2026 starts on 29 December 2025; 2026 has 53 weeks.
    ['2026-W47', 'week', '2026-11-15T16:00:00.000Z', 7 * 24],
    ['2026-W01', 'week', '2025-12-28T16:00:00.000Z', 7 * 24],
    ['2026-W53', 'week', '2026-12-27T16:00:00.000Z', 7 * 24],
  ])('%s is a %s', (text, kind, from, hours) => {
    expect(parse(text)).toEqual({ kind, name: text, from, hours });
  });

  it.each([
    ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', 23],
    ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', 25],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', 25],
    // Lord Howe Island moves its clocks by half an hour.
    ['2026-04-05', 'Australia/Lord_Howe', '2026-04-04T13:00:00.000Z', 24.5],
    // In Beirut clocks go forward at midnight: the day starts at 01:00.
    ['2026-03-29', 'Asia/Beirut', '2026-03-28T22:00:00.000Z', 23],
    ['2026-W13', 'Europe/Berlin', '2026-03-22T23:00:00.000Z', 7 * 24 - 1],
    ['2026-10', 'Europe/Berlin', '2026-09-30T22:00:00.000Z', 31 * 24 + 1],
  ])('%s in %s starts at %s and has %d hours', (text, timeZone, from, hours) => {
    expect(parse(text, timeZone)).toMatchObject({ from, hours });
  });

  it.each([
    '',
    '26',
    '2026-13',
    '2026-00',
    '2026-1',
    '2026-Q5',
    '2026-Q0',
    '2026-02-29',
    '2026-11-31',
    '2026-W00',
    '2026-W54',
    '2025-W53',
    '2026-W7',
    '1969',
    '2026-11-22T00:00',
    ' 2026',
    '2026 ',
    'last month',
    '٢٠٢٦',
  ])('"%s" is none', (text) => {
    const parsed = parsePeriod(text, 'UTC');
    expect(parsed).toMatchObject({ ok: false });
    expect(!parsed.ok && parsed.message).toContain(`"${text}"`);
  });

  it.each(['Nowhere/Land', '', '+08:00', 'Asia'])('"%s" is no zone', (timeZone) => {
    expect(parsePeriod('2026', timeZone)).toEqual({
      ok: false,
      message: `"${timeZone}" is not an IANA time zone`,
    });
  });

  it('finds the period that holds an instant, the start included and the end not', () => {
    const at = Date.parse('2026-10-31T16:00:00Z');
    expect(periodAt('month', at, 'Asia/Shanghai').name).toBe('2026-11');
    expect(periodAt('month', at - 1, 'Asia/Shanghai').name).toBe('2026-10');
    expect(periodAt('quarter', at, 'Asia/Shanghai').name).toBe('2026-Q4');
    expect(periodAt('year', at, 'Asia/Shanghai').name).toBe('2026');
    expect(periodAt('week', at, 'Asia/Shanghai').name).toBe('2026-W44');
    expect(periodAt('day', at, 'Asia/Shanghai').name).toBe('2026-11-01');
    // 30 December 2024 belongs to the first week of 2025.
    expect(periodAt('week', Date.parse('2024-12-30T12:00:00Z'), 'UTC').name).toBe('2025-W01');
  });
});
