import { expect, test } from 'vitest';
import { confirmedBehind } from '../../alerting/impact.ts';
import { renderPage } from '../../alerting/page-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
import { Network, START } from './network.ts';
import { tellsDown } from './ports-down.ts';

/** agg-1 and the two access switches behind it, which have 100 customers each. */
function failNorth(network: Network): void {
  for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
  network.run(3 * MINUTE);
}

const WORST =
  'agg-1 (aggregation) has no redundant path, 2 devices unreachable behind it, 100 % of site north down, 200 customers affected';

test('the end of an incident is told with what it was at its worst', () => {
  const network = new Network();
  network.run(MINUTE);
  failNorth(network);
  const [incident] = network.incidents();
  expect(incident!.evidence.sentence.en).toBe(WORST);
  network.restore('acc-1');
  network.restore('acc-2');
  network.run(40 * SECOND);
  expect(network.incidents()[0]!.evidence.sentence.en).not.toBe(WORST);
  network.restore('agg-1');
  network.run(5 * MINUTE);
  const [resolved] = network.incidents();
  expect(resolved!.resolvedAt).not.toBeNull();
  const told = network.pages().find(({ kind }) => kind === 'resolved');
  expect(told?.facts.because.en).toBe(WORST);
  const records = new IncidentRecords(START, network.now);
  for (const event of network.events) records.apply(event);
  expect(records.read().records.map(({ because }) => because.en)).toEqual([WORST]);
  expect(network.liveText()).toBe(network.replayedText());
});

test('an outage that is over within seconds is told with all that it had cut off', () => {
  const network = new Network();
  network.run(MINUTE);
  const everySecond = (ids: readonly string[], times: number) => {
    for (let left = times; left > 0; left -= 1) {
      network.now += SECOND;
      for (const id of ids) network.poll(id);
      network.tick([]);
    }
  };
  for (const id of ['agg-1', 'acc-1', 'acc-2']) network.silence(id);
  tellsDown(network, 'core-1', 'Te1');
  everySecond(['core-1', 'agg-1', 'acc-1'], 4);
  // A lost link is told before what is behind it is confirmed as silent.
  expect(network.pages()).toMatchObject([{ kind: 'opened', facts: { affectedCount: 3 } }]);
  const text = (language: 'en' | 'zh-CN') =>
    renderPage(network.pages()[0]!, language, 'UTC', network.now, {
      ...{ incident: 'http://x', acknowledge: null },
    }).text;
  // What hangs on it is known from the topology, what is cut off only once that is confirmed.
  expect(text('en')).toContain('Affects: 3 devices, not confirmed as down or cut off yet: agg-1');
  expect(text('zh-CN')).toContain('影响范围：3 台设备，尚未确认中断或不可达：agg-1');
  network.deliverAll();
  everySecond(['core-1', 'agg-1', 'acc-1', 'acc-2'], 6);
  for (const id of ['agg-1', 'acc-1', 'acc-2']) network.restore(id);
  tellsDown(network, 'core-1');
  everySecond(['core-1', 'agg-1', 'acc-1', 'acc-2'], 3);
  network.run(5 * MINUTE);
  const told = network.pages().find(({ kind }) => kind === 'resolved');
  expect(told?.facts.because.en).toBe(WORST);
  expect(network.liveText()).toBe(network.replayedText());
});

test('an incident that opened again tells of its last time', () => {
  const network = new Network();
  network.run(MINUTE);
  failNorth(network);
  for (const id of ['agg-1', 'acc-1', 'acc-2']) network.restore(id);
  network.run(5 * MINUTE);
  network.silence('agg-1');
  network.run(3 * MINUTE);
  network.restore('agg-1');
  network.run(5 * MINUTE);
  const ends = network.pages().filter(({ kind }) => kind === 'resolved');
  expect(ends.map(({ facts }) => facts.because.en === WORST)).toEqual([true, false]);
});

test('every page tells as many devices confirmed as its reason does', () => {
  const network = new Network();
  network.run(MINUTE);
  network.silence('agg-1');
  network.silence('acc-1');
  network.run(20 * MINUTE);
  network.silence('acc-2');
  network.run(20 * MINUTE);
  const told = network.pages().filter(({ facts }) => facts.resolvedAt === null);
  expect(told.length).toBeGreaterThan(2);
  for (const { facts } of told) {
    const behind = /(\d+) devices? unreachable behind it/.exec(facts.because.en)?.[1] ?? '0';
    expect(facts.confirmedCount ?? facts.affectedCount).toBe(Number(behind));
  }
  const [incident] = network.incidents();
  expect(confirmedBehind(incident!.evidence)).toBe(2);
});
