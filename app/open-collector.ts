import { availableParallelism } from 'node:os';
import type { Registry } from 'prom-client';
import { type Collector, type CollectorDeps, createCollector } from '../collector/collector.ts';
import { createThreadMetrics } from '../collector/poller-threads/thread-metrics.ts';
import { createThreadedCollector } from '../collector/poller-threads/threaded-collector.ts';
import type { LogLevel } from '../lib/logger.ts';

const ENTRY = new URL('./poller-thread.ts', import.meta.url);

/**
 * The collector of the running service. It polls in threads of its own, as many as the
 * configuration says; in this one where that is none, or there is only one core.
 */
export function openCollector(
  deps: CollectorDeps,
  { registry, logLevel }: { readonly registry: Registry; readonly logLevel: LogLevel },
): Collector {
  const threadCount = deps.config.polling.threads ?? (availableParallelism() > 1 ? 1 : 0);
  if (threadCount === 0) return createCollector(deps);
  const threadMetrics = createThreadMetrics(registry);
  return createThreadedCollector({ ...deps, threadCount, threadMetrics, logLevel, entry: ENTRY });
}
