import { baseLabelText } from '../../collector/exposition.ts';
import { BASE_LABELS, DEVICE_METRICS } from '../../collector/metrics.ts';
import { makeSample, type Sample } from '../../collector/sample.ts';
import type { Role } from '../../config/model.ts';
import type { MetricDef } from '../../lib/metric-def.ts';
import { PORTS } from '../network/port-columns.ts';

/** What the collector exports about every port under its name alone. */
export const PORT_METRICS: readonly MetricDef[] = DEVICE_METRICS.filter(
  ({ labels }) => labels.length === BASE_LABELS.length + 1 && labels.at(-1) === 'if_name',
);
export const SERIES_PER_DEVICE = PORT_METRICS.length * PORTS;

const PREFIX = 'threenines_'.length;
const SITE = 'site-north';
const ROLE: Role = 'access';

/** Values as real ones are: mostly small, some counters with many digits. */
export function seriesValue(device: number, metric: number, port: number): number {
  return metric % 2 === 0
    ? ((device + 1) * 7_919 + port * 104_729 + metric) * 1_003
    : (device + port * metric) % 1_000;
}

/** Names of the labels' values of one device, base labels first. */
export function labelsOf(device: number) {
  return { device: `device-${device}`, site: SITE, role: ROLE };
}

/** The samples of one device, as a poll leaves them, and its labels as text. */
export function deviceSamples(device: number): { samples: Sample[]; baseLabels: string } {
  const { device: id, site, role } = labelsOf(device);
  const samples: Sample[] = [];
  for (let port = 1; port <= PORTS; port += 1) {
    PORT_METRICS.forEach((metric, place) => {
      const value = seriesValue(device, place, port);
      const sample = makeSample(metric.name.slice(PREFIX), { if_name: `Gi0/${port}` }, value);
      if (sample !== null) samples.push(sample);
    });
  }
  return { samples, baseLabels: baseLabelText({ id, siteId: site, role }) };
}
