import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
import { parsePeriod } from '../../reports/period.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { incident } from './incident-story.ts';
import { down } from './ledger-case.ts';
import { health, inOrder, leases, second, started, toEntries, topology } from './story.ts';

const rowsOf = (csv: string) => csv.split('\r\n').length - 2;

/** Incidents one after another: the first `quick` acknowledged after 60 s, the others after 36,000 s. */
function story(count: number, quick: number): DomainEvent[] {
  const events: DomainEvent[] = [];
  for (let index = 0; index < count; index += 1) {
    const told = incident(`INC-${index}`);
    const at = 60 + index;
    const isQuick = index < quick;
    events.push(told.opened(at, 1));
    if (!isQuick) events.push(told.breached(at + 900));
    events.push(told.acknowledged(at + (isQuick ? 60 : 36_000)));
    events.push(told.resolved(at + (isQuick ? 120 : 42_000)));
  }
  return inOrder(events);
}

describe('more incidents than are kept with their timeline', () => {
  const period = parsePeriod('2026-11', 'UTC');
  if (!period.ok) throw new Error(period.message);

  it('are all in every figure and every list', () => {
    const events = inOrder([started(-60), topology(-60)], story(25_000, 20_000));
    const report = buildAvailabilityReport(toEntries(events), period.period, second(40 * 86_400));
    // 20,000 × 60 s and 5,000 × 36,000 s: mean (1,200,000 + 180,000,000) ÷ 25,000 = 7,248 s.
    expect(report.incidents.acknowledge).toEqual({
      ...{ count: 25_000, meanMs: 7_248_000, medianMs: 60_000, p90Ms: 36_000_000 },
    });
    // 20,000 × 120 s and 5,000 × 42,000 s: 212,400,000 s ÷ 25,000 = 8,496 s.
    expect(report.incidents.resolve).toMatchObject({ count: 25_000, meanMs: 8_496_000 });
    const breached = report.incidents.records.filter(({ breachCount }) => breachCount > 0);
    expect(breached).toHaveLength(5_000);
    expect(report.responses.tiers[0]).toMatchObject({
      acknowledgedInTime: 20_000,
      breached: 5_000,
    });
    expect(report.incidents.repeatOffenders).toEqual([
      { deviceId: 'a', incidentCount: 25_000, breachCount: 5_000 },
    ]);
    expect(rowsOf(renderCsv(report, 'incidents'))).toBe(25_000);
    const { incidents } = JSON.parse(renderReportJson(report));
    expect(incidents.records).toHaveLength(25_000);
    expect(incidents).toMatchObject({ unlistedCount: 0, withoutTimelineCount: 5_000 });
    // What was breached tells how; what gave way ended well.
    expect(breached.every(({ timeline }) => timeline !== null)).toBe(true);
  });

  it('lose the timelines of the resolved first, the oldest before the others', () => {
    const records = new IncidentRecords(second(0), second(100_000), 2);
    for (const event of story(3, 2)) records.apply(event);
    const kept = records.read().records.map(({ id, timeline }) => [id, timeline !== null]);
    // All three were open at once: there was no room for the third.
    expect(kept).toEqual([
      ['INC-0', true],
      ['INC-1', true],
      ['INC-2', false],
    ]);
    const late = incident('INC-9');
    records.apply(late.opened(50_000, 1));
    expect(records.read().records.map(({ timeline }) => timeline !== null)).toEqual([
      ...[false, true, false, true],
    ]);
  });
});

describe('many outages', () => {
  it('are all in CSV and JSON, and heading and table of the document agree', () => {
    const outages = Array.from({ length: 300 }, (_, index) =>
      down(60 + index * 240, 120 + index * 240),
    ).flat();
    const events = inOrder(
      [started(-60), topology(-60), health(-50, -55, 'up')],
      [...outages, ...leases(-60, 90_000)],
    );
    const day = parsePeriod('2026-11-01', 'UTC');
    if (!day.ok) throw new Error(day.message);
    const report = buildAvailabilityReport(toEntries(events), day.period, second(100_000));
    expect(report.outages.count).toBe(300);
    expect(rowsOf(renderCsv(report, 'outages'))).toBe(300);
    const { outages: told } = JSON.parse(renderReportJson(report));
    expect(told.longest).toHaveLength(300);
    const { blocks } = composeDocument(report, 'en', null);
    const place = blocks.findIndex(
      (block) => block.kind === 'heading' && block.text === 'The 40 longest of 300 outages',
    );
    expect(blocks[place + 2]).toMatchObject({ kind: 'table', rows: { length: 40 } });
    expect(blocks[place + 3]).toEqual({
      ...{ kind: 'paragraph', text: '260 more are in the CSV and JSON forms of this report.' },
    });
    const cut = { ...report, outages: { ...report.outages, count: 310 } };
    expect(renderCsv(cut, 'outages')).toContain('(10 shorter ones are not listed)');
  });
});
