import dgram from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { batchedDatagrams } from '../../collector/transport/batched-datagrams.ts';
import type { DatagramSocket, Sender } from '../../collector/transport/datagram-socket.ts';
import { destinationOf } from '../../collector/transport/destination.ts';
import { numericLookup } from '../../collector/transport/peer-address.ts';
import { systemClock } from '../../lib/clock.ts';
import { loadNativeUdp } from '../../lib/udp/native-udp.ts';
import type { UdpCalls } from '../../lib/udp/udp-calls.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';

const native = loadNativeUdp();
if (native === null) {
  console.warn('skipped: batched UDP needs Linux on x64 or arm64 and a Node with node:ffi');
}

interface Arrival {
  readonly text: string;
  readonly address: string;
  readonly port: number;
  readonly ageMs: number;
}

const endings: (() => void)[] = [];
const failures: string[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
  expect(failures.splice(0)).toEqual([]);
});

/** An open batched socket that collects what it receives. */
async function openBatched(family: 'IPv4' | 'IPv6', onArrival = (_arrival: Arrival) => {}) {
  const arrivals: Arrival[] = [];
  const opened = Promise.withResolvers<number>();
  let isFrom = (_sender: Sender) => {};
  const socket: DatagramSocket = batchedDatagrams(native!)(family, 1 << 20, {
    opened: (receiveBufferBytes) => opened.resolve(receiveBufferBytes),
    failed: (code) => failures.push(code),
    isExpecting: () => true,
    received(octets, sender, ageMs) {
      isFrom(sender);
      const arrival = {
        text: Buffer.from(octets).toString('latin1'),
        address: sender.address,
        port: sender.port,
        ageMs,
      };
      arrivals.push(arrival);
      onArrival(arrival);
    },
  });
  endings.push(() => socket.close());
  const receiveBufferBytes = await opened.promise;
  return {
    socket,
    arrivals,
    receiveBufferBytes,
    onSender: (listener: (sender: Sender) => void) => {
      isFrom = listener;
    },
  };
}

/** Answers everything with the same octets, before `onAnswered` is called. */
async function openEcho(address: string, onAnswered = () => {}) {
  const type = address.includes(':') ? 'udp6' : 'udp4';
  const socket = dgram.createSocket({ type, lookup: numericLookup });
  endings.push(() => socket.close());
  const texts: string[] = [];
  socket.on('message', (octets, from) => {
    texts.push(octets.toString('latin1'));
    socket.send(octets, from.port, from.address);
    onAnswered();
  });
  // A lookup that answers at once makes the socket listen before `bind` returns.
  const listening = once(socket, 'listening');
  socket.bind(0, address);
  await listening;
  return { port: socket.address().port, texts };
}

function until(isTrue: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (isTrue()) resolve();
    else systemClock.after(1, look);
  };
  look();
  return promise;
}

describe.skipIf(native === null)('batched datagrams', () => {
  it.each([
    ['IPv4', '127.0.0.1'],
    ['IPv6', '::1'],
  ] as const)('go there and come back over %s', async (family, address) => {
    const echo = await openEcho(address);
    const { socket, arrivals, receiveBufferBytes } = await openBatched(family);
    expect(receiveBufferBytes).toBeGreaterThan(0);
    expect(socket.localPort).toBeGreaterThan(0);
    const to = destinationOf(address, echo.port);
    for (let number = 0; number < 150; number += 1) {
      socket.send(Buffer.from(`request ${number}`), to, null);
    }
    await until(() => arrivals.length === 150);
    expect(arrivals.map(({ text }) => text)).toEqual(
      Array.from({ length: 150 }, (_, number) => `request ${number}`),
    );
    expect(new Set(arrivals.map((from) => `${from.address} ${from.port}`))).toEqual(
      new Set([`${address} ${echo.port}`]),
    );
    expect(Math.min(...arrivals.map(({ ageMs }) => ageMs))).toBeGreaterThanOrEqual(0);
  });

  it('are copied when they are sent: the sender may use his octets again at once', async () => {
    const echo = await openEcho('127.0.0.1');
    const { socket, arrivals } = await openBatched('IPv4');
    const to = destinationOf('127.0.0.1', echo.port);
    const octets = Buffer.from('first');
    socket.send(octets, to, null);
    octets.write('later');
    socket.send(octets, to, null);
    await until(() => arrivals.length === 2);
    expect(echo.texts).toEqual(['first', 'later']);
  });

  it('may be as large as UDP allows, and empty', async () => {
    const echo = await openEcho('127.0.0.1');
    const { socket, arrivals } = await openBatched('IPv4');
    const to = destinationOf('127.0.0.1', echo.port);
    const large = 'x'.repeat(60_000);
    socket.send(Buffer.from(large), to, null);
    socket.send(Buffer.alloc(0), to, null);
    await until(() => arrivals.length === 2);
    expect(arrivals.map(({ text }) => text.length).sort((a, b) => a - b)).toEqual([0, 60_000]);
  });

  it('know their sender from others at the same address', async () => {
    const echo = await openEcho('127.0.0.1');
    const opened = await openBatched('IPv4');
    const here = destinationOf('127.0.0.1', echo.port);
    const verdicts: boolean[] = [];
    opened.onSender((sender) => {
      verdicts.push(
        sender.isAt(here),
        sender.isAt(destinationOf('127.0.0.1', echo.port ^ 1)),
        sender.isAt(destinationOf('127.0.0.2', echo.port)),
        sender.isAt(destinationOf('::1', echo.port)),
      );
    });
    opened.socket.send(Buffer.from('who is it'), here, null);
    await until(() => opened.arrivals.length === 1);
    expect(verdicts).toEqual([true, false, false, false]);
  });

  it('that the system refuses are told by name, and the others go out', async () => {
    const echo = await openEcho('127.0.0.1');
    const { socket, arrivals } = await openBatched('IPv4');
    const to = destinationOf('127.0.0.1', echo.port);
    const refused = Promise.withResolvers<string>();
    const tooLarge = Promise.withResolvers<string>();
    socket.send(Buffer.from('before'), to, null);
    // Broadcast is not allowed to a socket that did not ask for it.
    socket.send(Buffer.from('x'), destinationOf('255.255.255.255', 9), refused.resolve);
    socket.send(Buffer.from('after'), to, null);
    socket.send(Buffer.alloc(65_530), to, tooLarge.resolve);
    expect(await refused.promise).toMatch(/^(EACCES|ENETUNREACH)$/);
    expect(await tooLarge.promise).toBe('EMSGSIZE');
    await until(() => arrivals.length === 2);
    expect(arrivals.map(({ text }) => text)).toEqual(['before', 'after']);
  });

  it('tell their age, so that a busy process does not blur round trips', async () => {
    const echo = await openEcho('127.0.0.1', () => {
      // The answer has come, and nobody looks at the socket meanwhile.
      const untilMs = systemClock.monotonicMs() + 50;
      while (systemClock.monotonicMs() < untilMs) Math.hypot(1, 2);
    });
    const { socket, arrivals } = await openBatched('IPv4');
    socket.send(Buffer.from('quick'), destinationOf('127.0.0.1', echo.port), null);
    await until(() => arrivals.length === 1);
    expect(arrivals[0]!.ageMs).toBeGreaterThan(45);
  });

  it('are no more once the socket is closed, also from within', async () => {
    const echo = await openEcho('127.0.0.1');
    const opened = await openBatched('IPv4', () => opened.socket.close());
    const to = destinationOf('127.0.0.1', echo.port);
    for (let number = 0; number < 10; number += 1) opened.socket.send(Buffer.from('x'), to, null);
    await until(() => opened.arrivals.length === 1 && echo.texts.length === 10);
    opened.socket.send(Buffer.from('x'), to, null);
    expect(opened.socket.localPort).toBeNull();
    const { promise, resolve } = Promise.withResolvers<void>();
    systemClock.after(20, resolve);
    await promise;
    expect(opened.arrivals).toHaveLength(1);
  });
});

/** A socket of a system that has nothing to receive, in simulated time; `looks` are the instants when it was asked. */
function openQuiet() {
  const clock = new VirtualClock(0);
  const looks: number[] = [];
  const calls: UdpCalls = {
    open: () => ({ fd: 7, localPort: 4000, receiveBufferBytes: 1 << 20 }),
    receive: () => {
      looks.push(clock.monotonicMs());
      return 0;
    },
    send: (_fd, { count }, from) => count - from,
    receiveClockMs: () => 0,
    close: () => {},
  };
  const socket = batchedDatagrams({ calls, clock, addressOf: () => 0n })('IPv4', 1 << 20, {
    opened: () => {},
    failed: (code) => failures.push(code),
    isExpecting: () => true,
    received: () => {},
  });
  endings.push(() => socket.close());
  return { clock, looks, socket };
}

describe('replies', () => {
  it('are looked for each millisecond, less often when nothing comes, and often again with the next request', () => {
    const { clock, looks, socket } = openQuiet();
    const to = destinationOf('127.0.0.1', 161);
    clock.advance(1);
    socket.send(Buffer.from('request'), to, null);
    clock.advance(8);
    expect(looks.length).toBeGreaterThanOrEqual(8);
    clock.advance(2000);
    looks.length = 0;
    clock.advance(800);
    expect(looks).toHaveLength(100);
    socket.send(Buffer.from('another'), to, null);
    looks.length = 0;
    clock.advance(8);
    expect(looks).toHaveLength(8);
  });

  it('never wait longer than an eighth of what they took', () => {
    const { clock, looks, socket } = openQuiet();
    clock.advance(1);
    socket.send(Buffer.from('request'), destinationOf('127.0.0.1', 161), null);
    const sentMs = clock.monotonicMs();
    clock.advance(500);
    const late = looks.filter((atMs, place) => {
      const before = looks[place - 1] ?? sentMs;
      return before > sentMs && atMs - before > Math.max(1, (before - sentMs) / 8);
    });
    expect(late).toEqual([]);
  });
});
