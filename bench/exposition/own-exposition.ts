/** A process of its own: the product's exposition of many devices. */
import { streamText } from '../../api/text-stream.ts';
import {
  renderDeviceExposition,
  renderFamilies,
  type ShownDevice,
} from '../../collector/exposition.ts';
import { ownCpuSeconds } from '../cpu-time.ts';
import { takeTask } from '../processes.ts';
import { deviceSamples, SERIES_PER_DEVICE } from './series.ts';
import { type ExpositionTask, serveAndTell } from './serve-text.ts';

const NANOSECONDS = 1_000_000_000;
const TRIALS = 3;
const NOW_MS = 0;

const task = takeTask<ExpositionTask>();
const count = Math.max(1, Math.round(task.series / SERIES_PER_DEVICE));
const series = count * SERIES_PER_DEVICE;
const devices: ShownDevice[] = [];
let renderSeconds = 0;
for (let device = 0; device < count; device += 1) {
  const { samples, baseLabels } = deviceSamples(device);
  const startedAt = ownCpuSeconds();
  const readings = renderDeviceExposition(samples, baseLabels);
  renderSeconds += ownCpuSeconds() - startedAt;
  devices.push({
    baseLabels,
    isUp: null,
    rttMs: null,
    uptimeSeconds: null,
    readings,
    readingsUntilMs: NOW_MS,
    answeredMs: null,
    engineId: null,
    engineTime: null,
  });
}

/** As a scrape takes it, piece by piece. */
function scrapeOnce(): number {
  let octets = 0;
  for (const piece of renderFamilies(devices, NOW_MS)) octets += piece.length;
  return octets;
}

let octets = 0;
let best = Number.POSITIVE_INFINITY;
for (let trial = 0; trial < TRIALS; trial += 1) {
  const startedAt = ownCpuSeconds();
  octets = scrapeOnce();
  best = Math.min(best, ownCpuSeconds() - startedAt);
}
await serveAndTell(
  task,
  {
    series,
    octets,
    storeNs: (renderSeconds / series) * NANOSECONDS,
    renderNs: (best / series) * NANOSECONDS,
  },
  () => streamText(renderFamilies(devices, NOW_MS)),
);
