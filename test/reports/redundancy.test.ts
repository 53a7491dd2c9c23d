import { describe, expect, it } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { groupCases } from './group-cases.ts';
import { second, stretch, toEntries } from './story.ts';

const reportOf = ({ events }: (typeof groupCases)[number]) =>
  buildAvailabilityReport(toEntries(events), stretch(0, 3600), second(3660));

describe('a redundancy group, worked out by hand', () => {
  it.each(groupCases)('$name', (each) => {
    const { proven = {}, redundancyLost = 0 } = each;
    const group = reportOf(each).redundancyGroups[0]!;
    const found = Object.entries(group.durations)
      .filter(([, ms]) => ms > 0)
      .map(([state, ms]) => [state, ms / SECOND]);
    expect(Object.fromEntries(found)).toEqual(each.expected);
    const { unknown = 0, unreachable = 0 } = proven;
    expect(group.proven).toEqual({
      unknown: unknown * SECOND,
      unreachable: unreachable * SECOND,
    });
    expect(group.redundancyLostMs).toBe(redundancyLost * SECOND);
    const told = [group.service, group.device].map(({ usedMs, agreedMs }) => [
      usedMs / SECOND,
      agreedMs / SECOND,
    ]);
    expect(told).toEqual([each.service, each.device]);
  });

  it('is met by its devices and missed by its service where only the way to them was lost', () => {
    const behind = groupCases.find(({ name }) => name.includes('dead parent and proven'))!;
    const report = reportOf(behind);
    const [told] = JSON.parse(renderReportJson(report)).redundancyGroups;
    expect(told.service).toMatchObject({ verdict: 'missed', usedMs: 300_000 });
    expect(told.device).toMatchObject({ verdict: 'met', usedMs: 0, availabilityPpm: 1_000_000 });
    expect(told.provenMs).toEqual({ unknown: 0, unreachable: 300_000 });
    // Its members say the same of themselves.
    for (const { device } of report.devices) expect(device.verdict).toBe('met');
    const row = renderCsv(report, 'groups')
      .split('\r\n')
      .find((line) => line.includes(',redundancy,'))!;
    expect(row).toContain(',missed,1000000,met,');
  });
});
