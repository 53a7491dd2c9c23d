import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import {
  type AvailabilityReport,
  buildAvailabilityReport,
} from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { createLiveLedger } from '../../reports/live-ledger.ts';
import { parsePeriod } from '../../reports/period.ts';
import { readReportJson } from '../../reports/read-report-json.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { renderReportText } from '../../reports/report-text.ts';
import {
  type DeviceSketch,
  health,
  inOrder,
  leases,
  second,
  started,
  toEntries,
  topology,
  window,
} from './story.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const parsed = parsePeriod('2026-11-01', 'UTC');
if (!parsed.ok) throw new Error(parsed.message);
const { period } = parsed;

/** A service that begins at `at` and sees its devices up from 5 s later on, to the end of the day. */
const begun = (
  at: number,
  devices: readonly DeviceSketch[],
  windows: Parameters<typeof topology>[2] = [],
) =>
  inOrder(
    started(at),
    topology(at, devices, windows),
    devices.map(({ id }) => health(at + 10, at + 5, 'up', id)),
    leases(at, DAY + 60),
  );
const report = (events: readonly DomainEvent[]) =>
  buildAvailabilityReport(toEntries(events), period, second(2 * DAY));
const headlines = (told: AvailabilityReport) =>
  (['en', 'zh-CN'] as const).map((language) => {
    const [block] = composeDocument(told, language, null).blocks;
    return block?.kind === 'verdict' ? block.headline : '';
  });

describe('a device that came for the last two hours of a day', () => {
  it('has no bare verdict in the report of all, whose verdict needs no word', () => {
    const told = report(
      inOrder(
        begun(-HOUR, [{ id: 'a' }]),
        topology(22 * HOUR, [{ id: 'a' }, { id: 'b', siteId: 's2' }]),
        health(22 * HOUR + 10, 22 * HOUR, 'up', 'b'),
      ),
    );
    expect(told.known).toBeNull();
    const rows = renderReportText(told, 'en').split('\n');
    const of = (name: string) => rows.filter((row) => row.startsWith(name));
    expect(of('Service  ').every((row) => !row.includes('of the known part'))).toBe(true);
    for (const row of [...of('Device b'), ...of('Site s2')]) {
      expect(row).toContain('met, of the known part');
    }
    expect(of('Device a').join('')).not.toContain('known part');
  });
});

describe('a day of which the service has seen the last two hours', () => {
  // Seen up from 79,205 s on, of 86,400: 7195 s.
  const young = report(begun(22 * HOUR, [{ id: 'a' }]));

  it.each([
    ['en', 'met, of the known part', 'Of the known part: less than half'],
    ['zh-CN', '达标（就已知部分）', '就已知部分：监测到的时间不足'],
  ] as const)('has no bare verdict in any table either, in %s', (language, verdict, note) => {
    const text = renderReportText(young, language);
    // Service and device, a site, a role, a device.
    expect(text.split(verdict)).toHaveLength(6);
    expect(text).toContain(note);
    const blocks = JSON.stringify(composeDocument(young, language, null).blocks);
    expect(blocks.split(verdict).length).toBeGreaterThanOrEqual(6);
    expect(blocks).toContain(note);
    const whole = report(begun(-HOUR, [{ id: 'a' }]));
    expect(renderReportText(whole, language)).not.toContain(note);
    expect(renderReportText(whole, language)).not.toContain(verdict);
  });

  it('is no bare Yes: the line itself says of what', () => {
    expect(young.fleet.service.verdict).toBe('met');
    expect(young.known).toEqual({
      since: second(22 * HOUR + 5),
      measuredMs: 7_195_000,
      wholeMs: DAY * 1000,
      deviceCount: 1,
    });
    expect(headlines(young)).toEqual([
      'Yes, but only of 1h 59m 55s out of 1d (known since 2026-11-01 22:00:05 +00:00): 100.000 % of that time, with 99.900 % promised.',
      '达标，但仅就 1天 中的 1小时 59分 55秒（自 2026-11-01 22:00:05 +00:00 起有记录） 而言：该时间内可用率 100.000 %，承诺 99.900 %。',
    ]);
    expect(renderReportText(young, 'en')).toContain(
      'All devices: 1 · every figure is only of 1h 59m 55s out of 1d (known since 2026-11-01 22:00:05 +00:00)\n',
    );
    expect(renderReportText(young, 'zh-CN')).toContain('所有数字仅就 1天 中的 1小时 59分 55秒');
    expect(renderCsv(young, 'about')).toContain(',2026-11-01T22:00:05.000Z,7195000,86400000\r\n');
  });

  it('says so when it is read back', () => {
    const json = renderReportJson(young);
    expect(JSON.parse(json).known.since).toBe('2026-11-01T22:00:05.000Z');
    expect(renderReportJson(readReportJson(json))).toBe(json);
    expect(headlines(readReportJson(json))).toEqual(headlines(young));
  });

  it('is not proven where its device was in service before', () => {
    const told = begun(22 * HOUR, [{ id: 'a', commissionedAt: -100 * DAY }]);
    const { fleet, known } = report(told);
    // 7195 of 86,400 s are 8.327 %.
    expect(fleet.service).toMatchObject({ verdict: 'not-proven', coveragePpm: 83_275 });
    expect(known?.measuredMs).toBe(7_195_000);
    expect(headlines(report(told))[0]).toBe(
      'Not proven: 100.000 % of the observed time, which is 1h 59m 55s out of 1d (known since 2026-11-01 22:00:05 +00:00), with 99.900 % promised.',
    );
    const live = createLiveLedger('UTC');
    for (const entry of toEntries(told)) live.apply(entry);
    const [time] = live.read('month', second(DAY)).times;
    expect(time?.durations).toMatchObject({ unknown: 79_205_000, up: 7_195_000 });
  });

  it('tells the mean of several devices, and since when the first is known', () => {
    const { known } = report(
      inOrder(begun(12 * HOUR, [{ id: 'a' }]), topology(18 * HOUR, ['a', 'b']), [
        health(18 * HOUR + 5, 18 * HOUR, 'up', 'b'),
      ]),
    );
    expect(known).toMatchObject({
      since: second(12 * HOUR + 5),
      measuredMs: (18 * HOUR - 5) * 1000,
      deviceCount: 2,
    });
  });
});

describe('a day that is known', () => {
  it('is told as it is', () => {
    const whole = report(begun(-600, [{ id: 'a' }]));
    expect(whole.known).toBeNull();
    expect(headlines(whole)[0]).toBe('Yes: 100.000 % of the time, with 99.900 % promised.');
    expect(renderReportJson(whole)).not.toContain('"known"');
    expect(renderReportText(whole, 'en')).toContain('All devices: 1\n');
  });

  it('is not when nearly all of it was declared work', () => {
    // 22 of 24 hours: known since its start, and little of it measured.
    const worked = report(begun(-600, [{ id: 'a' }], [window('w', 0, 22 * HOUR)]));
    expect(worked.fleet.service.verdict).toBe('met');
    expect(headlines(worked)[0]).toBe(
      'Yes, but only of 2h out of 1d: 100.000 % of that time, with 99.900 % promised.',
    );
  });

  it('is when a device of two retires, for nothing of it is unknown', () => {
    // a: 24 h, b: 18 h in service, both seen all of it: 42 of 42 h.
    const away = [{ id: 'a' }, { id: 'b', retiredAt: 18 * HOUR }];
    const retired = report(begun(-600, away));
    expect(retired.known).toBeNull();
    expect(headlines(retired)[0]).toBe('Yes: 100.000 % of the time, with 99.900 % promised.');
  });

  it('says that no time was measured where none was', () => {
    const none = report(begun(-600, [{ id: 'a' }], [window('w', -100, 30 * HOUR)]));
    expect(headlines(none)).toEqual([
      'Not proven: no time was measured, with 99.900 % promised.',
      '无法证明：没有任何时间得到观测，承诺 99.900 %。',
    ]);
  });
});
