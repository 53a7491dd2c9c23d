import { ALERTING_METRICS, ALERTING_SELF_METRICS } from '../alerting/metrics.ts';
import { SENDER_METRICS } from '../alerting/sender-metrics.ts';
import { DEVICE_METRICS } from '../collector/metrics.ts';
import { THREAD_METRICS } from '../collector/poller-threads/thread-metrics.ts';
import { COLLECTOR_SELF_METRICS } from '../collector/self-metrics.ts';
import { TRAP_METRICS } from '../collector/traps/trap-metrics.ts';
import type { MetricDef } from '../lib/metric-def.ts';
import { REPORT_METRICS } from '../reports/metrics.ts';

/** What the program as a whole says about itself; no stage owns it. */
export const SERVICE_METRICS = {
  buildInfo: {
    name: 'threenines_build_info',
    type: 'gauge',
    help: 'Version of the service and of the Node that runs it; always 1.',
    labels: ['version', 'node'],
  },
  configReloadSuccessful: {
    name: 'threenines_config_last_reload_successful',
    type: 'gauge',
    help: 'Whether the last attempt to load the configuration succeeded: 1 yes, 0 no (the one before it stays in force).',
    labels: [],
  },
} as const satisfies Record<string, MetricDef>;

/** Every native metric of the service: what a board or a rule may ask for. */
export const ALL_METRICS: readonly MetricDef[] = [
  ...DEVICE_METRICS,
  ...COLLECTOR_SELF_METRICS,
  ...THREAD_METRICS,
  ...TRAP_METRICS,
  ...Object.values(ALERTING_METRICS),
  ...Object.values(ALERTING_SELF_METRICS),
  ...Object.values(SENDER_METRICS),
  ...Object.values(REPORT_METRICS),
  ...Object.values(SERVICE_METRICS),
];
