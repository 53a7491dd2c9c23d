import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { type Config, TIERS } from '../../config/model.ts';
import { formatProblem } from '../../config/problem.ts';
import { MINUTE } from '../../lib/time.ts';
import {
  BASE,
  configFolder,
  ENVIRONMENT,
  EXAMPLE_ENVIRONMENT,
  load,
  problemsOf,
} from './config-fixture.ts';

const shipped = (name: string) => fileURLToPath(new URL(`../../config/${name}/`, import.meta.url));

/** In the demo a part of an access switch is lost for longer than one flap before it is an incident. */
const quick = (ruleId: string) => (/^s4-(4|6)-/.test(ruleId) ? 20_000 : 3_000);

function loaded(folder: string, environment: Record<string, string>): Config {
  const { config, problems } = loadConfig(folder, environment);
  expect(problems.map(formatProblem)).toEqual([]);
  expect(config).not.toBeNull();
  return config!;
}

describe('the demo network', () => {
  it('loads without a problem in an empty environment', () => {
    const config = loaded(shipped('demo'), {});
    expect(config.service).toMatchObject({ listenHost: '127.0.0.1', listenPort: 9909, demo: true });
    expect(config.service.timeZone).toBe('Asia/Shanghai');
    expect(config.devices.map((device) => device.port)).toEqual(
      Array.from({ length: 13 }, (_, index) => 16101 + index),
    );
    expect(config.devices.reduce((sum, device) => sum + device.customers, 0)).toBe(900);
    expect(config.people.map((person) => person.language)).toEqual(['en', 'en', 'zh-CN']);
  });

  it('confirms a dead device within about six seconds', () => {
    const { heartbeatMs, timeoutMs, confirmMs, failuresToConfirm } = loaded(
      shipped('demo'),
      {},
    ).polling;
    const worst = heartbeatMs + timeoutMs + (failuresToConfirm - 1) * (confirmMs + timeoutMs);
    expect(worst).toBeLessThanOrEqual(6500);
  });

  it('has the rules of the default grading, no slower and in the same order', () => {
    const demo = loaded(shipped('demo'), {});
    const standard = load({}).config!;
    expect(demo.tiers).toEqual(standard.tiers);
    expect(demo.gradingRules.map(({ forMs, ...rule }) => rule)).toEqual(
      standard.gradingRules.map(({ forMs, ...rule }) => rule),
    );
    demo.gradingRules.forEach((rule, index) => {
      const real = standard.gradingRules[index]!;
      const isReal = /customers|not-restored/.test(rule.id);
      if (isReal) expect(rule.forMs, rule.id).toBe(real.forMs);
      else expect(rule.forMs, rule.id).toBeLessThanOrEqual(Math.min(real.forMs, quick(rule.id)));
    });
  });
});

describe('a configuration without InfluxDB', () => {
  const URL_VARIABLE = 'THREENINES_INFLUX_URL';

  it('takes its server from the environment, with the defaults of the section', () => {
    const { influx } = loaded(shipped('demo'), { [URL_VARIABLE]: 'http://influxdb:8086' });
    expect(influx).toEqual({
      ...{ url: 'http://influxdb:8086', database: 'threenines', user: null, password: null },
      bufferBytes: 256 * 1024 ** 2,
    });
    expect(loaded(shipped('demo'), { [URL_VARIABLE]: '' }).influx).toBeNull();
  });

  it('takes no server that is none, and does not repeat a password', () => {
    const environment = { [URL_VARIABLE]: 'http://user:word@influxdb:8086' };
    const { config, problems } = loadConfig(shipped('demo'), environment);
    expect(config).toBeNull();
    expect(problems.map(formatProblem)).toEqual([
      'threenines.yaml:6: THREENINES_INFLUX_URL is no server; expected http(s)://name[:port] without user or password',
    ]);
  });

  it('has what its own section says before the environment', () => {
    const folder = copyOfExample();
    appendFileSync(join(folder, 'threenines.yaml'), '\ninflux: { url: "http://own:8086" }\n');
    const environment = { ...EXAMPLE_ENVIRONMENT, [URL_VARIABLE]: 'http://influxdb:8086' };
    expect(loaded(folder, environment).influx?.url).toBe('http://own:8086');
  });
});

/** The devices.yaml that the README begins with. */
const SMALL_DEVICES = /```yaml\n(.*?)```/s
  .exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))![1]!
  .replaceAll(/^ {3}/gm, '');

function copyOfExample(): string {
  const folder = configFolder({});
  cpSync(shipped('example'), folder, { recursive: true });
  return folder;
}

describe('a folder with a small devices.yaml and nothing else', () => {
  it('is a configuration, and says that nobody is paged', () => {
    const folder = configFolder({ 'devices.yaml': SMALL_DEVICES });
    const { config, problems } = loadConfig(folder, { SNMP_COMMUNITY: 'one' });
    expect(problems.map(formatProblem)).toEqual([
      'oncall.yaml: warning: is missing: nobody is paged',
    ]);
    expect(config!.devices.map((device) => device.id)).toEqual(['core-1', 'acc-1']);
  });
});

describe('the example', () => {
  it('loads without a problem once its environment is set', () => {
    const config = loaded(shipped('example'), EXAMPLE_ENVIRONMENT);
    expect(config.maintenanceWindows).toEqual([]);
    expect(config.devices[0]!.polling).toMatchObject({ heartbeatMs: 5000, retries: 1 });
    expect(config.devices[2]!.parents).toEqual([
      { deviceId: 'core-1', port: 'Te1/0/3' },
      { deviceId: 'core-2', port: 'Te1/0/3' },
    ]);
    expect(config.tiers[4].reminderRatios).toEqual([0.5, 0.8, 0.95]);
    expect(config.tiers[1].reminderRatios).toEqual([0.5, 0.8]);
  });

  it('has maintenance windows to uncomment', () => {
    const folder = copyOfExample();
    const path = join(folder, 'maintenance.yaml');
    const commented = readFileSync(path, 'utf8').split('# windows:\n')[1]!;
    const windows = commented.split('windows: []')[0]!.replaceAll(/^# ?/gm, '');
    writeFileSync(path, `windows:\n${windows}`);
    const [upgrade, test] = loaded(folder, EXAMPLE_ENVIRONMENT).maintenanceWindows;
    expect(new Date(upgrade!.startsAt).toISOString()).toBe('2026-11-02T18:00:00.000Z');
    expect(new Date(test!.startsAt).toISOString()).toBe('2026-11-10T04:00:00.000Z');
  });

  it('takes other devices without another word', () => {
    const folder = copyOfExample();
    writeFileSync(join(folder, 'devices.yaml'), SMALL_DEVICES);
    loaded(folder, EXAMPLE_ENVIRONMENT);
  });

  it('names every environment variable that is not set, and nothing else', () => {
    const { config, problems } = loadConfig(shipped('example'), {});
    expect(config).toBeNull();
    expect(problems.map((problem) => problem.message).sort()).toEqual(
      Object.keys(EXAMPLE_ENVIRONMENT)
        .map((name) => `environment variable ${name} is not set`)
        .sort(),
    );
  });

  it('misses no secret for a command that uses none', () => {
    const { config, problems } = loadConfig(shipped('example'), {}, null, 'unused');
    expect(problems.map(formatProblem)).toEqual([]);
    expect(config!.devices.length).toBeGreaterThan(0);
  });

  it('writes out the defaults that its comments claim', () => {
    const written = loaded(shipped('example'), EXAMPLE_ENVIRONMENT);
    const standard = load({}).config!;
    expect(written.polling).toEqual(standard.polling);
    expect(written.flapping).toEqual(standard.flapping);
    expect(written.objective).toEqual(standard.objective);
    expect(standard.objective.targetPpm).toBe(999_000);
  });
});

describe('the default grading', () => {
  const { tiers, gradingRules } = loaded(shipped('demo'), {});

  it('promises answers within 15, 15, 30 and 60 minutes', () => {
    expect(TIERS.map((tier) => tiers[tier].acknowledgeWithinMs / MINUTE)).toEqual([15, 15, 30, 60]);
    expect(TIERS.map((tier) => (tiers[tier].repeatEveryMs ?? 0) / MINUTE)).toEqual([3, 5, 10, 0]);
  });

  it('asks for updates every 30 minutes, hour, two and eight hours', () => {
    const every = TIERS.map((tier) => (tiers[tier].updateEveryMs ?? 0) / MINUTE);
    expect(every).toEqual([30, 60, 120, 480]);
    const lapses = TIERS.map((tier) => (tiers[tier].updateGraceMs ?? 0) / MINUTE);
    expect(lapses).toEqual([10, 15, 30, 480]);
    const notices = TIERS.map((tier) => (tiers[tier].noticeWithinMs ?? 0) / MINUTE);
    expect(notices).toEqual([30, 60, 0, 0]);
  });

  it('asks for the graver tier first and grades every fault in the end', () => {
    const order = gradingRules.map((rule) => rule.tier);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    const last = gradingRules.at(-1)!;
    expect(Object.values(last.when).every((part) => part === null)).toBe(true);
  });
});

describe('loadConfig', () => {
  it('says when there is no folder, or no folder at all', () => {
    const folder = configFolder({ file: 'text' });
    const missing = join(folder, 'none');
    const lines = (path: string) => loadConfig(path, {}).problems.map(formatProblem);
    expect(lines(missing)).toEqual([`${missing}: the folder does not exist`]);
    expect(lines(join(folder, 'file'))).toEqual([`${join(folder, 'file')}: is not a folder`]);
    expect(lines(folder)).toContain('devices.yaml: is missing; it names the devices to monitor');
  });

  it('says what keeps a file from being read', () => {
    expect(
      problemsOf({
        'threenines.yaml/inside': '',
        'oncall.yaml': new Uint8Array([0x70, 0x3a, 0x20, 0xc3, 0x28]),
        'maintenance.yaml': '#'.repeat(5 * 1024 * 1024),
      }),
    ).toEqual([
      'threenines.yaml: is not a file',
      'oncall.yaml: is not UTF-8 text',
      'maintenance.yaml: is 5242880 bytes long; at most 4194304 are accepted',
    ]);
  });

  it('does not wait for a pipe that nobody writes to', () => {
    const folder = configFolder(BASE);
    execFileSync('mkfifo', [join(folder, 'grading.yaml')]);
    expect(loadConfig(folder, ENVIRONMENT).problems.map(formatProblem)).toEqual([
      'grading.yaml: is not a file',
    ]);
  });

  it('accepts Windows line ends and a byte order mark', () => {
    const text = `\ufeff${BASE['devices.yaml'].replaceAll('\n', '\r\n')}`;
    expect(problemsOf({ 'devices.yaml': text })).toEqual([]);
  });

  it('knows the profiles of the folder and names a profile that is unknown', () => {
    const devices = BASE['devices.yaml'].replace('role: core,', 'role: core, profiles: [nope],');
    const [line, ...more] = problemsOf({ 'devices.yaml': devices });
    expect(more).toEqual([]);
    expect(line).toMatch(/^devices.yaml:7: devices\[0\].profiles\[0\]: "nope" is not a profile/);
  });

  it('freezes everything, maps included', () => {
    const config = loaded(shipped('demo'), {});
    const open: string[] = [];
    const visit = (value: unknown, path: string) => {
      if (value === null || typeof value !== 'object') return;
      if (!Object.isFrozen(value)) open.push(path);
      const entries = value instanceof Map ? [...value] : Object.entries(value);
      for (const [key, item] of entries) visit(item, `${path}.${key}`);
    };
    visit(config, 'config');
    expect(open).toEqual([]);
    const map = config.credentials as Map<string, unknown>;
    expect(() => map.set('x', 1)).toThrow('frozen');
    expect(() => map.clear()).toThrow('frozen');
    expect(config.credentials.get('demo-v2c')?.id).toBe('demo-v2c');
  });

  it('shows no secret, however the configuration is printed', () => {
    const files = { 'secrets/community': 'from-a-file\n' };
    const devices = BASE['devices.yaml'].replace('env:COMMUNITY', 'file:secrets/community');
    const { config } = load({ ...files, 'devices.yaml': devices });
    const credential = config!.credentials.get('campus')!;
    const secret = (credential as { community: { reveal(): string } }).community;
    expect(secret.reveal()).toBe('from-a-file');
    const shown = [
      JSON.stringify(config),
      JSON.stringify([...config!.credentials.values()]),
      inspect(config, { depth: null, showHidden: true }),
      inspect(secret, { depth: null, showHidden: true, customInspect: false }),
      `${secret}`,
      JSON.stringify(secret),
    ].join('\n');
    expect(shown).not.toContain('from-a-file');
    expect(shown).toContain('file:secrets/community');
  });

  it('reads ten thousand devices, the last of them misspelt, without losing the line', () => {
    const device = (index: number) =>
      `  - { id: acc-${index}, address: 198.18.${index >> 8}.${index & 255}, site: hq, role: access, credential: campus, parents: [${index === 0 ? '' : `acc-${index - 1} Gi0/1`}], customers: 10 }`;
    const head = BASE['devices.yaml'].split('devices:')[0];
    const lines = Array.from({ length: 10_000 }, (_, index) => device(index));
    const text = `${head}devices:\n${lines.join('\n')}\n`;
    expect(load({ 'devices.yaml': text }).config!.devices).toHaveLength(10_000);
    const wrong = text.replace('acc-9998 Gi0/1', 'acc-x Gi0/1');
    expect(problemsOf({ 'devices.yaml': wrong })).toEqual([
      'devices.yaml:10006: devices[9999].parents[0]: "acc-x" is not a device; did you mean "acc-0"?',
    ]);
  });
});

describe('a maintenance window', () => {
  const STARTS_AT = Date.parse('2026-11-03T02:00:00Z');
  const ENDS_AT = Date.parse('2026-11-03T05:00:00Z');
  const folder = () =>
    configFolder({
      ...BASE,
      'maintenance.yaml':
        'windows: [{ id: upgrade, reason: b, owner: c, startsAt: 2026-11-03 02:00, endsAt: 2026-11-03 05:00, sites: [hq] }]\n',
    });
  const linesAt = (now: number | null) =>
    loadConfig(folder(), ENVIRONMENT, now).problems.map(formatProblem);

  it('that has begun when it is loaded is warned about, by its name', () => {
    const expected = [
      'maintenance.yaml:1: warning: windows[0].startsAt: "upgrade" has begun (2026-11-03 02:00): pages are held back, but unless it was loaded before it began, reports count its time as it was observed',
    ];
    expect(linesAt(STARTS_AT)).toEqual(expected);
    expect(linesAt(ENDS_AT - 1)).toEqual(expected);
  });

  it.each([
    ['is still to come', STARTS_AT - 1],
    ['is over', ENDS_AT],
    ['is loaded without a clock', null],
  ])('that %s is not', (_, now) => {
    expect(linesAt(now)).toEqual([]);
  });
});
