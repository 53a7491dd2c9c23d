import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../collector/full-poll.ts';
import { createTransport } from '../../collector/transport/transport.ts';
import { systemClock } from '../../lib/clock.ts';
import { createLineLogger, silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { AUTHENTICATION_PASSWORD, PRIVACY_PASSWORD, USER_NAME } from '../snmp/v3-peers.ts';
import {
  authPriv,
  bounds,
  clientOn,
  countedMetrics,
  network,
  openClient,
} from './client-fixtures.ts';
import { distinct } from './hostile-agent.ts';
import { UPTIME } from './uptime-agent.ts';
import { OTHER_ENGINE_ID, startV3Agent } from './v3-agent.ts';

const CREDENTIAL = authPriv(USER_NAME, AUTHENTICATION_PASSWORD, PRIVACY_PASSWORD, {
  authentication: 'sha256',
});
const QUICK = { timeoutMs: 150, retries: 1 };
/** A request of a poll costs no more than this, whatever the engine says. */
const MOST_PDUS = 6;

describe('an SNMPv3 engine', () => {
  it('is discovered once, and asked in one message each time after that', async () => {
    await using agent = await startV3Agent();
    const { client } = openClient(agent.port, CREDENTIAL);
    for (let count = 0; count < 5; count += 1) {
      expect((await client.get([UPTIME], bounds())).varbinds[0]?.value).toBe(4711);
    }
    expect(agent.requests).toHaveLength(6);
    client.close();
  });

  it('is known to whoever asks at the same address and port', async () => {
    await using agent = await startV3Agent();
    const transport = createTransport({
      clock: systemClock,
      random: systemRandom,
      network,
      selfMetrics: countedMetrics().selfMetrics,
      log: silentLogger,
    });
    for (let count = 0; count < 3; count += 1) {
      const client = clientOn(transport, agent.port, CREDENTIAL);
      expect((await client.get([UPTIME], bounds())).error).toBeNull();
      client.close();
    }
    expect(agent.requests).toHaveLength(4);
    transport.close();
  });

  it.each([
    ['lost its boots', 'time-window', 'boots-went-back', { boots: 1, timeSeconds: 5 }],
    ['jumped back in time', 'time-window', 'time-went-back', { timeSeconds: 100 }],
    ['became another', 'unknown-engine', 'id-changed', { engineId: OTHER_ENGINE_ID }],
  ])('that %s is found again within the request', async (_, reason, because, change) => {
    await using agent = await startV3Agent();
    const { boots, engineId } = agent.engine;
    const lines: string[] = [];
    const log = createLineLogger('info', (line) => lines.push(line));
    const { client, count } = openClient(agent.port, CREDENTIAL, { ...QUICK, log });
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    Object.assign(agent.engine, change);
    const before = agent.requests.length;
    expect((await client.get([UPTIME], bounds())).varbinds[0]?.value).toBe(4711);
    expect(agent.requests.length - before).toBeLessThanOrEqual(MOST_PDUS);
    expect(await count('snmp_session_renewals_total', { reason })).toBe(1);
    const told = lines.map((line) => JSON.parse(line));
    expect(told).toMatchObject([{ port: agent.port, because, untold: 0 }]);
    if (because === 'boots-went-back') expect(told[0]).toMatchObject({ before: boots, after: 1 });
    if (because === 'id-changed') {
      const [before, after] = [engineId, OTHER_ENGINE_ID].map((id) =>
        Buffer.from(id).toString('hex'),
      );
      expect(told[0]).toMatchObject({ before, after });
    }
    client.close();
  });

  it('that restarted is synchronised with in two messages', async () => {
    await using agent = await startV3Agent();
    const { client } = openClient(agent.port, CREDENTIAL, QUICK);
    await client.get([UPTIME], bounds());
    Object.assign(agent.engine, { boots: 8, timeSeconds: 3 });
    const before = agent.requests.length;
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    expect(agent.requests.length - before).toBe(2);
    client.close();
  });

  it('that never finds the time right is given up with the reason', async () => {
    await using agent = await startV3Agent();
    agent.engine.onQuestion = 'not-in-time-window';
    const { client } = openClient(agent.port, CREDENTIAL, QUICK);
    const answer = await client.get([UPTIME], bounds());
    expect(answer.error?.failure).toBe('bad-response');
    expect(answer.error?.detail.en).toContain('engine time');
    expect(agent.requests.length).toBeLessThanOrEqual(MOST_PDUS);
    client.close();
  });

  it('that is another each time is given up with the reason', async () => {
    await using agent = await startV3Agent();
    agent.engine.before = () => {
      agent.engine.engineId = Buffer.from(`80000000040${agent.requests.length}ff`, 'hex');
    };
    const { client } = openClient(agent.port, CREDENTIAL, QUICK);
    expect((await client.get([UPTIME], bounds())).error?.failure).toBe('bad-response');
    expect(agent.requests.length).toBeLessThanOrEqual(MOST_PDUS);
    client.close();
  });

  it('that denies its own id for ever is silence', async () => {
    await using agent = await startV3Agent();
    agent.engine.onQuestion = 'unknown-engine-id';
    const { client } = openClient(agent.port, CREDENTIAL, QUICK);
    expect((await client.get([UPTIME], bounds())).error?.failure).toBe('timeout');
    expect(distinct(agent.requests).length).toBeLessThanOrEqual(MOST_PDUS);
    client.close();
  });

  it('that answers discovery alone points to the privacy password, from the start', async () => {
    await using agent = await startV3Agent();
    agent.engine.onQuestion = 'ignore';
    const { client } = openClient(agent.port, CREDENTIAL, QUICK);
    const answer = await client.get([UPTIME], bounds());
    expect(answer.error?.failure).toBe('timeout');
    expect(answer.error?.detail.en).toContain('check the privacy password');
    expect(outcomeOf(answer.error!)).toBe('auth-failed');
    client.close();
  });

  it('that falls wholly silent after it had answered discovery alone is silent, not unreadable', async () => {
    await using agent = await startV3Agent();
    agent.engine.onQuestion = 'ignore';
    const { client } = openClient(agent.port, CREDENTIAL, QUICK);
    await client.get([UPTIME], bounds());
    const stillAnswering = await client.get([UPTIME], bounds());
    expect(outcomeOf(stillAnswering.error!)).toBe('auth-failed');
    agent.engine.isDead = true;
    const dead = await client.get([UPTIME], bounds());
    expect(dead.error?.detail.en).toBe('no reply in time');
    expect(outcomeOf(dead.error!)).toBe('timeout');
    client.close();
  });

  it('that answers discovery alone after it had answered all is found out at the second poll', async () => {
    await using agent = await startV3Agent();
    const { client } = openClient(agent.port, CREDENTIAL, QUICK);
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    agent.engine.onQuestion = 'ignore';
    const first = await client.get([UPTIME], bounds());
    expect(first.error?.detail.en).toBe('no reply in time');
    const second = await client.get([UPTIME], bounds());
    expect(second.error?.detail.en).toContain('check the privacy password');
    agent.engine.onQuestion = 'answer';
    expect((await client.get([UPTIME], bounds())).varbinds[0]?.value).toBe(4711);
    client.close();
  });
});
