import { describe, expect, test } from 'vitest';
import { coverBetween, coverGaps, onCallAt } from '../../config/schedule/on-call.ts';
import { quietUntil } from '../../config/schedule/quiet-hours.ts';
import type { Hours, Layer, Override, Schedule } from '../../config/schedule/schedule.ts';
import { DAY, type EpochMs, HOUR } from '../../lib/time.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

function at(text: string): EpochMs {
  return Date.parse(text);
}

function layer(change: Partial<Layer> = {}): Layer {
  return {
    id: 'week',
    personIds: ['ann', 'bo', 'chen'],
    firstAt: '2026-01-05T09:00',
    shiftMs: 7 * DAY,
    endsAt: null,
    hours: [],
    holidays: 'also',
    ...change,
  };
}

function schedule(change: Partial<Schedule> = {}): Schedule {
  return {
    id: 'noc',
    name: 'NOC',
    timeZone: 'Asia/Shanghai',
    teamId: null,
    isPartial: false,
    managerIds: ['boss'],
    layers: [layer()],
    holidays: [],
    overrides: [],
    ...change,
  };
}

function override(change: Partial<Override>): Override {
  const rest = { replacesId: null, reason: '', by: 'boss', swapId: null };
  return { id: 'o-1', scheduleId: 'noc', personId: 'dora', from: 0, to: 1, ...rest, ...change };
}

const who = (rota: Schedule, text: string, overrides: readonly Override[] = []) =>
  onCallAt(rota, overrides, at(text)).personIds;

describe('rotations', () => {
  test('weekly: handed over on the minute, in the zone of the schedule', () => {
    const weekly = schedule();
    expect(who(weekly, '2026-01-05T00:59:59.999Z')).toEqual([]);
    expect(who(weekly, '2026-01-05T01:00:00Z')).toEqual(['ann']);
    expect(who(weekly, '2026-01-12T00:59:59.999Z')).toEqual(['ann']);
    expect(who(weekly, '2026-01-12T01:00:00Z')).toEqual(['bo']);
    expect(who(weekly, '2026-01-26T01:00:00Z')).toEqual(['ann']);
  });

  test('the answer says until when it holds', () => {
    const cover = onCallAt(schedule(), [], at('2026-01-07T00:00:00Z'));
    expect(cover).toMatchObject({ personIds: ['ann'], layerId: 'week' });
    expect([cover.from, cover.to]).toEqual([at('2026-01-05T01:00Z'), at('2026-01-12T01:00Z')]);
  });

  test('custom: turns of twelve hours keep their wall-clock hand-over through both changes of the clock', () => {
    const turns = schedule({
      timeZone: 'Europe/Berlin',
      layers: [
        layer({ personIds: ['day', 'night'], firstAt: '2026-01-01T08:00', shiftMs: 12 * HOUR }),
      ],
    });
    const handovers = (from: string, to: string) =>
      coverBetween(turns, [], at(from), at(to)).map(({ from: start, personIds }) => [
        new Date(start).toISOString().slice(0, 16),
        ...personIds,
      ]);
    // Summer time begins on 2026-03-29 at 02:00 and ends on 2026-10-25 at 03:00.
    expect(handovers('2026-03-28T07:00Z', '2026-03-29T18:00Z')).toEqual([
      ['2026-03-28T07:00', 'day'],
      ['2026-03-28T19:00', 'night'],
      ['2026-03-29T06:00', 'day'],
    ]);
    expect(handovers('2026-10-24T06:00Z', '2026-10-25T19:00Z')).toEqual([
      ['2026-10-24T06:00', 'day'],
      ['2026-10-24T18:00', 'night'],
      ['2026-10-25T07:00', 'day'],
    ]);
  });

  test('a hand-over time that comes twice: the next one begins at the first, the one before ends at the last', () => {
    const nightly = schedule({
      timeZone: 'Europe/Berlin',
      layers: [layer({ personIds: ['ann', 'bo'], firstAt: '2026-10-24T02:30', shiftMs: DAY })],
    });
    expect(who(nightly, '2026-10-25T00:29:59Z')).toEqual(['ann']);
    expect(who(nightly, '2026-10-25T00:30:00Z')).toEqual(['ann', 'bo']);
    expect(who(nightly, '2026-10-25T01:29:59Z')).toEqual(['ann', 'bo']);
    expect(who(nightly, '2026-10-25T01:30:00Z')).toEqual(['bo']);
  });

  test('a hand-over time that is skipped is the instant at which the clock jumps', () => {
    const nightly = schedule({
      timeZone: 'Europe/Berlin',
      layers: [layer({ personIds: ['ann', 'bo'], firstAt: '2026-03-28T02:30', shiftMs: DAY })],
    });
    expect(who(nightly, '2026-03-29T00:59:59Z')).toEqual(['ann']);
    expect(who(nightly, '2026-03-29T01:00:00Z')).toEqual(['bo']);
  });

  test('a whole year in zones with odd changes has no hole and no double turn but at repeated hand-overs', () => {
    for (const timeZone of [
      'Australia/Lord_Howe',
      'America/New_York',
      'Africa/Casablanca',
      'Asia/Shanghai',
    ]) {
      const turns = schedule({
        timeZone,
        layers: [layer({ firstAt: '2026-01-01T01:45', shiftMs: DAY })],
      });
      const covers = coverBetween(turns, [], at('2026-01-02T12:00Z'), at('2027-01-02T12:00Z'));
      covers.forEach((cover, index) => {
        expect(cover.personIds.length, timeZone).toBeGreaterThan(0);
        expect(cover.personIds.length, timeZone).toBeLessThanOrEqual(2);
        if (index > 0) expect(cover.from).toBe(covers[index - 1]!.to);
      });
      const twice = covers.filter((cover) => cover.personIds.length === 2);
      expect(twice.length, timeZone).toBeLessThanOrEqual(2);
      expect(covers.length).toBe(366 + twice.length);
    }
  });
});

const OFFICE: Hours = { days: [1, 2, 3, 4, 5], from: 9 * 60, to: 18 * 60 };
const NIGHT: Hours = { days: EVERY_DAY, from: 18 * 60, to: 9 * 60 };

describe('layers', () => {
  const layered = schedule({
    layers: [
      layer({ id: 'holiday', personIds: ['holly'], holidays: 'only', shiftMs: DAY }),
      layer({ id: 'office', personIds: ['olga'], hours: [OFFICE], shiftMs: DAY }),
      layer({ id: 'night', personIds: ['nick'], hours: [NIGHT], shiftMs: DAY }),
    ],
    holidays: ['2026-10-01'],
  });

  test('the first from the top with someone on duty decides', () => {
    expect(who(layered, '2026-09-30T02:00:00Z')).toEqual(['olga']);
    expect(who(layered, '2026-09-30T10:00:00Z')).toEqual(['nick']);
    expect(who(layered, '2026-09-30T15:59:59Z')).toEqual(['nick']);
    expect(who(layered, '2026-09-30T16:00:00Z')).toEqual(['holly']);
    expect(who(layered, '2026-10-01T16:00:00Z')).toEqual(['nick']);
  });

  test('what nobody covers is a gap, to the minute', () => {
    // Saturday and Sunday from nine to six.
    const gaps = coverGaps(layered, [], at('2026-10-05T00:00+08:00'), at('2026-10-19T00:00+08:00'));
    expect(gaps.map(({ from, to }) => [from, to])).toEqual([
      [at('2026-10-10T09:00+08:00'), at('2026-10-10T18:00+08:00')],
      [at('2026-10-11T09:00+08:00'), at('2026-10-11T18:00+08:00')],
      [at('2026-10-17T09:00+08:00'), at('2026-10-17T18:00+08:00')],
      [at('2026-10-18T09:00+08:00'), at('2026-10-18T18:00+08:00')],
    ]);
  });

  test('a layer that ends leaves a gap for ever after', () => {
    const ending = schedule({ layers: [layer({ endsAt: '2026-02-01T00:00' })] });
    const end = at('2026-02-01T00:00+08:00');
    expect(coverGaps(ending, [], end - DAY, end + 20 * DAY)).toMatchObject([
      { from: end, to: end + 20 * DAY },
    ]);
  });
});

describe('overrides', () => {
  const from = at('2026-01-06T00:00Z');
  const to = at('2026-01-07T00:00Z');

  test('take the place of whoever is on call, and a later one that of an earlier one', () => {
    const first = override({ from, to });
    const second = override({ id: 'o-2', personId: 'eve', from: from + HOUR, to: from + 2 * HOUR });
    expect(who(schedule(), '2026-01-05T23:59:59Z', [first, second])).toEqual(['ann']);
    expect(who(schedule(), '2026-01-06T00:00:00Z', [first, second])).toEqual(['dora']);
    expect(who(schedule(), '2026-01-06T01:00:00Z', [first, second])).toEqual(['eve']);
    expect(who(schedule(), '2026-01-06T02:00:00Z', [first, second])).toEqual(['dora']);
    expect(who(schedule(), '2026-01-07T00:00:00Z', [first, second])).toEqual(['ann']);
  });

  test('the same schedule asked with other overrides gives another answer', () => {
    const rota = schedule();
    expect(who(rota, '2026-01-06T00:00:00Z', [override({ from, to })])).toEqual(['dora']);
    expect(who(rota, '2026-01-06T00:00:00Z', [])).toEqual(['ann']);
  });

  test('one for a person counts only while that person would be on call', () => {
    const replaced = override({ replacesId: 'bo', from, to: to + 14 * DAY });
    expect(who(schedule(), '2026-01-06T12:00:00Z', [replaced])).toEqual(['ann']);
    expect(who(schedule(), '2026-01-13T12:00:00Z', [replaced])).toEqual(['dora']);
  });

  test('close a gap', () => {
    const empty = schedule({ layers: [layer({ endsAt: '2026-01-06T00:00' })] });
    const start = at('2026-01-05T16:00Z');
    const cover = override({ from: start + HOUR, to: start + 2 * HOUR });
    expect(coverGaps(empty, [cover], start, start + DAY).map((gap) => [gap.from, gap.to])).toEqual([
      [start, start + HOUR],
      [start + 2 * HOUR, start + DAY],
    ]);
  });
});

describe('quiet hours', () => {
  const night = { days: EVERY_DAY, from: 22 * 60, to: 7 * 60, timeZone: 'Europe/Berlin' };

  test('last until the morning in the zone of the person', () => {
    expect(quietUntil([night], at('2026-07-01T19:59:59Z'))).toBeNull();
    expect(quietUntil([night], at('2026-07-01T20:00:00Z'))).toBe(at('2026-07-02T05:00Z'));
    expect(quietUntil([night], at('2026-07-02T04:59:59Z'))).toBe(at('2026-07-02T05:00Z'));
    expect(quietUntil([night], at('2026-07-02T05:00:00Z'))).toBeNull();
  });

  test('quiet times that meet are one', () => {
    const weekend = { days: [6, 7], from: 0, to: 0, timeZone: 'Europe/Berlin' };
    // Friday 22:00 to Monday 07:00.
    const friday = at('2026-07-03T20:30Z');
    expect(quietUntil([night, weekend], friday)).toBe(at('2026-07-06T05:00Z'));
  });

  test('the night of the change to summer time is an hour shorter', () => {
    expect(quietUntil([night], at('2026-03-28T22:00Z'))).toBe(at('2026-03-29T05:00Z'));
  });
});
