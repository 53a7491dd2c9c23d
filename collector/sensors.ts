import type { FaultKind } from '../config/model.ts';
import type { ReadingDef, TableDef, ThresholdTable } from '../config/profile.ts';
import {
  isPossible,
  meansNoValue,
  possibleRanges,
  type ReadingClass,
} from '../config/reading-class.ts';
import type { Rejected } from './reading.ts';
import type { RowsOfTable } from './row-joins.ts';
import type { Row } from './table-rows.ts';

interface SensorKind {
  readonly class: ReadingClass;
  readonly labels: Readonly<Record<string, string>>;
  readonly factor: number;
  convert?(value: number): number;
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
/** What common chips send that cannot be read, in thousandths. */
const ERROR_OF_CHIPS = -127_000;
/** RFC 3433 EntitySensorDataScale as powers of ten, from yocto(1); exa(14) stands before peta(15). */
const EXPONENTS = [-24, -21, -18, -15, -12, -9, -6, -3, 0, 3, 6, 9, 12, 18, 15, 21, 24];
const LARGEST_PRECISION = 9;
const SIGNIFICANT_DIGITS = 12;

/** What a sensor says. */
export interface SensorValue extends Pick<SensorKind, 'class' | 'labels'> {
  readonly value: number;
}

/** Names of the row values that hold the device's limits of a sensor, in the unit of its value. */
export const SENSOR_LIMITS = {
  lowCritical: 'sensorLowCritical',
  lowWarning: 'sensorLowWarning',
  highWarning: 'sensorHighWarning',
  highCritical: 'sensorHighCritical',
} as const;

type LimitName = keyof typeof SENSOR_LIMITS;
const LIMIT_NAMES = Object.keys(SENSOR_LIMITS) as readonly LimitName[];

/**
 * Understands one row of ENTITY-SENSOR-MIB, or of a table made like it, and adds `sensorValue` and the
 * device's own limits to its values. null when the sensor has no value: it is not working, empty
 * (±10^9), of an unknown kind, or not believable.
 */
export function readSensor(
  { sensor }: TableDef,
  row: Row,
  rowsOf: RowsOfTable,
  onRefused: (why: Rejected) => void,
): SensorValue | null {
  const raw = numberAt(row, sensor.value);
  const found = kindOf(row, numberAt(row, sensor.type));
  if (found === null || raw === null) return null;
  if ((numberAt(row, sensor.status) ?? OK) !== OK) return null;
  if (isAbsent(found.class, raw) || isWithoutLight(found, raw)) {
    onRefused({ kind: 'rejected', reason: 'absent' });
    return null;
  }
  const toUnit = (sent: number): number | null => {
    const value = scaled(sensor, row, sent * found.factor);
    return value === null || found.convert === undefined ? value : found.convert(value);
  };
  const value = found.class === 'truth' ? Number(raw !== FALSE) : toUnit(raw);
  if (value === null || !isPossible(found.class, value)) {
    onRefused(outOfRange(found, value, toUnit(1)));
    return null;
  }
  row.values.set('sensorValue', value);
  row.values.set('sensorClass', found.class);
  if (found.class !== 'truth') noteLimits(sensor, row, rowsOf, found.class, toUnit);
  return { class: found.class, labels: found.labels, value };
}

/** Agents that tell light in decibels send 0 where there is none: exactly 0 dBm would be a bright one. */
function isWithoutLight(found: SensorKind, raw: number): boolean {
  return found.class === 'dbm' && found !== LIGHT && raw === 0;
}

function isAbsent(readingClass: ReadingClass, sent: number): boolean {
  return (
    Math.abs(sent) >= LARGEST_VALUE || sent === ERROR_OF_CHIPS || meansNoValue(readingClass, sent)
  );
}

/** `value` is null where scale or precision is none that the MIB knows. */
function outOfRange(found: SensorKind, value: number | null, scale: number | null): Rejected {
  if (value === null) return { kind: 'rejected', reason: 'out-of-range' };
  const made = {
    class: found.class,
    value,
    scale: found.convert === undefined ? scale : null,
    possible: possibleRanges(found.class),
  };
  return { kind: 'rejected', reason: 'out-of-range', made };
}

const FAULTS: Readonly<Partial<Record<ReadingClass, FaultKind>>> = {
  temperature: 'temperature',
  fanspeed: 'fan',
  voltage: 'sensor',
  current: 'sensor',
  power: 'sensor',
  humidity: 'sensor',
  dbm: 'sensor',
};

/** The sensor as a value that is judged by the device's own limits; empty when it has none. */
export function sensorFault(table: TableDef, row: Row): ReadingDef[] {
  const readingClass = row.values.get('sensorClass') as ReadingClass | undefined;
  const hasLimits = LIMIT_NAMES.some((name) => row.values.has(SENSOR_LIMITS[name]));
  const fault = readingClass === undefined ? undefined : FAULTS[readingClass];
  const column = table.columns.find(({ name }) => name === table.sensor.value);
  if (fault === undefined || column === undefined || !hasLimits) return [];
  return [{ ...column, name: 'sensorValue', class: readingClass!, limits: SENSOR_LIMITS, fault }];
}

function noteLimits(
  sensor: TableDef['sensor'],
  row: Row,
  rowsOf: RowsOfTable,
  readingClass: ReadingClass,
  toUnit: (sent: number) => number | null,
): void {
  const sentLimits =
    sensor.thresholds === null ? {} : limitsInTable(sensor.thresholds, row, rowsOf);
  for (const name of LIMIT_NAMES) {
    const column = sensor[name];
    const sent = sentLimits[name] ?? (column === null ? null : numberAt(row, column));
    if (sent === null || sent === undefined || isAbsent(readingClass, sent)) continue;
    const limit = toUnit(sent);
    if (limit !== null) row.values.set(SENSOR_LIMITS[name], limit);
  }
}

/**
 * SensorThresholdRelation and SensorThresholdSeverity of CISCO-ENTITY-SENSOR-MIB: less than (1), less
 * or equal (2), greater than (3), greater or equal (4). A limit counts as crossed by the value that
 * reaches it; values are integers, so a strict one is reached by the next.
 */
const REACHED_BELOW: Readonly<Record<number, number>> = { 1: -1, 2: 0 };
const REACHED_ABOVE: Readonly<Record<number, number>> = { 3: 1, 4: 0 };
const FIRST_CRITICAL_SEVERITY = 20;
const MOST_THRESHOLDS = 8;

function limitsInTable(
  { table, value, relation, severity }: ThresholdTable,
  row: Row,
  rowsOf: RowsOfTable,
): Partial<Record<LimitName, number>> {
  const find = rowsOf(table);
  const limits: Partial<Record<LimitName, number>> = {};
  if (find === undefined) return limits;
  for (let number = 1; number <= MOST_THRESHOLDS; number += 1) {
    const index = `${row.index}.${number}`;
    const [sent, how, grade] = [value, relation, severity].map((column) => find(index, column));
    if (typeof sent !== 'number' || typeof how !== 'number') continue;
    const isCritical = typeof grade === 'number' && grade >= FIRST_CRITICAL_SEVERITY;
    const [low, high] = [REACHED_BELOW[how], REACHED_ABOVE[how]];
    if (low !== undefined)
      note(limits, isCritical ? 'lowCritical' : 'lowWarning', sent + low, Math.max);
    if (high !== undefined)
      note(limits, isCritical ? 'highCritical' : 'highWarning', sent + high, Math.min);
  }
  return limits;
}

function note(
  limits: Partial<Record<LimitName, number>>,
  name: LimitName,
  sent: number,
  tighter: (a: number, b: number) => number,
): void {
  const before = limits[name];
  limits[name] = before === undefined ? sent : tighter(before, sent);
}

function kindOf(row: Row, type: number | null): SensorKind | null {
  const units = String(row.values.get('entPhySensorUnitsDisplay') ?? '').toLowerCase();
  const byUnits = BY_UNITS[units];
  // Power of light is told in watts, in decibels, or in watts that are decibels.
  if (byUnits?.class === 'dbm') return byUnits;
  const found = (type === null ? undefined : KINDS[type]) ?? byUnits ?? null;
  return found?.class === 'power' && isOfLight(row) ? LIGHT : found;
}

/** Words by which sensors of optics are named. */
const OF_LIGHT = /\b(rx|tx|receive|transmit)\b.*\bpower\b|\bDOM\b/i;
const MILLIWATTS_PER_WATT = 1000;
const NOTHING_RECEIVED_DBM = -40;

/** Power of light in watts, which people know in decibels. */
const LIGHT: SensorKind = {
  class: 'dbm',
  labels: {},
  factor: 1,
  convert: (watts) =>
    watts <= 0
      ? NOTHING_RECEIVED_DBM
      : Number(
          Math.max(NOTHING_RECEIVED_DBM, 10 * Math.log10(watts * MILLIWATTS_PER_WATT)).toFixed(3),
        ),
};

function isOfLight(row: Row): boolean {
  return ['entPhysicalName', 'entPhysicalDescr'].some((name) =>
    OF_LIGHT.test(String(row.values.get(name) ?? '')),
  );
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
