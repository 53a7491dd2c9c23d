import { describe, expect, test } from 'vitest';
import { occurrencesOf } from '../../config/maintenance-repeat.ts';
import { HOUR } from '../../lib/time.ts';
import { load } from './config-fixture.ts';

const shown = (list: ReturnType<typeof occurrencesOf>) =>
  list.map(({ id, startsAt, endsAt }) => [
    id,
    new Date(startsAt).toISOString().slice(0, 16),
    (endsAt - startsAt) / HOUR,
  ]);

describe('a window that repeats', () => {
  test('keeps its local time through the end of summer time, and is an hour longer across it', () => {
    const repeat = { every: 'day', days: [], until: '2026-10-26' } as const;
    const list = occurrencesOf(
      'work',
      '2026-10-24 01:00',
      '2026-10-24 04:00',
      { ...repeat, days: [] },
      'Europe/Berlin',
    );
    expect(shown(list)).toEqual([
      ['work@2026-10-24', '2026-10-23T23:00', 3],
      ['work@2026-10-25', '2026-10-24T23:00', 4],
      ['work@2026-10-26', '2026-10-26T00:00', 3],
    ]);
  });

  test('weekly, on its own day or on those named', () => {
    const own = { every: 'week', days: [], until: '2026-11-17' } as const;
    const named = {
      every: 'week',
      days: ['mon' as const, 'thu' as const],
      until: '2026-11-12',
    } as const;
    const at = ['2026-11-03 22:00', '2026-11-04 02:00'] as const;
    expect(shown(occurrencesOf('w', ...at, { ...own, days: [] }, 'UTC')).map(([id]) => id)).toEqual(
      ['w@2026-11-03', 'w@2026-11-10', 'w@2026-11-17'],
    );
    const days = occurrencesOf('w', ...at, { ...named, days: [...named.days] }, 'UTC');
    expect(shown(days)).toEqual([
      ['w@2026-11-05', '2026-11-05T22:00', 4],
      ['w@2026-11-09', '2026-11-09T22:00', 4],
      ['w@2026-11-12', '2026-11-12T22:00', 4],
    ]);
  });

  test('monthly, leaving out months without the day', () => {
    const repeat = { every: 'month' as const, days: [], until: '2027-03-31' };
    const list = occurrencesOf('m', '2026-12-31 01:00', '2026-12-31 02:00', repeat, 'UTC');
    expect(list.map(({ id }) => id)).toEqual(['m@2026-12-31', 'm@2027-01-31', 'm@2027-03-31']);
  });

  test('monthly on the second Tuesday, or the last Friday', () => {
    const until = '2027-02-28';
    const at = ['2026-11-10 02:00', '2026-11-10 04:00'] as const;
    const second = { every: 'month', week: 'second', days: ['tue' as const], until } as const;
    const tuesdays = occurrencesOf('p', ...at, { ...second, days: [...second.days] }, 'UTC');
    expect(tuesdays.map(({ id }) => id)).toEqual([
      ...['p@2026-11-10', 'p@2026-12-08', 'p@2027-01-12', 'p@2027-02-09'],
    ]);
    const last = { ...second, week: 'last', days: ['fri' as const] } as const;
    const from = ['2026-11-27 02:00', '2026-11-27 04:00'] as const;
    const fridays = occurrencesOf('p', ...from, { ...last, days: [...last.days] }, 'UTC');
    expect(fridays.map(({ id }) => id)).toEqual([
      ...['p@2026-11-27', 'p@2026-12-25', 'p@2027-01-29', 'p@2027-02-26'],
    ]);
  });

  test('in the week of a month says what does not fit', () => {
    const window = (startsOn: string, repeat: string) =>
      `  - { id: w${startsOn}, reason: r, owner: o, startsAt: ${startsOn} 02:00, endsAt: ${startsOn} 03:00, timeZone: UTC, devices: [core-1], repeat: { until: 2026-12-31, ${repeat} } }`;
    const { problems } = load({
      'maintenance.yaml': [
        'windows:',
        window('2026-11-03', 'every: month, week: second, days: [tue]'),
        window('2026-11-04', 'every: month, week: second, days: [tue, wed]'),
        window('2026-11-05', 'every: week, week: second'),
        window('2026-11-06', 'every: month, days: [fri]'),
        window('2026-11-07', 'every: month, week: sixth, days: [sat]'),
      ].join('\n'),
    });
    expect(problems.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '2: startsAt is 2026-11-03; expected the second tue of its month, 2026-11-10',
      '3: expected one day, the one that week counts',
      '4: counts for every: month only',
      '5: needs a week, such as second',
      expect.stringMatching(
        /^6: "sixth" is not a week; expected first, second, third, fourth or last/,
      ),
    ]);
  });

  test('is read from the file as the windows that it stands for', () => {
    const { config } = load({
      'maintenance.yaml': `windows:
  - { id: test, reason: r, owner: o, startsAt: 2026-11-03 02:00, endsAt: 2026-11-03 03:00, timeZone: Asia/Shanghai, devices: [core-1], repeat: { every: week, until: 2026-11-30 } }
`,
    });
    expect(config!.maintenanceWindows.map(({ id }) => id)).toEqual([
      'test@2026-11-03',
      'test@2026-11-10',
      'test@2026-11-17',
      'test@2026-11-24',
    ]);
  });
});
