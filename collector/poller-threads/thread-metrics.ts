import { Counter, Gauge, type Registry } from 'prom-client';
import type { MetricDef } from '../../lib/metric-def.ts';
import { METRIC_PREFIX } from '../metrics.ts';

/** Why somebody got no answer from a poller thread. */
export const UNANSWERED_REASONS = ['too-many', 'too-late'] as const;
export type UnansweredReason = (typeof UNANSWERED_REASONS)[number];

function metric(
  type: MetricDef['type'],
  name: string,
  help: string,
  labels: readonly string[] = [],
): MetricDef {
  return { name: METRIC_PREFIX + name, type, help, labels };
}

const THREADS = metric('gauge', 'poller_threads', 'Threads that poll, beside the main one.');
const ENDED = metric(
  'counter',
  'poller_thread_failures_total',
  'Times that a poller thread ended by a defect or was ended because it hung; it starts again.',
);
const UNANSWERED = metric(
  'counter',
  'poller_questions_unanswered_total',
  'Times that what a device shows was asked of a poller thread in vain, by reason.',
  ['reason'],
);
const DROPPED = metric(
  'counter',
  'poller_observations_dropped_total',
  'Observations dropped because the main thread was held up for too long.',
);

/** Every metric about poller threads; none is exported where the main thread polls. */
export const THREAD_METRICS: readonly MetricDef[] = [THREADS, ENDED, UNANSWERED, DROPPED];

/** What is counted about the threads that poll. */
export interface ThreadMetrics {
  threadsRunning(count: number): void;
  threadFailed(): void;
  questionUnanswered(reason: UnansweredReason): void;
  observationsDropped(count: number): void;
}

/** Declares the metrics in `registry` and starts every counter at 0. */
export function createThreadMetrics(registry: Registry): ThreadMetrics {
  const options = ({ name, help, labels }: MetricDef) => {
    return { name, help, labelNames: [...labels], registers: [registry] };
  };
  const threads = new Gauge(options(THREADS));
  const failures = new Counter(options(ENDED));
  const unanswered = new Counter(options(UNANSWERED));
  const dropped = new Counter(options(DROPPED));
  for (const reason of UNANSWERED_REASONS) unanswered.inc({ reason }, 0);
  return {
    threadsRunning: (count) => threads.set(count),
    threadFailed: () => failures.inc(),
    questionUnanswered: (reason) => unanswered.inc({ reason }),
    observationsDropped: (count) => dropped.inc(count),
  };
}
