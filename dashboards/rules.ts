import { stringify } from 'yaml';
import { ALERTING_METRICS } from '../alerting/metrics.ts';
import { SERVICE_METRICS } from './metrics.ts';
import { select } from './query.ts';

/** An alerting rule of Prometheus. */
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: 'none' | 'warning' | 'critical' };
  readonly annotations: { readonly summary: string; readonly description: string };
}

const STALLED_SECONDS = 60;

/**
 * They watch the watcher. What is wrong with devices is graded and paged by Threenines itself; what
 * it cannot do is tell that it has gone silent.
 */
const RULES: readonly Rule[] = [
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
];

const HEAD = '# Written by "threenines dashboards" from dashboards/rules.ts; change it there.\n';

/** The rule file for Prometheus, byte for byte the same each time. */
export function renderRules(): string {
  return HEAD + stringify({ groups: [{ name: 'threenines', rules: RULES }] }, { lineWidth: 0 });
}
