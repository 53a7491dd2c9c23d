import { ALERTING_METRICS, ALERTING_SELF_METRICS } from '../alerting/metrics.ts';
import { SENDER_METRICS } from '../alerting/sender-metrics.ts';
import { DEVICE_METRICS } from '../collector/metrics.ts';
import { THREAD_METRICS } from '../collector/poller-threads/thread-metrics.ts';
import { PROBE_METRICS } from '../collector/probes/probe-metrics.ts';
import { COLLECTOR_SELF_METRICS } from '../collector/self-metrics.ts';
import { TRAP_METRICS } from '../collector/traps/trap-metrics.ts';
import type { MetricDef } from '../lib/metric-def.ts';
import { DELIVERY_METRICS, REPORT_METRICS } from '../reports/metrics.ts';
import { STORAGE_METRICS } from '../storage/metrics.ts';

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

/**
 * What the HTTP side exports about itself. It stands here and not in api/, because boards ask for it
 * and this folder may not look to its right.
 */
export const API_METRICS = {
  requests: {
    name: 'threenines_http_requests_total',
    type: 'counter',
    help: 'HTTP requests answered, by method, route and class of status.',
    labels: ['method', 'route', 'status'],
  },
  callbacksRefused: {
    name: 'threenines_callbacks_refused_total',
    type: 'counter',
    help: 'Callbacks that claim to come from a provider and were refused: unsigned (signature wrong, missing or too old) or replayed.',
    labels: ['reason'],
  },
  streamClients: {
    name: 'threenines_sse_clients',
    type: 'gauge',
    help: 'Consoles connected to the event stream now.',
    labels: [],
  },
  streamDropped: {
    name: 'threenines_sse_clients_dropped_total',
    type: 'counter',
    help: 'Event stream clients dropped because they did not read.',
    labels: [],
  },
  streamRefused: {
    name: 'threenines_sse_clients_refused_total',
    type: 'counter',
    help: 'Event stream clients refused because too many were connected.',
    labels: [],
  },
} as const satisfies Record<string, MetricDef>;

/** What prom-client says of the process and of Node, as far as boards ask for it. */
export const RUNTIME_METRICS = {
  cpu: {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time used by the process.',
    labels: ['instance', 'job'],
  },
  memory: {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of the process.',
    labels: ['instance', 'job'],
  },
  loopDelay: {
    name: 'nodejs_eventloop_lag_p99_seconds',
    type: 'gauge',
    help: 'Below it 99 of 100 turns of the event loop were late.',
    labels: ['instance', 'job'],
  },
} as const satisfies Record<string, MetricDef>;

/** Every native metric of the service: what a board or a rule may ask for. */
export const ALL_METRICS: readonly MetricDef[] = [
  ...DEVICE_METRICS,
  ...COLLECTOR_SELF_METRICS,
  ...Object.values(PROBE_METRICS),
  ...THREAD_METRICS,
  ...TRAP_METRICS,
  ...Object.values(ALERTING_METRICS),
  ...Object.values(ALERTING_SELF_METRICS),
  ...Object.values(SENDER_METRICS),
  ...Object.values(REPORT_METRICS),
  ...Object.values(DELIVERY_METRICS),
  ...Object.values(STORAGE_METRICS),
  ...Object.values(API_METRICS),
  ...Object.values(SERVICE_METRICS),
];
