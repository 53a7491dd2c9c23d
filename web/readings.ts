import { formatDay, formatDuration, formatNumber, formatScaled } from './format.ts';
import { local } from './language.ts';
import { punctuation } from './punctuation.ts';
import { KIND_NAMES, READING_NAMES, VALUE_NAMES } from './reading-names.ts';

const SECOND = 1000;
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
  ['_amperes', (value) => `${formatNumber(value, 2)} A`],
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
}

/** A reading as a line of a table: `battery charge` of the device, `62 %`. */
export function describeReading(reading: Reading): { part: string; name: string; value: string } {
  const metric = reading.metric.replace(/^threenines_/, '');
  const name = READING_NAMES[metric];
  const word = VALUE_NAMES[metric]?.[reading.value];
  const unit = UNIT_SUFFIXES.find(([suffix]) => metric.endsWith(suffix));
  const measured = unit === undefined ? formatNumber(reading.value, 3) : unit[1](reading.value);
  return {
    part: partOf(reading),
    name: name === undefined ? metric.replaceAll('_', ' ') : local(name),
    value: withNumber(word === undefined ? measured : local(word), reading.undeclaredState),
  };
}

/** `unknown (99)`: what the device sent, where nobody has declared what it means. */
export function withNumber(word: string, undeclared: number | null): string {
  return undeclared === null ? word : `${word}${punctuation.value.inBrackets(String(undeclared))}`;
}

/** `sensor:Inlet` is the Inlet: that it is a sensor, the reading says. `*` is the device itself. */
function partOf({ component, labels }: Reading): string {
  if (component !== '*') return component.slice(component.indexOf(':') + 1);
  const kind = KIND_NAMES[labels.kind ?? ''];
  return kind === undefined ? '' : local(kind);
}
