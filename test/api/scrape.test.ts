import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { LONGEST_SCRAPE_MS, MOST_SCRAPES } from '../../api/limits.ts';
import { asksForGzip, gzipped, streamText } from '../../api/text-stream.ts';
import { openApi } from './open-api.ts';

const PIECE = 'x'.repeat(10_000);
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

function* pieces(count: number, onPiece = (_: number) => {}) {
  for (let number = 1; number <= count; number += 1) {
    onPiece(number);
    yield PIECE;
  }
}

describe('a long answer', () => {
  it('lets everything else have its turn after each piece', async () => {
    let turns = 0;
    let isOver = false;
    const others = (async () => {
      for (; !isOver; turns += 1) await nextTurn();
    })();
    let octets = 0;
    for await (const chunk of streamText(pieces(200))) octets += chunk.length;
    isOver = true;
    await others;
    expect(octets).toBe(200 * PIECE.length);
    expect(turns).toBeGreaterThanOrEqual(200);
  });

  it('is made no faster than it is read', async () => {
    let made = 0;
    const text = streamText(pieces(1000, (number) => (made = number)));
    text.read(0);
    for (let turn = 0; turn < 2000; turn += 1) await nextTurn();
    expect(made).toBeLessThan(20);
    text.destroy();
  });

  it('is made no faster than it is read when it is compressed, and ends with its reader', async () => {
    let made = 0;
    const source = streamText(pieces(10_000, (number) => (made = number)));
    const text = gzipped(source);
    text.once('error', () => {});
    for (let turn = 0; turn < 2000; turn += 1) await nextTurn();
    expect(made).toBeLessThan(2000);
    const closed = new Promise<void>((resolve) => source.once('close', resolve));
    text.destroy();
    await closed;
  });

  it.each([
    [undefined, false],
    ['', false],
    ['identity', false],
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['gzip;q=0', false],
    ['gzip;q=0.000, br', false],
    ['bzgzip', false],
  ])('understands Accept-Encoding %s', (header, isAsked) => {
    expect(asksForGzip(header)).toBe(isAsked);
  });
});

describe('GET /metrics', () => {
  it('is compressed when asked, and says the same', async () => {
    const { app } = await openApi();
    const plain = await app.inject({ url: '/metrics' });
    const packed = await app.inject({ url: '/metrics', headers: { 'accept-encoding': 'gzip' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      vary: 'accept, accept-encoding',
    });
    const text = gunzipSync(packed.rawPayload).toString();
    expect(text).toContain('threenines_fake 1\n');
    expect(text.split('\n').slice(0, 2)).toEqual(plain.body.split('\n').slice(0, 2));
  });

  it('answers other requests while a scrape is in progress', async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const { app } = await openApi({
      deps: {
        async *renderMetrics() {
          yield 'first 1\n';
          begun.resolve();
          await gate.promise;
          yield 'last 1\n';
        },
      },
    });
    const scrape = app.inject({ url: '/metrics' }).then(({ body }) => body);
    await begun.promise;
    expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200);
    gate.resolve();
    expect(await scrape).toMatch(/^first 1\nlast 1\n/);
  });

  it('is refused while too many are in progress, and cut off when it takes too long', async () => {
    const { app, clock } = await openApi({
      deps: { renderMetrics: () => pieces(Number.POSITIVE_INFINITY) },
    });
    const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/metrics`;
    const ask = (encoding: string) => fetch(url, { headers: { 'accept-encoding': encoding } });
    const answers = await Promise.all(
      Array.from({ length: MOST_SCRAPES }, (_, at) => ask(at % 2 === 0 ? 'gzip' : 'identity')),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await ask('gzip')).status).toBe(503);
    clock.advance(LONGEST_SCRAPE_MS);
    for (const answer of answers) await expect(answer.text()).rejects.toThrow('terminated');
    const next = await ask('identity');
    expect(next.status).toBe(200);
    await next.body?.cancel();
  });
});
