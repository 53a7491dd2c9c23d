import { inspect } from 'node:util';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import {
  configMessages,
  configOf,
  threadOf,
} from '../../collector/poller-threads/config-message.ts';
import { relayLogLines } from '../../collector/poller-threads/log-lines.ts';
import {
  RecordedMetrics,
  ThreadsMetrics,
} from '../../collector/poller-threads/recorded-metrics.ts';
import { createSelfMetrics, type SelfMetrics } from '../../collector/self-metrics.ts';
import { createLineLogger } from '../../lib/logger.ts';
import { authPriv, community } from '../collector/client-fixtures.ts';
import { builtInProfiles, config, device } from '../collector/collector-fixtures.ts';

const CREDENTIALS = {
  default: { ...community('community-canary'), id: 'campus' },
  v3: authPriv('monitor', 'auth-canary', 'priv-canary'),
  unused: { ...community('unused-canary'), id: 'unused' },
};
const DEVICES = [
  device('core', { importantPorts: ['Te1/1'], credentialId: 'campus' }),
  ...Array.from({ length: 200 }, (_, at) =>
    device(`access-${at}`, {
      credentialId: 'monitor',
      parents: [{ deviceId: 'core', port: `Gi0/${at % 4}` }],
    }),
  ),
];
const byId = Object.fromEntries(Object.values(CREDENTIALS).map((each) => [each.id, each]));
const ends = [
  { deviceId: 'core', port: 'Te1/2' },
  { deviceId: 'access-1', port: 'Gi0/9' },
] as const;
const CONFIG = { ...config(DEVICES, byId), links: [{ id: 'ring', ends }] };

describe('a configuration on its way to threads', () => {
  it('arrives with its secrets, and only with those that are used', () => {
    const messages = configMessages(CONFIG, builtInProfiles, 2).map((each) =>
      structuredClone(each),
    );
    const credentials = messages.flatMap((each) => [...configOf(each).credentials.values()]);
    const v3 = credentials.find(({ id }) => id === 'monitor');
    expect(v3).toMatchObject({ version: 'v3', user: 'monitor', privacy: 'aes128' });
    if (v3?.version !== 'v3') throw new Error('no v3');
    expect(v3.authenticationPassword?.reveal()).toBe('auth-canary');
    expect(v3.privacyPassword?.reveal()).toBe('priv-canary');
    expect(JSON.stringify(messages)).not.toContain('unused-canary');
    for (const shown of [inspect(credentials, { depth: 9 }), JSON.stringify(credentials)])
      expect(shown).not.toContain('canary');
  });

  it('gives every device to one thread, the same one whatever else there is', () => {
    const messages = configMessages(CONFIG, builtInProfiles, 4);
    const shares = messages.map(({ devices }) => devices.map(({ id }) => id));
    expect(shares.flat().sort()).toEqual(DEVICES.map(({ id }) => id).sort());
    for (const share of shares) expect(share.length).toBeGreaterThan(25);
    shares.forEach((share, number) => {
      for (const id of share) expect(threadOf(id, 4)).toBe(number);
    });
    expect(messages[0]!.polling.concurrency).toBe(CONFIG.polling.concurrency / 4);
    expect(messages[0]!.profiles).toBe(builtInProfiles);
  });

  it('says which ports lead to devices of other threads', () => {
    const messages = configMessages(CONFIG, builtInProfiles, 3);
    const core = messages.flatMap(({ devices }) => devices).find(({ id }) => id === 'core');
    expect(core?.importantPorts.toSorted()).toEqual([
      ...['Gi0/0', 'Gi0/1', 'Gi0/2', 'Gi0/3'],
      ...['Te1/1', 'Te1/2'],
    ]);
  });
});

function work(metrics: SelfMetrics): void {
  metrics.observedDevices(12);
  for (let poll = 0; poll < 5; poll += 1) {
    metrics.pollStarted('full', 0.01 * poll);
    metrics.requestSent('get', poll > 3);
    metrics.pollsWaiting(poll);
    metrics.pollEnded('full', poll === 2 ? 'timeout' : 'ok', 0.2 * poll);
  }
  metrics.kernelDropped(3);
  metrics.kernelDropped(3);
  metrics.tableCut('row-cap');
  metrics.batchReduced();
}

describe('metrics recorded in threads', () => {
  it('are counted as if they had been counted at once', async () => {
    const [direct, relayed] = [new Registry(), new Registry()];
    work(createSelfMetrics(direct));
    const recorded = new RecordedMetrics();
    work(recorded.metrics);
    const calls = structuredClone(recorded.take());
    new ThreadsMetrics(createSelfMetrics(relayed), 1).replay(0, calls);
    expect(await relayed.metrics()).toBe(await direct.metrics());
    expect(recorded.take()).toEqual([]);
  });

  it('add up over threads, without those of a thread that has ended', async () => {
    const registry = new Registry();
    const threads = new ThreadsMetrics(createSelfMetrics(registry), 2);
    const recorded = new RecordedMetrics();
    for (const thread of [0, 1]) {
      recorded.metrics.observedDevices(7);
      recorded.metrics.pollsWaiting(2);
      recorded.metrics.pollStarted('heartbeat', 0);
      threads.replay(thread, recorded.take());
    }
    const text = () => registry.metrics();
    expect(await text()).toContain('threenines_observed_devices 14\n');
    expect(await text()).toContain('threenines_polls_running{kind="heartbeat"} 2\n');
    threads.forget(0);
    expect(await text()).toContain('threenines_observed_devices 7\n');
    expect(await text()).toContain('threenines_polls_waiting 2\n');
    expect(await text()).toContain('threenines_polls_running{kind="heartbeat"} 1\n');
  });
});

describe('log lines of threads', () => {
  it('are said again at their level, with their fields, redacted on the way', () => {
    const lines: string[] = [];
    const there = createLineLogger('info', (line) => lines.push(line));
    there.debug('too little');
    there.warn({ deviceId: 'd1', community: 'community-canary' }, 'something');
    there.error({ place: 'here' }, 'worse');
    const said: unknown[] = [];
    const here = createLineLogger('debug', (line) => said.push(JSON.parse(line)));
    relayLogLines(here, lines, 3);
    expect(said).toEqual([
      { level: 40, deviceId: 'd1', community: '<secret>', msg: 'something' },
      { level: 50, place: 'here', msg: 'worse' },
      { level: 40, count: 3, msg: 'lines of a poller thread are dropped' },
    ]);
  });
});
