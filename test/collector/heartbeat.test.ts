import dgram from 'node:dgram';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { DevicePoller } from '../../collector/device-poller.ts';
import { askHeartbeat, SYS_UP_TIME } from '../../collector/heartbeat.ts';
import type { PollClient } from '../../collector/poll-client.ts';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { SnmpError, Varbind } from '../../collector/snmp-client.ts';
import type { AskManner } from '../../collector/transport/dialect.ts';
import { createTransport } from '../../collector/transport/transport.ts';
import { createWireClient } from '../../collector/wire-client.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { askable } from './askable.ts';
import { bounds, community, countedMetrics, network } from './client-fixtures.ts';
import { config, device } from './collector-fixtures.ts';

const TIMEOUT: SnmpError = { failure: 'timeout', detail: POLL_DETAILS.noReply };

/** A client whose agent answers sysUpTime in this way. */
function answering(value: Pick<Varbind, 'type' | 'value'>): PollClient {
  const none = () => Promise.reject(new Error('not for a heartbeat'));
  return askable({
    get: async () => ({ varbinds: [{ oid: SYS_UP_TIME, ...value }], error: null, rttMs: 2 }),
    getBulk: none,
    walk: none,
    close() {},
  });
}

describe('a heartbeat', () => {
  it('tells the time since the agent started, or only that it answers', async () => {
    const told = answering({ type: 'time-ticks', value: 12_345 });
    const usual = await askHeartbeat(told, bounds(), 'fully');
    expect(usual).toEqual({ error: null, rttMs: 2, sysUpTimeTicks: 12_345 });
    const nothing = answering({ type: 'no-such-instance', value: null });
    const odd = await askHeartbeat(nothing, bounds(), 'fully');
    expect(odd).toEqual({ error: null, rttMs: 2, sysUpTimeTicks: null });
  });

  it('to a silent device costs one datagram when it is asked once', async () => {
    const agent = dgram.createSocket('udp4');
    let count = 0;
    agent.on('message', () => {
      count += 1;
    });
    agent.bind(0, '127.0.0.1');
    await once(agent, 'listening');
    const { selfMetrics } = countedMetrics();
    const log = silentLogger;
    const transport = createTransport({
      ...{ clock: systemClock, random: systemRandom, network, selfMetrics, log },
    });
    const { address, port } = agent.address();
    const client = createWireClient({
      ...{ address, port, timeoutMs: 60, retries: 2, replyFromAnyAddress: false },
      ...{ credential: community('public'), transport },
    });
    const ask = async (manner: AskManner) => {
      const before = count;
      const { error } = await askHeartbeat(client, bounds(), manner);
      expect(error).toEqual(TIMEOUT);
      return count - before;
    };
    expect(await ask('once')).toBe(1);
    // Three tries, and the datagram that asks the system for its word.
    expect(await ask('fully')).toBe(4);
    transport.close();
    agent.close();
  });

  it('asks a device that is known to be silent once, and fully every few times', async () => {
    const manners: (AskManner | undefined)[] = [];
    let error: SnmpError = TIMEOUT;
    const client: PollClient = {
      ...answering({ type: 'null', value: null }),
      ask(_question, _deadlineMs, asker, manner) {
        manners.push(manner);
        asker.failed(error);
      },
    };
    const poller = new DevicePoller(
      {
        clock: systemClock,
        log: silentLogger,
        selfMetrics: createSelfMetrics(new Registry()),
        profiles: () => [],
        createClient: () => client,
      },
      config([device('a')]),
      device('a'),
    );
    const beat = async (times: number) => {
      manners.length = 0;
      for (let time = 0; time < times; time += 1) await poller.heartbeat();
      return manners.map((manner) => (manner === 'once' ? '.' : 'F')).join('');
    };
    expect(await beat(3)).toBe('FFF');
    poller.confirm('silent');
    expect(await beat(17)).toBe('.......F.......F.');
    // Where nobody listens the system says so at once, as long as it is asked.
    error = { failure: 'refused', detail: POLL_DETAILS.nobodyListens };
    expect(await beat(3)).toBe('.FF');
  });
});
