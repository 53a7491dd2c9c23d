import { availableParallelism } from 'node:os';
import type { Registry } from 'prom-client';
import { type Collector, type CollectorDeps, createCollector } from '../collector/collector.ts';
import { storedHeldTotals } from '../collector/held-totals-store.ts';
import type { LearnedStore } from '../collector/learned-store.ts';
import { createThreadMetrics } from '../collector/poller-threads/thread-metrics.ts';
import { createThreadedCollector } from '../collector/poller-threads/threaded-collector.ts';
import type { LogLevel } from '../lib/logger.ts';

const ENTRY = new URL('./poller-thread.ts', import.meta.url);

/** What the collector of the running service needs beside its own dependencies. */
export interface CollectorSurroundings {
  readonly registry: Registry;
  readonly logLevel: LogLevel;
  /** Where exported totals that stand beside their counters are kept over a restart. */
  readonly heldTotals: LearnedStore;
}

/**
 * The collector of the running service. It polls in threads of its own, as many as the
 * configuration says; in this one where that is none, or there is only one core.
 */
export function openCollector(
  given: CollectorDeps,
  { registry, logLevel, heldTotals }: CollectorSurroundings,
): Collector {
  const deps = { ...given, held: storedHeldTotals(heldTotals, given.clock, given.log) };
  const threadCount = deps.config.polling.threads ?? (availableParallelism() > 1 ? 1 : 0);
  if (threadCount === 0) return createCollector(deps);
  const threadMetrics = createThreadMetrics(registry);
  return createThreadedCollector({ ...deps, threadCount, threadMetrics, logLevel, entry: ENTRY });
}
