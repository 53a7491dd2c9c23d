import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { baseLabelText, renderFamilies, renderLines } from '../../collector/exposition.ts';
import { DEVICE_METRICS } from '../../collector/metrics.ts';
import { makeSample, type Sample } from '../../collector/sample.ts';

const PROMTOOL = '/usr/bin/promtool';
const device = (id: string) => ({ id, siteId: 'site-a', role: 'core' as const });

const HOSTILE_NAMES = [
  'plain',
  'with "quotes" and \\backslash\\',
  'line\nfeed and\r\ncarriage',
  '} 1\nthreenines_device_up{device="forged"} 0',
  'nul\0byte and \u001b[31mcolour',
  'right\u202eto left',
  '端口一',
  'x'.repeat(4000),
  '',
  '{},=#',
];

function text(names: readonly string[]): string {
  const samples = names.map((name) => makeSample('interface_oper_status', { if_name: name }, 1)!);
  const lines = renderLines(samples, baseLabelText(device('d"1')));
  return [...renderFamilies([(metric) => lines.get(metric.name) ?? ''])].join('');
}

/** Reads Prometheus text 0.0.4 as strictly as its description: name, labels with escapes, value. */
function parse(
  exposition: string,
): { name: string; labels: Record<string, string>; value: string }[] {
  const lines = exposition.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const match = /^([a-z_]+)\{((?:[a-z_]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\} (\S+)$/.exec(line);
    if (match === null) throw new Error(`not a sample: ${line}`);
    const labels: Record<string, string> = {};
    for (const [, label, escaped] of match[2]!.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)) {
      labels[label!] = escaped!.replace(/\\(.)/g, (_, after) => (after === 'n' ? '\n' : after));
    }
    return { name: match[1]!, labels, value: match[3]! };
  });
}

describe('the exposition', () => {
  it('holds hostile names as labels, and nothing more', () => {
    const parsed = parse(text(HOSTILE_NAMES));
    expect(parsed).toHaveLength(HOSTILE_NAMES.length);
    expect(new Set(parsed.map(({ name }) => name))).toEqual(
      new Set(['threenines_interface_oper_status']),
    );
    expect(new Set(parsed.map(({ labels }) => labels.device))).toEqual(new Set(['d"1']));
    expect(parsed[1]!.labels.if_name).toBe('with "quotes" and \\backslash\\');
    expect(parsed[3]!.labels.if_name).toBe('} 1 threenines_device_up{device="forged"} 0');
    expect(parsed[6]!.labels.if_name).toBe('端口一');
    for (const { labels } of parsed) {
      expect(Array.from(labels.if_name!).length).toBeLessThanOrEqual(128);
      expect(labels.if_name).not.toMatch(/[\u0000-\u001f\u202e]/u);
    }
  });

  it.skipIf(!existsSync(PROMTOOL) && process.env.CI !== 'true')(
    'pleases promtool (needs promtool)',
    () => {
      const input = text(HOSTILE_NAMES);
      expect(execFileSync(PROMTOOL, ['check', 'metrics'], { input, encoding: 'utf8' })).toBe('');
    },
  );

  it('has every metric once, with all devices behind one head, in bounded pieces', () => {
    const devices = Array.from({ length: 300 }, (_, at) => {
      const samples: Sample[] = DEVICE_METRICS.map((metric) => ({
        metric,
        labels: metric.labels.slice(3).map(() => 'x'),
        value: at,
      }));
      const lines = renderLines(samples, baseLabelText(device(`d${at}`)));
      return (metric: { name: string }) => lines.get(metric.name) ?? '';
    });
    const chunks = [...renderFamilies(devices)];
    expect(chunks.length).toBeGreaterThan(10);
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThan(80_000);
    const whole = chunks.join('');
    const heads = [...whole.matchAll(/^# TYPE (\S+)/gm)].map((found) => found[1]);
    expect(heads).toEqual(DEVICE_METRICS.map((metric) => metric.name));
    expect(parse(whole)).toHaveLength(300 * DEVICE_METRICS.length);
  });

  it('writes counters of 64 bits exactly', () => {
    const sample = makeSample('interface_receive_bytes_total', { if_name: 'a' }, 2n ** 64n - 2n)!;
    const lines = renderLines([sample], baseLabelText(device('a')));
    expect([...lines.values()][0]).toContain(' 18446744073709551614\n');
  });

  it('makes no sample of a metric that nobody declared', () => {
    expect(makeSample('no_such_metric', {}, 1)).toBeNull();
  });
});
