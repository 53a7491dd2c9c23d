import { describe, expect, it } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { readReportJson } from '../../reports/read-report-json.ts';
import { renderReportJson } from '../../reports/report-json.ts';
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
});
