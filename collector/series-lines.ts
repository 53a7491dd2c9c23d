import type { DeviceExposition } from './device-exposition.ts';
import type { KeptSample } from './evaluation-work.ts';
import { ExpositionWriter, metricPlace, sampleLine } from './exposition-writer.ts';
import { DEVICE_METRICS } from './metrics.ts';
import {
  labelledPortSamples,
  type PolledPorts,
  portNumbers,
  portPlaces,
  portSamples,
} from './port-metrics.ts';
import { type Sample, seriesKey } from './sample.ts';

/** All renderings share its memory: each is done before the next begins. */
const writer = new ExpositionWriter();
const NO_SAMPLES: readonly Sample[] = [];

/** Every series of a poll as objects, each once. */
export function allSamples(kept: readonly KeptSample[], ports: PolledPorts | null): Sample[] {
  const samples = new Map(kept.map(({ sample }) => [seriesKey(sample), sample]));
  for (const sample of ports === null ? [] : portSamples(ports)) {
    const key = seriesKey(sample);
    if (!samples.has(key)) samples.set(key, sample);
  }
  return [...samples.values()];
}

/** Renders every series of a poll, each metric's lines together, straight from where its values are. */
export function renderSeries(
  baseLabels: string,
  kept: readonly KeptSample[],
  ports: PolledPorts | null,
): DeviceExposition {
  const byPlace = new Map<number, Sample[]>();
  for (const { sample } of kept) {
    const place = metricPlace(sample.metric.name);
    const own = byPlace.get(place);
    if (own === undefined) byPlace.set(place, [sample]);
    else own.push(sample);
  }
  const ofPorts = ports === null ? new Set<number>() : portPlaces(ports);
  /** Metrics that another table has too. */
  const together = new Set([...byPlace.keys()].filter((place) => ofPorts.has(place)));
  writer.begin();
  for (let place = 0; place < DEVICE_METRICS.length; place += 1) {
    const samples = byPlace.get(place) ?? NO_SAMPLES;
    if (together.has(place)) writeTogether(samples, ports!, place);
    else for (const sample of samples) writer.text(place, sampleLine(sample));
    if (samples.length > 0 || !ofPorts.has(place)) continue;
    for (const sample of labelledPortSamples(ports!, place)) writer.text(place, sampleLine(sample));
  }
  return writer.end(baseLabels, ports === null ? null : portNumbers(ports, together));
}

/** Another table has the metric too: a series that both tell is told once. */
function writeTogether(samples: readonly Sample[], ports: PolledPorts, place: number): void {
  const told = new Set<string>();
  for (const sample of [...samples, ...portSamples(ports)]) {
    const key = seriesKey(sample);
    if (metricPlace(sample.metric.name) !== place || told.has(key)) continue;
    told.add(key);
    writer.text(place, sampleLine(sample));
  }
}
