import { describe, expect, it } from 'vitest';
import { asksForOpenMetrics, asOpenMetrics } from '../../api/open-metrics.ts';
import { openApi } from './open-api.ts';

const TEXT = [
  '# HELP polls_total Polls, by \\\\ and "result".',
  '# TYPE polls_total counter',
  'polls_total{result="ok # HELP x"} 1',
  'polls_total{result="timeout"} 2',
  '',
  '# HELP up Whether it answers; named_total is not this one.',
  '# TYPE up gauge',
  'up{device="核心-1"} 1',
  '# TYPE odd untyped',
  'odd 3',
  '# a remark',
  '# HELP alone Without samples.',
  '# HELP took_seconds How long.',
  '# TYPE took_seconds histogram',
  'took_seconds_bucket{le="+Inf"} 1',
  'took_seconds_sum 1',
  'took_seconds_count 1',
  '',
].join('\n');

const OPEN = [
  '# HELP polls Polls, by \\\\ and \\"result\\".',
  '# TYPE polls counter',
  'polls_total{result="ok # HELP x"} 1',
  'polls_total{result="timeout"} 2',
  '# HELP up Whether it answers; named_total is not this one.',
  '# TYPE up gauge',
  'up{device="核心-1"} 1',
  '# TYPE odd unknown',
  'odd 3',
  '# HELP alone Without samples.',
  '# HELP took_seconds How long.',
  '# TYPE took_seconds histogram',
  'took_seconds_bucket{le="+Inf"} 1',
  'took_seconds_sum 1',
  'took_seconds_count 1',
  '# EOF',
  '',
].join('\n');

async function converted(pieces: readonly Uint8Array[]): Promise<string> {
  const parts: Buffer[] = [];
  for await (const piece of asOpenMetrics(pieces)) parts.push(Buffer.from(piece as string));
  return Buffer.concat(parts).toString();
}

describe('an exposition as OpenMetrics', () => {
  it('differs in the lines about families only, and has an end', async () => {
    expect(await converted([Buffer.from(TEXT)])).toBe(OPEN);
  });

  it('is the same wherever its pieces are cut', async () => {
    const octets = Buffer.from(TEXT);
    for (let size = 1; size < 60; size += 1) {
      const pieces = Array.from({ length: Math.ceil(octets.length / size) }, (_, index) =>
        octets.subarray(index * size, (index + 1) * size),
      );
      expect(await converted(pieces)).toBe(OPEN);
    }
  });

  it('of nothing is its end', async () => {
    expect(await converted([])).toBe('# EOF\n');
  });

  const ofPrometheus2 =
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
  const ofPrometheus3 =
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2';
  it.each([
    [undefined, false],
    ['', false],
    ['*/*', false],
    ['text/html,application/xhtml+xml,*/*;q=0.8', false],
    ['text/plain;version=0.0.4;q=1,*/*;q=0.1', false],
    ['application/openmetrics-text;version=0.0.1', false],
    ['application/openmetrics-text;version=1.0.0;q=0', false],
    ['application/openmetrics-text;version=1.0.0;q=0.2,text/plain;version=0.0.4', false],
    ['application/openmetrics-text; version="1.0.0"', true],
    ['application/openmetrics-text', true],
    [ofPrometheus2, true],
    [ofPrometheus3, true],
  ])('is for who sends Accept %s: %s', (accept, isAsked) => {
    expect(asksForOpenMetrics(accept)).toBe(isAsked);
  });

  it('is what a Prometheus is answered, and nobody else', async () => {
    const { app } = await openApi();
    const headers = { accept: ofPrometheus2 };
    const open = await app.inject({ url: '/metrics', headers });
    expect(open.headers['content-type']).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(open.headers.vary).toBe('accept, accept-encoding');
    expect(open.body).toContain('threenines_fake 1\n');
    expect(open.body.endsWith('\n# EOF\n')).toBe(true);
    const plain = await app.inject({ url: '/metrics' });
    expect(plain.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(plain.body).not.toContain('# EOF');
  });
});
