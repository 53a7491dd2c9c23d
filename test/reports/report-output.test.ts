import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderHtml } from '../../reports/documents/render-html.ts';
import { parsePeriod } from '../../reports/period.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { renderReportText } from '../../reports/report-text.ts';
import { displayWidth, renderTable } from '../../reports/text-table.ts';
import { incident } from './incident-story.ts';
import {
  health,
  inOrder,
  leases,
  STORY_START,
  second,
  started,
  stopped,
  toEntries,
  topology,
  window,
} from './story.ts';

const parsed = parsePeriod('2026-11-01', 'Asia/Shanghai');
if (!parsed.ok) throw new Error(parsed.message);
const { period } = parsed;
/** Seconds of the story at which the Shanghai day starts. */
const dayStart = (period.from - STORY_START) / 1000;
const at = (seconds: number) => dayStart + seconds;

function sampleReport(name = 'Device b') {
  const loaded = topology(
    at(-60),
    [
      { id: 'a', siteId: '北京', role: 'core', customers: 1000 },
      { id: 'b', siteId: 'site-2', role: 'access' },
    ],
    [window('w', at(3600), at(5400))],
  );
  if (loaded.type === 'topology-loaded') Object.assign(loaded.topology.devices[1]!, { name });
  const one = incident('i-1');
  const events = inOrder(
    started(at(-60)),
    loaded,
    health(at(-50), at(-55), 'up'),
    health(at(-50), at(-55), 'up', 'b'),
    leases(at(-60), at(86_460)),
    [health(at(10_030), at(10_000), 'down', 'b'), health(at(10_100), at(10_090), 'up', 'b')],
    [health(at(20_030), at(20_000), 'unreachable', 'b'), health(at(20_100), at(20_010), 'up', 'b')],
    [one.opened(at(10_030), 4), one.acknowledged(at(10_330)), one.resolved(at(10_400))],
  );
  return buildAvailabilityReport(toEntries(events), period, second(at(86_460)));
}

describe('the report as text', () => {
  it('says everything in English', () => {
    expect(renderReportText(sampleReport(), 'en')).toMatchSnapshot();
  });

  it('says everything in Chinese', () => {
    expect(renderReportText(sampleReport(), 'zh-CN')).toMatchSnapshot();
  });

  it.each(['en', 'zh-CN'] as const)('lines up every table in %s', (language) => {
    const blocks = renderReportText(sampleReport(), language).split('\n\n');
    let tables = 0;
    for (const block of blocks) {
      const lines = block.split('\n');
      const rule = lines.findIndex((line) => line.startsWith('─'));
      if (rule < 0) continue;
      tables += 1;
      const width = displayWidth(lines[rule]!);
      for (const line of lines.slice(rule - 1, rule)) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }
    }
    expect(tables).toBe(7);
  });

  it('has no English word left in Chinese but names and units', () => {
    const text = renderReportText(sampleReport(), 'zh-CN');
    const latin = Array.from(text.matchAll(/[A-Za-z][A-Za-z-]+/g), ([word]) => word);
    const names = ['Asia', 'Shanghai', 'Site', 'site-2', 'Device', 'site-', 'Device'];
    expect(latin.filter((word) => !names.includes(word))).toEqual([]);
  });

  it('shows a hostile name as harmless text', () => {
    const text = renderReportText(sampleReport('evil\u001b[31m\u202eb\n\nline'), 'en');
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\u202e');
    expect(text).toContain('evil[31mb line');
  });

  it('says so when no device was in service', () => {
    const report = buildAvailabilityReport([], period, period.to);
    const said = 'No device was in service in this period (2026-11-01, time zone Asia/Shanghai).';
    expect(renderReportText(report, 'en')).toContain(`${said}\n`);
  });

  it('says when the first device came into service, and which period to ask for', () => {
    const empty = (seconds: number, siteId: string | null = null) =>
      buildAvailabilityReport(toEntries([topology(at(seconds))]), period, period.to, { siteId });
    const later = empty(86_460);
    expect(renderReportText(later, 'en')).toContain(
      'The first device came into service at 2026-11-02 00:01:00 +08:00 (Asia/Shanghai): ask for ' +
        'the period 2026-11-02 instead.',
    );
    expect(renderHtml(composeDocument(later, 'zh-CN', null))).toContain(
      '请改为查询周期 2026-11-02。',
    );
    const judged = empty(0);
    const started = { ...judged, devices: [], firstInServiceAt: period.from };
    expect(renderReportText(started, 'zh-CN')).toContain('尚无已判定的时间');
    const ofOther = empty(86_460, 'no-such-site');
    expect(renderReportText(ofOther, 'en')).not.toContain('The first device');
  });

  const runningTo = (seconds: number, ...more: DomainEvent[]) => {
    const healthy = [started(at(-60)), topology(at(-60)), health(at(-60), at(-60), 'up')];
    const events = inOrder(healthy, leases(at(-60), at(600)), more);
    return buildAvailabilityReport(toEntries(events), period, second(at(seconds)));
  };

  it('judges a running period up to the last proof of observation, and says so', () => {
    const report = runningTo(607);
    expect(report.fleet.service).toMatchObject({ coveragePpm: 1_000_000, verdict: 'met' });
    expect(JSON.parse(renderReportJson(report)).unobservedFrom).toBeNull();
    const text = renderReportText(report, 'en');
    expect(text).toContain(
      'Counted to: 2026-11-01 00:10:00 +08:00 (still running; judged up to the last proof of observation)',
    );
    expect(text).not.toMatch(/Nobody has observed|Not proven/);
    expect(renderReportText(report, 'zh-CN')).toContain('（周期尚未结束；判定至');
  });

  it('says of a running period that its verdict is on the time so far, and what can still be lost', () => {
    const outage = [health(at(130), at(100), 'down'), health(at(150), at(140), 'up')];
    const report = runningTo(607, ...outage);
    expect(report.fleet.service).toMatchObject({ verdict: 'missed', leftMs: 46_400 });
    expect(JSON.parse(renderReportJson(report))).toMatchObject({
      ...{ isRunning: true, verdictOn: 'period-so-far' },
      fleet: { service: { verdict: 'missed', leftMs: 46_400 } },
    });
    const english = renderReportText(report, 'en');
    expect(english).not.toMatch(/missed(?! so far)/);
    expect(english).toContain('Verdict: on the time counted so far. Budget, used and left: of the');
    expect(english).toContain(
      'Service: missed so far, but still met at the end of the period if no more than 46s is lost',
    );
    const chinese = renderReportText(report, 'zh-CN');
    expect(chinese).toContain('目前未达标，但若至周期结束时新增的中断与未知时间不超过 46秒');
  });

  it('says of a running period whose budget is overdrawn that it is too late', () => {
    const outage = [health(at(130), at(100), 'down'), health(at(250), at(240), 'up')];
    const report = runningTo(607, ...outage);
    expect(report.fleet.service.leftMs).toBeLessThan(0);
    expect(renderReportText(report, 'en')).toContain(
      'Service: the budget of the whole period is overdrawn; the objective can no longer be met',
    );
    expect(renderReportText(report, 'zh-CN')).toContain('服务：整个周期的差错预算已超支');
  });

  it.each([
    ['the lease is overdue', []],
    ['the service has stopped', [stopped(at(603))]],
  ])('does not judge what nobody has observed, and says since when: %s', (_, more) => {
    const report = runningTo(720, ...more);
    expect(report.fleet.durations).toMatchObject({ up: 600_000, unknown: 120_000 });
    expect(JSON.parse(renderReportJson(report)).unobservedFrom).toBe('2026-10-31T16:10:00.000Z');
    const english = renderReportText(report, 'en');
    expect(english).toContain('00:12:00 +08:00 (the period is still running)');
    expect(english).toContain('Nobody has observed since 2026-11-01 00:10:00 +08:00');
    expect(english).toContain('Not proven: 2m of device time is unknown');
    const chinese = renderReportText(report, 'zh-CN');
    expect(chinese).toContain('自 2026-11-01 00:10:00 +08:00 起无人观测');
    expect(chinese).toContain('无法证明：设备时间中有 2分 未知');
  });

  it('claims no observation while no device is in service', () => {
    const report = buildAvailabilityReport([], period, period.from + 1000);
    expect(renderReportText(report, 'en')).toContain(
      'Counted to: 2026-11-01 00:00:01 +08:00 (the period is still running)',
    );
  });
});

describe('tables', () => {
  it('measures cells as a terminal does', () => {
    expect(displayWidth('abc')).toBe(3);
    expect(displayWidth('可用率')).toBe(6);
    expect(displayWidth('（ａ）')).toBe(6);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('达标 ok')).toBe(7);
  });

  it('lines up wide and narrow text', () => {
    expect(
      renderTable(
        ['left', 'right'],
        ['名称', 'n'],
        [
          ['a', '1'],
          ['北京站', '22'],
        ],
      ),
    ).toBe(['名称     n', '──────  ──', 'a        1', '北京站  22'].join('\n'));
  });
});

describe('the report as JSON', () => {
  it('has the documented fields', () => {
    const document = JSON.parse(renderReportJson(sampleReport()));
    expect(document).toMatchObject({
      format: 'threenines-availability/2',
      period: {
        name: '2026-11-01',
        kind: 'day',
        timeZone: 'Asia/Shanghai',
        from: '2026-10-31T16:00:00.000Z',
        to: '2026-11-01T16:00:00.000Z',
      },
      countedTo: '2026-11-01T16:00:00.000Z',
      isRunning: false,
      targetPpm: 999_000,
      incidentCount: 1,
      worstDeviceIds: ['b'],
      customers: { customers: 1000, availabilityPpm: 1_000_000, lostCustomerMinutes: 0 },
    });
    // b: down 90 s, unreachable 10 s of 86 400: 99.8842… % as a service, 99.8958… % by itself.
    expect(document.devices[1]).toMatchObject({
      id: 'b',
      statesMs: { up: 86_300_000, down: 90_000, unreachable: 10_000, unknown: 0 },
      service: {
        availabilityPpm: 998_842,
        verdict: 'missed',
        agreedMs: 86_400_000,
        budgetMs: 86_400,
        usedMs: 100_000,
        leftMs: -13_600,
      },
      device: { availabilityPpm: 998_958, usedMs: 90_000, agreedMs: 86_390_000 },
    });
    expect(document.devices[0]).toMatchObject({
      id: 'a',
      siteId: '北京',
      role: 'core',
      statesMs: { maintenance: 1_800_000, up: 84_600_000 },
      service: { verdict: 'met', budgetMs: 84_600 },
    });
    expect(document.responses[3]).toMatchObject({
      tier: 4,
      acknowledgedInTime: 1,
      medianAcknowledgeMs: 300_000,
    });
  });

  it('is the same bytes every time', () => {
    expect(renderReportJson(sampleReport())).toBe(renderReportJson(sampleReport()));
  });

  it('keeps its field names', () => {
    const names = new Set<string>();
    JSON.stringify(JSON.parse(renderReportJson(sampleReport())), (key, value) => {
      if (!/^\d*$/.test(key)) names.add(key);
      return value;
    });
    expect(Array.from(names)).toMatchSnapshot();
  });
});
