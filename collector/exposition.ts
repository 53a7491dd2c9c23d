import type { Device } from '../config/model.ts';
import {
  escapeLabelValue,
  type MetricDef,
  renderMetricHead,
  renderValue,
} from '../lib/metric-def.ts';
import { BASE_LABELS, DEVICE_METRICS } from './metrics.ts';
import type { Sample } from './sample.ts';

/** Lines of one device by metric name, ready to be sent. */
export type DeviceLines = ReadonlyMap<string, string>;

/** Text is handed over in pieces of about this many characters, so that no scrape holds everything up. */
const CHUNK_CHARACTERS = 64 * 1024;

/** `device="…",site="…",role="…"`, escaped once for all lines of a device. */
export function baseLabelText(device: Pick<Device, 'id' | 'siteId' | 'role'>): string {
  const values = [device.id, device.siteId, device.role];
  return BASE_LABELS.map((label, place) => `${label}="${escapeLabelValue(values[place]!)}"`).join(
    ',',
  );
}

/** Renders samples, each metric's lines together. */
export function renderLines(samples: Iterable<Sample>, baseLabels: string): DeviceLines {
  const lines = new Map<string, string>();
  for (const sample of samples) {
    const { metric } = sample;
    lines.set(metric.name, (lines.get(metric.name) ?? '') + renderLine(sample, baseLabels));
  }
  return lines;
}

function renderLine({ metric, labels, value }: Sample, baseLabels: string): string {
  let text = `${metric.name}{${baseLabels}`;
  labels.forEach((labelValue, place) => {
    const label = metric.labels[BASE_LABELS.length + place]!;
    text += `,${label}="${escapeLabelValue(labelValue)}"`;
  });
  return `${text}} ${typeof value === 'bigint' ? value.toString() : renderValue(value)}\n`;
}

/**
 * Prometheus text 0.0.4 of many devices in pieces: every metric once, with HELP and TYPE before its
 * first line; a metric without lines is left out. `linesOf` gives a device's lines of one metric.
 */
export function* renderFamilies(
  devices: readonly ((metric: MetricDef) => string)[],
): Generator<string> {
  let chunk = '';
  for (const metric of DEVICE_METRICS) {
    let isBegun = false;
    for (const linesOf of devices) {
      const lines = linesOf(metric);
      if (lines === '') continue;
      if (!isBegun) chunk += renderMetricHead(metric);
      isBegun = true;
      chunk += lines;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
