import type { MetricDef } from '../../lib/metric-def.ts';
import { BASE_LABELS, METRIC_PREFIX } from '../metrics.ts';

function gauge(name: string, help: string, labels: readonly string[]): MetricDef {
  return { name: METRIC_PREFIX + name, type: 'gauge', help, labels: [...BASE_LABELS, ...labels] };
}

const measured = (name: string, help: string) => gauge(name, help, ['probe']);
const standard = (name: string, help: string) => gauge(name, help, []);

/** What the rounds of probes tell; probe is icmp, or snmp where there is no fping. */
export const PROBE_METRICS = {
  loss: measured('probe_loss_ratio', 'Share of the packets of the last round that were lost.'),
  roundTrip: measured(
    'probe_mean_rtt_seconds',
    'Mean round trip of the packets of the last round.',
  ),
  jitter: measured(
    'probe_jitter_seconds',
    'Mean difference between successive round trips in the last round.',
  ),
  lossStandard: standard(
    'probe_loss_standard_ratio',
    'The most loss that is good, as configured; absent where there is no standard.',
  ),
  roundTripStandard: standard(
    'probe_mean_rtt_standard_seconds',
    'The longest mean round trip that is good, as configured; absent where there is no standard.',
  ),
  jitterStandard: standard(
    'probe_jitter_standard_seconds',
    'The most jitter that is good, as configured; absent where there is no standard.',
  ),
} as const satisfies Record<string, MetricDef>;
