import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
import { Network, START } from './network.ts';

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
