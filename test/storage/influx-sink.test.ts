import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { annotation, Sampler } from '../../app/sampler.ts';
import type { CollectorView } from '../../collector/device-detail.ts';
import type { Observation } from '../../collector/observation.ts';
import { delay, systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import type { InfluxPoint } from '../../storage/influx-buffer.ts';
import { refusedOf } from '../../storage/influx-client.ts';
import { InfluxSink } from '../../storage/influx-sink.ts';
import { health } from '../reports/story.ts';
import { hasInfluxd, Influxd } from './influxd.ts';
import { temporaryFolder } from './journal-folder.ts';

const START = Date.UTC(2026, 10, 1);
const MEGABYTE = 1024 ** 2;
const parts = { clock: systemClock, random: seededRandom(1), log: silentLogger };

function points(from: number, count: number): InfluxPoint[] {
  return Array.from({ length: count }, (_, index) => ({
    measurement: 'threenines_port_receive_bps',
    tags: { device: 'core-1', port: 'Te1/1 "a,b=c"' },
    fields: { value: from + index },
    at: START + (from + index) * 1000,
  }));
}

const target = (url: string, bufferBytes = 8 * MEGABYTE) => {
  return { ...{ url, database: 'threenines', user: null, password: null }, bufferBytes };
};

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !isSo(); tries += 1) await delay(systemClock, 50);
  expect(isSo()).toBe(true);
}

const COUNT = 'SELECT count(value) FROM threenines_port_receive_bps';

describe.runIf(hasInfluxd || process.env.CI === 'true')('with a real InfluxDB', () => {
  it('loses nothing while the server is stopped in the middle and we are restarted', async () => {
    await using influxd = await Influxd.create(join(temporaryFolder(), 'influx'));
    await influxd.start();
    const buffer = join(temporaryFolder(), 'buffer');
    const first = new InfluxSink(buffer, target(influxd.url), parts);
    first.write(points(0, 1000));
    first.flush();
    await until(() => first.counts.written === 1000);
    await influxd.stop();
    first.write(points(1000, 1000));
    first.flush();
    first.write(points(2000, 1000));
    first.flush();
    await until(() => first.bufferedBytes > 0);
    await first.stop();
    expect(first.counts).toEqual({ written: 1000, dropped: 0, refused: 0, damagedBatches: 0 });

    const second = new InfluxSink(buffer, target(influxd.url), parts);
    second.write(points(3000, 500));
    second.flush();
    await influxd.start();
    await until(() => second.counts.written === 2500);
    expect(second.bufferedBytes).toBe(0);
    expect(await influxd.query(COUNT)).toBe(3500);
    await second.stop();
  });

  it('keeps every annotation apart, though they are of one instant', async () => {
    await using scene = await openScene();
    const at = START + 1;
    const changes = ['INC-1', 'INC-2', 'INC-3'].flatMap((incidentId) => [
      { type: 'incident-resolved', at, incidentId, by: null } as const,
      { type: 'response-breached', at, incidentId } as const,
      { type: 'incident-reopened', at, incidentId, episode: 2, acknowledgeBy: at } as const,
    ]);
    const events = [health(100, 90, 'down', 'core-1'), ...changes] as DomainEvent[];
    scene.sink.write(events.flatMap((event) => annotation(event) ?? []));
    await scene.settled(10);
    const told = `SELECT count(text) FROM threenines_incident WHERE what = `;
    for (const what of ['resolved', 'breached', 'reopened']) {
      expect(await scene.influxd.query(`${told}'${what}'`)).toBe(3);
    }
    const health1 = `SELECT text FROM threenines_transition WHERE "to" = 'down'`;
    expect(await scene.influxd.query(health1)).toBe('core-1: unknown → down');
  });

  it('keeps ports apart whatever they are called, and takes labels as they are', async () => {
    await using scene = await openScene();
    const names = [
      'Slot: 0, Port: 1',
      'Slot: 0, Port: 2',
      'Gi1\\',
      'Gi1',
      'a=b, "c"',
      'new\nline',
      ' ',
    ];
    const ports = names.map((name, index) => ({ name, receiveBps: index, transmitBps: null }));
    const reading = { metric: 'threenines_load_ratio', labels: { role: 'x' }, value: 1 };
    const detail = { deviceId: 'sw', rttMs: null, readings: [reading], ports };
    const sampler = new Sampler({
      ...{ clock: systemClock, log: silentLogger, history: null, influx: scene.sink },
      tagsOf: () => ({ site: 'hq', role: 'core' }),
      view: () => ({ detail: async () => detail }) as unknown as CollectorView,
    });
    const poll = { deviceId: 'sw', kind: 'full', outcome: 'ok', finishedAt: START };
    sampler.observe(poll as unknown as Observation);
    await scene.settled(names.length + 1);
    expect(await scene.influxd.query(COUNT)).toBe(names.length);
    const value = 'SELECT value FROM threenines_port_receive_bps WHERE port = ';
    expect(await scene.influxd.query(`${value}'Slot: 0, Port: 2'`)).toBe(1);
    const load = `SELECT value FROM threenines_load_ratio WHERE "role" = 'core' AND label_role = 'x'`;
    expect(await scene.influxd.query(load)).toBe(1);
    sampler.stop();
  });

  it('counts exactly what the server has and what it refused of a batch', async () => {
    await using scene = await openScene();
    const good = points(0, 5);
    const [first] = good;
    const text = { ...first!, fields: { value: 'seven' }, at: START + 90_000 };
    scene.sink.write(good);
    await scene.settled(5);
    const noNumber = { ...first!, fields: { value: Number.NaN }, at: START + 91_000 };
    scene.sink.write([text, ...points(10, 3), { ...text, at: START + 92_000 }, noNumber]);
    await scene.settled(8);
    expect(scene.sink.counts).toEqual({ written: 8, dropped: 0, refused: 3, damagedBatches: 0 });
    expect(await scene.influxd.query(COUNT)).toBe(8);
  });
});

/** A server, and a sink that writes to it. */
async function openScene() {
  const influxd = await Influxd.create(join(temporaryFolder(), 'influx'));
  await influxd.start();
  const sink = new InfluxSink(join(temporaryFolder(), 'buffer'), target(influxd.url), parts);
  return {
    ...{ influxd, sink },
    /** Resolves once so many points were written in all and nothing waits. */
    async settled(count: number): Promise<void> {
      await until(() => {
        sink.flush();
        return sink.counts.written === count && sink.bufferedBytes === 0;
      });
    },
    async [Symbol.asyncDispose]() {
      await sink.stop();
      await influxd.stop();
    },
  };
}

describe('what a 400 of the server says', () => {
  it.each([
    [`partial write: unable to parse 'x,a=b': missing fields dropped=0`, 1],
    [`partial write: unable to parse 'x': a\nunable to parse 'y': b dropped=0`, 2],
    ['partial write: field type conflict: input field "value" dropped=7', 7],
    ['partial write: points beyond retention policy dropped=99', 10],
    [`unable to parse 'x': missing fields`, 10],
    ['no such thing', 10],
  ])('%s', (message, refused) => {
    expect(refusedOf(message, 10)).toBe(refused);
  });
});

describe('a damaged buffer', () => {
  const DAMAGE = ['', '[{"measurement":"x","ta', '{}', '[1]', '[{"measurement":"x"}]', '\0\0\0'];

  it('is put aside, counted, and what is whole is sent', async () => {
    const requests: string[] = [];
    await using server = await fakeServer((body) => {
      requests.push(body);
      return 'HTTP/1.1 204 No Content\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    });
    const buffer = temporaryFolder();
    const file = (number: number) => join(buffer, `${String(number).padStart(12, '0')}.json`);
    for (const [index, text] of DAMAGE.entries()) writeFileSync(file(index + 1), text);
    writeFileSync(file(7), JSON.stringify(points(0, 3)));
    writeFileSync(`${file(8)}.unfinished`, '[{"mea');
    const sink = new InfluxSink(buffer, target(server.url), parts);
    await until(() => sink.counts.written === 3);
    expect(sink.counts).toMatchObject({ refused: 0, damagedBatches: DAMAGE.length });
    expect(sink.bufferedBytes).toBe(0);
    await sink.stop();
    expect(readdirSync(buffer).every((name) => name.endsWith('.damaged'))).toBe(true);
    expect(requests.filter((body) => body.includes('threenines_port'))).toHaveLength(1);
  });

  it('keeps no more than a few aside', async () => {
    const buffer = temporaryFolder();
    for (let number = 1; number <= 30; number += 1) {
      writeFileSync(join(buffer, `${String(number).padStart(12, '0')}.json`), '');
    }
    const sink = new InfluxSink(buffer, target('http://127.0.0.1:9'), parts);
    await until(() => sink.counts.damagedBatches === 30);
    await sink.stop();
    expect(readdirSync(buffer)).toHaveLength(8);
  });
});

/** Answers every request as it is told, octet by octet; the connection is closed after each. */
async function fakeServer(answer: (body: string) => string) {
  const server = createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const [, length] = /content-length: (\d+)/i.exec(text) ?? [];
      const body = text.slice(text.indexOf('\r\n\r\n') + 4);
      if (!text.includes('\r\n\r\n') || Buffer.byteLength(body) < Number(length ?? 0)) return;
      socket.end(answer(decodeURIComponent(text.split(' ')[1]!) + body));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await promisify(server.close.bind(server))();
    },
  };
}

describe('a server that answers something else', () => {
  it.each([
    ['nonsense', 'nonsense\r\n\r\n'],
    [
      'a redirect',
      'HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    ],
    ['404', 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ['429', 'HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ['503', 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'],
    ['nothing', ''],
    [
      'an answer that breaks off',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 99\r\n\r\nx',
    ],
  ])('%s: the batch waits, and is sent once the server is well', async (_, answer) => {
    let isWell = false;
    const bodies: string[] = [];
    await using server = await fakeServer((body) => {
      bodies.push(body);
      return isWell
        ? 'HTTP/1.1 204 No Content\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
        : answer;
    });
    const clock = new VirtualClock(START);
    const sink = new InfluxSink(temporaryFolder(), target(server.url), { ...parts, clock });
    sink.write(points(0, 4));
    sink.flush();
    await until(() => bodies.length > 0);
    isWell = true;
    // The client waits for its own timers of some hundred milliseconds; ours are virtual.
    await until(() => {
      clock.advance(30_000);
      return sink.counts.written === 4;
    });
    expect(sink.counts).toMatchObject({ dropped: 0, refused: 0 });
    await sink.stop();
  });

  it('413: goes in halves', async () => {
    const sizes: number[] = [];
    await using server = await fakeServer((body) => {
      const lines = body.match(/threenines_port/g)?.length ?? 0;
      if (lines > 2)
        return 'HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
      if (lines > 0) sizes.push(lines);
      return 'HTTP/1.1 204 No Content\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    });
    const sink = new InfluxSink(temporaryFolder(), target(server.url), parts);
    sink.write(points(0, 7));
    sink.flush();
    await until(() => sink.bufferedBytes === 0);
    expect(sizes).toEqual([2, 2, 2, 1]);
    expect(sink.counts).toMatchObject({ written: 7, refused: 0 });
    await sink.stop();
  });
});

describe('without a server', () => {
  it('keeps to the bound of its buffer, and counts what it drops', async () => {
    const sink = new InfluxSink(
      join(temporaryFolder(), 'buffer'),
      target('http://127.0.0.1:9', 60_000),
      parts,
    );
    for (let batch = 0; batch < 10; batch += 1) {
      sink.write(points(batch * 100, 100));
      sink.flush();
    }
    const { dropped, written } = sink.counts;
    expect(written).toBe(0);
    expect(dropped).toBeGreaterThan(0);
    expect(dropped % 100).toBe(0);
    expect(sink.bufferedBytes).toBeLessThanOrEqual(60_000);
    await sink.stop();
  });
});
