import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  baseLabelText,
  renderDeviceExposition,
  renderFamilies,
  type ShownDevice,
} from '../../collector/exposition.ts';
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

const NOW_MS = 100_000;

/** A device as it is shown after a full poll that read these samples. */
function shown(
  id: string,
  readings: readonly Sample[],
  overrides: Partial<ShownDevice> = {},
): ShownDevice {
  const baseLabels = baseLabelText(device(id));
  return {
    baseLabels,
    isUp: true,
    rttMs: null,
    uptimeSeconds: null,
    readings: renderDeviceExposition(readings, baseLabels),
    readingsUntilMs: NOW_MS,
    answeredMs: NOW_MS - 1500,
    engineId: null,
    engineTime: null,
    ...overrides,
  };
}

function render(devices: readonly ShownDevice[], nowMs = NOW_MS): string {
  return Buffer.concat([...renderFamilies(devices, nowMs)]).toString();
}

function text(names: readonly string[]): string {
  const samples = names.map((name) => makeSample('interface_oper_status', { if_name: name }, 1)!);
  return render([shown('d"1', samples)]);
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
    const all = parse(text(HOSTILE_NAMES));
    const parsed = all.filter(({ name }) => name === 'threenines_interface_oper_status');
    expect(parsed).toHaveLength(HOSTILE_NAMES.length);
    expect(all).toHaveLength(HOSTILE_NAMES.length + 2);
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
    const devices = Array.from({ length: 300 }, (_, at) => shown(`d${at}`, oneOfEach(at)));
    const pieces = [...renderFamilies(devices, NOW_MS)];
    expect(pieces.length).toBeGreaterThan(10);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(64 * 1024);
    const whole = Buffer.concat(pieces).toString();
    const heads = [...whole.matchAll(/^# TYPE (\S+)/gm)].map((found) => found[1]);
    const told = DEVICE_METRICS.filter(({ name }) => !UNTOLD.has(name));
    expect(heads).toEqual(told.map((metric) => metric.name));
    expect(parse(whole)).toHaveLength(300 * told.length);
  });

  it('leads lines over the edges of pieces unharmed', () => {
    const names = Array.from({ length: 2000 }, (_, at) => `端口 ${at}${'x'.repeat(at % 100)}`);
    const parsed = parse(text(names)).filter(({ name }) => name.endsWith('oper_status'));
    expect(parsed.map(({ labels }) => labels.if_name)).toEqual(names);
  });

  it('tells a line that is longer than a piece', () => {
    const short = makeSample('interface_oper_status', { if_name: 'a' }, 1)!;
    const long = { ...short, labels: ['y'.repeat(100_000)] };
    const parsed = parse(render([shown('a', [short, long, short]), shown('b', [long, short])]));
    const lengths = parsed.map(({ labels }) => labels.if_name?.length ?? 0);
    expect(lengths).toEqual([0, 0, 0, 0, 1, 100_000, 1, 100_000, 1]);
  });

  it('keeps only what differs from line to line', () => {
    const names = Array.from({ length: 100 }, (_, at) => `Gi0/${at}`);
    const samples = names.map((name) => makeSample('interface_oper_status', { if_name: name }, 1)!);
    const { octets } = shown('a-device-with-a-long-name', samples).readings!;
    expect(Buffer.from(octets).toString().split('\n')[7]).toBe(',if_name="Gi0/7"} 1');
  });

  it('shows each device as it was when the scrape began, however long it takes', () => {
    const live = new Map(
      Array.from({ length: 300 }, (_, at) => [`d${at}`, shown(`d${at}`, oneOfEach(1))]),
    );
    const scrape = renderFamilies(live.values(), NOW_MS);
    const pieces = [scrape.next().value as Uint8Array];
    for (const id of live.keys()) live.set(id, shown(id, oneOfEach(2)));
    live.delete('d7');
    const rest = Buffer.concat([...pieces, ...scrape]).toString();
    const values = parse(rest).filter(({ name }) => name.includes('_interface_'));
    expect(new Set(values.map(({ value }) => value))).toEqual(new Set(['1']));
    expect(values.some(({ labels }) => labels.device === 'd7')).toBe(true);
  });

  it('gives way while it looks at many devices that have nothing to show', () => {
    const nothing = shown('d', [], { readings: null, answeredMs: null });
    const pieces = [...renderFamilies(new Array<ShownDevice>(20_000).fill(nothing), NOW_MS)];
    expect(pieces.length).toBeGreaterThan(8);
  });

  it('counts the age of the last answer at the scrape', () => {
    const age = (nowMs: number) =>
      parse(render([shown('a', [])], nowMs)).find(({ name }) => name.includes('age'))?.value;
    expect(age(NOW_MS)).toBe('1.5');
    expect(age(NOW_MS + 15_000)).toBe('16.5');
    expect(render([shown('a', [], { answeredMs: null })])).not.toContain('poll_age');
  });

  it('no longer shows readings that are too old, or what a profile says in place of the poller', () => {
    const readings = [
      makeSample('interface_oper_status', { if_name: 'a' }, 1)!,
      makeSample('device_up', {}, 7)!,
    ];
    const names = (nowMs: number) =>
      parse(render([shown('a', readings)], nowMs)).map(({ name, value }) => [name, value]);
    const status = [
      ['threenines_device_up', '1'],
      ['threenines_poll_age_seconds', expect.any(String)],
    ];
    expect(names(NOW_MS)).toEqual([...status, ['threenines_interface_oper_status', '1']]);
    expect(names(NOW_MS + 1)).toEqual(status);
  });

  it('writes counters of 64 bits exactly', () => {
    const sample = makeSample('interface_receive_bytes_total', { if_name: 'a' }, 2n ** 64n - 2n)!;
    expect(render([shown('a', [sample])])).toContain(' 18446744073709551614\n');
  });

  it('makes no sample of a metric that nobody declared', () => {
    expect(makeSample('no_such_metric', {}, 1)).toBeNull();
  });
});

/** What only the poller tells of these is shown, and the round trip is not in these tests. */
const UNTOLD = new Set(['threenines_probe_rtt_seconds', 'threenines_device_snmp_uptime_seconds']);

function oneOfEach(value: number): Sample[] {
  return DEVICE_METRICS.map((metric) => ({
    metric,
    labels: metric.labels.slice(3).map(() => 'x'),
    value,
  }));
}
