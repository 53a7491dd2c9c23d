import type { DomainEvent } from '../alerting/events.ts';
import type { CollectorView, DeviceDetail } from '../collector/device-detail.ts';
import type { Observation } from '../collector/observation.ts';
import type { Clock } from '../lib/clock.ts';
import type { JournalEntry } from '../lib/journal.ts';
import type { Logger } from '../lib/logger.ts';
import { type EpochMs, MINUTE, SECOND } from '../lib/time.ts';
import type { InfluxPoint } from '../storage/influx-buffer.ts';
import type { InfluxSink } from '../storage/influx-sink.ts';
import type { SampleHistory } from '../storage/sample-history.ts';

/** Devices whose full poll waits to be kept; of more the oldest is left out until its next poll. */
const MOST_WAITING = 2_000;
/** Every series has its old points forgotten once in so many minutes. */
const TURNS = 60;
const OUTCOME_METRIC = 'round_trip_seconds';

/** One number of a device, and the labels that say which part it is of. */
export interface DeviceSample {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface SamplerOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly view: () => CollectorView;
  readonly history: SampleHistory | null;
  readonly influx: InfluxSink | null;
  /** Site and role of a device, for tags. */
  readonly tagsOf: (deviceId: string) => Readonly<Record<string, string>>;
}

/**
 * Takes what full polls told to where pictures are drawn from, and to InfluxDB: readings, rates of
 * ports, round trips; and the transitions and incidents of the journal as annotations. One device at
 * a time, so that a large network does not keep the engine waiting.
 */
export class Sampler {
  readonly #options: SamplerOptions;
  readonly #waiting = new Map<string, EpochMs>();
  #isWorking = false;
  #cancelForgetting = () => {};
  /** Polls left out because too many waited. */
  leftOutCount = 0;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#forgetRegularly();
  }

  /** Takes notice of a poll; only full ones that were answered tell of readings. */
  observe(observation: Observation): void {
    const { deviceId, kind, outcome, finishedAt } = observation;
    if (kind !== 'full' || outcome !== 'ok') return;
    if (this.#waiting.size >= MOST_WAITING && !this.#waiting.has(deviceId)) {
      const oldest = this.#waiting.keys().next().value;
      if (oldest !== undefined) this.#waiting.delete(oldest);
      this.leftOutCount += 1;
    }
    this.#waiting.set(deviceId, finishedAt);
    if (!this.#isWorking) void this.#work();
  }

  /** Takes notice of what became durable. */
  tell(entries: readonly JournalEntry<DomainEvent>[]): void {
    const { influx } = this.#options;
    if (influx === null) return;
    const points = entries.flatMap(({ event }) => annotation(event) ?? []);
    if (points.length > 0) influx.write(points);
  }

  stop(): void {
    this.#cancelForgetting();
    this.#waiting.clear();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (const [deviceId, at] of this.#waiting) {
      this.#waiting.delete(deviceId);
      try {
        const detail = await this.#options.view().detail(deviceId);
        if (detail !== null) this.#keep(detail, at);
      } catch (error) {
        this.#options.log.error({ deviceId, error: String(error) }, 'readings were not kept');
      }
    }
    this.#isWorking = false;
  }

  #keep(detail: DeviceDetail, at: EpochMs): void {
    const { history, influx, tagsOf } = this.#options;
    const samples = samplesOf(detail);
    history?.add(
      detail.deviceId,
      at,
      samples.map(({ metric, labels, value }) => ({ metric, labels: labelText(labels), value })),
    );
    const own = { device: detail.deviceId, ...tagsOf(detail.deviceId) };
    influx?.write(samples.map((sample) => samplePoint(sample, own, at)));
  }

  #forgetRegularly(): void {
    const { clock, history, log } = this.#options;
    this.#cancelForgetting = clock.after(MINUTE, () => {
      try {
        history?.forgetOld(clock.now(), Math.ceil(history.seriesCount / TURNS));
      } catch (error) {
        log.error({ error: String(error) }, 'old history was not forgotten');
      }
      this.#forgetRegularly();
    });
  }
}

/** The numbers of a device that pictures are drawn of. */
export function samplesOf(detail: DeviceDetail): DeviceSample[] {
  const samples: DeviceSample[] = [];
  const add = (metric: string, labels: DeviceSample['labels'], value: number | null) => {
    if (value !== null) samples.push({ metric, labels, value });
  };
  add(OUTCOME_METRIC, {}, detail.rttMs === null ? null : detail.rttMs / SECOND);
  for (const { name, receiveBps, transmitBps } of detail.ports) {
    add('port_receive_bps', { port: name }, receiveBps);
    add('port_transmit_bps', { port: name }, transmitBps);
  }
  for (const { metric, labels, value } of detail.readings) {
    add(metric.replace(/^threenines_/, ''), labels, value);
  }
  return samples;
}

/** Labels as the history names a series: for people to read, and the same text for the same labels. */
function labelText(labels: DeviceSample['labels']): string {
  return Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key]}`)
    .join(',');
}

/** A label that is called like a tag of the device keeps its value under another name. */
function samplePoint(
  { metric, labels, value }: DeviceSample,
  own: Readonly<Record<string, string>>,
  at: EpochMs,
): InfluxPoint {
  const tags: Record<string, string> = { ...own };
  for (const [key, text] of Object.entries(labels)) tags[key in own ? `label_${key}` : key] = text;
  return { measurement: `threenines_${metric}`, tags, fields: { value }, at };
}

/** What a board draws as a line across its pictures; null for everything else. */
export function annotation(event: DomainEvent): InfluxPoint | null {
  switch (event.type) {
    case 'health-changed': {
      const { deviceId, from, to, since, reason } = event;
      return {
        measurement: 'threenines_transition',
        tags: { device: deviceId, to },
        fields: { from, reason, text: `${deviceId}: ${from} → ${to}` },
        at: since,
      };
    }
    case 'incident-opened':
      return incidentPoint(event.incidentId, 'opened', event.at, {
        tier: String(event.tier),
        device: event.evidence.inputs.rootDeviceId,
      });
    case 'incident-reopened':
      return incidentPoint(event.incidentId, 'reopened', event.at, {});
    case 'incident-acknowledged':
      return incidentPoint(event.incidentId, 'acknowledged', event.at, {});
    case 'response-breached':
      return incidentPoint(event.incidentId, 'breached', event.at, {});
    case 'incident-resolved':
      return incidentPoint(event.incidentId, 'resolved', event.at, {});
    default:
      return null;
  }
}

/** The incident is a tag: several may change in one instant, and a point is known by its tags and instant. */
function incidentPoint(
  incidentId: string,
  what: string,
  at: EpochMs,
  tags: Record<string, string>,
): InfluxPoint {
  return {
    measurement: 'threenines_incident',
    tags: { incident: incidentId, what, ...tags },
    fields: { text: `${incidentId} ${what}` },
    at,
  };
}
