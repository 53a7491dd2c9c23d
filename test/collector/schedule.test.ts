import { describe, expect, it } from 'vitest';
import type { Observation } from '../../collector/observation.ts';
import { sharedPhase } from '../../collector/poll-agenda.ts';
import type { PollClient } from '../../collector/poll-client.ts';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import type { SnmpAnswer } from '../../collector/snmp-client.ts';
import type { Device, PollingConfig } from '../../config/model.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { askable } from './askable.ts';
import { config, device, POLLING, type Watched, watch } from './collector-fixtures.ts';

const STEP_MS = 50;

/** How one device behaves: whether it answers, and after how long. */
interface Behaviour {
  answers: boolean;
  afterMs: number;
}

interface Scene extends Watched {
  readonly clock: VirtualClock;
  readonly behaviours: Map<string, Behaviour>;
  /** Instants since the start at which polls of the device began. */
  startsOf(deviceId: string, kind?: Observation['kind']): number[];
  /** Polls of one device that were ever in progress at once. */
  mostAtOnce(deviceId: string): number;
  pass(durationMs: number): Promise<void>;
}

function stage(devices: readonly Device[], polling: PollingConfig = POLLING): Scene {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const behaviours = new Map(devices.map(({ id }) => [id, { answers: true, afterMs: 5 }]));
  const running = new Map<string, number>();
  const most = new Map<string, number>();
  const startedAt = clock.now();
  const createClient = ({ id }: Device): PollClient => {
    const ask = (): Promise<SnmpAnswer> =>
      new Promise((resolve) => {
        const { answers, afterMs } = behaviours.get(id) ?? { answers: true, afterMs: 5 };
        running.set(id, (running.get(id) ?? 0) + 1);
        most.set(id, Math.max(most.get(id) ?? 0, running.get(id)!));
        clock.after(answers ? afterMs : polling.timeoutMs, () => {
          running.set(id, running.get(id)! - 1);
          resolve(
            answers
              ? { varbinds: [], error: null, rttMs: afterMs }
              : {
                  varbinds: [],
                  error: { failure: 'timeout', detail: POLL_DETAILS.noReply },
                  rttMs: null,
                },
          );
        });
      });
    return askable({ get: ask, getBulk: ask, walk: ask, close() {} });
  };
  const watched = watch({
    config: config(devices, {}, polling),
    clock,
    createClient,
    profiles: [],
  });
  watched.collector.start();
  return {
    ...watched,
    clock,
    behaviours,
    startsOf: (deviceId, kind) =>
      watched.observations
        .filter((seen) => seen.deviceId === deviceId && (kind === undefined || seen.kind === kind))
        .map((seen) => seen.startedAt - startedAt),
    mostAtOnce: (deviceId) => most.get(deviceId) ?? 0,
    async pass(durationMs) {
      for (let passed = 0; passed < durationMs; passed += STEP_MS) {
        clock.advance(STEP_MS);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

const many = (count: number) => Array.from({ length: count }, (_, at) => device(`d${at}`));

describe('heartbeats', () => {
  it('are spread evenly over the interval', async () => {
    const scene = stage(many(30));
    await scene.pass(POLLING.heartbeatMs);
    const firsts =
      scene.collector === undefined ? [] : many(30).map(({ id }) => scene.startsOf(id)[0]!);
    const perSecond = new Map<number, number>();
    for (const at of firsts) {
      const second = Math.floor(at / SECOND);
      perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    }
    expect(perSecond.size).toBe(15);
    expect(Math.max(...perSecond.values())).toBe(2);
  });

  it('keep their turns', async () => {
    const scene = stage([device('a'), device('b')]);
    await scene.pass(5 * MINUTE);
    const beats = scene.startsOf('b', 'heartbeat');
    for (const at of beats) expect(Math.abs((at % POLLING.heartbeatMs) - 7500)).toBeLessThan(100);
    expect(beats.length).toBeGreaterThanOrEqual(15);
  });

  it('are followed by a full poll at once the first time, then by one every minute', async () => {
    const scene = stage([device('a')]);
    await scene.pass(10 * MINUTE);
    const [first, second, ...rest] = scene.startsOf('a', 'full');
    expect(first).toBeLessThan(SECOND);
    expect(second! - first!).toBeGreaterThanOrEqual(15 * SECOND);
    for (let at = 1; at < rest.length; at += 1) {
      expect(Math.abs(rest[at]! - rest[at - 1]! - MINUTE)).toBeLessThan(SECOND);
    }
    expect(rest.length).toBeGreaterThanOrEqual(7);
  });
});

describe('a device that stops answering', () => {
  it('is asked again quickly until that is confirmed, and again quickly when it is back', async () => {
    const scene = stage([device('a')]);
    await scene.pass(MINUTE);
    scene.behaviours.get('a')!.answers = false;
    const before = scene.observations.length;
    await scene.pass(40 * SECOND);
    const failed = scene.observations.slice(before).filter(({ outcome }) => outcome === 'timeout');
    const gaps = failed.slice(1, 3).map((seen, at) => seen.startedAt - failed[at]!.finishedAt);
    for (const gap of gaps) expect(Math.abs(gap - POLLING.confirmMs)).toBeLessThanOrEqual(STEP_MS);
    expect(scene.collector.view.renderDevice('a')).toContain(
      'device_up{device="a",site="site-a",role="access"} 0',
    );
    scene.behaviours.get('a')!.answers = true;
    const silent = scene.observations.length;
    await scene.pass(2 * POLLING.heartbeatMs + 10 * SECOND);
    const answered = scene.observations.slice(silent).filter(({ outcome }) => outcome === 'ok');
    expect(answered[0]!.startedAt - scene.observations[silent - 1]!.finishedAt).toBeLessThanOrEqual(
      2 * POLLING.heartbeatMs,
    );
    expect(answered[1]!.startedAt - answered[0]!.finishedAt).toBeLessThanOrEqual(
      POLLING.confirmMs + STEP_MS,
    );
    expect(answered.some(({ kind }) => kind === 'full')).toBe(true);
    expect(scene.collector.view.renderDevice('a')).toContain('} 1\n');
  });

  it('is asked half as often after a while, and never given a full poll', async () => {
    const scene = stage([device('a')]);
    scene.behaviours.get('a')!.answers = false;
    await scene.pass(10 * MINUTE);
    expect(scene.startsOf('a', 'full')).toEqual([]);
    const beats = scene.startsOf('a').slice(-5);
    for (let at = 1; at < beats.length; at += 1) {
      expect(beats[at]! - beats[at - 1]!).toBe(2 * POLLING.heartbeatMs);
    }
  });

  it('for one poll only stays up', async () => {
    const scene = stage([device('a')]);
    await scene.pass(MINUTE);
    scene.behaviours.get('a')!.answers = false;
    while (scene.observations.at(-1)!.outcome === 'ok') await scene.pass(STEP_MS);
    scene.behaviours.get('a')!.answers = true;
    await scene.pass(MINUTE);
    expect(scene.observations.filter(({ outcome }) => outcome !== 'ok')).toHaveLength(1);
    expect(scene.collector.view.renderDevice('a')).toContain(
      'device_up{device="a",site="site-a",role="access"} 1',
    );
  });
});

describe('many devices', () => {
  it('are never polled twice at once each, however slow', async () => {
    const scene = stage(many(4));
    scene.behaviours.get('d1')!.afterMs = 1900;
    await scene.pass(5 * MINUTE);
    for (const { id } of many(4)) expect(scene.mostAtOnce(id)).toBe(1);
  });

  it('are never polled twice at once each, also when their turns are late', async () => {
    const polling = {
      ...POLLING,
      concurrency: 2,
      heartbeatMs: 5 * SECOND,
      fullPollMs: 10 * SECOND,
    };
    const devices = many(6).map((one) => ({ ...one, polling }));
    const scene = stage(devices, polling);
    for (const behaviour of scene.behaviours.values()) behaviour.afterMs = 1900;
    await scene.pass(3 * MINUTE);
    for (const { id } of devices) expect(scene.mostAtOnce(id)).toBe(1);
  });

  it('do not wait for silent or slow ones, even with few places', async () => {
    const polling = { ...POLLING, concurrency: 4 };
    const devices = many(40).map((one) => ({ ...one, polling }));
    const scene = stage(devices, polling);
    for (let at = 0; at < 30; at += 1) scene.behaviours.get(`d${at}`)!.answers = false;
    scene.behaviours.get('d30')!.afterMs = 1900;
    await scene.pass(4 * MINUTE);
    for (let at = 31; at < 40; at += 1) {
      const beats = scene.startsOf(`d${at}`);
      const gaps = beats.slice(1).map((start, place) => start - beats[place]!);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(POLLING.heartbeatMs + SECOND);
    }
  });
});

describe('a collector', () => {
  it('does a full poll when asked to, and tells how it ended', async () => {
    const scene = stage([device('a')]);
    await scene.pass(20 * SECOND);
    const before = scene.startsOf('a', 'full').length;
    const asked = scene.collector.pollNow('a');
    await scene.pass(SECOND);
    expect((await asked)?.kind).toBe('full');
    expect(scene.startsOf('a', 'full')).toHaveLength(before + 1);
    expect(await scene.collector.pollNow('nobody')).toBeNull();
  });

  it('takes over another configuration without forgetting devices that stay', async () => {
    const scene = stage([device('a'), device('b')]);
    await scene.pass(MINUTE);
    const lastOfA = scene.collector.view.detail('a')?.lastPollAt;
    scene.collector.reconfigure(config([device('a', { siteId: 'site-b' }), device('c')]));
    expect(scene.collector.view.detail('b')).toBeNull();
    expect(scene.collector.view.renderDevice('b')).toBeNull();
    expect(scene.collector.view.detail('a')?.lastPollAt).toBe(lastOfA);
    expect(scene.collector.view.renderDevice('a')).toContain('device_up{device="a",site="site-b"');
    const seen = scene.observations.length;
    await scene.pass(MINUTE);
    const later = new Set(scene.observations.slice(seen).map(({ deviceId }) => deviceId));
    expect([...later].sort()).toEqual(['a', 'c']);
    scene.collector.reconfigure(config([device('a', { address: '127.0.0.2' })]));
    expect(scene.collector.view.detail('a')?.lastPollAt).toBeNull();
  });

  it('that is stopped observes no more, and leaves nobody waiting', async () => {
    const scene = stage([device('a')]);
    await scene.pass(MINUTE);
    const asked = scene.collector.pollNow('a');
    scene.collector.stop();
    expect(await asked).toBeNull();
    const before = scene.observations.length;
    await scene.pass(MINUTE);
    expect(scene.observations).toHaveLength(before);
    expect([...scene.collector.view.renderAll()].join('')).toBe('');
  });

  it('survives a defect in reading one device', async () => {
    const scene = stage([device('a'), device('b')]);
    const broken = watch({
      config: config([device('a')]),
      clock: scene.clock,
      createClient: () => {
        throw new Error('defect');
      },
    });
    broken.collector.start();
    await scene.pass(MINUTE);
    expect(new Set(broken.observations.map(({ outcome }) => outcome))).toEqual(
      new Set(['bad-response']),
    );
    expect(scene.startsOf('b').length).toBeGreaterThan(2);
  });
});

describe('turns', () => {
  const polling = { ...POLLING, heartbeatMs: 15 * SECOND };
  const phasesOf = (count: number) =>
    Array.from({ length: count }, (_, place) => sharedPhase(place, count, polling));

  it('of a small network are each of one device', () => {
    expect(phasesOf(4)).toEqual([0, 0.25, 0.5, 0.75]);
    expect(new Set(phasesOf(300)).size).toBe(300);
  });

  it('of a large network are 50 ms apart, each of as many devices', () => {
    const counts = Map.groupBy(phasesOf(10_000), (phase) => phase * polling.heartbeatMs);
    const sizes = [...counts.values()].map(({ length }) => length);
    expect(sizes).toHaveLength(300);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    const instants = [...counts.keys()];
    const gaps = instants.slice(1).map((atMs, place) => Math.round(atMs - instants[place]!));
    expect(new Set(gaps)).toEqual(new Set([50]));
  });
});
