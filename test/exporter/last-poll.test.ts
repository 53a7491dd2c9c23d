import { describe, expect, it } from 'vitest';
import type { SnmpError } from '../../collector/snmp-client.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { askable } from '../collector/askable.ts';
import { config, device, POLLING, watch } from '../collector/collector-fixtures.ts';
import { instancesOf, mibClient } from '../collector/mib-client.ts';
import { readStrictly } from './strict-exposition.ts';

const SILENCE: SnmpError = { failure: 'timeout', detail: { en: 'no answer', 'zh-CN': '无应答' } };

function stage() {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const client = mibClient(
    instancesOf({
      '1.3.6.1.2.1.1.1.0': 'A device',
      '1.3.6.1.2.1.1.3.0': 1000,
      '1.3.6.1.2.1.2.1.0': 1,
      '1.3.6.1.2.1.2.2.1.8.1': 1,
    }),
  );
  const watched = watch({
    config: config([device('a')]),
    clock,
    createClient: () => askable(client),
  });
  const { collector } = watched;
  const tell = () => {
    const chunks = collector.view.renderSnmp('a', ['if_mib']);
    return chunks === null ? null : readStrictly([...chunks].join('')).series;
  };
  /** A full poll, for which the clock goes on by as little as it needs. */
  const poll = async () => {
    let isDone = false;
    const polled = collector.pollNow('a').then(() => {
      isDone = true;
    });
    while (!isDone) {
      clock.advance(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await polled;
  };
  return { clock, client, collector, tell, poll };
}

describe('what /snmp answers', () => {
  it('is nothing before the first poll, and nothing for a device that is not configured', () => {
    const { collector, tell } = stage();
    expect(tell()).toBeNull();
    collector.start();
    expect(tell()).toBeNull();
    expect(collector.view.renderSnmp('b', ['if_mib'])).toBeNull();
    collector.stop();
  });

  it('is from the last poll: no request leaves for it', async () => {
    const { client, collector, tell, poll } = stage();
    collector.start();
    await poll();
    client.requests.length = 0;
    expect(tell()?.get('ifNumber{}')).toBe(1);
    expect(tell()?.get('sysUpTime{}')).toBe(1000);
    expect(client.requests).toEqual([]);
    collector.stop();
  });

  it('says so when the device missed a poll since, and ends when it is too old', async () => {
    const { clock, client, collector, tell, poll } = stage();
    collector.start();
    await poll();
    expect(tell()?.has('snmp_error{module="if_mib"}')).toBe(false);
    client.fail = () => SILENCE;
    await poll();
    expect(tell()?.get('ifNumber{}')).toBe(1);
    expect(tell()?.get('snmp_error{module="if_mib"}')).toBe(1);
    clock.advance(POLLING.fullPollMs * 3);
    expect(tell()).toBeNull();
    collector.stop();
  });

  it('tells how many requests were sent again where the client counts them', async () => {
    const { client, collector, tell, poll } = stage();
    collector.start();
    await poll();
    expect(tell()?.has('snmp_scrape_packets_retried{module="if_mib"}')).toBe(false);
    const sent = () => client.requests.length;
    client.traffic = () => ({ packetsSent: 2 * sent(), packetsRetried: sent() });
    client.requests.length = 0;
    await poll();
    const all = client.requests.length;
    const retried = tell()?.get('snmp_scrape_packets_retried{module="if_mib"}');
    expect(retried).toBeGreaterThanOrEqual(1);
    expect(retried).toBeLessThanOrEqual(all);
    expect(tell()?.get('snmp_scrape_packets_sent{module="if_mib"}')).toBe(2 * retried!);
    collector.stop();
  });
});
