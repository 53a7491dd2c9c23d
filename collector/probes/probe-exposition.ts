import type { Device } from '../../config/model.ts';
import { type MetricDef, renderMetricHead, renderSample } from '../../lib/metric-def.ts';
import { SECOND } from '../../lib/time.ts';
import { PROBE_METRICS } from './probe-metrics.ts';
import type { ProbeDetail } from './prober.ts';

/** A device and what its last round told. */
export type Told = readonly [device: Device, detail: ProbeDetail];

const DEVICES_A_PIECE = 500;

const seconds = (ms: number | null) => (ms === null ? null : ms / SECOND);

/** null: no line. */
const READINGS: readonly (readonly [MetricDef, (detail: ProbeDetail) => number | null])[] = [
  [PROBE_METRICS.loss, ({ quality }) => quality.lossRatio],
  [PROBE_METRICS.roundTrip, ({ quality }) => seconds(quality.roundTripMs)],
  [PROBE_METRICS.jitter, ({ quality }) => seconds(quality.jitterMs)],
  [PROBE_METRICS.lossStandard, ({ standards }) => standards.lossRatio],
  [PROBE_METRICS.roundTripStandard, ({ standards }) => seconds(standards.roundTripMs)],
  [PROBE_METRICS.jitterStandard, ({ standards }) => seconds(standards.jitterMs)],
];

/**
 * Prometheus text of the last rounds and of the standards they are held against, metric after metric
 * in pieces, so that a large network is not rendered in one go. A metric without lines is left out.
 */
export function* renderProbes(told: readonly Told[]): Iterable<string> {
  for (const [metric, read] of READINGS) {
    let isBegun = false;
    for (let from = 0; from < told.length; from += DEVICES_A_PIECE) {
      let piece = '';
      for (const [device, detail] of told.slice(from, from + DEVICES_A_PIECE)) {
        const value = read(detail);
        if (value !== null) piece += renderSample(metric, labelsOf(metric, device, detail), value);
      }
      if (piece === '') continue;
      yield isBegun ? piece : renderMetricHead(metric) + piece;
      isBegun = true;
    }
  }
}

function labelsOf(metric: MetricDef, device: Device, { probe }: ProbeDetail): readonly string[] {
  const base = [device.id, device.siteId, device.role];
  return metric.labels.includes('probe') ? [...base, probe] : base;
}
