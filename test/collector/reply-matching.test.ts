import dgram from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createTransport } from '../../collector/transport/transport.ts';
import { communityMessage } from '../../lab/hostile/ber.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom, systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { bounds, clientOn, countedMetrics, network, openClient } from './client-fixtures.ts';
import { distinct, startHostileAgent } from './hostile-agent.ts';
import { ANY_TIME, answering, PUBLIC, right, UPTIME } from './uptime-agent.ts';

describe('a reply from another port', () => {
  it.each([
    [false, 'timeout'],
    [true, undefined],
  ])('counts only where that is declared (%s)', async (replyFromAnyAddress, failure) => {
    const stranger = dgram.createSocket('udp4');
    await using agent = await startHostileAgent((request) => {
      stranger.send(right(request, 1), request.from.port, request.from.address);
    });
    const { client } = openClient(agent.port, PUBLIC, {
      replyFromAnyAddress,
      timeoutMs: 200,
      retries: 0,
    });
    const answer = await client.get([UPTIME], bounds());
    expect(answer.error?.failure).toBe(failure);
    client.close();
    stranger.close();
  });

  it('must carry the credential even where that is declared', async () => {
    const stranger = dgram.createSocket('udp4');
    await using agent = await startHostileAgent((request) => {
      const forged = { requestId: request.id, community: 'guess', varbinds: [] };
      stranger.send(communityMessage(forged), request.from.port, request.from.address);
    });
    const { client, count } = openClient(agent.port, PUBLIC, {
      replyFromAnyAddress: true,
      timeoutMs: 200,
      retries: 0,
    });
    expect((await client.get([UPTIME], bounds())).error?.failure).toBe('timeout');
    expect(await count('snmp_ignored_replies_total', { reason: 'wrong-community' })).toBe(1);
    client.close();
    stranger.close();
  });
});

describe('tries', () => {
  it('have ids of their own; a late reply to the first counts for its request, and for no newer one', async () => {
    const clock = new VirtualClock(0);
    await using agent = await startHostileAgent(() => {});
    const { client, count } = openClient(agent.port, PUBLIC, {
      clock,
      retries: 2,
      // One socket, so that replies come in the order in which they were sent.
      socketsPerFamily: 1,
    });
    const asked = client.get([UPTIME], ANY_TIME);
    const first = await agent.request(1);
    clock.advance(1300);
    const second = await agent.request(2);
    expect(second.id).not.toBe(first.id);
    agent.reply(first, right(first, 1));
    const answer = await asked;
    expect(answer.varbinds[0]?.value).toBe(1);
    // Counted from the second try it would be 300 ms or less. The real milliseconds that the reply
    // lay in the socket are taken off, which on a busy machine are some.
    expect(answer.rttMs).toBeGreaterThan(650);
    expect(answer.rttMs).toBeLessThanOrEqual(1300);

    const askedAnew = client.get([UPTIME], ANY_TIME);
    const third = await agent.request(3);
    agent.reply(first, right(first, 2));
    agent.reply(second, right(second, 3));
    agent.reply(third, right(third, 4));
    expect((await askedAnew).varbinds[0]?.value).toBe(4);
    expect(await count('snmp_ignored_replies_total', { reason: 'no-pending-request' })).toBe(2);
    client.close();
  });

  it('follow sooner once the round trip is known, and the last one gets the whole wait', async () => {
    const clock = new VirtualClock(0);
    await using agent = await startHostileAgent((request, self) => {
      if (self.requests.length < 3) answering(request, self);
    });
    const { client } = openClient(agent.port, PUBLIC, { clock, timeoutMs: 5 * SECOND, retries: 1 });
    await client.get([UPTIME], ANY_TIME);
    await client.get([UPTIME], ANY_TIME);
    const asked = client.get([UPTIME], ANY_TIME);
    await agent.request(3);
    clock.advance(400);
    const last = await agent.request(4);
    clock.advance(4_900);
    agent.reply(last, right(last, 5));
    expect((await asked).varbinds[0]?.value).toBe(5);
    client.close();
  });

  it('go through another socket each', async () => {
    const clock = new VirtualClock(0);
    await using agent = await startHostileAgent(() => {});
    const { client } = openClient(agent.port, PUBLIC, { clock, retries: 3 });
    void client.get([UPTIME], ANY_TIME);
    for (let number = 1; number <= 4; number += 1) {
      await agent.request(number);
      clock.advance(2_500);
    }
    expect(new Set(distinct(agent.requests).map((request) => request.from.port)).size).toBe(4);
    client.close();
  });
});

describe('ids', () => {
  it('cannot be told from those before', async () => {
    await using agent = await startHostileAgent(answering);
    const { client } = openClient(agent.port, PUBLIC);
    for (let count = 0; count < 200; count += 1) await client.get([UPTIME], bounds());
    const ids = agent.requests.map((request) => request.id);
    const steps = ids.slice(1).map((id, place) => id - ids[place]!);
    expect(new Set(ids).size).toBe(200);
    expect(new Set(steps).size).toBe(199);
    expect(new Set(ids.map((id) => id >>> 24)).size).toBeGreaterThan(50);
    client.close();
  });
});

describe('a device that floods', () => {
  it('neither cancels nor falsifies what a neighbour on the same socket is asked', async () => {
    const random = seededRandom(3);
    await using neighbour = await startHostileAgent(answering);
    await using hostile = await startHostileAgent((request, self) => {
      for (let sent = 0; sent < 30; sent += 1) {
        self.reply(request, Buffer.from(random.bytes(Math.floor(random.next() * 100))));
        const id = 0x0100_0000 + Math.floor(random.next() * 0x7000_0000);
        self.reply(request, right({ ...request, id }, 666));
      }
    });
    const { selfMetrics, count } = countedMetrics();
    const transport = createTransport({
      clock: systemClock,
      random: systemRandom,
      network,
      selfMetrics,
      log: silentLogger,
      socketsPerFamily: 1,
    });
    const bad = clientOn(transport, hostile.port, PUBLIC, { timeoutMs: 20, retries: 0 });
    const good = clientOn(transport, neighbour.port, PUBLIC);
    for (let round = 0; round < 20; round += 1) {
      const [flood, answer] = await Promise.all([
        bad.get([UPTIME], bounds()),
        good.get([UPTIME], bounds()),
      ]);
      expect(flood.error?.failure).toBe('timeout');
      expect(answer.varbinds).toEqual([{ oid: UPTIME, type: 'time-ticks', value: 4711 }]);
    }
    expect(
      await count('snmp_ignored_replies_total', { reason: 'no-pending-request' }),
    ).toBeGreaterThan(100);
    expect(await count('snmp_ignored_replies_total', { reason: 'malformed' })).toBeGreaterThan(100);
    bad.close();
    good.close();
    transport.close();
  });

  // Other systems have 127.0.0.1 alone.
  it.skipIf(process.platform !== 'linux')(
    'cannot answer for a neighbour, even with the right id',
    async () => {
      await using victim = await startHostileAgent(() => {});
      const { client, count } = openClient(victim.port, PUBLIC, {
        timeoutMs: 2 * SECOND,
        retries: 0,
      });
      const asked = client.get([UPTIME], bounds());
      const request = await victim.request(1);
      const liar = dgram.createSocket('udp4');
      liar.bind(0, '127.0.0.2');
      await once(liar, 'listening');
      liar.send(right(request, 666), request.from.port, '127.0.0.1');
      while ((await strays(count)) === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      victim.reply(request, right(request, 1));
      expect((await asked).varbinds[0]?.value).toBe(1);
      client.close();
      liar.close();
    },
  );
});

async function strays(count: ReturnType<typeof countedMetrics>['count']): Promise<number> {
  const address = await count('snmp_ignored_replies_total', { reason: 'other-address' });
  return address + (await count('snmp_ignored_replies_total', { reason: 'other-port' }));
}
