import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../collector/reading.ts';
import { communityMessage, timeTicks, varbind } from '../../lab/hostile/ber.ts';
import { SECOND } from '../../lib/time.ts';
import { authPriv, bounds, community, openClient } from './client-fixtures.ts';
import { config, device, POLLING, watch } from './collector-fixtures.ts';
import {
  AUTH_PASSWORD,
  type DebianAgent,
  PRIV_PASSWORD,
  startDebianAgent,
  withoutSnmpd,
} from './debian-agent.ts';
import { startHostileAgent } from './hostile-agent.ts';
import { startPackageAgent } from './package-agent.ts';

const UPTIME = '1.3.6.1.2.1.1.3.0';
const NAME = '1.3.6.1.2.1.1.5.0';
const NO_SUCH = '1.3.6.1.2.1.1.99.0';
const QUICK = { timeoutMs: 300, retries: 1 };

describe('the agent of the net-snmp package', () => {
  it.each(['v1', 'v2c'] as const)('is read over %s', async (version) => {
    using agent = await startPackageAgent();
    const { client } = openClient(agent.port, community('public', version));
    const got = await client.get([UPTIME, NAME], bounds());
    expect(got.error).toBeNull();
    expect(got.rttMs).toBeGreaterThan(0);
    expect(got.varbinds.map((found) => found.value && textOf(found))).toEqual([
      '4294967290',
      'package-agent',
    ]);
    const walked = await client.walk('1.3.6.1.2.1.2.2.1.2', 100, bounds());
    expect(walked.error).toBeNull();
    expect(walked.varbinds.map(textOf)).toEqual(['eth0', 'eth1']);
    client.close();
  });

  it('with a wrong community is silence', async () => {
    using agent = await startPackageAgent();
    const { client } = openClient(agent.port, community('wrong'), QUICK);
    expect((await client.get([UPTIME], bounds())).error?.failure).toBe('timeout');
    client.close();
  });

  it('is understood by a full poll', async () => {
    using agent = await startPackageAgent();
    const watched = watch({
      config: config([device('a', { port: agent.port, importantPorts: ['eth1'] })]),
    });
    watched.collector.start();
    const observation = await watched.next(({ kind }) => kind === 'full');
    expect(observation.outcome).toBe('ok');
    expect(observation.conditions).toEqual([
      {
        component: 'port:eth1',
        kind: 'port-down',
        level: 'critical',
        text: { en: 'port eth1 is down', 'zh-CN': '端口 eth1 已断开' },
        facts: { port: 'eth1', batteryMinutes: null, chargeRatio: null, value: null },
      },
    ]);
    const text = watched.collector.view.renderDevice('a');
    expect(text).toContain('vendor="Cisco"');
    expect(text).toMatch(/interface_oper_status\{.*if_name="eth1"\} 2/);
    watched.collector.stop();
  });
});

describe.skipIf(withoutSnmpd)("Debian's snmpd", () => {
  let agent: DebianAgent;
  beforeAll(async () => {
    agent = await startDebianAgent();
  });
  afterAll(() => agent[Symbol.asyncDispose]());

  it('answers v2c: values, what is missing, and 64-bit counters', async () => {
    const { client } = openClient(agent.port, community('public'));
    const got = await client.get([UPTIME, NAME, NO_SUCH], bounds());
    expect(got.error).toBeNull();
    expect(got.varbinds.map((found) => found.type)).toEqual([
      'time-ticks',
      'octet-string',
      'no-such-object',
    ]);
    expect(textOf(got.varbinds[1]!)).toBe('test-agent');
    const counters = await client.walk('1.3.6.1.2.1.31.1.1.1.6', 100, bounds());
    expect(counters.varbinds.length).toBeGreaterThan(0);
    expect(counters.varbinds.every((found) => typeof found.value === 'bigint')).toBe(true);
    client.close();
  });

  it('answers v1, although one object of several is missing', async () => {
    const { client } = openClient(agent.port, community('public', 'v1'));
    const got = await client.get([UPTIME, NO_SUCH, NAME], bounds());
    expect(got.error).toBeNull();
    expect(got.varbinds.map((found) => found.type)).toEqual([
      'time-ticks',
      'no-such-instance',
      'octet-string',
    ]);
    client.close();
  });

  it('answers v3 authenticated and encrypted', async () => {
    const { client } = openClient(agent.port, authPriv('monitor', AUTH_PASSWORD, PRIV_PASSWORD));
    const walked = await client.walk('1.3.6.1.2.1.1', 100, bounds());
    expect(walked.error).toBeNull();
    expect(walked.varbinds.length).toBeGreaterThan(5);
    client.close();
  });

  it.each([
    [
      'a wrong authentication password',
      authPriv('monitor', 'quite wrong', PRIV_PASSWORD),
      'auth-failed',
      'wrong authentication password',
    ],
    [
      'an unknown user',
      authPriv('nobody', AUTH_PASSWORD, PRIV_PASSWORD),
      'auth-failed',
      'user name',
    ],
    [
      'a wrong privacy password',
      authPriv('monitor', AUTH_PASSWORD, 'quite wrong'),
      'timeout',
      'check the privacy password',
    ],
    [
      'too low a level',
      authPriv('monitor', AUTH_PASSWORD, PRIV_PASSWORD, { level: 'noAuthNoPriv' }),
      'auth-failed',
      'refuses access',
    ],
    [
      'another privacy protocol',
      authPriv('monitor', AUTH_PASSWORD, PRIV_PASSWORD, { privacy: 'aes192' }),
      'timeout',
      'check the privacy password',
    ],
    [
      'a user name of 33 octets',
      authPriv(`${'é'.repeat(16)}x`, AUTH_PASSWORD, PRIV_PASSWORD),
      'auth-failed',
      'name is too long',
    ],
    ['a wrong community', community('wrong'), 'timeout', 'no reply in time'],
  ])('with %s has a named outcome without a secret', async (_, credential, failure, detail) => {
    const { client } = openClient(agent.port, credential, QUICK);
    const got = await client.get([UPTIME], bounds());
    expect(got.error?.failure).toBe(failure);
    expect(got.error?.detail.en).toContain(detail);
    expect(JSON.stringify(got.error)).not.toContain('quite wrong');
    client.close();
  });

  it('that is stopped refuses, and when it is back it answers again', async () => {
    const { client } = openClient(
      agent.port,
      authPriv('monitor', AUTH_PASSWORD, PRIV_PASSWORD),
      QUICK,
    );
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    await agent.stop();
    expect((await client.get([UPTIME], bounds())).error?.failure).toBe('refused');
    await agent.restart();
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    client.close();
  });

  it('that forgets its engine boots gets a new session by itself', async () => {
    await agent.restart();
    const credential = authPriv('monitor', AUTH_PASSWORD, PRIV_PASSWORD);
    const { client, count } = openClient(agent.port, credential);
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    await agent.restart({ forget: true });
    expect((await client.get([UPTIME], bounds())).error).toBeNull();
    expect(await count('snmp_session_renewals_total', { reason: 'time-window' })).toBe(1);
    client.close();
  });

  it('is polled as before while a neighbour sends rubbish, and its own death is confirmed', async () => {
    await using hostile = await startHostileAgent((request, self) => {
      self.reply(request, Buffer.from('30820fff02', 'hex'));
      self.reply(request, Buffer.from(request.octets).fill(0xff, 8));
    });
    const polling = {
      ...POLLING,
      heartbeatMs: SECOND / 2,
      confirmMs: SECOND / 10,
      timeoutMs: SECOND / 5,
      retries: 0,
    };
    const watched = watch({
      config: config([
        device('good', { port: agent.port, polling }),
        device('bad', { port: hostile.port, polling }),
      ]),
    });
    watched.collector.start();
    const bad = await watched.next(({ deviceId }) => deviceId === 'bad');
    expect(bad.outcome).toBe('timeout');
    const full = await watched.next(({ deviceId, kind }) => deviceId === 'good' && kind === 'full');
    expect(full.outcome).toBe('ok');
    expect(watched.collector.view.renderDevice('good')).toContain('threenines_interface_info');
    await agent.stop();
    await watched.next(({ deviceId, outcome }) => deviceId === 'good' && outcome === 'refused');
    const isSilent = () => {
      const text = watched.collector.view.renderDevice('good') ?? '';
      return text.includes('threenines_device_up{device="good",site="site-a",role="access"} 0');
    };
    while (!isSilent()) {
      const seen = watched.observations.length;
      await watched.next((observation) => watched.observations.indexOf(observation) >= seen);
    }
    const names = (watched.collector.view.renderDevice('good') ?? '').matchAll(/^(\w+)\{/gm);
    expect([...names].map((found) => found[1])).toEqual([
      'threenines_device_up',
      'threenines_poll_age_seconds',
    ]);
    await agent.restart();
    await watched.next(
      (observation) =>
        observation.deviceId === 'good' &&
        observation.kind === 'full' &&
        observation.outcome === 'ok' &&
        observation !== full,
    );
    watched.collector.stop();
  });
});

describe('a device with an IPv6 address', () => {
  it('is asked and believed', async () => {
    await using agent = await startHostileAgent((request, self) => {
      const varbinds = [varbind(UPTIME, timeTicks(4711))];
      self.reply(request, communityMessage({ requestId: request.id, varbinds }));
    }, '::1');
    const { client } = openClient(agent.port, community('public'), { ...QUICK, address: '0:0::1' });
    const answer = await client.get([UPTIME], bounds());
    expect(answer.varbinds[0]?.value).toBe(4711);
    client.close();
  });
});

describe('an address where nothing is', () => {
  it('over IPv6 is refused', async () => {
    const agent = await startHostileAgent(() => {}, '::1');
    await agent[Symbol.asyncDispose]();
    const { client } = openClient(agent.port, community('public'), { ...QUICK, address: '::1' });
    expect((await client.get([UPTIME], bounds())).error?.failure).toBe('refused');
    client.close();
  });

  it('that is a name is not looked up', async () => {
    const { client } = openClient(16_161, community('public'), { ...QUICK, address: 'localhost' });
    const answer = await client.get([UPTIME], bounds());
    expect(answer.varbinds).toEqual([]);
    expect(answer.error?.failure).toBe('timeout');
    client.close();
  });
});
