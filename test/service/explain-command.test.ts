import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { viewPlan } from '../../api/plan-view.ts';
import { explainCommand } from '../../app/commands/explain.ts';
import { renderExplanation } from '../../app/commands/explain-text.ts';
import { nearMatches } from '../../app/near-matches.ts';
import { fakePlan } from '../api/fake-plan.ts';
import { startPackageAgent, type TestAgent } from '../collector/package-agent.ts';
import { oneDeviceConfig } from './one-device-config.ts';
import { ServiceProcess, writeConfig } from './service-process.ts';

const SECRET = 'public';

describe('threenines explain', () => {
  let folder: string;
  let agent: TestAgent;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-explain-'));
    agent = await startPackageAgent();
    configure(agent.port);
  });

  afterEach(() => {
    ServiceProcess.killAll();
    agent[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  function configure(devicePort: number): void {
    writeConfig(
      folder,
      oneDeviceConfig({
        devicePort,
        webhookUrl: 'http://127.0.0.1:9/none',
        mailPort: 9,
        credential: `{ id: device, version: v2c, community: "plain:${SECRET}" }`,
      }),
    );
  }

  async function explain(...args: string[]) {
    const out: string[] = [];
    const err: string[] = [];
    const code = await explainCommand({
      args,
      environment: {},
      print: (text) => out.push(text),
      complain: (text) => err.push(text),
    });
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  test('asks the running service, in words and as JSON', async () => {
    await using service = await ServiceProcess.start(folder);
    await service.event('health-changed', ({ to }) => to === 'up');
    await expect
      .poll(async () => (await explain('switch-1', '--url', `${service.url}/`)).out, {
        timeout: 20_000,
      })
      .toContain('The next full poll');
    const { code, out } = await explain('switch-1', '--url', service.url);
    expect(code).toBe(0);
    expect(out).toMatch(/heartbeat +1s +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00 .* answered/);
    expect(out).toContain('walking the same columns would take about');
    expect(out).toMatch(/every poll +.*ifOperStatus/);
    expect(out).not.toContain('No service answers');
    const json = await explain('switch-1', '--url', service.url, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ deviceId: 'switch-1', plan: { refused: [] } });
    const chinese = await explain('switch-1', '--url', service.url, '--lang', 'zh-CN');
    expect(chinese.out).toContain('下一次完整轮询');
    const unknown = await explain('swtch-1', '--url', service.url);
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('there is no device "swtch-1"; did you mean switch-1?');
  });

  test('polls the device itself where no service runs, and says so', async () => {
    const { code, out } = await explain('Switch one', '--config', folder);
    expect(code).toBe(0);
    expect(out).toContain('the device was polled from here');
    expect(out).toContain('no service runs');
    expect(out).toMatch(/ifTable \(if-mib\): 2 rows, learned .* \+00:00/);
    expect(out).toMatch(/the last one, .* sent \d+ datagrams?, 0 of them retries/);
    expect(out).toMatch(/the last one that walked everything/);
    expect(out).not.toContain(`"${SECRET}"`);
  });

  test('keeps standard output for JSON alone', async () => {
    const { out, err } = await explain('switch-1', '--config', folder, '--json');
    expect(JSON.parse(out).lanes[0]).toMatchObject({ lane: 'heartbeat', nextAt: null });
    expect(err).toContain('the device was polled from here');
  });

  test('says why a device that does not answer has taught nothing', async () => {
    configure(9);
    const { code, out } = await explain('switch-1', '--config', folder);
    expect(code).toBe(1);
    expect(out).toContain('It has not been walked yet');
    expect(out).toMatch(/full poll .*(refused|no answer)/);
  });

  test('names devices that may be meant', async () => {
    const { code, out, err } = await explain('swich', '--config', folder);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('there is no device "swich"; did you mean switch-1?');
  });

  test.each([
    [[], 'name one device'],
    [['a', 'b'], 'name one device'],
    [['a', '--lang', 'fr'], '--lang is en or zh-CN'],
    [['a', '--loud'], "Unknown option '--loud'"],
  ])('with %j shows how it is used', async (args, reason) => {
    const { code, err } = await explain(...args);
    expect(code).toBe(2);
    expect(err).toContain(reason);
    expect(err).toContain('usage: threenines explain DEVICE');
  });

  test('says when nobody answers at the given address', async () => {
    const { code, err } = await explain('switch-1', '--url', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(err).toContain('no service answers at http://127.0.0.1:9');
  });
});

describe('an explanation as text', () => {
  const view = viewPlan(fakePlan('core-1', Date.UTC(2026, 2, 1, 11, 20)));

  test.each(['en', 'zh-CN'] as const)('is narrow and tidy in %s', (language) => {
    const text = renderExplanation(view, language, 'Asia/Shanghai');
    for (const line of text.split('\n')) expect(line).toBe(line.trimEnd());
    expect(text).toContain('2026-03-01 19:20:00 +08:00');
    expect(text).toContain('ifOutQLen.3');
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  test('says what comes next, what it costs, and what was left out', () => {
    const text = renderExplanation(view, 'en', 'UTC');
    expect(text).toContain('2 requests for 50 objects: about 950 B out, 1.6 kB back');
    expect(text).toContain('the next request: 300 ms, then 2s');
    expect(text).toContain('a change is confirmed by 3 failed or 2 answered polls in a row');
    expect(text).toContain('ifOutQLen.3: asked for again in 4 full polls');
    expect(text).toContain('117 more full polls, whatever happens');
    expect(text).toContain(
      'Values that are not shown\n  entPhySensorValue 1.3.6.1.2.1.99.1.1.1.4.12 = 232500 would be 232500 V',
    );
    expect(text).toContain(
      'Read with another factor than declared\n  upsOutputVoltage 1.3.6.1.2.1.33.1.4.4.1.2.1 = 2325 with',
    );
    expect(text).toMatch(/not there +ifInUnknownProtos\n +the device has nothing of it/);
  });
});

describe('near matches', () => {
  const ids = ['core-1', 'core-2', 'acc-north-1', 'ups-hq'];

  test.each([
    ['core1', ['core-1', 'core-2']],
    ['CORE-2', ['core-2', 'core-1']],
    ['north', ['acc-north-1']],
    ['ups', ['ups-hq']],
    ['nothing-like-it', []],
  ])('of %s', (given, expected) => {
    expect(nearMatches(given, ids)).toEqual(expected);
  });
});
