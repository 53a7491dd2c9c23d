import { type MetricDef, renderMetricHead, renderSample } from '../lib/metric-def.ts';
import { STORAGE_METRICS } from '../storage/metrics.ts';
import type { Samples } from './open-sampler.ts';

/** History and InfluxDB in the Prometheus text format; nothing of one that is not in use. */
export function renderSamples({ sampler, history, influx }: Samples): string {
  const defs = STORAGE_METRICS;
  const families: string[] = [one(defs.historyPollsLeftOut, sampler.leftOutCount)];
  if (history !== null) {
    families.push(
      one(defs.historySeries, history.seriesCount),
      one(defs.historySamplesLeftOut, history.leftOutCount),
    );
  }
  if (influx !== null) {
    const { damagedBatches, ...points } = influx.counts;
    const results = Object.entries(points).map(([result, count]) =>
      renderSample(defs.influxPoints, [result], count),
    );
    families.push(
      renderMetricHead(defs.influxPoints) + results.join(''),
      one(defs.influxBatchesDamaged, damagedBatches),
      one(defs.influxBufferBytes, influx.bufferedBytes),
    );
  }
  return families.join('');
}

function one(metric: MetricDef, value: number): string {
  return renderMetricHead(metric) + renderSample(metric, [], value);
}
