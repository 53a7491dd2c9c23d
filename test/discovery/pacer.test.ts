import dgram from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { findAgents } from '../../collector/discovery/find-agents.ts';
import { Pacer } from '../../collector/discovery/pacer.ts';
import { startLab } from '../../lab/lab.ts';
import { type Clock, systemClock } from '../../lib/clock.ts';
import { seededRandom } from '../../lib/random.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import type { Network } from '../../lib/world.ts';
import { authPriv, community, countedMetrics } from '../collector/client-fixtures.ts';
import {
  AUTH_PASSWORD,
  DEVICES,
  labOptions,
  PRIV_PASSWORD,
  START,
  USER,
} from '../lab/demo-network.ts';

const NEVER = new AbortController().signal;

/** Sockets of this machine that note when each datagram is handed to the system. */
function watchedNetwork(): { network: Network; sentMs: number[] } {
  const sentMs: number[] = [];
  const createSocket = (options: dgram.SocketOptions) => {
    const socket = dgram.createSocket(options);
    const send = socket.send.bind(socket) as (...args: unknown[]) => void;
    socket.send = ((...args: unknown[]) => {
      sentMs.push(systemClock.monotonicMs());
      send(...args);
    }) as typeof socket.send;
    return socket;
  };
  return { network: { createSocket }, sentMs };
}

describe('a rate of requests', () => {
  it('holds for everything that goes out: greetings of SNMPv3, tries again, questions to the system', async () => {
    const [core] = DEVICES;
    const started = await startLab(
      labOptions(new VirtualClock(START), [{ ...core!, address: '127.77.3.1', port: 0 }]),
    );
    if (!started.ok) throw new Error(started.problem.text);
    // It hears and says nothing, at an address of its own; at a third nobody listens.
    const silent = dgram.createSocket('udp4').bind(started.lab.ports.get('core-1')!, '127.77.3.2');
    await once(silent, 'listening');
    const { network, sentMs } = watchedNetwork();
    const { selfMetrics } = countedMetrics();
    try {
      const { devices } = await findAgents(
        {
          addresses: ['127.77.3.1', '127.77.3.2', '127.77.3.3'],
          ports: [silent.address().port],
          credentials: [
            community('wrong'),
            authPriv(USER, AUTH_PASSWORD, PRIV_PASSWORD, { authentication: 'sha256' }),
          ],
          ...{ requestsPerSecond: 50, timeoutMs: 150, retries: 2, signal: NEVER },
        },
        { clock: systemClock, random: seededRandom(1), network, selfMetrics, onProgress() {} },
      );
      expect(devices.map(({ sysName }) => sysName)).toEqual(['core-1']);
    } finally {
      silent.close();
      await started.lab.stop();
    }
    expect(sentMs.length).toBeGreaterThan(15);
    const gaps = sentMs.slice(1).map((at, place) => at - sentMs[place]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20 - 0.001);
  });

  it('is kept in the mean where it is faster than timers are', async () => {
    const clock = new VirtualClock(START);
    // As of a busy machine: none fires before 7 ms.
    const after: Clock['after'] = (delayMs, fire) => clock.after(Math.max(7, delayMs), fire);
    const late = { now: () => clock.now(), monotonicMs: () => clock.monotonicMs(), after };
    const pacer = new Pacer(late, 1000);
    const sentMs: number[] = [];
    const start = clock.monotonicMs();
    for (let count = 0; count < 100; count += 1) {
      pacer.send(() => sentMs.push(clock.monotonicMs() - start));
    }
    clock.advance(200);
    expect(sentMs).toHaveLength(100);
    expect(sentMs.at(-1)).toBeGreaterThanOrEqual(78);
    expect(sentMs.at(-1)).toBeLessThanOrEqual(112);
  });

  it('lets what is under way go before what is new, and forgets who gave up', async () => {
    const clock = new VirtualClock(START);
    const pacer = new Pacer(clock, 2);
    const order: string[] = [];
    const note = (what: string) => () => order.push(what);
    const gone = new AbortController();
    const first = pacer.turn(NEVER).then(() => pacer.send(note('first')));
    const left = pacer.turn(gone.signal).then(note('left'));
    const second = pacer.turn(NEVER).then(() => pacer.send(note('second')));
    await first;
    pacer.send(note('again'));
    gone.abort();
    await left;
    expect(order).toEqual(['first', 'left']);
    clock.advance(499);
    expect(order).toHaveLength(2);
    clock.advance(1);
    expect(order).toEqual(['first', 'left', 'again']);
    clock.advance(500);
    await second;
    expect(order).toEqual(['first', 'left', 'again', 'second']);
  });
});
