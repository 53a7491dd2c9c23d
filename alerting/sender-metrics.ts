import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MetricDef } from '../lib/metric-def.ts';

/** `sent`; `failed`: to be tried again; `rejected`: trying again cannot help. */
export const PAGE_RESULTS = ['sent', 'failed', 'rejected'] as const;
export type PageResult = (typeof PAGE_RESULTS)[number];

/** What the page sender counts, since the last start. */
export const SENDER_METRICS = {
  pages: {
    name: 'threenines_pages_total',
    type: 'counter',
    help: 'Tries to send a page by channel and how they ended: sent, failed (tried again) or rejected (final).',
    labels: ['channel', 'result'],
  },
  circuitOpen: {
    name: 'threenines_channel_circuit_open',
    type: 'gauge',
    help: '1 while a channel is believed broken, after five failures in a row: one page at a time then probes it.',
    labels: ['channel'],
  },
  deliveryDuration: {
    name: 'threenines_page_delivery_duration_seconds',
    type: 'histogram',
    help: 'Time from the moment a page was queued until its channel accepted it, retries included.',
    labels: ['channel'],
  },
} as const satisfies Record<string, MetricDef>;

const DELIVERY_BUCKETS_SECONDS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 1800, 3600];

export interface SenderMetrics {
  readonly pages: Counter<'channel' | 'result'>;
  readonly circuitOpen: Gauge<'channel'>;
  readonly deliveryDuration: Histogram<'channel'>;
}

/** Registers the sender's metrics. Throws when the registry already has them. */
export function createSenderMetrics(registry: Registry): SenderMetrics {
  const { pages, circuitOpen, deliveryDuration } = SENDER_METRICS;
  return {
    pages: new Counter({
      name: pages.name,
      help: pages.help,
      labelNames: [...pages.labels],
      registers: [registry],
    }),
    circuitOpen: new Gauge({
      name: circuitOpen.name,
      help: circuitOpen.help,
      labelNames: [...circuitOpen.labels],
      registers: [registry],
    }),
    deliveryDuration: new Histogram({
      name: deliveryDuration.name,
      help: deliveryDuration.help,
      labelNames: [...deliveryDuration.labels],
      buckets: DELIVERY_BUCKETS_SECONDS,
      registers: [registry],
    }),
  };
}
