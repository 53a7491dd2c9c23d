import dgram from 'node:dgram';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { type Random, seededRandom } from '../../lib/random.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { DEVICES, START, startDemoLab } from './demo-network.ts';
import { ask, openSession, walk } from './sessions.ts';

const SYS_NAME = '1.3.6.1.2.1.1.5.0';
const ROUNDS = 150;

let lab: Lab;
/** Good messages to spoil: SNMPv2c requests, SNMPv3 discovery and an encrypted request. */
let good: readonly Buffer[];

beforeAll(async () => {
  lab = await startDemoLab(new VirtualClock(START));
  good = [...(await requestsTo('agg-north')), ...(await requestsTo('core-1'))];
});
afterAll(() => lab.stop());

/** What a session sends to a device while it walks: taken on the way. */
async function requestsTo(deviceId: string): Promise<Buffer[]> {
  const taken: Buffer[] = [];
  const tap = dgram.createSocket('udp4');
  tap.bind(0, '127.0.0.1');
  await once(tap, 'listening');
  let sessionPort = 0;
  const agentPort = lab.ports.get(deviceId)!;
  tap.on('message', (datagram, remote) => {
    if (remote.port === agentPort) return tap.send(datagram, sessionPort, '127.0.0.1');
    sessionPort = remote.port;
    taken.push(datagram);
    tap.send(datagram, agentPort, '127.0.0.1');
  });
  const session = openSession(deviceId, tap.address().port);
  await walk(session, '1.3.6.1.2.1.1');
  session.close();
  tap.close();
  return taken;
}

function spoil(random: Random): Buffer {
  const pick = (count: number) => Math.floor(random.next() * count);
  if (random.next() < 0.25) return Buffer.from(random.bytes(pick(200)));
  const datagram = Buffer.from(good[pick(good.length)]!);
  for (let change = 0; change <= pick(6); change++) {
    datagram[pick(datagram.length)] = pick(256);
  }
  return random.next() < 0.2 ? datagram.subarray(0, pick(datagram.length)) : datagram;
}

test('no datagram, however broken, keeps an agent from answering the next question', async () => {
  const random = seededRandom(20);
  expect(good.length).toBeGreaterThanOrEqual(3);
  const stranger = dgram.createSocket('udp4');
  stranger.bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  const send = (datagram: Buffer, port: number) =>
    new Promise<void>((resolve) => stranger.send(datagram, port, '127.0.0.1', () => resolve()));
  for (const { id } of DEVICES) {
    const port = lab.ports.get(id)!;
    for (let round = 0; round < ROUNDS; round++) await send(spoil(random), port);
    await send(Buffer.alloc(0), port);
    await send(Buffer.alloc(60_000, 0x30), port);
    const found = await ask(id, port, SYS_NAME);
    expect(String(found?.value), id).toBe(id);
  }
  stranger.close();
});
