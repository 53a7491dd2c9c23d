import type { MetricDef } from '../../lib/metric-def.ts';
import { BASE_LABELS, METRIC_PREFIX } from '../metrics.ts';

function gauge(name: string, help: string): MetricDef {
  return { name: METRIC_PREFIX + name, type: 'gauge', help, labels: [...BASE_LABELS, 'probe'] };
}

/** What the rounds of probes tell; probe is icmp, or snmp where there is no fping. */
export const PROBE_METRICS = {
  loss: gauge('probe_loss_ratio', 'Share of the packets of the last round that were lost.'),
  roundTrip: gauge('probe_mean_rtt_seconds', 'Mean round trip of the packets of the last round.'),
  jitter: gauge(
    'probe_jitter_seconds',
    'Mean difference between successive round trips in the last round.',
  ),
} as const;
