import { expect, test } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
import { Network, START, topology } from '../alerting/network.ts';

/** A core device that nobody answers for, told by an engine that pages people on one channel. */
function breachedIncident(): Network {
  const network = new Network(topology({ channels: [{ id: 'mail', kind: 'email' }] }));
  network.run(MINUTE);
  network.silence('agg-1');
  network.run(3 * MINUTE);
  network.delivers = false;
  network.run(20 * MINUTE);
  return network;
}

test('a timeline names the person and the channel of each page as the engine wrote them', () => {
  const network = breachedIncident();
  const queued = network.eventsOf('page-queued');
  // run / incident / episode / step / person / channel / kind
  expect(queued[0]!.pageId.split('/')).toHaveLength(7);
  const records = new IncidentRecords(START, network.now);
  for (const event of network.events) records.apply(event);
  const given = queued.at(-1)!;
  const { pageId, incidentId } = given;
  const reason = { en: 'too late', 'zh-CN': '太迟' };
  records.apply({ type: 'page-abandoned', at: network.now, pageId, incidentId, reason });
  const [record] = records.read().records;
  const told = record!.timeline!.filter(({ what }) => what.startsWith('page-'));
  const sent = network.eventsOf('page-sent').map((event) => {
    const page = queued.find((each) => each.pageId === event.pageId)!;
    return `${page.personId} (${page.channelId})`;
  });
  expect(sent.length).toBeGreaterThan(0);
  expect(told.map(({ detail }) => detail)).toEqual([...sent, `${given.personId} (mail)`]);
});

test('a page of an older journal, whose id has no run, is named as well', () => {
  const records = new IncidentRecords(START, START + MINUTE);
  const network = breachedIncident();
  const opened = network.eventsOf('incident-opened')[0]!;
  const { incidentId } = opened;
  records.apply({ ...opened, at: START });
  const pageId = `${incidentId}/e1/step:0/anna/sms/opened`;
  const about = { at: START, pageId, incidentId } as const;
  records.apply({ ...about, type: 'page-sent', attempt: 1, receipt: '' });
  expect(records.read().records[0]!.timeline!.at(-1)!.detail).toBe('anna (sms)');
});
