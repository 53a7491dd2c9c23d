import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import type { Tier } from '../../config/model.ts';
import { SECOND } from '../../lib/time.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { renderHtml } from '../../reports/documents/render-html.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
import { readReportJson } from '../../reports/read-report-json.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { evidence, incident } from './incident-story.ts';
import { base, running } from './ledger-case.ts';
import { reopeningCases } from './reopening-cases.ts';
import { inOrder, second, stretch, toEntries } from './story.ts';

const reportOf = ({ events }: (typeof reopeningCases)[number]) =>
  buildAvailabilityReport(
    toEntries(inOrder(base, running, events)),
    stretch(0, 3600),
    second(3660),
  );

describe('incidents that come back, worked out by hand', () => {
  it.each(reopeningCases)('$name', (each) => {
    const { incidents, responses } = reportOf(each);
    const { count, meanMs, p90Ms } = incidents.resolve;
    const sum = each.openFor.reduce((total, seconds) => total + seconds, 0);
    expect(count).toBe(each.openFor.length);
    expect(meanMs).toBe((sum / count) * SECOND);
    expect(p90Ms).toBe(Math.max(...each.openFor) * SECOND);
    expect(incidents.neverAcknowledgedCount).toBe(each.neverAcknowledged);
    const tiers = responses.tiers
      .map(({ tier, acknowledgedInTime, breached, resolvedFirst, running: open }) => {
        return [tier, [acknowledgedInTime, breached, resolvedFirst, open]] as const;
      })
      .filter(([, counts]) => counts.some((value) => value > 0));
    expect(Object.fromEntries(tiers)).toEqual(each.tiers);
    const never = responses.tiers.reduce((total, tier) => total + tier.neverAcknowledged!, 0);
    expect(never).toBe(incidents.neverAcknowledgedCount);
    for (const tier of responses.tiers) {
      const { resolvedFirst, breached, neverAcknowledged } = tier;
      expect(neverAcknowledged).toBeGreaterThanOrEqual(resolvedFirst);
      expect(neverAcknowledged).toBeLessThanOrEqual(resolvedFirst + breached);
    }
  });

  it('say how long they were resolved in between, and others say nothing', () => {
    const back = reportOf(reopeningCases[0]!);
    expect(back.incidents.records[0]!.restoredMs).toBe(1_200_000);
    const json = renderReportJson(back);
    expect(renderReportJson(readReportJson(json))).toBe(json);
    expect(renderCsv(back, 'incidents')).toMatch(/restored_ms,.*\r\n.*,1200000,.*\r\n/);
    expect(renderReportJson(reportOf(reopeningCases[3]!))).not.toContain('restoredMs');
  });

  it('are listed with the time that they were open, as the mean counts it', () => {
    const records = new IncidentRecords(second(0), second(3600));
    const { opened, resolved, reopened } = incident('i-1');
    for (const event of [opened(10, 2), resolved(100), reopened(500, 2), resolved(540)])
      records.apply(event);
    const read = records.read();
    expect(read.resolve.meanMs).toBe(130 * SECOND);
    const report = { ...reportOf(reopeningCases[3]!) };
    const shown = { ...report, incidents: { ...report.incidents, records: read.records } };
    const html = renderHtml(composeDocument(shown, 'en', null));
    expect(html).toContain('>2m 10s<');
    expect(html).not.toContain('8m 50s');
  });

  it('have the worst tier of their times, and tell each; clocks count under their own', () => {
    const records = new IncidentRecords(second(0), second(3600));
    const { opened, resolved, reopened, breached } = incident('i-1');
    const told = (event: DomainEvent, tier: Tier) => {
      const sentence = { en: `tier ${tier}`, 'zh-CN': `级别 ${tier}` };
      return { ...event, tier, evidence: { ...evidence, sentence } } as DomainEvent;
    };
    const back = [told(reopened(200, 4), 4), breached(300), resolved(400)];
    for (const event of [told(opened(10, 2), 2), resolved(100), ...back]) records.apply(event);
    const [record] = records.read().records;
    expect(record).toMatchObject({ tier: 2, episodeTiers: [2, 4], breachedTiers: [4] });
    expect(record!.because.en).toBe('tier 2');
    const milderFirst = new IncidentRecords(second(0), second(3600));
    const worse = [told(reopened(200, 1), 1), breached(300)];
    for (const event of [told(opened(10, 4), 4), resolved(100), ...worse]) milderFirst.apply(event);
    expect(milderFirst.read().records).toMatchObject([
      { tier: 1, episodeTiers: [4, 1], breachedTiers: [1], because: { en: 'tier 1' } },
    ]);
    const report = { ...reportOf(reopeningCases[3]!) };
    const shown = { ...report, incidents: { ...report.incidents, records: [record!] } };
    expect(renderHtml(composeDocument(shown, 'en', null))).toContain('(each time: 2 → 4)');
    expect(renderHtml(composeDocument(shown, 'zh-CN', null))).toContain('（各次：2 → 4）');
  });
});
