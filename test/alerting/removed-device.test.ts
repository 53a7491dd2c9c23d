import { expect, test } from 'vitest';
import { subjectOf } from '../../alerting/events.ts';
import { renderSummary } from '../../alerting/page-summary.ts';
import { renderPage } from '../../alerting/page-text.ts';
import { restoredAt } from '../../alerting/page-times.ts';
import { sentenceOf } from '../../api/event-sentence.ts';
import { foldIncident } from '../../api/incident-record.ts';
import { pageKindName } from '../../api/words.ts';
import { MINUTE } from '../../lib/time.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { composeDocument } from '../../reports/documents/compose.ts';
import { renderCsv } from '../../reports/documents/render-csv.ts';
import { renderHtml } from '../../reports/documents/render-html.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
import { periodAt } from '../../reports/period.ts';
import { configWith } from '../pages/page-fixtures.ts';
import { toEntries } from '../reports/story.ts';
import { Network, START, topology } from './network.ts';

const LINKS = { incident: 'https://noc.example/i', acknowledge: null };

/** A server dies, its people are told, and it is taken out of the configuration. */
function removed(): Network {
  const { devices, ...rest } = topology();
  const named = devices.map((each) => (each.id === 'srv-1' ? { ...each, name: 'Server 1' } : each));
  const network = new Network({ ...rest, devices: named });
  network.silence('srv-1');
  network.run(2 * MINUTE);
  const left = named.filter(({ id }) => id !== 'srv-1');
  network.tick([{ kind: 'topology', topology: { ...rest, devices: left } }]);
  return network;
}

test('the end of an incident whose device left the configuration is not told as a recovery', () => {
  const network = removed();
  const page = network.pages().find(({ kind }) => kind === 'resolved')!;
  const english = renderPage(page, 'en', 'UTC', network.now, LINKS);
  expect(english.subject).toContain('No longer watched — Server 1: not answering');
  expect(english.text).toContain('taken out of the configuration');
  expect(english.text).not.toMatch(/Resolved|Lasted/);
  expect(english.short).not.toMatch(/Resolved|Lasted/);
  const chinese = renderPage(page, 'zh-CN', 'UTC', network.now, LINKS);
  expect(chinese.text).toContain('已移出配置');
  expect(chinese.subject + chinese.text + chinese.short).not.toMatch(/已恢复|持续/);
  const cleared = network.eventsOf('fault-cleared').at(-1);
  expect(cleared).toMatchObject({ isRemoved: true });
  expect(network.replayedText()).toBe(network.liveText());
});

test('its name is remembered until it is back', () => {
  const network = removed();
  expect([...network.state.formerNames]).toEqual([['srv-1', 'Server 1']]);
  expect(network.replayedText()).toBe(network.liveText());
  network.tick([{ kind: 'topology', topology: topology() }]);
  expect(network.state.formerNames.size).toBe(0);
});

test('its last page is called so wherever pages are listed', () => {
  const network = removed();
  const isLast = (each: { readonly kind?: string }) => each.kind === 'resolved';
  const queued = network.eventsOf('page-queued').find(isLast)!;
  const told = sentenceOf(queued, configWith([]));
  expect(told.en).toMatch(/\(No longer watched\)$/);
  expect(told['zh-CN']).toMatch(/（不再监测）$/);
  const page = network.pages().find(isLast)!;
  const { text } = renderSummary([page, page], 'en', 'UTC', LINKS.incident);
  expect(text).toContain('No longer watched');
  expect(text).not.toContain('Resolved');
  const record = foldIncident(network.events.filter((each) => subjectOf(each) === page.incidentId));
  const listed = record?.pages.filter(isLast) ?? [];
  expect(listed.map(({ kind, isRemoved }) => pageKindName(kind, isRemoved).en)).toEqual([
    'No longer watched',
  ]);
});

test('nothing says that it was restored, neither its state, its record nor what goes out', async () => {
  const network = removed();
  const [incident] = network.incidents();
  expect(incident).toMatchObject({ restoredAt: null, causes: [{ until: null }] });
  expect(network.eventsOf('incident-resolved').at(-1)).not.toHaveProperty('restoredAt');
  const record = foldIncident(network.events.filter((event) => subjectOf(event) === incident!.id))!;
  expect(record).toMatchObject({ restoredAt: null, resolution: { reason: 'removed' } });
  const page = network.pages().find(({ kind }) => kind === 'resolved')!;
  expect(page.facts).toMatchObject({ isRemoved: true, restoredAt: null });
  expect(restoredAt(page.facts)).toBeNull();
});

test('what had recovered before it left the configuration has recovered', () => {
  const network = new Network({
    ...topology(),
    flapping: { windowMs: 10 * MINUTE, enterAbove: 1, leaveBelow: 1 },
  });
  for (const _ of [1, 2]) {
    network.silence('srv-1');
    network.run(2 * MINUTE);
    network.restore('srv-1');
    network.run(2 * MINUTE);
  }
  const { devices, ...rest } = topology();
  const left = devices.filter(({ id }) => id !== 'srv-1');
  network.tick([{ kind: 'topology', topology: { ...rest, devices: left } }]);
  network.run(15 * MINUTE);
  expect(network.eventsOf('incident-resolved').at(-1)).toMatchObject({ reason: 'recovered' });
  expect(network.incidents().at(-1)!.restoredAt).not.toBeNull();
  expect(network.replayedText()).toBe(network.liveText());
});

test('a redundancy group that is no longer configured has not recovered', () => {
  const network = new Network(topology());
  network.silence('core-1');
  network.run(2 * MINUTE);
  network.tick([{ kind: 'topology', topology: { ...topology(), redundancyGroups: [] } }]);
  const ofGroup = network.eventsOf('fault-cleared');
  expect(ofGroup.length).toBeGreaterThan(0);
  expect(ofGroup.every(({ isRemoved }) => isRemoved)).toBe(true);
  expect(network.replayedText()).toBe(network.liveText());
});

test('a report tells it as no longer watched', () => {
  const network = removed();
  const period = periodAt('day', START, 'UTC');
  const report = buildAvailabilityReport(toEntries(network.events), period, network.now);
  expect(renderHtml(composeDocument(report, 'en', null))).toContain('no longer watched');
  expect(renderHtml(composeDocument(report, 'zh-CN', null))).toContain('不再监测');
  const [head, row] = renderCsv(report, 'incidents')
    .split('\r\n')
    .map((line) => line.split(','));
  const cell = (name: string) => row![head!.indexOf(name)];
  expect(cell('resolved')).toBe('');
  expect(cell('no_longer_watched')).toMatch(/Z$/);
  expect(report.incidents.records[0]!.timeline!.at(-1)).toMatchObject({ what: 'removed' });
});

test('it is no time to resolve', () => {
  const network = removed();
  const records = new IncidentRecords(START, network.now + MINUTE);
  for (const event of network.events) records.apply(event);
  const { records: rows, resolve } = records.read();
  expect(rows.map(({ isRemoved }) => isRemoved)).toEqual([true]);
  expect(resolve.count).toBe(0);
});
