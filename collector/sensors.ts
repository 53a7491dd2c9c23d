import type { TableDef } from '../config/profile.ts';
import type { ReadingClass } from '../config/reading-class.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import type { Row } from './table-rows.ts';

interface SensorKind {
  readonly class: ReadingClass;
  readonly labels: Readonly<Record<string, string>>;
  readonly factor: number;
}

function kind(
  readingClass: ReadingClass,
  factor = 1,
  labels: Readonly<Record<string, string>> = {},
): SensorKind {
  return { class: readingClass, factor, labels };
}

/** RFC 3433 EntitySensorDataType, and the two that vendors have put behind it. */
const KINDS: Readonly<Record<number, SensorKind>> = {
  3: kind('voltage', 1, { current: 'ac' }),
  4: kind('voltage', 1, { current: 'dc' }),
  5: kind('current'),
  6: kind('power'),
  7: kind('frequency'),
  8: kind('temperature'),
  9: kind('humidity', 0.01),
  10: kind('fanspeed'),
  11: kind('airflow'),
  12: kind('truth'),
  14: kind('dbm'),
  15: kind('decibel'),
};

/** Words of entPhySensorUnitsDisplay that say what a sensor measures whose type does not. */
const BY_UNITS: Readonly<Record<string, SensorKind>> = {
  dbm: kind('dbm'),
  db: kind('decibel'),
  celsius: kind('temperature'),
  c: kind('temperature'),
  volts: kind('voltage'),
  v: kind('voltage'),
  amperes: kind('current'),
  a: kind('current'),
  watts: kind('power'),
  w: kind('power'),
  rpm: kind('fanspeed'),
  percent: kind('percent', 0.01),
  '%': kind('percent', 0.01),
};

/** RFC 2579 TruthValue. */
const FALSE = 2;
const OK = 1;
const LARGEST_VALUE = 1_000_000_000;
/** RFC 3433 EntitySensorDataScale as powers of ten, from yocto(1); exa(14) stands before peta(15). */
const EXPONENTS = [-24, -21, -18, -15, -12, -9, -6, -3, 0, 3, 6, 9, 12, 18, 15, 21, 24];
const LARGEST_PRECISION = 9;
const SIGNIFICANT_DIGITS = 12;
const COLDEST_CELSIUS = -100;
const HOTTEST_CELSIUS = 200;
const FAINTEST_DBM = -80;
const STRONGEST_DBM = 60;

/** What a sensor says. */
export interface SensorValue extends Pick<SensorKind, 'class' | 'labels'> {
  readonly value: number;
}

/**
 * Understands one row of ENTITY-SENSOR-MIB, or of a table made like it, and adds `sensorValue` to its
 * values. null when the sensor has no value: it is not working, empty (±10^9), of an unknown kind, or
 * not believable.
 */
export function readSensor(
  { sensor }: TableDef,
  row: Row,
  onRefused: (reason: RejectedValueReason) => void,
): SensorValue | null {
  const raw = numberAt(row, sensor.value);
  const found = kindOf(row, numberAt(row, sensor.type));
  if (found === null || raw === null) return null;
  if ((numberAt(row, sensor.status) ?? OK) !== OK) return null;
  if (Math.abs(raw) >= LARGEST_VALUE) {
    onRefused('absent');
    return null;
  }
  const value =
    found.class === 'truth' ? Number(raw !== FALSE) : scaled(sensor, row, raw * found.factor);
  const isImpossible =
    value === null ||
    (found.class === 'temperature' && (value < COLDEST_CELSIUS || value > HOTTEST_CELSIUS)) ||
    (found.class === 'dbm' && (value < FAINTEST_DBM || value > STRONGEST_DBM)) ||
    (found.class === 'humidity' && (value < 0 || value > 1));
  if (isImpossible) {
    onRefused('out-of-range');
    return null;
  }
  row.values.set('sensorValue', value);
  return { class: found.class, labels: found.labels, value };
}

function kindOf(row: Row, type: number | null): SensorKind | null {
  const units = String(row.values.get('entPhySensorUnitsDisplay') ?? '').toLowerCase();
  const byUnits = BY_UNITS[units];
  // Power of light is told in watts, in decibels, or in watts that are decibels.
  if (byUnits?.class === 'dbm') return byUnits;
  return (type === null ? undefined : KINDS[type]) ?? byUnits ?? null;
}

function scaled(sensor: TableDef['sensor'], row: Row, raw: number): number | null {
  const exponent = EXPONENTS[(numberAt(row, sensor.scale) ?? 9) - 1];
  const precision = numberAt(row, sensor.precision) ?? 0;
  if (exponent === undefined || Math.abs(precision) > LARGEST_PRECISION) return null;
  // The fractional digits count only when positive.
  const value = raw * 10 ** exponent * 10 ** -Math.max(0, precision);
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

function numberAt(row: Row, column: string): number | null {
  const value = row.values.get(column);
  return typeof value === 'number' ? value : null;
}
