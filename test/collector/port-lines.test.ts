import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceExposition } from '../../collector/device-exposition.ts';
import { renderFamilies } from '../../collector/exposition.ts';
import { metricPlace, sampleLine } from '../../collector/exposition-writer.ts';
import type { FullPoll } from '../../collector/full-poll.ts';
import { deviceMetric } from '../../collector/metrics.ts';
import { LONGEST_NUMBER, putNumber } from '../../collector/number-text.ts';
import { renderValue } from '../../lib/metric-def.ts';
import { pollOf } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const IF = '1.3.6.1.2.1.2.2.1';
const IFX = '1.3.6.1.2.1.31.1.1.1';
const INFO = { metric: deviceMetric('device_info'), labels: ['', '', '', ''], value: 1 };

/** Lines by metric, from behind the base labels. */
function linesOf(readings: DeviceExposition): Map<string, string[]> {
  const { baseLabels } = readings;
  const nothing = { isUp: null, rttMs: null, uptimeSeconds: null, answeredMs: null };
  const device = {
    ...nothing,
    baseLabels,
    readings,
    readingsUntilMs: 0,
    engineId: null,
    engineTime: null,
  };
  const text = Buffer.concat([...renderFamilies([device], 0)]).toString();
  const lines = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const name = line.slice(0, line.indexOf('{'));
    if (line === '' || line.startsWith('#')) continue;
    const start = `${name}{${baseLabels}`;
    expect(line.startsWith(start)).toBe(true);
    lines.set(name, [...(lines.get(name) ?? []), line.slice(start.length)].sort());
  }
  return lines;
}

/** The same, out of the series as objects. */
function expectedLines(poll: FullPoll): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const sample of [INFO, ...poll.evaluation!.samples]) {
    const { name } = sample.metric;
    lines.set(name, [...(lines.get(name) ?? []), sampleLine(sample).slice(0, -1)].sort());
  }
  return new Map([...lines].sort(([a], [b]) => metricPlace(a) - metricPlace(b)));
}

const counter = fc.oneof(fc.nat(2 ** 31 - 1), fc.constantFrom(0, 4_294_967_295));
const wide = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 53n }),
  fc.constantFrom(0n, 2n ** 64n - 1n, 2n ** 40n),
);
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('Gi0/1', 'say "hi"', 'a\\b', '路由器', 'two\nlines', ''),
);

/** Some columns of one row; any of them may be missing. */
const port = fc.record(
  {
    [`${IF}.2`]: text,
    [`${IF}.3`]: fc.constantFrom(6, 24),
    [`${IF}.5`]: counter,
    [`${IF}.7`]: fc.constantFrom(1, 2, 9),
    [`${IF}.8`]: fc.constantFrom(1, 2, 7, 0),
    [`${IF}.10`]: counter,
    [`${IF}.11`]: counter,
    [`${IF}.14`]: counter,
    [`${IF}.16`]: counter,
    [`${IF}.20`]: counter,
    [`${IFX}.1`]: text,
    [`${IFX}.6`]: wide,
    [`${IFX}.7`]: wide,
    [`${IFX}.9`]: wide,
    [`${IFX}.10`]: wide,
    [`${IFX}.15`]: fc.constantFrom(0, 10, 1000, 4_294_967_295),
    [`${IFX}.18`]: text,
  },
  { requiredKeys: [] },
);

describe('the lines of a poll', () => {
  it('are its series, whatever the device has', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(port, { minLength: 1, maxLength: 6 }),
        fc.nat(),
        async (ports, seed) => {
          const values: Record<string, Plain> = {};
          ports.forEach((columns, row) => {
            for (const [column, value] of Object.entries(columns))
              values[`${column}.${row + 1}`] = value as Plain;
          });
          const device = pollOf(values);
          await device.poll();
          for (const oid of Object.keys(values)) {
            if (oid.startsWith(`${IFX}.6.`))
              device.set(oid, BigInt.asUintN(64, BigInt(values[oid]!) + BigInt(seed % 1000)));
          }
          for (const poll of [await device.poll(), await device.poll()]) {
            const shown = poll.evaluation!.render('device="a"', INFO);
            expect(shown.baseLabels).toBe('device="a"');
            expect(linesOf(shown)).toEqual(expectedLines(poll));
            expect(shown.seriesCount).toBe(poll.evaluation!.samples.length + 1);
          }
        },
      ),
      { seed: 7, numRuns: 40 },
    );
  });
});

describe('a number in a line', () => {
  it('is written as Prometheus reads it', () => {
    const octets = Buffer.alloc(2 * LONGEST_NUMBER);
    const edges = [
      0,
      -0,
      1,
      9,
      10,
      999_999_999,
      1_000_000_000,
      1_000_000_001,
      2 ** 53,
      -1,
      0.1,
      1e21,
      0.999999999,
      0.000001,
      0.0000009,
      0.1234567891,
      1 - 2 ** -53,
      Number.POSITIVE_INFINITY,
    ];
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double(),
          fc.maxSafeInteger(),
          fc.nat(1_000_000_000).map((billionths) => billionths / 1_000_000_000),
          fc.constantFrom(...edges),
        ),
        (value) => {
          const end = putNumber(octets, 1, value);
          expect(end).toBeLessThanOrEqual(1 + LONGEST_NUMBER);
          const told = octets.subarray(1, end).toString();
          expect(told).toBe(renderValue(value === 0 ? 0 : value));
        },
      ),
      { seed: 7, numRuns: 2000 },
    );
  });
});
