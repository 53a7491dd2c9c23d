import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import type { Collector } from '../../collector/collector.ts';
import type { Observation } from '../../collector/observation.ts';
import { createThreadMetrics } from '../../collector/poller-threads/thread-metrics.ts';
import {
  createThreadedCollector,
  type ThreadedCollectorDeps,
} from '../../collector/poller-threads/threaded-collector.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { Device, PollingConfig } from '../../config/model.ts';
import { type LabProcess, startLabProcess } from '../../lab/process.ts';
import { systemClock } from '../../lib/clock.ts';
import { createLineLogger, silentLogger } from '../../lib/logger.ts';
import { systemRandom } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import { builtInProfiles, config, device, POLLING } from '../collector/collector-fixtures.ts';
import { CREDENTIALS, DEVICES } from '../lab/demo-network.ts';

/** What the service runs. */
export const ENTRY = new URL('../../app/poller-thread.ts', import.meta.url);
/** The same, but it falls over when it is asked about the modules `crash` and `hang`. */
export const FRAGILE_ENTRY = new URL('./fragile-thread.ts', import.meta.url);

export const QUICK: PollingConfig = {
  ...POLLING,
  heartbeatMs: 200,
  fullPollMs: SECOND,
  timeoutMs: SECOND,
  confirmMs: 100,
  deadlineMs: 5 * SECOND,
  concurrency: 10,
};

export interface Threaded {
  readonly collector: Collector;
  readonly observations: Observation[];
  readonly registry: Registry;
  readonly logLines: string[];
  readonly saved: string[];
  /** Resolves with the first observation from now on that fits. */
  next(fits: (observation: Observation) => boolean): Promise<Observation>;
  metric(name: string): Promise<number>;
}

/** The demo network in a process of its own, which answers whatever this one does. */
export async function startAgents(): Promise<LabProcess> {
  const started = await startLabProcess({
    devices: DEVICES,
    credentials: CREDENTIALS,
    playStory: false,
    clock: systemClock,
    random: systemRandom,
    log: silentLogger,
  });
  if (!started.ok) throw new Error(started.problem.text);
  return started.lab;
}

/** Devices of the demo network, polled quickly. */
export function labDevices(
  lab: LabProcess,
  ids: readonly string[],
  more: Partial<Device> = {},
): Device[] {
  return ids.map((id) => {
    const { credentialId } = DEVICES.find((each) => each.id === id)!;
    return device(id, { port: lab.ports.get(id)!, credentialId, polling: QUICK, ...more });
  });
}

export const labConfig = (devices: readonly Device[]) =>
  config(devices, Object.fromEntries(CREDENTIALS), QUICK);

/** A collector with real threads, started, and stopped when the test ends. */
export function startThreaded(
  devices: readonly Device[],
  overrides: Partial<ThreadedCollectorDeps> = {},
): Threaded {
  const observations: Observation[] = [];
  const logLines: string[] = [];
  const saved: string[] = [];
  const registry = new Registry();
  let listeners: ((observation: Observation) => void)[] = [];
  const collector = createThreadedCollector({
    clock: systemClock,
    random: systemRandom,
    config: labConfig(devices),
    profiles: builtInProfiles,
    log: createLineLogger('debug', (line) => logLines.push(line)),
    logLevel: 'debug',
    selfMetrics: createSelfMetrics(registry),
    threadMetrics: createThreadMetrics(registry),
    onObservation: (observation) => {
      observations.push(observation);
      for (const listener of listeners) listener(observation);
    },
    learned: { load: () => null, save: (text) => saved.push(text) },
    threadCount: 1,
    entry: ENTRY,
    ...overrides,
  });
  onTestFinished(async () => collector.stop());
  collector.start();
  return {
    ...{ collector, observations, registry, logLines, saved },
    next: (fits) =>
      new Promise((resolve) => {
        const listener = (observation: Observation) => {
          if (!fits(observation)) return;
          listeners = listeners.filter((each) => each !== listener);
          resolve(observation);
        };
        listeners.push(listener);
      }),
    async metric(name) {
      const found = await registry.getSingleMetric(name)?.get();
      return (found?.values ?? []).reduce((sum, { value }) => sum + value, 0);
    },
  };
}
