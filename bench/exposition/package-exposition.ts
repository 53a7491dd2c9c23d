/** A process of its own: prom-client with the same series. */
import { Readable } from 'node:stream';
import { Gauge, Registry } from 'prom-client';
import { BASE_LABELS } from '../../collector/metrics.ts';
import { ownCpuSeconds } from '../cpu-time.ts';
import { PORTS } from '../network/port-columns.ts';
import { takeTask } from '../processes.ts';
import { labelsOf, PORT_METRICS, SERIES_PER_DEVICE, seriesValue } from './series.ts';
import { type ExpositionTask, serveAndTell } from './serve-text.ts';

const NANOSECONDS = 1_000_000_000;
const TRIALS = 2;

const task = takeTask<ExpositionTask>();
const devices = Math.max(1, Math.round(task.series / SERIES_PER_DEVICE));
const series = devices * SERIES_PER_DEVICE;
const registry = new Registry();
const gauges = PORT_METRICS.map(
  ({ name, help }) =>
    new Gauge({ name, help, labelNames: [...BASE_LABELS, 'if_name'], registers: [registry] }),
);

function store(): void {
  for (let device = 0; device < devices; device += 1) {
    for (let port = 1; port <= PORTS; port += 1) {
      gauges.forEach((gauge, place) => {
        const labels = { ...labelsOf(device), if_name: `Gi0/${port}` };
        gauge.set(labels, seriesValue(device, place, port));
      });
    }
  }
}

store();
const storedAt = ownCpuSeconds();
store();
const storeSeconds = ownCpuSeconds() - storedAt;
let octets = 0;
let best = Number.POSITIVE_INFINITY;
for (let trial = 0; trial < TRIALS; trial += 1) {
  const startedAt = ownCpuSeconds();
  octets = Buffer.from(await registry.metrics()).length;
  best = Math.min(best, ownCpuSeconds() - startedAt);
}
await serveAndTell(
  task,
  {
    series,
    octets,
    storeNs: (storeSeconds / series) * NANOSECONDS,
    renderNs: (best / series) * NANOSECONDS,
  },
  async () => Readable.from([Buffer.from(await registry.metrics())]),
);
