import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { silenceStatus } from '../../alerting/silence.ts';
import { systemClock } from '../../lib/clock.ts';
import { formatInstant, MINUTE } from '../../lib/time.ts';
import { rule } from '../alerting/network.ts';
import { openLiveEngine } from '../api/live-engine.ts';
import { hasTool } from '../dashboards/prometheus-tools.ts';

const run = promisify(execFile);

/** The API over a real engine on loopback, its one core device down, and amtool pointed at it. */
async function withAmtool() {
  const live = await openLiveEngine(systemClock.now() - 3 * MINUTE, {
    gradingRules: [rule('down', 2, { faultKinds: ['device-down'] })],
  });
  await live.run(MINUTE);
  const goOn = (durationMs: number) =>
    live.run(durationMs, (id) => (id === 'core-1' ? 'timeout' : 'ok'));
  await goOn(2 * MINUTE);
  const url = await live.api.listen({ host: '127.0.0.1', port: 0 });
  const amtool = async (...args: string[]) => {
    const { stdout } = await run('amtool', [`--alertmanager.url=${url}`, '-o', 'json', ...args]);
    return stdout;
  };
  const complaintsOf = async (...args: string[]) =>
    (await run('amtool', [`--alertmanager.url=${url}`, ...args])).stderr;
  return { ...live, goOn, amtool, complaintsOf };
}

describe.skipIf(!hasTool('amtool'))('amtool', () => {
  test('lists the faults of open incidents as alerts', async () => {
    const { amtool } = await withAmtool();
    const all = JSON.parse(await amtool('alert', 'query'));
    expect(all).toMatchObject([
      {
        labels: { alertname: 'device-down', device: 'core-1', tier: '2', severity: 'major' },
        status: { state: 'active', silencedBy: [], inhibitedBy: [] },
      },
    ]);
    expect(JSON.parse(await amtool('alert', 'query', 'device=~core-.+'))).toHaveLength(1);
    expect(JSON.parse(await amtool('alert', 'query', 'device="core-2"'))).toEqual([]);
    expect(JSON.parse(await amtool('alert', 'query', 'alertname!="device-down"'))).toEqual([]);
    const counts = {
      'device=~[a-z]+-\\d': 1,
      'device=~cor?e-[2-9]': 0,
      'device!~(?i)CORE-1{1,2}': 0,
    };
    for (const [filter, count] of Object.entries(counts)) {
      expect(JSON.parse(await amtool('alert', 'query', filter))).toHaveLength(count);
    }
  });

  test('makes a silence, sees what it hides, makes it longer and ends it', async () => {
    const { amtool, clock, engine, goOn } = await withAmtool();
    const made = await amtool(
      ...['silence', 'add', '--author=duty-primary', '--comment=splicing', '--duration=1h'],
      'device=~core-1|core-9',
    );
    expect(made.trim()).toBe('sil-000001');
    // amtool takes the time of this machine; the engine's is a little behind.
    await goOn(MINUTE);
    const [alert] = JSON.parse(await amtool('alert', 'query', '--silenced'));
    expect(alert.status).toEqual({
      ...{ state: 'suppressed', silencedBy: ['sil-000001'], inhibitedBy: [] },
    });
    expect(JSON.parse(await amtool('alert', 'query'))).toEqual([]);
    expect(JSON.parse(await amtool('silence', 'query'))).toMatchObject([
      {
        ...{ id: 'sil-000001', createdBy: 'duty-primary', comment: 'splicing' },
        matchers: [{ name: 'device', value: 'core-1|core-9', isRegex: true, isEqual: true }],
        status: { state: 'active' },
      },
    ]);
    const found = {
      'device=~.*core-9': 1,
      'device=core-1|core-9': 1,
      'device!~core.*': 0,
      'site=hq': 0,
    };
    for (const [filter, count] of Object.entries(found)) {
      expect(JSON.parse(await amtool('silence', 'query', filter))).toHaveLength(count);
    }
    const { endsAt } = engine.state.silences.get('sil-000001')!;
    await amtool('silence', 'update', '--duration=2h', 'sil-000001');
    expect(engine.state.silences.get('sil-000001')!.endsAt).toBeGreaterThan(endsAt);
    await amtool('silence', 'expire', 'sil-000001');
    expect(silenceStatus(engine.state.silences.get('sil-000001')!, clock.now())).toBe('expired');
    expect(JSON.parse(await amtool('alert', 'query'))).toHaveLength(1);
    await expect(amtool('silence', 'expire', 'sil-000001')).rejects.toThrow(/has ended already/);
  });

  test('is told why a silence cannot be', async () => {
    const { amtool } = await withAmtool();
    const add = (author: string, duration: string, matcher: string) =>
      amtool('silence', 'add', `--author=${author}`, '-c=x', `--duration=${duration}`, matcher);
    await expect(add('nobody', '1h', 'device=core-1')).rejects.toThrow(
      /expected the id, the name or one of the logins/,
    );
    await expect(add('duty-primary', '9d', 'device=core-1')).rejects.toThrow(
      /A silence lasts at most 7 days; 9 days were asked for/,
    );
    // amtool compiles patterns itself; the API says the same to those that do not.
    for (const matcher of ['device!=core-1', 'device!=""', 'alertname=~.*', 'site=~[a-z]+']) {
      await expect(add('duty-primary', '1h', matcher)).rejects.toThrow(/would match everything/);
    }
    await expect(add('duty-primary', '1h', 'tier=5')).rejects.toThrow(/The matcher of tier/);
  });

  test('is told in words what is wrong with a silence that no route takes', async () => {
    const { amtool } = await withAmtool();
    const add = (...args: string[]) =>
      amtool('silence', 'add', '--author=duty-primary', '--duration=1h', 'device=core-1', ...args);
    await expect(add('--no-require-comment')).rejects.toThrow(/expected a comment/);
    await expect(add(`--comment=${'x'.repeat(501)}`)).rejects.toThrow(/at most 500 characters/);
    await expect(amtool('silence', 'expire', 'sil-000009')).rejects.toThrow(/404|no such silence/i);
  });

  test('and Grafana may send back what was given, and use the id of one that has ended', async () => {
    const { api, amtool, engine, clock, goOn } = await withAmtool();
    await amtool('silence', 'add', '-a', 'duty-primary', '-c=x', '--duration=1h', 'device=core-1');
    await goOn(MINUTE);
    const given = (await api.inject({ url: '/api/v2/silence/sil-000001' })).json();
    const post = (payload: object) =>
      api.inject({ method: 'POST', url: '/api/v2/silences', payload });
    const body = { ...given, annotations: {}, comment: 'longer' };
    body.matchers[0].annotations = {};
    expect((await post(body)).json()).toEqual({ silenceID: 'sil-000002' });
    const expired = (await api.inject({ url: '/api/v2/silence/sil-000001' })).json();
    expect(expired.status.state).toBe('expired');
    const endsAt = formatInstant(clock.now() + 20 * MINUTE);
    const again = await post({ ...expired, endsAt });
    expect([again.statusCode, again.json()]).toEqual([200, { silenceID: 'sil-000003' }]);
    expect(silenceStatus(engine.state.silences.get('sil-000003')!, clock.now())).toBe('active');
    const refused = await post({ ...expired, endsAt: 'tomorrow' });
    expect([refused.statusCode, refused.headers['content-type']]).toEqual([
      400,
      expect.stringMatching(/^application\/json/),
    ]);
    expect(refused.json()).toMatch(/"endsAt" must be an instant/);
  });

  test('silences under the login of the person who runs it, by patterns as well', async () => {
    const { amtool, engine, goOn } = await withAmtool();
    // As amtool does by itself when no author is given: the name of the account.
    const add = (login: string) =>
      amtool('silence', 'add', `--author=${login}`, '-c=test', 'device=~cor?e-[0-9]+', 'site!=""');
    await expect(add('root')).rejects.toThrow(/root.* may be added to the logins/);
    await add('Liwei');
    expect(engine.state.silences.get('sil-000001')).toMatchObject({
      ...{ owner: 'duty-primary', createdBy: 'duty-primary' },
    });
    const [{ matchers }] = JSON.parse(await amtool('silence', 'query'));
    expect(matchers).toMatchObject([
      { name: 'device', value: 'cor?e-[0-9]+', isRegex: true, isEqual: true },
      { name: 'site', value: '', isRegex: false, isEqual: false },
    ]);
    await goOn(MINUTE);
    const [alert] = JSON.parse(await amtool('alert', 'query', '--silenced'));
    expect(alert.status.silencedBy).toEqual(['sil-000001']);
  });

  test('reads the status and who is told', async () => {
    const { amtool, complaintsOf } = await withAmtool();
    expect(await amtool('cluster', 'show')).toContain('disabled');
    // Nothing on its other stream: it does not take us for another version of Alertmanager.
    expect(await complaintsOf('alert', 'query')).toBe('');
    expect(await amtool('config', 'show')).toContain('Threenines');
    expect(await amtool('config', 'routes', 'show')).toContain('default-route');
  });
});
