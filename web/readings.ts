import { formatDay, formatDuration, formatNumber, formatScaled } from './format.ts';
import { local } from './language.ts';
import { punctuation } from './punctuation.ts';
import { KIND_NAMES, READING_NAMES, VALUE_NAMES } from './reading-names.ts';

const SECOND = 1000;
/** Currents of lasers are shown to the tenth of a milliampere. */
const A_LITTLE = 0.1;
const JOULES_PER_KWH = 3_600_000;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Metric names end in their base unit, so that a value can be shown with it. */
const UNIT_SUFFIXES: readonly (readonly [string, (value: number) => string])[] = [
  ['_celsius', (value) => `${formatNumber(value, 1)} °C`],
  ['_ratio', (value) => `${formatNumber(value * 100, 1)} %`],
  ['_timestamp_seconds', (value) => formatDay(value * SECOND)],
  ['_seconds', (value) => formatDuration(value * SECOND)],
  ['_volts', (value) => `${formatNumber(value, 1)} V`],
  ['_volt_amperes', (value) => `${formatNumber(value, 0)} VA`],
  ['_amperes', (value) => `${formatNumber(value, Math.abs(value) < A_LITTLE ? 4 : 2)} A`],
  ['_watts', (value) => `${formatNumber(value, 0)} W`],
  ['_hertz', (value) => `${formatNumber(value, 1)} Hz`],
  ['_rpm', (value) => `${formatNumber(value, 0)} rpm`],
  ['_cubic_meters_per_minute', (value) => `${formatNumber(value, 1)} m³/min`],
  ['_dbm', (value) => `${formatNumber(value, 2)} dBm`],
  ['_decibels', (value) => `${formatNumber(value, 2)} dB`],
  ['_pascals', (value) => `${formatNumber(value, 0)} Pa`],
  ['_joules', (value) => `${formatNumber(value / JOULES_PER_KWH, 1)} kWh`],
  ['_bytes', (value) => formatScaled(value, 1024, BYTE_UNITS)],
];

interface Reading {
  readonly component: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly undeclaredState: number | null;
  /** null: computed from several. */
  readonly source: ReadingSource | null;
}

interface ReadingSource {
  readonly title: string;
  readonly object: string;
  readonly oid: string;
  /** 0 good, 1 warning, 2 critical, 3 unknown, as the device judges it; null: it does not. */
  readonly grade: number | null;
  readonly stateText: string | null;
}

/** A reading as a line of a table: `battery charge` of the device, `62 %`. */
export function describeReading(reading: Reading): {
  part: string;
  name: string;
  value: string;
  /** What the device itself says of it: a word for its state, and the grade; empty: nothing. */
  judged: string;
} {
  const metric = reading.metric.replace(/^threenines_/, '');
  const name = READING_NAMES[metric];
  const word = VALUE_NAMES[metric]?.[reading.value];
  const measured = measure(metric, reading.value);
  return {
    part: partOf(reading),
    name: name === undefined ? metric.replaceAll('_', ' ') : local(name),
    value: withNumber(word === undefined ? measured : local(word), reading.undeclaredState),
    judged: judgedBy(reading, metric),
  };
}

/** `62 %`: the value in the unit that the metric's name ends in. */
export function measure(metric: string, value: number): string {
  const unit = UNIT_SUFFIXES.find(([suffix]) => metric.endsWith(suffix));
  return unit === undefined ? formatNumber(value, 3) : unit[1](value);
}

/** `unknown (99)`: what the device sent, where nobody has declared what it means. */
export function withNumber(word: string, undeclared: number | null): string {
  return undeclared === null ? word : `${word}${punctuation.value.inBrackets(String(undeclared))}`;
}

/** The state in the device's own word, or its grade of a measured value. */
function judgedBy({ source }: Reading, metric: string): string {
  if (source === null) return '';
  if (source.stateText !== null) return source.stateText;
  const grade = VALUE_NAMES.component_state?.[source.grade ?? -1];
  return grade === undefined || metric.endsWith('_state') ? '' : local(grade);
}

/** `sensor:Inlet` is the Inlet: that it is a sensor, the reading says. `*` is the device itself. */
function partOf({ component, labels, source, metric }: Reading): string {
  const isOfClass = /^threenines_(sensor|component|cpu)_/.test(metric);
  if (isOfClass && source !== null) return source.title;
  if (component !== '*') return component.slice(component.indexOf(':') + 1);
  const kind = KIND_NAMES[labels.kind ?? ''];
  return kind === undefined ? '' : local(kind);
}
