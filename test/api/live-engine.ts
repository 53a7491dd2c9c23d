import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import { EngineShell } from '../../alerting/engine-shell.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { createEngineMetrics } from '../../alerting/self-metrics.ts';
import { topologyOf } from '../../alerting/topology-of.ts';
import { createApi } from '../../api/create-api.ts';
import type { Config } from '../../config/model.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { type EpochMs, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { createMemoryJournal } from '../../storage/memory-journal.ts';
import { createFakeService } from './fake-service.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the answers of many routes
  readonly body: any;
}

/** What a timeline says, a line for each entry: `English | 中文`. */
function timelineTexts({ body }: Answer): string {
  return body.items
    .map(({ text }: { text: Record<string, string> }) => `${text.en} | ${text['zh-CN']}`)
    .join('\n');
}

/** The API over a real engine on virtual time: what a command leads to is decided, not told. */
export async function openLiveEngine(startAt: EpochMs, change: Partial<Config> = {}) {
  const clock = new VirtualClock(startAt);
  const journal = createMemoryJournal<DomainEvent>();
  const engine = new EngineShell({
    ...{ journal, clock, random: seededRandom(1), log: silentLogger, version: 'test' },
    metrics: createEngineMetrics(new Registry()),
    onReplay: () => {},
    onProbe: () => {},
    onFatal: (error) => {
      throw error;
    },
  });
  const service = await createFakeService(clock, {
    config: change,
    deps: { host: engine, journal },
  });
  engine.submit({ kind: 'topology', topology: topologyOf(service.config) });
  engine.start();
  const api = createApi(service.deps);
  onTestFinished(async () => {
    await engine.stop();
    await api.close();
  });
  /** Resolves when everything handed in so far is decided and durable. */
  const settle = () => engine.record({ kind: 'lease' });
  await settle();

  const ask = async (method: 'GET' | 'POST', url: string, payload?: object): Promise<Answer> => {
    const answer = await api.inject({
      ...{ method, url },
      headers: { host: 'localhost' },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
  };
  return {
    ...{ api, clock, engine, journal, service },
    get: (url: string) => ask('GET', url),
    post: (url: string, payload: object) => ask('POST', url, payload),
    timelineTexts: async (incidentUrl: string) =>
      timelineTexts(await ask('GET', `${incidentUrl}/timeline`)),
    /** Lets time pass in steps of `stepMs`, observing the devices as `outcomeOf` says. */
    async run(
      durationMs: number,
      outcomeOf: (deviceId: string) => 'ok' | 'timeout' = () => 'ok',
      stepMs = 10 * SECOND,
    ) {
      for (const until = clock.now() + durationMs; clock.now() < until; ) {
        clock.advance(stepMs);
        for (const { id } of service.config.devices) {
          const outcome = outcomeOf(id);
          engine.submit({
            kind: 'observation',
            observation: {
              ...{ deviceId: id, kind: 'full', outcome, detail: { en: '', 'zh-CN': '' } },
              ...{ startedAt: clock.now(), finishedAt: clock.now(), rttMs: null },
              ...{ sysUpTimeTicks: null, unreadComponents: [] },
              conditions: outcome === 'ok' ? [] : null,
            },
          });
        }
        await settle();
      }
    },
  };
}
