import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { systemFping } from '../../app/run-fping.ts';
import type { Observation } from '../../collector/observation.ts';
import { fpingArguments, parseFping, type RunFping } from '../../collector/probes/fping.ts';
import { qualityOf } from '../../collector/probes/path-quality.ts';
import { Prober } from '../../collector/probes/prober.ts';
import { standardsFor } from '../../collector/probes/standards.ts';
import type { Config, Device, Role } from '../../config/model.ts';
import type { ProbesConfig } from '../../config/probe-standards.ts';
import { NO_TEXT } from '../../lib/local-text.ts';
import { silentLogger } from '../../lib/logger.ts';
import { MINUTE } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';

const withoutFping = !existsSync('/usr/bin/fping') && process.env.CI !== 'true';
if (withoutFping) console.warn('fping is not installed: the test against it is left out');

const PROBES: ProbesConfig = {
  everyMs: MINUTE,
  by: 'icmp',
  packets: 4,
  standards: { lossRatio: 0.1, roundTripMs: 100, jitterMs: null },
  overrides: [],
};

function device(id: string, address: string, role: Role = 'access'): Device {
  return { id, address, role, siteId: 'hq' } as Device;
}

function prober(
  runFping: RunFping,
  probes: ProbesConfig | null = PROBES,
  devices = [device('a', '192.0.2.1'), device('b', '2001:db8::1')],
) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const config = { probes, devices } as unknown as Config;
  return {
    prober: new Prober({ clock, log: silentLogger, runFping, config }),
  };
}

function observation(more: Partial<Observation> = {}): Observation {
  return {
    deviceId: 'a',
    kind: 'full',
    outcome: 'ok',
    detail: NO_TEXT,
    startedAt: 0,
    finishedAt: 0,
    rttMs: 5,
    sysUpTimeTicks: null,
    conditions: [],
    unreadComponents: [],
    ...more,
  };
}

const wrong = (told: Observation) => told.conditions?.map(({ component }) => component);

describe('what packets tell of a path', () => {
  it('is loss, mean round trip, and how much it changes from one to the next', () => {
    expect(qualityOf([10, 14, null, 12])).toEqual({
      lossRatio: 0.25,
      roundTripMs: 12,
      jitterMs: 3,
    });
    expect(qualityOf([null, null])).toEqual({ lossRatio: 1, roundTripMs: null, jitterMs: null });
    expect(qualityOf([7])).toMatchObject({ roundTripMs: 7, jitterMs: null });
    // Exactly what was lost: a standard of 20 % is kept by one of five.
    expect(qualityOf([1, 1, 1, 1, null])?.lossRatio).toBe(0.2);
    expect(qualityOf([])).toBeNull();
  });

  it('is read from fping, whatever else it says', () => {
    const text = [
      'ICMP Host Unreachable from 192.0.2.9 for ICMP Echo sent to 192.0.2.2',
      '192.0.2.1   : 0.05 - 12.1',
      '2001:DB8::1 : - - -',
      'nonsense : here',
      '',
    ].join('\n');
    expect([...parseFping(text)]).toEqual([
      ['192.0.2.1', [0.05, null, 12.1]],
      ['2001:db8::1', [null, null, null]],
    ]);
  });

  it.skipIf(withoutFping)(
    'is measured by the real fping, both families in one process',
    async () => {
      const signal = new AbortController().signal;
      const text = await systemFping(fpingArguments(['127.0.0.1', '::1'], 2), signal);
      for (const [, trips] of parseFping(text ?? '')) {
        expect(trips).toHaveLength(2);
        expect(trips.every((trip) => trip !== null && trip < 1000)).toBe(true);
      }
      expect([...parseFping(text ?? '').keys()]).toContain('127.0.0.1');
    },
  );
});

describe('standards', () => {
  it('of several that fit the last counts most, key by key', () => {
    const probes: ProbesConfig = {
      ...PROBES,
      overrides: [
        { deviceIds: [], siteIds: [], roles: ['core'], standards: { roundTripMs: 20 } },
        { deviceIds: ['a'], siteIds: [], roles: [], standards: { lossRatio: null } },
        { deviceIds: [], siteIds: ['west'], roles: [], standards: { roundTripMs: 900 } },
      ],
    };
    expect(standardsFor(device('a', '192.0.2.1', 'core'), probes)).toEqual({
      lossRatio: null,
      roundTripMs: 20,
      jitterMs: null,
    });
    expect(standardsFor(device('b', '192.0.2.2'), probes)).toEqual(PROBES.standards);
  });

  it('are broken after three rounds over, and kept again after two well inside', async () => {
    let trips = '5 5 5 5';
    const { prober: probes } = prober(async () => `192.0.2.1 : ${trips}\n2001:db8::1 : 1 1 1 1\n`);
    const round = async (next: string) => {
      trips = next;
      await probes.round();
      return wrong(probes.amend(observation()));
    };
    expect(await round('5 - 5 -')).toEqual([]);
    expect(await round('5 - 5 -')).toEqual([]);
    expect(await round('5 - 5 -')).toEqual(['path']);
    const [broken] = probes.amend(observation()).conditions!;
    expect(broken).toMatchObject({ kind: 'path-quality', level: 'warning' });
    expect(broken!.text.en).toBe('packet loss 50 %, standard 10 %');
    expect(probes.of('a')?.broken).toEqual(['loss']);
    expect(probes.of('b')?.broken).toEqual([]);
    expect(await round('- - - -')).toEqual(['path']);
    expect(await round('5 5 5 5')).toEqual(['path']);
    expect(await round('5 5 5 5')).toEqual([]);
    expect(wrong(probes.amend(observation({ deviceId: 'b' })))).toEqual([]);
  });

  it('of one path are one fault, with each that is broken in its words', async () => {
    const { prober: probes } = prober(async () => '192.0.2.1 : 500 - 900 -\n');
    for (let count = 0; count < 3; count += 1) await probes.round();
    const [broken, ...more] = probes.amend(observation()).conditions!;
    expect(more).toEqual([]);
    expect(broken).toMatchObject({ component: 'path', kind: 'path-quality' });
    expect(broken!.text).toEqual({
      en: 'packet loss 50 %, standard 10 %; round trip 700 ms, standard 100 ms',
      'zh-CN': '丢包率 50 %，标准 10 %；往返时延 700 ms，标准 100 ms',
    });
    expect(broken!.facts.value).toBeNull();
    expect(probes.of('a')?.broken).toEqual(['loss', 'round-trip']);
  });

  it('say nothing about parts where the poll says nothing', async () => {
    const { prober: probes } = prober(async () => '192.0.2.1 : 500 500 500 500\n');
    for (let count = 0; count < 3; count += 1) await probes.round();
    expect(
      probes.amend(observation({ kind: 'heartbeat', conditions: null })).conditions,
    ).toBeNull();
    expect(wrong(probes.amend(observation()))).toEqual(['path']);
  });
});

describe('without fping', () => {
  it('the polls are what there is, and every figure says so', async () => {
    const { prober: probes } = prober(async () => null);
    for (const rttMs of [10, 20, 30]) probes.amend(observation({ rttMs }));
    probes.amend(observation({ outcome: 'timeout', rttMs: null, conditions: null }));
    await probes.round();
    expect(probes.of('a')).toMatchObject({
      probe: 'snmp',
      quality: { lossRatio: 0.25, roundTripMs: 20, jitterMs: 10 },
    });
    expect(probes.of('b')).toBeNull();
    const text = [...probes.renderMetrics()].join('');
    expect(text).toContain(
      'threenines_probe_loss_ratio{device="a",site="hq",role="access",probe="snmp"} 0.25',
    );
    expect(text).toContain('threenines_probe_jitter_seconds{');
    expect(text).toContain(
      'threenines_probe_mean_rtt_standard_seconds{device="a",site="hq",role="access"} 0.1\n',
    );
    expect(text).not.toContain('jitter_standard');
    expect([...probes.renderMetrics('b')]).toEqual([]);
  });
});

describe('an fping that tells nothing', () => {
  const deaf: RunFping = async (args) =>
    args
      .filter((each) => /[.:]/.test(each))
      .map((each) => `${each} : - - - -\n`)
      .join('');

  it.each([
    ['may not send', async () => 'fping: can’t create socket (must run as root?)'],
    ['hears no reply from anybody while a device answers polls', deaf],
  ] satisfies [string, RunFping][])('%s: the polls count', async (_why, runFping) => {
    const { prober: probes } = prober(runFping);
    for (const rttMs of [10, 20]) probes.amend(observation({ rttMs }));
    await probes.round();
    expect(probes.of('a')).toMatchObject({ probe: 'snmp', quality: { lossRatio: 0 } });
  });

  it('is believed while no device answers polls either', async () => {
    const { prober: probes } = prober(deaf);
    probes.amend(observation({ outcome: 'timeout', rttMs: null, conditions: null }));
    await probes.round();
    expect(probes.of('a')).toMatchObject({ probe: 'icmp', quality: { lossRatio: 1 } });
  });
});

it('looks at the polls alone where the configuration says so', async () => {
  const neverRun: RunFping = () => Promise.reject(new Error('fping was run'));
  const { prober: probes } = prober(neverRun, { ...PROBES, by: 'snmp' });
  probes.amend(observation({ rttMs: 10 }));
  await probes.round();
  expect(probes.of('a')).toMatchObject({ probe: 'snmp', quality: { roundTripMs: 10 } });
});

it('without probes in the configuration nothing is probed or held against anything', async () => {
  let runs = 0;
  const { prober: probes } = prober(async () => {
    runs += 1;
    return '';
  }, null);
  await probes.round();
  expect(runs).toBe(0);
  expect(probes.of('a')).toBeNull();
  const told = observation();
  expect(probes.amend(told)).toBe(told);
});
