import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { parsePeriod } from '../../reports/period.ts';
import { renderReportText } from '../../reports/report-text.ts';
import {
  type DeviceSketch,
  health,
  inOrder,
  STORY_START,
  started,
  toEntries,
  topology,
} from './story.ts';

// Device a is down from two hours before a boundary of periods on, and leaves or moves at it, or a
// millisecond beside it. b stays. Seconds of the stories are written as instants.

const at = (instant: string) => Temporal.Instant.from(instant).epochMilliseconds;
const seconds = (ms: number) => (ms - STORY_START) / SECOND;
const ALONE: readonly DeviceSketch[] = [{ id: 'b' }];

interface Boundary {
  readonly name: string;
  readonly zone: string;
  readonly boundary: string;
  readonly before: string;
  readonly after: string;
}

const boundaries: readonly Boundary[] = [
  {
    name: 'a month, as after `retired: 2026-11-01`',
    ...{ zone: 'UTC', boundary: '2026-11-01T00:00:00Z', before: '2026-10', after: '2026-11' },
  },
  {
    name: 'a day',
    ...{ zone: 'UTC', boundary: '2026-11-05T00:00:00Z' },
    ...{ before: '2026-11-04', after: '2026-11-05' },
  },
  {
    name: 'a quarter',
    ...{ zone: 'UTC', boundary: '2026-10-01T00:00:00Z', before: '2026-Q3', after: '2026-Q4' },
  },
  {
    // 25 October 2026 has 25 hours in Berlin; it ends at 23:00 UTC, having begun at 22:00.
    name: 'the day on which summer time ends',
    ...{ zone: 'Europe/Berlin', boundary: '2026-10-25T23:00:00Z' },
    ...{ before: '2026-10-25', after: '2026-10-26' },
  },
  {
    // The clock goes from 24:00 to 01:00: 6 September 2026 begins at 01:00 -03:00 in Santiago.
    name: 'a day that begins at one o’clock',
    ...{ zone: 'America/Santiago', boundary: '2026-09-06T04:00:00Z' },
    ...{ before: '2026-09-05', after: '2026-09-06' },
  },
];

/** Down from two hours before the boundary on; `told` comes beside the boundary. */
function story(boundaryAt: number, first: readonly DeviceSketch[], told: readonly DomainEvent[]) {
  const begin = seconds(boundaryAt - 30 * HOUR);
  const lost = seconds(boundaryAt - 2 * HOUR);
  const leases: DomainEvent[] = [];
  for (let ms = boundaryAt - 30 * HOUR; ms <= boundaryAt + 30 * HOUR; ms += MINUTE / 2) {
    leases.push({ type: 'lease-renewed', at: ms });
  }
  return inOrder(
    [started(begin), topology(begin, first)],
    ['a', 'b'].map((id) => health(begin + 1, begin, 'up', id)),
    health(lost + 9, lost, 'down'),
    told,
    leases,
  );
}

function reportOf(
  events: readonly DomainEvent[],
  name: string,
  { zone, boundary }: Boundary,
  siteId: string | null = null,
) {
  const parsed = parsePeriod(name, zone);
  if (!parsed.ok) throw new Error(parsed.message);
  const now = at(boundary) + 30 * HOUR;
  return buildAvailabilityReport(toEntries(events), parsed.period, now, { siteId });
}

type Report = ReturnType<typeof reportOf>;
const endsOf = ({ serviceEnds }: Report) =>
  serviceEnds.listed.map(({ deviceId, at: endAt, lostSince }) => [deviceId, endAt, lostSince]);
const changesOf = ({ ruleChanges }: Report) =>
  ruleChanges.listed.map((each) => [each.at, each.what, each.id, each.whileIn]);
const downOf = ({ fleet }: Report) => fleet.durations.down;

describe.each(boundaries)('at the boundary of $name', (each) => {
  const instant = at(each.boundary);
  const lostSince = instant - 2 * HOUR;
  const retiring = (retiredAt: number) => [{ id: 'a', retiredAt: seconds(retiredAt) }, ...ALONE];
  const both = (events: readonly DomainEvent[]) =>
    [each.before, each.after].map((name) => reportOf(events, name, each)) as [Report, Report];

  it('a device retired while down is named where its outage is, and its leaving listed in the next', () => {
    const [before, after] = both(story(instant, retiring(instant), []));
    expect(endsOf(before)).toEqual([['a', instant, lostSince]]);
    expect(changesOf(before)).toEqual([]);
    expect(endsOf(after)).toEqual([]);
    expect(changesOf(after)).toEqual([[instant, 'out-of-service', 'a', 'down']]);
    expect([before, after].map(downOf)).toEqual([2 * HOUR, 0]);
    // No millisecond of the other period is in either.
    expect(sum(before)).toBe(2 * (before.period.to - before.period.from));
    expect(after.devices.map(({ facts }) => facts.id)).toEqual(['b']);
  });

  it.each([
    ['a millisecond before', -1, [1, 0], [1, 0]],
    ['a millisecond after', 1, [0, 1], [0, 1]],
  ] as const)('one retired %s it is of that period', (_, offset, ends, changes) => {
    const reports = both(story(instant, retiring(instant + offset), []));
    expect(reports.map(({ serviceEnds }) => serviceEnds.count)).toEqual(ends);
    expect(reports.map(({ ruleChanges }) => ruleChanges.count)).toEqual(changes);
  });

  it('one removed in that millisecond is named likewise', () => {
    const [before, after] = both(
      story(instant, [{ id: 'a' }, ...ALONE], [topology(seconds(instant), ALONE)]),
    );
    expect(endsOf(before)).toEqual([['a', instant, lostSince]]);
    expect(changesOf(before)).toEqual([]);
    expect(endsOf(after)).toEqual([]);
    expect(changesOf(after)).toEqual([[instant, 'removed', 'a', 'down']]);
    expect(renderReportText(after, 'en')).toContain('device removed: a, while down\n');
  });

  it('a move in that millisecond is of the next, of both sites', () => {
    const events = story(
      instant,
      [{ id: 'a', siteId: 'north' }, ...ALONE],
      [topology(seconds(instant), [{ id: 'a', siteId: 'south' }, ...ALONE])],
    );
    const [before, after] = both(events);
    expect([before.lostMoves.count, changesOf(before)]).toEqual([0, []]);
    for (const report of [after, reportOf(events, each.after, each, 'south')]) {
      expect(report.lostMoves.listed).toMatchObject([{ deviceId: 'a', at: instant, lostSince }]);
      expect(changesOf(report)).toEqual([[instant, 'site', 'a', 'down']]);
    }
    const north = reportOf(events, each.after, each, 'north');
    expect(changesOf(north)).toEqual([[instant, 'site', 'a', 'down']]);
    expect(downOf(reportOf(events, each.before, each, 'north'))).toBe(2 * HOUR);
    expect(downOf(reportOf(events, each.before, each))).toBe(2 * HOUR);
  });
});

function sum({ fleet }: Report): number {
  return Object.values(fleet.durations).reduce((all, ms) => all + ms, 0);
}

describe('a day of service that was told in an earlier period', () => {
  const [month] = boundaries as [Boundary];
  const instant = at(month.boundary);
  const retiredAt = seconds(instant + 3 * HOUR);
  const told = topology(seconds(instant - HOUR), [{ id: 'a', retiredAt }, ...ALONE]);

  it('is listed where it was told, and again where it comes', () => {
    const events = story(instant, [{ id: 'a' }, ...ALONE], [told]);
    const [before, after] = [month.before, month.after].map((name) => {
      return reportOf(events, name, month);
    }) as [Report, Report];
    expect(changesOf(before)).toEqual([[instant - HOUR, 'retired', 'a', undefined]]);
    expect(before.serviceEnds.count).toBe(0);
    expect(changesOf(after)).toEqual([[instant + 3 * HOUR, 'out-of-service', 'a', 'down']]);
    expect(endsOf(after)).toEqual([['a', instant + 3 * HOUR, instant - 2 * HOUR]]);
    const words = {
      en: 'device out of service: a, while down',
      'zh-CN': '设备退网：a（当时中断）',
    };
    for (const language of ['en', 'zh-CN'] as const) {
      expect(renderReportText(after, language)).toContain(words[language]);
    }
  });

  it('does not come where it was called off, or the device was removed before', () => {
    const back = topology(seconds(instant + HOUR), [{ id: 'a' }, ...ALONE]);
    const off = reportOf(story(instant, [{ id: 'a' }, ...ALONE], [told, back]), month.after, month);
    expect(changesOf(off)).toEqual([[instant + HOUR, 'retired', 'a', undefined]]);
    const gone = topology(seconds(instant + HOUR), ALONE);
    const left = reportOf(
      story(instant, [{ id: 'a' }, ...ALONE], [told, gone]),
      month.after,
      month,
    );
    expect(changesOf(left)).toEqual([[instant + HOUR, 'removed', 'a', 'down']]);
  });

  it('is one edit where it is told in hindsight, with the state it was in', () => {
    const hindsight = topology(seconds(instant + HOUR), [
      { id: 'a', retiredAt: seconds(instant - HOUR) },
      ...ALONE,
    ]);
    const events = story(instant, [{ id: 'a' }, ...ALONE], [hindsight]);
    const report = reportOf(events, month.after, month);
    expect(changesOf(report)).toEqual([[instant + HOUR, 'retired', 'a', 'down']]);
    expect(endsOf(report)).toEqual([['a', instant + HOUR, instant - 2 * HOUR]]);
  });

  it('is told of a commissioning too', () => {
    const first = [{ id: 'a' }, ...ALONE, { id: 'c', commissionedAt: seconds(instant) }];
    const events = story(instant, first, []);
    expect(changesOf(reportOf(events, month.before, month))).toEqual([]);
    expect(changesOf(reportOf(events, month.after, month))).toEqual([
      [instant, 'in-service', 'c', undefined],
    ]);
  });
});
