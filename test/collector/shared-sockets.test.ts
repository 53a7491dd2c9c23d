import dgram from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTransport } from '../../collector/transport/transport.ts';
import { communityMessage, octetString, varbind } from '../../lab/hostile/ber.ts';
import { systemClock } from '../../lib/clock.ts';
import { type Logger, silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { bounds, clientOn, countedMetrics, openClient } from './client-fixtures.ts';
import { startHostileAgent } from './hostile-agent.ts';
import { ANY_TIME, answering, PUBLIC, right, UPTIME, withBuffer } from './uptime-agent.ts';

describe('requests under way', () => {
  it('are bounded by the receive buffer that the system gave, and all go out in the end', async () => {
    const clock = new VirtualClock(0);
    // Half of the buffer is for ten replies of one frame.
    const claimed = withBuffer(20 * 2304);
    await using agent = await startHostileAgent(() => {});
    const transport = createTransport({
      clock,
      random: systemRandom,
      network: claimed,
      selfMetrics: countedMetrics().selfMetrics,
      log: silentLogger,
      socketsPerFamily: 1,
    });
    const clients = Array.from({ length: 60 }, () => clientOn(transport, agent.port, PUBLIC));
    const asked = clients.map((client) => client.get([UPTIME], ANY_TIME));
    // Sent after all that is to be sent: when it is there, so is the rest.
    const marker = openClient(agent.port, PUBLIC, { clock }).client;
    void marker.get([UPTIME], ANY_TIME);
    const last = await agent.request(11);
    expect(agent.requests).toHaveLength(11);
    const ownPort = agent.requests[0]!.from.port;
    expect(last.from.port).not.toBe(ownPort);
    expect(agent.requests.filter(({ from }) => from.port === ownPort)).toHaveLength(10);
    for (let count = 1; count <= 61; count += 1) {
      const request = await agent.request(count);
      agent.reply(request, right(request, count));
    }
    expect((await Promise.all(asked)).every((answer) => answer.error === null)).toBe(true);
    marker.close();
    for (const client of clients) client.close();
    transport.close();
  });

  it('to devices that do not answer give their room up', async () => {
    const clock = new VirtualClock(0);
    await using silent = await startHostileAgent(() => {});
    await using agent = await startHostileAgent(answering);
    const { selfMetrics } = countedMetrics();
    const transport = createTransport({
      clock,
      random: systemRandom,
      network: withBuffer(4 * 2304),
      selfMetrics,
      log: silentLogger,
      socketsPerFamily: 1,
    });
    const dead = Array.from({ length: 2 }, () =>
      clientOn(transport, silent.port, PUBLIC, { timeoutMs: 60 * SECOND, retries: 0 }),
    );
    for (const client of dead) void client.get([UPTIME], ANY_TIME);
    await silent.request(2);
    const live = clientOn(transport, agent.port, PUBLIC);
    const asked = live.get([UPTIME], ANY_TIME);
    clock.advance(600);
    expect((await asked).error).toBeNull();
    transport.close();
  });

  it('to 2,000 devices are all answered over the buffer a system gives unasked', async () => {
    const text = octetString('x'.repeat(1_150));
    const agents = await Promise.all(
      Array.from({ length: 100 }, () =>
        startHostileAgent((request, self) =>
          self.reply(
            request,
            communityMessage({ requestId: request.id, varbinds: [varbind(UPTIME, text)] }),
          ),
        ),
      ),
    );
    const { selfMetrics, count } = countedMetrics();
    const transport = createTransport({
      clock: systemClock,
      random: systemRandom,
      network: withBuffer(),
      selfMetrics,
      log: silentLogger,
    });
    // Without a second try nothing hides a loss.
    const clients = Array.from({ length: 2_000 }, (_, place) =>
      clientOn(transport, agents[place % agents.length]!.port, PUBLIC, {
        timeoutMs: 60 * SECOND,
        retries: 0,
      }),
    );
    const asked = clients.map((client) => client.get([UPTIME], bounds(120 * SECOND)));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer.error !== null)).toEqual([]);
    expect(await count('snmp_requests_total', { operation: 'get' })).toBe(2_000);
    for (const client of clients) client.close();
    transport.close();
    for (const agent of agents) await agent[Symbol.asyncDispose]();
  });
});

describe('the sockets', () => {
  it('are few, open when they are first needed, and close with the transport', async () => {
    const opened: dgram.Socket[] = [];
    let closed = 0;
    const counting = {
      createSocket(options: dgram.SocketOptions) {
        const socket = dgram.createSocket(options);
        opened.push(socket);
        socket.on('close', () => {
          closed += 1;
        });
        return socket;
      },
    };
    await using agent = await startHostileAgent(answering);
    await using over6 = await startHostileAgent(answering, '::1');
    const { selfMetrics } = countedMetrics();
    const transport = createTransport({
      clock: systemClock,
      random: systemRandom,
      network: counting,
      selfMetrics,
      log: silentLogger,
    });
    const clients = Array.from({ length: 40 }, () => clientOn(transport, agent.port, PUBLIC));
    expect(opened).toHaveLength(0);
    for (const client of clients) await client.get([UPTIME], bounds());
    expect(opened).toHaveLength(4);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        clientOn(transport, over6.port, PUBLIC, { address: '::1' }).get([UPTIME], bounds()),
      ),
    );
    expect(answers.every((answer) => answer.varbinds[0]?.value === 4711)).toBe(true);
    expect(opened).toHaveLength(8);
    const lastClosed = once(opened.at(-1)!, 'close');
    transport.close();
    await lastClosed;
    expect(closed).toBe(8);
    expect((await clients[0]!.get([UPTIME], bounds())).error?.failure).toBe('aborted');
  });

  it('that fail are replaced', async () => {
    const opened: dgram.Socket[] = [];
    const watched = {
      createSocket(options: dgram.SocketOptions) {
        const socket = dgram.createSocket(options);
        opened.push(socket);
        return socket;
      },
    };
    await using agent = await startHostileAgent(answering);
    const { client, count } = openClient(agent.port, PUBLIC, {
      network: watched,
      socketsPerFamily: 1,
    });
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    opened[0]!.emit('error', Object.assign(new Error('broken'), { code: 'EIO' }));
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    expect(opened).toHaveLength(2);
    expect(await count('snmp_session_renewals_total', { reason: 'socket-error' })).toBe(1);
    client.close();
  });

  it('with a smaller buffer than wanted are warned about once', async () => {
    const warnings: object[] = [];
    const log: Logger = Object.create(silentLogger, {
      warn: { value: (fields: object) => warnings.push(fields) },
    });
    await using agent = await startHostileAgent(answering);
    const { client } = openClient(agent.port, PUBLIC, { network: withBuffer(212_992), log });
    for (let place = 0; place < 3; place += 1) await client.get([UPTIME], bounds());
    expect(warnings).toEqual([{ wantedBytes: 4 * 1024 * 1024, gotBytes: 212_992 }]);
    client.close();
  });

  it('have what the kernel drops counted', async () => {
    const clock = new VirtualClock(0);
    let ownPort = 0;
    await using agent = await startHostileAgent((request, self) => {
      ownPort = request.from.port;
      answering(request, self);
    });
    const { client, count } = openClient(agent.port, PUBLIC, {
      clock,
      readProc: (path) => {
        const port = ownPort.toString(16).toUpperCase().padStart(4, '0');
        return path === '/proc/net/udp'
          ? `head\n 1: 00000000:${port} 00000000:0000 07 0:0 00:0 0 0 0 1 2 0 41\n`
          : null;
      },
    });
    await client.get([UPTIME], ANY_TIME);
    clock.advance(30 * SECOND);
    expect(await count('kernel_drops_total')).toBe(41);
    client.close();
  });
});

describe.skipIf(process.platform !== 'linux')('the table of this system', () => {
  it('lists our sockets as they are looked for', async () => {
    const socket = dgram.createSocket('udp4');
    socket.bind(0);
    await once(socket, 'listening');
    const port = socket.address().port.toString(16).toUpperCase().padStart(4, '0');
    expect(readFileSync('/proc/net/udp', 'utf8')).toMatch(
      new RegExp(` 00000000:${port} .* 0 *\\n`),
    );
    socket.close();
  });
});
