import { cleanText } from '../lib/device-text.ts';
import type { MetricDef } from '../lib/metric-def.ts';
import { BASE_LABELS, findDeviceMetric } from './metrics.ts';

/** A named number about one device, with the labels beyond the base ones, in the metric's order. */
export interface Sample {
  readonly metric: MetricDef;
  readonly labels: readonly string[];
  /** Counters keep their exact value. */
  readonly value: number | bigint;
}

/** A sample of the metric with that short name; null when no such metric is declared. Label text is cleaned. */
export function makeSample(
  shortName: string,
  labels: Readonly<Record<string, string>>,
  value: number | bigint,
): Sample | null {
  const metric = findDeviceMetric(shortName);
  if (metric === null) return null;
  const own = metric.labels.slice(BASE_LABELS.length);
  return { metric, labels: own.map((label) => cleanText(labels[label] ?? '')), value };
}

/** Two samples with the same key are the same series. */
export function seriesKey(sample: Sample): string {
  return [sample.metric.name, ...sample.labels].join('\u0000');
}
