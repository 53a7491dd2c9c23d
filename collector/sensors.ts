import { makeSample, type Sample } from './sample.ts';
import type { RejectedValueReason } from './self-metrics.ts';
import type { Row } from './table-rows.ts';

/** RFC 3433 EntitySensorDataType: the metric of each, its other labels and the factor to its base unit. */
const KINDS: Readonly<
  Record<number, { metric: string; labels: Record<string, string>; factor: number }>
> = {
  3: { metric: 'sensor_volts', labels: { current: 'ac' }, factor: 1 },
  4: { metric: 'sensor_volts', labels: { current: 'dc' }, factor: 1 },
  5: { metric: 'sensor_amperes', labels: {}, factor: 1 },
  6: { metric: 'sensor_watts', labels: {}, factor: 1 },
  7: { metric: 'sensor_hertz', labels: {}, factor: 1 },
  8: { metric: 'sensor_celsius', labels: {}, factor: 1 },
  9: { metric: 'sensor_humidity_ratio', labels: {}, factor: 0.01 },
  10: { metric: 'sensor_rpm', labels: {}, factor: 1 },
  11: { metric: 'sensor_airflow_cubic_meters_per_minute', labels: {}, factor: 1 },
  12: { metric: 'sensor_truth', labels: {}, factor: 1 },
};

const TRUTH_VALUE = 12;
/** RFC 2579 TruthValue. */
const FALSE = 2;
const CELSIUS = 8;
const OK = 1;
const LARGEST_VALUE = 1_000_000_000;
/** RFC 3433 EntitySensorDataScale as powers of ten, from yocto(1); exa(14) stands before peta(15). */
const EXPONENTS = [-24, -21, -18, -15, -12, -9, -6, -3, 0, 3, 6, 9, 12, 18, 15, 21, 24];
const LARGEST_PRECISION = 9;
const SIGNIFICANT_DIGITS = 12;
const COLDEST_CELSIUS = -100;
const HOTTEST_CELSIUS = 200;

/**
 * Understands one row of ENTITY-SENSOR-MIB and adds `sensorValue` to its values. null when the
 * sensor has no value: it is not working, empty (±10^9), of an unknown kind, or not believable.
 */
export function readSensor(
  row: Row,
  onRejected: (reason: RejectedValueReason) => void,
): Sample | null {
  const type = numberAt(row, 'entPhySensorType');
  const raw = numberAt(row, 'entPhySensorValue');
  const kind = type === null ? undefined : KINDS[type];
  if (kind === undefined || raw === null) return null;
  if ((numberAt(row, 'entPhySensorOperStatus') ?? OK) !== OK) return null;
  if (Math.abs(raw) >= LARGEST_VALUE) {
    onRejected('absent');
    return null;
  }
  const value = type === TRUTH_VALUE ? Number(raw !== FALSE) : scaled(row, raw * kind.factor);
  const impossible =
    type === CELSIUS && (value === null || value < COLDEST_CELSIUS || value > HOTTEST_CELSIUS);
  if (value === null || impossible) {
    onRejected('out-of-range');
    return null;
  }
  row.values.set('sensorValue', value);
  return makeSample(kind.metric, { ...kind.labels, sensor: row.name }, value);
}

function scaled(row: Row, raw: number): number | null {
  const exponent = EXPONENTS[(numberAt(row, 'entPhySensorScale') ?? 9) - 1];
  const precision = numberAt(row, 'entPhySensorPrecision') ?? 0;
  if (exponent === undefined || Math.abs(precision) > LARGEST_PRECISION) return null;
  // The fractional digits count only when positive.
  const value = raw * 10 ** exponent * 10 ** -Math.max(0, precision);
  return Number(value.toPrecision(SIGNIFICANT_DIGITS));
}

function numberAt(row: Row, column: string): number | null {
  const value = row.values.get(column);
  return typeof value === 'number' ? value : null;
}
