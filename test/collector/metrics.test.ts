import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { DEVICE_METRICS, deviceMetric, findDeviceMetric } from '../../collector/metrics.ts';
import { COLLECTOR_SELF_METRICS, createSelfMetrics } from '../../collector/self-metrics.ts';
import { renderMetricHead, renderSample } from '../../lib/metric-def.ts';

const PROMTOOL = '/usr/bin/promtool';
const hasPromtool = existsSync(PROMTOOL);

describe('device metrics', () => {
  it('are declared once each, with the base labels first and help that is a sentence', () => {
    const names = DEVICE_METRICS.map((metric) => metric.name);
    expect(new Set(names).size).toBe(names.length);
    for (const metric of [...DEVICE_METRICS, ...COLLECTOR_SELF_METRICS]) {
      expect(metric.name).toMatch(/^threenines_[a-z0-9_]+$/);
      expect(metric.help).toMatch(/\.$/);
      expect(metric.type === 'counter').toBe(metric.name.endsWith('_total'));
    }
    for (const metric of DEVICE_METRICS) {
      expect(metric.labels.slice(0, 3)).toEqual(['device', 'site', 'role']);
    }
  });

  it('are found by their short name', () => {
    expect(findDeviceMetric('device_up')?.name).toBe('threenines_device_up');
    expect(findDeviceMetric('nothing')).toBeNull();
    expect(() => deviceMetric('nothing')).toThrow('threenines_nothing');
  });

  it.skipIf(!hasPromtool && process.env.CI !== 'true')('please promtool (needs promtool)', () => {
    const text = DEVICE_METRICS.map(
      (metric) =>
        renderMetricHead(metric) +
        renderSample(
          metric,
          metric.labels.map(() => 'x'),
          1,
        ),
    ).join('');
    expect(execFileSync(PROMTOOL, ['check', 'metrics'], { input: text, encoding: 'utf8' })).toBe(
      '',
    );
  });
});

describe('metrics about the collector', () => {
  it('start at 0 for every label value and match their declarations', async () => {
    const registry = new Registry();
    const metrics = createSelfMetrics(registry);
    metrics.pollStarted('heartbeat', 0.25);
    metrics.pollEnded('heartbeat', 'timeout', 2);
    const text = await registry.metrics();
    expect(text).toContain('threenines_polls_total{kind="heartbeat",result="timeout"} 1');
    expect(text).toContain('threenines_polls_total{kind="full",result="ok"} 0');
    expect(text).toContain('threenines_snmp_ignored_replies_total{reason="other-port"} 0');
    const declared = registry.getMetricsAsArray().map((metric) => metric.name);
    expect(declared.sort()).toEqual(COLLECTOR_SELF_METRICS.map((metric) => metric.name).sort());
  });

  it.skipIf(!hasPromtool && process.env.CI !== 'true')(
    'please promtool (needs promtool)',
    async () => {
      const registry = new Registry();
      createSelfMetrics(registry);
      const input = await registry.metrics();
      expect(execFileSync(PROMTOOL, ['check', 'metrics'], { input, encoding: 'utf8' })).toBe('');
    },
  );
});
