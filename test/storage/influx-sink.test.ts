import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { annotation } from '../../app/sampler.ts';
import { delay, systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { type InfluxPoint, InfluxSink } from '../../storage/influx-sink.ts';
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
  for (let tries = 0; tries < 600 && !isSo(); tries += 1) await delay(systemClock, 50);
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
    expect(first.counts).toEqual({ written: 1000, dropped: 0, refused: 0 });

    const second = new InfluxSink(buffer, target(influxd.url), parts);
    second.write(points(3000, 500));
    second.flush();
    await influxd.start();
    await until(() => second.counts.written === 2500);
    expect(second.bufferedBytes).toBe(0);
    expect(await influxd.query(COUNT)).toBe(3500);
    const event = health(100, 90, 'down', 'core-1');
    second.write([annotation(event)!]);
    second.flush();
    await until(() => second.counts.written === 2501);
    const told = await influxd.query(`SELECT text FROM threenines_transition WHERE "to" = 'down'`);
    expect(told).toBe('core-1: unknown → down');
    await second.stop();
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
