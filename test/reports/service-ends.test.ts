import { describe, expect, it } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import type { Amendment } from '../../reports/amendments.ts';
import { buildAvailabilityReport, type ReportOptions } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { readReportJson } from '../../reports/read-report-json.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { renderReportText } from '../../reports/report-text.ts';
import { serviceEndCases } from './service-end-cases.ts';
import { STORY_START, second, stretch, toEntries } from './story.ts';

const reportOf = ({ events }: (typeof serviceEndCases)[number], options: ReportOptions = {}) =>
  buildAvailabilityReport(toEntries(events), stretch(0, 3600), second(3660), options);
const secondOf = (at: number) => (at - STORY_START) / SECOND;

describe('what leaves the configuration, worked out by hand', () => {
  it.each(serviceEndCases)('$name', (each) => {
    const { serviceEnds, ruleChanges, devices } = reportOf(each);
    const told = serviceEnds.listed.map(({ state, lostSince, at, backAt }) => ({
      state,
      lostSince: secondOf(lostSince),
      at: secondOf(at),
      backAt: backAt === null ? null : secondOf(backAt),
    }));
    expect(told).toEqual(each.expected);
    expect(serviceEnds.count).toBe(each.expected.length);
    const changes = ruleChanges.listed.map(({ at, what, id, before, whileIn }) => {
      return `${secondOf(at)} ${what} ${id} ${whileIn ?? before}`;
    });
    expect(changes).toEqual(each.changes);
    const { durations } = devices.find(({ facts }) => facts.id === 'a')!;
    expect(durations.down).toBe((each.down ?? 0) * SECOND);
    expect(durations['out-of-service']).toBe((each.outOfService ?? 0) * SECOND);
  });
});

describe('a device taken out of the configuration while it was down', () => {
  const removed = serviceEndCases[0]!;

  it('is told beside the verdict, in every form', () => {
    const report = reportOf(removed);
    const english =
      'Device a went out of service on 2026-11-01 00:17:40 +00:00 while down (for 1m by then) and was back after 32m 20s: that time is in no figure.';
    const chinese =
      'Device a 于 2026-11-01 00:17:40 +00:00 在中断状态下退网（已持续 1分），32分 20秒 后恢复在网：该段时间不计入任何数字。';
    for (const [language, sentence] of [
      ['en', english],
      ['zh-CN', chinese],
    ] as const) {
      const [block] = composeDocument(report, language, null).blocks;
      expect(block).toMatchObject({ kind: 'verdict' });
      expect(block?.kind === 'verdict' ? block.sentences : []).toContain(sentence);
      expect(renderReportText(report, language)).toContain(sentence);
    }
    expect(renderReportText(report, 'en')).toContain('device removed: a, while down\n');
    expect(renderReportText(report, 'zh-CN')).toContain('移除设备：a（当时中断）\n');
    expect(renderCsv(report, 'changes')).toContain('Z,removed,a,,,down\r\n');
    const json = renderReportJson(report);
    expect(JSON.parse(json).serviceEnds).toMatchObject({ count: 1, listed: [{ deviceId: 'a' }] });
    expect(renderReportJson(readReportJson(json))).toBe(json);
  });

  it('is left to the amendment where a person has taken the time out', () => {
    const amendment: Amendment = {
      ...{ number: 1, at: second(4000), by: 'chief', reason: 'moved house', deviceIds: ['a'] },
      ...{ from: second(1060), to: second(3600), state: 'out-of-service' },
    };
    expect(reportOf(removed, { amendments: [amendment] }).serviceEnds.count).toBe(0);
  });

  it('is read from a report that an earlier version froze', () => {
    const told = JSON.parse(renderReportJson(reportOf(removed)));
    told.format = 'threenines-availability/1';
    for (const change of told.ruleChanges.listed) {
      if (change.what === 'removed') change.before = change.whileIn;
      delete change.whileIn;
    }
    for (const tier of told.responses) {
      tier.neverAcknowledged = 7;
      delete tier.resolvedFirst;
    }
    const { ruleChanges, responses } = readReportJson(JSON.stringify(told));
    expect(ruleChanges).toEqual(reportOf(removed).ruleChanges);
    expect(responses.tiers[0]).toMatchObject({ resolvedFirst: 7, neverAcknowledged: null });
  });

  it('is not in a report that has none', () => {
    expect(renderReportJson(reportOf(serviceEndCases[5]!))).not.toContain('serviceEnds');
  });
});
