import type { Device } from '../config/model.ts';
import { escapeLabelValue, renderMetricHead, renderValue } from '../lib/metric-def.ts';
import { SECOND } from '../lib/time.ts';
import type { DeviceExposition } from './device-exposition.ts';
import { BASE_LABELS, DEVICE_METRICS, deviceMetric } from './metrics.ts';
import type { Sample } from './sample.ts';

/**
 * What a scrape shows of one device from one poll to the next. Never changed: the next poll makes
 * another one, and a scrape in progress goes on with the one it has.
 */
export interface ShownDevice {
  /** `device="…",site="…",role="…"`, escaped. */
  readonly baseLabels: string;
  /** What every poll tells: whether the device answers, and how quickly. */
  readonly status: DeviceExposition;
  /** What the last full poll read; null when there is nothing to show. */
  readonly readings: DeviceExposition | null;
  /** Monotonic; later the readings are too old to be shown. */
  readonly readingsUntilMs: number;
  /** Monotonic instant of the last answered poll, null before the first: what `poll_age_seconds` counts from. */
  readonly answeredMs: number | null;
  /** Of the SNMPv3 engine that answers for it, in hexadecimal; null while none has proved itself. Not shown to a scrape. */
  readonly engineId: string | null;
}

/** Text is handed over in pieces of at most so many octets, so that no scrape holds everything up. */
const PIECE_OCTETS = 64 * 1024;
/** Devices looked at without anything to show before others get their turn. */
const LOOKS_PER_PIECE = 4096;

const METRIC_PLACES: ReadonlyMap<string, number> = new Map(
  DEVICE_METRICS.map(({ name }, place) => [name, place]),
);
const HEADS = DEVICE_METRICS.map((metric) => Buffer.from(renderMetricHead(metric)));
const NAMES = DEVICE_METRICS.map(({ name }) => Buffer.from(`${name}{`));
const LINE_FEED = 0x0a;
const POLL_AGE = deviceMetric('poll_age_seconds');
const POLL_AGE_PLACE = METRIC_PLACES.get(POLL_AGE.name)!;
const AGES_AT_ONCE = 512;
/** The metrics of `ShownDevice.status`; a profile that names one of them as well is not heard. */
const STATUS_PLACES: ReadonlySet<number> = new Set(
  ['device_up', 'probe_rtt_seconds', 'device_snmp_uptime_seconds'].map(
    (name) => METRIC_PLACES.get(deviceMetric(name).name)!,
  ),
);

/** `device="…",site="…",role="…"`, escaped once for all lines of a device. */
export function baseLabelText(device: Pick<Device, 'id' | 'siteId' | 'role'>): string {
  const values = [device.id, device.siteId, device.role];
  return BASE_LABELS.map((label, place) => `${label}="${escapeLabelValue(values[place]!)}"`).join(
    ',',
  );
}

/** Renders samples of one device, in any order, each metric's lines together. */
export function renderDeviceExposition(
  samples: Iterable<Sample>,
  baseLabels: string,
): DeviceExposition {
  const texts: string[] = DEVICE_METRICS.map(() => '');
  let seriesCount = 0;
  for (const sample of samples) {
    const place = METRIC_PLACES.get(sample.metric.name)!;
    texts[place] += renderLineEnd(sample);
    seriesCount += 1;
  }
  const starts = new Uint32Array(DEVICE_METRICS.length + 1);
  texts.forEach((text, place) => {
    starts[place + 1] = starts[place]! + Buffer.byteLength(text);
  });
  const octets = new Uint8Array(starts.at(-1)!);
  new TextEncoder().encodeInto(texts.join(''), octets);
  return { baseLabels, octets, starts, seriesCount };
}

/** A line from behind its base labels. */
function renderLineEnd({ metric, labels, value }: Sample): string {
  let text = '';
  labels.forEach((labelValue, place) => {
    const label = metric.labels[BASE_LABELS.length + place]!;
    text += `,${label}="${escapeLabelValue(labelValue)}"`;
  });
  return `${text}} ${typeof value === 'bigint' ? value.toString() : renderValue(value)}\n`;
}

/** Fills pieces one after the other. */
class Pieces {
  #octets: Buffer = Buffer.allocUnsafeSlow(PIECE_OCTETS);
  #at = 0;

  /** Puts in as much of `octets[from, to)` as there is room for, and says where the rest begins. */
  put(octets: Uint8Array, from: number, to: number): number {
    const end = Math.min(to, from + PIECE_OCTETS - this.#at);
    this.#octets.set(octets.subarray(from, end), this.#at);
    this.#at += end - from;
    return end;
  }

  /**
   * Puts in the lines of `octets[from, to)`, each behind `name` and `base`, as far as there is room
   * for whole ones, and says where the rest begins.
   */
  putLines(name: Uint8Array, base: Uint8Array, octets: Uint8Array, from: number, to: number) {
    const beginning = name.length + base.length;
    let line = from;
    let before = -1;
    while (line < to) {
      if (this.#at + beginning + to - line > this.#octets.length) {
        const needed = beginning + octets.indexOf(LINE_FEED, line) + 1 - line;
        if (this.#at === 0) this.#octets = Buffer.allocUnsafeSlow(Math.max(needed, PIECE_OCTETS));
        else if (this.#at + needed > this.#octets.length) break;
      }
      const piece = this.#octets;
      let at = this.#at;
      if (before >= 0) piece.copyWithin(at, before, before + beginning);
      else {
        piece.set(name, at);
        piece.set(base, at + name.length);
      }
      before = at;
      at += beginning;
      for (let octet = 0; octet !== LINE_FEED; at += 1) {
        octet = octets[line]!;
        piece[at] = octet;
        line += 1;
      }
      this.#at = at;
    }
    return line;
  }

  /** Puts in what one piece had no room for, and hands over those that are full. */
  *putRest(octets: Uint8Array, from: number, to: number): Generator<Uint8Array> {
    for (let at = from; at < to; at = this.put(octets, at, to)) yield this.take();
  }

  /** What has been put in since the last time; may be empty. */
  take(): Uint8Array {
    const piece = this.#octets.subarray(0, this.#at);
    if (this.#at > 0) this.#octets = Buffer.allocUnsafeSlow(PIECE_OCTETS);
    this.#at = 0;
    return piece;
  }
}

/**
 * Prometheus text 0.0.4 of many devices: every metric once, with HELP and TYPE before its first
 * line; a metric without lines is left out. It shows what `devices` are at the first `next`, however
 * long the reader takes. A piece may be empty: there was much to look at and nothing to show, and
 * others should have their turn.
 */
export function* renderFamilies(
  devices: Iterable<ShownDevice>,
  nowMs: number,
): Generator<Uint8Array> {
  const shown = [...devices];
  const statuses = shown.map(({ status }) => textOf(status));
  const current: Text[] = [];
  for (const { readings, readingsUntilMs } of shown) {
    if (readings !== null && nowMs <= readingsUntilMs) current.push(textOf(readings));
  }
  const pieces = new Pieces();
  for (let place = 0; place < HEADS.length; place += 1) {
    if (place === POLL_AGE_PLACE) yield* renderAges(pieces, shown, nowMs);
    else yield* renderFamily(pieces, STATUS_PLACES.has(place) ? statuses : current, place);
  }
  const last = pieces.take();
  if (last.length > 0) yield last;
}

/** An exposition with its base labels as octets. */
interface Text {
  readonly exposition: DeviceExposition;
  readonly base: Uint8Array;
}

function textOf(exposition: DeviceExposition): Text {
  return { exposition, base: Buffer.from(exposition.baseLabels) };
}

function* renderFamily(
  pieces: Pieces,
  texts: readonly Text[],
  place: number,
): Generator<Uint8Array> {
  let isBegun = false;
  for (let index = 0; index < texts.length; index += 1) {
    if (index % LOOKS_PER_PIECE === LOOKS_PER_PIECE - 1) yield pieces.take();
    const { exposition, base } = texts[index]!;
    const { octets, starts } = exposition;
    const to = starts[place + 1]!;
    const from = starts[place]!;
    if (from === to) continue;
    if (!isBegun) yield* putAll(pieces, HEADS[place]!);
    isBegun = true;
    let at = pieces.putLines(NAMES[place]!, base, octets, from, to);
    while (at < to) {
      yield pieces.take();
      at = pieces.putLines(NAMES[place]!, base, octets, at, to);
    }
  }
}

/** The only lines that time alone changes are written at the scrape. */
function* renderAges(
  pieces: Pieces,
  shown: readonly ShownDevice[],
  nowMs: number,
): Generator<Uint8Array> {
  let isBegun = false;
  for (let from = 0; from < shown.length; from += AGES_AT_ONCE) {
    let text = '';
    for (const { baseLabels, answeredMs } of shown.slice(from, from + AGES_AT_ONCE)) {
      if (answeredMs === null) continue;
      const value = Math.max(0, nowMs - answeredMs) / SECOND;
      text += `${POLL_AGE.name}{${baseLabels}${renderLineEnd({ metric: POLL_AGE, labels: [], value })}`;
    }
    if (text === '') continue;
    if (!isBegun) yield* putAll(pieces, HEADS[POLL_AGE_PLACE]!);
    isBegun = true;
    yield* putAll(pieces, Buffer.from(text));
  }
}

function* putAll(pieces: Pieces, octets: Uint8Array): Generator<Uint8Array> {
  const at = pieces.put(octets, 0, octets.length);
  yield* pieces.putRest(octets, at, octets.length);
}
