import { expect, test } from 'vitest';
import { renderPage } from '../../alerting/page-text.ts';
import { MINUTE } from '../../lib/time.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
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

test('it is no time to resolve', () => {
  const network = removed();
  const records = new IncidentRecords(START, network.now + MINUTE);
  for (const event of network.events) records.apply(event);
  const { records: rows, resolve } = records.read();
  expect(rows.map(({ isRemoved }) => isRemoved)).toEqual([true]);
  expect(resolve.count).toBe(0);
});
