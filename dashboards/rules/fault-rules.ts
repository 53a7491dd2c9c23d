import { ALERTING_METRICS, DEVICE_STATE_VALUES } from '../../alerting/metrics.ts';
import { deviceMetric } from '../../collector/metrics.ts';
import { DEFAULT_CONSOLE_URL } from '../choices.ts';
import { select, together } from '../query.ts';
import { type AlertRule, renderRuleFile } from './rule.ts';

const SHORT_RUNTIME_SECONDS = 900;
const FULL_RATIO = 0.95;
const BUSY_RATIO = 0.9;
const HOT_BATTERY_CELSIUS = 40;

const inState = (state: keyof typeof DEVICE_STATE_VALUES) =>
  `${select(ALERTING_METRICS.deviceState)} == ${DEVICE_STATE_VALUES[state]}`;

/** Ports for which one direction or the other is above the level. */
function eitherAbove(level: number, of: (direction: 'receive' | 'transmit') => string): string {
  return together(`${of('receive')} > ${level}`, `${of('transmit')} > ${level}`);
}

const PORT = 'device, site, role, if_name';

const lossRate = (kind: 'errors' | 'discards') =>
  `sum by (${PORT}) ${eitherAbove(
    0,
    (direction) => `rate(${select(deviceMetric(`interface_${direction}_${kind}_total`))}[5m])`,
  )}`;
const fuller = `max by (${PORT}) ${eitherAbove(FULL_RATIO, (direction) =>
  select(deviceMetric(`interface_${direction}_utilization_ratio`)),
)}`;

/**
 * For those whose alerts all live in Prometheus. They tell of faults and no more: the root cause, the
 * tier and the response clock are Threenines's own. Load either these or its paging, or every fault
 * pages twice.
 */
const FAULT_ALERTS: readonly AlertRule[] = [
  {
    alert: 'DeviceDown',
    expr: inState('down'),
    labels: { severity: 'critical' },
    annotations: {
      summary: '{{ $labels.device }} ({{ $labels.role }}) at {{ $labels.site }} is down.',
      description: 'It is confirmed not answering, and nothing above it explains that.',
    },
  },
  {
    alert: 'DeviceNotObserved',
    expr: inState('unknown'),
    for: '5m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $labels.device }} at {{ $labels.site }} is not observed.',
      description: 'There is no valid observation of it: it may be up or down.',
    },
  },
  {
    alert: 'OnBattery',
    expr: `${select(deviceMetric('power_on_battery'))} == 1`,
    for: '1m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $labels.device }} at {{ $labels.site }} runs on battery.',
      description: 'What hangs on it goes dark when the battery is empty.',
    },
  },
  {
    alert: 'BatteryNearlyEmpty',
    expr: `${select(deviceMetric('power_runtime_seconds'))} < ${SHORT_RUNTIME_SECONDS} and on (device) ${select(deviceMetric('power_on_battery'))} == 1`,
    labels: { severity: 'critical' },
    annotations: {
      summary:
        '{{ $labels.device }} at {{ $labels.site }} has {{ $value | humanizeDuration }} of battery left.',
      description: 'It runs on battery; what hangs on it goes dark then.',
    },
  },
  {
    alert: 'BatteryHot',
    expr: `${select(deviceMetric('power_battery_celsius'))} > ${HOT_BATTERY_CELSIUS}`,
    for: '10m',
    labels: { severity: 'warning' },
    annotations: {
      summary: 'The battery of {{ $labels.device }} is at {{ $value }} °C.',
      description: 'Heat shortens its life and can end in fire.',
    },
  },
  {
    alert: 'PortFull',
    expr: fuller,
    for: '15m',
    labels: { severity: 'warning' },
    annotations: {
      summary:
        '{{ $labels.device }} {{ $labels.if_name }} uses {{ $value | humanizePercentage }} of its speed.',
      description: 'A full port drops packets.',
    },
  },
  {
    alert: 'PortErrors',
    expr: lossRate('errors'),
    for: '15m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $labels.device }} {{ $labels.if_name }} has {{ $value }} errors a second.',
      description: 'A bad cable, optic or duplex setting is the usual reason.',
    },
  },
  {
    alert: 'PortDiscards',
    expr: lossRate('discards'),
    for: '30m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $labels.device }} {{ $labels.if_name }} drops {{ $value }} packets a second.',
      description: 'Its queues are too short for what is sent through it.',
    },
  },
  {
    alert: 'ProcessorBusy',
    expr: `avg by (device, site, role) (${select(deviceMetric('cpu_utilization_ratio'))}) > ${BUSY_RATIO}`,
    for: '15m',
    labels: { severity: 'warning' },
    annotations: {
      summary: '{{ $labels.device }} uses {{ $value | humanizePercentage }} of its processors.',
      description: 'A busy control plane loses neighbours and answers late.',
    },
  },
];

/** The rules for those who prefer Prometheus for faults; not loaded unless somebody wants them. */
export function renderFaultRules(consoleUrl = DEFAULT_CONSOLE_URL): string {
  return renderRuleFile(
    'dashboards/rules/fault-rules.ts',
    [{ name: 'threenines-faults', rules: FAULT_ALERTS }],
    consoleUrl,
  );
}
