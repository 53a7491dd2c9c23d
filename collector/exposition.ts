import type { Device } from '../config/model.ts';
import { escapeLabelValue, renderMetricHead } from '../lib/metric-def.ts';
import { SECOND } from '../lib/time.ts';
import type { DeviceExposition } from './device-exposition.ts';
import { ExpositionWriter, metricPlace, sampleLine } from './exposition-writer.ts';
import { BASE_LABELS, DEVICE_METRICS, deviceMetric } from './metrics.ts';
import { LONGEST_NUMBER, putNumber } from './number-text.ts';
import { ColumnReader } from './packed-columns.ts';
import { type PortSeries, seriesOf } from './port-series.ts';
import type { RowLabels } from './row-labels.ts';
import type { Sample } from './sample.ts';
import type { ProvenEngineTime } from './snmp-client.ts';

/**
 * What a scrape shows of one device from one poll to the next. Never changed: the next poll makes
 * another one, and a scrape in progress goes on with the one it has.
 */
export interface ShownDevice {
  /** `device="…",site="…",role="…"`, escaped. */
  readonly baseLabels: string;
  /** Whether it is confirmed that the device answers; null while neither is. */
  readonly isUp: boolean | null;
  /** Of the last answered poll; null: not shown. */
  readonly rttMs: number | null;
  /** Since its SNMP agent started; null: not shown. */
  readonly uptimeSeconds: number | null;
  /** What the last full poll read; null when there is nothing to show. */
  readonly readings: DeviceExposition | null;
  /** Monotonic; later the readings are too old to be shown. */
  readonly readingsUntilMs: number;
  /** Monotonic instant of the last answered poll, null before the first: what `poll_age_seconds` counts from. */
  readonly answeredMs: number | null;
  /** Of the SNMPv3 engine that answers for it, in hexadecimal; null while none has proved itself. Not shown to a scrape. */
  readonly engineId: string | null;
  /** Boots and time of that engine; null as above, or without authentication. Not shown to a scrape. */
  readonly engineTime: ProvenEngineTime | null;
}

/** Text is handed over in pieces of at most so many octets, so that no scrape holds everything up. */
const PIECE_OCTETS = 64 * 1024;
/** Devices looked at without anything to show before others get their turn. */
const LOOKS_PER_PIECE = 4096;

const HEADS = DEVICE_METRICS.map((metric) => Buffer.from(renderMetricHead(metric)));
const NAMES = DEVICE_METRICS.map(({ name }) => Buffer.from(`${name}{`));
const LINE_FEED = 0x0a;
const BRACE = 0x7d;
const SPACE = 0x20;
const WORD_OCTETS = 8;
const TOLD_AT_ONCE = 512;
const writer = new ExpositionWriter();

/** What is written at the scrape, in one line a device; null: it has none. A profile that names one of these metrics as well is not heard. */
const STATUS_LINES: ReadonlyMap<number, (device: ShownDevice, nowMs: number) => Sample | null> =
  new Map([
    statusLine('device_up', ({ isUp }) => (isUp === null ? null : Number(isUp))),
    statusLine('probe_rtt_seconds', ({ rttMs }) => rttMs && rttMs / SECOND, ['snmp']),
    statusLine('device_snmp_uptime_seconds', ({ uptimeSeconds }) => uptimeSeconds),
    statusLine('poll_age_seconds', ({ answeredMs }, nowMs) =>
      answeredMs === null ? null : Math.max(0, nowMs - answeredMs) / SECOND,
    ),
  ]);

function statusLine(
  name: string,
  numberOf: (device: ShownDevice, nowMs: number) => number | null,
  labels: readonly string[] = [],
): [number, (device: ShownDevice, nowMs: number) => Sample | null] {
  const metric = deviceMetric(name);
  const sampleOf = (device: ShownDevice, nowMs: number) => {
    const value = numberOf(device, nowMs);
    return value === null ? null : { metric, labels, value };
  };
  return [metricPlace(metric.name), sampleOf];
}

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
  const lines: string[][] = DEVICE_METRICS.map(() => []);
  for (const sample of samples) lines[metricPlace(sample.metric.name)]!.push(sampleLine(sample));
  writer.begin();
  lines.forEach((own, place) => {
    for (const line of own) writer.text(place, line);
  });
  return writer.end(baseLabels, null);
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

let beginning = new Uint8Array(0);

/**
 * What each line of a metric of a device begins with, until the next call. Of all ways to put it in
 * before every line, one `set` of exactly these octets is the cheapest.
 */
function beginningOf(name: Uint8Array, base: Uint8Array): Uint8Array {
  const length = name.length + base.length;
  if (beginning.length !== length) beginning = new Uint8Array(length);
  beginning.set(name);
  beginning.set(base, name.length);
  return beginning;
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
    const beginning = beginningOf(name, base);
    let line = from;
    while (line < to) {
      if (this.#at + beginning.length + to - line > this.#octets.length) {
        const needed = beginning.length + octets.indexOf(LINE_FEED, line) + 1 - line;
        if (this.#at === 0) this.#octets = Buffer.allocUnsafeSlow(Math.max(needed, PIECE_OCTETS));
        else if (this.#at + needed > this.#octets.length) break;
      }
      const piece = this.#octets;
      piece.set(beginning, this.#at);
      let at = this.#at + beginning.length;
      for (let octet = 0; octet !== LINE_FEED; at += 1) {
        octet = octets[line]!;
        piece[at] = octet;
        line += 1;
      }
      this.#at = at;
    }
    return line;
  }

  /**
   * Puts in a line for each row from `row` on that has a number, as far as there is room, and says
   * which row is next.
   */
  putNumbers(
    name: Uint8Array,
    base: Uint8Array,
    { labels, ends }: RowLabels,
    { more, isLong }: PortSeries,
    numbers: Float64Array,
    row: number,
  ): number {
    const count = ends.length / 2;
    const beginning = beginningOf(name, base);
    const source = viewOf(labels);
    let view = viewOf(this.#octets);
    for (let place = row; place < count; place += 1) {
      const value = numbers[place]!;
      if (Number.isNaN(value)) continue;
      const from = place === 0 ? 0 : ends[place * 2 - 1]!;
      const to = ends[place * 2 + (isLong ? 1 : 0)]!;
      const longest = beginning.length + to - from + more.length + LONGEST_NUMBER;
      if (this.#at + longest > this.#octets.length) {
        if (this.#at > 0) return place;
        this.#octets = Buffer.allocUnsafeSlow(longest);
        view = viewOf(this.#octets);
      }
      const piece = this.#octets;
      piece.set(beginning, this.#at);
      let at = this.#at + beginning.length;
      // Labels are short: a loop is sooner done than a call.
      let octet = from;
      for (; octet < to && octet + WORD_OCTETS <= labels.length; octet += WORD_OCTETS) {
        view.setBigUint64(at + octet - from, source.getBigUint64(octet));
      }
      for (; octet < to; octet += 1) piece[at + octet - from] = labels[octet]!;
      // A word that reaches beyond them is written over by what follows.
      at += to - from;
      for (let octet = 0; octet < more.length; octet += 1) piece[at++] = more[octet]!;
      piece[at++] = BRACE;
      piece[at++] = SPACE;
      at = putNumber(piece, at, value);
      piece[at++] = LINE_FEED;
      this.#at = at;
    }
    return count;
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
  const current: Text[] = [];
  for (const { readings, readingsUntilMs } of shown) {
    if (readings !== null && nowMs <= readingsUntilMs) current.push(textOf(readings));
  }
  const pieces = new Pieces();
  for (let place = 0; place < HEADS.length; place += 1) {
    const sampleOf = STATUS_LINES.get(place);
    if (sampleOf === undefined) yield* renderFamily(pieces, current, place);
    else yield* renderStatus(pieces, shown, place, (device) => sampleOf(device, nowMs));
  }
  const last = pieces.take();
  if (last.length > 0) yield last;
}

/** An exposition as it is being shown, metric after metric. */
interface Text {
  readonly exposition: DeviceExposition;
  readonly base: Uint8Array;
  readonly series: readonly PortSeries[];
  /** The next of its marks. */
  mark: number;
}

function textOf(exposition: DeviceExposition): Text {
  const { baseLabels, ports } = exposition;
  const series = ports === null ? NO_SERIES : seriesOf(ports.series);
  return { exposition, base: Buffer.from(baseLabels), series, mark: 0 };
}

const NO_SERIES: readonly PortSeries[] = [];

function* renderFamily(
  pieces: Pieces,
  texts: readonly Text[],
  place: number,
): Generator<Uint8Array> {
  let isBegun = false;
  for (let index = 0; index < texts.length; index += 1) {
    if (index % LOOKS_PER_PIECE === LOOKS_PER_PIECE - 1) yield pieces.take();
    const text = texts[index]!;
    const { marks } = text.exposition;
    while (marks[text.mark]! < place) text.mark += 2;
    const hasLines = marks[text.mark] === place;
    if (!hasLines && !hasSeries(text.series, place)) continue;
    if (!isBegun) yield* putAll(pieces, HEADS[place]!);
    isBegun = true;
    if (hasLines) yield* putLines(pieces, text, place);
    yield* putPorts(pieces, text, place);
  }
}

function hasSeries(series: readonly PortSeries[], place: number): boolean {
  for (let number = 0; number < series.length; number += 1) {
    if (series[number]!.place === place) return true;
  }
  return false;
}

function* putLines(pieces: Pieces, text: Text, place: number): Generator<Uint8Array> {
  const { octets, marks } = text.exposition;
  const to = marks[text.mark + 1]!;
  let at = marks[text.mark - 1] ?? 0;
  for (;;) {
    at = pieces.putLines(NAMES[place]!, text.base, octets, at, to);
    if (at >= to) break;
    yield pieces.take();
  }
  text.mark += 2;
}

function* putPorts(
  pieces: Pieces,
  { exposition, base, series }: Text,
  place: number,
): Generator<Uint8Array> {
  const { ports } = exposition;
  if (ports === null) return;
  const { rows, values } = ports;
  const count = rows.ends.length / 2;
  let at = 0;
  for (let number = 0; number < series.length; number += 1) {
    const own = series[number]!;
    const begin = at;
    reader.begin(values, begin);
    reader.skipDoubles(count);
    at = reader.place;
    if (own.place !== place) continue;
    let row = 0;
    for (;;) {
      // Anew after each pause: another scrape may have used the room.
      const numbers = numbersAt(values, begin, count);
      row = pieces.putNumbers(NAMES[place]!, base, rows, own, numbers, row);
      if (row >= count) break;
      yield pieces.take();
    }
  }
}

const reader = new ColumnReader();
let room = new Float64Array(0);

function numbersAt(values: Uint8Array, begin: number, count: number): Float64Array {
  if (room.length < count) room = new Float64Array(count * 2);
  reader.begin(values, begin);
  reader.doubles(room, 0, count);
  return room;
}

/** Few lines, which change with every poll, or with time alone: they are written at the scrape. */
function* renderStatus(
  pieces: Pieces,
  shown: readonly ShownDevice[],
  place: number,
  sampleOf: (device: ShownDevice) => Sample | null,
): Generator<Uint8Array> {
  const { name } = DEVICE_METRICS[place]!;
  let isBegun = false;
  for (let from = 0; from < shown.length; from += TOLD_AT_ONCE) {
    let text = '';
    for (const device of shown.slice(from, from + TOLD_AT_ONCE)) {
      const sample = sampleOf(device);
      if (sample !== null) text += `${name}{${device.baseLabels}${sampleLine(sample)}`;
    }
    // So many were looked at; others should have their turn.
    if (text === '') {
      if (from % LOOKS_PER_PIECE === 0) yield pieces.take();
      continue;
    }
    if (!isBegun) yield* putAll(pieces, HEADS[place]!);
    isBegun = true;
    yield* putAll(pieces, Buffer.from(text));
  }
}

function* putAll(pieces: Pieces, octets: Uint8Array): Generator<Uint8Array> {
  const at = pieces.put(octets, 0, octets.length);
  yield* pieces.putRest(octets, at, octets.length);
}
