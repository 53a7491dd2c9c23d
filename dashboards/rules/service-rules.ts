import { ALERTING_METRICS, ALERTING_SELF_METRICS } from '../../alerting/metrics.ts';
import { SENDER_METRICS } from '../../alerting/sender-metrics.ts';
import { collectorMetric } from '../../collector/self-metrics.ts';
import { DEFAULT_CONSOLE_URL } from '../choices.ts';
import { SERVICE_METRICS } from '../metrics.ts';
import { bucketsOf, is, select } from '../query.ts';
import { BURN_ALERTS, BURN_RECORDINGS } from './burn-rules.ts';
import { type AlertRule, renderRuleFile } from './rule.ts';

const { siteDevices } = ALERTING_METRICS;

const STALLED_SECONDS = 60;
const LATE_SECONDS = 5;
const BLIND_SHARE = 0.5;
const STUCK_SECONDS = 120;
const SLOW_APPEND_SECONDS = 1;

/**
 * They watch the watcher. What is wrong with devices is graded and paged by Threenines itself; what
 * it cannot do is tell that it has gone silent. Each has a section in docs/runbooks.md.
 */
const SERVICE_ALERTS: readonly AlertRule[] = [
  {
    alert: 'Watchdog',
    expr: 'vector(1)',
    labels: { severity: 'none' },
    annotations: {
      summary: 'Prometheus evaluates rules and its alerts arrive.',
      description:
        'Always firing. Send it to a dead man’s switch: when it stops, the path from Prometheus to people is broken.',
    },
  },
  {
    alert: 'ThreeninesAbsent',
    expr: `absent(${select(SERVICE_METRICS.buildInfo)})`,
    for: '2m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'Threenines has not been seen for two minutes.',
      description:
        'Prometheus cannot read /metrics of Threenines. Nobody is watching the network; no page will be sent.',
    },
  },
  {
    alert: 'EngineStalled',
    expr: `time() - max(${select(ALERTING_METRICS.engineTickTimestamp)}) > ${STALLED_SECONDS}`,
    for: '1m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'The Threenines engine has not finished a step for {{ $value | humanizeDuration }}.',
      description:
        'The process answers, but incidents are not decided and pages are not sent. Look at its log, then restart it: it continues from its journal.',
    },
  },
  {
    alert: 'ConfigReloadFailed',
    expr: `max(${select(SERVICE_METRICS.configReloadSuccessful)}) == 0`,
    for: '1m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'Threenines refused its new configuration.',
      description:
        'The configuration before it stays in force. Run "threenines check" to see every problem with its file and line.',
    },
  },
  {
    alert: 'PollsLate',
    expr: `histogram_quantile(0.99, sum by (kind, le) (rate(${bucketsOf(collectorMetric('poll_lateness_seconds'))}[10m]))) > ${LATE_SECONDS}`,
    for: '10m',
    labels: { severity: 'warning' },
    annotations: {
      summary:
        'One {{ $labels.kind }} poll in a hundred begins over {{ $value | humanizeDuration }} late.',
      description:
        'The collector does not keep up: give it more threads (polling.threads) or a faster machine, or poll less often.',
    },
  },
  {
    alert: 'CollectorBlind',
    expr: `sum(${select(siteDevices, is('state', 'unknown'))}) / sum(${select(siteDevices)}) > ${BLIND_SHARE}`,
    for: '2m',
    labels: { severity: 'critical' },
    annotations: {
      summary: '{{ $value | humanizePercentage }} of the devices are not observed.',
      description:
        'Threenines has no valid observation of most of the network: look first at its own line, its address filters and its credentials.',
    },
  },
  {
    alert: 'OutboxStuck',
    expr: `max(${select(ALERTING_METRICS.outboxOldestAge)}) > ${STUCK_SECONDS}`,
    for: '1m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'A page has waited for {{ $value | humanizeDuration }}.',
      description:
        'No channel has taken it. See the delivery column of the incident for the reason, and call the people on call by hand until it is gone.',
    },
  },
  {
    alert: 'PageDeliveryFailing',
    expr: `sum by (channel) (increase(${select(SENDER_METRICS.pages)}[15m])) > 0 unless sum by (channel) (increase(${select(SENDER_METRICS.pages, is('result', 'sent'))}[15m])) > 0`,
    for: '5m',
    labels: { severity: 'critical' },
    annotations: {
      summary: 'No page goes out through {{ $labels.channel }}.',
      description:
        'Every try of the last fifteen minutes failed. Pages go on being tried; people are reached only through their other channels.',
    },
  },
  {
    alert: 'JournalSlow',
    expr: `histogram_quantile(0.99, sum by (le) (rate(${bucketsOf(ALERTING_SELF_METRICS.journalAppendDuration)}[10m]))) > ${SLOW_APPEND_SECONDS}`,
    for: '10m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'The journal takes {{ $value | humanizeDuration }} to make entries durable.',
      description:
        'Every decision waits for the disk. Look for another program that writes to it, or a disk that is failing.',
    },
  },
];

/** The rules that every installation should load. */
export function renderServiceRules(consoleUrl = DEFAULT_CONSOLE_URL): string {
  return renderRuleFile(
    'dashboards/rules/service-rules.ts',
    [
      { name: 'threenines', rules: SERVICE_ALERTS },
      { name: 'threenines-burn', rules: [...BURN_RECORDINGS, ...BURN_ALERTS] },
    ],
    consoleUrl,
  );
}
