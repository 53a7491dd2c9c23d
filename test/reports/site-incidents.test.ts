import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { DAY, MINUTE } from '../../lib/time.ts';
import {
  type AvailabilityReport,
  buildAvailabilityReport,
} from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { renderHtml } from '../../reports/documents/render-html.ts';
import { parsePeriod } from '../../reports/period.ts';
import { readReportJson } from '../../reports/read-report-json.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { Network } from '../alerting/network.ts';
import { toEntries } from './story.ts';

function reportOf(events: readonly DomainEvent[], siteId: string | null): AvailabilityReport {
  const parsed = parsePeriod('2026-11-01', 'UTC');
  if (!parsed.ok) throw new Error(parsed.message);
  const now = parsed.period.to + DAY;
  return buildAvailabilityReport(toEntries(events), parsed.period, now, { siteId });
}

/** agg-1 at north fails and nobody answers; later core-1 at hq alone, and after it both cores, which takes all of it down. */
function threeFailures(): Network {
  const network = new Network();
  network.run(MINUTE);
  for (const [failing, lastsMs] of [
    [['agg-1', 'acc-1', 'acc-2'], 20 * MINUTE],
    [['core-1', 'core-2', 'agg-1', 'acc-1', 'acc-2', 'agg-2'], 5 * MINUTE],
  ] as const) {
    for (const id of failing) network.silence(id);
    network.run(lastsMs);
    for (const id of failing) network.restore(id);
    network.run(30 * MINUTE);
  }
  return network;
}

const idsOf = ({ incidents }: AvailabilityReport) => incidents.records.map(({ id }) => id);
const breachesOf = ({ responses }: AvailabilityReport) =>
  responses.tiers.reduce((sum, { breached }) => sum + breached, 0);

describe('the report of a site', () => {
  const { events } = threeFailures();
  const [north, hq, south, all] = ['north', 'hq', 'south', null].map((id) => reportOf(events, id));

  it('has the incidents whose cause, or something behind it, is at the site, and no others', () => {
    const opened = events.filter((event) => event.type === 'incident-opened');
    const [first, ...later] = opened.map(({ incidentId }) => incidentId);
    expect(opened[0]!.rootFaultKey).toBe('agg-1/*/device-down');
    expect(later.length).toBeGreaterThan(0);
    expect(idsOf(all!)).toEqual([first, ...later]);
    expect(idsOf(north!)).toContain(first);
    expect(idsOf(hq!)).toEqual(later);
    expect(idsOf(south!)).not.toContain(first);
    expect(idsOf(south!).length).toBeGreaterThan(0);
  });

  it('counts clocks, times and pages of those alone', () => {
    expect(breachesOf(all!)).toBe(1);
    expect(breachesOf(north!)).toBe(1);
    expect(breachesOf(hq!)).toBe(0);
    expect(hq!.responses.incidentCount).toBe(hq!.incidents.records.length);
    expect(hq!.incidents.resolve.count).toBe(hq!.incidents.records.length);
    const queued = (report: AvailabilityReport) =>
      events.filter((event) => {
        return event.type === 'page-queued' && idsOf(report).includes(event.incidentId);
      }).length;
    for (const report of [north!, hq!, south!, all!]) {
      expect(report.incidents.pages.queued).toBe(queued(report));
    }
    expect(hq!.incidents.pages.queued).toBeLessThan(all!.incidents.pages.queued);
    expect(renderCsv(hq!, 'timelines')).not.toContain('inc-000001');
  });

  it('marks those whose cause is elsewhere, in every form', () => {
    const [own] = north!.incidents.records;
    expect(own).not.toHaveProperty('rootElsewhere');
    const foreign = south!.incidents.records.find(({ deviceId }) => deviceId.startsWith('core'))!;
    expect(foreign.rootElsewhere).toEqual({ deviceName: foreign.deviceId, siteName: 'hq' });
    for (const record of all!.incidents.records) expect(record).not.toHaveProperty('rootElsewhere');
    const json = renderReportJson(south!);
    expect(renderReportJson(readReportJson(json))).toBe(json);
    const row = renderCsv(south!, 'incidents')
      .split('\r\n')
      .find((each) => each.startsWith(foreign.id));
    expect(row).toMatch(/core-\d,yes,hq,,,$/);
    const marks = { en: '(cause elsewhere: hq)', 'zh-CN': '（原因不在本站点：hq）' } as const;
    for (const language of ['en', 'zh-CN'] as const) {
      expect(JSON.stringify(composeDocument(south!, language, null))).toContain(marks[language]);
      expect(JSON.stringify(composeDocument(all!, language, null))).not.toContain(marks[language]);
    }
  });
});

describe('an incident of a redundancy group', () => {
  const network = new Network();
  network.run(MINUTE);
  network.silence('core-1');
  network.run(20 * MINUTE);
  const { events } = network;

  it('is told by the name of the group', () => {
    const report = reportOf(events, null);
    const ofGroup = report.incidents.records.map((record) => ({
      ...record,
      deviceId: '_group:cores',
    }));
    const named = { ...report, incidents: { ...report.incidents, records: ofGroup } };
    const text = JSON.stringify(composeDocument(named, 'en', null));
    expect(text).not.toContain('_group');
    expect(renderCsv(named, 'incidents')).toMatch(/,_group:cores,.*,cores,,/);
  });

  it('stands in a wide table whose cells carry their label, for a telephone', () => {
    const page = renderHtml(composeDocument(reportOf(events, null), 'zh-CN', null));
    expect(page).toContain('<td class="number" data-label="未在网">');
    expect(page).toMatch(/<td data-label="设备">core-1<\/td>/);
  });

  it('says one thing in the singular', () => {
    const report = reportOf(events, 'hq');
    expect(report.responses.incidentCount).toBe(1);
    const text = JSON.stringify(composeDocument(report, 'en', null));
    expect(text).toContain('1 incident opened; 1 response clock ran out.');
  });
});
