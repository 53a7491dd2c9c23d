/** A process of its own: the product's exposition of many devices. */
import { Readable } from 'node:stream';
import { type DeviceLines, renderFamilies, renderLines } from '../../collector/exposition.ts';
import { ownCpuSeconds } from '../cpu-time.ts';
import { takeTask } from '../processes.ts';
import { deviceSamples, SERIES_PER_DEVICE } from './series.ts';
import { type ExpositionTask, serveAndTell } from './serve-text.ts';

const NANOSECONDS = 1_000_000_000;
const TRIALS = 3;

const task = takeTask<ExpositionTask>();
const devices = Math.max(1, Math.round(task.series / SERIES_PER_DEVICE));
const series = devices * SERIES_PER_DEVICE;
const lines: DeviceLines[] = [];
let renderSeconds = 0;
for (let device = 0; device < devices; device += 1) {
  const { samples, baseLabels } = deviceSamples(device);
  const startedAt = ownCpuSeconds();
  lines.push(renderLines(samples, baseLabels));
  renderSeconds += ownCpuSeconds() - startedAt;
}
const asked = lines.map(
  (each) =>
    ({ name }: { name: string }) =>
      each.get(name) ?? '',
);

/** As a scrape takes it: text turned into octets, piece by piece. */
function scrapeOnce(): number {
  let octets = 0;
  for (const chunk of renderFamilies(asked)) octets += Buffer.from(chunk).length;
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
  () => Readable.from(renderFamilies(asked), { objectMode: false }),
);
