import { labelsText, metricPlace } from './exposition-writer.ts';
import { DEVICE_METRICS, deviceMetric } from './metrics.ts';

/** One series of every port: all that its lines have in common. */
export interface PortSeries {
  /** Of the metric, without its prefix. */
  readonly name: string;
  /** Number of the metric in DEVICE_METRICS. */
  readonly place: number;
  /** Labels beyond the port's name; the rest of `interface_info` comes out of the row. */
  readonly labels: Readonly<Record<string, string>>;
  /** The same as they stand in a line. */
  readonly more: Uint8Array;
  /** Its lines bear everything that the row has. */
  readonly isLong: boolean;
}

const CASTS = ['unicast', 'multicast', 'broadcast'] as const;
const INFO = 'interface_info';

function series(name: string, labels: Readonly<Record<string, string>> = {}): PortSeries {
  const more = Buffer.from(labelsText(Object.keys(labels), Object.values(labels)));
  const place = metricPlace(deviceMetric(name).name);
  return { name, place, labels, more, isLong: name === INFO };
}

/** The series that ports have whatever their profile says; direction by direction, receive first. */
export const PORT_SERIES: readonly PortSeries[] = [
  series(INFO),
  series('interface_speed_bytes_per_second'),
  ...['receive', 'transmit'].flatMap((direction) => [
    series(`interface_${direction}_bytes_total`),
    ...CASTS.map((cast) => series(`interface_${direction}_packets_total`, { cast })),
    series(`interface_${direction}_errors_total`),
    series(`interface_${direction}_discards_total`),
    series(`interface_${direction}_utilization_ratio`),
  ]),
];

/** Those of a metric that a profile exports under the port's name alone. */
const PLAIN_SERIES: readonly PortSeries[] = DEVICE_METRICS.map((metric, place) => ({
  name: metric.name,
  place,
  labels: {},
  more: new Uint8Array(0),
  isLong: false,
}));

/** The number under which `seriesOf` finds a series that a profile exports. */
export function plainSeriesNumber(place: number): number {
  return PORT_SERIES.length + place;
}

/** More than one network has; a text that nobody made would fill it otherwise. */
const MOST_KNOWN = 1_000;
const known = new Map<string, readonly PortSeries[]>();

/** The series that a text names as threads do to one another: their numbers, with commas between. */
export function seriesOf(text: string): readonly PortSeries[] {
  const found = known.get(text);
  if (found !== undefined) return found;
  const all = text === '' ? [] : text.split(',');
  const named = all.map(
    (one) => PORT_SERIES[Number(one)] ?? PLAIN_SERIES[Number(one) - PORT_SERIES.length]!,
  );
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(text, named);
  return named;
}
