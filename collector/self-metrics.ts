import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { MetricDef } from '../lib/metric-def.ts';
import { METRIC_PREFIX } from './metrics.ts';
import { OUTCOMES, type Outcome } from './observation.ts';
import { NO_RATE_REASONS, type NoRateReason } from './rate-memory.ts';

export const POLL_KINDS = ['heartbeat', 'full'] as const;
export type PollKind = (typeof POLL_KINDS)[number];

export const REQUEST_OPERATIONS = ['get', 'get-next', 'get-bulk'] as const;
export type RequestOperation = (typeof REQUEST_OPERATIONS)[number];

/** Why a datagram that came in for the poller was not taken for a reply. */
export const IGNORED_REPLY_REASONS = [
  'other-address',
  'other-port',
  'malformed',
  'wrong-version',
  'wrong-community',
  'no-pending-request',
  'security-downgrade',
  'too-long',
  'wrong-engine',
  'wrong-user',
  'wrong-request-id',
  'wrong-context',
  'unasked-security',
  'wrong-digest',
  'decryption-error',
  'unproven-time',
  'outside-time-window',
] as const;
export type IgnoredReplyReason = (typeof IGNORED_REPLY_REASONS)[number];

/** Why the session of a v3 device was made anew. */
export const SESSION_RENEWAL_REASONS = ['time-window', 'unknown-engine', 'socket-error'] as const;
export type SessionRenewalReason = (typeof SESSION_RENEWAL_REASONS)[number];

/** Why a table or walk ended before its end. */
export const CUT_REASONS = ['not-increasing', 'row-cap', 'deadline', 'timeout', 'other'] as const;
export type CutReason = (typeof CUT_REASONS)[number];

/** Why a value that a device sent was not used. */
export const REJECTED_VALUE_REASONS = [
  'absent',
  'wrong-type',
  'out-of-range',
  'not-asked',
] as const;
export type RejectedValueReason = (typeof REJECTED_VALUE_REASONS)[number];

function self(
  type: MetricDef['type'],
  name: string,
  help: string,
  labels: readonly string[] = [],
): MetricDef {
  return { name: METRIC_PREFIX + name, type, help, labels };
}

const POLLS = self('counter', 'polls_total', 'Polls that ended, by outcome.', ['kind', 'result']);
const POLL_DURATION = self('histogram', 'poll_duration_seconds', 'How long polls took.', ['kind']);
const POLL_LATENESS = self(
  'histogram',
  'poll_lateness_seconds',
  'How long after they were due polls began.',
  ['kind'],
);
const POLLS_RUNNING = self('gauge', 'polls_running', 'Polls in progress.', ['kind']);
const POLLS_WAITING = self('gauge', 'polls_waiting', 'Polls that are due and wait for their turn.');
const REQUESTS = self('counter', 'snmp_requests_total', 'SNMP requests sent, retries included.', [
  'operation',
]);
const RETRIES = self(
  'counter',
  'snmp_retries_total',
  'SNMP requests sent again for want of a reply.',
);
const IGNORED_REPLIES = self(
  'counter',
  'snmp_ignored_replies_total',
  'Datagrams that were not taken for a reply, by reason.',
  ['reason'],
);
const KERNEL_DROPS = self(
  'counter',
  'kernel_drops_total',
  'Datagrams for the poller that the kernel dropped because a receive buffer was full (Linux).',
);
const SESSION_RENEWALS = self(
  'counter',
  'snmp_session_renewals_total',
  'Sessions made anew because the other side had lost its place.',
  ['reason'],
);
const SHARED_ENGINES = self(
  'gauge',
  'snmp_shared_engine_devices',
  'Devices that answer with the SNMPv3 engine id of another device.',
);
const TOO_BIG = self(
  'counter',
  'snmp_batch_reductions_total',
  'Times that a device was asked for less at once because it could not answer.',
);
const WALKS_CUT = self(
  'counter',
  'snmp_tables_cut_total',
  'Tables that could not be read to their end, by reason.',
  ['reason'],
);
const VALUES_REJECTED = self(
  'counter',
  'poll_values_rejected_total',
  'Values from devices that were not used, by reason.',
  ['reason'],
);
const RATES_WITHHELD = self(
  'counter',
  'port_rates_withheld_total',
  'Readings of the octet counter of a port, in one direction, that gave no rate, by reason.',
  ['reason'],
);
const SERIES_LEFT_OUT = self(
  'counter',
  'series_left_out_total',
  'Series that full polls left out because one device may not have so many.',
);
const OBSERVED_DEVICES = self('gauge', 'observed_devices', 'Devices that the collector polls.');
const EXPOSED_SERIES = self(
  'gauge',
  'exposed_series',
  'Series about devices at the last full polls.',
);

/** Every metric the collector exports about itself. */
export const COLLECTOR_SELF_METRICS: readonly MetricDef[] = [
  POLLS,
  POLL_DURATION,
  POLL_LATENESS,
  POLLS_RUNNING,
  POLLS_WAITING,
  REQUESTS,
  RETRIES,
  IGNORED_REPLIES,
  KERNEL_DROPS,
  SESSION_RENEWALS,
  SHARED_ENGINES,
  TOO_BIG,
  WALKS_CUT,
  VALUES_REJECTED,
  RATES_WITHHELD,
  SERIES_LEFT_OUT,
  OBSERVED_DEVICES,
  EXPOSED_SERIES,
];

/** The one of them with this name, without its prefix: for names written in the program, an unknown one is a bug. */
export function collectorMetric(shortName: string): MetricDef {
  const metric = COLLECTOR_SELF_METRICS.find(({ name }) => name === METRIC_PREFIX + shortName);
  if (metric === undefined) throw new Error(`no metric named ${METRIC_PREFIX}${shortName}`);
  return metric;
}

const DURATION_BUCKETS_SECONDS = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const LATENESS_BUCKETS_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 15, 60];

/** What the collector counts about its own work. Every label comes from a closed set. */
export interface SelfMetrics {
  pollStarted(kind: PollKind, latenessSeconds: number): void;
  pollEnded(kind: PollKind, result: Outcome, durationSeconds: number): void;
  /** So many polls will never end: the thread that made them has. */
  pollsLost(kind: PollKind, count: number): void;
  pollsWaiting(count: number): void;
  requestSent(operation: RequestOperation, isRetry: boolean): void;
  replyIgnored(reason: IgnoredReplyReason): void;
  kernelDropped(count: number): void;
  sessionRenewed(reason: SessionRenewalReason): void;
  enginesShared(deviceCount: number): void;
  batchReduced(): void;
  tableCut(reason: CutReason): void;
  valueRejected(reason: RejectedValueReason): void;
  ratesWithheld(reason: NoRateReason, count: number): void;
  seriesLeftOut(count: number): void;
  observedDevices(count: number): void;
  exposedSeries(count: number): void;
}

function options(metric: MetricDef, registers: Registry[]) {
  return { name: metric.name, help: metric.help, labelNames: [...metric.labels], registers };
}

/** Declares the metrics in `registry` and starts every counter at 0, so that the first event is an increase. */
export function createSelfMetrics(registry: Registry): SelfMetrics {
  const to = [registry];
  const polls = new Counter(options(POLLS, to));
  const duration = new Histogram({
    ...options(POLL_DURATION, to),
    buckets: DURATION_BUCKETS_SECONDS,
  });
  const lateness = new Histogram({
    ...options(POLL_LATENESS, to),
    buckets: LATENESS_BUCKETS_SECONDS,
  });
  const running = new Gauge(options(POLLS_RUNNING, to));
  const waiting = new Gauge(options(POLLS_WAITING, to));
  const requestsSent = countRequests(to);
  const retries = new Counter(options(RETRIES, to));
  const ignored = new Counter(options(IGNORED_REPLIES, to));
  const drops = new Counter(options(KERNEL_DROPS, to));
  const renewals = new Counter(options(SESSION_RENEWALS, to));
  const sharedEngines = new Gauge(options(SHARED_ENGINES, to));
  const reductions = new Counter(options(TOO_BIG, to));
  const cut = new Counter(options(WALKS_CUT, to));
  const rejected = new Counter(options(VALUES_REJECTED, to));
  const withheld = new Counter(options(RATES_WITHHELD, to));
  const leftOut = new Counter(options(SERIES_LEFT_OUT, to));
  const devices = new Gauge(options(OBSERVED_DEVICES, to));
  const series = new Gauge(options(EXPOSED_SERIES, to));

  for (const kind of POLL_KINDS) {
    running.set({ kind }, 0);
    for (const result of OUTCOMES) polls.inc({ kind, result }, 0);
  }
  for (const reason of IGNORED_REPLY_REASONS) ignored.inc({ reason }, 0);
  for (const reason of SESSION_RENEWAL_REASONS) renewals.inc({ reason }, 0);
  for (const reason of CUT_REASONS) cut.inc({ reason }, 0);
  for (const reason of REJECTED_VALUE_REASONS) rejected.inc({ reason }, 0);
  for (const reason of NO_RATE_REASONS) withheld.inc({ reason }, 0);

  return {
    pollStarted(kind, latenessSeconds) {
      running.inc({ kind });
      lateness.observe({ kind }, latenessSeconds);
    },
    pollEnded(kind, result, durationSeconds) {
      running.dec({ kind });
      polls.inc({ kind, result });
      duration.observe({ kind }, durationSeconds);
    },
    pollsLost: (kind, count) => running.dec({ kind }, count),
    pollsWaiting: (count) => waiting.set(count),
    requestSent(operation, isRetry) {
      requestsSent[operation] += 1;
      if (isRetry) retries.inc();
    },
    replyIgnored: (reason) => ignored.inc({ reason }),
    kernelDropped: (count) => drops.inc(count),
    sessionRenewed: (reason) => renewals.inc({ reason }),
    enginesShared: (deviceCount) => sharedEngines.set(deviceCount),
    batchReduced: () => reductions.inc(),
    tableCut: (reason) => cut.inc({ reason }),
    valueRejected: (reason) => rejected.inc({ reason }),
    ratesWithheld: (reason, count) => withheld.inc({ reason }, count),
    seriesLeftOut: (count) => leftOut.inc(count),
    observedDevices: (count) => devices.set(count),
    exposedSeries: (count) => series.set(count),
  };
}

/** Where requests are counted: the counter takes it in when it is looked at, for each of its own steps costs as much as writing a request. */
function countRequests(registers: Registry[]): Record<RequestOperation, number> {
  const sent = { get: 0, 'get-next': 0, 'get-bulk': 0 };
  new Counter({
    ...options(REQUESTS, registers),
    collect() {
      for (const operation of REQUEST_OPERATIONS) {
        this.inc({ operation }, sent[operation]);
        sent[operation] = 0;
      }
    },
  });
  return sent;
}
