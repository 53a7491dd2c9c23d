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
