import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { buildAvailabilityReport, type ReportOptions } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { createLiveLedger } from '../../reports/live-ledger.ts';
import { parsePeriod } from '../../reports/period.ts';
import { readReportJson } from '../../reports/read-report-json.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { renderReportText } from '../../reports/report-text.ts';
import { down } from './ledger-case.ts';
import { health, inOrder, leases, second, started, toEntries, topology } from './story.ts';

const DAY = 86_400;
const parsed = parsePeriod('2026-11-01', 'UTC');
if (!parsed.ok) throw new Error(parsed.message);
const { period } = parsed;
const tomorrow = parsePeriod('2026-11-02', 'UTC');
if (!tomorrow.ok) throw new Error(tomorrow.message);

/** Device a is down [3600, 4200), 600 s; b is up throughout. */
const running = [
  started(-600),
  health(-590, -595, 'up'),
  health(-590, -595, 'up', 'b'),
  ...down(3600, 4200),
  ...leases(-600, 2 * DAY + 60),
];
const TWO = [
  { id: 'a', customers: 1000 },
  { id: 'b', customers: 10, siteId: 's2' },
];
const report = (told: DomainEvent[], options: ReportOptions = {}, of = period) =>
  buildAvailabilityReport(toEntries(inOrder(told, running)), of, second(3 * DAY), options);

/** A topology with a redundancy group of a and b. */
function grouped(at: number, need: number | null): DomainEvent {
  const told = topology(at, TWO);
  if (told.type !== 'topology-loaded') throw new Error('not a topology');
  const pair = { id: 'pair', name: 'Pair', deviceIds: ['a', 'b'], need: need ?? 1 };
  const redundancyGroups = need === null ? [] : [pair];
  return { ...told, topology: { ...told.topology, redundancyGroups } };
}

describe('rules changed in the last second of a period', () => {
  it('do not make its objective milder: the one it began with counts, and the change is told', () => {
    const changed = report([topology(-600, TWO), topology(DAY - 1, TWO, [], 990_000)]);
    // 600 s of 172,800 are 99.652 %.
    expect(changed.targetPpm).toBe(999_000);
    expect(changed.fleet.service.verdict).toBe('missed');
    expect(changed.ruleChanges).toEqual({
      count: 1,
      listed: [
        { at: second(DAY - 1), what: 'objective', id: null, before: '999000', after: '990000' },
      ],
    });
    const text = renderReportText(changed, 'en');
    expect(text).toContain('objective: 99.900 % → 99.000 %');
    expect(text).toContain('the one in force when the period began');
    const { blocks } = composeDocument(changed, 'zh-CN', null);
    expect(JSON.stringify(blocks)).toContain('目标：99.900 % → 99.000 %');
    expect(renderCsv(changed, 'changes')).toContain('objective,,999000,990000');
  });

  it('count from the next period on, whose trend judges the earlier one by its own', () => {
    const told = [topology(-600, TWO), topology(DAY - 1, TWO, [], 990_000)];
    const next = report(told, {}, tomorrow.period);
    expect(next.targetPpm).toBe(990_000);
    const own = report(told).fleet.service;
    expect(next.previous?.service).toMatchObject({ verdict: own.verdict, budgetMs: own.budgetMs });
  });

  it('is what the live ledger tells too', () => {
    const told = inOrder([topology(-600, TWO), topology(DAY - 1, TWO, [], 990_000)], running);
    const live = createLiveLedger('UTC');
    for (const entry of toEntries(told)) live.apply(entry);
    expect(live.read('month', second(2 * DAY)).targetPpm).toBe(999_000);
    expect(live.read('month', second(31 * DAY)).targetPpm).toBe(990_000);
  });

  it('move neither customers nor time to another site', () => {
    const before = report([topology(-600, TWO)]);
    const moved = [
      { id: 'a', customers: 1, siteId: 's2' },
      { id: 'b', customers: 1010, siteId: 's2' },
    ];
    const after = report([topology(-600, TWO), topology(DAY - 1, moved)]);
    expect(before.customers?.ratioPpm).toBe(993_124);
    // The last of 86,400 seconds weighs 1011 instead of 1010.
    expect(after.customers?.ratioPpm).toBe(993_124);
    const lost = ({ sites }: typeof after) =>
      sites.map(({ id, service }) => [id, service.usedMs, service.agreedMs]);
    expect(lost(before)).toEqual([
      ['s2', 0, DAY * 1000],
      ['site-1', 600_000, DAY * 1000],
    ]);
    expect(lost(after)).toEqual([
      ['s2', 0, (DAY + 1) * 1000],
      ['site-1', 600_000, (DAY - 1) * 1000],
    ]);
    expect(after.ruleChanges.listed.map(({ what, id }) => `${what} ${id}`)).toEqual([
      ...['site a', 'customers a', 'customers b'],
    ]);
  });

  it('leave a device that moved in the report of the site it was at, for that time', () => {
    const moved = [
      { id: 'a', siteId: 's2' },
      { id: 'b', siteId: 's2' },
    ];
    const told = [topology(-600, TWO), topology(DAY / 2, moved)];
    const left = report(told, { siteId: 'site-1' });
    expect(left.devices.map(({ facts, durations }) => [facts.id, durations.down])).toEqual([
      ['a', 600_000],
    ]);
    expect(left.fleet.service.agreedMs).toBe((DAY / 2) * 1000);
    const joined = report(told, { siteId: 's2' });
    expect(joined.devices.map(({ durations }) => durations.down)).toEqual([0, 0]);
    expect(joined.fleet.service.agreedMs).toBe(1.5 * DAY * 1000);
    expect(joined.outages.count).toBe(0);
  });

  it('do not dissolve a redundancy group, and its need counts from when it was loaded', () => {
    const whole = report([grouped(-600, 1)]).redundancyGroups[0]!;
    expect(whole.durations).toMatchObject({ down: 0, degraded: 600_000 });
    const gone = report([grouped(-600, 1), grouped(DAY - 1, null)]).redundancyGroups[0]!;
    expect(gone.durations).toMatchObject({ degraded: 600_000, 'out-of-service': 1000 });
    // From 3900 on both must work: [3900, 4200) of the outage is down.
    const stricter = report([grouped(-600, 1), grouped(3900, 2)]).redundancyGroups[0]!;
    expect(stricter.durations).toMatchObject({ degraded: 300_000, down: 300_000 });
    expect(stricter.need).toBe(2);
  });

  it('says nothing where the same configuration was loaded again', () => {
    const again = report([topology(-600, TWO), topology(100, TWO), topology(DAY - 1, TWO)]);
    expect(again.ruleChanges).toEqual({ count: 0, listed: [] });
    expect(renderReportText(again, 'en')).not.toContain('Changed while');
  });
});

describe('the days of service of a device', () => {
  const dated = (at: number, dates: object) => topology(at, [{ id: 'a', ...dates }, { id: 'b' }]);
  const ISO = { 0: '2026-11-01T00:00:00.000Z', 1: '2026-11-02T00:00:00.000Z' };

  it('are told when they are written down anew: what they were, what they are, and when', () => {
    const told = [
      dated(-600, { commissionedAt: 0 }),
      dated(3000, { commissionedAt: -DAY, retiredAt: DAY }),
      dated(5000, { commissionedAt: -DAY }),
    ];
    const { ruleChanges } = report(told);
    const begun = '2026-10-31T00:00:00.000Z';
    expect(ruleChanges.listed).toEqual([
      { at: second(0), what: 'in-service', id: 'a', before: '', after: '' },
      { at: second(3000), what: 'commissioned', id: 'a', before: ISO[0], after: begun },
      { at: second(3000), what: 'retired', id: 'a', before: '', after: ISO[1] },
      { at: second(5000), what: 'retired', id: 'a', before: ISO[1], after: '' },
    ]);
    const text = renderReportText(report(told), 'en');
    expect(text).toContain(
      '2026-11-01 00:50:00 +00:00  commissioning date a: 2026-11-01 00:00:00 +00:00 → 2026-10-31 00:00:00 +00:00\n',
    );
    expect(text).toContain('retirement date a: – → 2026-11-02 00:00:00 +00:00\n');
    expect(JSON.stringify(composeDocument(report(told), 'zh-CN', null).blocks)).toContain(
      '退网日期 a：2026-11-02 00:00:00 +00:00 → –',
    );
    expect(renderCsv(report(told), 'changes')).toContain(`Z,retired,a,,${ISO[1]},\r\n`);
    const json = renderReportJson(report(told));
    expect(renderReportJson(readReportJson(json))).toBe(json);
  });

  it('are those it had before it left, when it comes back with others', () => {
    const told = [
      dated(-600, {}),
      topology(3000, ['b']),
      dated(5000, { retiredAt: DAY }),
      dated(6000, { retiredAt: DAY }),
    ];
    const listed = report(told).ruleChanges.listed.map(({ what, before, after }) => {
      return [what, before, after];
    });
    expect(listed).toEqual([
      ['removed', '', ''],
      ['added', '', ''],
      ['retired', '', ISO[1]],
    ]);
  });
});

describe('the report of a site', () => {
  it('has the redundancy groups with a member there, each as one thing', () => {
    const told = topology(-600, ['a', 'b']);
    if (told.type !== 'topology-loaded') throw new Error('not a topology');
    const pair = { id: 'pair', name: 'Pair', deviceIds: ['a', 'b'], need: 1 };
    const all = { ...told, topology: { ...told.topology, redundancyGroups: [pair] } };
    expect(report([all], { siteId: 'site-1' }).redundancyGroups).toMatchObject([
      { id: 'pair', redundancyLostMs: 600_000, sharedSiteIds: [] },
    ]);
    expect(report([all], { siteId: 's2' }).redundancyGroups).toEqual([]);
  });

  it('says of one that it is shared, and counts the members elsewhere too', () => {
    const whole = report([grouped(-600, 1)]).redundancyGroups[0]!;
    expect(whole.sharedSiteIds).toEqual([]);
    for (const [siteId, other] of [
      ['site-1', 's2'],
      ['s2', 'site-1'],
    ] as const) {
      const own = report([grouped(-600, 1)], { siteId });
      expect(own.redundancyGroups).toEqual([{ ...whole, sharedSiteIds: [other] }]);
      expect(own.fleet.deviceCount).toBe(1);
      expect(readReportJson(renderReportJson(own)).redundancyGroups).toEqual(own.redundancyGroups);
      expect(JSON.parse(renderReportJson(own)).redundancyGroups[0].sharedSiteIds).toEqual([other]);
      const told = (['en', 'zh-CN'] as const).map((language) =>
        JSON.stringify(composeDocument(own, language, null).blocks),
      );
      expect(told[0]).toContain(`Pair (shared with ${other})`);
      expect(told[1]).toContain(`Pair（与 ${other} 共有）`);
      expect(renderCsv(own, 'groups')).toContain(',shared-redundancy,pair,Pair,2,');
    }
    expect(renderReportJson(report([grouped(-600, 1)]))).not.toContain('sharedSiteIds');
  });

  it('has a group that a device was in when it moved away, shared with where it went', () => {
    const told = grouped(-600, 1);
    if (told.type !== 'topology-loaded') throw new Error('not a topology');
    const { topology: before } = told;
    const devices = before.devices.map((device) => ({ ...device, siteId: 's2' }));
    const moved = { ...told, at: second(DAY / 2), topology: { ...before, devices } };
    const left = report([told, moved], { siteId: 'site-1' }).redundancyGroups;
    expect(left).toMatchObject([{ id: 'pair', sharedSiteIds: ['s2'], redundancyLostMs: 600_000 }]);
  });
});
